"""Times to an event at small n, against R's survival, cmprsk, coin and bpcp, and against hand calculations."""

import json
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.analysis.methods.aalen_johansen import aalen_johansen, incidence_log_log
from trialwright.analysis.methods.allocation_lists import permuted_block_lists, unrestricted_lists
from trialwright.analysis.methods.follow_up import FollowUp, read_follow_up
from trialwright.analysis.methods.kaplan_meier import (
    kaplan_meier,
    median_exact,
    median_log_log,
    survival_exact,
    survival_log_log,
)
from trialwright.analysis.methods.log_rank import LogRank, log_rank, log_rank_over_lists, log_rank_scores
from trialwright.analysis.methods.one_sample_log_rank import AgainstReference, constant_hazard, one_sample_log_rank
from trialwright.analysis.methods.proportion import clopper_pearson
from trialwright.analysis.methods.restricted_mean import restricted_mean, restricted_mean_difference
from trialwright.analysis.methods.result import Interval, NotEstimable
from trialwright.analysis.methods.stratified_lists import stratified_lists

R = json.loads((Path(__file__).parents[2] / "validation" / "time_to_event.json").read_text())
RNG = np.random.default_rng(0)


def followed(case: dict, causes: str = "event") -> FollowUp:
    found = read_follow_up(case["time"], case[causes])
    assert isinstance(found, FollowUp)
    return found


def as_interval(found: Interval | NotEstimable) -> Interval:
    assert isinstance(found, Interval), found
    return found


@pytest.mark.parametrize("case", R["kaplan_meier"])
def test_kaplan_meier_and_its_log_log_interval_agree_with_survival(case):
    curve = kaplan_meier(followed(case))
    for place, time in enumerate(case["at"]):
        found = as_interval(survival_log_log(curve, time, case["level"]))
        ours = (found.estimate, curve.error_at(time), found.low, found.high)
        assert ours == pytest.approx([case[k][place] for k in ("survival", "standard_error", "low", "high")], rel=1e-9)


@pytest.mark.parametrize("case", R["kaplan_meier"])
def test_the_median_agrees_with_survival(case):
    found = as_interval(median_log_log(kaplan_meier(followed(case)), case["level"]))
    theirs = [case.get(k) for k in ("median", "median_low", "median_high")]
    assert [found.estimate, found.low, found.high] == [None if value == "NA" else value for value in theirs]


@pytest.mark.parametrize("case", R["restricted_mean"])
def test_the_restricted_mean_agrees_with_survival(case):
    found = as_interval(restricted_mean(followed(case), case["until"]))
    assert found.estimate == pytest.approx(case["mean"], rel=1e-9)
    assert found.high - found.estimate == pytest.approx(1.959963984540054 * case["standard_error"], rel=1e-7)


def test_a_difference_of_restricted_means_adds_the_variances():
    """R's mean and standard error of each group alone, subtracted and added by hand."""
    drug, placebo = R["restricted_mean"][1], R["restricted_mean"][2]
    found = restricted_mean_difference(followed(drug), followed(placebo), 20)
    assert not isinstance(found, NotEstimable)
    error = (drug["standard_error"] ** 2 + placebo["standard_error"] ** 2) ** 0.5
    assert found[0].estimate == pytest.approx(drug["mean"] - placebo["mean"], rel=1e-9)
    assert found[1].statistic == pytest.approx((drug["mean"] - placebo["mean"]) / error, rel=1e-9)


@given(st.integers(1, 12), st.integers(0, 12))
def test_without_censoring_the_exact_interval_is_clopper_and_pearsons(n, events):
    """Everyone is followed to time 20; `events` of them have it before time 10."""
    events = min(events, n)
    curve = kaplan_meier(followed({"time": [i / 2 + 1 for i in range(events)] + [20] * (n - events), "event": [1] * n}))
    exact, counted = as_interval(survival_exact(curve, 10)), as_interval(clopper_pearson(n - events, n))
    assert [exact.low, exact.high] == pytest.approx([counted.low or 0, 1 if counted.high is None else counted.high], abs=1e-12)


def test_the_exact_interval_agrees_with_the_beta_product_integrated_in_r():
    nested = R["beta_product_integrated"]
    curve = kaplan_meier(followed(nested))
    before, first, third = (as_interval(survival_exact(curve, time)) for time in (3, 5, 16))
    assert [before.low, first.low] == pytest.approx([nested["low_at_3"], nested["low_at_5"]], rel=1e-8)
    assert [first.high, third.high] == pytest.approx([nested["high_at_5"], nested["high_at_16"]], rel=1e-8)


