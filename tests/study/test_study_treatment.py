"""Doses, regimen, allocation, strata, screening, earlier treatment, laboratories, safety reference: what fits, what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from study_trials import FSGS, LUPUS, changed, own_files, trial

from trialwright.study.errors import StudyError
from trialwright.study.read import read_study

P = "protocol/1.0/"
STRATA = """
[[stratum]]
id = "sex"
label = { en = "Sex", fa = "جنس" }
levels = [
  { id = "female", label = { en = "Female", fa = "زن" }, rule = "sex == 'F'" },
  { id = "male", label = { en = "Male", fa = "مرد" }, rule = "sex == 'M'" },
]
"""
METHOD = ("study.toml", 'method = "permuted_blocks"')
DOSE = ("study.toml", "maximum_weight_kg = 100")


def refused(study_id: str, *edits: tuple[str, str, str], more: str = "") -> StudyError:
    files = own_files(study_id)
    for name, old, new in edits:
        path = name if name in files else P + name
        assert old in files[path], old
        files[path] = files[path].replace(old, new, 1)
    files[P + "study.toml"] += more
    with pytest.raises(StudyError) as caught:
        read_study(files)
    assert caught.value.line > 1 or "no levels" in str(caught.value)
    return caught.value


@pytest.mark.parametrize("method", ["big_stick", "maximal_procedure", "complete"])
def test_a_list_of_two_equal_arms_may_be_drawn_by_other_procedures(method: str) -> None:
    study = read_study(changed(LUPUS, P + METHOD[0], METHOD[1], f'method = "{method}"'))
    assert study.allocation.method == method


def test_such_a_procedure_needs_equal_shares() -> None:
    ratio = ("study.toml", "ratio = { cells = 1, control = 1 }", "ratio = { cells = 2, control = 1 }")
    error = refused(LUPUS, (*METHOD, 'method = "big_stick"'), ratio)
    assert "expected two arms in equal shares" in str(error)
    assert error.path == "allocation.method"


def test_minimisation_needs_factors() -> None:
    assert "without factors" in str(refused(LUPUS, (*METHOD, 'method = "minimisation"')))


@pytest.mark.parametrize("method", ["permuted_blocks", "big_stick", "maximal_procedure", "minimisation"])
def test_strata_and_factors_are_read_and_may_be_the_site(method: str) -> None:
    files = own_files(LUPUS)
    files[P + "study.toml"] = files[P + "study.toml"].replace(METHOD[1], f'method = "{method}"\nstratified_by = ["sex"]') + STRATA
    files[P + "study.toml"] = files[P + "study.toml"].replace("sex == 'F'", "site == 'mashhad'")
    study = read_study(files)
    assert study.allocation.stratified_by == ("sex",)
    assert study.strata[0].levels[0].rule == "site == 'mashhad'"


@pytest.mark.parametrize("method", ["permuted_blocks", "minimisation"])
def test_strata_of_unequal_arms_are_refused_in_words(method: str) -> None:
    ratio = ("study.toml", "ratio = { cells = 1, control = 1 }", "ratio = { cells = 2, control = 1 }")
    error = refused(LUPUS, (*METHOD, f'method = "{method}"\nstratified_by = ["sex"]'), ratio, more=STRATA)
    assert f"{method} in strata with 2 arm(s), 2 to 1; this version of the program cannot carry it out" in str(error)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ((*METHOD, 'method = "permuted_blocks"\nstratified_by = ["sex", "sex"]'), "a stratum named twice"),
        ((*METHOD, 'method = "permuted_blocks"\nstratified_by = ["sexes"]'), 'no stratum "sexes". Did you mean "sex"?'),
        ((*METHOD, 'method = "complete"\nstratified_by = ["sex"]'), "strata with complete"),
    ],
)
def test_strata_of_an_allocation(edit: tuple[str, str, str], words: str) -> None:
    assert words in str(refused(LUPUS, edit, more=STRATA))


def test_a_stratum_needs_two_levels_and_rules_over_screening() -> None:
    one = STRATA.replace("""  { id = "male", label = { en = "Male", fa = "مرد" }, rule = "sex == 'M'" },\n""", "")
    assert "1 level(s)" in str(refused(LUPUS, more=one))
    assert "`sexx`, which is not known" in str(refused(LUPUS, more=STRATA.replace("sex == 'F'", "sexx == 'F'")))
    assert "Its choices are F, M" in str(refused(LUPUS, more=STRATA.replace("sex == 'F'", "sex == 'W'")))


def test_each_dose_has_an_encounter_and_may_be_an_anchor() -> None:
    assert 'no encounter "infusions". Did you mean "infusion"?' in str(
        refused(LUPUS, (*DOSE, 'maximum_weight_kg = 100\nencounters = ["infusions"]'))
    )
    after = ("schedule.toml", 'anchor = "infusion"\ntarget = "1 d"', 'anchor = "infusion"\ndose = 2\ntarget = "1 d"')
    error = refused(LUPUS, after)
    assert (error.file, error.path) == (P + "schedule.toml", "encounter[5].dose")
    assert "dose 2; 1 planned" in str(error)
    anchored = ("schedule.toml", 'anchor = "allocation"\ntarget = "42 d"', 'anchor = "allocation"\ndose = 2\ntarget = "42 d"')
    assert "dose 2 with the anchor allocation" in str(refused(LUPUS, anchored))


def test_several_doses_have_anchors_of_their_own_and_are_refused_until_they_are_conducted() -> None:
    """The day after each of two infusions is day 1 of its own dose: no overlap; the refusal is that of the machine."""
    second = """
