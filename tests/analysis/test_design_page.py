"""The page of what a design can and cannot show, for both trials, against numbers known from elsewhere."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from trialwright.analysis.design import design, render_design_text
from trialwright.analysis.methods.power import detectable_difference, power_of_difference
from trialwright.analysis.plain_json import to_json

_spec = spec_from_file_location("trial_builder", Path(__file__).parents[1] / "datasets" / "trial_builder.py")
builder = module_from_spec(_spec)
_spec.loader.exec_module(builder)
LUPUS, FSGS = design(builder.lupus_study()), design(builder.fsgs_study())


def statement(page, name):
    (found,) = [s for s in page.statements if s.id == name]
    return found


def numbers(page, name):
    return {n.label.en: n.value for n in statement(page, name).numbers}


def table(page, name, place=0):
    return {label.en: values for label, values in statement(page, name).tables[place].rows}


def test_power_agrees_with_r():
    """R 4.2.2, power.t.test(n = 10, strict = TRUE): $delta with power = .8, tol = 1e-12; $power with delta = 1."""
    assert detectable_difference(0.8, 10, 10, 18) == pytest.approx(1.32494739258, abs=1e-9)
    assert power_of_difference(1.0, 10, 10, 18) == pytest.approx(0.562006647, abs=1e-8)


def test_five_children_are_told_that_no_p_below_a_twentieth_can_come_out():
    found = statement(FSGS, "smallest_p")
    assert numbers(FSGS, "smallest_p") == {"smallest p with 5 participants": 0.0625, "participants needed for p of 0.05 or less": 6}
    assert "cannot give a two-sided p below 0.05" in found.plain.en
    assert "نمی‌توانند" in found.plain.fa


def test_a_single_arm_is_told_that_it_compares_with_nothing():
    assert statement(FSGS, "no_control").numbers == ()
    assert {s.id for s in FSGS.statements}.isdisjoint({"guessing", "two_proportions"})


def test_ten_against_ten_shows_size_power_and_guessing():
    """Fisher 1.3 % and 43 %: counted by another program; guessing: 20,000 simulated trials."""
    proportions, guesses = numbers(LUPUS, "two_proportions"), table(LUPUS, "guessing")
    assert proportions["Fisher: size at 40\u00a0% in both arms"] == pytest.approx(0.013, abs=5e-4)
    assert proportions["Fisher: power at 70\u00a0% against 20\u00a0%"] == pytest.approx(0.43, abs=5e-3)
    assert guesses["blocks of 4"][0] == pytest.approx(0.708, abs=2e-3)
    assert guesses["one block of 20"][0] == pytest.approx(0.617, abs=2e-3)


def test_no_harm_seen_is_said_one_and_two_sided():
    found = numbers(LUPUS, "nothing_seen")
    assert list(found.values()) == pytest.approx([0.2588656, 0.3084971], abs=1e-7)
    assert list(numbers(FSGS, "nothing_seen").values()) == pytest.approx([0.4507197, 0.5218238], abs=1e-7)


def test_the_pausing_rule_is_called_an_example():
    assert "not this protocol's" in statement(LUPUS, "pausing").plain.en


@pytest.mark.parametrize("page", [LUPUS, FSGS])
def test_every_statement_has_its_method_and_source_and_both_languages(page):
    for found in page.statements:
        assert found.source
        for text in (found.title, found.plain, found.method, *(n.label for n in found.numbers)):
            assert text.en
            assert text.fa
            assert text.en != text.fa


@pytest.mark.parametrize("page", [LUPUS, FSGS])
def test_the_page_is_text_in_both_languages_and_plain_json(page):
    assert page.title.en in render_design_text(page)
    assert page.title.fa in render_design_text(page, "fa")
    assert json.loads(json.dumps(to_json(page), allow_nan=False))["format"] == 1


def test_no_page_shows_the_trial_s_own_block_sizes():
    assert "with the custodian alone" in statement(LUPUS, "guessing").plain.en


def test_a_patient_reads_what_five_people_can_and_cannot_show():
    """No p, no standard deviation: everyday words, with the same numbers (0 of 5 leaves 52 %, Clopper-Pearson)."""
    lay = [one.lay.en for one in FSGS.statements if one.lay is not None]
    assert any("harm in up to 52 of 100" in sentence for sentence in lay)
    assert any("cannot prove" in sentence for sentence in lay)
    assert not any(word in " ".join(lay) for word in (" p ", "deviation", "test", "%"))
