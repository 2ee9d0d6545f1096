"""How much of WHO's data set and of SPIRIT 2025 a record answers, beside its findings.

The numbers of SPIRIT 2025 are those of the checklist (Chan et al., BMJ 2025;389:e081477): 34 items with 53 lettered parts.
"""

import json

import pytest

from trialwright.checks import completeness_as_json, completeness_as_text, score_completeness
from trialwright.checks.scores import load_lists
from trialwright.registry import read_record

LETTERS = {"1": "ab", "3": "abcd", "7": "ab", "9": "ab", "14": "ab", "15": "abcd", "21": "ab", "24": "abc"}
LETTERS |= {"25": "ab", "27": "abcd", "28": "ab", "32": "ab"}
CHECKLIST = [f"{number}{letter}" for number in map(str, range(1, 35)) for letter in LETTERS.get(number, [""])]


@pytest.fixture
def scores(registered, corrected):
    texts = registered | {f"{name} corrected": text for name, text in corrected.items()}
    return {name: score_completeness(read_record(text.encode())) for name, text in texts.items()}


def _answers(score):
    return {one.number: one.answer for one in score.items}


def test_every_item_of_both_lists_is_judged_or_left_to_the_protocol_once(scores):
    spirit = scores["lupus"].spirit
    assert sorted([one.number for one in spirit.items] + list(spirit.protocol_only)) == sorted(CHECKLIST)
    assert len(CHECKLIST) == 53
    assert [one.number for one in scores["lupus"].trds.items] == [str(number) for number in range(1, 25)]


def test_the_lupus_record_answers_most_of_the_data_set_and_little_of_its_methods(scores):
    """Read by hand: no completion date, no sharing line; sequence, concealment, statistics, committee, stopping unsaid."""
    trds, spirit = _answers(scores["lupus"].trds), _answers(scores["lupus"].spirit)
    assert {number for number, answer in trds.items() if answer == "missing"} == {"22", "24"}
    assert {spirit[number] for number in ("17", "21a", "21b", "22", "27a", "28a", "28b")} == {"missing"}
    assert (spirit["16"], spirit["24b"], spirit["30"]) == ("partly", "not_applicable", "given")


def test_what_a_form_has_no_place_for_is_not_missing(scores):
    trds = scores["fsgs"].trds
    assert _answers(trds)["21"] == "no_place"
    assert trds.counts["missing"] == 0
    assert trds.asked == trds.counts["given"] + trds.counts["partly"]


def test_a_corrected_record_answers_more(scores):
    for name in ("lupus", "fsgs"):
        before, after = scores[name].spirit, scores[f"{name} corrected"].spirit
        assert after.counts["given"] > before.counts["given"]
    assert _answers(scores["lupus corrected"].spirit)["22"] == "given"


def test_an_answer_is_shown_where_it_stands(scores):
    item = next(one for one in scores["lupus"].trds.items if one.number == "22")
    assert [one.path for one in item.places] == ["dates.completion"]
    given = next(one for one in scores["lupus"].spirit.items if one.number == "4")
    assert [one.path for one in given.places] == ["ids.registry", "dates.registration"]


def test_the_score_is_printed_in_both_languages_and_as_json(scores):
    shown = json.loads(json.dumps(completeness_as_json(scores["lupus"])))
    assert (shown["trds"]["name"], shown["trds"]["missing"], shown["spirit"]["asked"]) == ("WHO TRDS 1.3.1", 2, 27)
    assert "@" not in json.dumps(shown)
    assert "22 completion date: missing" in completeness_as_text(scores["lupus"])
    assert "22 تاریخ پایان کارآزمایی: نیامده" in completeness_as_text(scores["lupus"], language="fa")


def test_every_row_of_the_table_says_what_answers_it():
    for standard in ("trds", "spirit"):
        for row in load_lists()[standard]:
            assert row["name"].keys() == {"en", "fa"}
            assert all(part.keys() <= {"any", "words", "title", "any_or_open", "outcome"} and part for part in row["parts"])
