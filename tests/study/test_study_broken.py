"""Parts that do not agree are refused with file, line and remedy (single fields: test_study_every_field)."""

import re
from collections.abc import Iterator

import pytest
from study_trials import BOTH, FSGS, LUPUS, changed, own_files, trial, with_line

from trialwright.study.errors import StudyError
from trialwright.study.read import read_study

P = "protocol/1.0/"
KEY = re.compile(r"^([a-z_]+) = (.+)$")


def keys_of(study_id: str, name: str) -> Iterator[tuple[int, str, str]]:
    """Every key written on one line: (line, key, value)."""
    for number, line in enumerate(own_files(study_id)[f"{P}{name}.toml"].splitlines(), 1):
        if found := KEY.match(line):
            yield number, found.group(1), found.group(2)


def refused(files: dict[str, str]) -> StudyError:
    with pytest.raises(StudyError) as caught:
        read_study(files)
    return caught.value


@pytest.mark.parametrize("name", ["study", "schedule"])
@pytest.mark.parametrize("study_id", BOTH)
def test_an_unclosed_value_is_refused_at_its_line(study_id: str, name: str) -> None:
    file = f"{P}{name}.toml"
    for line, key, _ in keys_of(study_id, name):
        error = refused(with_line(study_id, file, line, f"{key} = @"))
        assert (error.file, error.line) == (file, line), error


REFERENCES = [
    (LUPUS, "study", 'interventions = ["standard_treatment"]', 'interventions = ["placebo"]', 'no intervention "placebo"'),
    (LUPUS, "study", "sample_size = 20", "sample_size = 21", "the arms plan 20"),
    (LUPUS, "study", "ratio = { cells = 1, control = 1 }", "ratio = { cells = 1 }", "expected cells, control"),
    (LUPUS, "study", "ratio = { cells = 1, control = 1 }", "ratio = { cells = 0, control = 1 }", "a share below 1"),
    (LUPUS, "study", 'method = "permuted_blocks"', 'method = "single_arm"', "single_arm with 2 arm"),
    (LUPUS, "study", 'id = "control"', 'id = "cells"', 'two arms "cells"'),
    (LUPUS, "study", 'id = "control"', 'id = "Control arm"', "small letters"),
    (LUPUS, "study", 'kind = "background"', 'kind = "cell_product"', "without a dose"),
    (LUPUS, "schedule", 'epoch = "treatment"', 'epoch = "therapy"', 'no epoch "therapy"'),
    (LUPUS, "schedule", 'arms = ["cells"]', 'arms = ["cell"]', 'no arm "cell"'),
    (
        LUPUS,
        "schedule",
        'forms = ["vitals", "medication", "pregnancy", "infusion_signs"]',
        'forms = ["vitals", "xray"]',
        'no form "xray"',
    ),
    (
        LUPUS,
        "schedule",
        '"hla_antibodies", "infusion_signs"]',
        '"hla_antibodies", "infusion_signs", "xray"]',
        'library has no form "xray"',
    ),
    (LUPUS, "schedule", 'target = "65 d"', 'target = "45 d"', "begins on day 40, that of week_1 ends on day 44"),
    (LUPUS, "schedule", 'target = "65 d"', 'target = "2 months"', 'Write "7 d" or "12 h"'),
    (
        LUPUS,
        "schedule",
        '"demographics", "eligibility", "prior_therapy"',
        '"demographics", "eligibility"',
        "planned at no encounter",
    ),
    (LUPUS, "eligibility", "protein_24h > 1.0", "protein_24h > 1", "decimal point"),
    (LUPUS, "eligibility", "protein_24h > 1.0", "protein > 1.0", "`protein`, which is not known"),
    (LUPUS, "eligibility", "pregnancy_test == 'positive'", "pregnancy_test == 'yes'", "Its choices are negative, positive"),
    (LUPUS, "endpoints", 'concept = "gfr"', 'concept = "gfr_2"', "neither collected nor derived"),
    (LUPUS, "endpoints", 'unit = "g/(24.h)"', 'unit = "mg/d"', 'protein_24h is in "g/(24.h)"'),
    (
        LUPUS,
        "endpoints",
        '"month_9", "month_12"]',
        '"month_9", "month_18"]',
        "form urine_24h, which holds it, is not planned at month_18",
    ),
    (LUPUS, "endpoints", 'encounters = ["baseline_1", "baseline_2"]', 'encounters = ["baseline"]', 'no encounter "baseline"'),
    (
        LUPUS,
        "endpoints",
        'outcome = "Primary outcomes 2"',
        'outcome = "Primary outcomes 1"',
        'no endpoint answers "Primary outcomes 2"',
    ),
    (LUPUS, "endpoints", '"never_infused", "product', '"not_infused", "product', 'no intercurrent event "not_infused"'),
    (LUPUS, "analysis", 'endpoint = "proteinuria"', 'endpoint = "protein"', 'no endpoint "protein"'),
    (LUPUS, "analysis", 'encounter = "month_6"', 'encounter = "month_18"', "no encounter of this endpoint"),
    (LUPUS, "analysis", "alpha = 0.05", "alpha = 5", "between 0 and 1"),
    (LUPUS, "analysis", 'method = "rerandomisation"', 'method = "signed_rank"', "A single arm has signed_rank"),
    (LUPUS, "analysis", 'definition = "ranjbar_2022"', 'definition = "ranjbar"', 'no response definition "ranjbar"'),
    (LUPUS, "analysis", 'by = "month_3"', 'by = "month_4"', 'no encounter "month_4"'),
    (
        LUPUS,
        "safety",
        'special_interest = ["infusion_reaction"',
        'special_interest = ["reaction"',
        'no adverse event term "reaction"',
    ),
    (LUPUS, "simulation", 'default_scenario = "published"', 'default_scenario = "publishd"', 'Did you mean "published"?'),
    (LUPUS, "simulation", "cells = { week_1 = -0.35", "cells = { weak_1 = -0.35", 'no encounter "weak_1". Did you mean "week_1"?'),
    (LUPUS, "safety", "question = ", "answer = ", "`serious_report_hours` is missing"),
    (LUPUS, "forms/biopsy", 'concept = "biopsy_on"', 'concept = "biopsy"', 'no concept "biopsy"'),
    (LUPUS, "forms/biopsy", 'id = "biopsy_on"', 'id = "weight"', '"weight" is already in form'),
    (FSGS, "study", "minimum_age_years = 2", "minimum_age_years = 20", "above the maximum 14"),
    (
        FSGS,
        "forms/biopsy",
        'concept = "fsgs_variant"',
        'concept = "fsgs_variant"\nunit = "mg/dL"',
        'item fsgs_variant has unit "mg/dL"',
    ),
]


