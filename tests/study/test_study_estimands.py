"""Endpoints in words: for the protocol, the analysis plan and the registry."""

from dataclasses import replace

import pytest
from study_trials import BOTH, FSGS, LUPUS, trial

from trialwright.study.estimands import TITLE_LIMIT, estimand_words, render_endpoint, render_registry_outcome
from trialwright.study.model import Text

ALL = [(study_id, endpoint.id) for study_id in BOTH for endpoint in trial(study_id).endpoints]


def endpoint_of(study_id: str, endpoint_id: str):
    return next(e for e in trial(study_id).endpoints if e.id == endpoint_id)


@pytest.mark.parametrize(("study_id", "endpoint_id"), ALL)
def test_the_plan_says_all_five_attributes_of_an_estimand(study_id: str, endpoint_id: str) -> None:
    """ICH E9(R1) A.3.3: treatment, population, variable, other intercurrent events, population-level summary."""
    study, endpoint = trial(study_id), endpoint_of(study_id, endpoint_id)
    sentence = render_endpoint(endpoint, study, "analysis_plan")
    words = estimand_words(endpoint, study)
    for attribute in (words.treatment, words.population, words.variable, words.intercurrent_events, words.summary):
        assert attribute.en in sentence.en
        assert attribute.fa in sentence.fa
    for event in endpoint.estimand.intercurrent_events:
        assert event.label.en in sentence.en
        assert event.label.fa in sentence.fa


def test_strategies_are_named_in_the_words_of_the_guideline() -> None:
    words = estimand_words(endpoint_of(LUPUS, "proteinuria"), trial(LUPUS)).intercurrent_events.en
    policy, composite = words.split("composite (part of the outcome): ")
    assert policy.startswith("by treatment policy (values count whatever happened): Allocated to cells and never infused; ")
    assert composite == "Dialysis or kidney transplant; Death"


def test_one_arm_is_compared_with_nobody() -> None:
    assert "no comparison group" in estimand_words(endpoint_of(FSGS, "upcr"), trial(FSGS)).treatment.en
    assert (
        estimand_words(endpoint_of(LUPUS, "gfr"), trial(LUPUS)).treatment.en
        == "Cells and standard treatment with Standard treatment"
    )


@pytest.mark.parametrize(("study_id", "endpoint_id"), ALL)
def test_the_registry_is_given_title_and_time_frame_within_its_limits(study_id: str, endpoint_id: str) -> None:
    outcome = render_registry_outcome(endpoint_of(study_id, endpoint_id), trial(study_id))
    for text in (outcome.title, outcome.time_frame):
        assert 0 < len(text.en) <= TITLE_LIMIT
        assert 0 < len(text.fa) <= TITLE_LIMIT


def test_the_time_frame_names_the_baseline_and_every_visit() -> None:
    outcome = render_registry_outcome(endpoint_of(LUPUS, "proteinuria"), trial(LUPUS))
    assert outcome.title.en == "24-hour urine protein: ratio to baseline"
    assert outcome.time_frame.en == (
        "Baseline 1, Baseline 2, Week 1, Month 1, Month 3, Month 6, Month 9 and Month 12 (counted from allocation)"
    )


def test_a_list_of_visits_that_is_too_long_is_given_by_its_ends() -> None:
    study = trial(FSGS)
    long = tuple(replace(e, label=Text(en=f"The visit at {e.label.en}", fa=e.label.fa)) for e in study.encounters)
    outcome = render_registry_outcome(endpoint_of(FSGS, "creatinine"), replace(study, encounters=long))
    assert outcome.time_frame.en == "15 visits from The visit at 12 hours to The visit at Month 12 (counted from the infusion)"
