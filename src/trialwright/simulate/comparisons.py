"""Two arms compared in every trial at once, by each method of the analysis: does it reject, does its interval hold the truth?

The methods are those of the analysis room in array form; a test analyses single trials both ways. A trial that gives a method
nothing to work on is counted with its reason.

Shapes: outcome, baseline, treated (trials, participants), NaN where missing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.outcome_tables import boschloo_table, fisher_table, mann_whitney_p_values
from trialwright.analysis.methods.rank_sum import subset_sum_counts
from trialwright.analysis.methods.rerandomisation import adjusted_statistics
from trialwright.simulate.allocations import Allocations

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_SAME = 1e-9
_DIGITS = 11
COEFFICIENTS = 3


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a method says in each trial. Shapes: (trials,); `covered` None where the method has no interval."""

    estimable: Flags
    rejected: Flags
    covered: Flags | None = None
    estimate: Array | None = None


@dataclass(frozen=True, kw_only=True)
class Adjusted:
    """The fit of outcome on baseline and arm in every trial. Shapes: (trials,) or (trials, participants)."""

    count: NDArray[np.int64]
    estimate: Array
    residual: Array
    own: Array
    own_square: Array
    x: Array
    spread: Array
    seen: Flags


def compare_arms(
    outcome: Array, baseline: Array, allocation: Allocations, truth: float, alpha: float, confidence: float
) -> tuple[dict[str, Verdict], Mapping[str, int]]:
    """Every method's verdicts, and why trials gave no estimate."""
    treated = allocation.treated
    why = reasons(outcome, baseline, treated)
    fine = np.array([not reason for reason in why])
    fit = fit_adjusted(outcome, baseline, treated)
    p = rerandomised(outcome, baseline, allocation)
    at_truth = rerandomised(outcome - truth * treated, baseline, allocation) if truth else p
    verdicts = {
        "rerandomisation": Verdict(
            estimable=fine,
            rejected=fine & (p <= alpha + _SAME),
            covered=fine & (at_truth > 1 - confidence + _SAME),
            estimate=np.where(fine, fit.estimate, np.nan),
        )
    }
    for name, (variance, df) in variances(fit).items():
        verdicts[name] = _by_t(fit, variance, df, fine, truth, alpha, confidence)
    verdicts["rank_sum"] = by_ranks(np.round(outcome - baseline, _DIGITS), treated, truth, alpha, confidence)
    return verdicts, Counter(reason for reason in why if reason)


def compare_responders(responds: Flags, treated: Flags, alpha: float) -> dict[str, Verdict]:
    """Fisher's and Boschloo's tests of responders, looked up in the tables of every possible outcome; nobody is left out."""
    first, second = treated.sum(axis=1), (~treated).sum(axis=1)
    ours, theirs = (responds & treated).sum(axis=1), (responds & ~treated).sum(axis=1)
    found = {name: np.full(len(first), np.nan) for name in ("fisher", "boschloo")}
    for n, m in sorted(set(zip(first.tolist(), second.tolist(), strict=True))):
        if min(n, m) < 1:
            continue
        rows = (first == n) & (second == m)
        for name, table in (("fisher", fisher_table), ("boschloo", boschloo_table)):
            found[name][rows] = table(n, m)[ours[rows], theirs[rows]]
    return {name: Verdict(estimable=np.isfinite(p), rejected=np.nan_to_num(p, nan=2.0) <= alpha) for name, p in found.items()}


def reasons(outcome: Array, baseline: Array, treated: Flags) -> list[str]:
    """Why the arms of a trial cannot be compared, "" where they can."""
    seen = np.isfinite(outcome) & np.isfinite(baseline)
    found = []
    for y, x, t, here in zip(outcome, baseline, treated, seen, strict=True):
        if not (t & here).any() or not (~t & here).any():
            found.append("empty_arm")
        elif here.sum() <= COEFFICIENTS:
            found.append("too_few")
        elif np.ptp(y[here]) == 0:
            found.append("same_outcome")
        elif np.ptp(x[here]) == 0 or np.ptp(x[here & t]) + np.ptp(x[here & ~t]) == 0:
            found.append("same_baseline")
        else:
            found.append("")
    return found


def rerandomised(outcome: Array, baseline: Array, allocation: Allocations) -> Array:
    """The p value of each trial over its lists, the drawn one among them. Shapes: result (trials,)."""
    if allocation.own is not None:
        rows = zip(allocation.own, outcome, baseline, strict=True)
        return np.array([_share(adjusted_statistics(lists, y[:, None], x[:, None])[:, 0]) for lists, y, x in rows])
    assert allocation.common is not None
    assert allocation.weights is not None
    assert allocation.place is not None
    statistics = adjusted_statistics(allocation.common, outcome.T, baseline.T)
    observed = statistics[allocation.place, np.arange(statistics.shape[1])]
    return np.asarray(allocation.weights @ (statistics >= observed * (1 - _SAME)))


def _share(statistics: Array) -> float:
    return float((statistics >= statistics[0] * (1 - _SAME)).mean())


