"""A registry's XML read into the keys of every other form, from a list of elements kept as data.

An element that the list does not know is kept and reported as unknown. A text that holds several values (the design in one
sentence, an outcome with its time) is taken apart, and each part points into the text where it can.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from trialwright.registry.ictrp import design_parts, iranian_outcomes, numbered_interventions, read_date
from trialwright.registry.record import Field, Record, Span, State, Token, TypedValue
from trialwright.registry.text import lines_of
from trialwright.registry.values import PRIVATE, state_of, typed
from trialwright.registry.xml_text import XmlLeaf, xml_pattern
from trialwright.terms.dates import DateError

_MASKED = re.compile(r"([^()]{1,60}?)\s*\(([^()]{1,400})\)\s*")
_LONGEST_WORD = 40
_ITEM = re.compile(r"[^,]+")
_MASKING_CHOICES = {one: one for one in ("none", "single", "double", "triple", "quadruple")}


@dataclass(frozen=True, kw_only=True)
class Element:
    """What one element or attribute stands for. `repeated` are the levels whose numbers go into the key.

    `actual` is the key where the word at `beside` (an attribute, or the element next to it) is "actual"; `kinds` are the
    beginnings of the key by that word, where it tells whose field it is.
    """

    key: str
    type: str = "line"
    label: str = ""
    actual: str | None = None
    beside: str = "@type"
    kinds: Mapping[str, str] = field(default_factory=dict)
    split: str = ""
    choices: Mapping[str, str | bool] = field(default_factory=dict)
    repeated: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Elements:
    """The list of a form: elements by place, and the parts that are kept whole under a key of their own."""

    by_pattern: Mapping[str, Element]
    sections: Mapping[str, str]


class Part(NamedTuple):
    """A value inside a text: its key, its words, and where they stand in the text."""

    key: str
    words: str
    start: int
    type: str = "line"
    choices: Mapping[str, str] | None = None


@dataclass(kw_only=True)
class _Reader:
    text: str
    elements: Elements
    said: Mapping[str, str]
    line_starts: list[int]
    fields: list[Field] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)


def load_elements(path: Path) -> Elements:
    """Load a list of elements."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Element] = {}
    for group in data["group"]:
        for row in group["fields"]:
            at = group.get("under", "") + row["at"]
            shared = {name: group[name] for name in ("beside", "kinds") if name in group}
            known = shared | {name: value for name, value in row.items() if name != "at"}
            levels = tuple(level for level, one in enumerate(at.split("/")) if one.endswith("[]"))
            found[at.replace("[]", "")] = Element(**known, repeated=levels)
    return Elements(by_pattern=found, sections=data.get("sections", {}))


def read_fields(text: str, leaves: list[XmlLeaf], elements: Elements) -> tuple[Field, ...]:
    """Give the fields of a record's leaves, in the order of the file."""
    said = {leaf.path: leaf.text.strip().casefold() for leaf in leaves if len(leaf.text) < _LONGEST_WORD}
    starts = [line.start for line in lines_of(text)] or [0]
    reader = _Reader(text=text, elements=elements, said=said, line_starts=starts)
    for leaf in leaves:
        _read_leaf(reader, leaf)
    return tuple(reader.fields)


def finish(text: str, fields: tuple[Field, ...], *, name: str, form: str, registry: str, byte_order_mark: bool) -> Record:
    """Give the record: the tokens are the text, cut where values begin and end."""
    tokens = tuple(_tokens(text, fields))
    return Record(name=name, form=form, registry=registry, fields=fields, tokens=tokens, byte_order_mark=byte_order_mark)


def _tokens(text: str, fields: tuple[Field, ...]) -> Iterator[Token]:
    """Cut the text at its values; a part of a value is no token of its own."""
    at, line = 0, 1
    for start, end in [*sorted({(one.span.start, one.span.end) for one in fields}), (len(text), len(text))]:
        if start > at:
            yield Token(kind="markup", text=text[at:start], span=Span(line=line, start=at, end=start))
            line += text.count("\n", at, start)
            at = start
        if end > at:
            yield Token(kind="value", text=text[at:end], span=Span(line=line, start=at, end=end))
            line += text.count("\n", at, end)
            at = end


