"""Many records: an export of WHO's portal as XML, CSV or XLSX, or a file of one record, streamed.

A row that cannot be read is given as its refusal and the rows after it are read; a file that cannot be trusted as a whole
(a document type, an archive that unpacks to a multiple of itself, an encoding that is not said) ends with its refusal.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from trialwright.registry.forms import read_record
from trialwright.registry.ictrp import FORMS, LONGEST_CELL, MOST_COLUMNS, Row, is_export, read_row, row_error
from trialwright.registry.record import Record
from trialwright.registry.text import LARGEST_BYTES, RecordError, too_large

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 100
MOST_MEMBERS = 1000
_HEAD = 65_536
_MOST_ELEMENTS = 1000
_DOCTYPES = (b"<!DOCTYPE", b"<!doctype", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_DELIMITERS = (",", "\t", ";")


def read_file(path: Path) -> Record:
    """Read the one record of a file, without loading one that is too large.

    Raises: RecordError as `read_record` does, and OSError where the file cannot be opened.
    """
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise too_large(str(path), size)
    with path.open("rb") as file:
        return read_record(file.read(LARGEST_BYTES + 1), name=str(path))


def read_many(path: Path) -> Iterator[Record | RecordError]:
    """Read every record of a file, in its order; a refusal stands in the place of what could not be read."""
    for one in read_rows(path):
        yield _record(one) if isinstance(one, Row) else one


def read_rows(path: Path) -> Iterator[Row | Record | RecordError]:
    """Give the rows of an export as they came, so that they can be read elsewhere; a file of one record is read here."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            file.seek(0)
            yield from _read(path, file, head)
    except RecordError as error:
        yield error
    except OSError as error:
        yield _refused(path, f"cannot be opened ({error.strerror})")


def _record(row: Row) -> Record | RecordError:
    try:
        return read_row(row)
    except RecordError as error:
        return error


def _read(path: Path, file: BinaryIO, head: bytes) -> Iterator[Row | Record | RecordError]:
    if head.startswith(b"PK\x03\x04"):
        yield from _xlsx_rows(path, file)
    elif b"<Trials_downloaded_from_ICTRP" in head or b"<Trial>" in head:
        yield from _xml_rows(path, file, head)
    elif (delimiter := _delimiter(head)) is not None:
        with path.open("r", encoding="utf-8-sig", newline="") as text:
            yield from _csv_rows(path, text, delimiter)
    elif path.stat().st_size > LARGEST_BYTES:
        raise _refused(
            path, f"has {path.stat().st_size / 1024 / 1024:.0f} MB and is no export that is read; one record has at most 50 MB"
        )
    else:
        yield read_record(file.read(), name=str(path))


def _refused(path: Path, found: str) -> RecordError:
    persian = f"{path} خوانده نشد. خروجی سامانهٔ جهانی را به شکل XML، CSV یا XLSX دوباره بگیرید."
    english = f"{path}: {found}. Take the export of WHO's portal again as XML, CSV or XLSX."
    return RecordError("record.export", english, persian)


def _delimiter(head: bytes) -> str | None:
    first = head.removeprefix(b"\xef\xbb\xbf").splitlines()[:1]
    line = first[0].decode("utf-8", errors="replace") if first else ""
    found = (one for one in _DELIMITERS if is_export(tuple(next(csv.reader([line], delimiter=one), []))))
    return next(found, None) if "\x00" not in line else None


def _xml_rows(path: Path, file: BinaryIO, head: bytes) -> Iterator[Row]:
    from lxml import etree

    if any(mark in head for mark in _DOCTYPES):
        raise _refused(path, "has a document type (DTD), which could name other files; an export has none")
    depth, elements = 0, 0
    try:
        events = etree.iterparse(file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False)
        for event, element in events:
            elements += 1
            if elements == 1 and element.getroottree().docinfo.internalDTD is not None:
                raise _refused(path, "has a document type (DTD), which could name other files; an export has none")
            depth += 1 if event == "start" else -1
            if elements > _MOST_ELEMENTS * 2:
                raise _refused(path, f"line {element.sourceline}: one trial has more than {_MOST_ELEMENTS:,} elements")
            if event == "end" and depth == 1:
                if element.tag == "Trial":
                    yield _xml_row(path, element)
                elements = 1
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _refused(path, f"line {error.lineno}: the XML is broken ({error.msg})") from None