@pytest.mark.parametrize(("study_id", "name", "old", "new", "words"), REFERENCES)
def test_parts_that_do_not_agree_are_refused(study_id: str, name: str, old: str, new: str, words: str) -> None:
    error = refused(changed(study_id, f"{P}{name}.toml", old, new))
    assert words in str(error)
    assert error.line > 0
    assert error.todo


def test_the_error_names_the_line_that_is_wrong() -> None:
    file = f"{P}schedule.toml"
    files = changed(LUPUS, file, 'target = "65 d"', 'target = "45 d"')
    wanted = next(n for n, line in enumerate(files[file].splitlines(), 1) if line == 'before = "5 d"')
    error = refused(files)
    assert (error.file, error.line, error.path) == (file, wanted, "encounter[7].before")


def test_a_missing_file_is_named() -> None:
    files = own_files(LUPUS)
    del files[f"{P}safety.toml"]
    error = refused(files)
    assert error.file == f"{P}safety.toml"
    assert "missing" in str(error)


def test_a_file_that_is_no_part_is_named() -> None:
    assert refused(own_files(LUPUS) | {"protocol/1.0/notes.toml": ""}).file == "protocol/1.0/notes.toml"
    assert refused(own_files(LUPUS) | {"readme.txt": ""}).file == "readme.txt"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('volume = "urine_volume", urine', 'volume = "volume", urine', '"volume" is not collected at screening'),
        ('volume = "urine_volume", urine', 'litres = "urine_volume", urine', "protein_24h takes no `litres`"),
        ('volume = "urine_volume", urine', "urine", "protein_24h also needs volume"),
        ('measure = "protein_24h"', 'measure = "protein_48h"', 'no measure "protein_48h"'),
        ('unit = "g/(24.h)"', 'unit = "mg/d"', 'expected "g/(24.h)"'),
    ],
)
def test_a_derivation_that_does_not_fit_its_measure_is_refused(old: str, new: str, words: str) -> None:
    study = trial(LUPUS)
    file = "library/forms/urine_24h.toml"
    assert old in study.files[file]
    error = refused({**study.files, file: study.files[file].replace(old, new, 1)})
    assert error.file == file
    assert words in str(error)


def test_a_check_over_an_item_that_the_form_has_not_is_refused() -> None:
    study = trial(LUPUS)
    file = "library/forms/vitals.toml"
    files = {**study.files, file: study.files[file].replace('items = ["temperature"]', 'items = ["fever"]')}
    assert '"fever" is no item of vitals' in str(refused(files))
