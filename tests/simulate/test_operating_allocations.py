"""Simulated trials are allocated by the study's own method, and re-randomised over what that method could have drawn."""

from dataclasses import replace
from fractions import Fraction
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from trialwright.simulate.allocations import OWN_LISTS, plan_allocation
from trialwright.simulate.comparisons import rerandomised
from trialwright.simulate.operating import simulate
from trialwright.simulate.scenario import ScenarioError
from trialwright.study.allocation_procedures import Minimisation
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS, FSGS = (load_study(STUDIES / name) for name in ("IRCT2016090729747N1", "NCT02382874"))
METHODS = ("permuted_blocks", "big_stick", "maximal_procedure", "complete", "minimisation")


def allocated_by(method: str, *, strata: tuple[str, ...] = (), planned: int | None = None, ratio=None):
    """The lupus trial with another method of allocation; strata are those of the other trial, as levels alone."""
    arms = tuple(replace(arm, planned=planned or arm.planned) for arm in LUPUS.arms)
    rule = replace(LUPUS.allocation, method=method, stratified_by=strata, ratio=ratio or LUPUS.allocation.ratio)
    return replace(LUPUS, allocation=rule, arms=arms, strata=FSGS.strata)


def largest_lead(treated: np.ndarray) -> int:
    return int(np.abs(np.cumsum(2 * treated.astype(int) - 1, axis=1)).max())


def test_each_method_keeps_its_promise_about_balance():
    rng = np.random.default_rng(1)
    drawn = {method: plan_allocation(allocated_by(method)).draw(100, rng).treated for method in METHODS}
    blocks = drawn["permuted_blocks"].reshape(100, 5, 4)
    assert (blocks.sum(axis=2) == 2).all()
    assert largest_lead(drawn["big_stick"]) == 3
    assert largest_lead(drawn["maximal_procedure"]) == 3
    assert (drawn["maximal_procedure"].sum(axis=1) == 10).all()
    assert largest_lead(drawn["complete"]) > 5
    assert (np.abs(2 * drawn["minimisation"].sum(axis=1) - 20)).mean() < 2


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("strata", [(), ("kidney",)])
def test_the_test_keeps_its_level_over_the_lists_of_the_method(method, strata):
    """Nothing happens to anyone: P(p <= a) is at most a, within four Monte Carlo errors, at 5 and at 20 %."""
    rng, trials = np.random.default_rng(5), 300
    allocation = plan_allocation(allocated_by(method, strata=strata, planned=4)).draw(trials, rng)
    trend = np.linspace(0, 2, 8)  # people who come later are worse: the danger that re-randomisation guards against
    outcome, baseline = rng.normal(size=(trials, 8)) + trend, rng.normal(size=(trials, 8))
    p = rerandomised(outcome, baseline, allocation)
    for level in (0.05, 0.20):
        assert (p <= level).mean() < level + 4 * sqrt(level * (1 - level) / trials)
    assert (p <= 0.5).mean() > 0.25


def test_minimisation_draws_its_first_choice_as_often_as_the_law_says():
    """The second participant of the first one's level is sent to the other arm with chance 0.8."""
    allocation = plan_allocation(allocated_by("minimisation")).draw(200, np.random.default_rng(2))
    first, second = allocation.own[:, :, 0], allocation.own[:, :, 1]
    law = Minimisation(arms=2, preferred=Fraction(4, 5), weights=(Fraction(1),)).chance_of_first([1])
    after_first = second[first == 1]
    assert allocation.own.shape == (200, OWN_LISTS + 1, 20)
    assert float(law) == pytest.approx(0.2)
    assert abs(after_first.mean() - 0.2) < 4 * sqrt(0.2 * 0.8 / len(after_first))


def test_unequal_shares_are_blocks_of_the_ratio_or_said_to_be_impossible():
    two_to_one = allocated_by("permuted_blocks", ratio={"cells": 2, "control": 1}, planned=9)
    drawn = plan_allocation(two_to_one).draw(50, np.random.default_rng(3)).treated
    assert (drawn.reshape(50, 3, 6).sum(axis=2) == 4).all()
    with pytest.raises(ScenarioError, match="equal shares"):
        plan_allocation(allocated_by("big_stick", ratio={"cells": 2, "control": 1}))


def test_what_was_assumed_of_the_procedure_is_told():
    found = simulate(allocated_by("big_stick"), trials=3, seed=1, scenario="null")
    assert any("big stick with a lead of at most 3" in note.en for note in found.notes)
    assert any("چوب بزرگ" in note.fa for note in found.notes)
