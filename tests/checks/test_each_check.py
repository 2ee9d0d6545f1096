"""Each check finds its fault when it is put into a corrected record, and nothing there without it.

Every row: the code, the corrected record it starts from, the words taken out, the words put in.
"""

from pathlib import Path

import pytest

from trialwright.checks import ALL_CHECKS, find_findings
from trialwright.registry import read_record

START = "Actual recruitment start date\n\n2016-08-02, 1395/05/12"
END = "Actual recruitment end date\n\n2017-08-08, 1396/05/17"
REGISTERED = "2016-07-10, 1395/04/20"
LATE = "2016-09-30, 1395/07/09"
SCHEDULE = "(after a week, one, three, six, nine, twelve and eighteen months)"
TIMES = "Baseline, 1 week, 1, 3, 6, 9, 12 and 18 months"
PROTEIN = "Change in proteinuria from baseline"
PROTEIN_TIMES = f"{PROTEIN}\n\nTimepoint\n\n{TIMES}"
GFR = "Change in glomerular filtration rate from baseline"
MASKED = "The outcome assessor is blinded to the arm."
ALLOCATED = "Allocation 1:1 from a computer-generated list, concealed in sealed opaque envelopes."

DRUGS = "mycophenolate mofetil 2 g a day and prednisolone 10 mg a day"
CROSSED = "index score, change from baseline\n\nTimepoint\n\nBaseline, 1 week, 1, 3, 6, 12, 18 and 24 months"

CAREFUL = Path(__file__).with_name("careful_ctgov.json")

