"""What printed numbers imply, against calculations by hand, plain enumeration and the published lupus trial."""

from decimal import Decimal
from itertools import combinations_with_replacement
from pathlib import Path
from statistics import mean, median, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.analysis.forensics.implication import (
    mean_implies,
    median_implies,
    medians_imply,
    nothing_seen_implies,
    percentage_implies,
    rank_sum_p_implies,
    signed_rank_p_implies,
)
from trialwright.analysis.forensics.means import Spread, spreads_behind, totals_behind
from trialwright.analysis.forensics.percentages import counts_behind, denominators_behind
from trialwright.analysis.forensics.printed import PrintedNumberError, read_printed
from trialwright.analysis.forensics.published import examine_document, examine_published, whole_number_elements
from trialwright.analysis.forensics.rank_p_values import rank_sum_readings, signed_rank_readings
from trialwright.analysis.methods.result import NotEstimable
from trialwright.analysis.methods.signed_rank import wilcoxon_signed_rank
from trialwright.study.folder import load_study
from trialwright.study.model import PublishedDocument, PublishedFact

STUDIES = Path(__file__).parents[2] / "studies"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("33.3", "33.25", "33.35"),
        ("15.0", "14.95", "15.05"),
        ("15", "14.5", "15.5"),
        ("۳۳.۳", "33.25", "33.35"),
        (".008", ".0075", ".0085"),
    ],
)
def test_a_printed_number_stands_for_all_that_is_printed_so(text, low, high):
    found = read_printed(text)
    assert (found.low, found.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize("text", ["", "about 3", "nan", "1e3", "3,4"])
def test_what_is_no_printed_number_is_quoted_back(text):
    with pytest.raises(PrintedNumberError, match="not a printed number"):
        read_printed(text)


@pytest.mark.parametrize("judge", [percentage_implies, mean_implies, median_implies, signed_rank_p_implies])
def test_a_number_of_nobody_is_refused_with_what_to_give(judge):
    with pytest.raises(PrintedNumberError, match="at least 1"):
        judge(read_printed("0.5"), 0)


def test_the_percentages_of_nine_by_hand():
    """3/9 = 33.33..., 4/9 = 44.44..., 8/9 = 88.88...; 35.0 lies between 3/9 and 4/9 = 44.4."""
    assert [counts_behind(read_printed(text), 9) for text in ("33.3", "44.4", "88.9", "35.0")] == [(3,), (4,), (8,), ()]


def test_a_third_fits_every_multiple_of_three():
    assert denominators_behind(read_printed("33.3"), 20) == (3, 6, 9, 12, 15, 18)


def test_a_percentage_without_decimals_of_many_fits_several_counts():
    """33 % of 200 is anything from 32.5 to 33.5: 65, 66 and 67."""
    assert counts_behind(read_printed("33"), 200) == (65, 66, 67)


def test_the_published_sledai_mean_by_hand():
    """15.35 x 9 = 138.15 and 15.45 x 9 = 139.05 hold one whole number: 139. 15.45 x 9 to 15.55 x 9 (139.95) holds none."""
    assert totals_behind(read_printed("15.4"), 9) == (139,)
    assert totals_behind(read_printed("15.5"), 9) == ()


@pytest.mark.parametrize(
    ("printed_mean", "printed_sd", "n"), [("2.5", "1.3", 4), ("2.33", "2.08", 3), ("3.4", "0.5", 5), ("3.4", "0.6", 5)]
)
def test_spreads_are_those_that_enumeration_finds(printed_mean, printed_sd, n):
    """Every set of n whole numbers from -4 to 11: wide enough for these deviations."""
    wanted_mean, wanted_sd = read_printed(printed_mean), read_printed(printed_sd)
    expected = {
        (sum(values), sum(v * v for v in values))
        for values in combinations_with_replacement(range(-4, 12), n)
        if wanted_mean.fits(mean(map(Decimal, values))) and wanted_sd.fits(stdev(values))
    }
    assert {(found.total, found.squares) for found in spreads_behind(wanted_mean, wanted_sd, n)} == expected


def test_a_spread_that_no_whole_numbers_have_is_refused_though_its_mean_fits():
    """Total 10 of 5 (mean 2.0): sums of squares are even, 20 for all 2 (SD 0), next 22: SD sqrt(2/4) = 0.71. Never 0.3."""
    assert totals_behind(read_printed("2.0"), 5) == (10,)
    assert spreads_behind(read_printed("2.0"), read_printed("0.3"), 5) == ()
    assert spreads_behind(read_printed("2.0"), read_printed("0.7"), 5) == (Spread(total=10, squares=22),)


@given(st.lists(st.integers(0, 105), min_size=2, max_size=12))
def test_real_scores_are_never_called_impossible(values):
    printed_mean, printed_sd = f"{mean(values):.1f}", f"{stdev(values):.1f}"
    found = mean_implies(read_printed(printed_mean), len(values), read_printed(printed_sd))
    assert found.verdict == "fits"
    assert median_implies(read_printed(f"{median(values):.1f}"), len(values)).verdict == "implies"


def test_signed_rank_p_of_nine_pairs_by_hand():
    """All fall: z = 22.5 / sqrt(9 x 10 x 19 / 24) = 2.666, p = .0077.

    Counted: nine with W = 1 is 4/512 = .0078, eight with W = 0 is 2/256 = .0078.
    """
    plainly = [r for r in signed_rank_readings(read_printed("0.008"), 9) if not r.ties]
    assert {(r.form, r.unchanged, r.rank_sum, round(r.p, 4)) for r in plainly} == {
        ("normal", 0, 0.0, 0.0077),
        ("exact", 0, 1.0, 0.0078),
        ("exact", 1, 0.0, 0.0078),
    }


def test_four_equal_changes_make_it_seven_thousandths_by_hand():
    """Variance 71.25 - (4^3 - 4)/48 = 70: z = 22.5 / 8.3666 = 2.689, p = .0072."""
    assert not [r for r in signed_rank_readings(read_printed("0.007"), 9) if not r.ties]
    found = [r for r in signed_rank_readings(read_printed("0.0072"), 9) if r.form == "normal" and r.unchanged == 0]
    assert {r.rank_sum for r in found if sorted(r.ties)[-2:] == [1, 4]} == {0.0}


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=7).filter(any))
def test_the_true_pattern_is_always_among_the_readings(changes):
    """Whatever the data, the exact p that they give is explained, and the bound on the direction holds for them."""
    found = wilcoxon_signed_rank(changes)
    readings = signed_rank_readings(read_printed(f"{found.p.value:.3f}"), len(changes))
    exact = [r for r in readings if r.form == "exact" and r.unchanged == changes.count(0)]
    total = found.participants * (found.participants + 1) / 2
    assert min(found.statistic, total - found.statistic) in {r.rank_sum for r in exact}
    against = min(sum(c > 0 for c in changes), sum(c < 0 for c in changes))
    if abs(2 * found.statistic - total) > 0:
        against = sum(c > 0 for c in changes) if found.statistic < total / 2 else sum(c < 0 for c in changes)
    assert any(r.fewest_against <= against <= r.most_against for r in exact)


