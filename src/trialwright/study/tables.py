"""Frozen data from TOML tables, by the types of the dataclass; what is missing, unknown or of the wrong kind is refused by line.

A `Table` is a TOML table that knows where it stands. `build` fills a dataclass from it; a field that is not a plain value (a
concept named by its id, for instance) is handed in as `given` by the reader that knows how to find it.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from trialwright.study.errors import StudyError
from trialwright.study.model import Basis
from trialwright.study.places import Path, find_line, print_path

T = TypeVar("T")
ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
BASIS_KEYS = {"from": "record", "assumed": "assumed", "question": "question", "answer": "answer"}
_DURATION = re.compile(r"(\d+(?:\.\d+)?) (h|d)", re.ASCII)
_KINDS: dict[type, tuple[str, str]] = {
    str: ("text", 'Write it in quotes: "..."'),
    bool: ("true or false", "Write true or false, without quotes"),
    int: ("a whole number", "Write digits without quotes and without a decimal point"),
    Decimal: ("a number", "Write digits without quotes"),
    date: ("a date", "Write it as 2024-05-31, without quotes"),
    timedelta: ("a duration", 'Write "7 d" or "12 h"'),
}


@dataclass(frozen=True, kw_only=True)
class Table:
    """One TOML table and its place: the file's name and text, and the path inside it."""

    file: str
    text: str
    path: Path
    values: Mapping[str, Any]

    def error(self, *keys: str | int, found: str, expected: str = "", todo: str) -> StudyError:
        path = (*self.path, *keys)
        line = find_line(self.text, path)
        return StudyError(file=self.file, line=line, path=print_path(path), found=found, expected=expected, todo=todo)

    def table(self, key: str) -> "Table":
        return self._at(key, value=self._required(key))

    def tables(self, key: str) -> tuple["Table", ...]:
        """Give a list of tables, written [[key]]; empty when absent."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, found=f"found {_kind_of(value)}", expected="a list of tables", todo=f"Write [[{key}]].")
        return tuple(self._at(key, index, value=element) for index, element in enumerate(value))

    def named_tables(self, key: str) -> Iterator[tuple[str, "Table"]]:
        """Give the tables written [key.name], with their names."""
        group = self.table(key)
        for name in group.values:
            yield name, group.table(name)

    def read(self, key: str, kind: Any, default: Any = MISSING) -> Any:
        """Give the value of `key` as `kind`, a type that `build` knows."""
        if key not in self.values and default is not MISSING:
            return default
        return _convert(self, (key,), kind, self._required(key))

    def only(self, known: Collection[str]) -> None:
        """Refuse keys that nobody reads: most are slips of spelling."""
        for key in self.values:
            if key not in known:
                absent = set(known) - set(self.values)
                raise self.error(key, found="unknown key", todo=suggest(key, absent, "Correct the spelling or remove it", known))

    def must_know(self, *keys: str | int, name: str, known: Collection[str], kind: str) -> None:
        """Refuse a name that points to nothing, with the nearest that exists."""
        if name not in known:
            raise self.error(*keys, found=f'no {kind} "{name}"', todo=suggest(name, known, "Correct it"))

    def _required(self, key: str) -> Any:
        if key not in self.values:
            raise self.error(found=f"`{key}` is missing", todo=f"Add `{key}`.")
        return self.values[key]

    def _at(self, *keys: str | int, value: Any) -> "Table":
        if not isinstance(value, dict):
            raise self.error(*keys, found=f"found {_kind_of(value)}", expected="a table", todo="Write it with keys and values.")
        return Table(file=self.file, text=self.text, path=(*self.path, *keys), values=value)


def suggest(name: str, likely: Collection[str], otherwise: str, known: Collection[str] | None = None) -> str:
    """Say what was probably meant by a name that is not known, or list what is known."""
    if near := get_close_matches(name, sorted(likely), n=1):
        return f'Did you mean "{near[0]}"?'
    listed = ", ".join(sorted(likely if known is None else known))
    return f"{otherwise}; known here: {listed}." if listed else f"{otherwise}."


@lru_cache(maxsize=128)  # a table is never changed, and most files of a study are read again and again
def parse_table(file: str, text: str) -> Table:
    """Read a whole TOML text; numbers with a point stay exact decimals. Raises: StudyError with the line of a syntax error."""
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, InvalidOperation) as error:
        place = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(place.group(1)) if place else text.count("\n") + 1
        reason = re.sub(r" \(at .*\)", "", str(error)) or "a number that is no number"
        raise StudyError(file=file, line=line, found=f"not TOML: {reason}", todo="Correct this line.") from None
    return Table(file=file, text=text, path=(), values=values)


def build(cls: type[T], table: Table, given: Mapping[str, Any] | None = None, also: Collection[str] = ()) -> T:
    """Fill the dataclass `cls` from a table. `given` are fields found elsewhere, `also` keys that another reader takes."""
    given = given or {}
    filled = {**given, **read_fields(cls, table, also=also, without=given)}
    for name, (_, required) in _fields(cls).items():  # type: ignore[arg-type]  # a class is hashable, which mypy cannot say of a type variable
        if required and name not in filled:
            raise table.error(found=f"`{name}` is missing", todo=f"Add `{name}`.")
    _check_id(table, filled)
    return cls(**filled)


def read_fields(cls: type[Any], table: Table, *, also: Collection[str] = (), without: Collection[str] = ()) -> dict[str, Any]:
    """Read those fields of `cls` that the table gives, refusing keys that are none; `without` are not looked for."""
    wanted = {name: kind for name, (kind, _) in _fields(cls).items() if name not in without}  # type: ignore[arg-type]  # as in build
    table.only({key for name, kind in wanted.items() for key in keys_of(name, kind)} | set(also))
    filled = {name: table.read(name, kind) for name, kind in wanted.items() if kind is not Basis and name in table.values}
    return filled | {name: read_basis(table) for name, kind in wanted.items() if kind is Basis}


def keys_of(name: str, kind: Any) -> tuple[str, ...]:
    """Give the TOML keys that fill a field: its name, or for a basis the four words beside the fact."""
    return tuple(BASIS_KEYS) if kind is Basis else (name,)


def read_basis(table: Table) -> Basis:
    """Give where a fact comes from: the keys `from`, `assumed`, `question` and `answer` beside it."""
    return Basis(**{field: table.read(key, str) for key, field in BASIS_KEYS.items() if key in table.values})


@cache
def _fields(cls: type) -> dict[str, tuple[Any, bool]]:
    """Give each field's type and whether TOML must give it."""
    hints = get_type_hints(cls)
    return {f.name: (hints[f.name], f.default is MISSING and f.default_factory is MISSING) for f in fields(cls)}


