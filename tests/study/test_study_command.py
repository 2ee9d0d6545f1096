"""`trialwright study` and the ways it looks at a definition."""

import json
import shutil
from pathlib import Path

import pytest
from study_trials import LUPUS, STUDIES

from trialwright.cli import main

FOLDER = str(STUDIES / LUPUS)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STUDIES / LUPUS, tmp_path / LUPUS))


def test_the_definition_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", FOLDER]) == 0
    printed = capsys.readouterr().out
    for part in ("Arms", "Regimen", "Screening", "Schedule of activities", "Laboratories", "Safety reference", "Open questions"):
        assert part in printed
    assert "Prednisolone" in printed


def test_two_versions_are_compared(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = copied / "protocol/1.1"
    shutil.copytree(copied / "protocol/1.0", newer)
    text = (newer / "schedule.toml").read_text(encoding="utf-8")
    (newer / "schedule.toml").write_text(text.replace('target = "126 d"', 'target = "133 d"'), encoding="utf-8")
    assert main(["study", str(copied), "--diff", "1.0", "1.1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["format"] == 1
    assert said["visits"] == ["month_3"]
    assert main(["study", str(copied), "--diff", "1.0", "2.0"]) == 2
    assert "no protocol version 2.0" in capsys.readouterr().err


def test_rules_are_proved_and_a_slip_is_exit_code_1(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", str(copied), "--prove"]) == 0
    path = copied / "protocol/1.0/eligibility.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('rule = "sledai_2k > 8.0"', 'rule = "sledai_2k >= 8.0"'), encoding="utf-8")
    capsys.readouterr()
    assert main(["study", str(copied), "--prove"]) == 1
    assert "WRONG: expected false" in capsys.readouterr().out


def test_an_endpoint_is_said_for_each_reader(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", FOLDER, "--endpoint", "proteinuria", "--language", "fa"]) == 0
    assert "برآوردنی" in capsys.readouterr().out
    assert main(["study", FOLDER, "--endpoint", "protein"]) == 2
    assert "it has proteinuria, gfr, sledai" in capsys.readouterr().err


def test_a_version_is_sealed_and_an_edit_refused(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", str(copied), "--seal"]) == 0
    assert main(["study", str(copied)]) == 0
    path = copied / "protocol/1.0/endpoints.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"month_9", "month_12"]', '"month_12"]', 1), encoding="utf-8")
    assert main(["study", str(copied)]) == 2
    assert "endpoint proteinuria is changed; a build may change labels, checks and help only" in capsys.readouterr().err


def test_a_sealed_version_keeps_the_library_that_it_was_sealed_with(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", str(copied), "--seal"]) == 0
    kept = copied / "protocol/1.0/library/forms/vitals.toml"
    kept.write_text(kept.read_text(encoding="utf-8").replace("temperature <= 38.0", "temperature <= 37.5"), encoding="utf-8")
    assert main(["study", str(copied)]) == 2
    assert "1.0 is sealed as" in capsys.readouterr().err


def test_schemas_are_written_for_an_editor(tmp_path: Path) -> None:
    assert main(["study", "--schema", "--out", str(tmp_path)]) == 0
    written = {path.name for path in tmp_path.iterdir()}
    assert {"study.schema.json", "schedule.schema.json", "form.schema.json", "laboratory.schema.json"} <= written


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name a study"),
        ([FOLDER, "--prove", "--seal"], "do not go together"),
        ([FOLDER, "--out", "x"], "--out goes with --schema"),
    ],
)
def test_wrong_use_is_one_sentence(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["study", *arguments]) == 2
    assert words in capsys.readouterr().err
