"""A trial that is neither of the two: people who meet its own criteria, and values of its own items."""

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from trialwright.registry import read_record
from trialwright.simulate.operating import simulate
from trialwright.simulate.rehearse_eligible import draw_failing, failable, make_eligible, names_of_criteria
from trialwright.simulate.rehearse_parameters import Parameters
from trialwright.simulate.rehearse_typing import type_form
from trialwright.simulate.rehearse_values import Draws, draw_value
from trialwright.simulate.scenario import ScenarioError, read_scenario
from trialwright.study.draft import draft_study
from trialwright.study.errors import StudyError
from trialwright.study.model import Item, Study

FOLDER = Path(__file__).parents[1] / "draft"
PEOPLE = range(400)


def trial(criteria: str = "") -> Study:
    content = (FOLDER / "NCT99999999.json").read_bytes()
    answers = (FOLDER / "NCT99999999.answers.toml").read_text("utf-8") + criteria
    return draft_study(read_record(content, name="invented"), content, suffix=".json", answers=answers).study


STUDY = trial()
VITALS = STUDY.forms["vitals"]
LOW_PRESSURE = {"systolic_pressure": "118", "diastolic_pressure": "75", "weight": "70.0"}


def item(name: str) -> Item:
    return next(i for form in STUDY.forms.values() for i in form.items if i.id == name)


def drawn(name: str, *, effect: float = 0.0, is_selected: bool = False) -> list[str]:
    parameters = Parameters(table=STUDY.simulation)
    values = []
    for number in PEOPLE:
        draws = Draws(
            study=STUDY,
            person=lambda *what, number=number: Random(f"{number}/{what}"),
            effect=effect,
            is_selected=is_selected,
        )
        values.append(draw_value(item(name), draws, parameters, Random(f"noise {number}")))
    return [value for value in values if value is not None]


def test_a_value_is_changed_as_little_as_the_criterion_needs() -> None:
    found = make_eligible(STUDY, VITALS, LOW_PRESSURE, age=50.0, sex="F", fails="", known={})
    assert Decimal(found["systolic_pressure"]) >= 130
    assert {name: value for name, value in found.items() if name != "systolic_pressure"} == {
        "diastolic_pressure": "75",
        "weight": "70.0",
    }


def test_what_decides_on_eligibility_is_never_left_out() -> None:
    assert "systolic_pressure" in names_of_criteria(STUDY)
    form, facts = STUDY.forms["vitals"], {i.id: "98" for i in VITALS.items}
    optional = {i.id for i in form.items if not i.required}
    assert optional
    for seed in range(20):
        entered = type_form(form, facts, rng=Random(seed), missing=0.0, needed=frozenset(optional))
        assert optional <= {one.item for one in entered}


def test_who_fits_already_is_left_alone() -> None:
    fits = LOW_PRESSURE | {"systolic_pressure": "151"}
    assert make_eligible(STUDY, VITALS, fits, age=50.0, sex="F", fails="", known={}) == fits


def test_who_is_to_fail_fails_by_one_judgement_and_meets_every_other() -> None:
    form = STUDY.forms["eligibility"]
    asked = {i.id: "no" for i in form.items}
    assert make_eligible(STUDY, form, asked, age=50.0, sex="F", fails="", known={}) == {"inclusion_2": "yes", "exclusion_2": "no"}
    failing = make_eligible(STUDY, form, asked, age=50.0, sex="F", fails="criterion:exclusion_2", known={})
    assert failing == {"inclusion_2": "yes", "exclusion_2": "yes"}


def test_only_a_single_answer_of_the_investigator_can_fail_alone() -> None:
    assert failable(STUDY) == ("inclusion_2", "exclusion_2")  # not age, a blood pressure, or two answers joined by "or"
    assert draw_failing(STUDY, Random(1)) in {"criterion:inclusion_2", "criterion:exclusion_2"}


def test_an_effect_moves_what_improves_upwards_up() -> None:
    without, with_effect = drawn("six_minute_walking_distance"), drawn("six_minute_walking_distance", effect=-0.5)
    risen = sum(float(after) - float(before) for before, after in zip(without, with_effect, strict=True)) / len(PEOPLE)
    assert risen == pytest.approx(0.5 * 70, abs=1)  # half of the standard deviation of 70 m, in everyone alike


def test_a_share_is_a_share_and_nobody_wavers() -> None:
    first, again, improved = drawn("adherence"), drawn("adherence"), drawn("adherence", effect=-0.5)
    assert first == again
    assert first.count("yes") / len(PEOPLE) == pytest.approx(0.6, abs=0.08)
    assert all(not (before == "yes" and after == "no") for before, after in zip(first, improved, strict=True))
    assert improved.count("yes") > first.count("yes")


def test_a_criterion_on_what_is_not_measured_at_screening_is_refused_by_the_definition() -> None:
    rule = 'rule = "six_minute_walking_distance < 380.0"'
    slow = f'[[criteria]]\nid = "slow"\nkind = "inclusion"\ntext = {{ en = "Slow", fa = "کند" }}\n{rule}\n'
    with pytest.raises(StudyError, match="six_minute_walking_distance"):
        trial(f"\n{slow}")


def test_bodies_are_healthy_where_the_trial_says_nothing_of_kidneys() -> None:
    assert read_scenario(STUDY).protein.inclusion_above == 0.0
    assert read_scenario(STUDY).effects["evening_walks"][-1][1] == -0.5


def test_many_trials_are_refused_with_a_sentence_where_protein_is_not_the_question() -> None:
    with pytest.raises(ScenarioError, match="protein in urine only; six_minute_walking_distance can be rehearsed"):
        simulate(STUDY, trials=10, seed=1)
