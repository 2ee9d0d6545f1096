"""The annotated copy: every line of a record's text, or every field where the file is markup that nobody reads.

A mark is a stretch of characters with the number of its finding. Marks overlap, so a line is cut wherever one begins or ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from trialwright.checks.findings import Place
from trialwright.checks.review.masking import HIDDEN, Mask
from trialwright.checks.review.model import Block, Kind, Line, Numbered, Segment
from trialwright.registry import Field, Record

_PERSIAN, _LATIN = re.compile(r"[\u0620-\u06ff]"), re.compile(r"[A-Za-z]")
_LINE = re.compile(r"[^\r\n]+")
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._-]", re.ASCII)
_LONG = 160
_ASIDE = ("results", "annotations", "documents", "derived")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mark:
    start: int
    end: int
    number: int = 0
    kind: Kind = "text"


def is_markup(record: Record) -> bool:
    """Say whether the file is JSON, XML or HTML, of which the fields are shown and not the marks."""
    return not record.form.startswith("ictrp-") and record.text.lstrip()[:1] in ("{", "[", "<")


def is_persian(words: str) -> bool:
    """Say whether words are to be read from the right."""
    return len(_PERSIAN.findall(words)) > len(_LATIN.findall(words))


def anchor_of(record: Record, one: Field) -> str:
    """Give the id of the place in the annotated copy at which a field stands."""
    return _field_anchor(one) if is_markup(record) else f"line-{one.span.line}"


def _field_anchor(one: Field) -> str:
    return f"at-{_NOT_IN_AN_ID.sub('-', one.path)}"


def read_lines(record: Record, findings: Sequence[Numbered], mask: Mask) -> tuple[Block, ...]:
    """Give the lines of a record's text that have words, as printed."""
    text = record.text
    spans = [(found.start(), found.end()) for found in _LINE.finditer(text)]
    by_line: list[list[_Mark]] = [[] for _ in spans]
    starts = [start for start, _ in spans]
    for one in (*_found(findings), *_printed(record), *_hidden(record, text, mask)):
        first = max(0, bisect_right(starts, one.start) - 1)
        for at in range(first, len(spans)):
            if spans[at][0] >= max(one.end, one.start + 1):
                break
            by_line[at].append(one)
    numbers = _line_numbers(record, text, starts)
    told: set[int] = set()
    lines = (
        _line(text[start:end], start, marks, number, told)
        for (start, end), marks, number in zip(spans, by_line, numbers, strict=True)
    )
    return (Block(key="", lines=tuple(line for line in lines if line is not None)),)


def read_fields(record: Record, findings: Sequence[Numbered], mask: Mask) -> tuple[tuple[Block, ...], int]:
    """Give the fields of a record in blocks, and how many of results and other sections beside were left out."""
    marked: dict[str, list[tuple[int, Place]]] = {}
    for one in findings:
        for place in one.finding.places:
            marked.setdefault(place.path, []).append((one.number, place))
    told: set[int] = set()
    aside = [one for one in record.fields if one.path not in marked and _block_of(one).partition(".")[0] in _ASIDE]
    apart = {one.path for one in (*aside, *record.unknown)} - marked.keys()
    shown = [one for one in record.fields if one.path not in apart]
    lines = ((_block_of(one), _field_line(one, marked.get(one.path, ()), mask, told)) for one in shown)
    blocks = tuple(
        Block(key=key, lines=tuple(line for _, line in group)) for key, group in groupby(lines, key=lambda pair: pair[0])
    )
    return blocks, len(aside)


def _found(findings: Iterable[Numbered]) -> Iterator[_Mark]:
    for one in findings:
        for place in one.finding.places:
            yield _Mark(start=place.start, end=place.end, number=one.number)


def _printed(record: Record) -> Iterator[_Mark]:
    """Headings and labels, which are shown as such."""
    for token in record.tokens:
        if token.kind in ("heading", "label"):
            yield _Mark(start=token.span.start, end=token.span.end, kind="heading" if token.kind == "heading" else "label")


