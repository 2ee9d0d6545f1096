"""The null distribution of tests that compare several occasions in the same participants: Friedman's and Cochran's.

With no difference between the occasions each participant's own values could have come in any order. The tests look at the totals
of the columns, and only at how uneven they are, so totals that are the same up to the order of the columns are one state: 20
participants on 3 occasions have a few thousand states instead of 3.7e15 orders, and the distribution is counted without sampling.
"""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.result import NotEstimable, not_estimable

LARGEST_STEP = 1_000_000  # orders of one participant times states of those before: about 0.2 s a participant
MOST_OCCASIONS = 7
_LARGEST_KEY = 2**62  # a state is looked up by its totals as digits of one whole number

Rows = Sequence[Sequence[int]]


def share_at_least(rows: Rows, observed: int) -> tuple[float, float] | NotEstimable:
    """P(sum of squared column totals >= observed) over all orders within the rows, and that of the largest attainable sum.

    Shapes: rows (participants, occasions), whole numbers (doubled midranks, or 0 and 1).
    """
    occasions, largest_total = len(rows[0]), sum(max(row) for row in rows)
    if occasions > MOST_OCCASIONS or (largest_total + 1) ** occasions > _LARGEST_KEY:
        return _too_many(len(rows), occasions)
    states, chances = np.zeros((1, occasions), dtype=np.int64), np.ones(1)
    for row in sorted(tuple(row) for row in rows):
        orders = np.array(sorted(set(permutations(row))), dtype=np.int64)
        if len(orders) * len(states) > LARGEST_STEP:
            return _too_many(len(rows), occasions)
        states, chances = _after(states, chances, orders)
    sums = (states**2).sum(axis=1)
    return float(chances[sums >= observed].sum()), float(chances[sums == sums.max()].sum())


def draw_sums(rows: Rows, rng: np.random.Generator, draws: int) -> NDArray[np.int64]:
    """The sum of squared column totals of `draws` random orders within the rows. Shapes: result (draws,)."""
    table = np.array(rows, dtype=np.int64)
    totals = sum((rng.permuted(np.tile(row, (draws, 1)), axis=1) for row in table), start=np.zeros((draws, table.shape[1])))
    return np.asarray((totals**2).sum(axis=1), dtype=np.int64)


def _after(states: NDArray[Any], chances: NDArray[Any], orders: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """States and their chances when one more participant's values have been added in every order."""
    moved = np.sort((states[:, None, :] + orders[None, :, :]).reshape(-1, states.shape[1]), axis=1)
    weights = np.repeat(chances / len(orders), len(orders))
    base = int(moved.max()) + 1
    keys = moved @ (base ** np.arange(moved.shape[1], dtype=np.int64))
    _, where, group = np.unique(keys, return_index=True, return_inverse=True)
    return moved[where], np.bincount(group, weights=weights)


def _too_many(participants: int, occasions: int) -> NotEstimable:
    return not_estimable(
        f"{participants} participants on {occasions} occasions have too many orders to count here; use the sampled form of the "
        "test with its error, or its large-sample form, and say which.",
        f"{participants} شرکت‌کننده در {occasions} نوبت ترتیب‌های بیش از حد شمارش دارند؛ شکل نمونه‌گیری‌شدهٔ آزمون با خطای آن، یا "
        "شکل نمونهٔ بزرگ را به کار ببرید و بگویید کدام.",
    )
