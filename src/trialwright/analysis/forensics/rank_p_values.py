"""Which rank sums a printed p value can stand for at a small n: by the exact test, or by a normal approximation of it.

Programs print different p values for the same ranks: counted exactly, or by the normal distribution with or without the continuity
correction. For each the possible rank sums are walked through, without ties and with every pattern of ties, and with participants
who did not change dropped. What all that fits has in common is what the p value says.

Source: Wilcoxon, Biometrics Bulletin 1945;1:80; normal forms with ties: Lehmann, Nonparametrics 1975, chapters 1.5 and 3.2.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import comb, erfc, sqrt
from typing import Literal

from trialwright.analysis.forensics.printed import Printed, check_participants
from trialwright.analysis.methods.rank_sum import subset_sum_counts
from trialwright.analysis.methods.signed_rank import sign_pattern_counts

Form = Literal["exact", "normal", "normal_corrected"]
MOST_TIED_PAIRS = 12  # 2,048 patterns of ties
MOST_PAIRS = 40  # beyond, a p value says little of single participants; 20 pairs take 0.7 s
MOST_TIED_IN_GROUPS = 10  # 512 patterns of ties, each with its own count of divisions


@dataclass(frozen=True, kw_only=True)
class SignedRankReading:
    """One way in which the signed-rank test gives the printed p.

    `unchanged` were dropped (no change, or not measured twice); `rank_sum` is that of the participants who changed the other way,
    of whom there were from `fewest_against` to `most_against`; `ties` are the sizes of groups of equal changes, smallest change
    first, empty without ties.
    """

    form: Form
    unchanged: int
    rank_sum: float
    fewest_against: int
    most_against: int
    ties: tuple[int, ...]
    p: float


@dataclass(frozen=True, kw_only=True)
class RankSumReading:
    """One way in which the rank-sum test gives the printed p: U of the first group, and the ties, smallest value first."""

    form: Form
    u: float
    ties: tuple[int, ...]
    p: float


def signed_rank_readings(p: Printed, participants: int) -> tuple[SignedRankReading, ...]:
    """Every reading of a two-sided signed-rank p of so many pairs; ties are walked through up to 12 changed participants."""
    check_participants(participants)
    return tuple(
        reading
        for changed in range(participants, 0, -1)
        for ties in _patterns(changed, MOST_TIED_PAIRS)
        for reading in _signed_rank(p, participants - changed, ties)
    )


def rank_sum_readings(p: Printed, first: int, second: int) -> tuple[RankSumReading, ...]:
    """Every reading of a two-sided rank-sum p of two groups; ties are walked through up to 10 participants in all."""
    check_participants(first, second)
    return tuple(reading for ties in _patterns(first + second, MOST_TIED_IN_GROUPS) for reading in _rank_sum(p, first, ties))


def _signed_rank(p: Printed, unchanged: int, ties: tuple[int, ...]) -> Iterator[SignedRankReading]:
    ranks = _doubled_ranks(ties)
    counts, total = sign_pattern_counts(ranks), sum(ranks)
    spread = sqrt(sum(rank**2 for rank in ranks)) / 4
    for rank_sum, below in enumerate(accumulate(counts[: total // 2 + 1])):
        if not counts[rank_sum]:
            continue
        away = (total / 2 - rank_sum) / 2
        exact = min(1.0, 2 * below / 2 ** len(ranks))
        for form, value in _forms(exact, away, spread):
            if p.fits(value):
                yield SignedRankReading(
                    form=form,
                    unchanged=unchanged,
                    rank_sum=rank_sum / 2,
                    fewest_against=_needed(sorted(ranks, reverse=True), rank_sum),
                    most_against=_fitting(ranks, rank_sum),
                    ties=_shown(ties),
                    p=value,
                )


def _rank_sum(p: Printed, first: int, ties: tuple[int, ...]) -> Iterator[RankSumReading]:
    ranks = _doubled_ranks(ties)
    n, mean = len(ranks), first * (len(ranks) + 1)
    counts = subset_sum_counts(ranks, first)
    spread = sqrt(first * (n - first) / (n * (n - 1)) * sum((rank - n - 1) ** 2 for rank in ranks)) / 2
    if not spread:
        return
    for rank_sum in sorted(counts):
        away = abs(rank_sum - mean)
        exact = sum(count for other, count in counts.items() if abs(other - mean) >= away) / comb(n, first)
        for form, value in _forms(exact, away / 2, spread):
            if p.fits(value):
                yield RankSumReading(form=form, u=rank_sum / 2 - first * (first + 1) / 2, ties=_shown(ties), p=value)


def _forms(exact: float, away: float, spread: float) -> tuple[tuple[Form, float], ...]:
    """The p value of a rank sum that lies `away` from its expectation, by each form."""
    return (
        ("exact", exact),
        ("normal", erfc(away / spread / sqrt(2))),
        ("normal_corrected", erfc(max(0.0, away - 0.5) / spread / sqrt(2))),
    )


def _patterns(size: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every division of `size` ordered values into groups of equals, no ties first; above `most` only no ties."""
    yield (1,) * size
    if size <= most:
        for cuts in range(2 ** (size - 1) - 1):
            groups, length = [], 1
            for place in range(size - 1):
                if cuts >> place & 1:
                    groups.append(length)
                    length = 0
                length += 1
            yield (*groups, length)


def _doubled_ranks(ties: Sequence[int]) -> list[int]:
    """Twice the midranks of values with these groups of equals, smallest first."""
    starts = accumulate((0, *ties[:-1]))
    return [2 * start + size + 1 for start, size in zip(starts, ties, strict=True) for _ in range(size)]


def _shown(ties: tuple[int, ...]) -> tuple[int, ...]:
    return ties if max(ties) > 1 else ()


def _needed(largest_first: Sequence[int], total: int) -> int:
    """The fewest ranks that can reach this sum."""
    return next((k for k, reached in enumerate(accumulate(largest_first, initial=0)) if reached >= total), len(largest_first))


def _fitting(smallest_first: Sequence[int], total: int) -> int:
    """The most ranks that this sum has room for."""
    return sum(1 for reached in accumulate(smallest_first) if reached <= total)
