"""Outcomes of two versions as sets: matched by content, then compared by level, time, numbers, direction, metric and wording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from trialwright.checks.history.changes import Seen, word
from trialwright.checks.history.versions import Versions
from trialwright.checks.history.words import (
    MOST_COMPARED,
    beyond,
    differing,
    directions,
    is_within,
    likeness,
    listed,
    metric_names,
    metrics,
    normal,
    numbers,
    pair,
    same_numbers,
    stems,
    without_numbers,
)
from trialwright.checks.reading import listed as listed_points
from trialwright.checks.vocabulary import find_measures
from trialwright.registry import Field, Outcome
from trialwright.terms.sentences import Text
from trialwright.terms.time_points import TimePoints, find_time_points

_SAME_NAME = 0.95
_SAME_MEASURE = 0.6


@dataclass(kw_only=True)
class _Sides:
    """Outcomes that have no partner yet, and the pairs that were found."""

    old: list[Outcome]
    new: list[Outcome]
    pairs: list[tuple[Outcome, Outcome]] = field(default_factory=list)


def find_outcome_changes(versions: Versions) -> Iterator[Seen]:
    """Compare the outcomes that both forms hold."""
    sides = _Sides(old=_held(versions, versions.old.outcomes), new=_held(versions, versions.new.outcomes))
    sides.pairs = list(pair(sides.old, sides.new, _likeness, _order))
    left, right = {id(one) for one, _ in sides.pairs}, {id(other) for _, other in sides.pairs}
    sides.old = [one for one in sides.old if id(one) not in left]
    sides.new = [one for one in sides.new if id(one) not in right]
    if len(sides.old) + len(sides.new) + len(sides.pairs) <= MOST_COMPARED:
        yield from _bundled(sides, "outcome.split", turned=False)
        yield from _bundled(sides, "outcome.merged", turned=True)
    if versions.lists_all_outcomes:
        yield from _one_sided(sides)
    for one, other in sorted(sides.pairs, key=lambda two: _order(two[1])):
        yield from _compare(versions, one, other)


def _one_sided(sides: _Sides) -> Iterator[Seen]:
    """Tell the outcomes that only one version has."""
    yield from _replaced(sides)
    for one in sides.new:
        yield Seen(code="outcome.added", after=one.fields, facts={"level": _level(one), "after": one.title.text})
    for one in sides.old:
        yield Seen(code="outcome.removed", before=one.fields, facts={"level": _level(one), "before": one.title.text})


def _held(versions: Versions, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Leave out the levels that one of the forms has no place for; a public listing has one place for all of them."""
    if versions.same_form or not versions.lists_all_outcomes:
        return list(outcomes)
    return [one for one in outcomes if versions.both_hold(f"outcomes.{one.level or 'listed'}.1.title")]


def _order(outcome: Outcome) -> str:
    return f"{normal(outcome.text)} {outcome.level}"


def _words(outcome: Outcome) -> str:
    return "\n".join(one.text for one in (outcome.title, outcome.description) if one is not None)


def _likeness(old: Outcome, new: Outcome) -> float:
    """Say how alike two outcomes are: by name, by what is measured, by words; another measure is another outcome."""
    if normal(old.text) == normal(new.text):
        return 2.0 if old.level == new.level else 1.9
    nudge = 0.02 if old.level == new.level else 0.0
    if normal(old.title.text) == normal(new.title.text):
        return _SAME_NAME + nudge + likeness(_words(old), _words(new)) / 100
    measured, measures = set(find_measures(_words(old))), set(find_measures(_words(new)))
    if measured and measures and not measured & measures:
        return 0.0
    alike = max(likeness(old.title.text, new.title.text), likeness(_words(old), _words(new)))
    if measured and measured == measures and len(measured) == 1:
        return max(_SAME_MEASURE, alike) + nudge
    return alike + nudge


