"""On a careful, consistent record the reviewer is silent. The trial, its people and its numbers are invented."""

import json
from datetime import date

import pytest

from trialwright.checks import find_findings, score_completeness
from trialwright.registry import read_record

TODAY = date(2024, 6, 1)
SUMMARY = (
    "This trial evaluates the safety of one intravenous infusion of allogeneic adipose-derived mesenchymal stromal cells, added to "
    "mycophenolate mofetil and prednisolone, in 60 adults with lupus nephritis of class III or IV, and its effect on proteinuria. "
    "Previous studies were small and uncontrolled. Participants are followed for 12 months (week 1, months 1, 3, 6 and 12 after "
    "allocation)."
)
DETAIL = (
    "Participants are allocated 1:1 in permuted blocks from a computer-generated list kept by a central pharmacy, so that it is "
    "concealed from those who enrol. Month 6 is the primary time point, and proteinuria alone decides; all other comparisons are "
    "supportive. A sample size of 60 was determined for 90 % power to find a difference of 0.85 standard deviations. Groups are "
    "compared by ANCOVA with the baseline value, by intention to treat. A data monitoring committee meets after each tenth "
    "infusion and stops the trial after two related serious adverse events. Donors are healthy volunteers who give consent and "
    "are tested for HIV, hepatitis B, hepatitis C and syphilis. "
    "Mycophenolate and prednisolone continue in both arms, each at a stable dose."
)
CRITERIA = (
    "Inclusion Criteria:\n\n* Age 18 to 65 years\n* Lupus nephritis of class III or IV in a biopsy of the last 6 months\n"
    "* Urine protein of more than 1.0 g in a 24-hour collection, twice\n* Written informed consent\n\n"
    "Exclusion Criteria:\n\n* eGFR below 30 mL/min/1.73 m2 (CKD-EPI 2021)\n* Haemoglobin below 8 g/dL\n"
    "* Infection that needs intravenous treatment\n* Pregnancy, by serum test within 7 days, or breastfeeding"
)


def _outcome(measure, description, time_frame):
    return {"measure": measure, "description": description, "timeFrame": time_frame}


RECORD = {
    "identificationModule": {
        "nctId": "NCT09990077",
        "orgStudyIdInfo": {"id": "INV-CELLS-2"},
        "organization": {"fullName": "Invented University Hospital", "class": "OTHER"},
        "briefTitle": "Donor Fat Cells for Lupus Nephritis",
        "officialTitle": "Allogeneic Adipose-derived Mesenchymal Stromal Cells Versus Placebo in Lupus Nephritis: a Randomized, "
        "Double-blind, Phase 2 Trial",
    },
    "statusModule": {
        "statusVerifiedDate": "2024-05",
        "overallStatus": "RECRUITING",
        "startDateStruct": {"date": "2023-09-12", "type": "ACTUAL"},
        "primaryCompletionDateStruct": {"date": "2026-03", "type": "ESTIMATED"},
        "completionDateStruct": {"date": "2026-09", "type": "ESTIMATED"},
        "studyFirstSubmitDate": "2023-06-20",
        "studyFirstPostDateStruct": {"date": "2023-07-03", "type": "ACTUAL"},
        "lastUpdateSubmitDate": "2024-05-14",
    },
    "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented University Hospital", "class": "OTHER"}},
    "oversightModule": {"oversightHasDmc": True, "isFdaRegulatedDrug": False, "isFdaRegulatedDevice": False},
    "descriptionModule": {"briefSummary": SUMMARY, "detailedDescription": DETAIL},
    "conditionsModule": {"conditions": ["Lupus Nephritis"]},
    "designModule": {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE2"],
        "designInfo": {
            "allocation": "RANDOMIZED",
            "interventionModel": "PARALLEL",
            "primaryPurpose": "TREATMENT",
            "maskingInfo": {
                "masking": "TRIPLE",
                "maskingDescription": "Bags of cells and of placebo are covered alike; the nurse who opens them has no other part.",
                "whoMasked": ["PARTICIPANT", "INVESTIGATOR", "OUTCOMES_ASSESSOR"],
            },
        },
        "enrollmentInfo": {"count": 60, "type": "ESTIMATED"},
    },
    "armsInterventionsModule": {
        "armGroups": [
            {
                "label": "Cells",
                "type": "EXPERIMENTAL",
                "description": "A single infusion of allogeneic adipose-derived mesenchymal stromal cells, 2 million viable "
                "cells/kg of dry weight, in addition to mycophenolate and prednisolone",
                "interventionNames": ["Biological: Stromal cells"],
            },
            {
                "label": "Placebo",
                "type": "PLACEBO_COMPARATOR",
                "description": "A single infusion of 100 mL of albumin 5 %, in addition to mycophenolate and prednisolone",
                "interventionNames": ["Biological: Placebo"],
            },
        ],
        "interventions": [
            {
                "type": "BIOLOGICAL",
                "name": "Stromal cells",
                "description": "Passage 3, thawed, viability at least 80 %, at 4 mL/min",
                "armGroupLabels": ["Cells"],
            },
            {
                "type": "BIOLOGICAL",
                "name": "Placebo",
                "description": "100 mL of albumin 5 %, at 4 mL/min",
                "armGroupLabels": ["Placebo"],
            },
        ],
    },
    "outcomesModule": {
        "primaryOutcomes": [
            _outcome(
                "Ratio of 24-hour urine protein to baseline",
                "Geometric mean, from collections judged complete by creatinine, benzethonium method",
                "Baseline and month 6",
            ),
        ],
        "secondaryOutcomes": [
            _outcome("Number of participants with serious adverse events", "CTCAE version 5", "From infusion to month 12"),
            _outcome(
                "Change in eGFR from baseline", "CKD-EPI 2021 from enzymatic creatinine, mean", "Baseline, months 1, 3, 6 and 12"
            ),
            _outcome("Change in SLEDAI-2K from baseline", "Scored by the masked assessor, mean", "Baseline, months 1, 3, 6 and 12"),
            _outcome("Number of participants with infusion reactions", "CTCAE version 5", "24 hours"),
        ],
    },
    "eligibilityModule": {
        "eligibilityCriteria": CRITERIA,
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "18 Years",
        "maximumAge": "65 Years",
    },
    "contactsLocationsModule": {
        "centralContacts": [{"name": "A. Nurse", "role": "CONTACT", "phone": "+1 555 010 0100", "email": "trial@example.org"}],
        "overallOfficials": [
            {"name": "B. Physician", "affiliation": "Invented University Hospital", "role": "PRINCIPAL_INVESTIGATOR"}
        ],
        "locations": [{"facility": "Invented University Hospital", "city": "Town", "country": "Canada"}],
    },
    "ipdSharingStatementModule": {"ipdSharing": "YES", "description": "Deidentified data on request, one year after publication"},
}


