"""What no effect looks like: how often people respond when the treatment does nothing, and how likely a published result is then.

Selection for one high value (regression to the mean), variation from day to day, slow drift and miscollected jugs make responses
out of nothing. Participants are independent, so from the share of one person the chance of "at least so many of so many" is exact.

Source: the settings of miscollection are those of the study's simulation.toml; Christopher-Stine, J Rheumatol 2004;31:1557.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb, sqrt
from typing import Literal

import numpy as np
from numpy.random import Generator, Philox, SeedSequence
from numpy.typing import NDArray

from trialwright.simulate.courses import draw_courses, draw_entry, fairly_filled
from trialwright.simulate.plan import Plan, Visit, read_plan
from trialwright.simulate.responders import classify_arrays, rules_on_protein
from trialwright.simulate.scenario import CollectionModel, ScenarioError, read_scenario
from trialwright.study.model import Study

Array = NDArray[np.float64]
Against = Literal["qualifying", "planned"]
Jugs = Literal["exact", "judged", "as_collected"]
DRIFTS = (0.0, 0.15, 0.30)
PEOPLE = 100_000


@dataclass(frozen=True, kw_only=True)
class NoEffect:
    """Responders without any effect in one setting: shares of people, each with its Monte Carlo standard error.

    `jugs`: "exact" (the jug holds the day's urine), "judged" (clearly miscollected ones are repeated) or "as_collected"; a study
    of samples has only "exact". `against`: the value that let a person in, or the baseline that the endpoint plans. Units: drift
    SD of ln(protein) per square root of a month.
    """

    definition: str
    by: str
    drift_sd: float
    jugs: Jugs
    against: Against
    complete: float
    partial: float
    any_response: float
    people: int

    def error(self, share: float) -> float:
        """The Monte Carlo standard error of one of the shares."""
        return sqrt(share * (1 - share) / self.people)

    def chance_of(self, responders: int, of: int, *, complete: bool = False) -> float:
        """The chance that at least so many of so many people respond (`complete`: completely) although nothing works.

        Raises: ScenarioError where the numbers are not responders of participants.
        """
        if not 0 <= responders <= of or of < 1:
            raise ScenarioError(f"{responders} of {of} is no number of responders; give 0 to the number of participants.")
        share = self.complete if complete else self.any_response
        return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(responders, of + 1))


def no_effect(
    study: Study,
    definition: str,
    *,
    by: str = "",
    drift_sd: float | None = None,
    jugs: Jugs = "as_collected",
    against: Against = "qualifying",
    people: int = PEOPLE,
    seed: int = 1,
) -> NoEffect:
    """How often a person responds at any visit up to `by` (the study's own for this definition where "") without any effect.

    `drift_sd` None is that of the study. Raises: ScenarioError for a definition that needs more than protein, a visit that does
    not measure it, or a study whose protein is not simulated.
    """
    plan = read_plan(study)
    by = by or next((use.by for use in study.analysis.responses if use.definition == definition), "")
    rules = rules_on_protein(definition, plan.protein.unit)
    if rules is None:
        raise ScenarioError(f"{definition} looks at more than protein in {plan.protein.unit}; use a definition of protein alone.")
    scenario = read_scenario(study)
    model = scenario.protein if drift_sd is None else replace(scenario.protein, drift_sd=drift_sd)
    rng = Generator(Philox(SeedSequence(seed)))
    filled = _filled(plan, scenario.collection, jugs)
    entry = draw_entry(model, filled, people, plan.samples, rng)
    visits = [visit for visit in plan.visits if visit.measures_protein and visit.month > 0]
    later = draw_courses(model, filled, entry, [v.month for v in visits], np.zeros((len(visits), people)), rng)
    planned = [visit.id in (plan.protein.baseline.encounters if plan.protein.baseline else ()) for visit in visits]
    baseline = entry.measured if against == "qualifying" else np.exp(np.log(later[planned]).mean(axis=0))
    after = later[_until(plan, visits, by)]
    complete, partial = (
        found.any(axis=0) for found in classify_arrays(rules, after, np.broadcast_to(baseline, after.shape), plan.protein.unit)
    )
    return NoEffect(
        definition=definition,
        by=by,
        drift_sd=model.drift_sd,
        jugs=jugs if plan.form.collection is not None else "exact",
        against=against,
        complete=float(complete.mean()),
        partial=float((partial & ~complete).mean()),
        any_response=float((complete | partial).mean()),
        people=people,
    )


def no_effect_table(
    study: Study, definition: str, *, against: Against = "qualifying", people: int = PEOPLE, seed: int = 1
) -> tuple[NoEffect, ...]:
    """Every setting: three strengths of drift, with jugs that hold the day's urine and with jugs as they are collected."""
    ways: Sequence[Jugs] = ("exact", "as_collected") if read_plan(study).form.collection is not None else ("exact",)
    return tuple(
        no_effect(study, definition, drift_sd=drift, jugs=jugs, against=against, people=people, seed=seed)
        for drift in DRIFTS
        for jugs in ways
    )


def _filled(plan: Plan, collection: CollectionModel, jugs: Jugs) -> CollectionModel | None:
    if plan.form.collection is None or jugs == "exact":
        return None
    return fairly_filled(collection) if jugs == "judged" else collection


def _until(plan: Plan, visits: Sequence[Visit], by: str) -> list[int]:
    """The visits after allocation up to one. Raises: ScenarioError where that one is none of them."""
    last = next((visit.day for visit in visits if visit.id == by and visit.day > 0), None)
    if last is None:
        later = ", ".join(visit.id for visit in visits if visit.day > 0)
        raise ScenarioError(f"{plan.study.id}: {by or 'no visit'} does not measure protein after allocation; give one of {later}.")
    return [place for place, visit in enumerate(visits) if 0 < visit.day <= last]