def _bundled(sides: _Sides, code: str, *, turned: bool) -> Iterator[Seen]:
    """Find an outcome that is several in the other version: split, or merged where the versions are turned."""
    wholes = sorted([*(two[turned] for two in sides.pairs), *(sides.new if turned else sides.old)], key=_order)
    for whole in wholes:
        partner = next((two[not turned] for two in sides.pairs if two[turned] is whole), None)
        if partner is not None and not _is_part(partner, whole):
            continue
        loose = [one for one in (sides.old if turned else sides.new) if _is_part(one, whole)]
        parts = sorted([*([partner] if partner else []), *loose], key=_order)
        if len(parts) > 1:
            _forget(sides, whole, parts)
            yield _bundle(code, whole, parts, turned=turned)


def _bundle(code: str, whole: Outcome, parts: list[Outcome], *, turned: bool) -> Seen:
    titles = tuple(one.title for one in parts)
    named = ", ".join(f'"{one.text}"' for one in titles)
    if turned:
        return Seen(code=code, before=titles, after=whole.fields, facts={"before": named, "after": whole.title.text})
    return Seen(code=code, before=whole.fields, after=titles, facts={"before": whole.title.text, "after": named})


def _forget(sides: _Sides, whole: Outcome, parts: list[Outcome]) -> None:
    """Take outcomes that have been told out of the comparison."""
    told = {id(one) for one in (whole, *parts)}
    sides.pairs = [two for two in sides.pairs if not told & {id(one) for one in two}]
    sides.old = [one for one in sides.old if id(one) not in told]
    sides.new = [one for one in sides.new if id(one) not in told]


def _is_part(part: Outcome, whole: Outcome) -> bool:
    """Say whether an outcome is one of several things that another names."""
    inside, around = set(find_measures(_words(part))), set(find_measures(_words(whole)))
    if inside and inside < around:
        return True
    return is_within(part.title.text, _words(whole)) and len(stems(part.title.text)) < len(stems(whole.title.text))


def _replaced(sides: _Sides) -> Iterator[Seen]:
    """The primary outcomes are other ones, and none of the old ones lives on anywhere."""
    gone = sorted((one for one in sides.old if one.level == "primary"), key=_order)
    come = sorted((one for one in sides.new if one.level == "primary"), key=_order)
    kept = any(one.level == "primary" or other.level == "primary" for one, other in sides.pairs)
    if gone and come and not kept:
        facts = {name: "; ".join(one.title.text for one in found) for name, found in (("before", gone), ("after", come))}
        yield Seen(
            code="outcome.replaced",
            before=tuple(one.title for one in gone),
            after=tuple(one.title for one in come),
            facts=facts,
        )
        sides.old = [one for one in sides.old if one not in gone]
        sides.new = [one for one in sides.new if one not in come]


def _level(outcome: Outcome) -> Text:
    return word("level", outcome.level or "listed")


def _compare(versions: Versions, old: Outcome, new: Outcome) -> Iterator[Seen]:
    title = {"title": new.title.text}
    if old.level != new.level and old.level is not None and new.level is not None:
        facts = {"was": _level(old), "level": _level(new), "after": new.title.text}
        yield Seen(code="outcome.level", before=(old.title,), after=(new.title,), facts=facts)
    if old.text.split() == new.text.split() or (not versions.same_form and normal(old.text) == normal(new.text)):
        return
    yield from _time(versions, old, new, title)
    before, after = _both_words(versions, old, new)
    yield from _numbers(old, new, numbers(before), numbers(after), title)
    yield from _direction(old, new, directions(before), directions(after), title)
    yield from _metric(old, new, metrics(before), metrics(after), title)
    yield from _method(versions, old, new, title)
    yield from _wording(old, new, before, after)


def _both_words(versions: Versions, old: Outcome, new: Outcome) -> tuple[str, str]:
    """Give the words to compare: with the descriptions where both have one, or where their form is the same."""
    described = versions.same_form or (old.description is not None and new.description is not None)
    return (_words(old), _words(new)) if described else (old.title.text, new.title.text)


