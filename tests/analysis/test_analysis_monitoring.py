"""Stopping rules and two-stage designs, against clinfun, numerical integration in R, every course counted, and published tables."""

import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.analysis.methods.monitoring import characteristics, looked_at
from trialwright.analysis.methods.pause_rule import PauseRule, pause_boundary, pause_probability, probability_above
from trialwright.analysis.methods.pocock_boundary import PocockBoundary, pocock_boundary
from trialwright.analysis.methods.predictive_rule import PredictiveRule, beta_binomial, predictive_boundary, predictive_probability
from trialwright.analysis.methods.result import NotEstimable
from trialwright.analysis.methods.sentinel import SentinelPlan, sentinel_characteristics
from trialwright.analysis.methods.thall_simon import HistoricalRule, historical_boundary, probability_above_historical
from trialwright.analysis.methods.two_stage import TwoStage, TwoStageDesigns, simon_designs, two_stage_characteristics

R = json.loads((Path(__file__).parents[2] / "validation" / "monitoring.json").read_text())
FIVE = PauseRule(prior_events=0.6, prior_none=1.4, limit=0.3, threshold=0.8)


def test_the_rule_for_five_participants_pauses_at_2_2_3_3_from_the_second_on():
    """P(rate > .3) first exceeds .8 at 2 of 2, 2 of 3, 3 of 4 and 3 of 5; at a rate of .4 the trial pauses with chance .42.

    By hand: .4^2 = .16 after two; exactly one of the first two and then one: 2 (.4)(.6)(.4) = .192 after three; after four 3 events
    would need 2 before, which has stopped; after five 3 of 5 with at most one in three and the last two: 3 (.4)(.36)(.16) = .06912.
    """
    boundary = pause_boundary(FIVE, 5)
    assert boundary == (None, 2, 2, 3, 3)
    assert pause_probability(boundary, 0.4) == pytest.approx(0.16 + 0.192 + 0.06912, abs=1e-15)
    assert round(pause_probability(boundary, 0.4), 2) == 0.42


@pytest.mark.parametrize("case", R["pause"])
def test_boundaries_of_a_fixed_limit_agree_with_r(case):
    first, second = case["prior"]
    rule = PauseRule(prior_events=first, prior_none=second, limit=case["limit"], threshold=case["threshold"])
    assert list(pause_boundary(rule, len(case["boundary"]))) == case["boundary"]


def test_the_example_rule_pauses_at_the_counts_that_its_source_prints():
    """Beta(.4, 1.6), rate above 20 %: 2 of 5 (.78), 2 of 6 (.71), 3 of 10 (.72), not 1 of 5 (.42), 2 of 9 (.50)."""
    rule = PauseRule(prior_events=0.4, prior_none=1.6, limit=0.2, threshold=0.7)
    counts = [(2, 5), (2, 6), (3, 10), (1, 5), (2, 9)]
    assert [round(probability_above(rule, events, n), 2) for events, n in counts] == [0.78, 0.71, 0.72, 0.42, 0.50]


@pytest.mark.parametrize("case", R["crossing"])
def test_characteristics_agree_with_clinfun(case):
    """clinfun stops with more than the allowed number, and counts no stop after the last look as early."""
    boundary = [None] * case["looks"][-1]
    for look, allowed in zip(case["looks"], case["allowed"], strict=True):
        boundary[look - 1] = allowed + 1
    for place, rate in enumerate(case["rate"]):
        found = characteristics(boundary, rate)
        ours = (found.stops, found.stops_early, found.expected_participants)
        assert ours == pytest.approx([case[k][place] for k in ("crosses", "stops_early", "expected")], rel=1e-9)


@pytest.mark.parametrize("case", R["courses"])
def test_characteristics_agree_with_every_course_counted_in_r(case):
    plan = SentinelPlan(
        groups=tuple(case["groups"]), wait_days=(case["wait"],) * len(case["groups"]), boundary=tuple(case["boundary"])
    )
    found = sentinel_characteristics(plan, case["rate"])
    ours = (found.counted.stops, found.counted.expected_participants, found.counted.expected_events, found.expected_days)
    assert ours == pytest.approx([case[k] for k in ("stops", "expected", "events", "days")], rel=1e-9)


@given(st.lists(st.none() | st.integers(1, 4), min_size=1, max_size=8), st.floats(0, 1))
def test_the_chances_of_stopping_are_those_of_all_courses(boundary, rate):
    stopping = 0.0
    for course in product((0, 1), repeat=len(boundary)):
        counts = [sum(course[: i + 1]) for i in range(len(course))]
        if any(limit is not None and count >= limit for count, limit in zip(counts, boundary, strict=True)):
            stopping += rate ** sum(course) * (1 - rate) ** (len(course) - sum(course))
    assert characteristics(boundary, rate).stops == pytest.approx(stopping, abs=1e-12)


@given(st.floats(0.05, 0.6), st.integers(2, 9))
def test_larger_groups_expose_more_participants(rate, participants):
    boundary = pause_boundary(FIVE, participants)
    one_by_one = characteristics(boundary, rate).expected_participants
    assert one_by_one <= characteristics(looked_at(boundary, [participants]), rate).expected_participants + 1e-12


