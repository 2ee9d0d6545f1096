"""Exact, rank and Bayesian methods against R's packages, plain enumeration and hand calculations."""

import json
from itertools import permutations, product
from math import comb, inf, isclose
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.analysis.methods import brunner_munzel as bm
from trialwright.analysis.methods import hodges_lehmann
from trialwright.analysis.methods.beta_binomial import (
    JEFFREYS,
    UNIFORM,
    Belief,
    Beta,
    Posterior,
    chance_greater,
    first_exceeds_second,
    posterior,
    predicted_at_least,
    rate_above,
)
from trialwright.analysis.methods.cochran_q import cochran_q, cochran_q_asymptotic
from trialwright.analysis.methods.friedman import friedman, friedman_asymptotic, friedman_sampled
from trialwright.analysis.methods.mcnemar import mcnemar, mcnemar_mid_p, mcnemar_odds_ratio
from trialwright.analysis.methods.odds_ratio import odds_ratio
from trialwright.analysis.methods.outcome_tables import boschloo_table, fisher_table, mann_whitney_p_values
from trialwright.analysis.methods.poisson_rate import compare_poisson, poisson_rate, poisson_rate_upper, poisson_ratio
from trialwright.analysis.methods.proportion import clopper_pearson, mid_p_interval, wilson, zero_of_n
from trialwright.analysis.methods.rank_sum import mann_whitney
from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.methods.risk_difference import risk_difference, risk_difference_two_sided
from trialwright.analysis.methods.sign_flip import sign_flip, sign_flip_interval, sign_flip_sampled
from trialwright.analysis.methods.signed_rank import pratt_signed_rank, wilcoxon_signed_rank
from trialwright.analysis.methods.true_level import coverage_at, proportion_coverage, rank_sum_level, signed_rank_level, table_level
from trialwright.analysis.methods.two_by_two import barnard, boschloo, fisher
from trialwright.analysis.methods.win_ratio import WinComparison, compare_wins
from trialwright.analysis.plain_json import plain

VALIDATION = Path(__file__).parents[2] / "validation"
REFERENCE = {
    method: cases
    for file in ("exact_rank.json", "risk_difference.json")
    for method, cases in json.loads((VALIDATION / file).read_text())["cases"].items()
}
# Where the program's own search is coarser than 1e-6; of the first and second the same equation is also solved to the last digit.
SEARCHED = {"odds_ratio": 1e-2, "mid_p_interval": 1e-3, "risk_difference": 1e-5, "risk_difference_two_sided": 1e-5}


def numbers(found) -> list[float]:
    """What a result holds, in the order in which the R script prints it."""
    if isinstance(found, Test):
        return [found.p.value]
    if isinstance(found, Interval):
        return [inf if limit is None else limit for limit in (found.low, found.estimate, found.high)]
    if isinstance(found, Belief):
        return [found.probability]
    if isinstance(found, Posterior):
        return [found.low, found.high]
    if isinstance(found, WinComparison):
        return [found.test.p.value]
    raise AssertionError(found)


def with_statistic(found: Test) -> list[float]:
    return [found.statistic, found.p.value]


def limits(found: Interval) -> list[float]:
    low, _, high = numbers(found)
    return [low, high]


