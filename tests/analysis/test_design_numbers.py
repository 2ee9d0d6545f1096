"""The numbers of the page of a design against R 4.2.2 and by hand; designs that cannot be; words in both languages."""

from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from math import exp
from pathlib import Path

import pytest

from trialwright.analysis.design import DesignError, Evidence, FalseResponses, Simulated, design, render_design_text
from trialwright.analysis.design.blood import draws_of, lightest_kg
from trialwright.analysis.design.figures import Bars, Curves, Ranges
from trialwright.analysis.design.wording import p_value, percent, say, whole
from trialwright.terms.sentences import Text

_spec = spec_from_file_location("trial_builder", Path(__file__).parents[1] / "datasets" / "trial_builder.py")
builder = module_from_spec(_spec)
_spec.loader.exec_module(builder)
LUPUS, FSGS = builder.lupus_study(), builder.fsgs_study()
TEN, FIVE = design(LUPUS), design(FSGS)
MONTH_3 = Text(en="Month 3", fa="ماه ۳")


def statement(page, name):
    (found,) = [s for s in page.statements if s.id == name]
    return found


def numbers(page, name):
    return {n.label.en: n.value for n in statement(page, name).numbers}


def table(page, name, place=0):
    return {label.en: values for label, values in statement(page, name).tables[place].rows}


def responses(*shares, collected="as_collected"):
    return tuple(
        FalseResponses(
            definition="ranjbar_2022",
            by=MONTH_3,
            drift_sd=0.15 * place,
            collected=collected,
            complete=complete,
            partial=either - complete,
            any_response=either,
            people=40_000,
        )
        for place, (complete, either) in enumerate(shares)
    )


def test_the_smallest_p_of_few_against_few_forbids_proof():
    """By hand: 3 of 6 can be chosen in 20 ways, so the least two-sided p is 2/20; 4 of 8 in 70 ways gives 2/70 < .05."""
    three, four = design(LUPUS, n=3), design(LUPUS, n=4)
    assert numbers(three, "smallest_p")["without blocks"] == pytest.approx(0.1)
    assert "cannot prove" in statement(three, "smallest_p").plain.en
    assert statement(three, "smallest_p").lay is not None
    assert numbers(four, "smallest_p")["without blocks"] == pytest.approx(2 / 70)
    assert statement(four, "smallest_p").lay is None


def test_levels_of_the_rank_tests_are_those_of_r():
    """R: 2 * pwilcox(23, 10, 10) = 0.043257052545; 2 * psignrank(0, 6) = 0.03125; with 5 values no pattern is rare enough."""
    assert numbers(TEN, "detectable")["true level of the exact rank-sum test"] == pytest.approx(0.043257052545, abs=1e-11)
    six, five = design(FSGS, n=6), FIVE
    assert numbers(six, "detectable")["true level of the exact signed-rank test"] == 0.03125
    assert numbers(five, "detectable")["true level of the exact signed-rank test"] == 0.0
    assert "never rejects at 0.05" in statement(five, "detectable").plain.en


def test_what_one_arm_of_five_can_detect_is_that_of_r():
    """R: power.t.test(n = 5, type = "one.sample", power = .8, strict = TRUE)$delta; $power with delta = 1."""
    page = FIVE
    found = numbers(page, "detectable")["difference found with 80 % power"]
    assert found == pytest.approx(1.68199696595, abs=1e-9)
    assert table(page, "detectable")["5 participants"][2] == pytest.approx(0.401389917372, abs=1e-8)
    ratio = numbers(page, "detectable")["the same as a ratio, where the log values scatter by 0.5"]
    assert ratio == pytest.approx(exp(-1.68199696595 / 2), abs=1e-9)


def test_widths_of_means_are_those_of_r():
    """R: qt(.975, 17) * sqrt(2/10) and qt(.975, 4) / sqrt(5)."""
    two, one = numbers(TEN, "mean_width"), numbers(FIVE, "mean_width")
    assert next(iter(two.values())) == pytest.approx(0.943538210405, abs=1e-10)
    assert next(iter(one.values())) == pytest.approx(1.2416639982, abs=1e-10)


def test_limits_of_a_response_rate_and_of_a_rate_are_those_of_r():
    """R: binom.test(5, 10)$conf.int; poisson.test(3, 10 * years)$conf.int scales with the time: 3 events in 16 years."""
    page = TEN
    assert table(page, "responders")["5 of 10"] == pytest.approx((0.187086028447, 0.812913971553), abs=1e-9)
    years = 10 * 583 / 365.25  # month 18 is day 583 from allocation: 35 days of cell culture and 548
    expected = (0.038667007681 * 16 / years, 0.547954566859 * 16 / years)
    assert table(page, "event_rate")["events: 3"] == pytest.approx(expected, rel=1e-9)


def test_the_pausing_rules_are_those_known_from_elsewhere():
    """Another program: P(rate > .2) > .7 with Beta(.4, 1.6) trips at 2 of 5, 2 of 6 and 3 of 10, not at 1 of 5 or 2 of 9.

    P(rate > .3) > .8 with Beta(.6, 1.4) trips at -, 2, 2, 3, 3, and stops .42 of trials of five at a true rate of .4.
    """
    first, second = zip(*table(FIVE, "pausing").values(), strict=True)
    assert (first[4], second) == (2, (None, 2, 2, 3, 3))
    assert table(FIVE, "pausing", 1)["true rate 40\u00a0%"][2] == pytest.approx(0.42, abs=0.005)
    ten, _ = zip(*table(TEN, "pausing").values(), strict=True)
    assert (ten[5], ten[8], ten[9]) == (2, 3, 3)


