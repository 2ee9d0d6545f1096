"""From a file's bytes to the text of one record, or one clear sentence why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from sys import getsizeof

from trialwright.terms.sentences import SentenceError

LARGEST_BYTES = 50 * 1024 * 1024
LARGEST_IN_MEMORY = 40 * 1024 * 1024
LONGEST_PAGE = 3_000_000
LONGEST_PRINT = 1_000_000
MOST_LINES = 20_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_KINDS = (
    (b"PK\x03\x04", "a ZIP archive or spreadsheet", "Save the record as text."),
    (b"\x89PNG", "a picture", "Save the record as text."),
    (b"\xff\xd8\xff", "a picture", "Save the record as text."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first."),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "Save the record as text."),
    (b"\xff\xfe", "text in UTF-16", "Save it as UTF-8."),
    (b"\xfe\xff", "text in UTF-16", "Save it as UTF-8."),
)
_UNFIT = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n|\n|\r")


class RecordError(SentenceError):
    """A file that is not a record we can read; the sentence names the file, what was found, what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the file without its ending; `start` and `end` are character offsets of the words."""

    number: int
    start: int
    end: int
    words: str


def read_text(data: bytes, name: str) -> tuple[str, bool]:
    """Give the text of a file and whether a byte order mark stood before it.

    Raises: RecordError for an empty, oversized or binary file and for a wrong encoding.
    """
    shown = name or "the file"
    if not data.strip():
        raise _refused("record.empty", f"{shown} is empty: a registry record was expected.", shown)
    if len(data) > LARGEST_BYTES:
        raise too_large(name, len(data))
    for magic, what, todo in _KINDS:
        if data.startswith(magic):
            raise _refused("record.not_text", f"{shown} is {what}; the text of a record was expected. {todo}", shown)
    nul = data.find(b"\x00")
    if nul >= 0:
        raise _refused(
            "record.not_text",
            f"{shown} is not text: byte {nul} is NUL. Save the record as UTF-8 text.",
            shown,
        )
    marked = data.startswith(BYTE_ORDER_MARK)
    try:
        text = data[3 if marked else 0 :].decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start + (3 if marked else 0)
        found = f"{shown} is not UTF-8 text: byte {place} is 0x{data[place]:02x}. Save it as UTF-8."
        raise _refused("record.wrong_encoding", found, shown) from None
    _check_text(text, shown)
    return text, marked


def _check_text(text: str, shown: str) -> None:
    """Refuse a text that takes more memory than a record may, holds control characters, or is longer than any print."""
    if getsizeof(text) > LARGEST_IN_MEMORY:
        size = getsizeof(text) / 1024 / 1024
        found = f"{shown} takes {size:.0f} MB of memory; one record takes at most 40 MB (and has at most 50 MB). Split it."
        raise _refused("record.too_large", found, shown)
    unfit = _UNFIT.search(text)
    if unfit:
        line = text.count("\n", 0, unfit.start()) + 1
        found = f"{shown} is not text: line {line} holds the control character U+{ord(unfit.group()):04X}. Save it again as text."
        raise _refused("record.not_text", found, shown)
    if _is_page(text):
        _check_length(text, shown, LONGEST_PAGE)
    elif text.lstrip()[:1] not in ("{", "<"):
        _check_length(text, shown, LONGEST_PRINT)
        _check_lines(text, shown)


def _is_page(text: str) -> bool:
    head = text[:2000].casefold()
    return "<html" in head or "<!doctype html" in head


def _check_length(text: str, shown: str, longest: int) -> None:
    if len(text) > longest:
        found = f"{shown} has {len(text):,} characters; such a record has at most {longest:,}. Split it."
        raise _refused("record.too_large", found, shown)


def _check_lines(text: str, shown: str) -> None:
    if text.count("\n") + text.count("\r") > MOST_LINES:
        raise _refused("record.too_many_lines", f"{shown} has more than {MOST_LINES:,} lines; one record was expected.", shown)


def lines_of(text: str) -> Iterator[Line]:
    """Give the lines of a text; line feeds, carriage returns and both together end one."""
    start, number = 0, 1
    for ending in _LINE_END.finditer(text):
        yield Line(number=number, start=start, end=ending.start(), words=text[start : ending.start()])
        start, number = ending.end(), number + 1
    if start < len(text):
        yield Line(number=number, start=start, end=len(text), words=text[start:])


_PERSIAN = {
    "record.empty": "{name} خالی است؛ باید متن یک ثبت کارآزمایی باشد.",
    "record.too_large": "{name} بزرگ‌تر از ۵۰ مگابایت است؛ آن را به چند فایل تقسیم کنید.",
    "record.not_text": "{name} فایل متنی نیست؛ متن ثبت را با کدگذاری UTF-8 ذخیره کنید.",
    "record.wrong_encoding": "کدگذاری {name} درست نیست؛ آن را با UTF-8 ذخیره کنید.",
    "record.too_many_lines": "{name} بیش از اندازه سطر دارد؛ تنها یک ثبت در هر فایل خوانده می‌شود.",
    "record.empty_answer": "{name} هیچ ثبتی ندارد؛ سامانه برای شمارهٔ ناشناخته چنین پاسخی می‌دهد. صفحهٔ خود کارآزمایی را ذخیره کنید.",
    "record.unknown_form": "قالب {name} هنوز شناخته نمی‌شود.",
}


def _refused(code: str, sentence: str, name: str) -> RecordError:
    return RecordError(code, sentence, _PERSIAN[code].format(name=name))


def unknown_form(name: str, what: str, todo: str) -> RecordError:
    """Give the refusal of a text whose form is not read."""
    shown = name or "the file"
    return _refused("record.unknown_form", f"{shown} {what}. {todo}", shown)


def too_large(name: str, size: int) -> RecordError:
    """Give the refusal of a file of this many bytes."""
    shown = name or "the file"
    return _refused("record.too_large", f"{shown} has {size / 1024 / 1024:,.1f} MB; one record has at most 50 MB. Split it.", shown)


def empty_answer(name: str) -> RecordError:
    """Give the refusal of an answer that a server called a success and that holds no record."""
    shown = name or "the file"
    found = f"{shown} holds no record: a registry answers so, as a success, for a number that it does not know or has withdrawn."
    return _refused("record.empty_answer", f"{found} Look the number up on its page and save it again.", shown)