OURS = {
    "fisher": lambda a, n, b, m: numbers(fisher(a, n, b, m)),
    "boschloo": lambda a, n, b, m: numbers(boschloo(a, n, b, m)),
    "barnard": lambda a, n, b, m: numbers(barnard(a, n, b, m)),
    "odds_ratio": lambda a, n, b, m: numbers(odds_ratio(a, n, b, m)),
    "odds_ratio_solved": lambda a, n, b, m: numbers(odds_ratio(a, n, b, m)),
    "risk_difference": lambda a, n, b, m: limits(risk_difference(a, n, b, m)),
    "risk_difference_two_sided": lambda a, n, b, m: limits(risk_difference_two_sided(a, n, b, m)),
    "mcnemar": lambda g, l: numbers(mcnemar(g, l)),  # noqa: E741  # the script's own names
    "mcnemar_mid_p": lambda g, l: numbers(mcnemar_mid_p(g, l)),  # noqa: E741  # the script's own names
    "mcnemar_odds_ratio": lambda g, l: numbers(mcnemar_odds_ratio(g, l)),  # noqa: E741  # the script's own names
    "clopper_pearson": lambda x, n: limits(clopper_pearson(x, n)),
    "mid_p_interval": lambda x, n: limits(mid_p_interval(x, n)),
    "mid_p_interval_solved": lambda x, n: limits(mid_p_interval(x, n)),
    "coverage_exact": lambda p, n: [coverage_at(clopper_pearson, p, n)],
    "coverage_wilson": lambda p, n: [coverage_at(wilson, p, n)],
    "signed_rank_level": lambda n, q: [signed_rank_level(n).true],
    "rank_sum_level": lambda n, m, q: [rank_sum_level(n, m).true],
    "wilson": lambda x, n: limits(wilson(x, n)),
    "poisson_rate": lambda x, t: numbers(poisson_rate(x, t)),
    "poisson_rate_upper": lambda x, t: numbers(poisson_rate_upper(x, t))[2:],
    "poisson_ratio": lambda x, t, y, u: numbers(poisson_ratio(x, t, y, u)),
    "compare_poisson": lambda x, t, y, u: numbers(compare_poisson(x, t, y, u)),
    "wilcoxon": lambda d: numbers(wilcoxon_signed_rank(d)),
    "pratt": lambda d: numbers(pratt_signed_rank(d)),
    "mann_whitney": lambda x, y: numbers(mann_whitney(x, y)),
    "hodges_lehmann_one": lambda d: numbers(hodges_lehmann.one_sample(d)),
    "hodges_lehmann_two": lambda x, y: numbers(hodges_lehmann.two_sample(x, y)),
    "friedman": lambda m: numbers(friedman(m)),
    "friedman_asymptotic": lambda m: with_statistic(friedman_asymptotic(m)),
    "cochran_q": lambda m: numbers(cochran_q(m)),
    "cochran_q_asymptotic": lambda m: with_statistic(cochran_q_asymptotic(m)),
    "sign_flip": lambda d: numbers(sign_flip(d)),
    "sign_flip_interval": lambda d, level: numbers(sign_flip_interval(d, level)),
    "brunner_munzel": lambda x, y: with_statistic(bm.brunner_munzel(x, y)) + numbers(bm.brunner_munzel_effect(x, y)),
    "brunner_munzel_permutation": lambda x, y: numbers(bm.brunner_munzel_permutation(x, y)),
    "compare_wins": lambda x, y: numbers(compare_wins(x, y)),
    "posterior": lambda x, n, a, b: numbers(posterior(x, n, Beta(events=a, none=b))),
    "rate_above": lambda x, n, a, b, limit: numbers(rate_above(limit, x, n, Beta(events=a, none=b))),
    "first_exceeds_second": lambda x, n, y, m, a: numbers(first_exceeds_second(x, n, y, m, Beta(events=a, none=a))),
    "predicted_at_least": lambda k, further, x, n, a, b: numbers(predicted_at_least(k, further, x, n, Beta(events=a, none=b))),
}
CASES = [(method, case) for method, cases in REFERENCE.items() for case in cases]


def as_lists(value):
    """R writes a vector of one as a number; a group of one participant is still a group."""
    return {
        key: [entry] if key in "xy" and not isinstance(entry, list) and "d" not in value else entry for key, entry in value.items()
    }


@pytest.mark.parametrize(("method", "case"), CASES, ids=[f"{method}-{case['by']}" for method, case in CASES])
def test_agrees_with_an_independent_program(method, case):
    grouped = method in ("mann_whitney", "brunner_munzel", "brunner_munzel_permutation", "hodges_lehmann_two")
    found = OURS[method](**(as_lists(case["input"]) if grouped else case["input"]))
    expected = [float(value.lower()) if isinstance(value, str) else value for value in case["output"]]
    assert found == pytest.approx(expected, rel=SEARCHED.get(method, 1e-6), abs=1e-12)


def test_at_least_seventy_numbers_come_from_other_programs():
    assert sum(len(case["output"]) for _, case in CASES) >= 70
    assert {method for method, _ in CASES} == set(OURS)


def test_mcnemar_by_hand():
    """Seven gained, one lost: 2 (C(8,0) + C(8,1)) / 256 = 18/256; mid-p takes one C(8,1) away: 10/256."""
    assert numbers(mcnemar(7, 1)) == [18 / 256]
    assert numbers(mcnemar_mid_p(7, 1)) == [10 / 256]


