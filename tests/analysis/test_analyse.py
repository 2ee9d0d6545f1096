"""Both trials analysed by their own plans, from values as a site records them, against R's numbers for the same values."""

import json
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from trialwright.analysis.analyse import analyse
from trialwright.analysis.methods.rerandomisation import rerandomisation_test
from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.methods.sequential_lists import procedure_lists
from trialwright.analysis.plain_json import to_json
from trialwright.analysis.text import render_results_text
from trialwright.study.allocation_procedures import BigStick

REFERENCE = json.loads((Path(__file__).parents[2] / "validation" / "small_samples.json").read_text())
_spec = spec_from_file_location("trial_builder", Path(__file__).parents[1] / "datasets" / "trial_builder.py")
builder = module_from_spec(_spec)
_spec.loader.exec_module(builder)


def lupus_trial(case=REFERENCE["trial"]):
    trial = builder.TrialBuilder(builder.lupus_study())
    for slot, (base, later, arm) in enumerate(zip(case["baseline"], case["month_6"], case["arm"], strict=True), start=1):
        name = f"LN-{slot:02}"
        trial.enrol(name, "cells" if arm else "control", slot)
        trial.jug(name, "baseline_1", f"{base:.2f}")
        trial.jug(name, "baseline_2", f"{base:.2f}")
        trial.jug(name, "month_6", f"{later:.2f}")
    return trial


def fsgs_trial(case=REFERENCE["children"]):
    trial = builder.TrialBuilder(builder.fsgs_study())
    for number, (base, later) in enumerate(zip(case["baseline"], case["month_6"], strict=True), start=1):
        name = f"FS-{number}"
        trial.enrol(name, trial.study.arms[0].id, number, born=(2015, 3))
        trial.samples(name, "baseline", [f"{base:.2f}"] * 3)
        trial.samples(name, "month_6", [f"{later:.2f}"] * 3)
    return trial


def analysed(trial, **more):
    return analyse(trial.study, trial.collect(), rng_seed=1, **more)


def test_the_lupus_trial_gives_r_s_ratio_and_rerandomisation_p():
    primary = analysed(lupus_trial(), block_sizes=[4] * 5).primary
    assert primary.effect_scale == "ratio"
    assert primary.compared == ("cells", "control")
    assert primary.estimate.estimate == pytest.approx(REFERENCE["trial"]["ratio"], rel=1e-9)
    assert primary.test.p.value == pytest.approx(REFERENCE["trial"]["p"], rel=1e-12)
    assert primary.estimate.low < primary.estimate.estimate < primary.estimate.high < 1


def test_a_list_drawn_by_a_big_stick_is_compared_with_what_a_big_stick_could_have_drawn():
    """The list fits a lead of 2 as well; its chances are not all alike, and its lists are fewer than without a rule."""
    p = analysed(lupus_trial(), procedure=BigStick(largest_lead=2)).primary.test.p
    assert "big stick with a lead of at most 2" in p.definition.en
    case = REFERENCE["trial"]
    reference = procedure_lists(case["arm"], BigStick(largest_lead=2), rng=np.random.default_rng(0))
    alone = rerandomisation_test(np.log(case["month_6"]), np.log(case["baseline"]), reference)
    assert p.value == pytest.approx(alone.test.p.value, rel=1e-9)
    assert p.value != pytest.approx(case["p"], rel=1e-3)


def test_without_the_block_sizes_the_p_value_says_that_it_is_not_the_trial_s_own():
    p = analysed(lupus_trial()).primary.test.p
    assert "not the trial's own procedure" in p.definition.en
    assert p.smallest == pytest.approx(2 / 184_756)


def test_the_fsgs_trial_gives_r_s_interval_and_says_what_five_children_cannot_show():
    primary = analysed(fsgs_trial()).primary
    case = REFERENCE["children"]
    assert primary.test.p.value == case["p"] == primary.test.p.smallest == 0.0625
    found = (primary.estimate.estimate, primary.estimate.low, primary.estimate.high, primary.estimate.level)
    assert found == pytest.approx((case["ratio"], case["low"], case["high"], 0.9375), rel=1e-9)
    assert any("could have given p below 0.05" in note.en for note in primary.notes)


def test_arms_are_compared_as_allocated_whoever_was_infused():
    """A cell-arm participant who was never infused stays in the cell arm of the primary analysis and outside the safety set."""
    trial = lupus_trial()
    trial.infusions = [i for i in trial.infusions if i.participant != "LN-01"]
    results = analysed(trial, block_sizes=[4] * 5)
    assert results.primary.test.p.value == pytest.approx(REFERENCE["trial"]["p"], rel=1e-12)
    assert {s.id: dict(s.by_arm) for s in results.sets} == {
        "full": {"cells": 10, "control": 10},
        "per_protocol": {"cells": 9, "control": 10},
        "safety": {"cells": 9, "control": 10},
    }
    (cells,) = [flow for flow in results.disposition.arms if flow.arm == "cells"]
    assert (cells.allocated, cells.received, cells.not_received) == (10, 9, 1)


def test_a_missing_value_is_listed_with_its_reason_and_leaves_the_estimate():
    trial = lupus_trial()
    trial.values = [v for v in trial.values if (v.participant, v.encounter) != ("LN-05", "month_6")]
    results = analysed(trial, block_sizes=[4] * 5)
    assert results.primary.test.participants == 19
    (listed,) = [m for m in results.missing if (m.participant, m.encounter, m.endpoint) == ("LN-05", "month_6", "proteinuria")]
    assert (listed.arm, listed.code) == ("control", "not_recorded")
    assert any("1 of 20 participants" in note.en for note in results.primary.notes)


