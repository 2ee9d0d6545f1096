"""Many two-arm trials of a normal outcome, compared by Student's t: for planning, and as the plainest measure of speed.

By summary statistics the difference of the means and the pooled variance are drawn from their own laws (normal and chi-square,
independent), which gives t its exact law with two draws a trial. With `values` every participant is drawn. Blocks have their own
counter-based seeds: the same bits for any number of workers.

Source: Student, Biometrika 1908;6:1; Fisher, Metron 1925;5:90 (independence of mean and variance).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from trialwright.simulate.blocks import block_rng
from trialwright.simulate.scenario import ScenarioError

BLOCK = 50_000
BLOCK_OF_VALUES = 4_000  # small enough for 20 values a trial to stay in the cache


@dataclass(frozen=True, kw_only=True)
class TTrials:
    """How many trials found a difference, two-sided; `monte_carlo_error` is the standard error of the share."""

    trials: int
    rejected: int
    critical: float

    @property
    def share(self) -> float:
        return self.rejected / self.trials

    @property
    def monte_carlo_error(self) -> float:
        return sqrt(self.share * (1 - self.share) / self.trials)


def simulate_t_trials(
    first: int, second: int, *, effect: float, trials: int, seed: int, alpha: float = 0.05, workers: int = 1, values: bool = False
) -> TTrials:
    """Simulate trials of `first` against `second` participants. Units: effect in standard deviations of one participant.

    Raises: ScenarioError where there are too few participants for a variance, or no trials.
    """
    from scipy.special import stdtrit  # scipy is slow to import; only a simulation pays for it

    if first < 1 or second < 1 or first + second < 3 or trials < 1:
        raise ScenarioError(
            f"{first} against {second} people in {trials} trials cannot be compared by t; give both arms, three or more in all."
        )
    critical = float(stdtrit(first + second - 2, 1 - alpha / 2))
    size = BLOCK_OF_VALUES if values else BLOCK
    jobs = [(number, min(size, trials - number * size)) for number in range(-(-trials // size))]

    def run(part: int) -> int:
        draw = _from_values if values else _from_summaries
        return sum(draw(first, second, effect, critical, n, block_rng(seed, block)) for block, n in jobs[part::workers])

    if workers <= 1:
        return TTrials(trials=trials, rejected=run(0), critical=critical)
    from joblib import Parallel, delayed  # an engine only where one is asked for

    found = Parallel(n_jobs=workers, prefer="threads")(delayed(run)(part) for part in range(workers))
    return TTrials(trials=trials, rejected=sum(found), critical=critical)


def _from_summaries(first: int, second: int, effect: float, critical: float, trials: int, rng: Generator) -> int:
    """|difference| > critical x its standard error, compared as squares."""
    df, spread = first + second - 2, 1 / first + 1 / second
    difference = rng.standard_normal(trials)
    difference *= sqrt(spread)
    difference += effect
    bound = rng.standard_gamma(df / 2, trials)  # half of a chi-square
    bound *= 2 * critical**2 * spread / df
    difference *= difference
    return int(np.count_nonzero(difference > bound))


def _from_values(first: int, second: int, effect: float, critical: float, trials: int, rng: Generator) -> int:
    df, spread = first + second - 2, 1 / first + 1 / second
    ours, theirs = rng.standard_normal((first, trials)), rng.standard_normal((second, trials))
    mean, other = ours.mean(axis=0), theirs.mean(axis=0)
    within = _within(ours, mean) + _within(theirs, other)
    return int(np.count_nonzero((mean + effect - other) ** 2 > critical**2 * spread / df * within))


def _within(values: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = values - mean
    return np.asarray(np.einsum("ij,ij->j", centred, centred))
