"""A ClinicalTrials.gov record as its public interface (API v2) gives it: JSON, read to the last leaf.

The protocol section is read into the same keys as every other registry's record; results, annotations, documents and
derived terms are kept as fields under keys of their own. A member that the list in `ctgov_json.toml` does not know is kept
and reported as unknown. A month stays a month: the registry often knows no day. The tokens of a record are the file, so
it is written again as the same bytes.
"""

from __future__ import annotations

import gc
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from trialwright.registry.json_text import Leaf, read_leaves
from trialwright.registry.record import Field, MadeOnDemand, Record, Span, State, Token, TypedValue
from trialwright.registry.text import lines_of, unknown_form
from trialwright.registry.values import PRIVATE, state_of, typed
from trialwright.terms.dates import PartialDate

ID = "ctgov-json"
NAME = "the JSON of ClinicalTrials.gov (API v2)"
_LIST = Path(__file__).with_name("ctgov_json.toml")
_PROTOCOL = "protocolSection."
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True, kw_only=True)
class Member:
    """What one member of the protocol section stands for."""

    key: str
    type: str = "line"
    label: str = ""
    actual: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Members:
    by_pattern: Mapping[str, Member]
    sections: Mapping[str, str]
    containers: frozenset[str]


@dataclass(kw_only=True)
class _Reader:
    leaves: list[Leaf]
    line_starts: list[int]
    types: Mapping[str, str]
    times: dict[str, int] = field(default_factory=dict)


def recognises(text: str) -> bool:
    """Say whether a text is in this form: an object with a protocol section."""
    return text.lstrip()[:1] == "{" and '"protocolSection"' in text


def read(text: str, *, name: str, byte_order_mark: bool = False) -> Record:
    """Read a text in this form. Raises: RecordError where it is not strict JSON."""
    with _one_sweep():
        return _read(text, name, byte_order_mark)


def _read(text: str, name: str, byte_order_mark: bool) -> Record:
    leaves = read_leaves(text, name=name)
    types = {leaf.path: leaf.text for leaf in leaves if leaf.path.endswith(".type")}
    reader = _Reader(leaves=leaves, line_starts=[line.start for line in lines_of(text)], types=types)
    fields = tuple(one for leaf in leaves if (one := _field(reader, leaf)) is not None)
    if not any(one.state is State.VALUE and not one.key.startswith("unknown.") for one in fields):
        raise unknown_form(
            name, "is JSON in which no field of a ClinicalTrials.gov record has a value", "Take it from the registry again."
        )
    return Record(
        name=name,
        form=ID,
        registry="ClinicalTrials.gov",
        fields=fields,
        tokens=MadeOnDemand(partial(_whole, text), partial(_pieces, text, fields)),
        byte_order_mark=byte_order_mark,
    )


@contextmanager
def _one_sweep() -> Iterator[None]:
    """Leave the search for cycles until a record stands: it makes many objects and no cycle."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


@cache
def load_members() -> _Members:
    """Load the list of members once."""
    data = tomllib.loads(_LIST.read_text(encoding="utf-8"))
    by_pattern = {
        f"{_PROTOCOL}{module['name']}.{row['at']}": Member(**{name: value for name, value in row.items() if name != "at"})
        for module in data["module"]
        for row in module["fields"]
    }
    containers = {"protocolSection"}
    for pattern in by_pattern:
        parts = pattern.replace("[]", "").split(".")
        containers.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
    return _Members(by_pattern=by_pattern, sections=data["sections"], containers=frozenset(containers))


def _field(reader: _Reader, leaf: Leaf) -> Field | None:
    members = load_members()
    member = members.by_pattern.get(leaf.pattern)
    if member is None and leaf.kind in ("empty", "null") and leaf.pattern.replace("[]", "") in members.containers:
        return None
    if member is None:
        section = members.sections.get(leaf.path.partition(".")[0])
        rest = leaf.path.partition(".")[2].replace("[", ".").replace("]", "")
        key = f"unknown.{leaf.path}" if section is None else f"{section}.{rest}" if rest else section
        return _plain_field(reader, leaf, key)
    return _known_field(reader, leaf, member)


def _plain_field(reader: _Reader, leaf: Leaf, key: str) -> Field:
    raw = "" if leaf.kind in ("null", "empty") else leaf.text
    private = key.endswith((".email", ".phone", ".phoneExt"))
    value = _TRUTHS.get(leaf.kind) if leaf.kind in _TRUTHS else None
    return Field(
        key=key,
        path=_path(reader, key),
        label=leaf.path.rpartition(".")[2],
        raw=raw,
        span=_span(reader, leaf),
        state=state_of(raw),
        value=value,
        private=private,
    )


def _known_field(reader: _Reader, leaf: Leaf, member: Member) -> Field:
    key = member.actual if member.actual and _type_beside(reader, leaf) == "ACTUAL" else member.key
    for number in leaf.numbers:
        key = key.replace(".N", f".{number}", 1)
    raw = "" if leaf.kind in ("null", "empty") else leaf.text
    state = state_of(raw)
    value, problem = _typed(leaf, member) if state is State.VALUE else (None, None)
    return Field(
        key=key,
        path=_path(reader, key),
        label=member.label or leaf.path.rpartition(".")[2],
        raw=raw,
        span=_span(reader, leaf),
        state=state,
        value=value,
        problem=problem,
        private=member.type in PRIVATE,
    )


def _typed(leaf: Leaf, member: Member) -> tuple[TypedValue, str | None]:
    if leaf.kind in _TRUTHS:
        return _TRUTHS[leaf.kind], None
    value, problem = typed(member.type, leaf.text.strip(), member.choices)
    if isinstance(value, PartialDate) and value.calendar == "jalali":
        return None, f'"{leaf.text.strip()}" is a date of the Jalali calendar; a Gregorian date was expected.'
    return value, problem


def _type_beside(reader: _Reader, leaf: Leaf) -> str | None:
    return reader.types.get(leaf.path.rpartition(".")[0] + ".type")


def _path(reader: _Reader, key: str) -> str:
    times = reader.times[key] = reader.times.get(key, 0) + 1
    return key if times == 1 else f"{key}#{times}"


def _span(reader: _Reader, leaf: Leaf) -> Span:
    return Span(line=bisect_right(reader.line_starts, leaf.start), start=leaf.start, end=leaf.end)


def _whole(text: str) -> str:
    return text


def _pieces(text: str, fields: tuple[Field, ...]) -> Iterator[Token]:
    """Cut the text at its fields, in which every value lies; names and marks lie between."""
    at, line = 0, 1
    for one in fields:
        if one.span.start > at:
            yield Token(kind="markup", text=text[at : one.span.start], span=Span(line=line, start=at, end=one.span.start))
        if one.span.end > one.span.start:
            yield Token(kind="value", text=text[one.span.start : one.span.end], span=one.span)
        at, line = max(at, one.span.end), one.span.line
    if at < len(text):
        yield Token(kind="markup", text=text[at:], span=Span(line=line, start=at, end=len(text)))
