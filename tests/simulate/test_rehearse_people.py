"""Invented people follow the scenario: selection by a measured value, growth of children, scores that agree with the laboratory."""

from datetime import date, timedelta
from math import exp
from statistics import mean, median

import numpy as np
import pytest

from trialwright.conduct.queries import find_collected
from trialwright.measures.urine.predicted_creatinine_24h import predicted_creatinine_24h
from trialwright.simulate.courses import draw_entry
from trialwright.simulate.rehearse_biology import Body
from trialwright.simulate.rehearse_parameters import Parameters, value_at
from trialwright.simulate.rehearse_people import Nature, draw_nature, samples_a_visit
from trialwright.simulate.rehearse_stage import random_for
from trialwright.simulate.scenario import read_scenario
from trialwright.study.model import Study
from trialwright.terms.sex import Sex

from .rehearsed import FSGS, LUPUS, Rehearsed, study_of

ON = date(2020, 6, 1)


def people(study: Study, count: int, *, fails: bool = False) -> list[Nature]:
    parameters = Parameters(table=study.simulation)
    return [draw_nature(study, parameters, n, ON, fails=fails, rng=random_for(7, study.id, n)) for n in range(count)]


@pytest.mark.parametrize("name", [LUPUS, FSGS])
def test_few_rehearsed_people_and_many_simulated_ones_come_from_one_model(name: str) -> None:
    """The rehearsal and the operating characteristics select by the same measured value from the same scenario."""
    study = study_of(name)
    model = read_scenario(study).protein
    many = draw_entry(model, None, 20_000, samples_a_visit(study), np.random.Generator(np.random.Philox(key=1)))
    few = [person.log_protein for person in people(study, 3_000)]
    assert median(few) == pytest.approx(float(np.median(many.level)), abs=0.05)
    assert np.std(few) == pytest.approx(float(np.std(many.level)), abs=0.05)


def test_the_value_that_let_people_in_is_too_high_on_average() -> None:
    """Regression to the mean: the noise of the qualifying day is above zero, that of the next visits is not."""
    drawn = people(study_of(LUPUS), 3_000)
    assert mean(person.noise[0][0] for person in drawn) > 0.05
    later = mean(person.noise[0][6] for person in drawn)
    assert abs(later) < 0.05


def test_one_person_more_moves_nobody_else() -> None:
    study = study_of(LUPUS)
    assert people(study, 5) == people(study, 9)[:5]


def test_children_have_the_age_that_the_trial_admits_and_grow() -> None:
    study = study_of(FSGS)
    parameters, scenario = Parameters(table=study.simulation), read_scenario(study)
    for nature in people(study, 200):
        assert 2 <= (ON - nature.born).days / 365.25 < 15
    nature = people(study, 1)[0]
    body = Body(study=study, scenario=scenario, parameters=parameters, nature=nature)
    now = body.condition(study.encounters[0], ON, days=0, arm="", is_infused=False, rng=random_for(1))
    later = body.condition(study.encounters[-1], date(2021, 6, 1), days=365, arm="cells", is_infused=True, rng=random_for(1))
    assert later.height_cm > now.height_cm


def test_an_adults_full_day_holds_about_the_predicted_creatinine() -> None:
    study = study_of(LUPUS)
    parameters, scenario = Parameters(table=study.simulation), read_scenario(study)
    for nature in people(study, 50):
        body = Body(study=study, scenario=scenario, parameters=parameters, nature=nature)
        predicted = float(predicted_creatinine_24h(60, 30, Sex(nature.sex)))
        assert body.creatinine_mg_day(60, 30) == pytest.approx(predicted, rel=0.13)


def test_an_effect_lies_on_straight_lines_between_its_points() -> None:
    points = ((35.0, 0.0), (65.0, -4.0), (218.0, -10.0))
    assert [value_at(points, day) for day in (0, 35, 50, 65, 218, 900)] == [0, 0, -2, -4, -10, -10]


def test_scores_agree_with_the_laboratory_of_the_thirty_days_before(lupus_run: Rehearsed) -> None:
    """SLEDAI-2K: above 5 red or white cells, platelets under 100, white cells under 3, at the visit or in the 30 days before it (7
    at week 1); another cause is named where the answer is no all the same."""
    rules = {
        "sledai_haematuria": ("urine_rbc", lambda number: number > 5),
        "sledai_pyuria": ("urine_wbc", lambda number: number > 5),
        "sledai_thrombocytopenia": ("platelets", lambda number: number < 100),
        "sledai_leukopenia": ("wbc", lambda number: number < 3),
    }
    values = [v for v in find_collected(lupus_run.trial).values if v.parsed]
    causes = {(v.participant, v.encounter, v.item) for v in values if v.item.endswith("_cause")}
    answers = [v for v in values if v.item in rules and v.encounter != "screening"]
    compared = 0
    for answer in answers:
        source, shows = rules[answer.item]
        back = timedelta(days=7 if answer.encounter == "week_1" else 30)
        found = [
            shows(float(v.parsed))
            for v in values
            if (v.participant, v.item) == (answer.participant, source)
            and v.collected_on <= answer.collected_on <= v.collected_on + back
        ]
        if found:
            is_explained = (answer.participant, answer.encounter, f"{answer.item}_cause") in causes
            assert (answer.parsed == "yes") == (any(found) and not is_explained), answer
            compared += 1
    assert compared > 200


def test_a_cytokine_below_the_limit_is_entered_as_the_limit(fsgs_run: Rehearsed) -> None:
    values = {(v.participant, v.encounter, v.item): v.parsed for v in find_collected(fsgs_run.trial).values if v.parsed}
    flagged = [key for key, answer in values.items() if key[2] == "il2_below_limit" and answer == "yes"]
    assert flagged
    assert {values[(p, e, "il2")] for p, e, _ in flagged if (p, e, "il2") in values} == {"2.00"}


def test_protein_in_the_cell_arm_is_lower_at_the_nadir_than_without_the_effect() -> None:
    """exp(-0.57) at month 1 is the scenario's own number; drift and noise are the same with and without it."""
    study = study_of(LUPUS)
    parameters, scenario = Parameters(table=study.simulation), read_scenario(study)
    month_1 = study.encounter("month_1")
    assert month_1 is not None
    body = Body(study=study, scenario=scenario, parameters=parameters, nature=people(study, 1)[0])
    with_cells = body.condition(month_1, ON, days=85, arm="cells", is_infused=True, rng=random_for(1)).protein
    without = body.condition(month_1, ON, days=85, arm="cells", is_infused=False, rng=random_for(1)).protein
    assert with_cells < without
    assert with_cells / without == pytest.approx(exp(-0.57), rel=0.35)