def _time(versions: Versions, old: Outcome, new: Outcome, title: dict[str, str]) -> Iterator[Seen]:
    if not versions.same_form and (old.time_frame is None or new.time_frame is None):
        return
    was, now = _times(old), _times(new)
    if was == now:
        return
    before, after = _named(was), _named(now)
    variant = "" if was else "given"
    facts = {**title, "before": before, "after": after}
    yield Seen(code="outcome.time", variant=variant, before=_time_places(old), after=_time_places(new), facts=facts)


def _time_places(outcome: Outcome) -> tuple[Field, ...]:
    return (outcome.time_frame,) if outcome.time_frame is not None else (outcome.title,)


def _times(outcome: Outcome) -> TimePoints:
    told = (outcome.time_frame or outcome.title).text
    found = find_time_points(told)
    return found if found or outcome.description is None else find_time_points(f"{outcome.title.text}\n{outcome.description.text}")


def _named(times: TimePoints) -> Text:
    points = listed_points(times.points)
    english = ["baseline"] if times.baseline else []
    persian = ["آغاز"] if times.baseline else []
    english += [points.en] if points.en else []
    persian += [points.fa] if points.fa else []
    english += [f"every {step}" for step in times.series]
    persian += [f"هر {step.in_persian()}" for step in times.series]
    if not english:
        return word("said", "none")
    return Text(en=", ".join(english), fa="، ".join(persian))


def _numbers(old: Outcome, new: Outcome, was: tuple[str, ...], now: tuple[str, ...], title: dict[str, str]) -> Iterator[Seen]:
    if same_numbers(was, now):
        return
    facts = {**title, "before": listed(beyond(was, now)), "after": listed(beyond(now, was))}
    variant = "" if was else "given"
    yield Seen(code="outcome.threshold", variant=variant, before=_told(old), after=_told(new), facts=facts)


def _direction(old: Outcome, new: Outcome, was: str, now: str, title: dict[str, str]) -> Iterator[Seen]:
    if was == now or not now:
        return
    facts = {**title, "before": word("direction", was) if was else word("said", "none"), "after": word("direction", now)}
    yield Seen(code="outcome.direction", variant="" if was else "given", before=_told(old), after=_told(new), facts=facts)


def _metric(old: Outcome, new: Outcome, was: frozenset[str], now: frozenset[str], title: dict[str, str]) -> Iterator[Seen]:
    if was == now or not now:
        return
    facts = {**title, "before": metric_names(was), "after": metric_names(now)}
    yield Seen(code="outcome.metric", variant="" if was else "given", before=_told(old), after=_told(new), facts=facts)


def _method(versions: Versions, old: Outcome, new: Outcome, title: dict[str, str]) -> Iterator[Seen]:
    if not versions.same_form and (old.method is None or new.method is None):
        return
    before, after = (one.method.text if one.method else "" for one in (old, new))
    if normal(before) == normal(after):
        return
    facts = {**title, "before": before or word("said", "none"), "after": after or word("said", "none")}
    yield Seen(
        code="outcome.method",
        before=(old.method or old.title,),
        after=(new.method or new.title,),
        facts=facts,
    )


def _wording(old: Outcome, new: Outcome, before: str, after: str) -> Iterator[Seen]:
    shown = dict(zip(("before", "after"), differing(before, after), strict=True))
    if normal(before) == normal(after) or stems(without_numbers(before)) == stems(without_numbers(after)) != frozenset():
        if before.split() == after.split() or _said_apart(before, after):
            return
        yield Seen(code="outcome.wording", variant="same", before=_told(old), after=_told(new), facts=shown)
        return
    yield Seen(code="outcome.wording", before=_told(old), after=_told(new), facts=shown)


def _said_apart(before: str, after: str) -> bool:
    """Say whether numbers, direction or metric differ: what has a sentence of its own is no matter of writing."""
    return (
        not same_numbers(numbers(before), numbers(after))
        or directions(before) != directions(after)
        or metrics(before) != metrics(after)
        or find_time_points(before) != find_time_points(after)
    )


def _told(outcome: Outcome) -> tuple[Field, ...]:
    return tuple(one for one in (outcome.title, outcome.description) if one is not None)
