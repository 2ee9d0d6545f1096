"""The exact Mann-Whitney (Wilcoxon rank-sum) test of two independent groups, right with ties.

The distribution is counted over every way of dividing the observed midranks between the groups, so ties need no correction. A
widely used library keeps the table without ties even when the data have them, and prints a p value of no test at all.

Source: Mann and Whitney, Ann Math Stat 1947;18:50; conditional distribution with ties: Lehmann, Nonparametrics 1975, chapter 1.4.
"""

from collections.abc import Sequence
from math import comb

from trialwright.analysis.methods.impossible import all_alike, not_two_groups
from trialwright.analysis.methods.result import NotEstimable, PValue, Test, doubled_midranks
from trialwright.terms.sentences import Text

DEFINITION = Text(
    en="Exact Mann-Whitney test, two-sided: the share of all divisions of the observed ranks into groups of these sizes whose rank "
    "sum lies at least as far from its expectation as the observed one. Ties share their mean rank.",
    fa="آزمون دقیق من–ویتنی، دوطرفه: سهم همهٔ تقسیم‌های رتبه‌های مشاهده‌شده به گروه‌هایی با همین اندازه که مجموع رتبهٔ آن‌ها "
    "دست‌کم به اندازهٔ "
    "مجموع مشاهده‌شده از مقدار مورد انتظار دور است. مقادیر برابر رتبهٔ میانگین می‌گیرند.",
)


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> Test | NotEstimable:
    """Test whether two groups come from one distribution; the statistic is U of the first group.

    U counts the pairs in which the first group's value is the larger, ties as one half.
    """
    if refused := not_two_groups(first, second) or all_alike([*first, *second]):
        return refused
    ranks = doubled_midranks([*first, *second])
    counts = subset_sum_counts(ranks, len(first))
    observed, doubled_mean = sum(ranks[: len(first)]), len(first) * (len(ranks) + 1)
    as_far = sum(count for s, count in counts.items() if abs(s - doubled_mean) >= abs(observed - doubled_mean))
    divisions = comb(len(ranks), len(first))
    farthest = max(abs(s - doubled_mean) for s in counts)
    smallest = sum(count for s, count in counts.items() if abs(s - doubled_mean) == farthest) / divisions
    p = PValue(value=as_far / divisions, definition=DEFINITION, smallest=smallest)
    return Test(statistic=observed / 2 - len(first) * (len(first) + 1) / 2, participants=len(ranks), p=p)


def subset_sum_counts(ranks: Sequence[int], size: int) -> dict[int, int]:
    """How many subsets of `size` ranks have each sum; the values add up to the binomial coefficient."""
    by_size: list[dict[int, int]] = [{0: 1}] + [{} for _ in range(size)]
    for index, rank in enumerate(ranks):
        for chosen in range(min(index + 1, size), 0, -1):
            for total, count in by_size[chosen - 1].items():
                by_size[chosen][total + rank] = by_size[chosen].get(total + rank, 0) + count
    return by_size[size]
