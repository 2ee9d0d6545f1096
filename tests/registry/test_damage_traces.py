"""Damage of words is shown with what may have stood there; the record keeps what it came with, and a sound record shows none."""

import pytest
from tests.registry import twins

from trialwright.registry import find_damage, read_record, write_record


def damage(data):
    record = read_record(data)
    assert write_record(record) == data
    return {one.code: one.proposal for one in find_damage(record)}


def changed(old, new, text=twins.ENGLISH):
    assert old in text
    return twins.as_print(text.replace(old, new))


@pytest.mark.parametrize("form", twins.TEXTS)
def test_a_sound_record_shows_no_damage_in_any_form(form):
    assert damage(twins.TEXTS[form]) == {}


LONG = "Head of the Department of Cell Therapy and Regenerative Medicine in the Ward of Invented Cells in Inv"


def test_a_line_cut_in_the_middle_of_a_word_is_completed_from_the_record_itself():
    assert len(LONG) == 101
    data = changed("Name: A. Person", f"Name: {LONG}")
    assert damage(data) == {"text_cut": LONG + "ented …"}


def test_a_line_of_the_same_length_that_ends_with_a_whole_word_is_not_cut():
    whole = "Head of " + "x" * 87 + " Ward"
    assert len(whole) == 100
    assert damage(changed("Name: A. Person", f"Name: {whole}")) == {}


def test_outcomes_whose_numbers_do_not_count_up_are_shuffled():
    data = changed("Description: Serious adverse", "Description: 2. Serious adverse").replace(
        b"Creatinine, mg/dl", b"1. Creatinine, mg/dl"
    )
    assert damage(data) == {"outcomes_shuffled": "1. Creatinine, mg/dl; 2. Serious adverse events, number"}
    in_order = changed("Description: Serious adverse", "Description: 1. Serious adverse").replace(
        b"Creatinine, mg", b"2. Creatinine, mg"
    )
    assert damage(in_order) == {}


def test_a_list_whose_printed_numbers_restart_is_shown():
    data = changed("item: 2\nDescription: Creatinine", "item: 1\nDescription: Creatinine")
    record = read_record(data)
    (found,) = find_damage(record)
    assert (found.code, found.proposal) == ("outcomes_shuffled", None)
    assert [one.text for one in found.fields] == ["Creatinine, mg/dl"]


def test_a_number_that_is_part_of_the_words_is_no_numbering():
    data = changed("Description: Serious adverse", "Description: 7-day death, serious").replace(
        b"Creatinine, mg/dl", b"6-day creatinine"
    )
    assert damage(data) == {}


@pytest.mark.parametrize(
    ("old", "new", "code", "proposal"),
    [
        ("IRCT20990101000001N1", "IRCT20990101000001N1\u200e", "direction_mark", "IRCT20990101000001N1"),
        ("Target sample size:: 40", "Target sample size:: \u200f40", "direction_mark", "40"),
        ("usual care.", "usual \u202eerac\u202c.", "direction_mark", "Control group: usual erac."),
        ("IRCT20990101000001N1", "IRCT۲۰۹۹۰۱۰۱۰۰۰۰۰۱N۱", "digits_not_ascii", "IRCT20990101000001N1"),
    ],
)
def test_marks_and_digits_that_other_programs_misread_are_shown(old, new, code, proposal):
    assert damage(changed(old, new)) == {code: proposal}


def test_a_mark_of_direction_in_plain_words_is_left_alone():
    assert damage(changed("usual care.", "usual\u200e care.")) == {}


def test_letters_of_two_keyboards_in_one_record_are_shown():
    data = changed("درمان معمول.", "درمان معمولي.", twins.PERSIAN)
    assert damage(data) == {"letters_of_two_keyboards": "معمولی."}
