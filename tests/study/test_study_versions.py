"""Versions and builds: an amendment made from a shipped trial is told by meaning; a build may not be one in disguise."""

import shutil
from pathlib import Path

import pytest
from study_trials import FSGS, LUPUS, STUDIES, changed, own_files, trial

from trialwright.study.builds import SEAL, check_build, seal_text
from trialwright.study.describe import window_days
from trialwright.study.errors import StudyError
from trialwright.study.folder import load_study
from trialwright.study.model import Study
from trialwright.study.read import read_study
from trialwright.study.versions import areas, compare_versions
from trialwright.study.versions_printed import describe_comparison, render_comparison

P = "protocol/1.0/"


def amended(study_id: str, *edits: tuple[str, str, str], version: str = "1.1", more: dict[str, str] | None = None) -> Study:
    """The shipped trial as another version, with texts replaced in its files."""
    files = own_files(study_id)
    for name, old, new in edits:
        assert old in files[P + name], old
        files[P + name] = files[P + name].replace(old, new, 1)
    moved = {path.replace(P, f"protocol/{version}/"): text for path, text in files.items()}
    return read_study({**moved, **(more or {})})


MONTH_3 = ("schedule.toml", 'target = "126 d"\nbefore = "7 d"', 'target = "133 d"\nbefore = "7 d"')
BIGGER = (
    ("study.toml", "sample_size = 20", "sample_size = 24"),
    ("study.toml", "planned = 10", "planned = 14"),
)


def test_the_same_version_again_has_no_change() -> None:
    compared = compare_versions(trial(LUPUS), amended(LUPUS))
    assert compared.changes == ()
    assert not compared.is_amendment
    assert not compared.reconsent.needed
    assert compared.registry is None


def test_a_moved_visit_asks_everybody_again_and_updates_the_time_frame() -> None:
    old, new = trial(LUPUS), amended(LUPUS, MONTH_3)
    compared = compare_versions(old, new)
    (change,) = compared.changes
    assert (change.area, change.id, change.field, change.before, change.after) == (
        "encounter",
        "month_3",
        "target",
        "126 d",
        "133 d",
    )
    month_3 = new.encounter("month_3")
    assert month_3 is not None
    assert window_days(month_3)[0] == 133
    assert compared.visits == ("month_3",)
    assert compared.reconsent.arms == ("cells", "control")
    assert compared.reconsent.consent is None  # nobody wrote the new form yet
    assert compared.registry is not None
    assert compared.registry.registry == "irct"
    assert compared.registry.days is None  # no limit was found, and none is invented


def test_a_visit_of_one_arm_asks_that_arm_only() -> None:
    new = amended(LUPUS, ("schedule.toml", 'anchor = "infusion"\ntarget = "1 d"', 'anchor = "infusion"\ntarget = "2 d"'))
    assert compare_versions(trial(LUPUS), new).reconsent.arms == ("cells",)


def test_a_larger_sample_is_told_to_the_registry_and_asks_nobody_again() -> None:
    compared = compare_versions(trial(LUPUS), amended(LUPUS, *BIGGER))
    assert {(change.area, change.field) for change in compared.changes} == {("sample_size", "sample_size"), ("arm", "planned")}
    assert compared.registry is not None
    assert "Sample size" in compared.registry.fields
    assert compared.visits == ()
    assert not compared.reconsent.needed


def test_a_wider_window_moves_a_visit_and_asks_nobody_again() -> None:
    new = amended(LUPUS, ("schedule.toml", 'target = "218 d"\nbefore = "14 d"', 'target = "218 d"\nbefore = "21 d"'))
    compared = compare_versions(trial(LUPUS), new)
    assert compared.visits == ("month_6",)
    assert not compared.reconsent.needed


def test_criteria_endpoints_and_forms_are_told_apart() -> None:
    new = amended(
        FSGS,
        ("eligibility.toml", "upcr > 1.0", "upcr > 2.0"),
        ("endpoints.toml", 'encounters = ["week_2"]', 'encounters = ["week_1", "week_2"]'),
        ("forms/biopsy.toml", 'id = "fsgs_variant"', 'id = "variant"'),
    )
    compared = compare_versions(trial(FSGS), new)
    told = {(c.area, c.id, c.kind) for c in compared.changes}
    assert ("criterion", "upcr_above_1", "changed") in told
    assert ("endpoint", "alt", "changed") in told
    assert {("item", "variant", "added"), ("item", "fsgs_variant", "removed")} <= told
    assert compared.registry is not None
    assert compared.registry.days == 30  # 42 CFR 11.64(a)(1)(ii)(O)
    assert set(compared.registry.fields) == {"Eligibility Criteria", "Outcome Measures"}


def test_a_new_consent_form_for_the_new_version_is_the_one_to_sign() -> None:
    consent = own_files(LUPUS)["consent/1.0/consent.toml"]
    older = consent.replace('version = "1.0"', 'version = "1.0"\nprotocols = ["1.0"]')
    newer = consent.replace('version = "1.0"', 'version = "1.1"\nprotocols = ["1.1"]').replace("2016-12-11", "2018-01-20", 1)
    both = {"consent/1.0/consent.toml": older, "consent/1.1/consent.toml": newer}
    compared = compare_versions(read_study({**own_files(LUPUS), **both}), amended(LUPUS, MONTH_3, more=both))
    assert compared.reconsent.consent == "1.1"
    assert "on consent form 1.1" in render_comparison(compared)


