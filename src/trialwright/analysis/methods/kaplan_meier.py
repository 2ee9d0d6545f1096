"""The Kaplan-Meier curve: the share still without the event at each time, with intervals that hold at small n.

The log-log interval is the customary one; it does not exist where nobody or everybody has had the event, and at five or ten
participants it misses its level. The exact one (beta product) never does: without censoring it is Clopper and Pearson's, and it
speaks even before the first event. Intervals hold at one time each, not for the whole curve. Not offered: the likelihood-ratio
interval of Thomas and Grunkemeier, which is as approximate as the log-log one here.

Source: Kaplan and Meier, J Am Stat Assoc 1958;53:457; Greenwood 1926 (variance); Kalbfleisch and Prentice 1980 (log-log);
Fay, Brittain and Proschan, Biostatistics 2013;14:723 (beta product); Brookmeyer and Crowley, Biometrics 1982;38:29 (median).
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.follow_up import FollowUp, beyond_follow_up, no_event, risk_table
from trialwright.analysis.methods.result import Interval, NotEstimable, not_estimable
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]
Limits = tuple[float | None, float | None]
_HALF = 1e-9  # a curve this near .5 is at .5


@dataclass(frozen=True, kw_only=True)
class KaplanMeier:
    """The curve after each event time. `standard_error` is Greenwood's, 0 where the curve has reached 0.

    Shapes: times, survival, standard_error, at_risk, events (event times,).
    """

    follow_up: FollowUp
    times: Array
    survival: Array
    standard_error: Array
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]

    def at(self, time: float) -> float:
        """The share without the event just after `time`."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return float(self.survival[place - 1]) if place else 1.0

    def error_at(self, time: float) -> float:
        place = int(np.searchsorted(self.times, time, side="right"))
        return float(self.standard_error[place - 1]) if place else 0.0

    def reaches(self, time: float) -> bool:
        """Whether the curve is known at `time`: somebody is followed so far, or it has come to 0."""
        return time <= self.follow_up.last or (len(self.survival) > 0 and self.survival[-1] == 0)


LOG_LOG = Text(
    en="Kaplan-Meier estimate with the log-log interval at this one time (Greenwood's variance).",
    fa="برآورد کاپلان–مایر با بازهٔ لگ–لگ در همین یک زمان (واریانس گرین‌وود).",
)
EXACT = Text(
    en="Kaplan-Meier estimate with the exact beta-product interval at this one time; without censoring it is Clopper-Pearson's.",
    fa="برآورد کاپلان–مایر با بازهٔ دقیق حاصل‌ضرب بتا در همین یک زمان؛ بدون سانسور همان کلاپر–پیرسون است.",
)


def kaplan_meier(follow_up: FollowUp) -> KaplanMeier:
    """The curve over events of any cause."""
    table = risk_table(follow_up)
    survival = np.asarray(np.cumprod((table.at_risk - table.events) / table.at_risk), dtype=float)
    left = table.at_risk - table.events
    with np.errstate(divide="ignore"):
        terms = np.where(left > 0, table.events / np.maximum(table.at_risk * left, 1), 0.0)
    return KaplanMeier(
        follow_up=follow_up,
        times=table.times,
        survival=survival,
        standard_error=survival * np.sqrt(np.cumsum(terms)),
        at_risk=table.at_risk,
        events=table.events,
    )


def survival_log_log(curve: KaplanMeier, time: float, confidence: float = 0.95) -> Interval | NotEstimable:
    """The share without the event at `time`, with the log-log interval."""
    if not curve.reaches(time):
        return beyond_follow_up(time, curve.follow_up.last)
    if curve.at(time) in (0.0, 1.0):
        return not_estimable(
            f"At time {time:g} nobody or everybody has had the event, where the log-log interval does not exist; use the exact.",
            f"در زمان {time:g} هیچ‌کس یا همه رویداد داشته‌اند و بازهٔ لگ–لگ وجود ندارد. از بازهٔ دقیق استفاده کنید.",
        )
    low, high = _log_log_limits(curve, time, confidence)
    return Interval(estimate=curve.at(time), low=low, high=high, level=confidence, asked=confidence, definition=LOG_LOG)