def _hidden(record: Record, text: str, mask: Mask) -> Iterator[_Mark]:
    for start, end in mask.spans(text):
        yield _Mark(start=start, end=end, kind="hidden")
    if not mask.shows_all:
        yield from (
            _Mark(start=one.span.start, end=one.span.end, kind="hidden") for one in record.fields if one.private and one.text
        )


def _line_numbers(record: Record, text: str, starts: Sequence[int]) -> Iterator[int]:
    """Lines as an editor counts them; a row of an export has none."""
    if record.form.startswith("ictrp-"):
        yield from (0 for _ in starts)
        return
    number, before = 1, 0
    for start in starts:
        between = text[before:start]
        number += between.count("\n") + between.replace("\r\n", "\n").count("\r")
        before = start
        yield number


def _line(words: str, start: int, marks: Sequence[_Mark], number: int, told: set[int]) -> Line | None:
    if not words.strip():
        return None
    notes = tuple(sorted({one.number for one in marks if one.number} - told))
    told.update(notes)
    return Line(
        number=number,
        segments=tuple(_segments(words, start, marks)),
        notes=notes,
        is_persian=is_persian(words),
        anchor=f"line-{number}" if number else "",
    )


def _field_line(one: Field, places: Sequence[tuple[int, Place]], mask: Mask, told: set[int]) -> Line:
    words = one.raw.strip()
    marks = [_in_field(words, number, place) for number, place in places]
    marks += [_Mark(start=start, end=end, kind="hidden") for start, end in mask.spans(words)]
    if one.private and not mask.shows_all and words:
        marks.append(_Mark(start=0, end=len(words), kind="hidden"))
    notes = tuple(sorted({number for number, _ in places} - told))
    told.update(notes)
    segments = tuple(_segments(words, 0, marks)) or (Segment(text=""),)
    return Line(
        number=one.span.line,
        segments=segments,
        label=one.label or one.key,
        notes=notes,
        is_persian=is_persian(words),
        anchor=_field_anchor(one),
    )


def _in_field(words: str, number: int, place: Place) -> _Mark:
    """The marked words of a field; all of it where they are not found as they stand."""
    at = words.find(place.text) if place.text else -1
    if at < 0:
        return _Mark(start=0, end=len(words), number=number)
    return _Mark(start=at, end=at + len(place.text), number=number)


def _segments(words: str, start: int, marks: Sequence[_Mark]) -> Iterator[Segment]:
    """Cut a line wherever a mark begins or ends. Hidden words are one segment, whatever else marks them.

    A mark over all of a long line would only drown the others: its number stands at the end.
    """
    inside = [(max(0, one.start - start), min(len(words), one.end - start), one) for one in marks]
    going_on = {one for one in marks if one.end - start > len(words) + len("\r\n")}
    whole = {one for begin, end, one in inside if end - begin > _LONG and not words[:begin].strip() and not words[end:].strip()}
    cuts = sorted({0, len(words), *(edge for begin, end, _ in inside for edge in (begin, end) if begin < end)})
    last_hidden = False
    for begin, end in pairwise(cuts):
        over = [(until, one) for since, until, one in inside if since <= begin and end <= until]
        kind: Kind = next((kind for kind in _KINDS if any(one.kind == kind for _, one in over)), "text")
        numbers = tuple(sorted({one.number for _, one in over if one.number and one not in whole}))
        ends = tuple(sorted({one.number for until, one in over if one.number and until == end and one not in going_on}))
        text = words[begin:end] if kind != "hidden" else "" if last_hidden else HIDDEN
        last_hidden = kind == "hidden"
        if text or ends:
            yield Segment(text=text, kind=kind, numbers=numbers, ends=ends)


_KINDS: tuple[Kind, ...] = ("hidden", "heading", "label")


def _block_of(one: Field) -> str:
    """The block of a field: `outcomes.primary.1`, or the first word of its key."""
    parts = one.key.split(".")
    at = next((at for at, part in enumerate(parts) if part.isdigit()), 0)
    return ".".join(parts[: at + 1])
