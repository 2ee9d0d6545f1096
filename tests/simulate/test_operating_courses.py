"""Whole courses as arrays: the formulas of the rehearsal, hazards that follow the course, one truth for both."""

from math import exp, sqrt
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest

from trialwright.measures.arrays import compute_array
from trialwright.simulate import derived
from trialwright.simulate.between import draw_events, read_between
from trialwright.simulate.bodies import Nature, creatinine_of, draw_collected, organ_states, outcome_and_baseline, true_gfr
from trialwright.simulate.plan import read_plan
from trialwright.simulate.rehearse_biology import PROTEINURIA_ITEM, Body
from trialwright.simulate.rehearse_parameters import Parameters
from trialwright.simulate.scenario import read_scenario
from trialwright.simulate.truth import find_truth
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS, FSGS = (load_study(STUDIES / name) for name in ("IRCT2016090729747N1", "NCT02382874"))
PLAN, BETWEEN = read_plan(LUPUS), read_between(LUPUS)


class NoNoise(Random):
    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        return mu


def nature(people: int, *, age: float, sex: str = "F") -> Nature:
    ones = np.ones(people)
    cm = 160.0 if age >= 18 else 130.0
    return Nature(
        age=age * ones,
        sex=np.full(people, sex),
        height=lambda at: np.full(np.shape(at), cm),
        gfr=90 * ones,
        creatinine_g_day=ones,
        score=15 * ones,
    )


def test_gfr_follows_protein_as_in_the_rehearsal():
    body = SimpleNamespace(parameters=Parameters(table=LUPUS.simulation), nature=SimpleNamespace(gfr=80.0, log_protein=0.4))
    for protein in (0.3, 1.5, 6.0):
        one = Body._gfr(body, protein, 365.25)
        arrays = true_gfr(np.array([80.0]), np.array([protein]), np.array([exp(0.4)]), np.array([1.0]), -3.9)
        assert arrays[0] == pytest.approx(one)


@pytest.mark.parametrize(("age", "sex"), [(33.0, "F"), (60.0, "M"), (9.0, "F"), (17.0, "M")])
def test_creatinine_is_what_the_equation_makes_of_the_gfr(age, sex):
    wanted = np.array([[18.0, 45.0, 90.0, 97.3, 131.0]])
    who = nature(5, age=age, sex=sex)
    ages = np.full(wanted.shape, age)
    creatinine = creatinine_of(wanted, ages, who, who.age)
    equation = "ckdepi_2021_cr" if age >= 18 else "ckid_u25_cr"
    more = {} if age >= 18 else {"height_cm": who.height(ages)}
    again = compute_array(equation, creatinine_mg_dl=creatinine, age_years=ages, sex=np.full(wanted.shape, sex), **more)
    np.testing.assert_allclose(again, wanted, rtol=2e-3)


@pytest.mark.parametrize("score", [4.0, 7.2, 11.0, 15.4, 22.0, 30.0])
@pytest.mark.parametrize("protein", [0.2, 2.0])
def test_organs_show_lupus_in_the_same_order_as_in_the_rehearsal(score, protein):
    body = SimpleNamespace(
        parameters=Parameters(table=LUPUS.simulation), nature=SimpleNamespace(score=score), _fall=lambda *_, **__: 0.0
    )
    one = Body._active_items(body, LUPUS.encounter("month_6"), 200.0, "cells", protein, is_infused=True, rng=NoNoise())
    arrays = organ_states(np.array([score]), np.array([protein > 0.5]))
    assert {item for item, present in arrays.items() if present[0]} == one


def test_the_score_moves_by_four_points_with_the_jug_alone():
    """SLEDAI-2K counts proteinuria above 0.5 g: 0.51 is 4 points more than 0.50 in a person who is otherwise the same."""
    items = organ_states(np.array([15.0, 15.0]), np.array([True, True]))
    items[PROTEINURIA_ITEM[0]] = np.array([0.50, 0.51]) > 0.5
    scores = derived.sledai_2k({name.removeprefix("sledai_"): present for name, present in items.items()})
    assert scores[1] - scores[0] == 4


def test_whoever_worsens_is_rescued_and_leaves_sooner_and_only_remission_relapses():
    relapse, rescue, leave = BETWEEN.hazards(np.array([-1.0, 0.0, 1.0]), np.log([0.3, 1.4, 4.0]))
    assert relapse.tolist() == [BETWEEN.relapse_per_year, 0, 0]
    assert rescue[0] < rescue[1] == BETWEEN.rescue_per_year < rescue[2]
    assert leave[1] == pytest.approx(-np.log(0.9))  # one in ten a year
    assert leave[0] < leave[1] < leave[2]


def test_events_come_at_their_rate_and_fever_only_after_an_infusion():
    infused = np.tile(np.arange(20) < 10, (2000, 1))
    found = draw_events(BETWEEN, infused, np.full(infused.shape, np.inf), 365.25, np.random.default_rng(4))
    quiet = found.events[~infused]
    assert abs(quiet.mean() - BETWEEN.events_per_year) < 4 * sqrt(BETWEEN.events_per_year / quiet.size)
    assert not found.fever[~infused].any()
    assert abs(found.fever[infused].mean() - 0.12) < 4 * sqrt(0.12 * 0.88 / 20_000)
    after = found.events[infused] - found.fever[infused]
    assert after.var() > 1.15 * after.mean()  # lots differ, so that events after them vary more than a Poisson number
    assert abs(after.mean() - quiet.mean()) < 0.1


def test_without_an_effect_both_courses_of_a_person_are_the_same():
    for study, collection in ((LUPUS, "judged"), (FSGS, "samples")):
        truth = find_truth(read_plan(study), read_scenario(study, "null"), collection, people=500)
        assert set(truth.effects.values()) == {0.0}
        assert set(truth.errors.values()) == {0.0}


def test_people_who_were_never_infused_have_the_course_of_the_control_arm():
    scenario = read_scenario(LUPUS, "published")
    both = [
        draw_collected(PLAN, scenario, "judged", np.full(4000, arm), np.random.default_rng(9), missing=False)
        for arm in (True, False)
    ]
    treated, control = both
    never = ~treated.course.infused
    assert abs(never.mean() - 0.05) < 4 * sqrt(0.05 * 0.95 / 4000)
    for name, values in treated.values.items():
        np.testing.assert_array_equal(values[:, never], control.values[name][:, never])
    ours, theirs = (outcome_and_baseline(PLAN.primary, one.values)[0] for one in both)
    assert (ours - theirs)[~never].mean() == pytest.approx(-0.30, abs=0.03)