def test_rank_sum_p_of_three_against_three_by_hand():
    """C(6,3) = 20 divisions, no overlap in either direction: 2/20 = .1; one exchange: 4/20 = .2."""
    plainly = [r for r in rank_sum_readings(read_printed("0.10"), 3, 3) if not r.ties and r.form == "exact"]
    assert [r.u for r in plainly] == [0.0, 9.0]
    plainly = [r for r in rank_sum_readings(read_printed("0.20"), 3, 3) if not r.ties and r.form == "exact"]
    assert [r.u for r in plainly] == [1.0, 8.0]


def test_two_medians_of_nine_force_one_fall_by_hand():
    """Five of nine at 1800 or more before, five at 1020 or less after: 5 + 5 - 9 = 1 is on both sides and fell by 780 or more."""
    found = medians_imply(read_printed("1800"), read_printed("1020"), 9)
    assert "at least 1 went from 1800 or more to 1020 or less, a fall of at least 780" in found.plain.en
    assert found.working.en.endswith("5 + 5 - 9 = 1 on both.")


def test_two_medians_of_ten_force_nobody():
    assert "nobody in particular" in medians_imply(read_printed("1800"), read_printed("1020"), 10).plain.en


def test_half_a_score_is_no_median_of_nine():
    assert median_implies(read_printed("16.5"), 9).verdict == "does_not_fit"
    assert median_implies(read_printed("16.5"), 10).verdict == "implies"


