"""McNemar's test of a yes-or-no outcome seen twice in the same participants, in its exact and its mid-p form.

Only those who changed speak: `gained` went from no to yes, `lost` from yes to no, and with no effect each direction is as likely as
the other. Six changes are the fewest that can reach a two-sided p below .05 (2/64); the exact form is conservative, the mid-p form
counts the observed split by half and keeps closer to its level without guaranteeing it.

Source: McNemar, Psychometrika 1947;12:153; mid-p: Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91.
"""

from math import comb, inf

from trialwright.analysis.methods.attainable import smallest_signed_rank_p
from trialwright.analysis.methods.proportion import clopper_pearson
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, finite_or_none, not_estimable
from trialwright.terms.sentences import Text

EXACT = Text(
    en="McNemar's exact conditional test, two-sided: twice the binomial probability (rate 1/2, among the participants who changed) "
    "of a split at least as uneven as the observed one in its direction; at most 1.",
    fa="آزمون دقیق شرطی مک‌نمار، دوطرفه: دو برابر احتمال دوجمله‌ای (نرخ ½، میان شرکت‌کنندگانی که تغییر کرده‌اند) برای تقسیمی که "
    "دست‌کم به اندازهٔ تقسیم مشاهده‌شده و در همان جهت نابرابر است؛ حداکثر ۱.",
)
MID_P = Text(
    en="McNemar's mid-p test, two-sided: as the exact conditional test, but the observed split counts by half in each tail. It may "
    "exceed its level slightly.",
    fa="آزمون مک‌نمار با p میانی، دوطرفه: مانند آزمون دقیق شرطی، با این فرق که تقسیم مشاهده‌شده در هر دنباله نیمه شمرده می‌شود. "
    "ممکن است اندکی از سطح خود فراتر رود.",
)
ODDS_RATIO = Text(
    en="Conditional odds ratio of changing from no to yes against changing back (gained over lost), with the limits that follow "
    "from the Clopper-Pearson interval of the share gained among those who changed.",
    fa="نسبت شانس شرطی تغییر از «نه» به «بله» در برابر تغییر معکوس (به‌دست‌آورده بر ازدست‌داده)، با حدهایی که از بازهٔ "
    "کلاپر–پیرسون برای سهم تغییرهای «نه به بله» به دست می‌آید.",
)


def mcnemar(gained: int, lost: int) -> Test | NotEstimable:
    """Test whether as many gained as lost, exactly; the statistic is `gained`, the participants those who changed."""
    if refused := _impossible(gained, lost):
        return refused
    changed = gained + lost
    p = PValue(value=min(1.0, 2 * _tail(gained, lost)), definition=EXACT, smallest=smallest_signed_rank_p(changed))
    return Test(statistic=gained, participants=changed, p=p)


def mcnemar_mid_p(gained: int, lost: int) -> Test | NotEstimable:
    """Test whether as many gained as lost, with the observed split counted by half."""
    if refused := _impossible(gained, lost):
        return refused
    changed = gained + lost
    value = 2 * _tail(gained, lost) - comb(changed, gained) / 2**changed
    p = PValue(value=value, definition=MID_P, smallest=smallest_signed_rank_p(changed) / 2)
    return Test(statistic=gained, participants=changed, p=p)


def mcnemar_odds_ratio(gained: int, lost: int, confidence: float = 0.95) -> Interval | NotEstimable:
    """Estimate gained over lost; infinite, with a lower limit only, where nobody lost."""
    if refused := _impossible(gained, lost):
        return refused
    share = clopper_pearson(gained, gained + lost, confidence)
    if isinstance(share, NotEstimable):
        return share
    low, high = (_odds(limit or 0.0) for limit in (share.low, share.high))
    return Interval(
        estimate=gained / lost if lost else inf,
        low=low,
        high=finite_or_none(high),
        level=confidence,
        asked=confidence,
        definition=ODDS_RATIO,
    )


def _tail(gained: int, lost: int) -> float:
    """P(a split at least as uneven in the observed direction), rate 1/2."""
    changed = gained + lost
    return sum(comb(changed, k) for k in range(min(gained, lost) + 1)) / int(2**changed)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def _impossible(gained: int, lost: int) -> NotEstimable | None:
    if min(gained, lost) < 0:
        return not_estimable(
            f"{gained} gained and {lost} lost are not numbers of participants.",
            f"{gained} به‌دست‌آورده و {lost} ازدست‌داده تعداد شرکت‌کننده نیست.",
        )
    if gained + lost == 0:
        return not_estimable(
            "Nobody changed between the two occasions, so there is no direction to test.",
            "هیچ‌کس بین دو نوبت تغییر نکرده است و جهتی برای آزمون وجود ندارد.",
        )
    return None