def test_six_changes_in_one_direction_are_the_fewest_that_reach_a_twentieth():
    assert mcnemar(5, 0).p.value > 0.05 > mcnemar(6, 0).p.value == mcnemar(6, 0).p.smallest


def test_friedman_counts_what_enumeration_counts():
    """Every order of three participants on three occasions: 6^3 = 216."""
    table = [(1.0, 2.0, 2.0), (3.0, 1.0, 5.0), (4.0, 6.0, 9.0)]
    ranks = [(2, 5, 5), (4, 2, 6), (2, 4, 6)]
    sums = [sum(sum(column) ** 2 for column in zip(*rows, strict=True)) for rows in product(*map(permutations, ranks))]
    assert isclose(friedman(table).p.value, sum(s >= sums[0] for s in sums) / 216)


def test_a_sampled_friedman_lies_within_its_error_of_the_exact_one():
    table = np.random.default_rng(3).normal(size=(8, 3)).tolist()
    sampled, exact = friedman_sampled(table, np.random.default_rng(4), 20_000), friedman(table)
    assert abs(sampled.p.value - exact.p.value) < 4 * sampled.p.monte_carlo_error


def test_cochran_of_two_occasions_is_mcnemar():
    """Two columns: Q exceeds its value exactly when the split is as uneven, in either direction."""
    answers = [(0, 1)] * 7 + [(1, 0)] * 2 + [(1, 1)] * 3
    assert isclose(cochran_q(answers).p.value, mcnemar(7, 2).p.value)


def test_sign_flip_interval_holds_the_shifts_that_the_test_keeps():
    differences = [3.1, -0.4, 2.2, 5.0, 1.7, 0.9, -1.3, 4.4]
    found = sign_flip_interval(differences)
    alpha = 1 - found.level
    for limit, inwards in ((found.low, 1e-6), (found.high, -1e-6)):
        assert sign_flip([d - limit - inwards for d in differences]).p.value > alpha
        assert sign_flip([d - limit + inwards for d in differences]).p.value <= alpha


def test_a_sampled_sign_flip_lies_within_its_error_of_the_exact_one():
    differences = np.random.default_rng(5).normal(0.4, 1, 15).tolist()
    sampled, exact = sign_flip_sampled(differences, np.random.default_rng(6)), sign_flip(differences)
    assert abs(sampled.p.value - exact.p.value) < 4 * sampled.p.monte_carlo_error


def test_nine_changes_cannot_be_flipped_below_two_of_512():
    found = sign_flip([1.0] * 9)
    assert found.p.value == found.p.smallest == 2 / 512


@given(st.integers(1, 8), st.integers(1, 8), st.data())
@settings(max_examples=6, deadline=None)
def test_a_risk_difference_mirrors_when_the_groups_change_places(n, m, data):
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    here, there = risk_difference(a, n, b, m), risk_difference(b, m, a, n)
    assert (here.low, here.high) == pytest.approx((-there.high, -there.low), abs=1e-9)
    assert here.low <= here.estimate <= here.high


def test_a_risk_difference_agrees_with_exact2x2_to_a_millionth_where_its_grid_is_fine():
    """exact2x2 1.7.0, 7/10 v 2/10, nPgrid = 10,000, nCIgrid = 100, power2 = 30: three minutes for these two limits."""
    assert limits(risk_difference(7, 10, 2, 10)) == pytest.approx([0.0179082587963, 0.8268570616616], rel=1e-6)


@pytest.mark.parametrize("table", [(10, 10, 6, 10), (7, 10, 2, 10), (5, 9, 1, 10), (4, 10, 3, 10)])
def test_the_two_sided_risk_difference_leaves_zero_out_when_barnard_rejects(table):
    found = risk_difference_two_sided(*table)
    assert (found.low > 0 or found.high < 0) == (barnard(*table).p.value <= 0.05)


def test_no_event_in_either_group_of_ten_still_leaves_the_rates_31_points_apart():
    """The worst case has no event in the one group: 1 - .025^(1/10)."""
    assert risk_difference(0, 10, 0, 10).high == pytest.approx(1 - 0.025**0.1, abs=1e-9)


def test_nothing_in_sixty_person_months_by_hand():
    """Two-sided -ln(.025)/60, one-sided -ln(.05)/60."""
    assert poisson_rate(0, 60).high == pytest.approx(3.6888794541 / 60)
    assert poisson_rate_upper(0, 60).high == pytest.approx(2.9957322736 / 60)