def test_the_comparison_is_printed_in_both_languages() -> None:
    compared = compare_versions(trial(LUPUS), amended(LUPUS, MONTH_3, *BIGGER))
    english, persian = render_comparison(compared), render_comparison(compared, language="fa")
    assert "1.1 against 1.0: 3 changes; an amendment" in english
    assert "Visit month_3: target was 126 d, is 133 d" in english
    assert "Sample size: sample_size was 20, is 24" in english
    assert "there is no consent form for the new version yet" in english.lower()
    assert "اصلاحیهٔ پروتکل" in persian
    assert "رضایت دوباره" in persian
    described = describe_comparison(compared)
    assert described["amendment"] is True
    assert described["visits"] == ["month_3"]


def test_every_area_of_a_definition_has_its_meaning() -> None:
    from trialwright.study.named_facts import named_facts

    for study_id in (LUPUS, FSGS):
        assert {fact.area for fact in named_facts(trial(study_id)).values()} <= set(areas())


BUILDS = [
    (LUPUS, "schedule.toml", 'label = { en = "Week 1", fa', 'label = { en = "Visit at week 1", fa'),
    (LUPUS, "forms/eligibility.toml", 'id = "organ_failure"\n', 'id = "organ_failure"\nhelp = { en = "Ask", fa = "بپرسید" }\n'),
    (LUPUS, "study.toml", "question = ", "answer = "),
]


@pytest.mark.parametrize(("study_id", "file", "old", "new"), BUILDS)
def test_labels_help_and_answers_may_change_in_a_build(study_id: str, file: str, old: str, new: str) -> None:
    build = read_study(changed(study_id, P + file, old, new))
    check_build(trial(study_id), build)
    assert not compare_versions(trial(study_id), build).is_amendment
    assert compare_versions(trial(study_id), build).changes


NO_BUILDS = [
    (LUPUS, "eligibility.toml", "protein_24h > 1.0", "protein_24h > 0.5", "criterion proteinuria"),
    (LUPUS, "schedule.toml", 'target = "42 d"', 'target = "43 d"', "encounter week_1"),
    (LUPUS, "endpoints.toml", 'direction = "higher_is_better"', 'direction = "lower_is_better"', "endpoint gfr"),
    (LUPUS, "study.toml", "cells_per_kg = 2_000_000", "cells_per_kg = 1_000_000", "dose adipose_msc"),
    (LUPUS, "study.toml", 'interventions = ["standard_treatment"]', 'interventions = ["adipose_msc"]', "arm control"),
    (FSGS, "forms/biopsy.toml", 'concept = "fsgs_variant"', 'concept = "ln_class"', "item fsgs_variant"),
]


@pytest.mark.parametrize(("study_id", "file", "old", "new", "fact"), NO_BUILDS)
def test_a_build_that_changes_a_fixed_fact_is_refused_by_its_name_and_line(
    study_id: str, file: str, old: str, new: str, fact: str
) -> None:
    files = changed(study_id, P + file, old, new)
    with pytest.raises(StudyError) as caught:
        check_build(trial(study_id), read_study(files))
    assert caught.value.found.startswith(fact)
    assert caught.value.file == P + file
    assert "amendment" in caught.value.todo
    written = next(
        n
        for n, (a, b) in enumerate(zip(own_files(study_id)[P + file].splitlines(), files[P + file].splitlines(), strict=False), 1)
        if a != b
    )
    assert caught.value.line == written


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(STUDIES / LUPUS, tmp_path / LUPUS))
    (folder / P / SEAL).write_text(seal_text(load_study(folder)), encoding="utf-8")
    return folder


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / P / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sealed_version_reads_as_before_and_a_publication_may_be_added(sealed: Path) -> None:
    edit(sealed, "../../published/ranjbar_2022.toml", "title = ", "# read again\ntitle = ")
    assert load_study(sealed).version == "1.0"


def test_an_edited_file_of_a_sealed_version_is_refused(sealed: Path) -> None:
    edit(sealed, "schedule.toml", "# Day 0", "# The day 0")
    with pytest.raises(StudyError, match=r"1\.0 is sealed as .*Put the files back, or give `build = 1`"):
        load_study(sealed)


def test_an_edited_fact_of_a_sealed_version_is_named(sealed: Path) -> None:
    edit(sealed, "eligibility.toml", "sledai_2k > 8.0", "sledai_2k > 6.0")
    edit(sealed, "study.toml", 'prefix = "LN"', 'prefix = "LN"\nbuild = 1')
    with pytest.raises(StudyError, match="criterion sledai_above_8 is changed"):
        load_study(sealed)


def test_a_build_is_sealed_after_the_first_and_named_with_its_number(sealed: Path) -> None:
    earlier = (sealed / P / SEAL).read_text(encoding="utf-8")
    edit(sealed, "study.toml", 'prefix = "LN"', 'prefix = "LN"\nbuild = 3')
    edit(sealed, "schedule.toml", '"Month 1"', '"Month one"')
    with pytest.raises(StudyError, match=r"build 3 is not sealed"):
        load_study(sealed)
    (sealed / P / SEAL).unlink()
    build = load_study(sealed)
    assert build.version == "1.0+3"
    (sealed / P / SEAL).write_text(seal_text(build, earlier), encoding="utf-8")
    assert load_study(sealed).version == "1.0+3"
    assert (sealed / P / SEAL).read_text(encoding="utf-8").count("[[build]]") == 2


def test_a_field_that_a_later_program_adds_breaks_no_seal(sealed: Path) -> None:
    """What stands at its default is not under the seal: the encounter's `dose` was such a field once."""
    from trialwright.study.named_facts import named_facts

    fact = named_facts(load_study(sealed))["encounter week_1"]
    assert "dose" in fact.fixed
    assert "dose" not in fact.said
    assert fact.said["target"] == "42 d"
