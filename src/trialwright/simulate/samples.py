"""One simulated trial at a time, in the shapes that the analysis methods take: groups, responders, times to an event, courses.

`truths` says what an interval should hold in the scenario: zero differences and ratios of one where the treatment does nothing, and
rates and centres from many participants drawn with another seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.follow_up import FollowUp
from trialwright.analysis.methods.kaplan_meier import kaplan_meier
from trialwright.simulate.allocations import Allocations
from trialwright.simulate.between import draw_events, read_between
from trialwright.simulate.blocks import Trials, block_rng, draw_trials
from trialwright.simulate.bodies import outcome_and_baseline
from trialwright.simulate.plan import Plan
from trialwright.simulate.responders import respond
from trialwright.simulate.scenario import Scenario
from trialwright.simulate.truth import find_truth
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
AT_ONCE = 100
_MANY = 20_000  # participants for the truths
_OCCASIONS = 3
_APART = 1_000_003  # from the seed of the trials that are judged
_NO_WORDS = Text(en="", fa="")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One trial. Shapes: outcome, baseline, treated, responds, time, cause, events, years (participants,); course (participants,
    occasions), ln protein after treatment, NaN where missing; early, late: who responds at two visits. Units: days, years."""

    outcome: Array
    baseline: Array
    treated: Flags
    responds: Flags
    time: Array
    cause: NDArray[np.int64]
    events: NDArray[np.int64]
    years: Array
    course: Array
    answers: NDArray[np.int64]
    allocation: Allocations

    @cached_property
    def seen(self) -> Flags:
        return np.isfinite(self.outcome) & np.isfinite(self.baseline)

    @cached_property
    def change(self) -> Array:
        """Of those with both values, to 11 decimals, so that equal changes are tied."""
        return np.round((self.outcome - self.baseline)[self.seen], 11)

    def groups(self) -> tuple[list[float], list[float]]:
        """Changes of the treated and of the others."""
        inside = self.treated[self.seen]
        return self.change[inside].tolist(), self.change[~inside].tolist()

    def table(self) -> tuple[int, int, int, int]:
        """Responders and participants of the treated, then of the others."""
        n, m = int(self.treated.sum()), int((~self.treated).sum())
        return int((self.responds & self.treated).sum()), n, int((self.responds & ~self.treated).sum()), m

    def rates(self) -> tuple[int, float, int, float]:
        """Events and years of the treated, then of the others."""
        inside = self.treated
        years = float(self.years[inside].sum()), float(self.years[~inside].sum())
        return int(self.events[inside].sum()), years[0], int(self.events[~inside].sum()), years[1]

    def follow_up(self, inside: Flags | None = None, *, competing: bool = False) -> FollowUp:
        """Time to the first response; `competing` keeps withdrawal as a second cause, otherwise it cuts off."""
        chosen = np.ones_like(self.treated) if inside is None else inside
        cause = self.cause if competing else np.where(self.cause == 1, 1, 0)
        return FollowUp(times=self.time[chosen], causes=cause[chosen])

    def reference(self) -> ReferenceSet:
        """The lists of the trial's allocation, the drawn one first."""
        if self.allocation.own is not None:
            lists = self.allocation.own[0]
            weights = np.ones(len(lists))
        else:
            assert self.allocation.common is not None
            assert self.allocation.weights is not None
            assert self.allocation.place is not None
            here = int(self.allocation.place[0])
            order = np.r_[here, np.delete(np.arange(len(self.allocation.common)), here)]
            lists, weights = self.allocation.common[order], self.allocation.weights[order]
        return ReferenceSet(lists=lists, weights=weights, enumerated=False, description=_NO_WORDS)


@dataclass(frozen=True, kw_only=True)
class Truths:
    """What intervals should hold: the centre and mean of changes, the share of responders, events a year, the share without a
    response on `day` and the incidence there with withdrawal competing, and the mean time without a response until then."""

    effect: float
    centre: float
    mean_change: float
    response: float
    rate: float
    day: float
    without: float
    incidence: float
    restricted: float
    hazard_times: Array
    hazard_sums: Array

    def cumulative_hazard(self, time: float) -> float:
        """The Nelson-Aalen sum up to a time: what a perfect reference would expect."""
        return float(self.hazard_sums[np.searchsorted(self.hazard_times, time, side="right")])


