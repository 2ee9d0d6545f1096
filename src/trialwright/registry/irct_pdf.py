"""The print of the Iranian registry as the PDF itself, read by two programs that must agree.

A reader of PDF can turn Persian digits round or spell a number backwards and not know it. So PDFium and poppler's `pdftotext`
read the same file; a field in which they differ on a number, a date or an identifier is shown with both readings and left
unfilled. Where `pdftotext` is not installed, or one of the two gives no text, the record says that only one reader looked.
The bytes of the PDF are the record's: it is written again as the same file.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from trialwright.registry.irct_form import has_headings, names_registry
from trialwright.registry.irct_print import read_lines
from trialwright.registry.record import Field, Record, Span, State
from trialwright.registry.text import RecordError, lines_of, unknown_form
from trialwright.registry.words import DIRECTION_MARKS
from trialwright.terms.dates import DatePair
from trialwright.terms.digits import ascii_digits

ID = "irct-pdf"
NAME = "the print of the Iranian registry (IRCT) as PDF"
LARGEST_BYTES = 20 * 1024 * 1024

_WORKER = Path(__file__).with_name("pdf_worker.py")
_SECONDS = 15
_CRITICAL = re.compile(r"[A-Za-z.+\-]{0,40}\d[A-Za-z0-9_.,:/+\-%]*", re.ASCII)
_TRIM = ".,:;-+/"
_UNSEEN = re.compile(f"[{DIRECTION_MARKS}\u00ad\ufffe]")
"""Marks that a reader of PDF sets, not the record."""
_MOST_COMPARED = 3000


@dataclass(frozen=True, kw_only=True)
class _Line:
    """The numbers, dates and identifiers of a line, and the place of the first."""

    said: tuple[str, ...]
    start: int


def recognises(data: bytes) -> bool:
    """Say whether bytes are a PDF at all; whether it is the registry's is seen in its text."""
    return data[:1024].lstrip().startswith(b"%PDF")


def read(data: bytes, *, name: str = "") -> Record:
    """Read a PDF. Raises: RecordError for one that is locked, broken, too long, without text, or not the registry's print."""
    shown = name or "the file"
    texts = _texts(data, shown)
    base = texts["pdftotext"] or texts["pdfium"] or ""
    other = texts["pdfium"] if texts["pdftotext"] else None
    if not base.strip():
        raise unknown_form(shown, "is a PDF without text, a picture of a page", "Ask the registry for its print, or type the text.")
    if not names_registry(base) or not has_headings(base.splitlines()):
        raise unknown_form(shown, "is a PDF, but not the print of the Iranian registry", "No other PDF is read; save its text.")
    record = read_lines(base, wrapped=True).finish(name=name, form=ID, registry="IRCT", byte_order_mark=False)
    doubts = dict(_doubts(record, base, other)) if other else {}
    fields = tuple(_doubted(one, doubts[one.path]) if one.path in doubts else one for one in record.fields)
    return replace(record, fields=(*fields, _readers(texts)), source=data)


