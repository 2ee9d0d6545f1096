"""The forms of records that are read, and the one door to them.

A new form is a module with `ID`, `NAME`, `recognises` and `read`, named in `ALL_FORMS`.
"""

from __future__ import annotations

import re
from typing import Protocol

from trialwright.registry import ctgov_json, ctgov_xml, irct_html, irct_pdf, irct_print, irct_update, public_listing, who_xml
from trialwright.registry.record import Record
from trialwright.registry.text import BYTE_ORDER_MARK, RecordError, empty_answer, read_text, unknown_form


class RecordForm(Protocol):
    """What a module of a form offers."""

    ID: str
    NAME: str

    def recognises(self, text: str) -> bool: ...

    def read(self, text: str, *, name: str, byte_order_mark: bool = False) -> Record: ...


_LONGEST_SHELL = 20_000
_FEWEST_WORDS = 60
_UNSHOWN = re.compile(
    r"<(script|style|title|head)\b[^<>]*>.*?</\1\s*>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?\s*>|<\?[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_TAGS = re.compile(r"<[^<>]*>")
_NOTHING_IN_JSON = re.compile(
    r'null|"\s*"|[{}\[\],:\s]*|\{\s*"(?:studies|data|trials|results)"\s*:\s*(?:\[\s*\]|null)\s*(?:,[^\[\]{}]{0,200})?\}'
)

ALL_FORMS: tuple[RecordForm, ...] = (ctgov_json, ctgov_xml, who_xml, irct_update, irct_html, irct_print, public_listing)
NAMES_OF_FORMS = (*(form.NAME for form in ALL_FORMS), irct_pdf.NAME)


def read_record(data: bytes, *, name: str = "") -> Record:
    """Read a registry record; the form is found from the text, and nothing of it is lost.

    Raises: RecordError with one sentence for a file that is empty, too large, not UTF-8 text, in a form that is
    not read, or the shell of an answer without a record in it.
    """
    if irct_pdf.recognises(data):
        return irct_pdf.read(data, name=name)
    text, marked = read_text(data, name)
    form = next((form for form in ALL_FORMS if form.recognises(text)), None)
    if form is None:
        raise _not_read(text, name)
    return form.read(text, name=name, byte_order_mark=marked)


def write_record(record: Record) -> bytes:
    """Write a record in the form it was read from: the same bytes.

    Raises: RecordError for a row of an export, which is not a file of its own.
    """
    if record.form.startswith("ictrp-"):
        todo = "Keep the export's own file; the record's text is its columns by name."
        raise unknown_form(record.name, "is one row of an export and cannot be written as a file of its own", todo)
    if record.source is not None:
        return record.source
    mark = BYTE_ORDER_MARK if record.byte_order_mark else b""
    return mark + record.text.encode("utf-8")


def _not_read(text: str, name: str) -> RecordError:
    forms = "; ".join(NAMES_OF_FORMS)
    todo = f"The forms read are: {forms}."
    start = text.lstrip()[:2000].casefold()
    if _is_empty_answer(text):
        return empty_answer(name)
    if start.startswith(("{", "[")):
        return unknown_form(name, "looks like JSON, but has no protocolSection as a ClinicalTrials.gov record has", todo)
    if "<!doctype html" in start or "<html" in start:
        return unknown_form(
            name, "is an HTML page without a record that is read: a list, a search, or a page filled by a script", todo
        )
    if start.startswith("<"):
        return unknown_form(name, "looks like XML, but not of a registry whose form is read", todo)
    return unknown_form(name, "is text, but not in a form that is read", todo)


def _is_empty_answer(text: str) -> bool:
    """Say whether a text is the shell of an answer: marks, and no words or numbers of a trial."""
    if len(text) > _LONGEST_SHELL:
        return False
    bare = _UNSHOWN.sub(" ", text)
    if bare.lstrip().startswith("<"):
        return sum(map(len, _TAGS.sub(" ", bare).split())) < _FEWEST_WORDS
    return bool(_NOTHING_IN_JSON.fullmatch(text.strip()))