[[encounter]]
id = "infusion_2"
label = { en = "Second infusion", fa = "تزریق دوم" }
epoch = "treatment"
anchor = "infusion"
target = "30 d"
before = "2 d"
after = "2 d"
arms = ["cells"]
forms = ["vitals"]

[[encounter]]
id = "safety_day_1_b"
label = { en = "Day after the second infusion", fa = "روز پس از تزریق دوم" }
epoch = "treatment"
anchor = "infusion"
dose = 2
target = "1 d"
before = "0 d"
after = "2 d"
arms = ["cells"]
forms = ["vitals"]
"""
    files = changed(LUPUS, P + DOSE[0], DOSE[1], f'{DOSE[1]}\nencounters = ["infusion", "infusion_2"]')
    files[P + "schedule.toml"] += second
    with pytest.raises(StudyError) as caught:
        read_study(files)
    assert "2 doses; this version of the program conducts one infusion a participant" in str(caught.value)
    assert caught.value.path == "intervention[1].dose.encounters"
    files[P + "schedule.toml"] = files[P + "schedule.toml"].replace("dose = 2\n", "")
    with pytest.raises(StudyError, match="the window of safety_day_1_b begins on day 1"):
        read_study(files)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("study.toml", 'intercurrent_event = "rescue_immunosuppression"', 'intercurrent_event = "rescue"', "no intercurrent event"),
        ("study.toml", 'id = "immunosuppressant"', 'id = "prednisolone"', 'two of the kind drug "prednisolone"'),
        ("schedule.toml", 'valid_for = "28 d"', 'valid_for = "20 d"', "the visits before allocation may end on day 24"),
        ("eligibility.toml", 'drug = "prior_drug"', 'drug = "drug"', "no item of prior_therapy"),
        ("eligibility.toml", 'form = "prior_therapy"', 'form = "urine"', "no form of the first epoch"),
        ("eligibility.toml", 'criterion = "refractory"', 'criterion = "resistant"', 'no criterion "resistant"'),
        ("eligibility.toml", 'question = "How long before', 'answer = "How long before', "`at_least` is missing"),
        ("laboratories/central.toml", 'concept = "alt"', 'concept = "altt"', 'Did you mean "alt"?'),
        ("laboratories/central.toml", 'unit = "mg/dL"', 'unit = "umol/L"', 'creatinine is in "mg/dL"'),
        ("laboratories/central.toml", "high = 1.3", "low = 2\nhigh = 1.3", "low 2 is not below high 1.3"),
        ("laboratories/central.toml", "high = 1.3", "", "neither `low` nor `high`"),
        ("safety_reference/1.0/safety_reference.toml", 'term = "fever"', 'term = "fevre"', 'Did you mean "fever"?'),
        ("safety_reference/1.0/safety_reference.toml", "up_to_grade = 2", "up_to_grade = 6", "expected 1 to 5"),
    ],
)
def test_parts_that_do_not_agree_are_refused(file: str, old: str, new: str, words: str) -> None:
    assert words in str(refused(LUPUS, (file, old, new)))


def test_a_laboratory_gives_the_range_in_force_for_a_person() -> None:
    (laboratory,) = trial(FSGS).laboratories
    child = laboratory.range_for("creatinine", on=date(2016, 1, 1), sex="F", age_years=Decimal(6))
    assert child is not None
    assert (child.high, child.unit, child.method) == (Decimal("0.8"), "mg/dL", "Enzymatic, IDMS-traceable")
    assert laboratory.range_for("creatinine", on=date(2016, 1, 1), sex="F", age_years=Decimal(15)) is None
    assert laboratory.range_for("creatinine", on=date(2015, 2, 28), sex="F", age_years=Decimal(6)) is None


def test_a_newer_range_replaces_an_older_one_from_its_day() -> None:
    files = own_files(LUPUS)
    newer = '\n[[range]]\nconcept = "alt"\nunit = "U/L"\nmethod = "IFCC"\nvalid_from = 2018-01-01\nhigh = 35\n'
    files["laboratories/central.toml"] += newer
    (laboratory,) = read_study(files).laboratories

    def limit(on: date) -> Decimal | None:
        found = laboratory.range_for("alt", on=on, sex="M", age_years=Decimal(40))
        return found.high if found else None

    assert limit(date(2017, 12, 31)) == 40
    assert limit(date(2018, 1, 1)) == 35


def test_the_safety_reference_expects_fever_up_to_its_grade() -> None:
    (reference,) = trial(LUPUS).safety_references
    assert reference.expects("fever", 2)
    assert not reference.expects("fever", 3)
    assert not reference.expects("sepsis", 1)


def test_the_regimen_of_the_control_arm_is_data() -> None:
    study = trial(LUPUS)
    (treatment,) = [study.intervention(i) for i in study.arm("control").interventions]
    assert treatment.regimen is not None
    assert {drug.id for drug in treatment.regimen.drugs} == {"prednisolone", "immunosuppressant"}
    assert [rescue.intercurrent_event for rescue in treatment.regimen.rescue] == ["rescue_immunosuppression"]
    assert ("regimen", treatment.regimen.basis) in study.assumptions()


def test_what_earlier_treatment_was_is_collected_in_both_trials() -> None:
    for study_id in (LUPUS, FSGS):
        prior = trial(study_id).prior_therapy
        assert prior is not None
        form = trial(study_id).forms[prior.form]
        assert form.repeats
        assert all(form.item(name) for name in (prior.drug, prior.dose, prior.months, prior.response))