@pytest.mark.parametrize("case", R["beta_product_simulated"])
def test_the_exact_interval_agrees_with_a_million_simulated_products_of_bpcp(case):
    curve = kaplan_meier(followed(case))
    for time, low, high in zip(case["at"], case["low"], case["high"], strict=True):
        found = as_interval(survival_exact(curve, time))
        assert [found.low, found.high] == pytest.approx([low, high], abs=2e-3)


def test_the_exact_median_of_five_begins_at_zero_because_half_could_have_the_event_at_once():
    """0 of 5 leaves a lower limit of .025^(1/5) = .478 for the share without the event, which one half lies above.

    The curve itself is 4/5, 8/15 and 4/15 after the events at 4, 15 and 20.
    """
    found = as_interval(median_exact(kaplan_meier(followed(R["kaplan_meier"][2]))))
    assert (found.estimate, found.low, found.high) == (20, 0, None)


@pytest.mark.parametrize("case", R["incidence"])
def test_cumulative_incidence_agrees_with_cmprsk(case):
    curve = aalen_johansen(followed(R["rival"], "cause"), case["cause"])
    for place, time in enumerate(case["at"]):
        found = as_interval(incidence_log_log(curve, time))
        ours = (found.estimate, curve.variance[curve.place(time) - 1], found.low, found.high)
        assert ours == pytest.approx([case[k][place] for k in ("incidence", "variance", "low", "high")], rel=1e-9)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), min_size=1, max_size=25))
def test_the_incidences_of_all_causes_and_the_survival_sum_to_one(people):
    follow_up = followed({"time": [t for t, _ in people], "event": [c for _, c in people]})
    curve = kaplan_meier(follow_up)
    for time in (2, 5, 9):
        assert sum(aalen_johansen(follow_up, cause).at(time) for cause in (1, 2, 3)) + curve.at(time) == pytest.approx(1)


@pytest.mark.parametrize("case", R["log_rank"])
def test_the_log_rank_test_agrees_with_survival(case):
    found = log_rank(followed(case), case["arm"])
    assert isinstance(found, LogRank)
    ours = (found.observed, found.expected, found.test.statistic, found.test.p.value)
    assert ours == pytest.approx([case[k] for k in ("observed", "expected", "chi_square", "p")], rel=1e-9)


@pytest.mark.parametrize("case", R["log_rank_strata"])
def test_the_stratified_log_rank_test_agrees_with_survival(case):
    found = log_rank(followed(case), case["arm"], case["strata"])
    assert isinstance(found, LogRank)
    ours = (found.observed, found.expected, found.test.statistic, found.test.p.value)
    assert ours == pytest.approx([case[k] for k in ("observed", "expected", "chi_square", "p")], rel=1e-9)


def test_counting_within_strata_compares_nobody_across_them():
    """Two strata of two, each one block, events at 1 and 2 in one and at 8 and 9 in the other: scores 1/2 and -1/2 in both.

    The four lists give 1, 0, 0 and -1; two are as extreme as the observed 1. A fifth person, never followed, changes nothing.
    """
    follow_up = followed({"time": [1, 8, 2, 9, 0], "event": [1, 1, 1, 1, 0]})
    strata = ["a", "b", "a", "b", "b"]
    assert log_rank_scores(follow_up, strata) == pytest.approx([0.5, 0.5, -0.5, -0.5, 0.0])
    laws = {"a": [2], "b": [2, 2]}
    reference = stratified_lists([1, 1, 0, 0, 1], strata, lambda one, own: permuted_block_lists(own, laws[one], rng=RNG), rng=RNG)
    found = log_rank_over_lists(follow_up, reference, strata=strata)
    assert isinstance(found, LogRank)
    assert (found.test.statistic, found.test.p.value) == (1.0, 0.5)


@pytest.mark.parametrize("case", R["log_rank_exact"])
def test_scores_are_the_martingale_residuals_of_survival(case):
    assert log_rank_scores(followed(case)) == pytest.approx(case["scores"], rel=1e-9)


@pytest.mark.parametrize("case", R["log_rank_exact"][:2])
def test_the_exact_log_rank_test_agrees_with_coin(case):
    reference = unrestricted_lists(case["arm"], rng=RNG)
    for alternative, theirs in (("two_sided", "two_sided"), ("more_events", "more"), ("fewer_events", "fewer")):
        found = log_rank_over_lists(followed(case), reference, alternative)
        assert isinstance(found, LogRank)
        assert found.test.p.value == pytest.approx(case[theirs], rel=1e-9)


def test_without_ties_the_scores_of_hothorn_and_lausen_give_the_same_p():
    found = log_rank_over_lists(followed(R["log_rank_exact"][0]), unrestricted_lists(R["log_rank_exact"][0]["arm"], rng=RNG))
    assert isinstance(found, LogRank)
    assert found.test.p.value == pytest.approx(R["log_rank_hothorn_lausen"], rel=1e-9)


