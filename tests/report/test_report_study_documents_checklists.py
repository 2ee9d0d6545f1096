"""SPIRIT 2025 and TIDieR filled from a definition: every item has an answer, and every answer a place."""

from dataclasses import replace
from pathlib import Path

import pytest

from trialwright.report.study_documents.checklist import count_statuses, fill_checklist, read_checklist
from trialwright.report.study_documents.held import Held
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS, FSGS = "IRCT2016090729747N1", "NCT02382874"


@pytest.fixture(scope="module")
def held():
    return {study_id: Held.of(load_study(STUDIES / study_id)) for study_id in (LUPUS, FSGS)}


def item(filled, number, about=""):
    (found,) = [one for one in filled if one.item.number == number and one.about == about]
    return found


def test_spirit_has_its_34_items_in_53_parts():
    """Chan et al., BMJ 2025;389:e081477: 34 items; with their lettered parts 53 rows."""
    items = read_checklist("spirit_2025")
    assert list(dict.fromkeys(int(one.number.rstrip("abcd")) for one in items)) == list(range(1, 35))
    assert len(items) == 53


def test_tidier_has_its_12_items():
    """Hoffmann et al., BMJ 2014;348:g1687."""
    assert [one.number for one in read_checklist("tidier")] == [str(number) for number in range(1, 13)]


@pytest.mark.parametrize("name", ["spirit_2025", "tidier"])
@pytest.mark.parametrize("study_id", [LUPUS, FSGS])
def test_every_item_has_a_status_and_the_reason_for_it(held, name, study_id):
    filled = fill_checklist(name, held[study_id])
    assert sum(count_statuses(filled).values()) == len(filled)
    for one in filled:
        has_answer, lacks_something = bool(one.facts or one.fields), bool(one.missing or one.questions)
        expected = {"given": (True, False), "partly": (True, True), "gap": (False, True)}
        if one.status == "aside":
            assert one.facts or one.missing, one.item.number
        else:
            assert (has_answer, lacks_something) == expected[one.status], f"{one.item.number} {one.about}"


@pytest.mark.parametrize("name", ["spirit_2025", "tidier"])
@pytest.mark.parametrize("study_id", [LUPUS, FSGS])
def test_every_fact_that_answers_an_item_stands_where_it_is_said_to(held, name, study_id):
    study = held[study_id].study
    for one in fill_checklist(name, held[study_id]):
        for fact in one.facts:
            lines = study.files[fact.file].splitlines()
            assert 1 <= fact.line <= len(lines), fact.name
            assert lines[fact.line - 1].strip(), fact.name


@pytest.mark.parametrize("name", ["spirit_2025", "tidier"])
@pytest.mark.parametrize("study_id", [LUPUS, FSGS])
def test_without_its_facts_and_its_record_an_item_is_a_gap(held, name, study_id):
    """The positive control: whatever is given or given in part rests on what is there, and on nothing else."""
    taken = 0
    for one in fill_checklist(name, held[study_id]):
        if one.status in ("given", "partly"):
            bare = replace(held[study_id].without(frozenset(fact.name for fact in one.facts)), record=None)
            assert item(fill_checklist(name, bare), one.item.number, one.about).status == "gap", one.item.number
            taken += 1
    assert taken > 10


def test_an_open_question_makes_an_item_partly_given_and_its_answer_given(held):
    """Eligibility of the lupus trial has open questions; answered, it is given."""
    filled = item(fill_checklist("spirit_2025", held[LUPUS]), "14a")
    assert filled.status == "partly"
    assert "criterion refractory" in {fact.name for fact in filled.questions}
    study = held[LUPUS].study
    answered = replace(
        study, criteria=tuple(replace(one, basis=replace(one.basis, answer="As the investigator judges")) for one in study.criteria)
    )
    assert item(fill_checklist("spirit_2025", Held.of(answered)), "14a").status == "given"


def test_what_the_record_alone_holds_is_led_to(held):
    ethics = item(fill_checklist("spirit_2025", held[LUPUS]), "30")
    assert ethics.status == "given"
    assert {field.key for field in ethics.fields} == {"ethics.1.name", "ethics.1.approval_date", "ethics.1.reference"}
    assert item(fill_checklist("spirit_2025", held[FSGS]), "30").status == "gap"


def test_what_does_not_apply_to_a_single_arm_says_by_which_fact(held):
    filled = fill_checklist("spirit_2025", held[FSGS])
    apart = {one.item.number for one in filled if one.status == "aside"}
    assert {"9b", "21a", "21b", "22", "23", "24b", "24c"} == apart
    assert [fact.name for fact in item(filled, "21a").facts] == ["allocation"]


def test_what_can_only_be_known_afterwards_is_no_gap(held):
    filled = fill_checklist("tidier", held[FSGS])
    for number in ("10", "12"):
        assert item(filled, number, "adipose_msc").status == "aside"
