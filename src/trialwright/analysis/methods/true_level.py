"""What a method truly does at few participants: how often its interval holds the rate, how often its test rejects without an
effect.

A 95 % interval of ten participants holds the true rate in more or fewer than 95 % of trials, depending on that rate, and a 5 % test
rejects in at most the chances that whole numbers leave it. All of it is counted over every possible outcome: no simulation.

Source: Brown, Cai and DasGupta, Stat Sci 2001;16:101 (coverage of intervals of a proportion).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.rank_sum import subset_sum_counts
from trialwright.analysis.methods.result import Interval, NotEstimable
from trialwright.analysis.methods.signed_rank import sign_pattern_counts
from trialwright.analysis.methods.two_by_two import largest_probability
from trialwright.terms.sentences import Text

ProportionInterval = Callable[[int, int, float], Interval | NotEstimable]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How often an interval of a proportion holds the true rate: at worst (at `worst_rate`), and on average over all rates."""

    asked: float
    lowest: float
    worst_rate: float
    average: float
    statement: Text


@dataclass(frozen=True, kw_only=True)
class Level:
    """The largest chance that a test rejects when there is no effect, against the level asked for."""

    asked: float
    true: float
    statement: Text


def proportion_coverage(method: ProportionInterval, participants: int, confidence: float = 0.95) -> Coverage:
    """Count how often the interval of each possible number of events holds the rate.

    Between two limits the coverage is a smooth curve without a dip, so it is lowest beside a limit: each is looked at from both
    sides.
    """
    low, high = _limits(method, participants, confidence)
    rates = np.unique(np.concatenate([low - 1e-9, low + 1e-9, high - 1e-9, high + 1e-9]))
    rates = rates[(rates > 0) & (rates < 1)]
    held = _held(low, high, rates)
    worst, average = int(held.argmin()), _average(low, high, participants)
    return Coverage(
        asked=confidence,
        lowest=float(held[worst]),
        worst_rate=float(rates[worst]),
        average=average,
        statement=Text(
            en=f"With {participants} participants this {confidence:.0%} interval holds the true rate in {held[worst]:.1%} of "
            f"trials at worst and {average:.1%} on average over all rates.",
            fa=f"با {participants} شرکت‌کننده، این بازهٔ {confidence:.0%} نرخ واقعی را در بدترین حالت در {held[worst]:.1%} و به طور "
            f"میانگین روی همهٔ نرخ‌ها در {average:.1%} کارآزمایی‌ها در بر دارد.",
        ),
    )


def coverage_at(method: ProportionInterval, rate: float, participants: int, confidence: float = 0.95) -> float:
    """How often the interval of a proportion holds this rate."""
    low, high = _limits(method, participants, confidence)
    return float(_held(low, high, np.array([rate]))[0])


def table_level(p_values: NDArray[Any], alpha: float = 0.05) -> Level:
    """The true size of a test of two by two tables, at its worst common rate.

    Shapes: p_values (first_n + 1, second_n + 1), the p of every table, as from `fisher_table` and `boschloo_table`.
    """
    first_n, second_n = p_values.shape[0] - 1, p_values.shape[1] - 1
    rejected = tuple((int(a), int(b)) for a, b in np.argwhere(p_values <= alpha))
    true = largest_probability(rejected, first_n, second_n) if rejected else 0.0
    return _level(alpha, true, f"{first_n} : {second_n}")


def signed_rank_level(participants: int, alpha: float = 0.05) -> Level:
    """The level that the exact signed-rank test has without ties: the largest of its p values within alpha."""
    return _level(alpha, _largest_within(sign_pattern_counts(range(1, participants + 1)), alpha), str(participants))


def rank_sum_level(first: int, second: int, alpha: float = 0.05) -> Level:
    """The level that the exact Mann-Whitney test has without ties."""
    sums = subset_sum_counts(range(1, first + second + 1), first)
    return _level(alpha, _largest_within([sums[total] for total in sorted(sums)], alpha), f"{first} : {second}")


def _level(alpha: float, true: float, size: str) -> Level:
    return Level(
        asked=alpha,
        true=true,
        statement=Text(
            en=f"With {size} participants and no effect, this test at {alpha:g} rejects in at most {true:.2%} of trials.",
            fa=f"با {size} شرکت‌کننده و بدون اثر، این آزمون در سطح {alpha:g} حداکثر در {true:.2%} کارآزمایی‌ها رد می‌کند.",
        ),
    )


def _largest_within(counts: Sequence[int], alpha: float) -> float:
    """The largest two-sided p of a symmetric distribution that does not exceed alpha; 0 where none is as small."""
    total, tail, within = sum(counts), 0, 0.0
    for count in counts[: len(counts) // 2]:
        tail += count
        if 2 * tail / total > alpha * (1 + 1e-12):
            break
        within = 2 * tail / total
    return within


def _limits(method: ProportionInterval, participants: int, confidence: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = [method(events, participants, confidence) for events in range(participants + 1)]
    pairs = [(i.low or 0.0, 1.0 if i.high is None else i.high) for i in found if isinstance(i, Interval)]
    return np.array([low for low, _ in pairs]), np.array([high for _, high in pairs])


def _held(low: NDArray[Any], high: NDArray[Any], rates: NDArray[Any]) -> NDArray[np.float64]:
    """The chance of an outcome whose interval holds the rate. Shapes: low, high (events,); rates and result (rates,)."""
    participants = len(low) - 1
    events, ways = np.arange(participants + 1), np.array([float(comb(participants, k)) for k in range(participants + 1)])
    chances = ways * rates[:, None] ** events * (1 - rates[:, None]) ** (participants - events)
    return np.asarray((chances * ((low <= rates[:, None]) & (rates[:, None] <= high))).sum(axis=1))


def _average(low: NDArray[Any], high: NDArray[Any], participants: int) -> float:
    """The coverage averaged over all rates alike: each outcome's probability integrates to a difference of beta functions."""
    from scipy.special import betainc  # scipy is slow to import; only a page that shows a coverage needs it

    events = np.arange(participants + 1)
    within = betainc(events + 1, participants - events + 1, high) - betainc(events + 1, participants - events + 1, low)
    return float(within.sum()) / (participants + 1)
