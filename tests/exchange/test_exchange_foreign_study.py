"""A USDM document that another program made: a draft that loads and asks, with the days and forms that the document says."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.exchange.errors import ExchangeError
from trialwright.exchange.usdm.objects import REST
from trialwright.exchange.usdm.read import read_usdm
from trialwright.study.errors import StudyError
from trialwright.study.model import Study


def code(number: str, words: str = "x") -> dict[str, Any]:
    return {"id": f"Code_{number}", "code": number, "decode": words, "instanceType": "Code"}


def instance(name: str, encounter: str, *activities: str, epoch: str = "Epoch_1") -> dict[str, Any]:
    given = {"id": name, "name": name, "epochId": epoch, "encounterId": encounter, "activityIds": list(activities)}
    return given | {"instanceType": "ScheduledActivityInstance"}


def timing(kind: str, value: str, of: str, to: str, window: str = "") -> dict[str, Any]:
    kinds = {"before": "C201357", "after": "C201356", "fixed": "C201358"}
    found = {"type": code(kinds[kind]), "value": value, "relativeFromScheduledInstanceId": of, "relativeToScheduledInstanceId": to}
    return found | {"windowLower": window, "windowUpper": window, "id": f"T_{of}", "instanceType": "Timing"}


def named(kind: str, number: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{kind}_{number}", "name": name, "label": name, "instanceType": kind} | more


def document() -> dict[str, Any]:
    """An invented trial of two arms: screening two weeks before the dose, the dose, and week 4 with two instances."""
    finding = named("Property", 1, "VSORRES", datatype="float", responseCodes=[])
    grade = named(
        "Property",
        2,
        "Grade",
        datatype="string",
        responseCodes=[
            named("ResponseCode", 1, "mild", code=code("A1", "Mild")),
            named("ResponseCode", 2, "severe", code=code("A2", "Severe")),
        ],
    )
    timeline = named(
        "Timeline",
        1,
        "Main",
        mainTimeline=True,
        instances=[
            instance("I1", "Encounter_1", "Activity_1"),
            instance("I2", "Encounter_2", "Activity_1", "Activity_2", epoch="Epoch_2"),
            instance("I3", "Encounter_3", "Activity_1", epoch="Epoch_2"),
            instance("I4", "Encounter_3", "Activity_3", epoch="Epoch_2"),
        ],
        timings=[
            timing("before", "P2W", "I1", "I2"),
            timing("fixed", "P0D", "I2", "I2"),
            timing("after", "P4W", "I3", "I2", "P3D"),
            timing("after", "PT2H", "I4", "I3"),
        ],
    )
    design = named("Design", 1, "Main design") | {
        "arms": [named("Arm", 1, "New drug", type=code("C174266")), named("Arm", 2, "Placebo", type=code("C174268"))],
        "epochs": [named("Epoch", 1, "Screening"), named("Epoch", 2, "Treatment")],
        "encounters": [named("Encounter", 1, "Visit 1"), named("Encounter", 2, "Visit 2"), named("Encounter", 3, "Week 4")],
        "activities": [
            named("Activity", 1, "Weight", biomedicalConceptIds=["BC_1"]),
            named("Activity", 2, "Infusion"),
            named("Activity", 3, "Rash", biomedicalConceptIds=["BC_2"]),
            named("Activity", 4, "Never planned"),
        ],
        "scheduleTimelines": [timeline],
        "eligibilityCriteria": [named("Criterion", 1, "IN01", category=code("C25532"), criterionItemId="Item_1")],
        "objectives": [
            named(
                "Objective",
                1,
                "OBJ1",
                text="To see whether it works",
                level=code("C85826"),
                endpoints=[named("Endpoint", 1, "END1", text="Weight lost", level=code("C94496"))],
            ),
            named("Objective", 2, "OBJ2", text="Nobody measures this", level=code("C85827"), endpoints=[]),
        ],
        "population": named("Population", 1, "P", plannedEnrollmentNumber={"id": "Q1", "value": 21.0, "instanceType": "Quantity"}),
    }
    version = {
        "id": "V1",
        "versionIdentifier": "1",
        "instanceType": "StudyVersion",
        "studyDesigns": [design],
        "titles": [{"id": "T1", "text": "An invented trial", "type": code("C207616"), "instanceType": "StudyTitle"}],
        "eligibilityCriterionItems": [named("Item", 1, "IN01", text="<p>Aged <b>18</b> or more</p>")],
        "biomedicalConcepts": [named("BC", 1, "Weight", properties=[finding]), named("BC", 2, "Grade", properties=[grade])],
        "studyInterventions": [named("Intervention", 1, "New drug", role=code("C41161"))],
        "businessTherapeuticAreas": [code("X")],
        "rationale": "Because",
    }
    return {"study": named("Study", 1, "INV-01") | {"versions": [version]}, "usdmVersion": "4.0.0"}


def read(content: dict[str, Any]) -> Study:
    return read_usdm(json.dumps(content).encode()).study


@pytest.fixture(scope="module")
def study() -> Study:
    return read(document())


def test_it_loads_for_rehearsal_only_and_asks(study: Study) -> None:
    assert study.rehearsal_only
    about = {what for what, _ in study.open_questions()}
    assert about >= {
        "allocation",
        "safety",
        "arm new_drug",
        "intervention new_drug",
        "criterion in01",
        "endpoint end1",
        "primary analysis",
    }


def test_arms_share_the_planned_number(study: Study) -> None:
    assert [(arm.id, arm.kind, arm.planned) for arm in study.arms] == [("new_drug", "experimental", 11), ("placebo", "control", 10)]


def test_days_follow_the_chain_of_timings(study: Study) -> None:
    # by hand: the dose is day 0 of allocation; two weeks before it screening begins; week 4 is day 28 with 3 days either side
    found = [(e.id, e.anchor, e.target / timedelta(days=1), e.after / timedelta(days=1)) for e in study.encounters]
    assert found == [("visit_1", "screening", 0, 0), ("visit_2", "allocation", 0, 0), ("week_4", "allocation", 28, 3)]


def test_two_instances_of_one_encounter_are_one_visit_with_both_forms(study: Study) -> None:
    week_4 = study.encounter("week_4")
    assert week_4 is not None
    assert set(week_4.forms) == {"weight", "rash", "endpoint_results"}


def test_concepts_become_items_and_an_activity_without_one_asks_what_is_collected(study: Study) -> None:
    (weight,), (grade,), (done,) = (study.forms[name].items for name in ("weight", "rash", "infusion"))
    assert weight.concept.kind == "decimal"
    assert [(c.code, c.label.en) for c in grade.concept.choices] == [("A1", "mild"), ("A2", "severe")]
    assert done.concept.kind == "boolean"
    assert done.basis.is_open
    assert "never_planned" not in study.forms


def test_a_criterion_in_words_is_judged_by_the_investigator(study: Study) -> None:
    (criterion,) = study.criteria
    assert (criterion.text.en, criterion.kind, criterion.rule) == ("Aged 18 or more", "inclusion", "meets_in01")
    assert study.forms["eligibility"].item("meets_in01") is not None


def test_an_objective_that_nothing_measures_is_dropped_openly(study: Study) -> None:
    assert [(one.id, bool(one.dropped)) for one in study.outcomes] == [("OBJ1", False), ("OBJ2", True)]


def test_what_is_not_read_is_counted() -> None:
    listed = {one.place for one in read_usdm(json.dumps(document()).encode()).remarks if one.kind == "left_out"}
    assert "StudyVersion.businessTherapeuticAreas" in listed
    assert "StudyVersion.titles" not in listed


def test_two_visits_on_one_day_are_kept_apart_and_asked_about() -> None:
    content = document()
    content["study"]["versions"][0]["studyDesigns"][0]["scheduleTimelines"][0]["timings"][2]["value"] = "P0D"
    encounters = read(content).encounters
    assert encounters[2].target > encounters[1].target
    assert encounters[2].basis.is_open


def test_timings_in_a_ring_end_and_are_asked_about() -> None:
    content = document()
    timings = content["study"]["versions"][0]["studyDesigns"][0]["scheduleTimelines"][0]["timings"]
    timings[1] = timing("after", "P1D", "I2", "I1")
    assert all(one.basis.is_open for one in read(content).encounters)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(one for key, below in inner for one in places(below, (*path, key)))]


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(places(document())[1:]),
    st.sampled_from([None, "", 7, -3, 1e300, True, [], {}, ["a"], {"id": "x"}, "../..", "9" * 30, "\ud800", 'a "quote"\n']),
)
def test_any_one_value_may_be_wrong_and_the_answer_is_a_study_or_a_refusal(path: tuple[Any, ...], value: Any) -> None:
    content = document()
    holder: Any = content
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    with suppress(ExchangeError):
        assert read(content).rehearsal_only


@pytest.mark.parametrize("rest", ["label = 3", "planned = 'many'", "interventions = 4"])
def test_our_own_extension_filled_by_somebody_else_is_refused_in_words(rest: str) -> None:
    content = document()
    extension = {"id": "X", "url": REST, "valueString": rest, "instanceType": "ExtensionAttribute"}
    content["study"]["versions"][0]["studyDesigns"][0]["arms"][0]["extensionAttributes"] = [extension]
    with pytest.raises((ExchangeError, StudyError)):
        read(content)