def _check_id(table: Table, filled: Mapping[str, Any]) -> None:
    value = filled.get("id")
    if (
        isinstance(value, str)
        and "id" in table.values
        and len(table.path) > 0
        and table.path[0] != "outcome"
        and not ID.fullmatch(value)
    ):
        raise table.error("id", found=f'id "{value}"', expected="small letters, digits and _", todo="Write for instance week_1.")


def _convert(table: Table, keys: tuple[str | int, ...], kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin is UnionType:
        return _convert(table, keys, next(k for k in get_args(kind) if k is not NoneType), value)
    if origin is Literal:
        return _literal(table, keys, get_args(kind), value)
    if origin is tuple:
        return _tuple(table, keys, get_args(kind)[0], value)
    if origin is Mapping or getattr(origin, "__name__", "") == "Mapping":
        inner = table._at(*keys, value=value)  # noqa: SLF001  # the same module
        return {name: _convert(table, (*keys, name), get_args(kind)[1], element) for name, element in inner.values.items()}
    if kind is Any:
        return value  # a value whose kind another part decides: numbers are exact decimals already
    if is_dataclass(kind):
        return build(kind, table._at(*keys, value=value))  # type: ignore[arg-type]  # noqa: SLF001  # a dataclass type; the same module
    return _plain(table, keys, kind, value)


def _literal(table: Table, keys: tuple[str | int, ...], allowed: tuple[Any, ...], value: Any) -> Any:
    if not isinstance(value, str) or value not in allowed:
        shown = f'"{value}"' if isinstance(value, str) else _kind_of(value)
        expected = f"one of {', '.join(allowed)}"
        near = get_close_matches(value, allowed, n=1) if isinstance(value, str) else []
        todo = f'Did you mean "{near[0]}"?' if near else "Choose one of them, in quotes."
        raise table.error(*keys, found=f"found {shown}", expected=expected, todo=todo)
    return value


def _tuple(table: Table, keys: tuple[str | int, ...], kind: Any, value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise table.error(*keys, found=f"found {_kind_of(value)}", expected="a list", todo='Write it as ["...", "..."].')
    return tuple(_convert(table, (*keys, index), kind, element) for index, element in enumerate(value))


def _plain(table: Table, keys: tuple[str | int, ...], kind: Any, value: Any) -> Any:
    exact = type(value)
    if kind is Decimal and exact in {int, Decimal}:
        number = Decimal(value)
        if number.is_finite():
            return number
    elif kind is timedelta and exact is str and (match := _DURATION.fullmatch(value)):
        amount = float(match.group(1))
        return timedelta(hours=amount) if match.group(2) == "h" else timedelta(days=amount)
    elif (kind is str and exact is str and value.strip()) or (kind in {int, bool, date} and exact is kind):
        return value
    expected, todo = _KINDS[kind]
    found = f'"{value}"' if exact is str and kind is not str else _kind_of(value)
    raise table.error(*keys, found=f"found {found}", expected=expected, todo=f"{todo}.")


def _kind_of(value: Any) -> str:
    if isinstance(value, str):
        return "an empty text" if not value.strip() else "a text"
    names = {bool: "true or false", int: "a whole number", Decimal: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), "a date")
