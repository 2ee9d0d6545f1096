"""A third trial, plainly invented: drafted, answered, rehearsed, analysed and reported, by the commands that the README prints."""

import io
import json
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from trialwright.cli import main
from trialwright.study.folder import load_study

REPOSITORY = Path(__file__).parents[2]
RECORD = REPOSITORY / "tests" / "draft" / "NCT99999999.json"
ANSWERS = REPOSITORY / "tests" / "draft" / "NCT99999999.answers.toml"
SECTION = "## From a record to a working form in ten minutes"


def run(*words: object) -> tuple[int, str]:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = main([str(word) for word in words])
    return code, out.getvalue()


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a stranger followed the README, filling in the form of questions between the two drafts."""
    here = tmp_path_factory.mktemp("stranger")
    for line in commands():
        words = [str(here / word) if word.startswith("my/") else word for word in line.split()]
        words = [str(RECORD) if word == "tests/draft/NCT99999999.json" else word for word in words]
        if words[0] == "cp":
            assert Path(words[1]).is_file()
            shutil.copy(ANSWERS, words[2])
        elif words[1] != "serve":
            code, said = run(*words[1:])
            assert code == 0, said
    return here


def commands() -> list[str]:
    section = (REPOSITORY / "README.md").read_text("utf-8").split(SECTION)[1]
    block = re.search(r"```\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return block[1].splitlines()


def test_the_readme_goes_from_the_record_to_the_site() -> None:
    assert [line.split()[1] for line in commands() if line.startswith("trialwright")] == [
        "draft",
        "draft",
        "study",
        "rehearse",
        "report",
        "serve",
    ]


def test_the_definition_is_what_the_record_and_the_answers_say(walked: Path) -> None:
    study = load_study(walked / "my" / "studies" / "walks")
    assert [(arm.label.en, arm.kind, arm.planned) for arm in study.arms] == [
        ("Evening walks", "experimental", 6),
        ("Written advice", "control", 6),
    ]
    assert {e.id: e.encounters for e in study.endpoints} == {
        "six_minute_walking_distance": ("week_4", "week_12"),
        "systolic_pressure": ("week_4", "week_12"),
        "adherence": ("week_12",),
        "wellbeing": ("week_12",),
    }
    assert {c.id: c.rule for c in study.criteria} == {
        "age": "age_years >= 30.0 && age_years < 71.0",
        "inclusion_1": "systolic_pressure >= 130.0",
        "inclusion_2": "inclusion_2",
        "exclusion_1": "pregnancy_test == 'positive' || lactating",
        "exclusion_2": "exclusion_2",
    }
    assert study.open_questions() == ()


def test_the_rehearsal_runs_to_its_end_without_a_cell_product(walked: Path) -> None:
    told = json.loads((walked / "my" / "run" / "rehearsal.json").read_text("utf-8"))["rehearsals"]["NCT99999999"]
    assert told["is_finished"] is True
    assert told["allocated"] == 12
    assert told["infused"] == 0


def test_the_one_who_is_not_eligible_fails_by_a_criterion_that_the_investigator_judges(walked: Path) -> None:
    told = json.loads((walked / "my" / "run" / "rehearsal.json").read_text("utf-8"))["rehearsals"]["NCT99999999"]
    assert set(told["refusals"]) & {"criterion.inclusion_2", "criterion.exclusion_2"}


def test_the_analysis_compares_the_arms_and_counts_a_yes_as_one(walked: Path) -> None:
    code, said = run("analyse", walked / "my" / "run", "--json")
    assert code == 0
    results = json.loads(said)["results"]
    found = {endpoint["id"]: endpoint for endpoint in results["endpoints"]}
    assert {one["median"] for one in found["adherence"]["summaries"] if one["observed"]} <= {"0", "1", "0.5"}
    assert results["primary"]["endpoint"] == "six_minute_walking_distance"
    assert set(results["primary"]["compared"]) == {"evening_walks", "written_advice"}


def test_the_report_says_that_it_is_invented(walked: Path) -> None:
    (page,) = (walked / "my" / "report").glob("*.html")
    words = page.read_text("utf-8")
    assert "REHEARSAL" in words
    assert "Six-minute walking distance" in words
