"""The rows of a REDCap data dictionary: a CSV of 18 columns, as the program's own page or its interface writes it."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trialwright.exchange.errors import refuse

LARGEST_BYTES = 20 * 1024 * 1024
MOST_FIELDS = 20_000
LONGEST_CELL = 131_072
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "variable": ("variable / field name", "field_name"),
    "form": ("form name", "form_name"),
    "section": ("section header", "section_header"),
    "type": ("field type", "field_type"),
    "label": ("field label", "field_label"),
    "choices": ("choices, calculations, or slider labels", "choices or calculations", "select_choices_or_calculations"),
    "note": ("field note", "field_note"),
    "validation": ("text validation type or show slider number", "text_validation_type_or_show_slider_number"),
    "low": ("text validation min", "text_validation_min"),
    "high": ("text validation max", "text_validation_max"),
    "identifier": ("identifier?", "identifier"),
    "branching": ("branching logic (show field only if...)", "branching_logic"),
    "required": ("required field?", "required_field"),
    "alignment": ("custom alignment", "custom_alignment"),
    "number": ("question number (surveys only)", "question_number"),
    "matrix": ("matrix group name", "matrix_group_name"),
    "ranking": ("matrix ranking?", "matrix_ranking"),
    "annotation": ("field annotation", "field_annotation"),
}
_NEEDED = ("variable", "form", "type", "label")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One field of the dictionary; `line` is where it begins in the file, from 1."""

    line: int
    variable: str
    form: str
    type: str
    label: str
    section: str = ""
    choices: str = ""
    note: str = ""
    validation: str = ""
    low: str = ""
    high: str = ""
    identifier: str = ""
    branching: str = ""
    required: str = ""
    alignment: str = ""
    number: str = ""
    matrix: str = ""
    ranking: str = ""
    annotation: str = ""


def is_dictionary(head: str) -> bool:
    """Whether a file's first line is the header of a data dictionary."""
    first = next(iter(head.removeprefix("\ufeff").splitlines()), "").lower()
    return any(name in first for name in _COLUMNS["variable"]) and any(name in first for name in _COLUMNS["form"])


def read_rows(content: bytes, *, name: str) -> tuple[list[Row], tuple[str, ...]]:
    """Give the fields in order, and the columns that are not REDCap's. Raises: ExchangeError with the line of what is broken."""
    table = _table(_text(content, name), name)
    line, header = next(table, (1, []))
    places, unknown = _places(header, name)
    rows: dict[str, Row] = {}
    for line, cells in table:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise refuse("redcap_columns", file=name, line=line, found=len(cells), expected=len(header))
        row = Row(line=line, **{key: cells[place].strip() for key, place in places.items()})
        _check(row, rows, name)
        rows[row.variable] = row
    if not rows:
        raise refuse("redcap_no_fields", file=name)
    return list(rows.values()), unknown


def _text(content: bytes, name: str) -> str:
    if len(content) > LARGEST_BYTES:
        raise refuse("too_large", file=name, found=len(content) // 1024 // 1024, expected=LARGEST_BYTES // 1024 // 1024)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("not_utf8", file=name, byte=error.start) from None
    if "\x00" in text:
        raise refuse("nul", file=name, line=text[: text.index("\x00")].count("\n") + 1)
    return text


def _table(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row with the line where it begins. A quote left open swallows the rest of a file, so it is refused."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refuse("redcap_csv", file=name, line=line, found=error) from None
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise refuse("redcap_csv", file=name, line=line, found=f"a cell of more than {LONGEST_CELL} characters")
        yield line, cells
        line = reader.line_num + 1


def _places(header: list[str], name: str) -> tuple[dict[str, int], tuple[str, ...]]:
    spelled = [cell.strip().lower() for cell in header]
    for cell in spelled:
        if cell and spelled.count(cell) > 1:
            raise refuse("redcap_column_twice", file=name, column=cell)
    known = {key: next((spelled.index(one) for one in names if one in spelled), None) for key, names in _COLUMNS.items()}
    places = {key: place for key, place in known.items() if place is not None}
    for key in _NEEDED:
        if key not in places:
            raise refuse("redcap_no_column", file=name, column=_COLUMNS[key][0])
    return places, tuple(header[i] for i in range(len(header)) if i not in places.values() and header[i].strip())


def _check(row: Row, rows: Mapping[str, Row], name: str) -> None:
    if not row.variable or not row.form or not row.type:
        raise refuse("redcap_empty", file=name, line=row.line)
    if row.variable in rows:
        raise refuse("redcap_twice", file=name, line=row.line, variable=row.variable, first=rows[row.variable].line)
    if len(rows) >= MOST_FIELDS:
        raise refuse("redcap_many", file=name, expected=MOST_FIELDS)
