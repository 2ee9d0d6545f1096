"""Versions of a record compared by meaning: what is said otherwise, whom it concerns, and whether enrolment had begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from trialwright.checks.history.changes import Change, change_as_json, change_of
from trialwright.checks.history.criteria import find_criteria_changes
from trialwright.checks.history.dates import find_date_changes
from trialwright.checks.history.design import find_arm_changes, find_design_changes, find_language_change, find_size_changes
from trialwright.checks.history.items import find_item_changes
from trialwright.checks.history.outcomes import find_outcome_changes
from trialwright.checks.history.versions import Versions, order_versions
from trialwright.registry import Record

_IN_ANY_LANGUAGE = (find_date_changes, find_size_changes, find_language_change)
_COMPARISONS = (
    find_date_changes,
    find_outcome_changes,
    find_size_changes,
    find_design_changes,
    find_arm_changes,
    find_criteria_changes,
    find_item_changes,
)
_WEIGHT = {"substantive": 0, "clarifying": 1, "editorial": 2}


@dataclass(frozen=True, kw_only=True)
class Step:
    """Two versions that follow each other, and what changed between them."""

    old: Record
    new: Record
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class History:
    """The versions of a record in order. `dated` says whether their own dates gave the order, or the order they came in."""

    versions: tuple[Record, ...]
    dated: bool
    steps: tuple[Step, ...]


def compare_versions(old: Record, new: Record, *, today: date) -> tuple[Change, ...]:
    """Compare two versions of a record by meaning; what weighs most comes first.

    Outcomes, arms and criteria are sets: another order is no change. In two different forms, what one of them has no place for
    is named once and is not called removed.
    """
    versions = Versions(old=old, new=new, today=today)
    comparisons = _COMPARISONS if versions.same_language else _IN_ANY_LANGUAGE
    seen = [one for compare in comparisons for one in compare(versions)]
    changes = [change_of(one, after_enrolment=versions.after_enrolment) for one in seen]
    return tuple(sorted(changes, key=lambda one: _WEIGHT[one.kind]))


def compare_history(records: Sequence[Record], *, today: date) -> History:
    """Compare two or more versions, each with the one before it."""
    ordered, dated = order_versions(records)
    steps = tuple(Step(old=old, new=new, changes=compare_versions(old, new, today=today)) for old, new in pairwise(ordered))
    return History(versions=ordered, dated=dated, steps=steps)


__all__ = ["Change", "History", "Step", "change_as_json", "compare_history", "compare_versions", "order_versions"]
