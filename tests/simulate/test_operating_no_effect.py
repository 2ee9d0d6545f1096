"""What no effect looks like in a study's own schedule, and how likely a published result is under it."""

from math import sqrt
from pathlib import Path

import pytest

from trialwright.simulate.no_effect import NoEffect, no_effect, no_effect_table
from trialwright.simulate.scenario import ScenarioError
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS, FSGS = (load_study(STUDIES / name) for name in ("IRCT2016090729747N1", "NCT02382874"))


def test_the_chance_of_a_published_result_is_the_tail_of_a_binomial():
    """By hand: with a share of one half, 2 or 3 of 3 respond in 4 of 8 cases, and all 3 in 1 of 8."""
    half = NoEffect(
        definition="ranjbar_2022",
        by="month_3",
        drift_sd=0.0,
        jugs="exact",
        against="qualifying",
        complete=0.5,
        partial=0.0,
        any_response=0.5,
        people=100,
    )
    assert half.chance_of(2, 3) == pytest.approx(0.5)
    assert half.chance_of(3, 3, complete=True) == pytest.approx(0.125)
    assert half.chance_of(0, 3) == pytest.approx(1)
    assert half.error(0.5) == pytest.approx(0.05)
    with pytest.raises(ScenarioError, match="4 of 3"):
        half.chance_of(4, 3)


def test_every_setting_of_the_lupus_trial_and_miscollected_jugs_make_responders():
    rows = no_effect_table(LUPUS, "ranjbar_2022", people=20_000)
    assert [(row.drift_sd, row.jugs) for row in rows] == [(d, j) for d in (0.0, 0.15, 0.3) for j in ("exact", "as_collected")]
    for exact, collected in zip(rows[::2], rows[1::2], strict=True):
        assert collected.any_response > exact.any_response + 4 * sqrt(2) * collected.error(collected.any_response)
        assert collected.any_response == pytest.approx(collected.complete + collected.partial)


def test_two_planned_collections_after_selection_leave_fewer_false_responders():
    once = no_effect(LUPUS, "ranjbar_2022", people=40_000)
    twice = no_effect(LUPUS, "ranjbar_2022", people=40_000, against="planned")
    assert twice.any_response < once.any_response


def test_samples_of_children_have_no_jugs():
    assert {row.jugs for row in no_effect_table(FSGS, "fpre", people=2_000)} == {"exact"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"definition": "kdigo_2024_ln"}, "more than protein"),
        ({"definition": "ranjbar_2022", "by": "month_18"}, "one of week_1, month_1"),
        ({"definition": "ranjbar_2022", "by": "baseline_1"}, "does not measure protein after allocation"),
    ],
)
def test_what_cannot_be_asked_is_said(asked, said):
    with pytest.raises(ScenarioError, match=said):
        no_effect(LUPUS, people=100, **asked)