def fit_adjusted(outcome: Array, baseline: Array, treated: Flags) -> Adjusted:
    """Fit every trial by least squares, the missing left out (Frisch, Waugh and Lovell)."""
    seen = np.isfinite(outcome) & np.isfinite(baseline)
    y, x, t = (_centred(values, seen) for values in (outcome, baseline, treated.astype(float)))
    spread = np.maximum((x * x).sum(axis=1), np.finfo(float).tiny)
    own = t - x * ((x * t).sum(axis=1) / spread)[:, None]
    y = y - x * ((x * y).sum(axis=1) / spread)[:, None]
    square = np.maximum((own * own).sum(axis=1), np.finfo(float).tiny)
    estimate = (own * y).sum(axis=1) / square
    return Adjusted(
        count=seen.sum(axis=1),
        estimate=estimate,
        residual=np.where(seen, y - estimate[:, None] * own, 0.0),
        own=own,
        own_square=square,
        x=x,
        spread=spread,
        seen=seen,
    )


def variances(fit: Adjusted) -> dict[str, tuple[Array, Array]]:
    """The variance of the arm's coefficient and its degrees of freedom: classical, HC2 with Bell and McCaffrey's, HC3.

    Infinite variance where one participant alone fixes a part of the model, or where nothing scatters.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        df: Array = np.asarray(fit.count - float(COEFFICIENTS), dtype=np.float64)
        weight = fit.own / fit.own_square[:, None]
        leverage = 1 / fit.count[:, None] + fit.x**2 / fit.spread[:, None] + fit.own**2 / fit.own_square[:, None]
        left = np.where(fit.seen, 1 - leverage, 1.0)
        saturated = (left <= 1e-10).any(axis=1)
        left = np.maximum(left, 1e-10)
        classical = (fit.residual**2).sum(axis=1) / df / fit.own_square
        hc3 = np.where(saturated, np.inf, ((weight * fit.residual / left) ** 2).sum(axis=1))
        scaled = np.where(fit.seen, weight / np.sqrt(left), 0.0)
        hc2 = np.where(saturated, np.inf, ((scaled * fit.residual) ** 2).sum(axis=1))
        hc2_df = _bell_mccaffrey(fit, scaled, left)
    return {"ancova": (np.asarray(classical), df), "ancova_hc2": (np.asarray(hc2), hc2_df), "ancova_hc3": (np.asarray(hc3), df)}


def _bell_mccaffrey(fit: Adjusted, scaled: Array, left: Array) -> Array:
    """trace squared over trace of the square of the quadratic form that HC2 is."""
    hat = 1 / fit.count[:, None, None] + _outer(fit.x) / fit.spread[:, None, None] + _outer(fit.own) / fit.own_square[:, None, None]
    spread = _outer(scaled) * (np.eye(scaled.shape[1]) - hat)
    return np.asarray((scaled**2 * left).sum(axis=1) ** 2 / (spread**2).sum(axis=(1, 2)))


def _outer(rows: Array) -> Array:
    return np.asarray(rows[:, :, None] * rows[:, None, :])


def _by_t(fit: Adjusted, variance: Array, df: Array, fine: Flags, truth: float, alpha: float, confidence: float) -> Verdict:
    from scipy.special import stdtr  # scipy is slow to import; only a simulation pays for it

    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt(variance)
        estimable = fine & np.isfinite(error) & (error > 0) & (df > 0)
        p, at_truth = (2 * stdtr(df, -np.abs(fit.estimate - effect) / error) for effect in (0.0, truth))
    return Verdict(estimable=estimable, rejected=estimable & (p <= alpha), covered=estimable & (at_truth >= 1 - confidence))


def by_ranks(change: Array, treated: Flags, truth: float, alpha: float, confidence: float) -> Verdict:
    """The exact Mann-Whitney test of the changes, and whether the Hodges-Lehmann interval holds the truth."""
    seen = np.isfinite(change)
    first, second = (seen & treated).sum(axis=1), (seen & ~treated).sum(axis=1)
    p, covered = np.full(len(change), np.nan), np.zeros(len(change), dtype=bool)
    for n, m in sorted(set(zip(first.tolist(), second.tolist(), strict=True))):
        if min(n, m) < 1 or n + m < 3:
            continue
        rows = np.flatnonzero((first == n) & (second == m))
        ours = change[rows][(seen & treated)[rows]].reshape(-1, n)
        theirs = change[rows][(seen & ~treated)[rows]].reshape(-1, m)
        p[rows] = mann_whitney_p_values(ours, theirs)
        differences = ours[:, :, None] - theirs[:, None, :]
        kept = n * m - _values_to_cut(n, m, (1 - confidence) / 2)
        below, above = ((sign * (differences - truth) < -_SAME).sum(axis=(1, 2)) for sign in (1, -1))
        covered[rows] = (below <= kept) & (above <= kept)
    estimable = np.isfinite(p)
    return Verdict(estimable=estimable, rejected=estimable & (p <= alpha), covered=estimable & covered)


def _values_to_cut(n: int, m: int, tail: float) -> int:
    """As `hodges_lehmann.two_sample` cuts: the largest k whose lower rank distribution stays within the tail, at least 1."""
    counts, least = subset_sum_counts(range(1, n + m + 1), n), n * (n + 1) // 2
    below, k = 0, 0
    while k < (n * m + 1) // 2 and (below + counts[least + k]) / comb(n + m, n) <= tail + 1e-12:
        below += counts[least + k]
        k += 1
    return max(k, 1)


def _centred(values: Array, seen: Flags) -> Array:
    kept = np.where(seen, values, 0.0)
    return np.where(seen, kept - (kept.sum(axis=1) / np.maximum(seen.sum(axis=1), 1))[:, None], 0.0)