def _read_leaf(reader: _Reader, leaf: XmlLeaf) -> None:
    pattern = xml_pattern(leaf.pattern)
    element = reader.elements.by_pattern.get(pattern)
    if element is None:
        first = pattern.partition("/")[0]
        path = xml_pattern(leaf.path).replace("/", ".").replace("[", ".").replace("]", "") or leaf.path
        section = reader.elements.sections.get(first)
        key = f"unknown.{path}" if section is None else ".".join(filter(None, (section, path.partition(".")[2])))
        private = pattern.endswith(("phone", "email", "phone_ext"))
        _add(reader, leaf, Element(key=key), key, leaf.text, private=private)
        return
    if element.split and state_of(leaf.text) is State.VALUE:
        parts = list(_SPLIT[element.split](_key(reader, leaf, element), leaf.text))
        for part in parts:
            taken = Element(key=part.key, type=part.type, choices=part.choices or {})
            _add(reader, leaf, taken, part.key, part.words, start=part.start)
        if parts:
            return
    _add(reader, leaf, element, _key(reader, leaf, element), leaf.text)


def _key(reader: _Reader, leaf: XmlLeaf, element: Element) -> str:
    place = leaf.path if element.beside.startswith("@") else leaf.path.rpartition("/")[0]
    said = reader.said.get(f"{place}/{element.beside}", "")
    key = element.actual if said == "actual" and element.actual else element.key
    if element.kinds:
        key = element.kinds.get(said, element.kinds["other"]) + key
    for level in element.repeated:
        key = key.replace(".N", f".{leaf.numbers[level]}", 1)
    return key


def _add(reader: _Reader, leaf: XmlLeaf, element: Element, key: str, raw: str, *, start: int = 0, private: bool = False) -> None:
    state = state_of(raw)
    value, problem = _typed(element, raw.strip()) if state is State.VALUE else (None, None)
    times = reader.times[key] = reader.times.get(key, 0) + 1
    reader.fields.append(
        Field(
            key=key,
            path=key if times == 1 else f"{key}#{times}",
            label=element.label or leaf.pattern.rpartition("/")[2],
            raw=raw,
            span=_span(reader, leaf, raw, start),
            state=state,
            value=value,
            problem=problem,
            private=private or element.type in PRIVATE,
        )
    )


def _span(reader: _Reader, leaf: XmlLeaf, raw: str, start: int) -> Span:
    """Give the place of a part where the text stands as it is read, else that of the whole element."""
    begin, end = leaf.start, leaf.end
    if reader.text[begin:end] == leaf.text:
        begin, end = begin + start, begin + start + len(raw)
    return Span(line=bisect_right(reader.line_starts, begin), start=begin, end=end)


def _typed(element: Element, text: str) -> tuple[TypedValue, str | None]:
    if element.type != "date":
        return typed(element.type, text, element.choices)
    try:
        found = read_date(text)
    except DateError as error:
        return None, str(error)
    if found.calendar == "jalali":
        return None, f'"{text}" is a date of the Jalali calendar; a Gregorian date was expected.'
    return found, None


def _masking(key: str, text: str) -> Iterator[Part]:
    """Take apart "Double (Participant, Investigator)"; "None (Open Label)" names nobody."""
    found = _MASKED.fullmatch(text)
    yield Part(key, found[1] if found else text, 0, "choice", _MASKING_CHOICES)
    if found and found[2].casefold() != "open label":
        for one in _ITEM.finditer(found[2]):
            words = one.group().strip()
            if words:
                yield Part("design.masked_groups", words, found.start(2) + one.start() + one.group().index(words))


def _design(key: str, text: str) -> Iterator[Part]:
    """Keep the sentence and take its labelled values apart."""
    yield Part(key, text, 0, "text")
    for part_key, words, start, choices in design_parts(text):
        yield Part(part_key, words, start, "choice" if choices else "text", choices)


def _outcome(key: str, text: str) -> Iterator[Part]:
    """Take apart "title. Timepoint: ... Method of measurement: ..." where the text is one such outcome."""
    found = iranian_outcomes(text)
    if len(found) != 1:
        return
    for name, _, (begin, end) in found[0]:
        yield Part(f"{key.rpartition('.')[0]}.{name}", text[begin:end], begin, "text")


def _interventions(key: str, text: str) -> Iterator[Part]:
    """Take apart "Intervention 1: ... Intervention 2: ..."."""
    for number, words, start in numbered_interventions(text):
        yield Part(f"arms.{number}.description", words, start, "text")


def _items(key: str, text: str) -> Iterator[Part]:
    """Take apart a list with ";": the key's last number counts on."""
    stem, _, _ = key.partition(".N")
    at = 0
    for number, one in enumerate((one for one in text.split(";") if one.strip()), start=1):
        begin = text.index(one, at)
        at = begin + len(one)
        words = one.strip()
        yield Part(f"{stem}.{number}{key.partition('.N')[2]}", words, begin + one.index(words), "text")


_SPLIT: Mapping[str, Callable[[str, str], Iterator[Part]]] = {
    "masking": _masking,
    "design": _design,
    "outcome": _outcome,
    "interventions": _interventions,
    "items": _items,
}
