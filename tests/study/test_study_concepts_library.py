"""The library of concepts in the columns of CDISC COSMoS: complete, in two languages, each code with where it was read."""

import csv
import re
from dataclasses import fields
from pathlib import Path

import pytest

from trialwright.cli import main
from trialwright.conduct import commands as cm
from trialwright.study.concepts import CONCEPTS_FILE, library_text, read_concepts
from trialwright.study.cosmos import COSMOS_COLUMNS, biomedical_codes, cosmos_rows, described_concepts
from trialwright.terms.units import is_known_unit

CONCEPTS = read_concepts(library_text(CONCEPTS_FILE, {}) or "")
DESCRIBED = described_concepts()
WHO_AND_WHERE = {"site", "participant", "lot", "number"}
NOT_COLLECTED_HERE = {"ReleaseLot.donor", "ReportAdverseEvent.reason", "JudgeDonor.donor", "RegisterDonor.donor"}
COMMANDS = ("RecordConsent", "FailScreening", "OrderDose", "StartInfusion", "CompleteInfusion", "ReportAdverseEvent")
COMMANDS += ("RecordDeviation", "Withdraw", "RegisterDonor", "JudgeDonor", "MakeLot", "RecordReleaseTest", "FillBag")
COMMANDS += ("ReleaseLot", "QuarantineLot", "ThawBag", "DestroyBag")


def test_the_first_columns_are_those_of_cosmos() -> None:
    """Header of export/cdisc_biomedical_concepts_latest.csv, github.com/cdisc-org/COSMoS at 537701e."""
    header = (
        "package_date,short_name,bc_id,ncit_code,parent_bc_id,bc_categories,synonyms,result_scales,definition,system,system_name,code,"
        "dec_id,ncit_dec_code,dec_label,data_type,example_set"
    )
    assert ",".join(COSMOS_COLUMNS) == header


def test_every_concept_of_the_library_is_described() -> None:
    assert {one.concept for one in DESCRIBED} >= set(CONCEPTS)


@pytest.mark.parametrize(
    "form",
    [
        *("demographics", "vitals", "blood_safety", "chemistry", "lupus_serology", "urinalysis", "spot_urine", "urine_24h"),
        *("immunology", "treg", "sledai", "screening_labs", "hla", "hla_antibodies", "infusion_signs", "medication"),
        *("concomitant_medication", "medical_history", "pregnancy", "prior_therapy"),
    ],
)
def test_what_the_trials_collect_has_a_form(form: str) -> None:
    assert [one for one in DESCRIBED if f"form {form}" in one.origin.split(", ")]


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_records_is_described_field_by_field(command: str) -> None:
    asked = {field.name for field in fields(getattr(cm, command))}
    described = {one.concept.partition(".")[2] for one in DESCRIBED if one.origin == f"command {command}"}
    assert described <= asked
    missing = {f"{command}.{name}" for name in asked - described}
    allowed = {f"{command}.{name}" for name in WHO_AND_WHERE} | NOT_COLLECTED_HERE
    assert missing <= allowed


def test_a_code_stands_only_where_its_source_stands() -> None:
    for name, codes in biomedical_codes().items():
        assert bool(codes.bc) == bool(codes.checked), name
        assert not codes.bc or re.fullmatch(r"C\d+", codes.bc), name
        concept = CONCEPTS.get(name)
        assert bool(codes.loinc_checked) == bool(concept and concept.loinc), name
    assert {codes.checked for codes in biomedical_codes().values()} == {"", "cosmos", "ct"}


@pytest.mark.parametrize(
    ("concept", "bc", "testcd"),
    [
        ("creatinine", "C64547", "CREAT"),  # COSMoS CREATSERPL
        ("platelets", "C51951", "PLAT"),  # COSMoS PLATBLD
        ("c3", "C80174", "C3"),  # SDTM CT 2015-12-18, LBTESTCD
        ("anti_dsdna", "C74913", "ADSDNA"),  # the same
        ("protein_24h", "C117848", "PROTEXR"),  # the same
    ],
)
def test_codes_are_those_of_the_public_tables(concept: str, bc: str, testcd: str) -> None:
    row = next(row for row in cosmos_rows() if row["concept"] == concept)
    assert (row["bc_id"], row["sdtm_testcd"]) == (bc, testcd)


def test_urea_in_milligrams_has_the_code_of_a_mass() -> None:
    """LOINC 3091-6 is Urea [Mass/volume] in Serum or Plasma; 22664-7 is [Moles/volume]."""
    assert (CONCEPTS["urea"].unit, CONCEPTS["urea"].loinc) == ("mg/dL", "3091-6")


def test_a_concept_without_a_test_code_names_the_variable_that_holds_it() -> None:
    for row in cosmos_rows():
        assert not (row["sdtm_testcd"] and row["sdtm_variable"]), row["concept"]
        if row["sdtm_variable"] and row["sdtm_domain"] != "DM":
            assert len(row["sdtm_variable"]) > 4, row["concept"]  # a variable, not a made-up code: LBORRES, VSTPT


def test_labels_are_in_both_languages_and_units_are_known() -> None:
    for one in DESCRIBED:
        assert one.label.en, one.concept
        assert re.search(r"[\u0600-\u06ff]", one.label.fa) or one.label.fa == one.label.en, one.concept
        assert not one.unit or is_known_unit(one.unit), one.concept


def test_the_24_sledai_items_have_definitions() -> None:
    items = [one for one in DESCRIBED if one.concept == "sledai_item"]
    assert len(items) == 24
    assert all(one.definition for one in items)


def test_the_command_writes_a_file_that_a_spreadsheet_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "concepts.csv"
    assert main(["study", "--concepts", "--out", str(path)]) == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"{len(rows)} rows" in capsys.readouterr().out
    weight = [row for row in rows if row["concept"] == "weight"]
    assert [row["dec_label"] for row in weight] == ["Observation Result", "Unit of Weight"]
    assert weight[0]["label_fa"] == "وزن"


def test_the_command_prints_how_much_was_checked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", "--concepts"]) == 0
    printed = capsys.readouterr().out
    loinc = len([concept for concept in CONCEPTS.values() if concept.loinc])
    assert f"{loinc} LOINC codes" in printed
    assert "command ReportAdverseEvent" in printed


def test_a_proposal_that_names_nothing_is_refused_with_its_line() -> None:
    from trialwright.study.errors import StudyError
    from trialwright.study.forms import read_form
    from trialwright.study.tables import parse_table

    text = library_text("library/forms/sledai.toml", {}) or ""
    for old, new, words in (
        ('"sledai_2k.fever"', '"sledai_2k.fevre"', 'no finding "sledai_2k.fevre"'),
        ('item = "sledai_fever"\n', 'item = "sledai_fevr"\n', '"sledai_fevr" is no boolean item'),
        ('cause = "sledai_fever_cause"', 'cause = "sledai_fever"', '"sledai_fever" is no choice item'),
        ("{ temperature_cel = ", "{ temperature = ", "inputs temperature"),
    ):
        assert old in text
        with pytest.raises(StudyError, match=r"sledai\.toml:[0-9]+:") as caught:
            read_form(parse_table("library/forms/sledai.toml", text.replace(old, new, 1)), {}, CONCEPTS)
        assert words in str(caught.value)
