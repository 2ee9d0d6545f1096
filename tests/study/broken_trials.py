"""Every field of a trial's files, and the files with one field broken, for the exhaustive test of errors."""

import json
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from study_trials import BOTH, own_files

Path = tuple[str | int, ...]
Values = dict[str, Any]


def kind_of(file: str) -> str:
    """What a file is: `study`, `form`, `consent`, `laboratory` ..."""
    parts = file.removesuffix(".toml").split("/")
    folders = {"laboratories": "laboratory", "published": "published", "forms": "form"}
    return folders.get(parts[-2], parts[-1])


def field_of(path: Path) -> str:
    """A path without its numbers: `encounter.forms`."""
    return ".".join(step for step in path if isinstance(step, str))


@cache
def fields() -> tuple[tuple[str, str, Path], ...]:
    """One place of every field of every kind of file, as (study, file, path): the first in each trial that has it."""
    found: dict[tuple[str, str, str], tuple[str, str, Path]] = {}
    for study_id in BOTH:
        for file, text in own_files(study_id).items():
            for path in paths(tomllib.loads(text)):
                found.setdefault((study_id, kind_of(file), field_of(path)), (study_id, file, path))
    seen: set[tuple[str, str]] = set()
    once = []
    for (_, kind, field), place in found.items():
        if (kind, field) not in seen:
            seen.add((kind, field))
            once.append(place)
    return tuple(once)


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Every key, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key)
            yield from paths(inner, (*at, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*at, place))


def broken(study_id: str, file: str, path: Path, change: Callable[[Values, Any], None]) -> dict[str, str]:
    """The files with the table around one key changed: `change(table, key)`."""
    return {**own_files(study_id), file: dump(broken_values(study_id, file, path, change))}


def broken_values(study_id: str, file: str, path: Path, change: Callable[[Values, Any], None]) -> Values:
    """The values of one file with the table around one key changed."""
    values = deepcopy(_parsed(study_id, file))
    around: Any = values
    for step in path[:-1]:
        around = around[step]
    change(around, path[-1])
    return values


@cache
def _parsed(study_id: str, file: str) -> Values:
    return tomllib.loads(own_files(study_id)[file])


def dump(values: Values) -> str:
    """TOML with every key of a table or of a [[table]] on a line of its own; what is deeper stands inline."""
    lines = [f"{key} = {_inline(value)}" for key, value in values.items() if not isinstance(value, dict) and not _rows(value)]
    for key, value in values.items():
        if isinstance(value, dict):
            lines += [f"[{key}]", *(f"{name} = {_inline(inner)}" for name, inner in value.items())]
        for row in _rows(value):
            lines += [f"[[{key}]]", *(f"{name} = {_inline(inner)}" for name, inner in row.items())]
    return "\n".join(lines) + "\n"


def line_of(files: dict[str, str], file: str, path: Path) -> int:
    """The line, from 1, on which `dump` wrote the key, counted without the parser under test."""
    text = files[file].splitlines()
    where = 0
    rows = [n for n, line in enumerate(text, 1) if line == f"[[{path[0]}]]"]
    tables = [n for n, line in enumerate(text, 1) if line == f"[{path[0]}]"]
    header = rows[path[1] if len(path) > 1 and isinstance(path[1], int) else 0] if rows else sum(tables)
    if header:
        where, path = header, path[2:] if rows else path[1:]
    if not path:
        return header
    return next((n for n, line in enumerate(text[where:], where + 1) if line.startswith(f"{path[0]} = ")), 0)


def _rows(value: Any) -> list[Values]:
    return value if isinstance(value, list) and value and all(isinstance(row, dict) for row in value) else []


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_inline(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