def test_without_an_event_in_the_second_group_a_ratio_is_infinite_and_json_says_nothing_false():
    found = poisson_ratio(3, 50, 0, 48)
    assert found.estimate == inf
    assert found.low > 0
    assert found.high is None
    assert plain(found)["estimate"] is None


def test_wins_by_hand():
    """First outcome decides 1 > 0 in 2 x 1 pairs; the others compare the second: 5 > 4 and 5 > 2 won, 3 < 4 lost."""
    found = compare_wins([(1, 5), (1, 3), (0, 4)], [(1, 4), (1, 2), (0, 4)])
    assert (found.wins, found.losses, found.ties) == (2 + 1 + 2, 1 + 2, 1)
    assert found.net_benefit == pytest.approx((5 - 3) / 9)
    assert found.win_ratio == pytest.approx(5 / 3)


def test_on_one_outcome_without_ties_wins_are_mann_whitney():
    first, second = [5.0, 7.5, 9.1, 4.2], [1.0, 6.6, 3.3]
    found = compare_wins([[v] for v in first], [[v] for v in second])
    assert found.test.p.value == pytest.approx(mann_whitney(first, second).p.value)
    assert found.wins == mann_whitney(first, second).statistic


def test_a_difference_within_the_margin_passes_to_the_next_outcome():
    found = compare_wins([(10.0, 2.0)], [(9.5, 3.0)], margins=(1.0, 0.0))
    assert (found.wins, found.losses) == (0, 1)


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
@settings(max_examples=30)
def test_one_posterior_exceeds_another_as_the_closed_form_counts(a, b, c, d):
    """Beta(c + 1, d + 1) is the c + 1st of c + d + 1 uniform values: it lies below X when at least c + 1 of them do."""
    x, y, uniforms = Beta(events=a + 1, none=b + 1), Beta(events=c + 1, none=d + 1), c + d + 1
    below = [
        comb(uniforms, k) * beta_of(x.events + k, x.none + uniforms - k) / beta_of(x.events, x.none)
        for k in range(c + 1, uniforms + 1)
    ]
    assert chance_greater(x, y) == pytest.approx(sum(below), rel=1e-9)


def beta_of(a: float, b: float) -> float:
    """The beta function of whole numbers: (a-1)! (b-1)! / (a+b-1)!."""
    return 1 / (a * comb(int(a + b - 1), int(a)))


def test_every_bayesian_statement_shows_its_prior():
    for found in (
        posterior(3, 9),
        rate_above(0.2, 2, 5, UNIFORM),
        first_exceeds_second(3, 9, 4, 9),
        predicted_at_least(1, 5, 0, 5),
    ):
        prior = "Beta(1, 1)" if found.statement.en.startswith("2 of 5") else "Beta(0.5, 0.5)"
        assert prior in found.statement.en
        assert prior in found.statement.fa


def test_two_priors_are_both_named():
    found = first_exceeds_second(3, 9, 4, 9, JEFFREYS, UNIFORM)
    assert "Beta(0.5, 0.5) and Beta(1, 1)" in found.statement.en


def test_tables_of_all_outcomes_hold_what_the_single_tests_give():
    fishers, boschloos = fisher_table(6, 7), boschloo_table(6, 7)
    for a, b in product(range(7), range(8)):
        assert fishers[a, b] == fisher(a, 6, b, 7).p.value
        assert boschloos[a, b] == pytest.approx(boschloo(a, 6, b, 7).p.value, rel=1e-12)


def test_many_trials_at_once_give_the_p_of_each_with_and_without_ties():
    rng = np.random.default_rng(7)
    first, second = rng.normal(size=(40, 6)), rng.normal(size=(40, 5))
    first[20:], second[20:] = np.round(first[20:]), np.round(second[20:])
    together = mann_whitney_p_values(first, second)
    for x, y, p in zip(first.tolist(), second.tolist(), together, strict=True):
        alone = mann_whitney(x, y)
        assert isclose(alone.p.value, p) if isinstance(alone, Test) else np.isnan(p)


def test_coverage_of_one_participant_by_hand():
    """0 of 1 holds 0 to .975, 1 of 1 holds .025 to 1. Beside .025: 1 - .025 at worst; average 2 (.975 - .975^2 / 2)."""
    found = proportion_coverage(clopper_pearson, 1)
    assert found.lowest == pytest.approx(0.975, abs=1e-6)
    assert found.average == pytest.approx(2 * (0.975 - 0.975**2 / 2))


