"""A study as USDM and back: the same study; an edit in between wins; and every object is one that USDM knows."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trialwright.exchange.definition import definition_files, study_tables
from trialwright.exchange.errors import ExchangeError
from trialwright.exchange.usdm.conformance import classes, find_faults
from trialwright.exchange.usdm.durations import read_duration, write_duration
from trialwright.exchange.usdm.objects import FILE
from trialwright.exchange.usdm.read import read_usdm
from trialwright.exchange.usdm.write import write_usdm
from trialwright.study.folder import load_study
from trialwright.study.model import Study
from trialwright.study.read import read_study

STUDIES = Path(__file__).parents[2] / "studies"
BOTH = ("IRCT2016090729747N1", "NCT02382874")


@pytest.fixture(scope="module", params=BOTH)
def study(request: pytest.FixtureRequest) -> Study:
    return load_study(STUDIES / request.param)


@pytest.fixture(scope="module")
def lupus() -> Study:
    return load_study(STUDIES / BOTH[0])


def same_but_for_files(first: Study, second: Study) -> bool:
    """Equal in everything but the texts of the files; derivations stand in the order in which forms were read."""
    ordered = [replace(one, derivations=tuple(sorted(one.derivations, key=lambda d: d.id))) for one in (first, second)]
    return replace(ordered[0], files={}, digest="") == replace(ordered[1], files={}, digest="")


def edited(study: Study, change: Callable[[dict[str, Any]], None], *, with_files: bool = True) -> bytes:
    """The document as another program would hand it back after a change."""
    document = json.loads(write_usdm(study).text)
    if not with_files:
        document["study"]["extensionAttributes"] = []
    change(document["study"]["versions"][0])
    return json.dumps(document).encode()


def test_written_and_read_it_is_the_same_study(study: Study) -> None:
    back = read_usdm(write_usdm(study).text.encode(), records=study.records)
    assert back.study == study
    assert back.remarks == ()


def test_the_objects_alone_say_everything(study: Study) -> None:
    back = read_usdm(edited(study, lambda version: None, with_files=False), records=study.records)
    assert same_but_for_files(back.study, study)


def test_the_neutral_tables_say_everything(study: Study) -> None:
    back = read_study(definition_files(study_tables(study)), records=study.records)
    assert same_but_for_files(back, study)


def test_the_same_study_gives_the_same_bytes(lupus: Study) -> None:
    assert write_usdm(lupus).text == write_usdm(load_study(STUDIES / BOTH[0])).text


def test_the_registered_record_with_its_phones_stays_here(lupus: Study) -> None:
    written = write_usdm(lupus)
    record = next(iter(lupus.records.values())).decode("utf-8", errors="replace")
    phones = [word for line in record.splitlines() for word in line.split() if word.startswith("+98") and len(word) > 8]
    assert not any(phone in written.text for phone in phones)
    assert [one.place for one in written.remarks if one.kind == "left_out"] == list(lupus.records)


def test_what_has_no_home_is_listed(lupus: Study) -> None:
    listed = {(one.place, one.words) for one in write_usdm(lupus).remarks if one.kind == "extension"}
    assert listed >= {
        ("EligibilityCriterion", "rule"),
        ("StudyArm", "planned"),
        ("StudyArm", "label.fa"),
        ("StudyVersion", "analysis"),
    }


def test_an_arm_renamed_elsewhere_is_renamed_here(lupus: Study) -> None:
    def change(version: dict[str, Any]) -> None:
        version["studyDesigns"][0]["arms"][1]["label"] = "Usual care"

    back = read_usdm(edited(lupus, change))
    assert back.study.arm("control").label.en == "Usual care"
    assert back.study.arm("control").label.fa == lupus.arm("control").label.fa
    assert [one.place for one in back.remarks if one.kind == "changed"] == ["arm"]


def test_a_visit_moved_elsewhere_is_moved_here(lupus: Study) -> None:
    def change(version: dict[str, Any]) -> None:
        timings = version["studyDesigns"][0]["scheduleTimelines"][0]["timings"]
        next(one for one in timings if one["name"] == "month_3")["value"] = "P127D"

    back = read_usdm(edited(lupus, change)).study.encounter("month_3")
    before = lupus.encounter("month_3")
    assert back is not None
    assert before is not None
    assert (back.target - before.target).days == 1


def test_a_concept_taken_off_an_activity_leaves_the_form(lupus: Study) -> None:
    def change(version: dict[str, Any]) -> None:
        activity = next(one for one in version["studyDesigns"][0]["activities"] if one["name"] == "biopsy")
        activity["biomedicalConceptIds"].remove("BiomedicalConcept_ln_class")

    before = [item.id for item in lupus.forms["biopsy"].items]
    after = [item.id for item in read_usdm(edited(lupus, change)).study.forms["biopsy"].items]
    assert "ln_class" in before
    assert after == [name for name in before if name != "ln_class"]


def test_a_criterion_reworded_elsewhere_keeps_its_rule(lupus: Study) -> None:
    def change(version: dict[str, Any]) -> None:
        version["eligibilityCriterionItems"][0]["text"] = "<p>Protein &gt; 1 g</p>"

    first = read_usdm(edited(lupus, change)).study.criteria[0]
    assert (first.text.en, first.rule) == ("Protein > 1 g", lupus.criteria[0].rule)


def test_every_object_is_one_that_usdm_knows(study: Study) -> None:
    assert list(find_faults(write_usdm(study).document)) == []


def test_rules_of_the_standard_that_hold(study: Study) -> None:
    """Held by hand because CDISC's engine counts some rows twice: DDF00084, 00100, 00052, 00027 and 00093."""
    (version,) = write_usdm(study).document["study"]["versions"]
    (design,) = version["studyDesigns"]
    assert [one["level"]["code"] for one in design["objectives"]].count("C85826") == 1
    assert len({title["type"]["code"] for title in version["titles"]}) == len(version["titles"])
    assert all(len(one["code"].get("standardCodeAliases", [])) <= 1 for one in version["biomedicalConcepts"])
    for linked in ("activities", "encounters", "epochs", "eligibilityCriteria"):
        ids = [one["id"] for one in design[linked]]
        assert [one["nextId"] for one in design[linked]] == [*ids[1:], None]
        assert [one["previousId"] for one in design[linked]] == [None, *ids[:-1]]
    assert "dateValues" not in version


