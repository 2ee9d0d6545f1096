"""Dates of two versions: a start moved past registration or past the update itself, an end planned again, dates now reported."""

from __future__ import annotations

from collections.abc import Iterator

from trialwright.checks.history.changes import Seen, word
from trialwright.checks.history.versions import Versions
from trialwright.checks.history.words import pair
from trialwright.registry import Field, Record
from trialwright.terms.dates import DateError, PartialDate

_PLANS = (
    ("dates.expected_end", "dates.actual_end"),
    ("dates.expected_primary_completion", "dates.actual_primary_completion"),
    ("dates.expected_completion", "dates.completion"),
)


def find_date_changes(versions: Versions) -> Iterator[Seen]:
    """Compare the dates that both versions have."""
    yield from _start(versions)
    for planned, actual in _PLANS:
        yield from _plan(versions, planned, actual)
    yield from _fixed(versions)


def _start(versions: Versions) -> Iterator[Seen]:
    old, new = versions.old.start, versions.new.start
    if old is None or new is None or old.date is None or new.date is None:
        return
    happened = new.key == "dates.actual_start" != old.key
    was, now = known_date(versions.old, old.date), known_date(versions.new, new.date)
    facts: dict[str, object] = {"before": str(was), "after": str(now)}
    if _same(was, now):
        if happened and versions.same_form:
            yield Seen(code="date.start", variant="reported", before=(old,), after=(new,), facts=facts)
        return
    variant, more = _start_variant(versions, was, now, happened=happened and versions.same_form)
    yield Seen(code="date.start", variant=variant, before=(old,), after=(new,), facts={**facts, **more})


def known_date(record: Record, day: PartialDate) -> PartialDate:
    """Give a date as far as it is known: WHO's export writes a month of ClinicalTrials.gov as its first day."""
    invented = record.form.startswith("ictrp") and record.registry == "ClinicalTrials.gov" and day.day == 1
    return PartialDate(year=day.year, month=day.month, calendar=day.calendar) if invented else day


def _start_variant(versions: Versions, old: PartialDate, new: PartialDate, *, happened: bool) -> tuple[str, dict[str, str]]:
    """Name what a moved start means: past registration, past the update, or the actual start after a planned one."""
    if old.precision != new.precision and not old.is_before(new) and not old.is_after(new):
        return "closer", {}
    registered, updated = versions.old.date_at("dates.registration"), versions.updated
    if registered is not None and old.is_before(registered) and not new.is_before(registered):
        return "retroactive", {"registered": str(registered)}
    if registered is not None and new.is_before(registered) and not old.is_before(registered):
        return "before_registration", {"registered": str(registered)}
    if updated is not None and old.is_before(updated) and new.is_after(updated):
        return "passed", {"updated": str(updated)}
    return ("reported" if happened else ""), {}


def _plan(versions: Versions, planned: str, actual: str) -> Iterator[Seen]:
    old, new = versions.old.get(planned), versions.new.get(planned)
    reported, before = versions.new.get(actual), versions.old.get(actual)
    if reported is not None and reported.date is not None and versions.both_hold(actual):
        if before is None or before.date is None:
            facts = {"label": word("dates", actual), "after": str(reported.date)}
            yield Seen(code="date.reported", before=(old,) if old else (), after=(reported,), facts=facts)
        elif not _same(before.date, reported.date):
            yield _moved(versions, actual, before, reported)
    if old is None or new is None or old.date is None or new.date is None or _same(old.date, new.date):
        return
    yield _moved(versions, planned, old, new)


def _moved(versions: Versions, key: str, old: Field, new: Field) -> Seen:
    facts: dict[str, object] = {"label": word("dates", key), "before": str(old.date), "after": str(new.date)}
    updated = versions.updated
    planned = key.startswith("dates.expected")
    if planned and updated and old.date and new.date and old.date.is_before(updated) and new.date.is_after(updated):
        return Seen(code="date.moved", variant="passed", before=(old,), after=(new,), facts={**facts, "updated": str(updated)})
    return Seen(code="date.moved", before=(old,), after=(new,), facts=facts)


def _fixed(versions: Versions) -> Iterator[Seen]:
    """The day of registration, and the days of the ethics approvals, matched by their committees."""
    old, new = versions.old.get("dates.registration"), versions.new.get("dates.registration")
    if old and new and old.date and new.date and not _same(old.date, new.date):
        facts = {"label": word("dates", "dates.registration"), "before": str(old.date), "after": str(new.date)}
        yield Seen(code="date.fixed", before=(old,), after=(new,), facts=facts)
    before, after = _approvals(versions.old), _approvals(versions.new)
    for (_, one), (_, other) in pair(
        before, after, lambda two, three: float(two[0] == three[0]), lambda two: f"{two[0]} {two[1].text}"
    ):
        if one.date and other.date and not _same(one.date, other.date):
            facts = {"label": word("dates", "ethics"), "before": str(one.date), "after": str(other.date)}
            yield Seen(code="date.fixed", before=(one,), after=(other,), facts=facts)


def _approvals(record: Record) -> list[tuple[str, Field]]:
    found = ((record.words(f"{item}.name"), record.get(f"{item}.approval_date")) for item in record.items("ethics"))
    return [(name, one) for name, one in found if one is not None and one.date is not None]


def _same(one: PartialDate, other: PartialDate) -> bool:
    """Say whether two dates are the same day, month or year; one day in two calendars is one day."""
    try:
        return one.in_gregorian() == other.in_gregorian()
    except DateError:
        return one == other
