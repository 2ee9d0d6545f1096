"""Cumulative incidence with competing events: the share that has had this event, where another can come first.

Remission cannot happen after death or a transplant. Counting those as cut off (one less Kaplan-Meier) overstates remission; the
Aalen-Johansen estimate lets each participant leave by one cause only. The interval is at one time, on the log-log scale.

Source: Aalen and Johansen, Scand J Stat 1978;5:141; variance after Gray, Ann Stat 1988;16:1141 (increments with the finite-sample
factor (Y - d)/(Y - 1)); log-log interval after Choudhury, Stat Med 2002;21:1129.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.follow_up import FollowUp, RiskTable, beyond_follow_up, risk_table
from trialwright.analysis.methods.result import Interval, NotEstimable, not_estimable
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]

_NONE = 1e-9  # a share this near 0 or 1 is 0 or 1: sums of fractions miss them by their last digit
LOG_LOG = Text(
    en="Aalen-Johansen cumulative incidence (competing events are no censoring) with the log-log interval at this one time.",
    fa="بروز تجمعی آلن–یوهانسن (رویدادهای رقیب سانسور شمرده نمی‌شوند) با بازهٔ لگ–لگ در همین یک زمان.",
)


@dataclass(frozen=True, kw_only=True)
class CumulativeIncidence:
    """The share that has had the event of one cause after each time with an event of any cause.

    Shapes: times, incidence, variance (event times,).
    """

    follow_up: FollowUp
    cause: int
    times: Array
    incidence: Array
    variance: Array
    survival: Array

    def place(self, time: float) -> int:
        """How many of the event times are at or before `time`."""
        return int(np.searchsorted(self.times, time, side="right"))

    def at(self, time: float) -> float:
        place = self.place(time)
        return float(self.incidence[place - 1]) if place else 0.0


def aalen_johansen(follow_up: FollowUp, cause: int) -> CumulativeIncidence:
    """The cumulative incidence of one cause. Those cut off (0) and those with another cause are in `follow_up` as they are."""
    table = risk_table(follow_up)
    before, after = _survival(table)
    own = table.by_cause[cause - 1] if cause <= len(table.by_cause) else np.zeros(len(table.times), np.int64)
    incidence = np.cumsum(before * own / table.at_risk)
    variance = _variance(table, own, before, after, incidence)
    return CumulativeIncidence(
        follow_up=follow_up, cause=cause, times=table.times, incidence=incidence, variance=variance, survival=after
    )


def incidence_log_log(curve: CumulativeIncidence, time: float, confidence: float = 0.95) -> Interval | NotEstimable:
    """The share that has had the event by `time`."""
    from scipy.special import ndtri  # scipy is slow to import; only an interval pays for it

    ended = len(curve.survival) > 0 and curve.survival[-1] == 0
    if time > curve.follow_up.last and not ended:
        return beyond_follow_up(time, curve.follow_up.last)
    share = curve.at(time)
    if not _NONE < share < 1 - _NONE:
        return not_estimable(
            f"By time {time:g} nobody or everybody has had this event, so this interval does not exist; "
            "give the count with its exact interval.",
            f"تا زمان {time:g} هیچ‌کس یا همه این رویداد را داشته‌اند و این بازه وجود ندارد؛ تعداد را با بازهٔ دقیق آن گزارش کنید.",
        )
    error = float(curve.variance[curve.place(time) - 1]) ** 0.5
    shift = float(ndtri((1 + confidence) / 2)) * error / (share * abs(log(share)))
    low, high = share ** exp(shift), share ** exp(-shift)
    return Interval(estimate=share, low=low, high=high, level=confidence, asked=confidence, definition=LOG_LOG)


def _survival(table: RiskTable) -> tuple[Array, Array]:
    """The share without any event just before and just after each time."""
    after = np.asarray(np.cumprod((table.at_risk - table.events) / table.at_risk), dtype=float)
    return np.r_[1.0, after[:-1]][: len(after)], after


def _variance(table: RiskTable, own: NDArray[np.int64], before: Array, after: Array, incidence: Array) -> Array:
    """At each time, the sum over earlier times of what the uncertain increments there have done to the incidence here."""
    others = table.events - own
    scale = before**2 / table.at_risk**2
    own_part, other_part = (scale * count * _finite(count, table.at_risk) for count in (own, others))
    found = np.empty(len(table.times))
    for here in range(len(table.times)):
        upto = slice(0, here + 1)
        grown = incidence[here] - incidence[upto]
        lost = np.divide(grown, after[upto], out=np.zeros(here + 1), where=after[upto] > 0)
        found[here] = np.sum(own_part[upto] * (1 - lost) ** 2) + np.sum(other_part[upto] * lost**2)
    return found


def _finite(count: NDArray[np.int64], at_risk: NDArray[np.int64]) -> Array:
    """1 for a single event at a time, less for ties: (Y - d) / (Y - 1)."""
    return np.where(count > 1, (at_risk - count) / np.maximum(at_risk - 1, 1), 1.0)
