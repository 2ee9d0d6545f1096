"""What the estimates of a scenario should be: the effect of the policy, from both possible courses of the same people.

Never infused, rescued, relapsed: all is part of the policy, so the true effect is no number of simulation.toml but the mean
difference between the course that each person has in one arm and the one that they have in the other. It is drawn once for a
scenario, with its own seed, and its Monte Carlo error is given beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, Philox, SeedSequence
from numpy.typing import NDArray

from trialwright.simulate.bodies import draw_collected, outcome_and_baseline
from trialwright.simulate.plan import Plan
from trialwright.simulate.scenario import Scenario

Array = NDArray[np.float64]
PEOPLE = 20_000
_SEED = 20_161_211


_FOUND: "dict[tuple[str, str, str, int], Truth]" = {}


@dataclass(frozen=True, kw_only=True)
class Truth:
    """By endpoint. Units: logarithms where the endpoint is a ratio.

    `effects`: mean difference of the compared value between the two courses, with `errors`; `centres`: the pseudomedian of the
    change from baseline of the treated, which a one-arm interval is about, with everything in it that is no effect.
    """

    effects: Mapping[str, float]
    errors: Mapping[str, float]
    centres: Mapping[str, float]


def find_truth(plan: Plan, scenario: Scenario, collection: str, people: int = PEOPLE) -> Truth:
    """Draw everybody twice from one seed, treated and untreated, with nothing missing; kept, because a run asks for it often."""
    key = plan.study.digest, scenario.name, collection, people
    if key not in _FOUND:
        _FOUND[key] = _find(plan, scenario, collection, people)
    return _FOUND[key]


def _find(plan: Plan, scenario: Scenario, collection: str, people: int) -> Truth:
    treated, untreated = (_courses(plan, scenario, collection, arm, people) for arm in (True, False))
    differences = {name: treated[name][0] - untreated[name][0] for name in treated}
    return Truth(
        effects={name: _mean(found) for name, found in differences.items()},
        errors={name: float(np.nanstd(found) / np.sqrt(people)) for name, found in differences.items()},
        centres={name: _pseudomedian(outcome - baseline) for name, (outcome, baseline) in treated.items()},
    )


def _courses(plan: Plan, scenario: Scenario, collection: str, arm: bool, people: int) -> dict[str, tuple[Array, Array]]:
    rng = Generator(Philox(SeedSequence(_SEED)))
    found = draw_collected(plan, scenario, collection, np.full(people, arm), rng, missing=False)
    return {endpoint.id: outcome_and_baseline(endpoint, found.values) for endpoint in plan.endpoints}


def _mean(values: Array) -> float:
    mean = float(np.nanmean(values))
    return 0.0 if abs(mean) < 1e-12 else mean


def _pseudomedian(changes: Array) -> float:
    """The median of the means of pairs, each person paired with another at random."""
    pairs = Generator(Philox(SeedSequence((_SEED, 1)))).permutation(len(changes))
    return float(np.nanmedian((changes + changes[pairs]) / 2))
