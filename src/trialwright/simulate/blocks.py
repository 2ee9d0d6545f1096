"""Simulated trials in blocks of 250, each block with its own counter-based seed: the same bits for any number of workers or shards.

A block's tally holds counts and sums only, so that shards are merged by putting their tallies together. All scenarios of a block
start from the same seed: differences between scenarios are of the same people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, Philox, SeedSequence
from numpy.typing import NDArray

from trialwright.simulate.allocations import Allocations, plan_allocation
from trialwright.simulate.between import draw_events, read_between
from trialwright.simulate.bodies import draw_collected, outcome_and_baseline
from trialwright.simulate.changes import compare_with_baseline
from trialwright.simulate.comparisons import Verdict, compare_arms, compare_responders
from trialwright.simulate.plan import Plan, SimulatedEndpoint
from trialwright.simulate.responders import respond
from trialwright.simulate.scenario import Scenario
from trialwright.simulate.truth import Truth

Array = NDArray[np.float64]
BLOCK = 250


@dataclass(frozen=True, kw_only=True)
class Tally:
    """One block of one scenario: how many trials, and what was counted over them.

    `counts` are whole numbers (trials rejecting, participants responding); `sums` are sums over estimable trials. Keys are joined
    by dots: `gfr.ancova.rejected`, `gfr.failed.empty_arm`, `response.fpre.complete.fisher.rejected`, `arm.cells.events`.
    """

    block: int
    scenario: str
    collection: str
    trials: int
    counts: Mapping[str, int]
    sums: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Shapes: values (visits, trials, participants) by parameter, NaN where missing; the others (trials, participants)."""

    values: Mapping[str, Array]
    allocation: Allocations
    infused: NDArray[np.bool_]
    left_on: Array
    rescued: NDArray[np.bool_]
    relapsed: NDArray[np.bool_]


def block_rng(seed: int, block: int) -> Generator:
    """The generator of a block: counter-based, keyed by the block."""
    return Generator(Philox(SeedSequence(entropy=seed, spawn_key=(block,))))


def draw_trials(plan: Plan, scenario: Scenario, collection: str, trials: int, rng: Generator) -> Trials:
    """Draw whole trials: who is allocated where, what is measured, what is missing."""
    shape = trials, plan.participants
    allocation = plan_allocation(plan.study).draw(trials, rng)
    found = draw_collected(plan, scenario, collection, allocation.treated.ravel(), rng)
    course = found.course
    return Trials(
        values={name: value.reshape(-1, *shape) for name, value in found.values.items()},
        allocation=allocation,
        infused=course.infused.reshape(shape),
        left_on=course.left_on.reshape(shape),
        rescued=np.isfinite(course.rescued_on).reshape(shape),
        relapsed=np.isfinite(course.relapsed_on).reshape(shape),
    )


def simulate_block(plan: Plan, scenario: Scenario, collection: str, block: int, trials: int, seed: int, truth: Truth) -> Tally:
    """Draw and analyse one block."""
    rng = block_rng(seed, block)
    drawn = draw_trials(plan, scenario, collection, trials, rng)
    counts: dict[str, int] = {}
    sums: dict[str, float] = {}
    for endpoint in plan.endpoints:
        _tally_endpoint(plan, endpoint, drawn, truth, counts, sums)
    _tally_responses(plan, drawn, counts)
    _tally_arms(plan, drawn, rng, counts, sums)
    return Tally(block=block, scenario=scenario.name, collection=collection, trials=trials, counts=counts, sums=sums)


def _tally_endpoint(
    plan: Plan, endpoint: SimulatedEndpoint, drawn: Trials, truth: Truth, counts: dict[str, int], sums: dict[str, float]
) -> None:
    analysis = plan.study.analysis
    alpha, confidence = float(analysis.primary.alpha), float(analysis.confidence)
    outcome, baseline = outcome_and_baseline(endpoint, drawn.values)
    if plan.control:
        effect = truth.effects[endpoint.id]
        verdicts, why = compare_arms(outcome, baseline, drawn.allocation, effect, alpha, confidence)
    else:
        verdicts, why = compare_with_baseline(outcome - baseline, truth.centres[endpoint.id], alpha, confidence)
    for method, verdict in verdicts.items():
        _tally_verdict(f"{endpoint.id}.{method}", verdict, counts, sums)
    for reason, number in why.items():
        counts[f"{endpoint.id}.failed.{reason}"] = number
    counts[f"{endpoint.id}.analysed"] = int(np.isfinite(outcome - baseline).sum())


def _tally_verdict(name: str, verdict: Verdict, counts: dict[str, int], sums: dict[str, float]) -> None:
    counts[f"{name}.estimable"] = int(verdict.estimable.sum())
    counts[f"{name}.rejected"] = int(verdict.rejected.sum())
    if verdict.covered is not None:
        counts[f"{name}.covered"] = int(verdict.covered.sum())
    if verdict.estimate is not None:
        estimate = verdict.estimate[verdict.estimable]
        sums[f"{name}.estimate"] = float(estimate.sum())
        sums[f"{name}.estimate_squared"] = float((estimate**2).sum())


def _tally_responses(plan: Plan, drawn: Trials, counts: dict[str, int]) -> None:
    """Participants who respond, by arm, and the tests that compare them; a missing value is no response."""
    treated, alpha = drawn.allocation.treated, float(plan.study.analysis.primary.alpha)
    for use in plan.study.analysis.responses:
        found = respond(plan, drawn.values, use)
        if found is None:
            continue
        for kind, flags in (("complete", found.complete), ("any", found.any_response)):
            name = f"response.{use.definition}.{kind}"
            for arm, inside in ((plan.treated, treated), (plan.control, ~treated)):
                if arm:
                    counts[f"{name}.{arm}"] = int((flags & inside).sum())
            if plan.control:
                for method, verdict in compare_responders(flags, treated, alpha).items():
                    _tally_verdict(f"{name}.{method}", verdict, counts, {})


def _tally_arms(plan: Plan, drawn: Trials, rng: Generator, counts: dict[str, int], sums: dict[str, float]) -> None:
    """What happens to people by arm: infused, withdrawn, rescued, relapsed, and adverse events by lot."""
    last = plan.visits[-1].day
    events = draw_events(read_between(plan.study), drawn.infused, drawn.left_on, last, rng)
    treated = drawn.allocation.treated
    rows: dict[str, NDArray[np.generic]] = {
        "participants": np.ones_like(treated),
        "infused": drawn.infused,
        "withdrawn": drawn.left_on <= last,
        "rescued": drawn.rescued,
        "relapsed": drawn.relapsed,
        "events": events.events,
        "serious": events.serious,
        "fever": events.fever,
        "with_serious": events.serious > 0,
    }
    for arm, inside in ((plan.treated, treated), (plan.control, ~treated)):
        if arm:
            counts |= {f"arm.{arm}.{name}": int((values * inside).sum()) for name, values in rows.items()}
            sums[f"arm.{arm}.years"] = float((events.years * inside).sum())
