"""Allocation procedures as laws, re-randomisation over each of them, and guessing, against randomizeR, R refits and hand counts."""

import json
from collections import Counter
from fractions import Fraction
from itertools import product
from math import comb
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.analysis.methods import refit
from trialwright.analysis.methods.allocation_lists import (
    AllocationListError,
    ReferenceSet,
    permuted_block_lists,
    unrestricted_lists,
)
from trialwright.analysis.methods.guessing import guess_minimisation, guess_procedure, guess_strata
from trialwright.analysis.methods.minimisation_lists import (
    chances_of_first,
    draw_minimisation,
    enumerate_minimisation,
    minimisation_lists,
)
from trialwright.analysis.methods.rerandomisation import Rerandomisation, rerandomisation_test
from trialwright.analysis.methods.rerandomisation_refit import refit_test
from trialwright.analysis.methods.result import NotEstimable
from trialwright.analysis.methods.sequential_lists import draw_procedure, enumerate_procedure, procedure_lists
from trialwright.analysis.methods.stratified_lists import stratified_lists
from trialwright.study.allocation_procedures import (
    BigStick,
    FairCoin,
    MaximalProcedure,
    Minimisation,
    PermutedBlocks,
    TwoArmProcedure,
    chance_of_list,
)

R = json.loads((Path(__file__).parents[2] / "validation" / "allocation.json").read_text())
DATA, RNG = R["data"], np.random.default_rng(0)
PROFILES = list(zip(DATA["sex"], DATA["class"], strict=True))
EIGHTY = Minimisation(arms=2, preferred=Fraction(4, 5), weights=(Fraction(1), Fraction(1)))
CERTAIN = Minimisation(arms=2, preferred=Fraction(1), weights=(Fraction(1),))
THREE = Minimisation(arms=3, preferred=Fraction(7, 10), weights=(Fraction(1),))
STATISTICS = {
    "coefficient": refit.COEFFICIENT,
    "student_t": refit.STUDENT_T,
    "hc2_t": refit.HC2_T,
    "hc2_p": refit.HC2_P,
    "hc3_t": refit.HC3_T,
    "rank_sum": refit.RANK_SUM,
}