def survival_exact(curve: KaplanMeier, time: float, confidence: float = 0.95) -> Interval | NotEstimable:
    """The share without the event at `time`, with an interval that holds its level at any size."""
    if not curve.reaches(time):
        return beyond_follow_up(time, curve.follow_up.last)
    low, high = _exact_limits(curve, time, confidence)
    return Interval(estimate=curve.at(time), low=low, high=high, level=confidence, asked=confidence, definition=EXACT)


def median_log_log(curve: KaplanMeier, confidence: float = 0.95) -> Interval | NotEstimable:
    """The time by which half have had the event, with the times at which the log-log limits cross one half."""
    return _median(curve, confidence, _log_log_limits, LOG_LOG)


def median_exact(curve: KaplanMeier, confidence: float = 0.95) -> Interval | NotEstimable:
    """The same with the exact limits; from 0 where so few cannot rule out that half have the event at once."""
    return _median(curve, confidence, _exact_limits, EXACT)


def _median(
    curve: KaplanMeier, confidence: float, limits: Callable[[KaplanMeier, float, float], Limits], definition: Text
) -> Interval | NotEstimable:
    """Where the curve runs level at one half the median is the middle of that stretch."""
    if not curve.follow_up.events:
        return no_event()
    below = np.flatnonzero(curve.survival <= 0.5 + _HALF)
    if not len(below):
        return not_estimable(
            f"Fewer than half had the event while followed (the curve ends at {curve.survival[-1]:.0%}): no median is reached.",
            f"کمتر از نیمی در مدت پیگیری رویداد داشته‌اند (پایان منحنی {curve.survival[-1]:.0%}) و به میانه نرسیده‌ایم.",
        )
    first = int(below[0])
    median = float(curve.times[first])
    if abs(curve.survival[first] - 0.5) <= _HALF and first + 1 < len(curve.times):
        median = (median + float(curve.times[first + 1])) / 2
    changes = [0.0, *np.unique(curve.follow_up.times).tolist()]
    found = [limits(curve, time, confidence) for time in changes]
    low = next((t for t, (lower, _) in zip(changes, found, strict=True) if lower is not None and lower <= 0.5), None)
    high = next((t for t, (_, upper) in zip(changes, found, strict=True) if upper is not None and upper <= 0.5), None)
    named = Text(
        en=f"The time at which half have had the event; its limits are where those of the curve cross one half. {definition.en}",
        fa=f"زمانی که نیمی رویداد داشته‌اند؛ حدهای آن جایی است که حدهای منحنی از نیم می‌گذرند. {definition.fa}",
    )
    return Interval(estimate=median, low=low, high=high, level=confidence, asked=confidence, definition=named)


def _log_log_limits(curve: KaplanMeier, time: float, confidence: float) -> Limits:
    from scipy.special import ndtri  # scipy is slow to import; only an interval pays for it

    survival = curve.at(time)
    if survival in (0.0, 1.0):
        return None, None
    shift = float(ndtri((1 + confidence) / 2)) * curve.error_at(time) / (survival * abs(log(survival)))
    return survival ** exp(shift), survival ** exp(-shift)


def _exact_limits(curve: KaplanMeier, time: float, confidence: float) -> Limits:
    """The beta products: a death with Y at risk is Beta(Y, 1); the lower limit supposes one more death just after `time`."""
    steps = [
        int(risk) - death
        for t, risk, deaths in zip(curve.times, curve.at_risk, curve.events, strict=True)
        if t <= time
        for death in range(int(deaths))
    ]
    after = curve.follow_up.at_risk_after(time)
    low = _quantile([*steps, after], (1 - confidence) / 2) if after else 0.0
    return low, _quantile(steps, (1 + confidence) / 2) if steps else 1.0


def _quantile(steps: list[int], probability: float) -> float:
    """The quantile of a product of independent Beta(Y, 1), Y distinct: its distribution is a polynomial with exponents Y.

    P(product <= w) = sum over Y of w^Y times the product over the other y of y / (y - Y); the terms cancel, hence the digits.
    """
    with localcontext() as context:
        context.prec = 40 + 2 * max(steps)
        shares = []
        for own in steps:
            share = Decimal(1)
            for other in steps:
                if other != own:
                    share *= Decimal(other) / (other - own)
            shares.append((own, share))
        low, high, asked = Decimal(0), Decimal(1), Decimal(probability)
        for _ in range(60):
            middle = (low + high) / 2
            below = sum(share * middle**own for own, share in shares)
            low, high = (middle, high) if below < asked else (low, middle)
        return float(high)