FAULTS = [
    ("record.damaged", "lupus", "Phase\n\n1-2\n", "Phase\n\n2020-02-01\n"),
    ("dates.registered_after_start", "lupus", REGISTERED, LATE),
    ("dates.ethics_after_start", "lupus", "2016-06-11, 1395/03/22", LATE),
    ("dates.timing_label", "lupus", "**prospective**", "**retrospective**"),
    ("dates.timing_label", "lupus", "**prospective**", "**registered_while_recruiting**"),
    (
        "dates.placeholder_start",
        "lupus",
        "2016-07-25, 1395/05/04\n\nExpected recruitment end date\n\n2017-07-26, 1396/05/04\n\n" + START,
        (
            "2016-07-22, 1395/05/01\n\nExpected recruitment end date\n\n2017-07-23, 1396/05/01\n\n"
            "Actual recruitment start date\n\nempty"
        ),
    ),
    ("dates.actual_missing", "lupus", START, "Actual recruitment start date\n\nempty"),
    ("dates.actual_missing", "lupus", END, "Actual recruitment end date"),
    (
        "dates.never_updated",
        "lupus",
        "Last update: **2019-03-05, 1397/12/14**\n\nUpdate count: **3**",
        "Last update:\n\nUpdate count: **0**",
    ),
    ("dates.out_of_order", "lupus", "2017-08-08, 1396/05/17", "2016-08-01, 1395/05/11"),
    ("dates.out_of_order", "lupus", "2019-03-05, 1397/12/14", "2029-03-05"),
    ("dates.status_outdated", "lupus", "Recruitment complete", "Recruiting"),
    ("dates.number_after_start", "lupus", "IRCT20160706029747N1", "IRCT201609079747N1"),
    ("record.unreadable_value", "lupus", "2016-06-11, 1395/03/22", "2016-06-11, 1395/03/23"),
    ("record.unreadable_value", "lupus", "size: **20**", "size: **20/5**"),
    ("time.outcome_not_in_schedule", "lupus", SCHEDULE, SCHEDULE.replace("nine, ", "")),
    ("time.outcome_not_in_schedule", "fsgs", "Baseline and month 6", "Baseline and week 10"),
    ("time.follow_up_not_measured", "lupus", "3, 6, 9, 12 and 18 months", "3, 6, 9 and 12 months"),
    ("time.outcome_after_follow_up", "fsgs", "Baseline and month 6", "Baseline and 2 years"),
    ("time.no_baseline", "lupus", PROTEIN_TIMES, "Value of proteinuria, mean\n\nTimepoint\n\n1 week, 1 and 3 months"),
    (
        "time.collection_too_long",
        "fsgs",
        "urine protein/creatinine ratio of at most 0.2 mg/mg.\nTime frame: Baseline and month 6",
        "24-hour urine protein of at most 0.1 g/m2.\nTime frame: 12 hours",
    ),
    ("time.frame_contradicts_text", "fsgs", "by CKiD U25.", "by CKiD U25, at months 1 and 9."),
    ("time.visits_collide", "fsgs", "1 and 2 weeks and then monthly", "1, 2 and 4 weeks and then monthly"),
    ("time.no_time_point", "lupus", PROTEIN_TIMES, f"{PROTEIN}\n\nTimepoint\n\nBefore and after"),
    ("time.no_time_point", "lupus", PROTEIN_TIMES, "Proteinuria, mean\n\nTimepoint"),
    ("time.series_without_end", "lupus", PROTEIN_TIMES, f"{PROTEIN}\n\nTimepoint\n\nBaseline, then monthly"),
    ("outcome.named_as_result", "fsgs", "Estimated GFR\n", "Improvement of estimated GFR\n"),
    ("outcome.direction_differs", "fsgs", "Serum creatinine\nChange", "Decrease in creatinine\nIncrease"),
    (
        "outcome.direction_without_amount",
        "fsgs",
        "Change in serum creatinine from baseline, enzymatic",
        "Decrease of serum creatinine after 2 weeks, enzymatic",
    ),
    ("outcome.same_measure_twice", "lupus", "index score, change from baseline", "index score and proteinuria, change"),
    ("outcome.score_contains_other", "lupus as registered", "", ""),
    ("outcome.bundle", "fsgs", "Change in serum IL-10", "Change in serum IL-10, IL-2 and 6"),
    ("outcome.bundle", "lupus", GFR, "Change in urea and GFR from baseline"),
    ("outcome.no_safety", "lupus", "Number of participants with adverse events by CTCAE grade", "Mean body weight"),
    ("outcome.level_not_told", "fsgs", "", ""),
    (
        "outcome.many_primaries",
        "lupus",
        "primary time point is month 6; proteinuria is tested first, then GFR, in hierarchical order",
        "visits are monthly",
    ),
    ("outcome.method_vague", "lupus", "CKD-EPI 2021 from enzymatic serum creatinine", "laboratory tests"),
    ("outcome.metric_missing", "lupus", "index score, change from baseline", "index score"),
    ("outcome.gfr_without_method", "fsgs", " by CKiD U25", ""),
    ("outcome.cells_in_serum", "fsgs", "Change in Treg as percentage", "Change in serum levels of Treg as percentage"),
    ("outcome.threshold_is_range", "fsgs", "of at most 0.2 mg/mg", "of less than 0.2 to 0.3 mg/mg"),
    (
        "outcome.threshold_not_scaled",
        "fsgs",
        "urine protein/creatinine ratio of at most 0.2 mg/mg",
        "urine protein of at most 300 mg/day",
    ),
    ("outcome.marker_opposes_name", "fsgs", "Interleukin 10\nChange in serum IL-10", "Anti-inflammatory\nChange in IL-6"),
    ("design.allocation_undescribed", "lupus", ALLOCATED, "Allocation 1:1 from a computer-generated list."),
    ("design.allocation_undescribed", "lupus", ALLOCATED + "\n\n", ""),
    ("design.allocation_predictable", "lupus", ALLOCATED, "Sealed envelopes, by odd and even file numbers, 1:1."),
    ("design.allocation_contradicts_arms", "lupus", "Assignment\n\nParallel", "Assignment\n\nSingle"),
    (
        "design.blinding_undescribed",
        "lupus",
        f"Not blinded\n\nBlinding description\n\n{MASKED}",
        "Double blinded\n\nBlinding description",
    ),
    ("design.assessor_not_blinded", "lupus", MASKED, "The trial is open."),
    ("design.sample_size_contradicts", "lupus", "performed on 20 patients", "performed on 30 patients"),
    ("design.sample_size_contradicts", "fsgs", "Enrollment\n5", "Enrollment\n50"),
    ("design.what_zero_excludes", "fsgs", "", ""),
    ("design.what_size_detects", "lupus", "", ""),
    ("design.oversight_unstated", "lupus", "A safety board stops the trial after two related serious adverse events. ", ""),
    ("design.no_comparator", "fsgs", "evaluate the safety of", "evaluate the safety and efficacy of"),
    ("arm.dose_without_noun", "lupus", "2 million viable cells/kg of dry weight", "2 millions/Kg"),
    ("arm.no_dose", "fsgs", "A single dose of 2 million viable cells/kg is infused", "The cells are infused"),
    (
        "arm.number_of_doses_open",
        "fsgs",
        "A single dose of 2 million viable cells/kg is infused intravenously",
        "2 million viable cells/kg are infused intravenously, the first infusion in hospital,",
    ),
    (
        "arm.control_undefined",
        "lupus",
        "mycophenolate mofetil 2 g a day and prednisolone 10 mg a day",
        "standard treatment",
    ),
    ("arm.cell_product_unspecified", "fsgs", "(passage 3, viability at least 80 %)", ""),
    ("arm.hla_match_open", "lupus", "matched for at least 5 of 10 alleles of HLA-A, -B, -C, -DRB1 and -DQB1", "HLA-matched"),
    (
        "criteria.in_one_place_only",
        "lupus",
        "Criteria for entrance to the study include increase in protein urine",
        "Criteria for entrance to the study include skin rash, increase in protein urine",
    ),
    ("criteria.vague", "lupus", "(GFR below 30), pregnancy or lactating.", "(GFR below 30), pregnancy or lactating etc."),
    ("criteria.organ_without_threshold", "lupus", " (GFR below 30)", ""),
    ("criteria.age_open", "lupus", "From 18 years old to 60 years old", "No age limit"),
    ("criteria.pregnancy", "lupus", ", pregnancy or lactating", ""),
    ("criteria.pregnancy", "lupus", "Gender\n\nBoth", "Gender\n\nMale"),
    (
        "criteria.prior_treatment_unnamed",
        "lupus",
        "cyclophosphamide or mycophenolate with prednisolone",
        "conventional treatment",
    ),
    ("contact.phone", "lupus", "+98 51 3800 0000", "00"),
    ("contact.phone", "lupus", "+98 51 3800 0000", "+51 3800 0000"),
    ("contact.email", "lupus", "general@example.org", "general@example.org/other@example.org"),
    ("contact.email", "lupus", "general@example.org", "general at example.org"),
    ("contact.postal_code", "lupus", "9177948974", "0813941674"),
    ("contact.two_affiliations", "lupus", "", ""),
    ("contact.responsible_missing", "lupus", "Dr. Example\n\n", ""),
    (
        "record.value_cut",
        "lupus",
        "Position\n\nPh.D student",
        "Position\n\nDoctoral student of cell and molecular biology and member of the research group for stem cells in Mas",
    ),
    ("record.names_differ", "lupus", "Ferdowsi University of Mashhad\n\nCountry", "Ferdowsi Univercity of Mashhad\n\nCountry"),
    ("sponsor.primary_unclear", "lupus", "", ""),
    ("funding.unstated", "lupus", "", ""),
    ("sharing.empty", "lupus", "No - There is not a plan to make this available", "empty"),
    ("ethics.year_differs", "lupus", "IR.ACECR.REC.1395.3", "IR.ACECR.REC.1396.3"),
    ("ethics.elsewhere", "lupus", "", ""),
    ("condition.code_differs", "lupus", "M32.1", "lupus"),
    ("condition.code_differs", "lupus", "Systemic lupus erythematosus with organ", "Rheumatoid arthritis with organ"),
    ("time.outcomes_crossed", "lupus", f"index score, change from baseline\n\nTimepoint\n\n{TIMES}", CROSSED),
    ("time.outcome_ends_early", "fsgs", "mg/mg.\nTime frame: Baseline and month 6", "mg/mg.\nTime frame: Baseline and 12 hours"),
    ("time.zero_open", "lupus as registered", "", ""),
    ("dates.follow_up_over", "lupus", "2019-02-10, 1397/11/21", "empty"),
    ("outcome.promised_not_registered", "lupus", "to evaluate renal function", "to evaluate renal remission"),
    (
        "outcome.two_metrics",
        "fsgs",
        "Change in eGFR from baseline by CKiD U25.",
        "Reduction to less than 30, by change in eGFR, CKiD U25.",
    ),
    (
        "outcome.specimen_open",
        "lupus",
        "24-hour urine, protein by the pyrogallol red method, completeness by creatinine",
        "pyrogallol",
    ),
    ("outcome.version_open", "lupus", "SLEDAI-2K form, 30 days", "the form, 30 days"),
    ("outcome.unit_does_not_fit", "lupus", "(GFR below 30)", "(GFR below 30 mg/dl)"),
    ("outcome.unit_does_not_fit", "lupus", "(GFR below 30)", "(creatinine above 300 mg/day)"),
    (
        "design.lead_in_contradicts",
        "lupus",
        "A safety board",
        "The first 3 patients are watched for two weeks, then another 90 patients follow. A safety board",
    ),
    ("design.what_one_arm_shows", "fsgs", "evaluate the safety of", "evaluate the safety and efficacy of"),
    (
        "arm.control_is_failed_treatment",
        "lupus",
        f"No cell transplantation; {DRUGS}",
        "No cell transplantation with conventional treatment",
    ),
    ("arm.background_unstated", "lupus", DRUGS, "standard treatment"),
    ("arm.background_unstated", "fsgs", "; both continue at a stable dose", ""),
    ("arm.how_often_unsaid", "lupus", "of dry weight, once)", "of dry weight)"),
    ("arm.donor_unprotected", "lupus", "All patients and donors give their consent.", "All patients give their consent."),
    ("arm.donor_unprotected", "lupus", "Donors are tested for HIV, hepatitis B and C and syphilis, and one", "A donor"),
    ("arm.source_unsaid", "lupus", "transplantation of allogeneic Adipose", "transplantation of Adipose"),
    ("design.allocation_needs_donor", "lupus", "for everybody before allocation", "for everybody"),
    ("criteria.oppose", "lupus as registered", "", ""),
    ("criteria.amount_missing", "lupus", "uncontrolled infection, failure", "high blood pressure, failure"),
    (
        "criteria.amount_missing",
        "lupus",
        "to the study include increase in proteinuria",
        "include impaired kidney function, proteinuria",
    ),
    ("criteria.qualifier_undefined", "fsgs", "Refractory means no remission after 8 weeks", "Treatment was given for 8 weeks"),
    ("criteria.population_differs", "lupus", "20 patients with severe and refractory lupus", "20 patients with lupus"),
    (
        "criteria.age_differs",
        "lupus",
        "Exclusion criteria: uncontrolled infection",
        "Patients aged 20 to 50 years. Exclusion criteria: uncontrolled infection",
    ),
    ("criteria.age_unsaid", "fsgs", " Participants are aged 2 to 14 years.", ""),
    ("criteria.histology_unsaid", "lupus", ", with class III or IV in a biopsy of the last half year", ""),
    ("titles.condition_differs", "lupus", "Transplantation on Lupus Nephritis\n", "Transplantation on SLE\n"),
    ("ethics.incomplete", "lupus", "IR.ACECR.REC.1395.3", "empty"),
    ("record.term_misspelt", "fsgs", "Segmental Glomerulosclerosis (", "Segmental Glomerulo Scelrosis ("),
    ("record.items_missing", "lupus", "Recruitment complete", "empty"),
    ("dates.status_outdated", "ctgov", '"COMPLETED"', '"ACTIVE_NOT_RECRUITING"'),
    ("record.value_cut", "ctgov", "Invented Disease: a Randomized Trial", "Invented Disease: a Rand..."),
    ("time.outcome_outlasts_trial", "ctgov", "Baseline to 6 months", "Baseline to 3 years"),
    ("time.no_time_point", "lupus", PROTEIN_TIMES, "Proteinuria, mean\n\nTimepoint\n\nDuring the study"),
    ("outcome.named_as_result", "ctgov", "Change in daily urine volume", "To demonstrate that cells raise daily urine volume"),
    ("outcome.named_as_result", "fsgs", "Estimated GFR\n", "Improving estimated GFR\n"),
    ("outcome.not_named", "ctgov", "Change in daily urine volume", "Primary outcome measure 1"),
    (
        "outcome.level_contradicts",
        "ctgov",
        "Number of participants with adverse events",
        'Number of participants with adverse events", "description": "This is the primary outcome.',
    ),
    ("arm.category_contradicts", "ctgov", "PLACEBO_COMPARATOR", "EXPERIMENTAL"),
    (
        "design.model_contradicts_arms",
        "ctgov",
        'RANDOMIZED",\n    "interventionModel": "PARALLEL',
        'NA",\n    "interventionModel": "SINGLE_GROUP',
    ),
    ("design.ratio_contradicts_arms", "lupus", "Allocation 1:1 from", "Allocation 1:1:1 from"),
    (
        "design.blinding_visible",
        "lupus",
        f"Not blinded\n\nBlinding description\n\n{MASKED}",
        "Single blinded\n\nBlinding description\n\nThe patients are blinded to the arm.",
    ),
    ("design.phase_unstated", "ctgov", '"PHASE1"', '"NA"'),
]

