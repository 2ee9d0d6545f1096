"""What results propose for SLEDAI-2K: cut-offs on and beside the edge, the time looked back on, judged jugs, limits of the report.

Cut-offs: Gladman 2002, all strict (protein above 0.5 g, more than 5 cells, above 38 degrees, platelets below 100, white cells
below 3).
"""

from datetime import date, timedelta

import pytest
from tests.datasets.trial_builder import TrialBuilder, lupus_study

from trialwright.datasets.proposals import Proposal, find_proposals

VISIT = "month_3"


@pytest.fixture
def builder() -> TrialBuilder:
    made = TrialBuilder(lupus_study())
    made.enrol("LN-1", "control", 1)
    return made


def proposals(builder: TrialBuilder, visit: str = VISIT, *, on: date | None = None, **more: object) -> dict[str, Proposal]:
    study = builder.study
    encounter = study.encounter(visit)
    assert encounter is not None
    day = on or builder.day(visit)
    found = find_proposals(builder.collect(), study, "LN-1", encounter, study.forms["sledai"], on=day, **more)
    return {one.item.removeprefix("sledai_"): one for one in found}


@pytest.mark.parametrize(
    ("form", "items", "item", "present"),
    [
        ("urinalysis", {"urine_rbc": "5"}, "haematuria", False),
        ("urinalysis", {"urine_rbc": "6"}, "haematuria", True),
        ("urinalysis", {"urine_wbc": "5"}, "pyuria", False),
        ("urinalysis", {"urine_wbc": "6"}, "pyuria", True),
        ("vitals", {"temperature": "38.0"}, "fever", False),
        ("vitals", {"temperature": "38.1"}, "fever", True),
        ("blood_safety", {"platelets": "100"}, "thrombocytopenia", False),
        ("blood_safety", {"platelets": "99"}, "thrombocytopenia", True),
        ("blood_safety", {"wbc": "3.0"}, "leukopenia", False),
        ("blood_safety", {"wbc": "2.9"}, "leukopenia", True),
        ("lupus_serology", {"c3": "90", "c3_lln": "90", "c4": "12", "c4_lln": "10"}, "low_complement", False),
        ("lupus_serology", {"c3": "120", "c3_lln": "90", "c4": "9", "c4_lln": "10"}, "low_complement", True),
        ("lupus_serology", {"anti_dsdna": "30", "anti_dsdna_uln": "30"}, "raised_anti_dsdna", False),
        ("lupus_serology", {"anti_dsdna": "31", "anti_dsdna_uln": "30"}, "raised_anti_dsdna", True),
    ],
)
def test_each_item_at_its_edge(builder: TrialBuilder, form: str, items: dict[str, str], item: str, present: bool) -> None:
    builder.form("LN-1", VISIT, form, items)
    found = proposals(builder)
    assert set(found) == {item}
    assert found[item].is_present is present
    assert (found[item].encounter, found[item].on) == (VISIT, builder.day(VISIT))
    assert [one.id for one in found[item].results] == list(items)


@pytest.mark.parametrize(("grams", "present"), [("0.50", False), ("0.51", True)])
def test_protein_of_the_jug_that_counts(builder: TrialBuilder, grams: str, present: bool) -> None:
    builder.jug("LN-1", VISIT, "3.00", judgement="incomplete")
    builder.jug("LN-1", VISIT, grams, repeat=2)
    found = proposals(builder)["proteinuria"]
    assert found.is_present is present
    assert [(one.id, one.value, one.unit) for one in found.results] == [("protein_24h", grams, "g/(24.h)")]


def test_a_jug_that_was_not_judged_complete_proposes_nothing(builder: TrialBuilder) -> None:
    builder.jug("LN-1", VISIT, "3.00", judgement="incomplete")
    assert proposals(builder) == {}


def test_without_the_limit_of_the_report_nothing_is_proposed(builder: TrialBuilder) -> None:
    builder.form("LN-1", VISIT, "lupus_serology", {"c3": "50", "c4": "3", "anti_dsdna": "400", "anti_dsdna_uln": None})
    assert proposals(builder) == {}


def test_what_was_found_within_thirty_days_counts_and_is_named(builder: TrialBuilder) -> None:
    builder.form("LN-1", VISIT, "urinalysis", {"urine_rbc": "12"})
    taken = builder.day(VISIT)
    later = {days: proposals(builder, "month_6", on=taken + timedelta(days=days)) for days in (30, 31)}
    assert later[30]["haematuria"].is_present
    assert (later[30]["haematuria"].encounter, later[30]["haematuria"].on) == (VISIT, taken)
    assert later[31] == {}


def test_one_result_that_shows_it_is_enough_though_a_newer_one_does_not(builder: TrialBuilder) -> None:
    """SLEDAI asks whether it was present at the visit or in the time before it."""
    builder.form("LN-1", "week_1", "urinalysis", {"urine_rbc": "12"})
    builder.form("LN-1", "month_1", "urinalysis", {"urine_rbc": "2"})
    found = proposals(builder, "month_1")["haematuria"]
    assert (found.is_present, found.encounter) == (True, "week_1")


def test_a_result_of_after_the_visit_is_not_looked_at(builder: TrialBuilder) -> None:
    builder.form("LN-1", VISIT, "urinalysis", {"urine_rbc": "12"})
    assert proposals(builder, on=builder.day(VISIT) - timedelta(days=1)) == {}


def test_week_one_looks_back_to_the_planned_day_of_the_cells_only(builder: TrialBuilder) -> None:
    builder.form("LN-1", "week_1", "urinalysis", {"urine_rbc": "12"})
    taken = builder.day("week_1")
    assert "haematuria" in proposals(builder, "week_1", on=taken + timedelta(days=7))
    assert proposals(builder, "week_1", on=taken + timedelta(days=8)) == {}


def test_results_of_visits_that_are_not_to_be_shown_are_left_out(builder: TrialBuilder) -> None:
    builder.form("LN-1", VISIT, "urinalysis", {"urine_rbc": "12"})
    assert proposals(builder, shows=lambda encounter: encounter.id != VISIT) == {}


def test_a_form_without_proposals_gets_none(builder: TrialBuilder) -> None:
    builder.form("LN-1", VISIT, "urinalysis", {"urine_rbc": "12"})
    encounter = builder.study.encounter(VISIT)
    assert encounter is not None
    form = builder.study.forms["vitals"]
    assert find_proposals(builder.collect(), builder.study, "LN-1", encounter, form, on=builder.day(VISIT)) == ()
