"""The drafts of the two trials, with their answers, are the two trials: arms, outcomes, time points, criteria and sample size."""

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from trialwright.registry import read_record
from trialwright.study.draft import Draft, draft_study
from trialwright.study.folder import load_study
from trialwright.study.model import Endpoint, Study

REPOSITORY = Path(__file__).parents[2]
LUPUS, FSGS = "IRCT2016090729747N1", "NCT02382874"
both = pytest.mark.parametrize("number", [LUPUS, FSGS])


@cache
def drafted(number: str, *, answered: bool) -> Draft:
    (record,) = (REPOSITORY / "studies" / number / "registered").iterdir()
    answers = (REPOSITORY / "tests" / "answers" / f"{number}.toml").read_text("utf-8") if answered else ""
    content = record.read_bytes()
    return draft_study(read_record(content, name=record.name), content, suffix=record.suffix, answers=answers)


@cache
def defined(number: str) -> Study:
    return load_study(REPOSITORY / "studies" / number)


@both
def test_the_same_arms_and_sizes(number: str) -> None:
    found = drafted(number, answered=True).study
    assert [(arm.id, arm.kind, arm.planned, arm.label) for arm in found.arms] == [
        (arm.id, arm.kind, arm.planned, arm.label) for arm in defined(number).arms
    ]
    assert found.sample_size == defined(number).sample_size
    assert (found.allocation.method, found.allocation.ratio) == (
        defined(number).allocation.method,
        defined(number).allocation.ratio,
    )


@both
def test_the_same_outcomes_in_the_words_of_the_record(number: str) -> None:
    assert drafted(number, answered=True).study.outcomes == defined(number).outcomes


@both
def test_the_same_endpoints_answer_them(number: str) -> None:
    assert endpoints(drafted(number, answered=True).study) == endpoints(defined(number))


@both
def test_the_same_time_points_for_every_endpoint(number: str) -> None:
    found, known = drafted(number, answered=True).study, defined(number)
    assert {e.id: times(found, e) for e in found.endpoints} == {e.id: times(known, e) for e in known.endpoints}


@both
def test_the_same_criteria(number: str) -> None:
    found = drafted(number, answered=True).study
    assert [(c.id, c.kind, c.text, c.rule) for c in found.criteria] == [
        (c.id, c.kind, c.text, c.rule) for c in defined(number).criteria
    ]
    assert (found.minimum_age_years, found.maximum_age_years) == (
        defined(number).minimum_age_years,
        defined(number).maximum_age_years,
    )


@both
def test_no_question_is_left(number: str) -> None:
    draft = drafted(number, answered=True)
    assert [question.id for question in draft.open] == []
    assert draft.study.open_questions() == ()


@both
def test_without_answers_the_definition_is_valid_and_its_questions_stand_in_it(number: str) -> None:
    draft = drafted(number, answered=False)
    asked = " ".join(basis.question for _, basis in draft.study.open_questions())
    assert len(draft.open) >= 6
    assert [question.id for question in draft.open if f"[{question.id}]" not in asked] == []


@both
def test_the_record_is_kept_byte_for_byte(number: str) -> None:
    (record,) = (REPOSITORY / "studies" / number / "registered").iterdir()
    path, content = drafted(number, answered=True).record
    assert path == f"registered/{record.name}"
    assert content == record.read_bytes()


def endpoints(study: Study) -> dict[str, tuple[str, str, str, str]]:
    return {e.id: (e.outcome, e.level, e.concept, e.unit) for e in study.endpoints}


def times(study: Study, endpoint: Endpoint) -> list[tuple[str, str, timedelta]]:
    found = [study.encounter(name) for name in endpoint.encounters]
    return [(one.id, one.anchor, one.target) for one in found if one is not None]
