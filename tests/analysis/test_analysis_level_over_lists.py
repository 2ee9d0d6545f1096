"""The true level of approximate tests over the lists, against fitting each list one by one; coverage of Kaplan-Meier limits."""

import json
from pathlib import Path

import numpy as np
import pytest

from trialwright.analysis.methods import refit
from trialwright.analysis.methods.allocation_lists import permuted_block_lists, unrestricted_lists
from trialwright.analysis.methods.ancova import Ancova, ancova, ancova_hc2, ancova_hc3
from trialwright.analysis.methods.follow_up import FollowUp, read_follow_up
from trialwright.analysis.methods.level_over_lists import (
    log_rank_level,
    survival_exact_coverage,
    survival_log_log_coverage,
    t_level,
)
from trialwright.analysis.methods.log_rank import LogRank, log_rank
from trialwright.analysis.methods.result import NotEstimable
from trialwright.analysis.methods.sequential_lists import procedure_lists
from trialwright.analysis.methods.true_level import Level
from trialwright.study.allocation_procedures import BigStick

FOLDER = Path(__file__).parents[2] / "validation"
DATA = json.loads((FOLDER / "allocation.json").read_text())["data"]
RNG = np.random.default_rng(0)
REFERENCE = procedure_lists(DATA["arm"], BigStick(largest_lead=2), rng=RNG)


def as_level(found: Level | NotEstimable) -> float:
    assert isinstance(found, Level), found
    return found.true


@pytest.mark.parametrize(("statistic", "method"), [(refit.STUDENT_T, ancova), (refit.HC2_P, ancova_hc2), (refit.HC3_T, ancova_hc3)])
def test_the_level_of_a_t_form_is_the_share_of_lists_whose_own_fit_rejects(statistic, method):
    fits = [method(DATA["later"], DATA["baseline"], arms.tolist()) for arms in REFERENCE.lists]
    rejects = np.array([isinstance(fit, Ancova) and fit.test.p.value <= 0.05 for fit in fits])
    theirs = REFERENCE.weights[rejects].sum() / REFERENCE.weights.sum()
    assert 0 < theirs < 1
    assert as_level(t_level(DATA["later"], DATA["baseline"], REFERENCE, statistic)) == pytest.approx(theirs, rel=1e-12)


def test_the_level_of_the_log_rank_test_is_the_share_of_lists_whose_own_test_rejects():
    follow_up = read_follow_up([3, 5, 7, 8, 11, 14, 19, 26, 26, 26, 6, 13], [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1])
    assert isinstance(follow_up, FollowUp)
    tests = [log_rank(follow_up, arms.tolist()) for arms in REFERENCE.lists]
    rejects = np.array([isinstance(test, LogRank) and test.test.p.value <= 0.05 for test in tests])
    theirs = REFERENCE.weights[rejects].sum() / REFERENCE.weights.sum()
    assert 0 < theirs < 1
    assert as_level(log_rank_level(follow_up, REFERENCE)) == pytest.approx(theirs, rel=1e-12)


def test_the_exact_limits_hold_at_least_what_they_ask_and_the_log_log_limits_less():
    """Nine of ten without the event give an upper log-log limit of .9^.1407 = .985.

    A share just above it is left in by 10 of 10 alone, whose chance is its tenth power, .862.
    """
    exact, log_log = survival_exact_coverage(10), survival_log_log_coverage(10)
    assert exact.lowest >= 0.95
    assert round(log_log.worst_rate, 3) == 0.985
    assert log_log.lowest == pytest.approx(log_log.worst_rate**10)


def test_a_statistic_without_a_t_table_is_refused():
    with pytest.raises(ValueError, match="has no t table"):
        t_level(DATA["later"], DATA["baseline"], REFERENCE, refit.RANK_SUM)


def test_impossible_input_gives_a_sentence():
    none = read_follow_up([1, 2], [0, 0])
    assert isinstance(none, FollowUp)
    for found in (
        t_level([1.0], [1.0], unrestricted_lists([1], rng=RNG), refit.HC3_T),
        t_level([2.0] * 4, None, permuted_block_lists([1, 0, 1, 0], [4], rng=RNG), refit.STUDENT_T),
        log_rank_level(none, unrestricted_lists([1, 0], rng=RNG)),
    ):
        assert isinstance(found, NotEstimable)
        assert found.reason.fa.endswith(".")