def test_every_value_of_every_participant_is_there_and_no_mean():
    endpoint = analysed(lupus_trial()).endpoints[0]
    (month,) = [s for s in endpoint.summaries if s.encounter == "month_6" and s.arm == "cells"]
    treated = sorted(v for v, arm in zip(REFERENCE["trial"]["month_6"], REFERENCE["trial"]["arm"], strict=True) if arm)
    assert sorted(float(i.value) for i in month.individuals) == treated
    assert (float(month.minimum), float(month.maximum)) == (treated[0], treated[-1])
    assert float(month.median) == pytest.approx((treated[4] + treated[5]) / 2)
    assert endpoint.measures == ("protein_24h 1.0",)


def test_adverse_events_count_participants_at_their_worst_grade():
    trial = lupus_trial()
    cells = [p.id for p in trial.participants.values() if p.arm == "cells"]
    trial.event(cells[0], "fever", 1, days=36)
    trial.event(cells[0], "fever", 3, days=60, serious=True, related="related")
    trial.event(cells[1], "fever", 2, days=40)
    trial.event(cells[2], "chills", 1, days=10)
    safety = analysed(trial).safety
    (arm,) = [a for a in safety.arms if a.arm == "cells"]
    assert (arm.with_event, arm.events, arm.with_serious, arm.with_related) == (2, 3, 1, 1)
    assert dict(arm.by_worst_grade) == {1: 0, 2: 1, 3: 1, 4: 0, 5: 0}
    assert safety.before_treatment == 1
    (control,) = [a for a in safety.arms if a.arm == "control"]
    assert control.serious_interval.high == pytest.approx(0.3084971, abs=1e-7)


def test_responses_stand_side_by_side_with_exact_intervals():
    trial = lupus_trial()
    for slot in range(1, 21):
        trial.jug(f"LN-{slot:02}", "month_3", "0.4")
    results = {r.definition: r for r in analysed(trial).responses}
    ranjbar, kdigo = results["ranjbar_2022"], results["kdigo_2024_ln"]
    assert [(a.arm, a.complete, a.participants) for a in ranjbar.arms] == [("cells", 10, 10), ("control", 10, 10)]
    assert ranjbar.arms[0].complete_interval.low == pytest.approx(0.025**0.1, abs=1e-9)
    assert all(a.complete == 0 for a in kdigo.arms), "without creatinine KDIGO's stable function is unknown"
    assert all(i.encounter == "month_3" for i in ranjbar.individuals)


def test_a_trial_with_nobody_in_it_gives_sentences_and_no_numbers():
    for trial in (builder.TrialBuilder(builder.lupus_study()), builder.TrialBuilder(builder.fsgs_study())):
        results = analysed(trial)
        assert isinstance(results.primary.test, NotEstimable)
        assert isinstance(results.primary.estimate, NotEstimable)
        assert results.primary.estimate.reason.fa.endswith(".")
        assert results.disposition.screened == 0


def test_every_p_value_and_interval_carries_its_definition_in_both_languages():
    def walk(value):
        if isinstance(value, dict):
            if {"value", "definition"} <= value.keys() or {"low", "high", "definition"} <= value.keys():
                yield value["definition"]
            for entry in value.values():
                yield from walk(entry)
        elif isinstance(value, list):
            for entry in value:
                yield from walk(entry)

    definitions = list(walk(to_json(analysed(lupus_trial(), block_sizes=[4] * 5))))
    assert len(definitions) > 10
    assert all(d["en"].endswith(".") and d["fa"].endswith(".") for d in definitions)


def test_results_are_plain_json_and_the_same_twice():
    once, twice = (json.dumps(to_json(analysed(lupus_trial(), block_sizes=[4] * 5)), allow_nan=False) for _ in range(2))
    assert once == twice
    assert json.loads(once)["format"] == 1


def test_swapping_the_arms_of_every_participant_turns_the_ratio_over():
    case = REFERENCE["trial"]
    here = analysed(lupus_trial(), block_sizes=[4] * 5).primary
    there = analysed(lupus_trial({**case, "arm": [1 - arm for arm in case["arm"]]}), block_sizes=[4] * 5).primary
    assert isinstance(here.test, Test)
    assert isinstance(here.estimate, Interval)
    assert there.estimate.estimate == pytest.approx(1 / here.estimate.estimate)
    assert (there.estimate.low, there.estimate.high) == pytest.approx((1 / here.estimate.high, 1 / here.estimate.low))
    assert there.test.p.value == here.test.p.value
    assert replace(there.test.p, definition=here.test.p.definition) == here.test.p


@pytest.mark.parametrize("language", ["en", "fa"])
def test_results_print_with_every_definition_and_reason(language):
    trial = lupus_trial()
    trial.values = [v for v in trial.values if (v.participant, v.encounter) != ("LN-05", "month_6")]
    results = analysed(trial, block_sizes=[4] * 5)
    text = render_results_text(results, language)
    assert results.primary.test.p.definition.in_language(language) in text
    assert all(m.reason.in_language(language) in text for m in results.missing)
    empty = render_results_text(analysed(builder.TrialBuilder(builder.fsgs_study())), language)
    assert "nan" not in empty.lower()
