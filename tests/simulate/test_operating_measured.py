"""The stored size and coverage of every method: of this design, made again by a small run, and read by the analysis."""

from dataclasses import replace
from math import sqrt
from pathlib import Path

import pytest

from trialwright.analysis.operating import design_digest, operating_of, operating_rows, stored
from trialwright.simulate.measured import measure, null_scenario
from trialwright.simulate.plan import read_plan
from trialwright.simulate.scenario import ScenarioError
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS, FSGS = (load_study(STUDIES / name) for name in ("IRCT2016090729747N1", "NCT02382874"))
BOTH = pytest.mark.parametrize("study", [LUPUS, FSGS], ids=lambda study: study.id)


@BOTH
def test_the_stored_measurement_is_of_this_very_design(study):
    """Where this fails the design has changed: `make operating` measures it again."""
    found = stored(study.id)
    assert found["design"] == design_digest(study)
    assert found["trials"] >= 10_000
    assert {"seed", "command", "software_digest"} <= set(found)


@pytest.fixture(scope="module")
def small():
    """A small run of both designs with another seed."""
    return {study.id: measure(study, trials=240 if study is LUPUS else 600, seed=77) for study in (LUPUS, FSGS)}


@BOTH
def test_a_small_run_agrees_with_what_is_stored_within_monte_carlo_error(study, small):
    kept = {(row["method"], row["endpoint"]): row for row in stored(study.id)["rows"]}
    again = {(row["method"], row["endpoint"]): row for row in small[study.id]["rows"]}
    assert set(kept) == set(again)
    for key, row in again.items():
        for what in ("size", "coverage"):
            ours, theirs = row[what], kept[key][what]
            assert (ours is None) == (theirs is None), (key, what)
            if ours is None:
                continue
            if ours["trials"] is None:
                assert ours == theirs, (key, what)
                continue
            middle = min(max(theirs["value"], 0.01), 0.99)
            error = sqrt(middle * (1 - middle) * (1 / ours["trials"] + 1 / theirs["trials"]))
            assert abs(ours["value"] - theirs["value"]) < 4.5 * error + 0.02, (key, what, ours, theirs)


def test_what_holds_by_construction_is_measured_so():
    """Re-randomisation keeps 5 and 95 % exactly, counted tests at most 5 %; five people can never reach a twentieth."""
    for row in operating_rows(LUPUS):
        if row.method.startswith("rerandomisation"):
            assert abs(row.size.value - 0.05) < 4 * sqrt(0.05 * 0.95 / row.size.trials), row
            assert abs(row.coverage.value - 0.95) < 4 * sqrt(0.05 * 0.95 / row.coverage.trials), row
        if row.method in ("fisher", "boschloo", "rank_sum_without_ties"):
            assert row.size.error is None
            assert row.size.value <= 0.05
    assert operating_of("signed_rank", FSGS).size.value == 0


def test_the_analysis_reads_a_row_and_its_sentence():
    row = operating_of("rerandomisation", LUPUS)
    assert row.endpoint == LUPUS.analysis.primary.endpoint
    assert operating_of("rerandomisation", LUPUS, "gfr").endpoint == "gfr"
    assert f"{row.size.value:.1%}" in row.sentence().en
    assert "بازهٔ 95%" in row.sentence().fa
    assert operating_of("fisher", LUPUS).endpoint == ""
    assert operating_of("no_such_method", LUPUS) is None


def test_another_design_has_no_row():
    larger = replace(LUPUS, arms=tuple(replace(arm, planned=30) for arm in LUPUS.arms))
    assert operating_of("rerandomisation", larger) is None
    renamed = replace(LUPUS, title=FSGS.title)
    assert operating_of("rerandomisation", renamed) is not None


def test_a_study_without_a_scenario_of_no_effect_cannot_be_measured():
    scenarios = {name: row for name, row in LUPUS.simulation["scenario"].items() if name != "null"}
    with pytest.raises(ScenarioError, match="no scenario without an effect"):
        null_scenario(read_plan(replace(LUPUS, simulation={**LUPUS.simulation, "scenario": scenarios})))
