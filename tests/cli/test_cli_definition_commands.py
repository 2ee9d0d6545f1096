"""What needs no run: read, check, study, design, simulate, merge, compare and measures, on both trials."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from tests.cli.terminal import BOTH, FSGS, LUPUS, RECORDS, trialwright

from trialwright.cli import COMMANDS

# DESIGN, "The command line": the keys of a finding.
FINDING = {"code", "severity", "places", "message", "rule", "source", "todo", "wording"}
CORRECTED = {LUPUS: "corrected_lupus.toml", FSGS: "corrected_fsgs.toml"}
TODAY = ("--today", "2026-06-12")


def record_of(study: str) -> Path:
    return Path("studies") / study / RECORDS[study]


@pytest.mark.parametrize("study", BOTH)
def test_reading_a_record_accounts_for_every_line(study: str) -> None:
    said = trialwright("read", record_of(study))
    assert said.code == 0
    assert said.complaints == ()
    assert str(record_of(study)) in said.out.splitlines()[0]
    assert len(said.out.splitlines()) > 30


@pytest.mark.parametrize("study", BOTH)
def test_a_record_as_json_keeps_the_raw_words_of_each_field(study: str) -> None:
    record = trialwright("read", record_of(study), "--json").json
    text = record_of(study).read_text("utf-8")
    words = [field["raw"] for field in record["fields"] if field["raw"]]
    assert len(words) > 20
    assert all(word in text for word in words)


@pytest.mark.parametrize("study", BOTH)
@pytest.mark.parametrize("named", ["id", "folder", "file"])
def test_check_finds_faults_in_both_records_and_exits_1(study: str, named: str) -> None:
    what = {"id": study, "folder": Path("studies") / study, "file": record_of(study)}[named]
    said = trialwright("check", what, *TODAY)
    assert said.code == 1
    assert said.complaints == ()
    shown = re.search(r": (\d+) findings$", said.out.splitlines()[0])
    assert shown is not None
    assert int(shown[1]) == said.out.count("    do: ")


@pytest.mark.parametrize("study", BOTH)
def test_findings_as_json_say_where_what_why_and_what_to_do(study: str) -> None:
    said = trialwright("check", study, *TODAY, "--json")
    assert said.code == 1
    assert said.json["findings"]
    for finding in said.json["findings"]:
        assert set(finding) - {"message_fa", "rule_fa", "todo_fa"} == FINDING
        assert finding["severity"] in ("error", "warning", "note")
        assert all({"path", "text"} <= set(place) for place in finding["places"])
        assert finding["places"]


@pytest.mark.parametrize("study", BOTH)
def test_check_of_a_corrected_record_exits_0(study: str, tmp_path: Path) -> None:
    text = record_of(study).read_text("utf-8")
    pairs = tomllib.loads((Path("tests/checks") / CORRECTED[study]).read_text("utf-8"))["replace"]
    for before, after in pairs:
        text = text.replace(before, after)
    corrected = tmp_path / "corrected.txt"
    corrected.write_text(text, "utf-8")
    said = trialwright("check", corrected, *TODAY)
    assert (said.code, said.complaints) == (0, ())
    assert "ERROR" not in said.out


def test_check_of_a_study_takes_its_newest_registered_record(tmp_path: Path) -> None:
    (tmp_path / "protocol").mkdir()
    (tmp_path / "registered").mkdir()
    text = record_of(LUPUS).read_text("utf-8")
    for name in ("2017-06-03.txt", "2018-01-02.txt", "undated-1.txt"):
        (tmp_path / "registered" / name).write_text(text, "utf-8")
    assert "2018-01-02.txt" in trialwright("check", tmp_path, *TODAY).out.splitlines()[0]


@pytest.mark.parametrize("study", BOTH)
@pytest.mark.parametrize("command", ["study", "design", "compare"])
def test_a_study_is_found_by_id_and_by_folder_alike(command: str, study: str) -> None:
    by_id, by_folder = trialwright(command, study), trialwright(command, Path("studies") / study)
    assert (by_id.code, by_id.complaints) == (0, ())
    assert by_id == by_folder
    assert len(by_id.out) > 500


@pytest.mark.parametrize("study", BOTH)
def test_the_definition_as_json_has_arms_schedule_endpoints_and_questions(study: str) -> None:
    told = trialwright("study", study, "--json").json
    assert told["id"] == study
    assert {"arms", "schedule", "endpoints", "assumptions", "questions"} <= set(told)
    assert len(told["arms"]) == {LUPUS: 2, FSGS: 1}[study]
    assert told["questions"]


@pytest.mark.parametrize("study", BOTH)
@pytest.mark.parametrize("command", ["design", "compare"])
def test_what_a_design_shows_and_what_was_compared_come_as_json(command: str, study: str) -> None:
    told = trialwright(command, study, "--json").json
    assert study in json.dumps(told)


def test_what_a_design_shows_is_said_in_persian_too() -> None:
    said = trialwright("design", LUPUS, "--language", "fa")
    assert said.code == 0
    assert len(re.findall(r"[\u0600-\u06ff]", said.out)) > 500


@pytest.mark.parametrize("study", BOTH)
def test_the_same_seed_simulates_the_same_bytes_and_another_seed_others(study: str) -> None:
    asked = ("simulate", study, "--trials", 64, "--scenario", "null", "--json", "--seed")
    first, again, other = (trialwright(*asked, seed) for seed in (1, 1, 2))
    assert first.json["trials"] == 64
    assert first.out == again.out
    assert first.json["results"] != other.json["results"]


@pytest.mark.parametrize("study", BOTH)
def test_shards_merged_in_any_order_are_the_bytes_of_one_run(study: str, tmp_path: Path) -> None:
    asked = ("simulate", study, "--trials", 600, "--seed", 3, "--scenario", "null", "--json")
    for part in (1, 2, 3):
        (tmp_path / f"{part}.json").write_text(trialwright(*asked, "--shard", f"{part}/3").out, "utf-8")
    merged = trialwright("merge", study, *(tmp_path / f"{part}.json" for part in (3, 1, 2)), "--json")
    assert merged.code == 0, merged
    assert merged.out == trialwright(*asked).out


def test_a_missing_shard_is_noticed(tmp_path: Path) -> None:
    part = tmp_path / "1.json"
    asked = ("simulate", FSGS, "--trials", 600, "--scenario", "null", "--shard", "1/2", "--json")
    part.write_text(trialwright(*asked).out, "utf-8")
    said = trialwright("merge", FSGS, part)
    assert said.code == 2
    assert "give each shard once" in said.sentence


def test_the_measures_are_listed_each_with_its_source() -> None:
    measures = trialwright("measures", "--json").json["measures"]
    ids = [measure["id"] for measure in measures]
    assert {"ckdepi_2021_cr", "sledai_2k"} <= set(ids)
    assert all(measure["source"] for measure in measures)
    assert [line.split()[0] for line in trialwright("measures").out.splitlines()] == ids


def test_one_measure_is_shown_with_its_source() -> None:
    assert "Inker" in trialwright("measures", "ckdepi_2021_cr").out
    assert len(trialwright("measures", "ckdepi_2021_cr", "--json").json["measures"]) == 1


def test_a_batch_answers_line_for_line_and_a_bad_line_stops_nobody(tmp_path: Path) -> None:
    """142 × (1.0/0.7)^-1.2 × 0.9938^50 × 1.012 = 68.6 (Inker et al., N Engl J Med 2021;385:1737, by pocket calculator)."""
    batch = tmp_path / "batch.jsonl"
    inputs = {"creatinine": {"value": "1.0", "unit": "mg/dL"}, "age_years": {"value": "50", "unit": "a"}, "sex": "F"}
    batch.write_text(json.dumps({"measure": "ckdepi_2021_cr", "inputs": inputs}) + "\nnot json\n", "utf-8")
    said = trialwright("measures", "--batch", batch)
    first, second = (json.loads(line) for line in said.out.splitlines())
    assert said.code == 0
    assert float(first["value"]) == pytest.approx(68.6, abs=0.05)
    assert (second["value"], second["refusal"]["code"]) == (None, "batch.not_json")
    assert trialwright("measures", "--batch", batch, "--json").json["results"] == [first, second]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_an_example(command: str) -> None:
    said = trialwright(command, "--help")
    assert (said.code, said.complaints) == (0, ())
    assert f"example:\n  trialwright {command} " in said.out


def test_the_overview_names_every_command_and_the_version_is_said() -> None:
    overview = trialwright("--help")
    assert overview.code == 0
    assert all(re.search(rf"^  {command} ", overview.out, re.MULTILINE) for command in COMMANDS)
    assert trialwright().code == 2
    assert re.fullmatch(r"trialwright \d+\.\d+\.\d+\n", trialwright("--version").out)