def test_no_event_in_nine_by_hand():
    """1 - .025^(1/9) = .3363, 1 - .05^(1/9) = .2831."""
    assert "33.6%" in nothing_seen_implies("No major adverse events", 9).plain.en
    assert "28.3%" in nothing_seen_implies("No major adverse events", 9).plain.en
    assert isinstance(nothing_seen_implies("No adverse events", 0), NotEstimable)


def test_the_published_lupus_trial_examined():
    """Of 9: 33.3 % = 3, 44.4 % = 4, 88.9 % = 8; P .008 leaves at most one untied change the other way or one dropped."""
    study = load_study(STUDIES / "IRCT2016090729747N1")
    found = {(e.document, e.element, e.implication.kind): e.implication for e in examine_published(study)}
    assert found["conference_2018", "sex", "percentage"].plain.en == "88.9 % is 8 of 9."
    assert found["ranjbar_2022", "response_complete", "percentage"].plain.en == "33.3 % is 3 of 9."
    assert found["ranjbar_2022", "response_partial", "percentage"].plain.en == "44.4 % is 4 of 9."
    assert "total of 139" in found["conference_2018", "sledai_baseline", "mean"].plain.en
    assert "without ties among the changes at least 8 of 9" in found["ranjbar_2022", "proteinuria", "signed_rank_p"].plain.en
    assert "some changes were equal" in found["ranjbar_2022", "sledai", "signed_rank_p"].plain.en
    assert ("ranjbar_2022", "proteinuria", "medians") in found
    assert ("ranjbar_2022", "safety", "nothing_seen") in found
    assert all(implication.verdict != "does_not_fit" for implication in found.values())


def test_a_trial_without_published_numbers_has_nothing_to_examine():
    assert examine_published(load_study(STUDIES / "NCT02382874")) == ()


def test_only_scores_are_whole_numbers():
    whole = whole_number_elements(load_study(STUDIES / "IRCT2016090729747N1"))
    assert {"sledai", "sledai_baseline"} <= whole
    assert not {"gfr", "proteinuria"} & whole


def document(*facts: tuple[str, str]) -> PublishedDocument:
    made = tuple(PublishedFact(element=element, value=value, sentence="s") for element, value in facts)
    return PublishedDocument(id="d", title="t", kind="full_text", citation="c", evidence="e", read="full_text", facts=made)


def test_a_percentage_of_another_number_is_found():
    found = examine_document(document(("sample_size", "9"), ("response", "35.0 % (3 of 9)")), frozenset())
    assert [e.implication.verdict for e in found] == ["does_not_fit"]
    assert "nearest, 3 of 9, is 33.33 %" in found[0].implication.plain.en


def test_without_a_number_of_participants_nothing_is_said():
    assert examine_document(document(("response", "35.0 % (3 of 9)")), frozenset()) == ()


def test_thresholds_are_not_taken_for_results():
    found = examine_document(document(("sample_size", "9"), ("definition", "more than 50 % fall, P < 0.05")), frozenset())
    assert found == ()


@pytest.mark.parametrize(
    "found",
    [
        percentage_implies(read_printed("33.3"), 9),
        percentage_implies(read_printed("35.0"), 9),
        mean_implies(read_printed("15.5"), 9),
        median_implies(read_printed("6"), 8),
        signed_rank_p_implies(read_printed("0.4999"), 4),
        signed_rank_p_implies(read_printed("0.03"), 15),
        rank_sum_p_implies(read_printed("0.03"), 5, 5),
        rank_sum_p_implies(read_printed("0.0001"), 3, 3),
    ],
)
def test_every_implication_is_a_sentence_with_its_working_in_both_languages(found):
    for text in (found.plain, found.working):
        assert text.en
        assert text.fa
        assert "{" not in text.en + text.fa
    assert found.plain.en.endswith(".")
    assert found.plain.fa.endswith(".")