def test_blood_of_the_youngest_child_is_added_up():
    """By hand, 12 kg: 9 mL at once and 27 mL in four weeks. Baseline: serum 2, count 1, cytokines 2, cells 2."""
    page = FIVE
    assert lightest_kg(FSGS)[0] == 12
    assert list(numbers(page, "blood").values())[:2] == pytest.approx([9.0, 27.0])
    draws = {one.label.en: one for one in draws_of(FSGS)}
    assert draws["Baseline"].ml == 7
    assert all(one.four_weeks_ml >= one.ml for one in draws.values())
    assert "keeps within" in statement(page, "blood").plain.en
    assert "Assumed" in statement(page, "blood").method.en


def test_a_child_lighter_than_the_schedule_allows_is_said():
    """7 mL in one visit are more than 1 % of the blood of 9 kg: 6.75 mL."""
    light = replace(FSGS, simulation={**FSGS.simulation, "participant": {"weight_kg_at_2": 9.0, "weight_kg_at_14": 40.0}})
    assert "takes too much" in statement(design(light), "blood").plain.en


def test_without_a_weight_the_table_of_the_world_health_organization_serves():
    """Girls of two years: median 11.5 kg, WHO Child Growth Standards 2006."""
    assert lightest_kg(replace(FSGS, simulation={}))[0] == 11.5


def test_a_published_response_is_set_against_no_effect():
    """R: pbinom(6, 9, .34, lower.tail = FALSE) and pbinom(2, 9, .10, lower.tail = FALSE); the abstract has 3 + 4 of 9."""
    page = design(LUPUS, evidence=Evidence(responses=responses((0.006, 0.022), (0.10, 0.34))))
    assert list(numbers(page, "no_effect").values()) == pytest.approx([0.00935798024846, 0.052972138], abs=1e-11)
    assert "7 responders of 9" in statement(page, "no_effect").plain.en


def test_without_a_publication_the_chance_of_one_false_responder_is_said():
    """R: pbinom(0, 5, .25, lower.tail = FALSE) = 0.7626953125."""
    page = design(FSGS, evidence=Evidence(responses=responses((0.05, 0.25))))
    assert "in up to 76\u00a0% of trials" in statement(page, "no_effect").plain.en


def test_simulated_power_is_shown_with_its_error():
    power = (Simulated(label=Text(en="No effect", fa="بدون اثر"), rejected=0.05, error=0.01, trials=500),)
    text = render_design_text(design(LUPUS, evidence=Evidence(power=power)))
    assert "No effect: 5.0\u00a0%\u00a0±\u00a01.0\u00a0%" in text
    assert "500 simulated trials" in text
    assert "`trialwright simulate` gives" in render_design_text(TEN)


def test_dropout_counts_whole_people_and_leaves_exposure_alone():
    """A fifth of ten without a value leaves eight: the numbers of eight against eight, but ten are exposed to harm."""
    lost, eight = design(LUPUS, dropout=0.2), design(LUPUS, n=8)
    assert numbers(lost, "detectable") == numbers(eight, "detectable")
    assert numbers(lost, "nothing_seen") == numbers(TEN, "nothing_seen")
    assert lost.asked is not None
    assert "20\u00a0% without a value" in lost.asked.en


@pytest.mark.parametrize(
    ("n", "dropout", "said"), [(0, 0.0, "at least one participant"), (5, 1.0, "from 0 to 0.9"), (5, -0.1, "share")]
)
def test_a_design_that_cannot_be_is_refused_in_a_sentence(n, dropout, said):
    with pytest.raises(DesignError, match=said):
        design(LUPUS, n=n, dropout=dropout)


@pytest.mark.parametrize("study", [LUPUS, FSGS])
@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_smallest_designs_say_what_they_cannot_and_invent_no_number(study, n):
    """One value has no mean with a width and no test of means; nothing on the page is a number then."""
    page = design(study, n=n)
    assert statement(page, "smallest_p").lay is not None
    assert ("mean_width" in {s.id for s in page.statements}) == (n > 1)
    assert "nan" not in render_design_text(page).lower()


def test_large_arms_are_not_enumerated():
    assert "two_proportions" not in {s.id for s in design(LUPUS, n=31).statements}


@pytest.mark.parametrize("study", [LUPUS, FSGS])
def test_every_figure_and_table_speaks_both_languages_and_persian_has_persian_digits(study):
    page = design(study, evidence=Evidence(responses=responses((0.05, 0.25))))
    kinds = {type(one.figure) for one in page.statements if one.figure}
    assert kinds == {Curves, Ranges, Bars}
    for one in page.statements:
        texts = [
            one.plain,
            one.lay,
            *(column for t in one.tables for column in t.columns),
            *(r[0] for t in one.tables for r in t.rows),
        ]
        for text in filter(None, texts):
            assert text.fa
            assert not any(digit in text.fa.replace(one.source, "").replace("2022", "") for digit in "0123456789"), text.fa


def test_numbers_are_written_for_each_language():
    assert (percent(0.0625, 2).en, percent(0.0625, 2).fa) == ("6.25\u00a0%", "۶٫۲۵٪")
    assert (percent(0.0001, 1).en, percent(0.0001, 1).fa) == ("<0.1\u00a0%", "کمتر از ۰٫۱٪")
    assert (p_value(0.0625).fa, p_value(1e-9).en, whole(6.0).fa) == ("۰٫۰۶۲۵", "<0.000001", "۶")
    assert say("size.each", n=whole(10)).fa == "۱۰ نفر در هر بازو"