def _texts(data: bytes, shown: str) -> dict[str, str | None]:
    if len(data) > LARGEST_BYTES:
        raise _refused(shown, "long", f"has {len(data) / 1024 / 1024:.0f} MB; the print of a record has less than 20 MB")
    command = [sys.executable, "-I", str(_WORKER)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603  # our own script
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise _refused(shown, "broken", "is a PDF that no reader gets through within its limits of time and memory") from None
    if error := found.get("error"):
        raise _refused(shown, error, _ERRORS[error].format(pages=found.get("pages", "")))
    return {one: _joined(found[one]) for one in ("pdftotext", "pdfium")}


def _joined(pages: list[str] | None) -> str | None:
    if pages is None:
        return None
    words = _UNSEEN.sub("", "\n".join(pages)).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    return words.encode("utf-8", errors="replace").decode("utf-8") if words.strip() else None


def _readers(texts: dict[str, str | None]) -> Field:
    """Say who read the file: the record's word for how far its numbers can be trusted."""
    looked = [one for one in ("pdftotext", "pdfium") if texts[one]]
    alone = f"Only {looked[0]} read this PDF: its numbers, dates and identifiers were seen once. Compare them with the page."
    return Field(
        key="document.readers",
        path="document.readers",
        label=None,
        raw=" and ".join(looked),
        span=Span(line=1, start=0, end=0),
        state=State.VALUE,
        problem=alone if len(looked) == 1 else None,
    )


def _doubted(one: Field, readings: tuple[str, str]) -> Field:
    mine, theirs = (reading or "nothing" for reading in readings)
    problem = f'Two readers of the PDF differ: pdftotext reads "{mine}", PDFium reads "{theirs}". Compare with the page.'
    return replace(one, value=None, problem=problem)


def _doubts(record: Record, base: str, other: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give the fields in which the two readers differ on a number, a date or an identifier, with both readings.

    The order within a line counts, but not in a date whose two calendars agree: such a pair proves itself.
    """
    fields = sorted((one for one in record.fields if one.span.end > one.span.start), key=lambda one: one.span.start)
    starts = [one.span.start for one in fields]
    said: dict[int, tuple[list[str], list[str]]] = {}
    for place, mine, theirs in _differences(_critical(base), _critical(other)):
        left, right = said.setdefault(max(0, bisect_right(starts, place) - 1), ([], []))
        left.extend(mine)
        right.extend(theirs)
    for index, (left, right) in said.items():
        if isinstance(fields[index].value, DatePair) and sorted(left) == sorted(right):
            continue
        yield fields[index].path, (" ".join(left)[:80], " ".join(right)[:80])


def _critical(text: str) -> list[_Line]:
    """Give the lines that hold a number, a date or an identifier."""
    found: list[_Line] = []
    for line in lines_of(ascii_digits(text).replace("\u2212", "-")):
        words = [(one.group().strip(_TRIM).casefold(), one.start()) for one in _CRITICAL.finditer(line.words)]
        said = tuple(word for word, _ in words if word)
        if said:
            found.append(_Line(said=said, start=line.start + words[0][1]))
    return found


def _differences(mine: list[_Line], theirs: list[_Line]) -> Iterator[tuple[int, list[str], list[str]]]:
    """Give the places where two lists of lines part, each with the words of both; equal ends are passed in one step."""
    left, right = [one.said for one in mine], [one.said for one in theirs]
    first = _equal(left, right)
    left, right, rest = left[first:], right[first:], mine[first:]
    last = _equal(left[::-1], right[::-1])
    left, right = left[: len(left) - last], right[: len(right) - last]
    if max(len(left), len(right)) > _MOST_COMPARED:
        yield from ((one.start, list(one.said), ["(not compared)"]) for one in rest[: len(left)])
        return
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if a == b:
            place = rest[a - 1].start if a else mine[first - 1].start if first else 0
            yield place, [], [word for one in right[c:d] for word in one]
        for at in range(a, b):
            beside = right[c + at - a : c + at - a + 1] if b - a == d - c else right[c:d] if at == a else []
            yield rest[at].start, list(left[at]), [word for one in beside for word in one]


def _equal(left: list[tuple[str, ...]], right: list[tuple[str, ...]]) -> int:
    """Count the lines that are equal from the beginning."""
    return next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _refused(shown: str, code: str, found: str) -> RecordError:
    english = f"{shown} {found}. Save the record from the registry again."
    return RecordError(f"record.pdf_{code}", english, f"{shown}: {_PERSIAN[code]} ثبت را دوباره از سامانه بگیرید.")


_ERRORS = {
    "encrypted": "is a PDF locked with a password",
    "broken": "is a broken PDF",
    "pages": "is a PDF of {pages} pages; the print of a record has at most 100",
    "long": "is a PDF with more text than a record has",
    "memory": "is a PDF that needs more memory than a record may",
}
_PERSIAN = {
    "encrypted": "این فایل PDF گذرواژه دارد.",
    "broken": "این فایل PDF خراب است.",
    "pages": "این فایل PDF بیش از صد صفحه دارد.",
    "long": "این فایل PDF بزرگ‌تر از متن یک ثبت است.",
    "memory": "این فایل PDF حافظهٔ بیش از اندازه می‌خواهد.",
}
