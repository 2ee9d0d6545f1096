"""A trial in an export of WHO's search portal (ICTRP): one row of columns, read into the keys of every other registry.

The export joins lists with ";" and escapes nothing, pads titles with blanks, writes dates in several forms and leaves out
secondary outcomes, ethics, funding and completion. A cell is kept as it came; what is read out of it points into it.
The text of such a record is its columns, one after the other, each with its name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path

from trialwright.registry.record import Field, MadeOnDemand, Record, Span, State, Token, TokenKind, TypedValue
from trialwright.registry.text import RecordError
from trialwright.registry.values import PRIVATE, state_of, typed
from trialwright.terms.dates import DateError, PartialDate, parse_date
from trialwright.terms.digits import ascii_digits

FORMS = {"xml": "ictrp-xml", "csv": "ictrp-csv", "xlsx": "ictrp-xlsx"}
LONGEST_CELL = 1_000_000
MOST_COLUMNS = 200

_BETWEEN, _AFTER = ": ", "\n"
_LIST = Path(__file__).with_name("ictrp.toml")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_MIDNIGHT = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]00:00(?::00(?:\.0+)?)?", re.ASCII)
_SIZE_OF_GROUP = re.compile(r"[^;]{0,300}[:：]\s{0,9}(\d{1,7})\s{0,9}")
_CUT_SIZES = (254, 255)
_ITEM = re.compile(r"[^;]+")
_NUMBERED = re.compile(r"Intervention (\d{1,2}):\s*(.*?)\s*(?=Intervention \d{1,2}:|\Z)", re.DOTALL)
_END_POINT = "Primary end point(s):"
_EVALUATED = "Timepoint(s) of evaluation of this end point:"
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_LIST = 60_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One trial as a file gave it: `number` is its row or line, `cells` are column names and raw texts in order."""

    name: str
    form: str
    number: int
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class _Column:
    name: str
    key: str
    type: str = "line"
    list: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Part:
    key: str
    label: str
    pattern: re.Pattern[str]
    choices: Mapping[str, str]


def _text_of(row: Row) -> str:
    return "".join(f"{printed}{_BETWEEN}{raw}{_AFTER}" for printed, raw in row.cells)


def _pieces(row: Row) -> Iterator[Token]:
    at = 0
    for printed, raw in row.cells:
        pieces: tuple[tuple[TokenKind, str], ...] = (("label", printed), ("markup", _BETWEEN), ("value", raw), ("space", _AFTER))
        for kind, text in pieces:
            if text:
                yield Token(kind=kind, text=text, span=Span(line=row.number, start=at, end=at + len(text)))
                at += len(text)


@dataclass(kw_only=True)
class _Reader:
    row: Row
    fields: list[Field] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)
    at: int = 0


@lru_cache(maxsize=1024)
def column_name(printed: str) -> str:
    """Give a column's name as the list of columns has it."""
    return "_".join(printed.casefold().split())


def is_export(names: tuple[str, ...]) -> bool:
    """Say whether these are the columns of an export: the number, and at least ten that are known."""
    found = {column_name(one) for one in names}
    return "trialid" in found and len(found & load_columns().keys()) >= 10


def read_row(row: Row) -> Record:
    """Read one row.

    Raises: RecordError for a column that stands twice, a control character, or a cell longer than a record has.
    """
    _check_row(row)
    reader = _Reader(row=row)
    for printed, raw in row.cells:
        _read_cell(reader, printed, raw)
    known = next((one.text for one in reader.fields if one.key == "document.registry"), "")
    return Record(
        name=f"{row.name}, row {row.number}",
        form=row.form,
        registry=known or "ICTRP",
        fields=tuple(reader.fields),
        tokens=MadeOnDemand(partial(_text_of, row), partial(_pieces, row)),
    )


@cache
def load_columns() -> Mapping[str, _Column]:
    """Load the columns once."""
    return {row["name"]: _Column(**row) for row in tomllib.loads(_LIST.read_text(encoding="utf-8"))["column"]}


@cache
def _parts() -> tuple[_Part, ...]:
    rows = tomllib.loads(_LIST.read_text(encoding="utf-8"))["part"]
    return tuple(
        _Part(
            key=row["key"],
            label=row["label"],
            pattern=re.compile(row["pattern"], re.IGNORECASE | re.DOTALL),
            choices=row.get("choices", {}),
        )
        for row in rows
    )


