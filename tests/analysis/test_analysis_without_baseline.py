"""Endpoints that have no value before treatment: the values themselves are compared, over the trial's own allocation."""

import numpy as np

from trialwright.analysis.methods.allocation_lists import permuted_block_lists, unrestricted_lists
from trialwright.analysis.methods.rerandomisation import Rerandomisation, rerandomisation_test
from trialwright.analysis.methods.result import NotEstimable

RNG = np.random.default_rng(1)


def test_four_people_by_hand() -> None:
    """Values 10, 11 against 1, 2. Of the 6 ways of treating two of four, the observed one and its mirror differ by 9, the others by
    1 (10, 1 against 11, 2: -1), 0 or less: p = 2/6."""
    found = rerandomisation_test([10, 11, 1, 2], None, unrestricted_lists([1, 1, 0, 0], rng=RNG))
    assert isinstance(found, Rerandomisation)
    assert found.test.p.value == 2 / 6
    assert found.interval.estimate == 9.0


def test_a_yes_or_no_in_blocks_by_hand() -> None:
    """Two blocks of two, both treated say yes and both others no: 4 lists, the observed one and its mirror are as extreme: 2/4."""
    found = rerandomisation_test([1, 0, 0, 1], None, permuted_block_lists([1, 0, 0, 1], [2, 2], rng=RNG))
    assert isinstance(found, Rerandomisation)
    assert found.test.p.value == 2 / 4
    assert found.interval.estimate == 1.0


def test_the_same_value_in_everyone_is_refused() -> None:
    found = rerandomisation_test([1, 1, 1, 1], None, unrestricted_lists([1, 1, 0, 0], rng=RNG))
    assert isinstance(found, NotEstimable)
    assert "same value" in found.reason.en


def test_a_baseline_that_does_not_vary_is_still_refused() -> None:
    found = rerandomisation_test([10, 11, 1, 2], [5, 5, 5, 5], unrestricted_lists([1, 1, 0, 0], rng=RNG))
    assert isinstance(found, NotEstimable)
    assert "cannot be adjusted for" in found.reason.en