def test_a_sampled_log_rank_test_agrees_with_coin_within_its_error():
    case = R["log_rank_exact"][2]
    found = log_rank_over_lists(followed(case), unrestricted_lists(case["arm"], rng=np.random.default_rng(7)), "more_events")
    assert isinstance(found, LogRank)
    assert found.test.p.monte_carlo_error is not None
    assert abs(found.test.p.value - case["more"]) < 5 * found.test.p.monte_carlo_error


def test_the_log_rank_test_over_blocks_counts_by_hand():
    """Two blocks of two, events at 1, 2, 3, 4 in the order of the slots: scores 3/4, 5/12, -1/12, -13/12.

    Lists 10|10, 10|01, 01|10, 01|01 give 2/3, -1/3, 1/3, -2/3: two of four are as extreme as the observed 2/3.
    """
    follow_up = followed({"time": [1, 2, 3, 4], "event": [1, 1, 1, 1]})
    assert log_rank_scores(follow_up) == pytest.approx([3 / 4, 5 / 12, -1 / 12, -13 / 12])
    found = log_rank_over_lists(follow_up, permuted_block_lists([1, 0, 1, 0], [2, 2], rng=RNG))
    assert isinstance(found, LogRank)
    assert found.test.statistic == pytest.approx(2 / 3)
    assert (found.test.p.value, found.test.p.smallest) == (0.5, 0.5)


@pytest.mark.parametrize("case", R["one_sample"])
def test_the_one_sample_log_rank_test_agrees_with_r(case):
    found = one_sample_log_rank(followed(case), lambda time: case["rate"] * time)
    assert isinstance(found, AgainstReference)
    ours = [
        found.observed,
        found.expected,
        found.chi_square.statistic,
        found.chi_square.p.value,
        found.fewer.value,
        found.more.value,
    ]
    ours += [found.ratio.low, found.ratio.high]
    theirs = [case[k] for k in ("observed", "expected", "chi_square", "p", "fewer", "more", "low", "high")]
    assert ours == pytest.approx(theirs, rel=1e-7)
    assert found.two_sided.value == pytest.approx(min(1, 2 * min(case["fewer"], case["more"])), rel=1e-9)


def test_a_constant_reference_leaves_the_share_that_its_source_gives():
    assert exp(-constant_hazard(0.8, by=12)(12)) == pytest.approx(0.8)
    assert constant_hazard(0.8, by=12)(6) == pytest.approx(-log(0.8) / 2)
    with pytest.raises(ValueError, match="makes no rate"):
        constant_hazard(1.0, by=12)


NONE_HAD_IT, ALL_AT_ONCE = {"time": [5, 6, 7], "event": [0, 0, 0]}, {"time": [3, 3], "event": [1, 1]}
REFUSED = {
    "nobody": read_follow_up([], []),
    "no_time": read_follow_up([float("nan")], [1]),
    "negative": read_follow_up([-1.0], [0]),
    "beyond": survival_log_log(kaplan_meier(followed(NONE_HAD_IT)), 8),
    "exact_beyond": survival_exact(kaplan_meier(followed(NONE_HAD_IT)), 8),
    "no_limit": survival_log_log(kaplan_meier(followed(NONE_HAD_IT)), 6),
    "all_gone": survival_log_log(kaplan_meier(followed(ALL_AT_ONCE)), 4),
    "no_median": median_exact(kaplan_meier(followed(NONE_HAD_IT))),
    "median_not_reached": median_log_log(kaplan_meier(followed({"time": [1, 2, 3], "event": [1, 0, 0]}))),
    "no_mean": restricted_mean(followed(NONE_HAD_IT), 6),
    "mean_beyond": restricted_mean(followed(NONE_HAD_IT), 9),
    "everybody_but_for_the_last_digit": incidence_log_log(
        aalen_johansen(followed({"time": [1, 2, 3, 4, 5, 6], "event": [1] * 6}), 1), 6
    ),
    "no_incidence": incidence_log_log(aalen_johansen(followed(NONE_HAD_IT), 1), 6),
    "empty_arm": log_rank(followed(ALL_AT_ONCE), [1, 1]),
    "log_rank_no_event": log_rank(followed(NONE_HAD_IT), [1, 0, 1]),
    "one_participant": log_rank(followed({"time": [3], "event": [1]}), [1]),
    "never_together": log_rank(followed({"time": [1, 5], "event": [0, 1]}), [1, 0]),
    "no_expected": one_sample_log_rank(followed({"time": [0.0], "event": [0]}), lambda time: 0.1 * time),
}


@pytest.mark.parametrize("case", REFUSED)
def test_impossible_input_gives_a_sentence_and_no_number(case):
    found = REFUSED[case]
    assert isinstance(found, NotEstimable)
    assert found.reason.en.endswith(".")
    assert found.reason.fa.endswith(".")
