"""What the two definitions say, held against the records they come from."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal

import pytest
from study_trials import BOTH, FSGS, LUPUS, STUDIES, own_files, trial

from trialwright.study.canonical import study_bytes, study_from_bytes
from trialwright.study.model import Study, Text


@pytest.mark.parametrize("study_id", BOTH)
def test_the_bytes_of_a_study_rebuild_it(study_id: str) -> None:
    study = trial(study_id)
    assert study_from_bytes(study_bytes(study), records=study.records) == study


@pytest.mark.parametrize("study_id", BOTH)
def test_the_digest_is_the_sha_256_of_the_bytes(study_id: str) -> None:
    assert trial(study_id).digest == hashlib.sha256(study_bytes(trial(study_id))).hexdigest()


@pytest.mark.parametrize("study_id", BOTH)
def test_a_changed_word_is_another_build(study_id: str) -> None:
    study = trial(study_id)
    files = dict(study.files)
    path = "protocol/1.0/study.toml"
    files[path] += "\n# a remark\n"
    again = study_from_bytes(study_bytes(study))
    assert again.digest == study.digest
    from trialwright.study.read import read_study

    assert read_study(files).digest != study.digest


@pytest.mark.parametrize("study_id", BOTH)
def test_every_registered_outcome_is_answered_by_an_endpoint(study_id: str) -> None:
    study = trial(study_id)
    answered = {endpoint.outcome for endpoint in study.endpoints}
    assert {outcome.id for outcome in study.outcomes if not outcome.dropped} == answered


@pytest.mark.parametrize("study_id", BOTH)
def test_the_registered_outcomes_are_in_the_words_of_the_record(study_id: str) -> None:
    study = trial(study_id)
    (record,) = study.records.values()
    printed = re.sub(r"\s+", " ", record.decode("utf-8").replace("\\<", "<"))
    for outcome in study.outcomes:
        for words in (*outcome.text.split(": ", 1), outcome.time_frame):
            assert words in printed, words


def test_the_lupus_record_has_three_outcomes_and_the_fsgs_listing_six() -> None:
    assert len(trial(LUPUS).outcomes) == 3
    assert len(trial(FSGS).outcomes) == 6


def test_the_lupus_time_points_are_those_of_the_record() -> None:
    study = trial(LUPUS)
    renal = ("week_1", "month_1", "month_3", "month_6", "month_9", "month_12")
    assert {e.id: e.encounters for e in study.endpoints} == {
        "proteinuria": renal,
        "gfr": renal,
        "sledai": ("week_1", "month_1", "month_3", "month_6", "month_12", "month_18"),
    }


def test_lupus_efficacy_counts_from_allocation_in_both_arms() -> None:
    study = trial(LUPUS)
    for endpoint in study.endpoints:
        for encounter_id in endpoint.encounters:
            encounter = study.encounter(encounter_id)
            assert encounter is not None
            assert encounter.anchor == "allocation"
            assert not encounter.arms


def test_the_lupus_arms_are_ten_and_ten_at_two_million_cells_per_kg() -> None:
    study = trial(LUPUS)
    assert [(arm.id, arm.planned) for arm in study.arms] == [("cells", 10), ("control", 10)]
    product = study.cell_product("cells")
    assert product is not None
    assert product.dose is not None
    assert product.dose.cells_per_kg == Decimal(2_000_000)
    assert study.cell_product("control") is None


def test_the_fsgs_dose_is_an_assumption_and_a_question() -> None:
    product = trial(FSGS).cell_product("cells")
    assert product is not None
    assert product.dose is not None
    assert not product.dose.basis.record
    assert product.dose.basis.assumed
    assert product.dose.basis.is_open


def test_five_children_cannot_reach_five_percent_and_the_definition_says_so() -> None:
    study = trial(FSGS)
    smallest = Decimal(2) / Decimal(2**study.sample_size)
    assert smallest > study.analysis.primary.alpha
    assert str(smallest) in study.analysis.primary.basis.assumed


@pytest.mark.parametrize("study_id", BOTH)
def test_the_safety_clock_is_an_open_question(study_id: str) -> None:
    study = trial(study_id)
    assert study.safety.serious_report_hours is None
    assert ("safety", study.safety.basis) in study.open_questions()


@pytest.mark.parametrize("study_id", BOTH)
def test_every_assumption_and_question_written_down_is_shown(study_id: str) -> None:
    study = trial(study_id)
    shown = {basis.question for _, basis in study.open_questions()} | {basis.assumed for _, basis in study.assumptions()}
    for path, text in study.files.items():
        if path.endswith(("simulation.toml", "concepts.toml")):
            continue
        for words in re.findall(r'^(?:assumed|question) = "(.*)"$', text, re.MULTILINE):
            assert words.replace('\\"', '"') in shown, f"{path}: {words}"


@pytest.mark.parametrize("study_id", BOTH)
def test_nobody_real_can_be_enrolled_under_it(study_id: str) -> None:
    assert trial(study_id).rehearsal_only
    assert trial(study_id).open_questions()


@pytest.mark.parametrize("study_id", BOTH)
def test_block_sizes_and_seeds_are_not_in_the_folder(study_id: str) -> None:
    for path, text in own_files(study_id).items():
        assert not re.search(r"\b(block_sizes?|seed)\b\s*=", text), path


@pytest.mark.parametrize("study_id", BOTH)
def test_every_text_is_in_persian_too(study_id: str) -> None:
    for text in _texts(trial(study_id)):
        assert text.fa == text.en or re.search(r"[\u0600-\u06ff]", text.fa), text


@pytest.mark.parametrize("study_id", BOTH)
def test_no_form_asks_who_a_person_is(study_id: str) -> None:
    forbidden = re.compile(
        r"\b(name|phone|telephone|national code|address|date of birth)\b|نام بیمار|تلفن|کد ملی|نشانی|تاریخ تولد", re.IGNORECASE
    )
    for form in trial(study_id).forms.values():
        for item in form.items:
            assert not forbidden.search(f"{item.label.en} {item.label.fa}"), item.label


def test_sledai_belongs_to_the_assessor_who_does_not_know_the_arm() -> None:
    study = trial(LUPUS)
    assert study.forms["sledai"].roles == ("assessor",)
    assert "assessor" in study.allocation.blinded_roles
    causes = {proposal.cause for proposal in study.forms["sledai"].proposals}
    assert len(causes) == 8
    assert len([item for item in study.forms["sledai"].items if item.id not in causes]) == 24


@pytest.mark.parametrize("study_id", BOTH)
def test_protein_opens_only_after_the_collection_was_judged(study_id: str) -> None:
    collection = trial(study_id).forms["urine_24h"].collection
    assert collection is not None
    assert collection.opens == ("urine_protein",)


def test_both_definitions_together_are_under_two_thousand_lines() -> None:
    lines = sum(text.count("\n") for study_id in BOTH for text in own_files(study_id).values())
    assert lines < 2000


@pytest.mark.parametrize("study_id", BOTH)
def test_a_study_folder_tells_a_newcomer_what_it_is(study_id: str) -> None:
    readme = (STUDIES / study_id / "README.md").read_text(encoding="utf-8")
    assert study_id in readme
    assert "question" in readme


def _texts(thing: object) -> Iterator[Text]:
    if isinstance(thing, Text):
        yield thing
    elif is_dataclass(thing):
        for field in fields(thing):
            if not (isinstance(thing, Study) and field.name in {"files", "records", "simulation"}):
                yield from _texts(getattr(thing, field.name))
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from _texts(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from _texts(value)
