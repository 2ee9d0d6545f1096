"""A single arm against a reference curve: the events seen, and the events that the reference would have brought by now.

Each participant contributes the reference's cumulative hazard up to the end of the own follow-up; the sum is the expected number.
The reference must come from a source, and a difference may be a difference between the people rather than a treatment: with five
participants and a historical curve this is a description more than a proof.

The Poisson form takes the expected number as given by the follow-up. It is exact where follow-up ends at a set expected number;
otherwise it too is an approximation.

Source: Breslow, Appl Stat 1975;24:303 (one-sample log-rank); Garwood, Biometrika 1936;28:437 (limits of a Poisson mean).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

from trialwright.analysis.methods.follow_up import FollowUp
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, not_estimable
from trialwright.terms.sentences import Text

CumulativeHazard = Callable[[float], float]

CHI_SQUARE = Text(
    en="One-sample log-rank test: (observed - expected)^2 / expected, chi-square with one degree of freedom, two-sided.",
    fa="آزمون لگ‌رنک تک‌نمونه‌ای: (مشاهده‌شده − مورد انتظار)² تقسیم بر مورد انتظار، کای‌دو با یک درجهٔ آزادی، دوطرفه.",
)
TWO_SIDED = Text(
    en="Observed events as a Poisson number with the expected mean: twice the smaller tail, at most 1.",
    fa="رویدادهای مشاهده‌شده به‌صورت پواسون با میانگین مورد انتظار: دو برابر دنبالهٔ کوچک‌تر، حداکثر ۱.",
)
FEWER = Text(
    en="P(as few events or fewer) of a Poisson number with the expected mean, one-sided.",
    fa="احتمال همین تعداد رویداد یا کمتر برای پواسون با میانگین مورد انتظار، یک‌طرفه.",
)
MORE = Text(
    en="P(as many events or more) of a Poisson number with the expected mean, one-sided.",
    fa="احتمال همین تعداد رویداد یا بیشتر برای پواسون با میانگین مورد انتظار، یک‌طرفه.",
)
RATIO = Text(
    en="Observed over expected events, Garwood's exact Poisson limits.",
    fa="نسبت رویدادهای مشاهده‌شده به مورد انتظار با حدهای دقیق پواسون گاروود.",
)


@dataclass(frozen=True, kw_only=True)
class AgainstReference:
    """What was seen and what the reference expects; the large-sample test, and the Poisson ones."""

    observed: int
    expected: float
    ratio: Interval
    chi_square: Test
    two_sided: PValue
    fewer: PValue
    more: PValue


def one_sample_log_rank(
    follow_up: FollowUp, cumulative_hazard: CumulativeHazard, confidence: float = 0.95
) -> AgainstReference | NotEstimable:
    """Compare one group's events with those that `cumulative_hazard` (of the reference, in the same unit of time) expects."""
    from scipy.special import chdtrc, gammainc, gammaincc, gammaincinv  # scipy is slow to import

    observed, expected = follow_up.events, sum(cumulative_hazard(float(time)) for time in follow_up.times)
    if not 0 < expected < float("inf"):
        return not_estimable(
            f"The reference expects {expected:g} events over this follow-up, so there is nothing to compare with.",
            f"مرجع در این مدت پیگیری {expected:g} رویداد انتظار دارد و چیزی برای مقایسه وجود ندارد.",
        )
    fewer, more = float(gammaincc(observed + 1, expected)), float(gammainc(observed, expected)) if observed else 1.0
    tail = (1 - confidence) / 2
    low = float(gammaincinv(observed, tail)) / expected if observed else 0.0
    high = float(gammaincinv(observed + 1, 1 - tail)) / expected
    statistic = (observed - expected) ** 2 / expected
    return AgainstReference(
        observed=observed,
        expected=expected,
        ratio=Interval(estimate=observed / expected, low=low, high=high, level=confidence, asked=confidence, definition=RATIO),
        chi_square=Test(
            statistic=statistic,
            participants=follow_up.participants,
            p=PValue(value=float(chdtrc(1, statistic)), definition=CHI_SQUARE),
        ),
        two_sided=PValue(value=min(1.0, 2 * min(fewer, more)), definition=TWO_SIDED),
        fewer=PValue(value=fewer, definition=FEWER),
        more=PValue(value=more, definition=MORE),
    )


def constant_hazard(share_without: float, by: float) -> CumulativeHazard:
    """The reference of a source that gives one number: `share_without` the event by time `by`, at a constant rate until then.

    Raises: ValueError where the share or the time makes no rate.
    """
    if not (0 < share_without < 1 and by > 0):
        raise ValueError(
            f"A share of {share_without:g} without the event by time {by:g} makes no rate; give a share between 0 and 1."
        )
    rate = -log(share_without) / by
    return lambda time: rate * time