def test_lowest_coverage_agrees_with_a_fine_grid_in_r():
    """200,001 rates with R's binom.confint at n = 10: exact .96102 at .3475, mean .98375; Wilson .83497 at .98213, mean .95408."""
    exact, score = proportion_coverage(clopper_pearson, 10), proportion_coverage(wilson, 10)
    assert (exact.lowest, exact.average) == pytest.approx((0.96102132, 0.98375187), abs=1e-4)
    assert (score.lowest, score.average) == pytest.approx((0.83496687, 0.95407899), abs=1e-4)
    assert score.worst_rate in (pytest.approx(0.98213, abs=1e-4), pytest.approx(1 - 0.98213, abs=1e-4))


def test_boschloo_uses_more_of_its_level_than_fisher_at_ten_against_ten():
    fishers, boschloos = table_level(fisher_table(10, 10)), table_level(boschloo_table(10, 10))
    assert fishers.true == pytest.approx(0.0128, abs=5e-5)
    assert fishers.true < boschloos.true <= 0.05
    assert "1.28%" in fishers.statement.en


def test_five_pairs_and_three_against_three_can_never_reject():
    assert signed_rank_level(5).true == rank_sum_level(3, 3).true == 0.0


def test_large_numbers_do_not_break_a_proportion():
    """Normal theory is near at 2,000: .5 +- 1.96 sqrt(.25/2000) = .478 to .522."""
    found = clopper_pearson(1000, 2000)
    assert (found.low, found.high) == pytest.approx((0.478, 0.522), abs=5e-4)
    assert 0 < fisher(500, 800, 300, 900).p.value < 1e-30


@pytest.mark.parametrize(
    "found",
    [
        mcnemar(0, 0),
        mcnemar(-1, 2),
        mcnemar_odds_ratio(0, 0),
        friedman([(1.0, 2.0)]),
        friedman([(1.0, 1.0), (2.0, 2.0)]),
        friedman([(1.0, 2.0), (1.0,)]),
        friedman([(1.0, float("nan")), (2.0, 3.0)]),
        friedman([list(range(9))] * 9),
        friedman([[0.0] * 6 + [1.0]] * 300),
        cochran_q([]),
        cochran_q([(1, 1), (0, 0)]),
        cochran_q([(1, 0), (float("nan"), 1)]),
        cochran_q_asymptotic([(1,)]),
        sign_flip([1.0]),
        sign_flip([0.0, 0.0]),
        sign_flip([1.0, float("inf")]),
        sign_flip(list(range(30))),
        sign_flip_interval([1.0, 2.0], 95),
        bm.brunner_munzel([], [1.0, 2.0]),
        bm.brunner_munzel([1.0], [1.0, 2.0]),
        bm.brunner_munzel([1.0, 1.0], [1.0, 1.0]),
        bm.brunner_munzel([1.0, 2.0], [3.0, 4.0]),
        bm.brunner_munzel_permutation([1.0, 2.0], [float("nan"), 4.0]),
        bm.brunner_munzel_permutation(list(range(20)), list(range(20))),
        wilson(0, 0),
        mid_p_interval(4, 3),
        clopper_pearson(1, 3, 95),
        zero_of_n(0),
        poisson_rate(1, 0.0),
        poisson_rate(-1, 3.0),
        poisson_ratio(0, 1.0, 0, 1.0),
        compare_poisson(0, 1.0, 0, 1.0),
        odds_ratio(0, 5, 0, 5),
        odds_ratio(6, 5, 0, 5),
        risk_difference(0, 0, 1, 5),
        risk_difference(1, 150, 1, 150),
        boschloo(1, 200, 1, 200),
        risk_difference_two_sided(1, 5, 9, 5),
        compare_wins([], [(1,)]),
        compare_wins([(1, 2)], [(1,)]),
        compare_wins([(1.0,)], [(1.0,)]),
        posterior(1, 0),
        posterior(1, 3, Beta(events=0, none=1)),
        predicted_at_least(1, 0, 1, 3),
        mann_whitney(np.array([]), np.array([1.0])),
    ],
)
def test_impossible_input_gives_a_sentence_in_both_languages(found):
    assert isinstance(found, NotEstimable), found
    assert found.reason.en.endswith(".")
    assert found.reason.fa.endswith(".")
