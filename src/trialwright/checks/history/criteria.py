"""Eligibility of two versions as sets of criteria: added, removed, another number, another side, another wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from trialwright.checks.history.changes import Seen, word
from trialwright.checks.history.versions import Versions
from trialwright.checks.history.words import (
    beyond,
    differing,
    likeness,
    listed,
    normal,
    numbers,
    pair,
    same_numbers,
    stems,
    without_numbers,
)
from trialwright.registry import Field, Record, State
from trialwright.registry.carry.concepts import Ages, ages
from trialwright.registry.carry.source import Source
from trialwright.terms.sentences import Text

Side = Literal["inclusion", "exclusion"]

MOST_CRITERIA = 2000
_HEADING = re.compile(
    r"(?:(?:key|main|major)\s+)?(?P<side>inclusion|exclusion|entrance|entry)\s+criteria(?:\s+(?:to|for)\s+(?:the\s+)?(?:study|trial))?"
    r"\s*(?:also)?\s*,?\s*(?::|\bare\b|\binclud\w*\b:?|\binvolv\w*\b:?)\s*"
    r"|(?:^|(?<=[.;]\s))(?P<short>inclusion|exclusion)\s*:\s*"
    r"|(?:معیارهای|شرایط)\s+(?P<persian>ورود|خروج|عدم ورود)(?:\s+به\s+مطالعه)?\s*:?\s*"
    r"|criteria for (?P<other>entrance|entry|inclusion|exclusion)(?:\s+(?:to|in|into)\s+(?:the\s+)?(?:study|trial))?"
    r"\s*(?::|\bare\b|\binclud\w*\b:?)\s*",
    re.IGNORECASE | re.MULTILINE,
)
_EXCLUDES = frozenset({"exclusion", "خروج", "عدم ورود"})
_BULLET = re.compile(r"^\s*(?:[-*•–·]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", re.IGNORECASE)
_PARENTHESES = re.compile(r"\([^()]{0,400}\)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_AND = re.compile(r"^(?:and|or|و)\s+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class _Criterion:
    field: Field
    side: Side
    words: str


def find_criteria_changes(versions: Versions) -> Iterator[Seen]:
    """Compare criteria, age and sex."""
    if versions.both_hold("eligibility.text"):
        yield from _criteria_changes(_criteria(versions.old), _criteria(versions.new))
    yield from _age(versions)
    yield from _sex(versions)


def _criteria_changes(old: list[_Criterion], new: list[_Criterion]) -> Iterator[Seen]:
    pairs = list(pair(old, new, _likeness, _order))
    left = {id(one) for one, _ in pairs}
    right = {id(other) for _, other in pairs}
    for one in (one for one in new if id(one) not in right):
        yield Seen(code="criterion.added", after=(one.field,), facts={"side": word("side", one.side), "after": one.words})
    for one in (one for one in old if id(one) not in left):
        yield Seen(code="criterion.removed", before=(one.field,), facts={"side": word("side", one.side), "before": one.words})
    for one, other in sorted(pairs, key=lambda two: _order(two[1])):
        yield from _compare(one, other)


def _order(criterion: _Criterion) -> str:
    return f"{normal(criterion.words)} {criterion.side}"


def _likeness(one: _Criterion, other: _Criterion) -> float:
    nudge = 0.05 if one.side == other.side else 0.0
    if normal(one.words) == normal(other.words):
        return 2.0 + nudge
    alike = likeness(without_numbers(one.words), without_numbers(other.words))
    same_numbers = 0.01 if numbers(one.words, times=True) == numbers(other.words, times=True) else 0.0
    return alike + nudge + same_numbers if alike else 0.0


def _compare(one: _Criterion, other: _Criterion) -> Iterator[Seen]:
    there, here = (one.field,), (other.field,)
    if one.side != other.side:
        facts: dict[str, object] = {"title": other.words, "before": word("side", one.side), "after": word("side", other.side)}
        yield Seen(code="criterion.side", before=there, after=here, facts=facts)
    if one.words == other.words:
        return
    was, now = numbers(one.words, times=True), numbers(other.words, times=True)
    other_numbers = not same_numbers(was, now)
    if other_numbers:
        facts = {"title": other.words, "before": listed(beyond(was, now)), "after": listed(beyond(now, was))}
        yield Seen(code="criterion.threshold", before=there, after=here, facts=facts)
    same = stems(without_numbers(one.words)) == stems(without_numbers(other.words))
    if not same or not other_numbers:
        shown = dict(zip(("before", "after"), differing(one.words, other.words), strict=True))
        yield Seen(code="criterion.wording", variant="same" if same else "", before=there, after=here, facts=shown)


def _criteria(record: Record) -> list[_Criterion]:
    found: list[_Criterion] = []
    for key, side in (("eligibility.text", "inclusion"), ("eligibility.exclusion", "exclusion")):
        for one in record.all(key):
            if one.key == key and one.state is State.VALUE:
                found += _parts(one, side)  # type: ignore[arg-type]  # one of the two sides
    return found[:MOST_CRITERIA]


def _parts(one: Field, side: Side) -> Iterator[_Criterion]:
    """Cut a text at its headings, then each part into its items; a heading of the other side turns the side."""
    at = 0
    text = _BREAK.sub("\n", one.text)
    for heading in [*_HEADING.finditer(text), None]:
        end = heading.start() if heading else len(text)
        for words in _items(text[at:end]):
            yield _Criterion(field=one, side=side, words=words)
        if heading is not None:
            named = next(word for word in heading.group("side", "short", "persian", "other") if word)
            side = "exclusion" if named.casefold() in _EXCLUDES else "inclusion"
            at = heading.end()


def _items(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line in lines if line]
    if sum(bool(_BULLET.match(line)) for line in said) > 1 or (said and _BULLET.match(said[0])):
        pieces = _bulleted(lines)
    else:
        pieces = said if len(said) > 1 else _clauses(text)
    for one in pieces:
        words = _AND.sub("", _BULLET.sub("", one).strip(" .;,\t")).strip(" .;,:")
        if stems(words) or numbers(words, times=True):
            yield words


def _bulleted(lines: list[str]) -> list[str]:
    """Join a wrapped line to the bullet before it; a line after an empty one stands by itself."""
    found: list[str] = []
    goes_on = False
    for line in lines:
        if line and goes_on and not _BULLET.match(line):
            found[-1] += f" {line}"
        elif line:
            found.append(line)
        goes_on = bool(line)
    return found


def _clauses(text: str) -> list[str]:
    """Cut prose at semicolons, full stops and commas that stand outside parentheses; the words keep their parentheses."""
    hidden = _PARENTHESES.sub(lambda found: "\x00" * len(found.group()), text)
    marks = [0, *(found.end() for found in re.finditer(r"[;،؛]|,(?!\d)|(?<!\d)\.(?=\s|$)|\.(?=\s+[A-Z])", hidden)), len(text)]
    return [text[start:end] for start, end in pairwise(marks)]


def _age(versions: Versions) -> Iterator[Seen]:
    old, new = (ages(Source(record=record)) for record in (versions.old, versions.new))
    if not (old.fields and new.fields) or None in (old.low, old.high, new.low, new.high):
        yield from _age_words(versions, old, new)
        return
    if (old.low, old.high) != (new.low, new.high):
        yield Seen(code="eligibility.age", before=old.fields, after=new.fields, facts={"before": _range(old), "after": _range(new)})


def _age_words(versions: Versions, old: Ages, new: Ages) -> Iterator[Seen]:
    """Limits that cannot be read on both sides are compared as words, in the same form only."""
    keys = ("eligibility.age", "eligibility.age_from", "eligibility.age_to")
    before, after = ([one for key in keys for one in record.all(key) if one.key == key] for record in (versions.old, versions.new))
    told = [" ".join(one.text for one in fields if one.text) for fields in (before, after)]
    if versions.same_form and normal(told[0]) != normal(told[1]):
        nothing = word("said", "none")
        facts = {"before": told[0] or nothing, "after": told[1] or nothing}
        yield Seen(code="eligibility.age", before=tuple(before), after=tuple(after), facts=facts)


def _range(found: Ages) -> Text:
    unlimited = word("said", "unlimited")
    if not found.low and not found.high:
        return unlimited
    low, high = (limit or unlimited for limit in (found.low, found.high))
    english, persian = (
        [one.en if isinstance(one, Text) else one for one in (low, high)],
        [one.fa if isinstance(one, Text) else one for one in (low, high)],
    )
    return Text(en=f"{english[0]} to {english[1]}", fa=f"{persian[0]} تا {persian[1]}")


def _sex(versions: Versions) -> Iterator[Seen]:
    old, new = versions.old.get("eligibility.sex"), versions.new.get("eligibility.sex")
    if old is None or new is None or State.VALUE not in (old.state, new.state):
        return
    if (old.value or normal(old.text)) != (new.value or normal(new.text)):
        nothing = word("said", "none")
        yield Seen(
            code="eligibility.sex", before=(old,), after=(new,), facts={"before": old.text or nothing, "after": new.text or nothing}
        )
