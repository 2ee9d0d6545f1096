"""Answers: each closes its question; one of the wrong kind, or to no question, is refused with its line and what to do."""

import tomllib
from pathlib import Path

import pytest

from trialwright.registry import read_record
from trialwright.study.draft import Draft, draft_study
from trialwright.study.errors import StudyError

RECORD = Path(__file__).parents[1] / "draft" / "NCT99999999.json"


def drafted(answers: str = "") -> Draft:
    content = RECORD.read_bytes()
    return draft_study(read_record(content, name=RECORD.name), content, suffix=".json", answers=answers)


def refused(answers: str) -> StudyError:
    with pytest.raises(StudyError) as found:
        drafted(answers)
    return found.value


def test_every_question_has_words_in_both_languages_a_place_and_a_kind() -> None:
    for question in drafted().questions:
        assert question.text.en
        assert question.text.fa
        assert question.place
        assert "{" not in question.text.en.replace('{ kind = "decimal"', "")


def test_an_answer_closes_its_question_and_no_other() -> None:
    before, after = drafted(), drafted('primary_encounter = "week_4"\n')
    assert {q.id for q in before.open} - {q.id for q in after.open} == {"primary_encounter"}
    assert after.study.analysis.primary.encounter == "week_4"


def test_the_form_of_questions_is_toml_that_answers_nothing_until_a_line_is_confirmed() -> None:
    form = drafted().files["questions.toml"]
    assert tomllib.loads(form) == {}
    confirmed = form.replace("# primary_encounter =", "primary_encounter =")
    assert "primary_encounter" not in {question.id for question in drafted(confirmed).open}


def test_what_the_record_says_can_be_corrected_by_an_answer() -> None:
    assert drafted("sample_size = 20\n").study.sample_size == 20


@pytest.mark.parametrize(
    ("answers", "line", "found", "todo"),
    [
        ('\n\nsample_size = "twenty"\n', 3, "found a text", "Write digits without quotes"),
        ('primary_encounter = "week_5"\n', 1, 'found "week_5"', "Choose one of them"),
        ("primary_endpont = 1\n", 1, "no question of this draft", 'for instance "primary_endpoint"'),
        ('outcome_primary_1_when = "soon"\n', 1, 'no time point in "soon"', "Write for instance"),
        ('outcome_primary_1_measured_by = "creatinin"\n', 1, '"creatinin" is not in the library', "creatinine"),
        ('outcome_primary_1_measured_by = { kind = "number" }\n', 1, 'kind "number"', "Choose one of them"),
        ('outcome_primary_1_measured_by = { kind = "choice" }\n', 1, "kind choice", "Add choices"),
        ('outcome_primary_1_measured_by = { kind = "decimal", unit = "furlong" }\n', 1, "furlong", "{score}"),
        ('outcome_primary_1_measured_by = { knd = "decimal" }\n', 1, 'unknown key "knd"', "Correct the spelling"),
        ('arms = [{ id = "walks", planned = 6 }]\n', 1, "1 arms", "Name every arm"),
        ('criteria = [{ id = "age" }]\n', 1, "`kind` is missing", "Add `kind`"),
        ("sample_size = \n", 1, "not TOML", "Correct this line"),
    ],
)
def test_refuses_an_answer_that_cannot_be_used_with_its_line_and_the_remedy(answers: str, line: int, found: str, todo: str) -> None:
    error = refused(answers)
    assert (error.file, error.line) == ("answers.toml", line)
    assert found in error.found
    assert todo in f"{error.todo} {error.expected}"


def test_a_choice_becomes_an_item_with_its_classes() -> None:
    answer = 'outcome_secondary_3_measured_by = { kind = "choice", choices = ["poor", "fair", "good"] }\n'
    concept = next(i.concept for f in drafted(answer).study.forms.values() for i in f.items if i.id == "wellbeing")
    assert [choice.code for choice in concept.choices] == ["poor", "fair", "good"]


def test_a_text_is_collected_and_its_outcome_dropped_with_the_reason() -> None:
    study = drafted('outcome_secondary_3_measured_by = { kind = "text" }\n').study
    dropped = next(outcome for outcome in study.outcomes if outcome.id == "Secondary outcomes 3")
    assert "not analysed" in dropped.dropped
    assert any(form.item("wellbeing") for form in study.forms.values())


def test_an_outcome_can_be_dropped_with_a_reason() -> None:
    study = drafted('outcome_secondary_3_measured_by = { dropped = "No instrument was chosen" }\n').study
    assert next(o.dropped for o in study.outcomes if o.id == "Secondary outcomes 3") == "No instrument was chosen"


def test_the_same_record_and_answers_give_the_same_folder() -> None:
    assert drafted("sample_size = 14\n").files == drafted("sample_size = 14\n").files
