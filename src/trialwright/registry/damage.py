"""What happened to a record on its way: traces of known damage, each with what the value may have been.

A proposal is shown and never applied: the record keeps the words it came with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import jdatetime

from trialwright.registry.damage_text import Damage, DamageCode, find_damage_of_text
from trialwright.registry.ictrp import group_sizes
from trialwright.registry.record import Record

__all__ = ["Damage", "DamageCode", "find_damage"]

_DATED = re.compile(r"(?:19|20)\d\d-(\d\d)-(\d\d)(?:[ T]00:00(?::00)?)?", re.ASCII)
_SHORT = re.compile(r"(\d{1,2})-(Jan|Feb|Mar|Apr)\w*", re.ASCII | re.IGNORECASE)
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4}
_FAR = re.compile(r"(2[5-7]\d\d)-(\d\d)-(\d\d)", re.ASCII)
_FIRST_OF_MONTH = re.compile(r"(\d{4}-\d\d)-01(?:[ T]00:00(?::00)?)?", re.ASCII)
_LAST_PHASE = 4


def find_damage(record: Record) -> Iterator[Damage]:
    """Give the traces of damage in a record."""
    yield from _phase_is_date(record)
    yield from _calendar_twice(record)
    yield from _flag_inverted(record)
    yield from _size_by_group(record)
    yield from _day_invented(record)
    yield from _dates_differ(record)
    yield from find_damage_of_text(record)


def _phase_is_date(record: Record) -> Iterator[Damage]:
    """A spreadsheet takes phase 1-2 for the first of February."""
    one = record.get("design.phase")
    found = _DATED.fullmatch(one.text) if one else None
    short = _SHORT.fullmatch(one.text) if one else None
    if one and (found or short):
        numbers = sorted(
            (int(found[1]), int(found[2])) if found else (int(short[1]), _MONTHS[short[2][:3].casefold()]) if short else ()
        )
        is_phase = numbers[1] == numbers[0] + 1 and numbers[1] <= _LAST_PHASE
        yield Damage(code="phase_is_date", fields=(one,), proposal=f"{numbers[0]}-{numbers[1]}" if is_phase else None)


def _calendar_twice(record: Record) -> Iterator[Damage]:
    """A Gregorian date that was read as a Jalali one and converted lies about 621 years ahead."""
    for one in record.all("dates"):
        found = _FAR.match(one.text) if one.problem else None
        if found:
            try:
                back = jdatetime.date.fromgregorian(date=date(*map(int, found.groups())))
                proposal = date(back.year, back.month, back.day).isoformat()
            except ValueError:
                proposal = None
            yield Damage(code="calendar_twice", fields=(one,), proposal=proposal)


def _flag_inverted(record: Record) -> Iterator[Damage]:
    """The export's flag says "No" to registration after the start, and the two dates of the row say that it was after.

    "No" stood so in every one of the 1,222 rows of three exports of 2020 that have it, so the word cannot be read by the name
    of its column. "Yes" stood before, on and after the start alike: it proves nothing, and nothing is said of it.
    """
    flag, registered, start = record.get("status.retrospective_flag"), record.get("dates.registration"), record.start
    if not (flag and registered and start and registered.date and start.date):
        return
    if flag.text.casefold() == "no" and registered.date.is_after(start.date):
        yield Damage(code="flag_inverted", fields=(flag, registered, start), proposal="Yes")


def _size_by_group(record: Record) -> Iterator[Damage]:
    """A target size that lists its groups has no total."""
    one = record.get("design.sample_size.target")
    sizes = group_sizes(one.text) if one and one.number is None else ()
    if one and sizes:
        yield Damage(code="size_by_group", fields=(one,), proposal=str(sum(sizes)))


def _day_invented(record: Record) -> Iterator[Damage]:
    """A spreadsheet made a month a day: the start of a ClinicalTrials.gov trial is a cell of dates, on the first.

    The export writes a day of this registry in words ("May 1, 2020"), and such a cell stays text. "May 2020" does not: the
    spreadsheet takes it for a date. All 343 such cells of two exports of 2020 are on the first of a month.
    """
    start = record.get("dates.expected_start")
    if record.form != "ictrp-xlsx" or record.registry != "ClinicalTrials.gov" or start is None:
        return
    found = _FIRST_OF_MONTH.fullmatch(start.text)
    if found:
        yield Damage(code="day_invented", fields=(start,), proposal=found[1])


def _dates_differ(record: Record) -> Iterator[Damage]:
    """The export gives the day of registration twice; day and month can be exchanged in one of them."""
    one, other = record.get("dates.registration"), record.get("dates.registration_compact")
    if one and other and one.date and other.date and one.date != other.date:
        yield Damage(code="dates_differ", fields=(one, other), proposal=str(other.date))