CURES = {
    "outcome.level_not_told": ("lupus", "", ""),
    "design.what_zero_excludes": ("lupus", "size: **20**", "size: **200**"),
    "design.what_size_detects": ("lupus", "size: **20**", "size: **200**"),
    "contact.two_affiliations": ("lupus", "Maryam Moghaddam-Matin", "Another Person"),
    "sponsor.primary_unclear": ("fsgs", "", ""),
    "funding.unstated": ("lupus", "Public or private sector\n\nempty", "Public or private sector\n\nPublic"),
    "ethics.elsewhere": ("lupus", "City\n\nTehran\n\nPostal", "City\n\nMashhad\n\nPostal"),
}


def _codes(text, today):
    return {finding.code for finding in find_findings(read_record(text.encode()), today=today)}


def _changed(text, before, after):
    assert before in text, before
    return text.replace(before, after) if before else text


@pytest.mark.parametrize(("code", "name", "before", "after"), FAULTS, ids=[f"{one[0]}-{at}" for at, one in enumerate(FAULTS)])
def test_the_fault_is_found(code, name, before, after, corrected, registered, today):
    """Starting from a corrected record, or from one as it was registered where a fault is made of several places."""
    texts = (
        corrected
        | {f"{one} as registered": text for one, text in registered.items()}
        | {"ctgov": CAREFUL.read_text(encoding="utf-8")}
    )
    assert code in _codes(_changed(texts[name], before, after), today)


@pytest.mark.parametrize("code", [check.code for check in ALL_CHECKS])
def test_a_record_without_the_fault_is_left_alone(code, corrected, today):
    name, before, after = CURES.get(code, ("lupus", "", ""))
    assert code not in _codes(_changed(corrected[name], before, after), today)


def test_every_check_has_a_row():
    assert {check.code for check in ALL_CHECKS} == {row[0] for row in FAULTS}