@pytest.mark.parametrize("case", R["pocock"])
def test_the_pocock_boundary_agrees_with_clinfun(case):
    """clinfun gives the largest allowed number, also where it exceeds the number treated."""
    found = pocock_boundary(case["participants"], case["rate"], case["chance"])
    assert isinstance(found, PocockBoundary)
    theirs = [allowed + 1 if allowed + 1 <= n else None for n, allowed in enumerate(case["allowed"], start=1)]
    assert list(found.boundary) == theirs
    assert found.false_alarm <= case["chance"]


def test_no_boundary_keeps_a_chance_below_that_of_an_event_in_everyone():
    assert isinstance(pocock_boundary(2, 0.5, 0.1), NotEstimable)  # 2 of 2 has chance .25


@pytest.mark.parametrize("case", R["historical"])
def test_the_comparison_with_history_agrees_with_integration_in_r(case):
    (own, none), (events, others) = case["prior"], case["historical"]
    rule = HistoricalRule(
        prior_events=own, prior_none=none, historical_events=events, historical_none=others, threshold=0.9, margin=case["margin"]
    )
    assert probability_above_historical(rule, case["events"], case["participants"]) == pytest.approx(case["above"], rel=1e-7)


def test_a_long_history_is_a_fixed_limit():
    """A historical Beta(3e7, 7e7) is .3 to within .0001, so the boundary is that of the fixed limit."""
    rule = HistoricalRule(prior_events=0.6, prior_none=1.4, historical_events=3e7, historical_none=7e7, threshold=0.8)
    assert historical_boundary(rule, 5) == (None, 2, 2, 3, 3)


@pytest.mark.parametrize("case", R["predictive"])
def test_predictive_probabilities_agree_with_r(case):
    first, second = case["prior"]
    final = PauseRule(prior_events=first, prior_none=second, limit=case["limit"], threshold=case["final"])
    rule = PredictiveRule(at_the_end=final, participants=case["participants"], threshold=0.9)
    assert predictive_probability(rule, case["events"], case["so_far"]) == pytest.approx(case["predictive"], rel=1e-9)


def test_at_the_end_the_predictive_rule_is_the_final_one():
    rule = PredictiveRule(at_the_end=FIVE, participants=5, threshold=0.9)
    assert predictive_boundary(rule)[-1] == pause_boundary(FIVE, 5)[-1]


@given(st.integers(0, 12), st.floats(0.1, 5), st.floats(0.1, 5))
def test_beta_binomial_chances_sum_to_one(participants, first, second):
    assert sum(beta_binomial(x, participants, first, second) for x in range(participants + 1)) == pytest.approx(1)


@pytest.mark.parametrize("case", R["two_stage"])
def test_simons_designs_agree_with_clinfun(case):
    found = simon_designs(case["useless"], case["worthwhile"], case["alpha"], case["beta"])
    assert isinstance(found, TwoStageDesigns)
    for ours, theirs in ((found.optimal, case["optimal"]), (found.minimax, case["minimax"])):
        assert [ours.first_stop, ours.first, ours.final_stop, ours.total] == [
            theirs[k] for k in ("first_stop", "first", "final_stop", "total")
        ]
        at_useless = two_stage_characteristics(ours, case["useless"])
        assert at_useless.expected_participants == pytest.approx(theirs["expected"], rel=1e-9)
        assert at_useless.stops_early == pytest.approx(theirs["stops_early"], rel=1e-9)
        assert at_useless.promising <= case["alpha"]
        assert two_stage_characteristics(ours, case["worthwhile"]).promising >= 1 - case["beta"]


def test_simons_own_table():
    """Simon 1989, table 1, for 5 % against 25 % (alpha .05, beta .20): 0/9 2/17 with 12.0 expected, and 0/12 2/16 with 13.8."""
    found = simon_designs(0.05, 0.25, 0.05, 0.2)
    assert isinstance(found, TwoStageDesigns)
    assert found.optimal == TwoStage(first_stop=0, first=9, final_stop=2, total=17)
    assert found.minimax == TwoStage(first_stop=0, first=12, final_stop=2, total=16)
    assert [round(two_stage_characteristics(d, 0.05).expected_participants, 1) for d in (found.optimal, found.minimax)] == [
        12.0,
        13.8,
    ]


@pytest.mark.parametrize("case", R["two_stage_power"])
def test_power_of_a_design_agrees_with_binomial_sums_in_r(case):
    design = TwoStage(**{k: case[k] for k in ("first_stop", "first", "final_stop", "total")})
    assert two_stage_characteristics(design, case["rate"]).promising == pytest.approx(case["promising"], rel=1e-9)


def test_impossible_designs_get_a_sentence():
    for found in (simon_designs(0.3, 0.2, 0.05, 0.2), simon_designs(0.1, 0.3, 0.05, 0.2, most=5)):
        assert isinstance(found, NotEstimable)
        assert found.reason.fa.endswith(".")
    with pytest.raises(ValueError, match="make them equal"):
        SentinelPlan(groups=(1, 1), wait_days=(14, 14), boundary=(None, 2, 2))
    with pytest.raises(ValueError, match="one wait a group"):
        SentinelPlan(groups=(1, 1), wait_days=(14,), boundary=(None, 2))
