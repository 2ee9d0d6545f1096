"""The restricted mean: how long participants go without the event, on average, up to a named time.

It is the area under the Kaplan-Meier curve, needs no proportional hazards, and is read in days or months. The interval is the
normal one, which tends to be too narrow at ten an arm.

Source: Royston and Parmar, BMC Med Res Methodol 2013;13:152; variance by Greenwood's sum over the area that is left.
"""

import numpy as np

from trialwright.analysis.methods.follow_up import FollowUp, beyond_follow_up
from trialwright.analysis.methods.kaplan_meier import KaplanMeier, kaplan_meier
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, not_estimable
from trialwright.terms.sentences import Text

MEAN = Text(
    en="Area under the Kaplan-Meier curve up to the named time, normal interval.",
    fa="سطح زیر منحنی کاپلان–مایر تا زمان نام‌برده، با بازهٔ نرمال.",
)
DIFFERENCE = Text(
    en="Difference of the areas under the two Kaplan-Meier curves up to the named time (first less second), normal interval and "
    "test, two-sided.",
    fa="تفاوت سطح زیر دو منحنی کاپلان–مایر تا زمان نام‌برده (اول منهای دوم)، با بازه و آزمون نرمال، دوطرفه.",
)


def restricted_mean(follow_up: FollowUp, until: float, confidence: float = 0.95) -> Interval | NotEstimable:
    """The mean time without the event up to `until`."""
    found = _mean_and_variance(kaplan_meier(follow_up), until)
    return found if isinstance(found, NotEstimable) else _interval(*found, confidence, MEAN)


def restricted_mean_difference(
    first: FollowUp, second: FollowUp, until: float, confidence: float = 0.95
) -> tuple[Interval, Test] | NotEstimable:
    """How much longer the first group goes without the event up to `until`, with its test."""
    from scipy.special import ndtr  # scipy is slow to import; only a comparison pays for it

    one, two = (_mean_and_variance(kaplan_meier(group), until) for group in (first, second))
    if isinstance(one, NotEstimable):
        return one
    if isinstance(two, NotEstimable):
        return two
    difference, variance = one[0] - two[0], one[1] + two[1]
    z = difference / variance**0.5
    p = PValue(value=2 * float(ndtr(-abs(z))), definition=DIFFERENCE)
    test = Test(statistic=z, participants=first.participants + second.participants, p=p)
    return _interval(difference, variance, confidence, DIFFERENCE), test


def _mean_and_variance(curve: KaplanMeier, until: float) -> tuple[float, float] | NotEstimable:
    if until <= 0 or not curve.reaches(until):
        return beyond_follow_up(until, curve.follow_up.last)
    used = curve.times < until
    if not used.any():
        return not_estimable(
            f"No event happened before time {until:g}: the mean is {until:g}, and nothing here says how uncertain it is.",
            f"پیش از زمان {until:g} رویدادی رخ نداده است: میانگین {until:g} است و چیزی دربارهٔ عدم‌قطعیت آن نمی‌گوید.",
        )
    edges = np.r_[0.0, curve.times[used], until]
    areas = np.r_[1.0, curve.survival[used]] * np.diff(edges)
    left = areas[::-1].cumsum()[::-1][1:]  # the area after each event time
    risk, events = curve.at_risk[used], curve.events[used]
    terms = np.where(risk > events, left**2 * events / np.maximum(risk * (risk - events), 1), 0.0)
    return float(areas.sum()), float(terms.sum())


def _interval(estimate: float, variance: float, confidence: float, definition: Text) -> Interval:
    from scipy.special import ndtri  # scipy is slow to import; only an interval pays for it

    half = float(ndtri((1 + confidence) / 2)) * variance**0.5
    return Interval(
        estimate=estimate, low=estimate - half, high=estimate + half, level=confidence, asked=confidence, definition=definition
    )
