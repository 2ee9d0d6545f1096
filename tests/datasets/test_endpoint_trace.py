"""An endpoint of one participant, followed back to what somebody entered."""

from decimal import Decimal
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from trialwright.datasets.adlb import derive_adlb
from trialwright.datasets.trace import evaluate_endpoint

_spec = spec_from_file_location("trial_builder", Path(__file__).with_name("trial_builder.py"))
builder = module_from_spec(_spec)
_spec.loader.exec_module(builder)
LUPUS, FSGS = builder.lupus_study(), builder.fsgs_study()


def evaluate(trial, endpoint_id, encounter, name="P-01"):
    endpoint = next(e for e in trial.study.endpoints if e.id == endpoint_id)
    return evaluate_endpoint(endpoint, trial.collect(), trial.study, participant=name, encounter=encounter)


@pytest.fixture
def lupus():
    trial = builder.TrialBuilder(LUPUS)
    trial.enrol("P-01", "cells", 1)
    trial.enrol("P-02", "control", 2)
    for name, month_6 in (("P-01", "1.5"), ("P-02", "2.5")):
        trial.jug(name, "baseline_1", "2")
        trial.jug(name, "baseline_2", "4.5")
        trial.jug(name, "month_6", month_6)
    return trial


def test_a_ratio_is_followed_to_both_baseline_jugs(lupus):
    """sqrt(2 x 4.5) = 3, and 1.5 of 3 is a half; each jug is 1000 mL in 24 h at 150, 200 and 450 mg/dL."""
    found = evaluate(lupus, "proteinuria", "month_6")
    assert (found.value, found.unit, found.undecided_because) == (Decimal("0.5000"), "1", None)
    steps = [(s.part, s.encounter, s.rule, s.value) for s in found.trace]
    assert steps == [
        ("value", "month_6", "first_complete", Decimal("1.50")),
        ("baseline", "baseline_1", "first_complete", Decimal("2.00")),
        ("baseline", "baseline_2", "first_complete", Decimal("4.50")),
        ("baseline", "baseline", "geometric_mean", Decimal("3.00")),
    ]
    used = {(u.item, u.value, u.unit) for u in found.trace[0].inputs}
    assert {("urine_volume", "1000", "mL"), ("urine_protein", "150", "mg/dL")} <= used
    assert all(step.version for step in found.trace if step.measure)
    assert all(u.encounter == "month_6" and u.position > 0 for u in found.trace[0].inputs)


def test_the_value_is_that_of_the_laboratory_dataset(lupus):
    for name in ("P-01", "P-02"):
        rows = derive_adlb(lupus.collect(), LUPUS, only="protein_24h")
        (row,) = [r for r in rows if r.usubjid == name and r.avisit == "month_6" and r.anl01fl == "Y"]
        assert evaluate(lupus, "proteinuria", "month_6", name).value == row.r2base


def test_a_jug_that_does_not_count_is_shown_and_does_not_count(lupus):
    lupus.jug("P-01", "month_9", "0.4", repeat=1, judgement="incomplete")
    lupus.jug("P-01", "month_9", "2.0", repeat=2)
    jugs = [(s.repeat, s.counts) for s in evaluate(lupus, "proteinuria", "month_9").trace if s.part == "value"]
    assert jugs == [(1, False), (2, True)]


def test_without_a_jug_it_is_undecided_and_says_why(lupus):
    found = evaluate(lupus, "proteinuria", "month_12")
    assert found.value is None
    assert found.undecided_because is not None
    assert found.undecided_because.en == "nothing was recorded"
    assert "ثبت نشده" in found.undecided_because.fa


def test_without_a_baseline_it_is_undecided_and_says_so():
    trial = builder.TrialBuilder(LUPUS)
    trial.enrol("P-01", "control", 1)
    trial.jug("P-01", "month_6", "1.5")
    found = evaluate(trial, "proteinuria", "month_6")
    assert found.value is None
    assert found.undecided_because is not None
    assert found.undecided_because.en == "there is no baseline value"


def test_the_filtration_rate_shows_creatinine_sex_and_birth_and_its_equation(lupus):
    lupus.blood("P-01", "baseline_2", "1.0")
    lupus.blood("P-01", "month_6", "0.8")
    found = evaluate(lupus, "gfr", "month_6")
    items = {u.item for u in found.trace[0].inputs}
    assert {"creatinine", "sex", "birth_year", "birth_month"} <= items
    assert found.trace[0].measure == "ckdepi_2021_cr"
    assert found.trace[0].version


def test_three_samples_are_averaged_and_each_is_shown():
    trial = builder.TrialBuilder(FSGS)
    trial.enrol("P-01", "cells", 1, born=(2016, 6))
    trial.samples("P-01", "baseline", ["2.0", "2.0", "2.0"])
    trial.samples("P-01", "month_6", ["0.8", "1.0", "1.2"])
    found = evaluate(trial, "upcr", "month_6")
    assert found.value == Decimal("0.5000")  # the mean of 0.8, 1.0 and 1.2 is 1.0, half of 2.0
    assert [(s.repeat, s.value, s.counts) for s in found.trace if s.part == "value"] == [
        (1, Decimal("0.80"), False),
        (2, Decimal("1.00"), False),
        (3, Decimal("1.20"), False),
        (0, Decimal("1.00"), True),
    ]


def test_an_encounter_that_the_endpoint_has_not_is_refused(lupus):
    with pytest.raises(KeyError, match="not measured at month_18"):
        evaluate(lupus, "proteinuria", "month_18")
