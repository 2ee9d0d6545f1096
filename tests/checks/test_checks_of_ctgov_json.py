"""The checks read a ClinicalTrials.gov record in JSON as any other: a fault is found, a careful record is left in peace."""

import json
import time
from datetime import date
from pathlib import Path

import pytest

from trialwright.checks import find_findings
from trialwright.registry import read_record

TODAY = date(2021, 6, 1)
CAREFUL = json.loads(Path(__file__).with_name("careful_ctgov.json").read_text(encoding="utf-8"))["protocolSection"]


def findings(**changed):
    protocol = {name: {**members, **changed.get(name, {})} for name, members in CAREFUL.items()}
    record = read_record(json.dumps({"protocolSection": protocol}).encode())
    return {one.code: one for one in find_findings(record, today=TODAY)}


def test_a_careful_record_is_left_in_peace():
    assert findings() == {}


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("dates.registered_after_start", {"statusModule": {"studyFirstSubmitDate": "2018-06-01"}}),
        ("dates.status_outdated", {"statusModule": {"overallStatus": "RECRUITING"}}),
        ("dates.out_of_order", {"statusModule": {"completionDateStruct": {"date": "2017-01", "type": "ACTUAL"}}}),
        ("record.unreadable_value", {"statusModule": {"studyFirstSubmitDate": "2018-02-30"}}),
        ("design.oversight_unstated", {"oversightModule": {"oversightHasDmc": False}}),
        ("criteria.pregnancy", {"eligibilityModule": {"eligibilityCriteria": "Ill."}}),
        (
            "design.allocation_contradicts_arms",
            {
                "designModule": CAREFUL["designModule"]
                | {"designInfo": {"allocation": "RANDOMIZED", "interventionModel": "SINGLE_GROUP"}}
            },
        ),
        (
            "time.no_time_point",
            {"outcomesModule": {"primaryOutcomes": [{"measure": "Change in urine volume", "timeFrame": "before and after"}]}},
        ),
        ("record.items_missing", {"conditionsModule": {"conditions": []}}),
    ],
)
def test_the_fault_is_found(code, changed):
    assert code in findings(**changed)


@pytest.mark.parametrize("day", ["2018-05", "2018-05-31", "2018-04-30"])
def test_registration_in_the_month_of_a_start_known_to_the_month_is_not_late(day):
    assert "dates.registered_after_start" not in findings(statusModule={"studyFirstSubmitDate": day})


def test_behaviour_is_no_product_that_pregnancy_must_be_decided_for():
    behaviour = {"interventions": [{"type": "BEHAVIORAL", "name": "Talks"}], "armGroups": [{"label": "Talks"}, {"label": "None"}]}
    changed = {"eligibilityModule": {"eligibilityCriteria": "Ill."}, "armsInterventionsModule": behaviour}
    assert "criteria.pregnancy" not in findings(**changed)


def test_words_in_a_text_with_escapes_are_shown_at_their_field():
    told = findings(
        descriptionModule={"briefSummary": 'Called "safe".\nSafety is studied.'}, outcomesModule={"secondaryOutcomes": []}
    )
    shown = told["outcome.no_safety"].places[0]
    assert shown.path == "summary.text"
    assert shown.end > shown.start


@pytest.mark.parametrize(
    "words", ["inclusion criteria: a, ", "1 ", "followed for 1 month and ", "aged 1 ", "(", "10 million cells/kg "]
)
def test_a_text_far_longer_than_the_registry_takes_is_checked_in_two_seconds(words):
    text = words * (60_000 // len(words))
    began = time.process_time()
    findings(
        descriptionModule={"briefSummary": text, "detailedDescription": text},
        eligibilityModule={"eligibilityCriteria": text},
        outcomesModule={"primaryOutcomes": [{"measure": text, "description": text, "timeFrame": text}]},
    )
    assert time.process_time() - began < 2


def _outcomes(*primary):
    listed = [{"measure": measure, "timeFrame": frame} for measure, frame in primary]
    return {"primaryOutcomes": listed, "secondaryOutcomes": []}


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("time.no_baseline", {"outcomesModule": _outcomes(("Angioplasty time, minutes", "1 day"))}),
        ("time.no_baseline", {"outcomesModule": _outcomes(("Plasma concentration of the product", "Day 7"))}),
        ("time.no_time_point", {"outcomesModule": _outcomes(("Number of chews", "Baseline (single timepoint only)"))}),
        ("time.outcome_outlasts_trial", {"outcomesModule": _outcomes(("Overall survival", "Up to 5 years"))}),
        ("outcome.metric_missing", {"outcomesModule": _outcomes(("Maximal plasma concentration (Cmax)", "Day 7"))}),
        ("outcome.many_primaries", {"outcomesModule": _outcomes(("Cmax of the drug", "Day 7"), ("AUC of the drug", "Day 7"))}),
        (
            "outcome.many_primaries",
            {"outcomesModule": _outcomes(("Number with adverse events", "Day 30"), ("Feasibility, number treated", "Day 30"))},
        ),
        ("outcome.many_primaries", {"outcomesModule": _outcomes(("Time to death", "6 months, 12 months, 18 months"))}),
        (
            "outcome.no_safety",
            {
                "descriptionModule": {"briefSummary": "The drug has minimal side effects and is well tolerated. Baseline values."},
                "outcomesModule": _outcomes(("Change in urine volume", "Baseline to 6 months")),
            },
        ),
        ("outcome.named_as_result", {"outcomesModule": _outcomes(("Improvement, defined as a fall of 2 points", "Day 28"))}),
        ("record.value_cut", {"descriptionModule": {"briefSummary": "Baseline values come first.."}}),
        (
            "arm.category_contradicts",
            {"armsInterventionsModule": {"armGroups": [{"label": "Placebo then cells", "type": "EXPERIMENTAL"}]}},
        ),
    ],
)
def test_what_an_editor_would_not_keep_is_not_found(code, modules):
    assert code not in findings(**modules)


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        (
            "time.no_baseline",
            {"outcomesModule": _outcomes(("Serum albumin, mean", "Day 7")), "descriptionModule": {"briefSummary": "Of albumin."}},
        ),
        ("time.no_time_point", {"outcomesModule": _outcomes(("Number of chews", "Baseline and after"))}),
        ("outcome.many_primaries", {"outcomesModule": _outcomes(("Mean pressure", "Day 7"), ("Mean pulse", "Day 7"))}),
        (
            "outcome.no_safety",
            {
                "descriptionModule": {"briefSummary": "This trial evaluates side effects. Baseline values."},
                "outcomesModule": _outcomes(("Change in urine volume", "Baseline to 6 months")),
            },
        ),
    ],
)
def test_what_an_editor_would_keep_is_found_beside_it(code, modules):
    assert code in findings(**modules)


def test_expanded_access_is_asked_for_neither_size_nor_outcomes():
    found = findings(designModule={"studyType": "EXPANDED_ACCESS"}, outcomesModule={}).get("record.items_missing")
    assert found is None or not {"sample size", "primary outcome"} & set(found.message.en.split("; "))
