"""Rates of events over time at risk: exact limits for one rate, and two rates compared.

For adverse events that a participant may have more than once, as events per person-month. Both limits of no event at all differ
from each other as they do for proportions: nothing in 60 person-months excludes .0615 a month two-sided and .0499 one-sided (95 %).
The count is taken as Poisson: if a few participants have most of the events the truth is less certain than these limits say.

Source: Garwood, Biometrika 1936;28:437; ratio: Przyborowski and Wilenski, Biometrika 1940;31:313 (conditional on all events).
"""

from math import inf, isfinite

from trialwright.analysis.methods.impossible import not_a_confidence
from trialwright.analysis.methods.proportion import binomial_tail, clopper_pearson
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, finite_or_none, not_estimable
from trialwright.terms.sentences import Text

RATE = Text(
    en="Exact Poisson interval of a rate, two-sided (Garwood): each limit is the rate at which the observed number or one more "
    "extreme has half of the remaining probability.",
    fa="بازهٔ دقیق پواسون برای نرخ، دوطرفه (گاروود): هر حد، نرخی است که در آن تعداد مشاهده‌شده یا دورتر از آن نیمی از احتمال "
    "باقی‌مانده را دارد.",
)
UPPER = Text(
    en="Exact Poisson upper limit of a rate, one-sided: the rate at which the observed number or fewer has the remaining "
    "probability.",
    fa="حد بالای دقیق پواسون برای نرخ، یک‌طرفه: نرخی که در آن تعداد مشاهده‌شده یا کمتر، احتمال باقی‌مانده را دارد.",
)
RATIO = Text(
    en="Ratio of two Poisson rates (first over second), conditional on the number of events in all: limits from the "
    "Clopper-Pearson interval of the first group's share of the events.",
    fa="نسبت دو نرخ پواسون (گروه نخست به دوم)، مشروط به تعداد کل رویدادها: حدها از بازهٔ کلاپر–پیرسون برای سهم گروه نخست از "
    "رویدادها.",
)
COMPARISON = Text(
    en="Exact conditional test of equal Poisson rates, two-sided: given all events, twice the binomial probability of the first "
    "group's number or one more extreme in its direction; at most 1. It agrees with the interval of the ratio.",
    fa="آزمون دقیق شرطی برابری نرخ‌های پواسون، دوطرفه: با ثابت بودن کل رویدادها، دو برابر احتمال دوجمله‌ای تعداد گروه نخست یا دورتر "
    "از آن در همان جهت؛ حداکثر ۱. با بازهٔ نسبت همخوان است.",
)


def poisson_rate(events: int, time: float, confidence: float = 0.95) -> Interval | NotEstimable:
    """The exact interval of one rate. Units: events per unit of `time`, e.g. person-months."""
    from scipy.special import gammaincinv  # scipy is slow to import; only a table of rates needs it

    if refused := _no_rate(events, time) or not_a_confidence(confidence):
        return refused
    tail = (1 - confidence) / 2
    low = float(gammaincinv(events, tail)) / time if events else 0.0
    high = float(gammaincinv(events + 1, 1 - tail)) / time
    return Interval(estimate=events / time, low=low, high=high, level=confidence, asked=confidence, definition=RATE)


def poisson_rate_upper(events: int, time: float, confidence: float = 0.95) -> Interval | NotEstimable:
    """The exact one-sided upper limit of one rate; there is no lower one. Units: events per unit of `time`."""
    from scipy.special import gammaincinv  # scipy is slow to import; only a table of rates needs it

    if refused := _no_rate(events, time) or not_a_confidence(confidence):
        return refused
    high = float(gammaincinv(events + 1, confidence)) / time
    return Interval(estimate=events / time, low=None, high=high, level=confidence, asked=confidence, definition=UPPER)


def poisson_ratio(
    first: int, first_time: float, second: int, second_time: float, confidence: float = 0.95
) -> Interval | NotEstimable:
    """The ratio of two rates; infinite, with a lower limit only, where the second group had no event."""
    if refused := _no_rate(first, first_time) or _no_rate(second, second_time) or _no_events(first, second):
        return refused
    share = clopper_pearson(first, first + second, confidence)
    if isinstance(share, NotEstimable):
        return share
    longer = second_time / first_time
    high = share.high / (1 - share.high) * longer if share.high is not None and share.high < 1 else inf
    return Interval(
        estimate=first / second * longer if second else inf,
        low=(share.low or 0.0) / (1 - (share.low or 0.0)) * longer,
        high=finite_or_none(high),
        level=confidence,
        asked=confidence,
        definition=RATIO,
    )


def compare_poisson(first: int, first_time: float, second: int, second_time: float) -> Test | NotEstimable:
    """Test whether two rates are equal; the statistic is the first group's number of events, `participants` all events."""
    if refused := _no_rate(first, first_time) or _no_rate(second, second_time) or _no_events(first, second):
        return refused
    events, expected = first + second, first_time / (first_time + second_time)
    upper, lower = binomial_tail(first, events, expected), binomial_tail(second, events, 1 - expected)
    smallest = min(1.0, 2 * min(expected, 1 - expected) ** events)
    return Test(
        statistic=first,
        participants=events,
        p=PValue(value=min(1.0, 2 * min(upper, lower)), definition=COMPARISON, smallest=smallest),
    )


def _no_rate(events: int, time: float) -> NotEstimable | None:
    if events >= 0 and isfinite(time) and time > 0:
        return None
    return not_estimable(
        f"{events} events in a time at risk of {time:g} is not a rate: it needs a time above zero.",
        f"{events} رویداد در زمان در معرض خطر {time:g} نرخ نیست: زمان باید بیشتر از صفر باشد.",
    )


def _no_events(first: int, second: int) -> NotEstimable | None:
    if first + second:
        return None
    return not_estimable(
        "Neither group had an event, so their rates cannot be compared; each rate has its own upper limit.",
        "هیچ‌یک از دو گروه رویدادی نداشته‌اند و نرخ‌ها قابل مقایسه نیستند؛ هر نرخ حد بالای خود را دارد.",
    )
