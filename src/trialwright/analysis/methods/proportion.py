"""Proportions of few participants: exact limits, and what an event that never happened still leaves open.

None of ten participants had the event: the true rate may still be 31 % (two-sided) or 26 % (one-sided, 95 %). The two differ, so
each says which it is. Clopper and Pearson's interval never falls short of its level and is therefore wide; the mid-p form counts
the observed number by half and is narrower, Wilson's is the large-sample one that still behaves at few participants. Neither of the
two guarantees its level.

Source: Clopper and Pearson, Biometrika 1934;26:404; Hanley and Lippman-Hand, JAMA 1983;249:1743 (nothing in n); Wilson, J Am Stat
Assoc 1927;22:209; mid-p: Berry and Armitage, The Statistician 1995;44:417.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb, sqrt
from statistics import NormalDist

from trialwright.analysis.methods.impossible import not_a_confidence, not_a_proportion
from trialwright.analysis.methods.result import Interval, NotEstimable, not_estimable
from trialwright.terms.sentences import Text

_MOST_BY_HAND = 500  # above it the binomial coefficients leave the range of a float
DEFINITION = Text(
    en="Clopper-Pearson interval, two-sided: each limit is the rate at which the observed number or one more extreme has half "
    "of the "
    "remaining probability.",
    fa="بازهٔ کلاپر–پیرسون، دوطرفه: هر حد، نرخی است که در آن تعداد مشاهده‌شده یا دورتر از آن، نیمی از احتمال باقی‌مانده را دارد.",
)
MID_P = Text(
    en="Mid-p interval, two-sided: as Clopper and Pearson's, but the observed number counts by half in each tail. Its level is "
    "held on average, not at every rate.",
    fa="بازهٔ p میانی، دوطرفه: مانند بازهٔ کلاپر–پیرسون، با این فرق که تعداد مشاهده‌شده در هر دنباله نیمه شمرده می‌شود. سطح آن به "
    "طور میانگین برقرار است، نه در هر نرخ.",
)
WILSON = Text(
    en="Wilson's score interval, two-sided, without continuity correction: the rates from which the observed proportion lies no "
    "more standard errors away than the normal quantile. Its level is held on average, not at every rate.",
    fa="بازهٔ امتیازی ویلسون، دوطرفه، بدون تصحیح پیوستگی: نرخ‌هایی که نسبت مشاهده‌شده از آن‌ها بیش از چندک نرمالِ خطای معیار فاصله "
    "ندارد. سطح آن به طور میانگین برقرار است، نه در هر نرخ.",
)


@dataclass(frozen=True, kw_only=True)
class ZeroOfN:
    """The event rates that 0 of n participants does not exclude, up to these limits."""

    participants: int
    confidence: float
    one_sided: float
    two_sided: float


def clopper_pearson(events: int, participants: int, confidence: float = 0.95) -> Interval | NotEstimable:
    """The exact interval of a proportion; its level is at least the one asked for."""
    if refused := not_a_proportion(events, participants) or not_a_confidence(confidence):
        return refused
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _rate_where(lambda rate: binomial_tail(events, participants, rate), tail)
    high = 1.0 if events == participants else 1 - _rate_where(lambda r: binomial_tail(participants - events, participants, r), tail)
    return Interval(estimate=events / participants, low=low, high=high, level=confidence, asked=confidence, definition=DEFINITION)


def mid_p_interval(events: int, participants: int, confidence: float = 0.95) -> Interval | NotEstimable:
    """The interval of a proportion with the observed number counted by half in each tail."""
    if refused := not_a_proportion(events, participants) or not_a_confidence(confidence):
        return refused
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else _rate_where(lambda rate: _half_tail(events, participants, rate), tail)
    high = 1.0 if events == participants else 1 - _rate_where(lambda r: _half_tail(participants - events, participants, r), tail)
    return Interval(estimate=events / participants, low=low, high=high, level=confidence, asked=confidence, definition=MID_P)


def wilson(events: int, participants: int, confidence: float = 0.95) -> Interval | NotEstimable:
    """The score interval of a proportion."""
    if refused := not_a_proportion(events, participants) or not_a_confidence(confidence):
        return refused
    z2, observed = NormalDist().inv_cdf((1 + confidence) / 2) ** 2, events / participants
    centre = (observed + z2 / (2 * participants)) / (1 + z2 / participants)
    reach = sqrt(z2 * (observed * (1 - observed) / participants + z2 / (4 * participants**2))) / (1 + z2 / participants)
    low, high = 0.0 if events == 0 else centre - reach, 1.0 if events == participants else centre + reach
    return Interval(estimate=observed, low=low, high=high, level=confidence, asked=confidence, definition=WILSON)


def zero_of_n(participants: int, confidence: float = 0.95) -> ZeroOfN | NotEstimable:
    """The largest event rate that no event in n participants still allows, one- and two-sided."""
    if participants < 1:
        return not_estimable(
            "No participant was observed, so no rate is excluded.", "هیچ شرکت‌کننده‌ای مشاهده نشده و هیچ نرخی رد نمی‌شود."
        )
    one_sided = 1 - (1 - confidence) ** (1 / participants)
    two_sided = 1 - ((1 - confidence) / 2) ** (1 / participants)
    return ZeroOfN(participants=participants, confidence=confidence, one_sided=one_sided, two_sided=two_sided)


def binomial_tail(events: int, participants: int, rate: float) -> float:
    """P(at least `events` of `participants`) at this rate."""
    if participants > _MOST_BY_HAND:
        from scipy.special import betainc  # scipy is slow to import; only a long list of records is this long

        return float(betainc(events, participants - events + 1, rate)) if 0 < events <= participants else float(events <= 0)
    return sum(comb(participants, k) * rate**k * (1 - rate) ** (participants - k) for k in range(events, participants + 1))


def _half_tail(events: int, participants: int, rate: float) -> float:
    """P(more than `events`) and half of P(just so many): increasing in the rate for `events` of at least 1."""
    return (binomial_tail(events, participants, rate) + binomial_tail(events + 1, participants, rate)) / 2


def _rate_where(tail_probability: Callable[[float], float], wanted: float) -> float:
    """The rate at which an increasing probability reaches `wanted`, by bisection to the last digit."""
    low, high = 0.0, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if tail_probability(middle) < wanted else (low, middle)
    return (low + high) / 2