def _xml_row(path: Path, element: object) -> Row:
    from lxml import etree

    assert isinstance(element, etree._Element)  # noqa: SLF001  # the only name that lxml gives the class
    inside = ((str(one.tag), "".join(map(str, one.itertext()))) for one in element if isinstance(one.tag, str))
    return Row(name=str(path), form=FORMS["xml"], number=element.sourceline or 0, cells=tuple(inside))


def _csv_rows(path: Path, text: TextIO, delimiter: str) -> Iterator[Row | RecordError]:
    rows = csv.reader(_lines(path, text), delimiter=delimiter, strict=True)
    try:
        names = next(rows)
        for cells in rows:
            if not cells:
                continue
            if len(cells) != len(names):
                yield row_error(
                    str(path), rows.line_num, f"{len(cells)} cells where the heading has {len(names)}; a quote may be open"
                )
                continue
            yield Row(name=str(path), form=FORMS["csv"], number=rows.line_num, cells=tuple(zip(names, cells, strict=True)))
    except csv.Error as error:
        raise _refused(path, f"line {rows.line_num}: the table is broken ({error}); a quote may be open") from None
    except UnicodeDecodeError as error:
        raise _refused(path, f"after line {rows.line_num}: byte 0x{error.object[error.start]:02x} is not UTF-8") from None


def _lines(path: Path, text: TextIO) -> Iterator[str]:
    while line := text.readline(LONGEST_CELL):
        if len(line) >= LONGEST_CELL:
            raise _refused(path, "has a line of more than a million characters")
        yield line


def _xlsx_rows(path: Path, file: BinaryIO) -> Iterator[Row | RecordError]:
    _check_archive(path, file)
    import openpyxl
    from openpyxl.utils.datetime import MAC_EPOCH

    try:
        workbook = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever a damaged workbook meets inside the library is one refusal
        raise _refused(path, f"is no readable workbook ({type(error).__name__})") from None
    if workbook.epoch == MAC_EPOCH:
        raise _refused(path, "counts its days from 1904, so that dates may be four years off; save it with days from 1900")
    found = False
    for sheet in workbook.worksheets:
        for one in _sheet_rows(path, sheet):
            found = True
            yield one
    if not found:
        raise _refused(path, "has no sheet with the columns of an export (TrialID, Public title, ...)")


def _sheet_rows(path: Path, sheet: ReadOnlyWorksheet) -> Iterator[Row | RecordError]:
    """Give the rows of a sheet that is an export; the library reads on while rows are asked for."""
    try:
        yield from _rows_of(path, sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    except Exception as error:  # whatever a damaged sheet meets inside the library is one refusal
        raise _refused(path, f"is no readable workbook ({type(error).__name__})") from None


def _rows_of(path: Path, rows: Iterator[tuple[object, ...]]) -> Iterator[Row | RecordError]:
    names: tuple[str, ...] = ()
    for number, cells in enumerate(rows, start=1):
        texts = tuple(_as_text(one) for one in cells)
        if not names:
            if not is_export(texts):
                return
            names = texts[: max(at for at, one in enumerate(texts, start=1) if one)]
        elif any(texts[len(names) :]):
            yield row_error(str(path), number, "a cell stands beyond the last column of the heading")
        elif any(texts):
            yield Row(name=str(path), form=FORMS["xlsx"], number=number, cells=tuple(zip(names, texts, strict=False)))


def _as_text(value: object) -> str:
    """Give a cell as text: a date as ISO, a number as printed. A cell that a spreadsheet took for a date shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.time().min else value.isoformat(sep=" ")
    text = str(value)
    if "_x" in text:
        from openpyxl.utils.escape import unescape

        return str(unescape(text))
    return text


def _check_archive(path: Path, file: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            unpacked = sum(one.file_size for one in members)
            packed = max(1, sum(one.compress_size for one in members))
            if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * packed + 1_000_000:
                raise _refused(
                    path, f"unpacks to {unpacked / 1024 / 1024:.0f} MB in {len(members)} parts, more than an export does"
                )
            for one in members:
                with archive.open(one) as member:
                    if any(mark in member.read(4096) for mark in _DOCTYPES):
                        raise _refused(path, "has a document type (DTD) inside, which an export has not")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise _refused(path, f"is no readable workbook ({error})") from None
    file.seek(0)