def draw_samples(plan: Plan, scenario: Scenario, collection: str, trials: int, seed: int) -> Iterator[Sample]:
    """Trials one by one, drawn in blocks with counter-based seeds."""
    for block in range(-(-trials // AT_ONCE)):
        rng = block_rng(seed, block)
        number = min(AT_ONCE, trials - block * AT_ONCE)
        drawn = draw_trials(plan, scenario, collection, number, rng)
        last = plan.visits[-1].day
        happened = draw_events(read_between(plan.study), drawn.infused, drawn.left_on, last, rng)
        yield from _split(plan, drawn, happened.events, happened.years, number)


def _split(plan: Plan, drawn: Trials, events: NDArray[np.int64], years: Array, number: int) -> Iterator[Sample]:
    outcome, baseline = outcome_and_baseline(plan.primary, drawn.values)
    at_visits, days = _response_by_visit(plan, drawn)
    time, cause = _first(at_visits, days, drawn.left_on)
    later = [p for p, v in enumerate(plan.visits) if v.day > 0 and v.measures_protein][:_OCCASIONS]
    course = np.log(drawn.values[plan.protein.concept][later])
    for i in range(number):
        yield Sample(
            outcome=outcome[i],
            baseline=baseline[i],
            treated=drawn.allocation.treated[i],
            responds=np.asarray(at_visits[:, i].any(axis=0)),
            time=time[i],
            cause=cause[i],
            events=events[i],
            years=years[i],
            course=course[:, i].T,
            answers=at_visits[:_OCCASIONS, i].T.astype(np.int64),
            allocation=_one(drawn.allocation, i),
        )


def _response_by_visit(plan: Plan, drawn: Trials) -> tuple[Flags, Array]:
    """Who responds at each visit after treatment by the first definition that is simulated."""
    later = [p for p, v in enumerate(plan.visits) if v.day > 0 and v.measures_protein]
    for use in plan.study.analysis.responses:
        found = respond(plan, drawn.values, use)
        if found is not None:
            return found.by_visit, np.array([plan.visits[p].day for p in later[: len(found.by_visit)]])
    return np.zeros((1, *drawn.left_on.shape), dtype=bool), np.array([plan.visits[later[0]].day])


def _first(at_visits: Flags, days: Array, left_on: Array) -> tuple[Array, NDArray[np.int64]]:
    """Day and cause: 1 first response, 2 withdrawal before it, 0 the last visit without either."""
    ever = at_visits.any(axis=0)
    responded = np.where(ever, days[np.argmax(at_visits, axis=0)], np.inf)
    ends = np.minimum(left_on, days[-1])
    time = np.minimum(responded, ends)
    return time, np.where(responded <= ends, 1, np.where(left_on < days[-1], 2, 0))


def _one(allocation: Allocations, i: int) -> Allocations:
    return Allocations(
        treated=allocation.treated[i : i + 1],
        common=allocation.common,
        weights=allocation.weights,
        place=None if allocation.place is None else allocation.place[i : i + 1],
        own=None if allocation.own is None else allocation.own[i : i + 1],
    )


def find_truths(plan: Plan, scenario: Scenario, collection: str, seed: int) -> Truths:
    """Rates and centres of the treated, from many trials with another seed."""
    truth = find_truth(plan, scenario, collection)
    many = list(draw_samples(plan, scenario, collection, -(-_MANY // plan.participants), seed + _APART))
    treated = [(s, s.treated) for s in many]
    times, causes = np.concatenate([s.time[t] for s, t in treated]), np.concatenate([s.cause[t] for s, t in treated])
    day = float(np.median(times[causes != 1])) - 1
    curve = np.concatenate([s.change for s in many])
    event = kaplan_meier(FollowUp(times=times, causes=np.where(causes == 1, 1, 0)))
    before = event.times <= day
    steps, heights = np.r_[0.0, event.times[before], day], np.r_[1.0, event.survival[before]]
    return Truths(
        effect=truth.effects[plan.primary.id],
        centre=truth.centres[plan.primary.id],
        mean_change=float(curve.mean()),
        response=float(np.concatenate([s.responds[t] for s, t in treated]).mean()),
        rate=float(sum(s.events[t].sum() for s, t in treated) / sum(s.years[t].sum() for s, t in treated)),
        day=day,
        without=float(heights[-1]),
        incidence=float(((times <= day) & (causes == 1)).mean()),
        restricted=float((np.diff(steps) * heights).sum()),
        hazard_times=event.times,
        hazard_sums=np.r_[0.0, np.cumsum(event.events / event.at_risk)],
    )