def _findings(changed=()):
    text = json.dumps({"protocolSection": RECORD})
    for before, after in changed:
        assert before in text, before
        text = text.replace(before, after)
    return {one.code for one in find_findings(read_record(text.encode()), today=TODAY)}


def test_the_reviewer_is_silent():
    assert _findings() == set()


def test_the_record_answers_what_a_record_can_answer():
    trds, spirit = (
        getattr(score_completeness(read_record(json.dumps({"protocolSection": RECORD}).encode())), one)
        for one in ("trds", "spirit")
    )
    assert (trds.counts["missing"], trds.counts["partly"]) == (0, 0)
    assert {one.number for one in spirit.items if one.answer == "missing"} <= {"5"}


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("time.outcome_not_in_schedule", "Baseline, months 1, 3, 6 and 12", "Baseline, months 1, 3, 9 and 12"),
        ("design.sample_size_contradicts", "in 60 adults", "in 80 adults"),
        ("criteria.age_differs", "Age 18 to 65 years", "Age 25 to 65 years"),
        ("outcome.unit_does_not_fit", "below 8 g/dL", "below 8 mg/dL"),
        ("dates.registered_after_start", "2023-06-20", "2023-10-20"),
        ("outcome.gfr_without_method", "CKD-EPI 2021 from enzymatic creatinine, mean", "Mean"),
        ("outcome.version_open", "SLEDAI-2K", "SLEDAI"),
        (
            "arm.source_unsaid",
            "infusion of allogeneic adipose-derived mesenchymal stromal cells, 2",
            "infusion of mesenchymal stromal cells, 2",
        ),
        ("criteria.histology_unsaid", " in a biopsy of the last 6 months", ""),
    ],
)
def test_one_fault_put_in_is_found(code, before, after):
    changed = [(before, after)]
    if code == "criteria.histology_unsaid":
        changed += [(" of class III or IV", "")]
    assert code in _findings(changed)


def test_what_the_form_does_not_ask_is_no_finding():
    words = "in permuted blocks from a computer-generated list kept by a central pharmacy, so that it is "
    assert "design.allocation_undescribed" not in _findings([(words, "")])