def _check_row(row: Row) -> None:
    names = [column_name(printed) for printed, _ in row.cells]
    twice = next((one for one in names if names.count(one) > 1), None) if len(set(names)) < len(names) else None
    if twice:
        raise row_error(row.name, row.number, f'the column "{twice[:60]}" stands twice')
    for printed, raw in row.cells:
        if len(raw) > LONGEST_CELL:
            raise row_error(
                row.name, row.number, f'"{printed[:60]}" has {len(raw):,} characters; no record has more than a million'
            )
        found = _UNFIT.search(raw)
        if found:
            raise row_error(row.name, row.number, f'"{printed[:60]}" holds the control character U+{ord(found.group()):04X}')


def row_error(name: str, number: int, found: str) -> RecordError:
    """Give the refusal of one row; the rows after it are read."""
    english = f"{name}, row {number}: {found}. Take the export again, or leave this row out."
    persian = f"{name}، سطر {number} خوانده نشد. خروجی را دوباره بگیرید یا این سطر را کنار بگذارید."
    return RecordError("record.row", english, persian)


def _read_cell(reader: _Reader, printed: str, raw: str) -> None:
    column = load_columns().get(column_name(printed))
    start = reader.at + len(printed) + len(_BETWEEN)
    reader.at = start + len(raw) + len(_AFTER)
    if column is None:
        _add(reader, f"unknown.{column_name(printed)}", printed, raw, start)
        return
    taken = _TAKEN_APART[column.list](reader, column, printed, raw, start) if column.list and raw.strip() else False
    if not taken:
        _add(reader, column.key.replace(".N", ".1"), printed, raw, start, column.type, column.choices)


def _add(
    reader: _Reader, key: str, label: str, raw: str, start: int, kind: str = "line", choices: Mapping[str, str] | None = None
) -> None:
    state = state_of(raw)
    value, problem = _typed(kind, raw.strip(), choices or {}) if state is State.VALUE else (None, None)
    times = reader.times[key] = reader.times.get(key, 0) + 1
    reader.fields.append(
        Field(
            key=key,
            path=key if times == 1 else f"{key}#{times}",
            label=label,
            raw=raw,
            span=Span(line=reader.row.number, start=start, end=start + len(raw)),
            state=state,
            value=value,
            problem=problem,
            private=kind in PRIVATE,
        )
    )


def _typed(kind: str, text: str, choices: Mapping[str, str]) -> tuple[TypedValue, str | None]:
    if kind == "date":
        try:
            return read_date(text), None
        except DateError as error:
            return None, str(error)
    if kind == "size":
        return _size(text)
    return typed(kind, text, choices)


def read_date(text: str) -> PartialDate:
    """Read a date in the forms of the export: 2020-02-17, 20200217, 17/02/2020 (day first), in words.

    Raises: DateError for anything else, and for a year that no trial has.
    """
    plain = ascii_digits(text)
    midnight, day_first, compact = _MIDNIGHT.fullmatch(plain), _DAY_FIRST.fullmatch(plain), _COMPACT.fullmatch(plain)
    if day_first:
        return PartialDate(year=int(day_first[3]), month=int(day_first[2]), day=int(day_first[1]))
    if compact:
        return PartialDate(year=int(compact[1]), month=int(compact[2]), day=int(compact[3]))
    return parse_date(midnight[1] if midnight else text)


def group_sizes(text: str) -> tuple[int, ...]:
    """Give the sizes in "Experimental group:9;Control group:9;", or nothing where the text is not of that kind."""
    if (":" not in text and "：" not in text) or len(text) in _CUT_SIZES:
        return ()
    found = [_SIZE_OF_GROUP.fullmatch(item) for item in text.split(";") if item.strip()]
    return tuple(int(one[1]) for one in found if one) if all(found) else ()


def _size(text: str) -> tuple[TypedValue, str | None]:
    if group_sizes(text):
        return None, None
    if len(text) in _CUT_SIZES:
        return None, f"The text is {len(text)} characters long, as long as the export lets it be: it may be cut, and has no total."
    if any(one.isalpha() for one in text):
        return None, f'"{text[:80]}" is no number of participants.'
    return typed("count", text, {})


def _items(raw: str, start: int) -> Iterator[tuple[str, int]]:
    for found in _ITEM.finditer(raw):
        words = found.group().strip()
        if words:
            yield words, start + found.start() + found.group().index(words)


def _take_plain(reader: _Reader, column: _Column, printed: str, raw: str, start: int) -> bool:
    for number, (words, at) in enumerate(_items(raw, start), start=1):
        _add(reader, column.key.replace(".N", f".{number}", 1), printed, words, at, column.type)
    if not raw.strip("; \t\r\n"):
        _add(reader, column.key.replace(".N", ".1"), printed, "", start)
    return True


