"""Times to an event, some of them cut off: the table of who was at risk when, which every method of this kind begins with.

Censoring is taken to say nothing about what would have happened. A participant whose time ends with an event and one cut off at the
same time were both still at risk there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.result import NotEstimable, not_estimable, to_twelve_digits

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """How long each participant was followed, and what ended it: 0 where cut off, else the number of the event's cause.

    Shapes: times, causes (participants,). Units: any one unit of time.
    """

    times: Array
    causes: Counts

    @property
    def participants(self) -> int:
        return len(self.times)

    @property
    def events(self) -> int:
        return int((self.causes > 0).sum())

    @property
    def last(self) -> float:
        """The longest follow-up."""
        return float(self.times.max())

    def at_risk_after(self, time: float) -> int:
        """How many were followed beyond this time."""
        return int((self.times > time).sum())


@dataclass(frozen=True, kw_only=True)
class RiskTable:
    """One row for each time with an event of any cause.

    Shapes: times, at_risk, events (rows,); by_cause (causes, rows), cause 1 first.
    """

    times: Array
    at_risk: Counts
    events: Counts
    by_cause: Counts


def read_follow_up(times: Sequence[float], causes: Sequence[int]) -> FollowUp | NotEstimable:
    """The follow-up of a group; a sentence where the values are none."""
    if not len(times):
        return not_estimable("There is no participant with follow-up.", "هیچ شرکت‌کننده‌ای با مدت پیگیری وجود ندارد.")
    if len(times) != len(causes) or not all(isfinite(t) and t >= 0 for t in times) or not all(c >= 0 for c in causes):
        return not_estimable(
            "A follow-up time is missing or negative, or has no ending; leave such participants out and list them with the reason.",
            "یک مدت پیگیری ناموجود یا منفی است یا پایانی ندارد؛ این شرکت‌کنندگان را کنار بگذارید و با دلیل فهرست کنید.",
        )
    return FollowUp(times=np.array([to_twelve_digits(t) for t in times], dtype=float), causes=np.array(causes, dtype=np.int64))


def risk_table(follow_up: FollowUp) -> RiskTable:
    times = np.unique(follow_up.times[follow_up.causes > 0])
    at_risk = (follow_up.times[None, :] >= times[:, None]).sum(axis=1)
    here = follow_up.times[None, :] == times[:, None]
    causes = range(1, int(follow_up.causes.max()) + 1) if follow_up.events else range(1, 1)
    by_cause = np.array([(here & (follow_up.causes == cause)).sum(axis=1) for cause in causes], dtype=np.int64)
    by_cause = by_cause.reshape(len(causes), len(times))
    return RiskTable(times=times, at_risk=at_risk.astype(np.int64), events=by_cause.sum(axis=0), by_cause=by_cause)


def no_event() -> NotEstimable:
    return not_estimable(
        "No participant had the event, so this cannot be estimated.", "هیچ شرکت‌کننده‌ای رویداد نداشته و این مقدار قابل برآورد نیست."
    )


def beyond_follow_up(time: float, last: float) -> NotEstimable:
    return not_estimable(
        f"Nobody was followed to time {time:g} (the longest follow-up ends at {last:g}), so nothing is known there.",
        f"هیچ‌کس تا زمان {time:g} پیگیری نشده (طولانی‌ترین پیگیری {last:g} است) و دربارهٔ آن زمان چیزی دانسته نیست.",
    )
