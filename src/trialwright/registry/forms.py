"""The forms of records that are read, and the one door to them.

A new form is a module with `ID`, `NAME`, `recognises` and `read`, named in `ALL_FORMS`.
"""

from __future__ import annotations

from typing import Protocol

from trialwright.registry import ctgov_json, ctgov_xml, irct_html, irct_pdf, irct_print, irct_update, public_listing, who_xml
from trialwright.registry.record import Record
from trialwright.registry.text import BYTE_ORDER_MARK, RecordError, read_text, unknown_form


class RecordForm(Protocol):
    """What a module of a form offers."""

    ID: str
    NAME: str

    def recognises(self, text: str) -> bool: ...

    def read(self, text: str, *, name: str, byte_order_mark: bool = False) -> Record: ...


ALL_FORMS: tuple[RecordForm, ...] = (ctgov_json, ctgov_xml, who_xml, irct_update, irct_html, irct_print, public_listing)


def read_record(data: bytes, *, name: str = "") -> Record:
    """Read a registry record; the form is found from the text, and nothing of it is lost.

    Raises: RecordError with one sentence for a file that is empty, too large, not UTF-8 text, or in
    a form that is not read.
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
    forms = " and ".join(form.NAME for form in ALL_FORMS)
    todo = f"The forms read are {forms}."
    start = text.lstrip()[:200].casefold()
    if start.startswith(("{", "[")):
        return unknown_form(name, "looks like JSON, but has no protocolSection as a ClinicalTrials.gov record has", todo)
    if "<!doctype html" in start or "<html" in start:
        return unknown_form(name, "is an HTML page, which is not a form read yet", todo)
    if start.startswith("<"):
        return unknown_form(name, "looks like XML, which is not a form read yet", todo)
    return unknown_form(name, "is text, but not in a form that is read", todo)