def procedure_of(case: dict) -> TwoArmProcedure:
    slots, parameter = case["slots"], case["parameter"]
    return {
        "maximal": lambda: MaximalProcedure(slots=slots, largest_lead=parameter),
        "big_stick": lambda: BigStick(largest_lead=parameter),
        "blocks": lambda: PermutedBlocks(sizes=(parameter,) * (slots // parameter)),
        "coin": FairCoin,
    }[case["procedure"]]()


def reference_of(name: str) -> ReferenceSet:
    arm = DATA["arm"]
    if name == "minimised_80":
        return minimisation_lists(arm, PROFILES, EIGHTY, rng=RNG)
    procedure = BigStick(largest_lead=2) if name == "big_stick_2" else MaximalProcedure(slots=12, largest_lead=2)
    return procedure_lists(arm, procedure, rng=RNG)


REFERENCES = {name: reference_of(name) for name in ("big_stick_2", "maximal_2", "minimised_80")}


def as_result(found: Rerandomisation | NotEstimable) -> Rerandomisation:
    assert isinstance(found, Rerandomisation), found
    return found


@pytest.mark.parametrize("case", R["laws"])
def test_lists_chances_and_guessing_agree_with_randomizer(case):
    procedure = procedure_of(case)
    counted = enumerate_procedure(procedure, case["slots"])
    assert counted is not None
    lists, chances = counted
    assert len(lists) == len(np.unique(lists, axis=0)) == case["lists"]
    assert [chances.sum(), chances.min(), chances.max()] == pytest.approx([1, case["least"], case["most"]], rel=1e-9)
    assert float(chance_of_list(procedure, [int(arm) for arm in case["first"]])) == pytest.approx(case["first_chance"], rel=1e-12)
    assert guess_procedure(procedure, case["slots"]).right == pytest.approx(case["guessed"], rel=1e-9)


@given(st.integers(1, 15))
def test_the_maximal_procedure_has_as_many_lists_as_closed_forms_say(half):
    """A lead of 1 leaves blocks of two, 2^half lists. A lead of `half` forbids nothing: C(2 half, half).

    With 2, the lead after an odd slot is 1 or -1. From 1 two more slots reach 1 in two ways (over 0 or over 2) and -1 in
    one, so each pair of slots triples the number: 2 x 3^(half - 1).
    """
    counts = [MaximalProcedure(slots=2 * half, largest_lead=lead).lists for lead in (1, 2, half)]
    assert counts == [2**half, 2 * 3 ** (half - 1), comb(2 * half, half)]


@given(st.integers(1, 4), st.integers(1, 5))
def test_the_maximal_procedure_is_uniform_over_every_admissible_list(lead, half):
    procedure = MaximalProcedure(slots=2 * half, largest_lead=lead)
    for arms in product((0, 1), repeat=2 * half):
        leads = [2 * sum(arms[:done]) - done for done in range(2 * half + 1)]
        admissible = leads[-1] == 0 and max(map(abs, leads)) <= lead
        assert chance_of_list(procedure, arms) == (Fraction(1, procedure.lists) if admissible else 0)


@given(st.integers(1, 4), st.integers(1, 14), st.integers(0, 10_000))
def test_the_tolerated_lead_is_never_exceeded(lead, slots, seed):
    procedures: list[TwoArmProcedure] = [BigStick(largest_lead=lead)]
    if slots % 2 == 0:
        procedures.append(MaximalProcedure(slots=slots, largest_lead=lead))
    for procedure in procedures:
        steps = 2 * draw_procedure(procedure, slots, 50, np.random.default_rng(seed)).astype(int) - 1
        assert np.abs(steps.cumsum(axis=1)).max() <= lead


def test_drawn_lists_come_as_often_as_their_chances_say():
    """40,000 lists of four slots; each frequency within five standard errors of its exact chance."""
    profiles, number = PROFILES[:4], 40_000
    procedure = BigStick(largest_lead=1)
    for drawn, counted in (
        (draw_procedure(procedure, 4, number, np.random.default_rng(3)), enumerate_procedure(procedure, 4)),
        (draw_minimisation(profiles, EIGHTY, number, np.random.default_rng(4)), enumerate_minimisation(profiles, EIGHTY)),
    ):
        assert counted is not None
        seen = Counter(map(tuple, drawn.tolist()))
        for arms, chance in zip(counted[0].tolist(), counted[1], strict=True):
            assert abs(seen[tuple(arms)] / number - chance) < 5 * (chance * (1 - chance) / number) ** 0.5 + 1e-12


def test_minimisation_by_hand():
    """Three came: (f, 3) to the first arm, (f, 4) to the second, (m, 4) to the second; the fourth is (m, 3).

    m: 0 and 1; 3: 1 and 0. In the first arm the ranges are |1 - 1| + |2 - 0| = 2; in the second |0 - 2| + |1 - 1| = 2: a tie. A
    fourth (m, 4) finds m 0 and 1, 4 0 and 2: 0 + 1 in the first arm, 2 + 3 in the second.
    """
    before = [(("f", "3"), 0), (("f", "4"), 1), (("m", "4"), 1)]
    assert EIGHTY.imbalances(("m", "3"), before) == (2, 2)
    assert EIGHTY.chances(("m", "3"), before) == (Fraction(1, 2), Fraction(1, 2))
    assert EIGHTY.chance_of_first([-1, 1]) == Fraction(1, 2)
    assert EIGHTY.imbalances(("m", "4"), before) == (1, 5)
    assert EIGHTY.chances(("m", "4"), before) == (Fraction(4, 5), Fraction(1, 5))
    assert EIGHTY.chance_of_first([-1, -2]) == Fraction(4, 5)


def test_minimisation_of_three_arms_shares_the_rest_and_the_ties():
    """One (f) in the first arm: a second (f) leaves ranges 2, 1, 1. Two tie for the .7 and a .15: (.7 + .15) / 2 each."""
    assert THREE.chances(("f",), [(("f",), 0)]) == (Fraction(3, 20), Fraction(17, 40), Fraction(17, 40))
    assert THREE.chances(("f",), []) == (Fraction(1, 3),) * 3


@given(st.integers(0, 10_000), st.sampled_from([Fraction(1, 2), Fraction(2, 3), Fraction(1)]))
def test_the_counted_chances_of_minimisation_are_products_of_its_law(seed, preferred):
    rng = Random(seed)
    profiles = [(rng.choice("ab"), rng.choice("xyz")) for _ in range(7)]
    law = Minimisation(arms=2, preferred=preferred, weights=(Fraction(1), Fraction(1, 3)))
    counted = enumerate_minimisation(profiles, law)
    assert counted is not None
    assert counted[1].sum() == pytest.approx(1)
    place = rng.randrange(len(counted[0]))
    arms, chance = counted[0][place].tolist(), Fraction(1)
    for done, arm in enumerate(arms):
        before = [(profiles[i], 1 - arms[i]) for i in range(done)]  # the first arm is number 0 of the law and 1 in a list
        chance *= law.chances(profiles[done], before)[1 - arm]
    assert counted[1][place] == pytest.approx(float(chance))


@pytest.mark.parametrize("case", R["tests"], ids=lambda case: f"{case['procedure']}-{case['statistic']}")
def test_rerandomisation_agrees_with_refitting_each_list_in_r(case):
    reference, statistic = REFERENCES[case["procedure"]], STATISTICS[case["statistic"]]
    assert len(reference.lists) == case["lists"]
    for side in ("two_sided", "less", "greater"):
        if side in case:
            found = as_result(refit_test(DATA["later"], DATA["baseline"], reference, statistic, alternative=side))
            assert found.test.p.value == pytest.approx(case[side], rel=1e-9)
    if "with_missing" in case:
        later = [float("nan") if slot in DATA["missing"] else y for slot, y in enumerate(DATA["later"], start=1)]
        found = as_result(refit_test(later, DATA["baseline"], reference, statistic))
        assert found.test.participants == 10
        assert found.test.p.value == pytest.approx(case["with_missing"], rel=1e-9)


@pytest.mark.parametrize(
    ("kept", "procedure", "statistic", "alternative"),
    [
        ("hc2_t", "maximal_2", refit.HC2_T, "two_sided"),
        ("rank_sum", "minimised_80", refit.RANK_SUM, "two_sided"),
        ("less", "big_stick_2", refit.STUDENT_T, "less"),
    ],
)
def test_the_interval_holds_exactly_the_effects_that_r_does_not_reject(kept, procedure, statistic, alternative):
    found = refit_test(DATA["later"], DATA["baseline"], REFERENCES[procedure], statistic, alternative=alternative)
    interval = as_result(found).interval
    low, high = interval.low if interval.low is not None else -np.inf, interval.high if interval.high is not None else np.inf
    for case in R["effects"]:
        assert (low <= case["effect"] <= high) == (case[kept] > 0.05), case


def test_comparing_without_adjustment_agrees_with_coin():
    reference, p = unrestricted_lists(DATA["arm"], rng=RNG), R["permutation"]
    mean = as_result(refit_test(DATA["later"], None, reference, refit.COEFFICIENT))
    less = as_result(refit_test(DATA["later"], None, reference, refit.COEFFICIENT, alternative="less"))
    ranks = as_result(refit_test(DATA["later"], None, reference, refit.RANK_SUM))
    ours = [mean.test.p.value, less.test.p.value, ranks.test.p.value]
    assert ours == pytest.approx([p["mean_two"], p["mean_less"], p["rank_two"]], rel=1e-9)
    treated = [y for y, arm in zip(DATA["later"], DATA["arm"], strict=True) if arm]
    others = [y for y, arm in zip(DATA["later"], DATA["arm"], strict=True) if not arm]
    assert mean.interval.estimate == pytest.approx(np.mean(treated) - np.mean(others))


@given(st.integers(0, 10_000))
def test_the_classical_t_gives_what_the_closed_form_gives(seed):
    rng = np.random.default_rng(seed)
    reference = permuted_block_lists([1, 0, 0, 1, 0, 1, 1, 0, 1, 0], [4, 4, 2], rng=rng)
    baseline, outcome = rng.normal(size=10), rng.normal(size=10)
    closed = as_result(rerandomisation_test(outcome, baseline, reference))
    tried = as_result(refit_test(outcome, baseline, reference, refit.STUDENT_T))
    assert tried.test.p.value == pytest.approx(closed.test.p.value, rel=1e-12)
    assert tried.interval.estimate == pytest.approx(closed.interval.estimate, rel=1e-9)
    for ours, theirs in ((tried.interval.low, closed.interval.low), (tried.interval.high, closed.interval.high)):
        assert (ours is None) == (theirs is None)
        assert ours is None or ours == pytest.approx(theirs, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
@given(seed=st.integers(0, 10_000))
def test_where_no_p_can_reach_the_level_the_interval_has_no_limit(statistic, seed):
    """Two blocks of four: 36 lists, and the observed one with its mirror image are 2 of 36 = .056, however large the effect."""
    rng = np.random.default_rng(seed)
    reference = permuted_block_lists([1, 0, 0, 1, 0, 1, 1, 0], [4, 4], rng=rng)
    baseline, outcome = (rng.normal(size=8) * 10 ** rng.uniform(-3, 3) for _ in range(2))
    interval = as_result(refit_test(outcome, baseline, reference, statistic)).interval
    assert (interval.low, interval.high) == (None, None)


def test_a_sampled_set_gives_the_same_p_within_its_error_and_never_zero(monkeypatch):
    monkeypatch.setattr("trialwright.analysis.methods.allocation_lists.LARGEST_ENUMERATION", 10)
    rng = np.random.default_rng(11)
    sampled = {
        "big_stick_2": procedure_lists(DATA["arm"], BigStick(largest_lead=2), rng=rng),
        "minimised_80": minimisation_lists(DATA["arm"], PROFILES, EIGHTY, rng=rng),
    }
    for name, reference in sampled.items():
        assert not reference.enumerated
        p = as_result(refit_test(DATA["later"], DATA["baseline"], reference, refit.HC3_T)).test.p
        counted = next(c for c in R["tests"] if c["procedure"] == name and c["statistic"] == "hc3_t")["two_sided"]
        assert p.monte_carlo_error is not None
        assert abs(p.value - counted) < 5 * p.monte_carlo_error
        far = as_result(refit_test(np.array(DATA["arm"]) * 9.0 + DATA["later"], None, reference, refit.COEFFICIENT)).test.p
        assert far.value >= 1 / len(reference.lists)


def test_strata_combine_their_lists():
    """Two of one block of two in one stratum, four of a maximal procedure with a lead of 1 in the other: 2 x 4 lists, all alike."""
    observed, strata = [1, 1, 0, 0, 1, 0], ["a", "b", "a", "b", "b", "b"]
    laws = {"a": PermutedBlocks(sizes=(2,)), "b": MaximalProcedure(slots=4, largest_lead=1)}
    found = stratified_lists(observed, strata, lambda one, own: procedure_lists(own, laws[one], rng=RNG), rng=RNG)
    assert found.enumerated
    assert found.lists[0].tolist() == observed
    assert len(np.unique(found.lists, axis=0)) == len(found.lists) == 8
    assert found.weights == pytest.approx(np.full(8, 1 / 8))
    in_b = found.lists[:, [1, 3, 4, 5]]
    assert (found.lists[:, 0] + found.lists[:, 2] == 1).all()
    assert (in_b[:, 0] + in_b[:, 1] == 1).all()


def test_strata_too_many_to_count_are_drawn_each_by_its_own_law(monkeypatch):
    """A stratum of two by a coin, one of four by one block: lists 11 in the first should be a quarter of the draws."""
    monkeypatch.setattr("trialwright.analysis.methods.allocation_lists.LARGEST_ENUMERATION", 20)
    laws = {"a": FairCoin(), "b": PermutedBlocks(sizes=(4,))}
    observed, strata = [1, 0, 0, 1, 0, 1], ["a", "a", "b", "b", "b", "b"]
    found = stratified_lists(
        observed, strata, lambda one, own: procedure_lists(own, laws[one], rng=RNG), rng=np.random.default_rng(5)
    )
    assert not found.enumerated
    assert (found.lists[:, 2:].sum(axis=1) == 2).all()
    assert abs((found.lists[:, :2].sum(axis=1) == 2).mean() - 0.25) < 5 * (0.25 * 0.75 / len(found.lists)) ** 0.5


def test_guessing_a_minimisation_counts_by_hand():
    """One factor, all alike, preferred arm with chance 1: the arms are level at every second slot, the others are certain."""
    found = guess_minimisation(CERTAIN, [("a",)] * 6)
    assert (found.knowing_levels.right, found.knowing_levels.certain) == (0.75, 3.0)
    assert found.counting_arms.right == 0.75


def test_guessing_a_minimisation_agrees_with_every_list_counted():
    """The list's own chances, slot by slot: the better of the two for who knows the levels, the arm behind for who counts."""
    counted = enumerate_minimisation(PROFILES, EIGHTY)
    assert counted is not None
    knowing = counting = 0.0
    for done in range(len(PROFILES)):
        first = chances_of_first(counted[0][:, :done], PROFILES[: done + 1], EIGHTY)
        lead = 2 * counted[0][:, :done].sum(axis=1, dtype=int) - done
        knowing += counted[1] @ np.maximum(first, 1 - first)
        counting += counted[1] @ np.where(lead == 0, 0.5, np.where(lead < 0, first, 1 - first))
    found = guess_minimisation(EIGHTY, PROFILES)
    assert found.knowing_levels.right == pytest.approx(knowing / 12)
    assert found.counting_arms.right == pytest.approx(counting / 12)
    assert 0.5 <= found.counting_arms.right <= found.knowing_levels.right <= 0.8


def test_twenty_slots_are_guessed_too():
    found = guess_minimisation(EIGHTY, [*PROFILES, *PROFILES[:8]])
    assert found.knowing_levels.slots == 20
    assert found.counting_arms.right <= found.knowing_levels.right


def test_strata_are_guessed_each_on_its_own():
    """Blocks of two in both strata: three quarters right, and every second slot certain."""
    blocks = PermutedBlocks(sizes=(2,) * 5)
    found = guess_strata([guess_procedure(blocks, 6), guess_procedure(blocks, 10)])
    assert (found.slots, found.right, found.certain) == (16, 0.75, 8.0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: procedure_lists([1, 1, 0], BigStick(largest_lead=1), rng=RNG), "Slot 2 .* cannot give there"),
        (lambda: procedure_lists([1, 1, 1, 0], MaximalProcedure(slots=4, largest_lead=2), rng=RNG), "Slot 3"),
        (lambda: procedure_lists([1, 0, 1], PermutedBlocks(sizes=(2,)), rng=RNG), "hold 2 slots"),
        (
            lambda: minimisation_lists([1, 1], [("a",), ("a",)], CERTAIN, rng=RNG),
            "Slot 2",
        ),
        (
            lambda: minimisation_lists([1], [("a",)], THREE, rng=RNG),
            "two arms",
        ),
        (lambda: minimisation_lists([1, 0], [("a",)], EIGHTY, rng=RNG), "one for each slot"),
        (lambda: stratified_lists([1, 0], ["a"], lambda _, own: unrestricted_lists(own, rng=RNG), rng=RNG), "one stratum"),
    ],
)
def test_a_list_that_the_procedure_cannot_have_drawn_is_refused(make, said):
    with pytest.raises(AllocationListError, match=said):
        make()


NAN = float("nan")


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
@pytest.mark.parametrize(
    ("outcome", "arm"),
    [
        ([1.0], [1]),
        ([NAN] * 6, [1, 0] * 3),
        ([2.0] * 6, [1, 0] * 3),
        ([1.0, 2.0, 4.0, 3.0], [1] * 4),
        ([1.0, NAN, 3.0, NAN], [1, 0, 1, 0]),
    ],
    ids=["one participant", "all missing", "constant", "empty arm", "arm without values"],
)
@pytest.mark.parametrize("adjusted", [True, False])
def test_impossible_input_gives_a_sentence_and_no_number(statistic, outcome, arm, adjusted):
    baseline = [0.3, 1.2, 0.7, 2.5, 0.1, 1.9][: len(arm)] if adjusted else None
    found = refit_test(outcome, baseline, unrestricted_lists(arm, rng=RNG), statistic)
    assert isinstance(found, NotEstimable)
    assert found.reason.en.endswith(".")
    assert found.reason.fa.endswith(".")


@pytest.mark.parametrize("statistic", [refit.HC2_T, refit.HC2_P, refit.HC3_T, refit.STUDENT_T])
def test_values_explained_exactly_or_by_one_participant_give_a_sentence(statistic):
    exact = refit_test(
        [1.0, 2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0], unrestricted_lists([1, 0, 1, 0, 1], rng=RNG), statistic
    )
    assert isinstance(exact, NotEstimable)
    if statistic is not refit.STUDENT_T:
        alone = refit_test([1.0, 2.0, 4.0, 3.0], None, unrestricted_lists([1, 0, 0, 0], rng=RNG), statistic)
        assert isinstance(alone, NotEstimable)
