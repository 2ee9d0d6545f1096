"""Size, design, status and arms of two versions."""

from __future__ import annotations

from collections.abc import Iterator

from trialwright.checks.history.changes import Seen, load_words
from trialwright.checks.history.versions import Versions, said
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
from trialwright.registry import Field, Record
from trialwright.registry.carry.concepts import arm_label, phase_numbers, plain
from trialwright.registry.carry.source import Source
from trialwright.registry.ictrp import group_sizes
from trialwright.terms.sentences import Text

_CLOSED = ("design.allocation", "design.masking", "design.model", "design.placebo")
_WORDED = ("design.purpose", "design.study_type")

_NOTHING = frozenset({"na", "n/a", "not_applicable", "not applicable"})


def find_size_changes(versions: Versions) -> Iterator[Seen]:
    """Compare what is a number or a closed list whatever the language: size, phase, allocation, blinding, status."""
    yield from _size(versions)
    for key in _CLOSED:
        yield from _typed(versions, key)
    yield from _phase(versions)
    yield from _status(versions)


def find_design_changes(versions: Versions) -> Iterator[Seen]:
    """Compare what a design says in words: its purpose, the type of study, who is blinded."""
    for key in _WORDED:
        yield from _typed(versions, key)
    yield from _masked(versions)


def find_language_change(versions: Versions) -> Iterator[Seen]:
    """Say that words in two languages were not compared."""
    yield Seen(code="form.two_languages", before=versions.old.all("titles")[:1], after=versions.new.all("titles")[:1])


def _size(versions: Versions) -> Iterator[Seen]:
    old, new = (record.get("design.sample_size.target") for record in (versions.old, versions.new))
    reached, before = (record.get("design.sample_size.actual") for record in (versions.new, versions.old))
    was, now = _total(old), _total(new)
    if was is not None and now is not None and was != now and old and new:
        yield Seen(code="sample_size.target", before=(old,), after=(new,), facts={"before": was, "after": now})
    reported, known = _total(reached), _total(before)
    if reported is not None and reached and reported != known:
        earlier = was if known is None else known
        shown = Text(en=str(earlier), fa=str(earlier)) if earlier is not None else Text(**load_words()["said"]["none"])
        fields = tuple(one for one in (before or old,) if one is not None)
        yield Seen(code="sample_size.reported", before=fields, after=(reached,), facts={"before": shown, "after": reported})


def _total(one: Field | None) -> int | None:
    if one is None:
        return None
    return one.number if one.number is not None else sum(group_sizes(one.text)) or None


def _typed(versions: Versions, key: str) -> Iterator[Seen]:
    old, new = versions.old.get(key), versions.new.get(key)
    if not versions.both_hold(key) or not (old or new):
        return
    was, now = _meaning(old), _meaning(new)
    if was != now:
        yield _changed(key, old, new)


def _meaning(one: Field | None) -> str:
    """Give what a field says; "not applicable" says as little as nothing."""
    if one is None:
        return ""
    said_so = str(one.value) if one.value is not None else plain(one.text)
    return "" if said_so in _NOTHING else said_so


def _changed(key: str, old: Field | None, new: Field | None) -> Seen:
    nothing = Text(**load_words()["said"]["none"])
    return Seen(
        code="design.changed",
        before=(old,) if old else (),
        after=(new,) if new else (),
        facts={
            "label": Text(**load_words()["design"][key]),
            "before": (old.text if old else "") or nothing,
            "after": (new.text if new else "") or nothing,
        },
    )


def _phase(versions: Versions) -> Iterator[Seen]:
    old, new = said(versions.old, "design.phase"), said(versions.new, "design.phase")
    if not versions.both_hold("design.phase") or not (old or new):
        return
    was, now = _phases(versions.old), _phases(versions.new)
    if was != now:
        yield _changed("design.phase", next(iter(old), None), next(iter(new), None))


def _phases(record: Record) -> tuple[str, ...]:
    numbers_read, _ = phase_numbers(Source(record=record))
    found = numbers_read or tuple(sorted(normal(one.text) for one in said(record, "design.phase")))
    return tuple(one for one in found if one not in _NOTHING)


def _masked(versions: Versions) -> Iterator[Seen]:
    key = "design.masked_groups"
    old, new = said(versions.old, key), said(versions.new, key)
    was, now = ({stems(plain(part)) for one in fields for part in one.text.split(",")} for fields in (old, new))
    was, now = (found - {frozenset(), stems("no information")} for found in (was, now))
    if versions.both_hold(key) and was != now:
        yield _changed(key, next(iter(old), None), next(iter(new), None))


def _status(versions: Versions) -> Iterator[Seen]:
    old, new = versions.old.get("status.recruitment"), versions.new.get("status.recruitment")
    if old is None or new is None or _meaning(old) == _meaning(new):
        return
    if not versions.same_form and {old.value, new.value} & {None, "not_recruiting", "other", "unknown"}:
        return
    yield Seen(code="status.changed", before=(old,), after=(new,), facts={"before": old.text, "after": new.text})


def find_arm_changes(versions: Versions) -> Iterator[Seen]:
    """Compare the arms as a set: label and description together."""
    if not versions.both_hold("arms.1.description"):
        return
    old, new = _arms(versions.old), _arms(versions.new)
    pairs = list(pair(old, new, _likeness, _order))
    left, right = {id(one) for one, _ in pairs}, {id(other) for _, other in pairs}
    for one in (one for one in new if id(one) not in right):
        yield Seen(code="arm.added", after=one, facts={"after": _words(one)})
    for one in (one for one in old if id(one) not in left):
        yield Seen(code="arm.removed", before=one, facts={"before": _words(one)})
    for one, other in sorted(pairs, key=lambda two: _order(two[1])):
        yield from _compare_arms(one, other)


def _arms(record: Record) -> list[tuple[Field, ...]]:
    items = (
        tuple(found for part in ("label", "description") if (found := record.get(f"{item}.{part}")) is not None and found.text)
        for item in record.items("arms")
    )
    return [fields for fields in items if fields]


def _words(fields: tuple[Field, ...]) -> str:
    """Give label and description; a description that begins with its label says it once."""
    first, *rest = [one.text for one in fields]
    return rest[0] if rest and rest[0].startswith(first) else ": ".join((first, *rest))


def _order(fields: tuple[Field, ...]) -> str:
    return normal(_words(fields))


def _likeness(one: tuple[Field, ...], other: tuple[Field, ...]) -> float:
    if _order(one) == _order(other):
        return 2.0
    named, name = (normal(arm_label(f"{_words(fields)}: ")) for fields in (one, other))
    return 1.5 if named and named == name else likeness(without_numbers(_words(one)), without_numbers(_words(other)))


def _compare_arms(one: tuple[Field, ...], other: tuple[Field, ...]) -> Iterator[Seen]:
    before, after = _words(one), _words(other)
    if before.split() == after.split():
        return
    was, now = numbers(before, times=True), numbers(after, times=True)
    other_numbers = not same_numbers(was, now)
    if other_numbers:
        facts = {"title": after, "before": listed(beyond(was, now)), "after": listed(beyond(now, was))}
        yield Seen(code="arm.dose", before=one, after=other, facts=facts)
    same = stems(without_numbers(before)) == stems(without_numbers(after))
    if not same or not other_numbers:
        shown = dict(zip(("before", "after"), differing(before, after), strict=True))
        yield Seen(code="arm.wording", variant="same" if same else "", before=one, after=other, facts=shown)