def _take_design(reader: _Reader, column: _Column, printed: str, raw: str, start: int) -> bool:
    _add(reader, column.key, printed, raw, start, column.type)
    for key, label, words, at, choices in _parts_of(raw):
        _add(reader, key, label, words, start + at, "choice" if choices else "text", choices)
    return True


def design_parts(text: str) -> Iterator[tuple[str, str, int, Mapping[str, str]]]:
    """Find the labelled values inside a study design: the key, the words, where they stand, and what they may be."""
    return ((key, words, at, choices) for key, _, words, at, choices in _parts_of(text))


def _parts_of(raw: str) -> Iterator[tuple[str, str, str, int, Mapping[str, str]]]:
    for part in _parts() if len(raw) < _LONGEST_LIST else ():
        found = part.pattern.search(raw)
        if found:
            yield part.key, part.label, found["v"], found.start("v"), part.choices


def _take_interventions(reader: _Reader, column: _Column, printed: str, raw: str, start: int) -> bool:
    found = list(numbered_interventions(raw))
    if not found:
        return _take_plain(reader, column, printed, raw, start)
    for number, words, at in found:
        _add(reader, f"arms.{number}.description", printed, words, start + at, "text")
    return True


def numbered_interventions(text: str) -> Iterator[tuple[int, str, int]]:
    """Find the arms in "Intervention 1: ... Intervention 2: ...": their number, words and place."""
    if len(text) < _LONGEST_LIST and text.lstrip().startswith("Intervention 1:"):
        yield from ((number, one[2], one.start(2)) for number, one in enumerate(_NUMBERED.finditer(text), start=1))


def _take_outcomes(reader: _Reader, column: _Column, printed: str, raw: str, start: int) -> bool:
    found = (iranian_outcomes(raw) or _european_outcome(raw)) if len(raw) < _LONGEST_LIST else []
    if not found:
        return _take_plain(reader, column, printed, raw, start)
    for number, parts in enumerate(found, start=1):
        for name, label, (begin, end) in parts:
            _add(reader, f"outcomes.primary.{number}.{name}", label, raw[begin:end], start + begin, "text")
    return True


def iranian_outcomes(raw: str) -> list[list[tuple[str, str, tuple[int, int]]]]:
    """Take apart "title. Timepoint: ... Method of measurement: ...;", where every item has all three."""
    if not raw.count("Timepoint:") == raw.count("Method of measurement:") > 0:
        return []
    found: list[list[tuple[str, str, tuple[int, int]]]] = []
    at = 0
    while at < len(raw):
        time, method = raw.find("Timepoint:", at), raw.find("Method of measurement:", at)
        if time < 0 or method < time:
            return [] if raw[at:].strip(" ;\r\n") else found
        following = raw.find("Timepoint:", method)
        end = raw.rfind(";", method, following) if following > 0 else len(raw)
        if end < 0:
            return []
        title = at + len("Primary outcome:") if raw.startswith("Primary outcome:", at) else at
        found.append(
            [
                ("title", "Primary outcome", _trim(raw, title, time)),
                ("timepoint", "Timepoint", _trim(raw, time + len("Timepoint:"), method)),
                ("method", "Method of measurement", _trim(raw, method + len("Method of measurement:"), end)),
            ]
        )
        at = end + 1
    return found


def _european_outcome(raw: str) -> list[list[tuple[str, str, tuple[int, int]]]]:
    """Find the end point in "Main Objective: ...;Primary end point(s): ...;Timepoint(s) of evaluation ...: ..."."""
    at, when = raw.find(_END_POINT), raw.find(_EVALUATED)
    if at < 0 and "Main Objective:" not in raw:
        return []
    if at < 0:
        return [[("title", "Primary outcome", _trim(raw, 0, len(raw)))]]
    title = _trim(raw, at + len(_END_POINT), when if when > at else len(raw))
    found: list[tuple[str, str, tuple[int, int]]] = [("title", "Primary outcome", title)]
    if when > at:
        found.append(("timepoint", "Timepoint", _trim(raw, when + len(_EVALUATED), len(raw))))
    before = [("objectives", "Objectives", _trim(raw, 0, at))] if raw[:at].strip(" ;") else []
    return [found + before]


def _trim(raw: str, start: int, end: int) -> tuple[int, int]:
    words = raw[start:end].strip(" ;\r\n\t")
    begin = start + raw[start:end].index(words) if words else start
    return begin, begin + len(words)


_TAKEN_APART = {
    "plain": _take_plain,
    "design": _take_design,
    "interventions": _take_interventions,
    "outcomes": _take_outcomes,
}
