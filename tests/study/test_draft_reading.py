"""What a draft reads out of a record's prose, and what it leaves to the investigator."""

import json
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from trialwright.registry import read_record
from trialwright.study.draft import Draft, draft_study
from trialwright.study.draft.match import find_match
from trialwright.study.model import Study

RECORD = json.loads((Path(__file__).parents[1] / "draft" / "NCT99999999.json").read_text("utf-8"))
DAY = timedelta(days=1)


def drafted(module: str, **changes: Any) -> Draft:
    """The draft of the invented record with some members of one module changed."""
    section = RECORD["protocolSection"]
    changed = {**RECORD, "protocolSection": {**section, module: {**section[module], **changes}}}
    content = json.dumps(changed).encode()
    return draft_study(read_record(content, name="invented.json"), content, suffix=".json")


def criteria(text: str) -> dict[str, tuple[str, str]]:
    study = drafted("eligibilityModule", eligibilityCriteria=text).study
    return {c.text.en: (c.kind, c.rule) for c in study.criteria if c.id != "age"}


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Serum creatinine < 2.0 mg/dL", "creatinine < 2.0"),
        ("Platelet count of at least 100 x10^9/L", "platelets >= 100.0"),
        ("Platelets at least 100 10^9/L", "platelets >= 100.0"),
        ("eGFR ≥ 30 mL/min/1.73 m2", "gfr >= 30.0"),
        ("Diastolic blood pressure below 110 mmHg", "diastolic_pressure < 110.0"),
        ("Serum creatinine < 2.0", None),  # without a unit
        ("Serum creatinine < 177 umol/L", None),  # another unit than that of the library
        ("Serum creatinine < 2.0 mg/dL unless on dialysis", None),
        ("HbA1c > 7 %", None),  # not in the library
    ],
)
def test_a_measurement_is_a_rule_only_where_nothing_is_left_over(words: str, rule: str | None) -> None:
    read = criteria(f"Inclusion Criteria:\n\n* {words}\n* Able to walk")
    assert read[words] == ("inclusion", rule or "inclusion_1")


def test_bullets_numbers_and_commas_are_one_criterion_each() -> None:
    bullets = criteria("Inclusion Criteria:\n* First\n  goes on\n* Second\n\nExclusion Criteria:\n* Third")
    assert list(bullets) == ["First goes on", "Second", "Third"]
    numbers = criteria("Inclusion criteria: 1. One thing; 2. Another thing. Exclusion criteria: 1. A third thing; 2. A fourth.")
    assert [(words, kind) for words, (kind, _) in numbers.items()] == [
        ("One thing", "inclusion"),
        ("Another thing", "inclusion"),
        ("A third thing", "exclusion"),
        ("A fourth", "exclusion"),
    ]
    prose = criteria("Exclusion criteria: uncontrolled infection, failure of kidney (or heart, or liver), pregnancy or lactating")
    assert list(prose) == ["uncontrolled infection", "failure of kidney (or heart, or liver)", "pregnancy or lactating"]


def test_an_age_that_stands_in_its_own_field_is_not_asked_twice() -> None:
    assert list(criteria("Inclusion Criteria:\n* Men and women aged 30 to 70 years\n* Able to walk")) == ["Able to walk"]


def test_what_is_not_a_rule_is_the_investigators_yes_or_no() -> None:
    study = drafted("eligibilityModule", eligibilityCriteria="Exclusion Criteria:\n* Recent stroke\n* Dementia").study
    item = study.forms["eligibility"].item("exclusion_1")
    assert item is not None
    assert (item.label.en, item.concept.kind, item.basis.question) == ("Recent stroke", "boolean", "")


