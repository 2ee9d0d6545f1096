"""Checks over the dates of a record: registration, ethics, recruitment, status, updates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import is_export
from trialwright.registry import Field, Record, State, find_damage
from trialwright.terms.dates import DateError, PartialDate, days_between, parse_date

_ENDED = frozenset({"recruitment_complete", "complete"})
_NOTHING = frozenset({State.EMPTY, State.SAYS_EMPTY})
_OLD_NUMBER = re.compile(r"IRCT(\d{4})(\d{2})(\d{2})[1-9]\d{0,4}N\d+", re.ASCII)
_ORDER = (
    ("dates.expected_start", "dates.expected_end"),
    ("dates.actual_start", "dates.actual_end"),
    ("dates.actual_start", "dates.completion"),
    ("dates.actual_end", "dates.completion"),
    ("dates.expected_start", "dates.expected_completion"),
    ("dates.actual_start", "dates.expected_completion"),
    ("dates.actual_start", "dates.actual_primary_completion"),
    ("dates.actual_primary_completion", "dates.completion"),
    ("dates.expected_primary_completion", "dates.expected_completion"),
    ("dates.registration", "dates.last_update"),
)
_PAST = (
    "dates.registration",
    "dates.last_update",
    "dates.actual_start",
    "dates.actual_end",
    "dates.completion",
    "dates.actual_primary_completion",
    "ethics.1.approval_date",
)


@check(
    code="dates.registered_after_start",
    severity="error",
    rule="A trial is registered before its first participant is enrolled.",
    source="ICMJE Recommendations, clinical trial registration; WHO TRDS 1.3.1 items 2 and 16; Declaration of Helsinki",
)
def registered_after_start(record: Record, today: date) -> Iterator[Evidence]:
    """Registration certainly after the start, actual where it is known, else expected."""
    registered, start = record.get("dates.registration"), record.start
    begun = _day_or_month(record, start)
    if registered and start and registered.date and begun and registered.date.is_after(begun):
        apart = _apart(begun, registered.date)
        end = record.get("dates.expected_end")
        planned = days_between(begun, end.date) if end is not None and end.date is not None else None
        facts = {"registered": registered.text, "start": start.text, "days": apart, "planned": planned}
        variant = "within" if planned and apart <= planned else ""
        yield Evidence(places=(place(registered), place(start)), facts=facts, variant=variant)


@check(
    code="dates.ethics_after_start",
    severity="error",
    rule="A research ethics committee approves a trial before it starts.",
    source="Declaration of Helsinki, research ethics committees; ICH E6(R3) Annex 1, section 1, IRB/IEC; WHO TRDS 1.3.1 item 21",
)
def ethics_after_start(record: Record, today: date) -> Iterator[Evidence]:
    """The earliest approval certainly after the start."""
    found = (record.get(f"{item}.approval_date") for item in record.items("ethics"))
    dated = [(one.date, one) for one in found if one is not None and one.date is not None]
    start = record.start
    if not dated or start is None or start.date is None:
        return
    approved, shown = min(dated, key=lambda pair: pair[0].latest)
    if approved.is_after(start.date):
        facts = {"approved": shown.text, "start": start.text, "days": _apart(start.date, approved)}
        yield Evidence(places=(place(shown), place(start)), facts=facts)


@check(
    code="dates.timing_label",
    severity="error",
    rule="The label of registration timing agrees with the dates and the status beside it.",
    source="WHO TRDS 1.3.1 items 2, 16 and 18, read together",
)
def timing_label(record: Record, today: date) -> Iterator[Evidence]:
    """A label (prospective, while recruiting, retrospective) that the dates or the status rule out."""
    label, registered, start = record.get("design.registration_timing"), record.get("dates.registration"), record.start
    if label is None or registered is None or registered.date is None or start is None or start.date is None:
        return
    places = [place(label), place(registered), place(start)]
    facts = {"label": label.text, "registered": registered.text, "start": start.text}
    if label.value == "prospective" and registered.date.is_after(start.date):
        yield Evidence(places=tuple(places), facts=facts, variant="too_late")
    elif label.value in ("while_recruiting", "retrospective") and registered.date.is_before(start.date):
        yield Evidence(places=tuple(places), facts=facts, variant="too_early")
    elif label.value == "while_recruiting":
        yield from _while_recruiting(record, label, registered)


def _while_recruiting(record: Record, label: Field, registered: Field) -> Iterator[Evidence]:
    end, status, updates = record.end, record.get("status.recruitment"), record.get("updates.count")
    if end and end.date and registered.date and registered.date.is_after(end.date):
        facts = {"label": label.text, "registered": registered.text, "end": end.text}
        yield Evidence(places=(place(label), place(registered), place(end)), facts=facts, variant="after_end")
    elif status and status.value in _ENDED and updates and updates.value == 0:
        facts = {"label": label.text, "status": status.text}
        places = (place(label), place(status), place(updates))
        yield Evidence(places=places, facts=facts, variant="complete", severity="warning")


@check(
    code="dates.placeholder_start",
    severity="warning",
    rule="The date of first enrolment is the day it happened or is planned, not a month filled in as its first day.",
    source="WHO TRDS 1.3.1 item 16; notes on Iranian registrations: expected dates are often the 1st of a Jalali month",
)
def placeholder_start(record: Record, today: date) -> Iterator[Evidence]:
    """Expected start and end both on the first of a month, start passed, and no actual start given."""
    start, end = record.get("dates.expected_start"), record.get("dates.expected_end")
    if start is None or end is None or start.date is None or end.date is None:
        return
    passed = start.date.latest < today and record.state("dates.actual_start") is not State.VALUE
    if passed and start.date.is_first_of_month() and end.date.is_first_of_month():
        yield Evidence(places=(place(start), place(end)), facts={"start": start.text, "end": end.text})


@check(
    code="dates.actual_missing",
    severity="warning",
    rule="Once recruitment has started or ended, the record gives the actual dates.",
    source="WHO TRDS 1.3.1 items 16, 18 and 22",
)
def actual_missing(record: Record, today: date) -> Iterator[Evidence]:
    """Recruitment is complete, by its status or its dates, and the actual dates are empty."""
    status = record.get("status.recruitment")
    ended = status is not None and status.value in _ENDED
    keys = ("dates.actual_start", "dates.actual_end", "dates.completion")
    empty = [one for one in map(record.get, keys) if one is not None and one.state in _NOTHING]
    if status is None or not ended or not empty:
        return
    facts = {"status": status.text, "labels": ", ".join(one.label or one.key for one in empty)}
    yield Evidence(places=(place(status), *map(place, empty)), facts=facts)


@check(
    code="dates.never_updated",
    severity="warning",
    rule="A record is kept up to date, at least once a year and until the trial is complete.",
    source="WHO International Standards for Clinical Trial Registries; ICMJE Recommendations",
)
def never_updated(record: Record, today: date) -> Iterator[Evidence]:
    """No update since registration although the expected end, later than registration, passed over a year ago."""
    updates, end, registered = record.get("updates.count"), record.end, record.get("dates.registration")
    if updates is None or updates.value != 0 or record.state("dates.last_update") is State.VALUE:
        return
    if end is None or end.date is None or registered is None or registered.date is None:
        return
    if registered.date.is_before(end.date) and end.date.latest + timedelta(days=365) < today:
        facts = {"end": end.text, "days": (today - end.date.latest).days}
        yield Evidence(places=(place(updates), place(registered), place(end)), facts=facts)


@check(
    code="dates.out_of_order",
    severity="error",
    rule="Dates follow the order of events.",
    source="WHO TRDS 1.3.1 items 2, 16, 21 and 22, read together",
)
def out_of_order(record: Record, today: date) -> Iterator[Evidence]:
    """An end before its start, or an event of the past that lies in the future."""
    for first_key, second_key in _ORDER:
        first, second = record.get(first_key), record.get(second_key)
        if first and second and first.date and second.date and second.date.is_before(first.date):
            facts = {"first": f"{first.label} ({first.text})", "second": f"{second.label} ({second.text})"}
            yield Evidence(places=(place(first), place(second)), facts=facts)
    for one in filter(None, map(record.get, _PAST)):
        if one.date and one.date.earliest > today:
            now: dict[str, object] = {"label": one.label or one.key, "date": one.text, "today": today}
            yield Evidence(places=(place(one),), facts=now, variant="future")


@check(
    code="dates.status_outdated",
    severity="warning",
    rule="The recruitment status fits the dates and today.",
    source="WHO TRDS 1.3.1 items 16 and 18",
)
def status_outdated(record: Record, today: date) -> Iterator[Evidence]:
    """Still recruiting after the end, still pending after the start, or still active after the expected completion."""
    status = record.get("status.recruitment")
    if status and status.text.casefold().startswith("active"):
        end = record.get("dates.completion") or record.get("dates.expected_completion")
        if end and end.date and end.date.latest < today:
            facts = {"status": status.text, "label": end.label or end.key, "date": end.text}
            yield Evidence(places=(place(status), place(end)), facts=facts)
        return
    end = record.end or record.get("dates.expected_primary_completion") or record.get("dates.actual_primary_completion")
    wanted = {"recruiting": end, "pending": record.start}.get(str(status.value)) if status else None
    if status and wanted and wanted.date and wanted.date.latest < today:
        facts = {"status": status.text, "label": wanted.label or wanted.key, "date": wanted.text}
        yield Evidence(places=(place(status), place(wanted)), facts=facts)


@check(
    code="dates.number_after_start",
    severity="note",
    rule="An old IRCT number carries the day its record was made, which precedes the first enrolment.",
    source="Form of IRCT numbers up to 2017: IRCT, eight digits of a date, the registrant's serial, N",
)
def number_after_start(record: Record, today: date) -> Iterator[Evidence]:
    """The date inside an old number lies after the start. New numbers carry the day of the account instead."""
    number, start = record.get("ids.registry"), record.start
    made = _made_on(record.identifier or "")
    if number and made and start and start.date and made.is_after(start.date):
        facts: dict[str, object] = {"made": made, "start": start.text, "days": _apart(start.date, made)}
        registered = record.get("dates.registration")
        if registered is None or registered.date is None or not registered.date.is_after(made):
            yield Evidence(places=(place(number), place(start)), facts=facts)
            return
        facts |= {"registered": registered.text, "later": _apart(made, registered.date)}
        yield Evidence(places=(place(number), place(start), place(registered)), facts=facts, variant="registered_later")


@check(
    code="record.unreadable_value",
    severity="error",
    rule="A date or a number can be read one way, and both calendars of a date are the same day.",
    source="WHO TRDS 1.3.1, data types; the Jalali calendar",
)
def unreadable_value(record: Record, today: date) -> Iterator[Evidence]:
    """A printed date or number that cannot be one, or two calendars that disagree."""
    unread = [one for one in record.fields if one.problem]
    explained = {seen.fields[0].path for seen in find_damage(record)} if unread else set()
    for one in unread:
        if one.path not in explained:
            yield Evidence(places=(place(one),), facts={"label": one.label or one.key, "problem": one.problem})


def _day_or_month(record: Record, start: Field | None) -> PartialDate | None:
    """Give the start; a first of the month is the month where an export may have made the day up."""
    if start is None or start.date is None:
        return None
    planned_as_month = is_export(record) and record.registry == "ClinicalTrials.gov" and re.fullmatch(r"\d{4}-\d\d-01", start.text)
    return parse_date(start.text[:7]) if planned_as_month else start.date


def _made_on(number: str) -> PartialDate | None:
    found = _OLD_NUMBER.fullmatch(number)
    if not found:
        return None
    mark = "/" if int(found[1]) < 1600 else "-"
    try:
        return parse_date(mark.join(found.groups()))
    except DateError:
        return None


def _apart(first: PartialDate, second: PartialDate) -> int:
    days = days_between(first, second)
    return days if days is not None else (second.earliest - first.latest).days


REGISTRATION_CHECKS = (
    registered_after_start,
    ethics_after_start,
    timing_label,
    placeholder_start,
    actual_missing,
    never_updated,
    out_of_order,
    status_outdated,
    number_after_start,
    unreadable_value,
)
