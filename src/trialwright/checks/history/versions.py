"""Two versions of a record side by side: what each form holds, when the later one was made, and whether enrolment had begun."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from trialwright.checks.history.changes import AfterStart
from trialwright.registry import Field, Record, State, ctgov_json, ctgov_xml, who_xml
from trialwright.registry.carry.irct_sheet import form_keys
from trialwright.registry.carry.pieces import plain_key, template
from trialwright.registry.ictrp import load_columns
from trialwright.terms.dates import PartialDate

_UPDATED = ("dates.last_update", "dates.last_update_posted", "dates.refreshed")
_RUNNING = frozenset({"recruiting", "recruitment_complete", "complete", "suspended", "terminated"})
_LISTING = frozenset(
    {
        "summary.text",
        "summary.detail",
        "status.recruitment",
        "design.sample_size.target",
        "arms.N.description",
        "centers.N.name",
        "centers.N.place",
        *(f"design.{part}" for part in ("study_type", "allocation", "purpose", "model", "masking", "phase")),
        *(f"outcomes.listed.N.{part}" for part in ("title", "description", "timepoint")),
    }
)
_DESIGN_PARTS = frozenset(
    f"design.{part}"
    for part in ("allocation", "masking", "model", "purpose", "placebo", "allocation_description", "masking_description")
)


@dataclass(frozen=True, kw_only=True)
class Versions:
    """An earlier and a later version of a record, and the day of the comparison."""

    old: Record
    new: Record
    today: date

    @cached_property
    def same_form(self) -> bool:
        """Say whether both hold the same fields."""
        return self.old.form == self.new.form or (self.old.form.startswith("irct") and self.new.form.startswith("irct"))

    @cached_property
    def same_language(self) -> bool:
        """Say whether both are in Persian or both are not; words in two languages cannot be compared."""
        return _is_persian(self.old) == _is_persian(self.new)

    @cached_property
    def lists_all_outcomes(self) -> bool:
        """Say whether an outcome that only one version has was added or removed; a listing page may leave some out."""
        return self.same_form or "public-listing" not in (self.old.form, self.new.form)

    def both_hold(self, key: str) -> bool:
        """Say whether both forms have a place for a key."""
        return self.same_form or (holds(self.old.form, key) and holds(self.new.form, key))

    @cached_property
    def updated(self) -> PartialDate | None:
        """The day on which the later version was made, if it says so."""
        return updated_on(self.new)

    @cached_property
    def after_enrolment(self) -> AfterStart:
        """Say whether the later version was made after enrolment began, as far as dates and status tell."""
        was, status = (one.get("status.recruitment") for one in (self.old, self.new))
        if was is not None and was.value in _RUNNING:
            return "yes"
        if status is not None and status.value == "pending":
            return "no"
        starts = [one.date for one in self._starts if one.date is not None]
        if not starts:
            return "not_known"
        if self.updated is not None and all(start.is_before(self.updated) for start in starts):
            return "yes"
        latest = self.updated or PartialDate.from_date(self.today)
        return "no" if all(start.is_after(latest) for start in starts) else "not_known"

    @property
    def _starts(self) -> tuple[Field, ...]:
        """The start that happened, or every start that was planned."""
        for record in (self.new, self.old):
            actual = record.get("dates.actual_start")
            if actual is not None and actual.date is not None:
                return (actual,)
        return tuple(one for one in (self.old.start, self.new.start) if one is not None)


def _is_persian(record: Record) -> bool:
    """Say whether most letters of titles and outcomes are Persian."""
    words = "".join(one.text for one in (*said(record, "titles"), *said(record, "outcomes"), *said(record, "summary")))
    letters = [sign for sign in words if sign.isalpha()]
    return sum("\u0600" <= sign <= "\u06ff" for sign in letters) * 2 > len(letters)


def updated_on(record: Record) -> PartialDate | None:
    """Give the day of a version: its last update, or WHO's day of copying it."""
    return next((day for key in _UPDATED if (day := record.date_at(key)) is not None), None)


def order_versions(records: Sequence[Record]) -> tuple[tuple[Record, ...], bool]:
    """Put versions in order of their own dates; say whether that was possible, else they stay as they were given.

    A version without an update is as old as its registration.
    """
    dated = [(updated_on(one) or one.date_at("dates.registration"), one) for one in records]
    days = [day for day, _ in dated]
    if any(day is None for day in days):
        return tuple(records), False
    ordered = sorted(dated, key=lambda pair: pair[0].earliest if pair[0] else date.min)
    return tuple(one for _, one in ordered), len({str(day) for day in days}) == len(days)


def holds(form: str, key: str) -> bool:
    """Say whether a form has a place for a key; of a form without a list nothing is known, and it is taken to have one."""
    found = held_keys(form)
    if found is None:
        return True
    if re.fullmatch(r"(?:sponsors|collaborators)\.\d+\.name", key) and found & {"sponsors.N.name", "collaborators.N.name"}:
        return True
    plain = template(plain_key(key))
    return plain_key(key) in found or plain in found or template(key) in found or any(one.startswith(plain + ".") for one in found)


@cache
def held_keys(form: str) -> frozenset[str] | None:
    """Give every key that a form has a place for, with N for each number, or None where there is no list of them."""
    if form.startswith("irct"):
        return form_keys()
    if form == "public-listing":
        return _LISTING
    if form.startswith("ictrp"):
        columns = (one.key for one in load_columns().values())
        parts = ("timepoint", "method")
        return _plain(columns) | _DESIGN_PARTS | {"arms.N.description"} | {f"outcomes.primary.N.{one}" for one in parts}
    if form == "ctgov-json":
        members = ctgov_json.load_members().by_pattern.values()
        return _plain([*(one.key for one in members), *(one.actual for one in members if one.actual)])
    lists = {"who-xml": who_xml.load_list, "ctgov-xml": ctgov_xml.load_list}
    if form not in lists:
        return None
    elements = lists[form]().by_pattern.values()
    found = _plain([*(one.key for one in elements), *(one.actual for one in elements if one.actual)])
    if form == "ctgov-xml":
        return found
    levels = {f"outcomes.{level}.N.{part}" for level in ("primary", "secondary") for part in ("timepoint", "method")}
    return found | _DESIGN_PARTS | levels | {"arms.N.description"}


def _plain(keys: Iterable[str]) -> frozenset[str]:
    """Give keys as they are compared: a contact's card without a number; the one sponsor that a form has keeps its 1."""
    return frozenset(plain_key(key.replace(".N.", ".1.", 1)) if key.startswith("contacts.") else key for key in keys)


def said(record: Record, prefix: str) -> tuple[Field, ...]:
    """Give the fields under a key that say something."""
    return tuple(one for one in record.all(prefix) if one.state is State.VALUE)