@pytest.mark.parametrize(
    ("words", "measures", "is_whole"),
    [
        ("Change from baseline in serum creatinine at week 12", ("creatinine",), True),
        ("کراتینین سرم", ("creatinine",), True),
        ("Systolic blood pressure", ("systolic_pressure",), True),
        ("Proteinuria", ("protein_24h",), False),  # a collection or a ratio?
        ("Liver enzymes", ("alt", "ast", "alp"), False),
        ("Creatinine clearance of the graft", ("creatinine",), False),
        ("HbA1c", (), False),
    ],
)
def test_an_outcome_is_settled_only_where_its_words_are_one_measurement(
    words: str, measures: tuple[str, ...], is_whole: bool
) -> None:
    match = find_match(words)
    assert match is not None
    assert (match.measures, match.is_whole) == (measures, is_whole)


def visits(*frames: str) -> Study:
    outcomes = [{"measure": f"Outcome {n}", "timeFrame": frame} for n, frame in enumerate(frames)]
    return drafted("outcomesModule", primaryOutcomes=outcomes, secondaryOutcomes=[]).study


def test_visits_are_the_union_of_the_time_points_and_no_window_touches_another() -> None:
    study = visits("1, 2, 3, 7 and 28 days", "6 hours, 3 months")
    after = [e for e in study.encounters if e.epoch == "follow_up"]
    assert [e.id for e in after] == ["hour_6", "day_1", "day_2", "day_3", "week_1", "week_4", "month_3"]
    assert [e.target / DAY for e in after] == [0.25, 1, 2, 3, 7, 28, 91]
    for first, second in pairwise(after):
        assert first.target + first.after < second.target - second.before


def test_a_year_in_weeks_and_in_months_is_one_visit() -> None:
    study = visits("52 weeks", "12 months")
    assert [e.id for e in study.encounters if e.epoch == "follow_up"] == ["month_12"]


def test_groups_that_chance_did_not_form_are_recorded_and_not_allocated() -> None:
    design = RECORD["protocolSection"]["designModule"]
    draft = drafted("designModule", designInfo={**design["designInfo"], "allocation": "NON_RANDOMIZED"})
    assert [arm.id for arm in draft.study.arms] == ["all_participants"]
    assert draft.study.allocation.method == "single_arm"
    group = draft.study.forms["registered_group"].items[0]
    assert [choice.label.en for choice in group.concept.choices] == ["Evening walks", "Written advice"]
    assert "groups_formed" in {question.id for question in draft.open}


def test_a_record_without_outcomes_is_asked_for_one_and_still_valid() -> None:
    draft = drafted("outcomesModule", primaryOutcomes=[], secondaryOutcomes=[])
    assert "outcome_measured_by" in {question.id for question in draft.open}
    assert len(draft.study.endpoints) == 1


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("From **18 years** old to **60 years** old", 18, 60),
        ("From 18 years old", 18, None),
        ("To 12 years old", None, 12),
        ("No age limit", None, None),
        ("18 - 65", 18, 65),
        ("از سن ۱۸ ساله تا سن ۶۰ ساله", 18, 60),
        ("From 6 months old", Decimal("0.5"), None),
    ],
)
def test_an_age_in_one_field(words: str, low: Decimal | None, high: Decimal | None) -> None:
    lupus = (Path(__file__).parents[2] / "studies" / "IRCT2016090729747N1" / "registered" / "2017-06-03.txt").read_text("utf-8")
    content = lupus.replace("No age limit", words).encode()
    study = draft_study(read_record(content, name="age"), content).study
    assert (study.minimum_age_years, study.maximum_age_years) == (low, high)


def test_a_number_that_is_no_name_of_a_folder_becomes_one() -> None:
    study = drafted("identificationModule", nctId="CTRI/2020/04/024413").study
    assert study.id == "CTRI-2020-04-024413"


def test_sizes_without_a_common_divisor_fill_the_arms_exactly() -> None:
    study = drafted("designModule", enrollmentInfo={"count": 31, "type": "ESTIMATED"}).study
    assert [arm.planned for arm in study.arms] == [16, 15]
    assert study.allocation.ratio == {"evening_walks": 16, "written_advice": 15}