def _arm(document: dict[str, Any]) -> dict[str, Any]:
    arm: dict[str, Any] = document["study"]["versions"][0]["studyDesigns"][0]["arms"][0]
    return arm


DAMAGE: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "unknown attribute": (lambda d: _arm(d).update(colour="red"), "has no attribute colour"),
    "unknown class": (lambda d: _arm(d).update(instanceType="Group"), "no class Group"),
    "required missing": (lambda d: _arm(d).pop("type"), "type is required"),
    "wrong kind": (lambda d: _arm(d).update(name=3), "3 is no string"),
    "list for one": (lambda d: _arm(d).update(name=["a"]), "one value is expected"),
    "one for list": (lambda d: _arm(d).update(populationIds="x"), "a list is expected"),
    "id twice": (lambda d: _arm(d).update(id="StudyArm_control"), "two objects have the id StudyArm_control"),
    "reference to nothing": (lambda d: _arm(d).update(populationIds=["nobody"]), "nobody is no"),
    "wrong object": (lambda d: _arm(d).update(type=_arm(d) | {"id": "other"}), "a Code is expected"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_the_conformance_check_finds(damage: str, lupus: Study) -> None:
    change, says = DAMAGE[damage]
    document = deepcopy(dict(write_usdm(lupus).document))
    change(document)
    assert any(says in fault for fault in find_faults(document))


def test_the_table_of_classes_is_that_of_the_standard() -> None:
    # read off dataStructure.yml of USDM v4.0.0 by hand: three attributes of three classes
    arm, timing, estimand = classes()["StudyArm"], classes()["Timing"], classes()["Estimand"]
    assert (arm["type"].types, arm["type"].is_required, arm["type"].is_list) == (("Code",), True, False)
    assert timing["relativeFromScheduledInstanceId"].types == ("ScheduledActivityInstance", "ScheduledDecisionInstance")
    assert (estimand["intercurrentEvents"].is_required, estimand["intercurrentEvents"].is_list) == (True, True)


@pytest.mark.parametrize(
    ("text", "days"), [("P7D", 7), ("P2W", 14), ("PT12H", 0.5), ("P1DT12H", 1.5), ("P1Y", 365.25), ("P0D", 0), ("PT4H", 4 / 24)]
)
def test_durations_are_iso_8601(text: str, days: float) -> None:
    found = read_duration(text)
    assert found is not None
    assert found.total_seconds() == days * 86_400
    assert read_duration(write_duration(found)) == found


@pytest.mark.parametrize("text", ["", "P", "7D", "PD", "P7X", "P-7D", "P99999999D"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert read_duration(text) is None


WHOLE = b'{"study": {"versions": []}, "usdmVersion": "4.0.0"}'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "not JSON"),
        (b'{"study": {}, "study": {}}', '"study" stands twice'),
        (b"[" * 100_000, "deep"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "deep"),
        (b'{"study": NaN}', "NaN is no number"),
        (b'{"study": ' + b"9" * 5000 + b"}", "5000 digits"),
        (b"\xff{}", "not UTF-8"),
        (b"[]", 'without a "study" object'),
        (WHOLE.replace(b"4.0.0", b"3.0.0"), "usdmVersion is 3.0.0"),
        (WHOLE, "no study version with a study design"),
        (WHOLE.replace(b"[]", b'[{"studyDesigns": [{"arms": 7}]}]'), "has no arms"),
    ],
)
def test_hostile_json_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(ExchangeError) as refusal:
        read_usdm(content)
    assert says in refusal.value.sentence
    assert refusal.value.fa != refusal.value.sentence


def test_a_broken_extension_is_refused_and_named(lupus: Study) -> None:
    def change(version: dict[str, Any]) -> None:
        version["extensionAttributes"][0]["valueString"] = "this is = = no TOML"

    with pytest.raises(ExchangeError, match="extension attribute"):
        read_usdm(edited(lupus, change))


def test_the_files_go_along_as_they_are(lupus: Study) -> None:
    kept = {one["url"].removeprefix(FILE): one["valueString"] for one in write_usdm(lupus).document["study"]["extensionAttributes"]}
    assert kept == lupus.files
