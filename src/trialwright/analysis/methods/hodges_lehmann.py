"""Hodges-Lehmann estimates with exact intervals: the typical change in one group, the typical difference between two.

One group: the median of the means of all pairs of differences (Walsh averages). Two groups: the median of all differences between a
member of the first and a member of the second. The limits are order statistics of the same numbers, cut by the exact rank
distribution, so the interval agrees with the rank test. With few participants the exact level comes in steps: the interval prints
the level it truly has, and where even the widest falls short of the level asked, it is given at its own level and says so.

Source: Hodges and Lehmann, Ann Math Stat 1963;34:598; limits: Lehmann, Nonparametrics 1975, chapters 2.6 and 4.5.
"""

from collections.abc import Sequence
from math import comb, isfinite
from statistics import median

from trialwright.analysis.methods.rank_sum import subset_sum_counts
from trialwright.analysis.methods.result import Interval, NotEstimable, not_estimable
from trialwright.analysis.methods.signed_rank import sign_pattern_counts
from trialwright.terms.sentences import Text

ONE_SAMPLE = Text(
    en="Hodges-Lehmann estimate (median of the Walsh averages) with the interval of the exact signed-rank distribution without "
    "ties; "
    "closed at both ends, so that ties make it conservative.",
    fa="برآورد هاجز–لمن (میانهٔ میانگین‌های والش) با بازهٔ حاصل از توزیع دقیق رتبه‌های علامت‌دار بدون تساوی؛ دو سر بازه بسته است و "
    "تساوی‌ها آن را محافظه‌کارانه‌تر می‌کنند.",
)
TWO_SAMPLE = Text(
    en="Hodges-Lehmann estimate (median of all pairwise differences, first minus second) with the interval of the exact rank-sum "
    "distribution without ties; closed at both ends, so that ties make it conservative.",
    fa="برآورد هاجز–لمن (میانهٔ همهٔ تفاوت‌های دوبه‌دو، گروه نخست منهای گروه دوم) با بازهٔ حاصل از توزیع دقیق مجموع رتبه‌ها "
    "بدون تساوی؛ "
    "دو سر بازه بسته است و تساوی‌ها آن را محافظه‌کارانه‌تر می‌کنند.",
)


def one_sample(differences: Sequence[float], confidence: float = 0.95) -> Interval | NotEstimable:
    """Estimate the centre of paired differences. Units: those of `differences`."""
    if len(differences) < 2 or any(not isfinite(d) for d in differences):
        return _too_few()
    n = len(differences)
    averages = sorted((differences[i] + differences[j]) / 2 for i in range(n) for j in range(i, n))
    counts = sign_pattern_counts(range(1, n + 1))
    return _interval(averages, counts, 2**n, confidence, ONE_SAMPLE)


def two_sample(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> Interval | NotEstimable:
    """Estimate by how much the first group's values exceed the second's. Units: those of the values."""
    if len(first) + len(second) < 3 or min(len(first), len(second)) == 0 or any(not isfinite(v) for v in (*first, *second)):
        return _too_few()
    differences = sorted(a - b for a in first for b in second)
    n, least = len(first), len(first) * (len(first) + 1) // 2
    sums = subset_sum_counts(range(1, n + len(second) + 1), n)
    counts = [sums[least + u] for u in range(n * len(second) + 1)]
    return _interval(differences, counts, comb(n + len(second), n), confidence, TWO_SAMPLE)


def _interval(ordered: Sequence[float], counts: Sequence[int], total: int, asked: float, definition: Text) -> Interval:
    """Cut `ordered` at the k-th value from each end, k - 1 the largest rank statistic in the lower tail of the null
    distribution."""
    k = _values_to_cut(counts, total, (1 - asked) / 2)
    level = 1 - 2 * sum(counts[:k]) / total
    return Interval(estimate=median(ordered), low=ordered[k - 1], high=ordered[-k], level=level, asked=asked, definition=definition)


def _values_to_cut(counts: Sequence[int], total: int, tail: float) -> int:
    """The largest k with P(statistic < k) within the tail, and 1 where there is none (the widest interval)."""
    below, k = 0, 0
    while k < len(counts) // 2 and (below + counts[k]) / total <= tail + 1e-12:
        below += counts[k]
        k += 1
    return max(k, 1)


def _too_few() -> NotEstimable:
    return not_estimable(
        "A Hodges-Lehmann interval needs at least two participants, three where two groups are compared, with finite values.",
        "بازهٔ هاجز–لمن دست‌کم به دو شرکت‌کننده و برای مقایسهٔ دو گروه به سه شرکت‌کننده با مقدار متناهی نیاز دارد.",
    )
