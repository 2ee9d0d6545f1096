"""`check --corpus`: many files and folders, counts and rates, and refusals that name the file."""

import json
from pathlib import Path

import pytest
from tests.cli.terminal import FSGS, LUPUS, trialwright

TODAY = ("--today", "2026-06-12")


def test_a_folder_of_records_gives_rates() -> None:
    said = trialwright("check", "--corpus", f"studies/{LUPUS}/registered", f"studies/{FSGS}/registered", *TODAY, "--json")
    assert said.code == 0
    told = json.loads(said.out)
    assert (told["format"], told["records"], told["refused"]) == (1, 2, 0)
    (late,) = [
        one for one in told["rates"] if one["code"] == "dates.registered_after_start" and one["registry"] == one["year"] == "all"
    ]
    assert (late["records"], late["of"]) == (1, 1)


def test_what_is_no_record_is_named_and_the_rest_is_counted(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear colleague")
    said = trialwright("check", "--corpus", tmp_path, f"studies/{LUPUS}/registered", *TODAY)
    assert said.code == 0
    assert "1 records read, 1 refused." in said.out
    assert "letter.txt" in said.out


def test_nothing_readable_is_exit_2(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear colleague")
    assert trialwright("check", "--corpus", tmp_path, *TODAY).code == 2


def test_two_records_without_corpus_are_wrong_use() -> None:
    said = trialwright("check", LUPUS, FSGS, *TODAY)
    assert said.code == 2
    assert "--corpus" in said.complaints[0]


def test_out_writes_tables_and_a_page_and_overwrites_nothing(tmp_path: Path) -> None:
    asked = ("check", "--corpus", f"studies/{LUPUS}/registered", *TODAY, "--out", tmp_path / "survey")
    said = trialwright(*asked)
    assert said.code == 0
    names = {path.name for path in (tmp_path / "survey").iterdir()}
    assert names == {"findings.csv", "findings.parquet", "refused.csv", "rates.html", "rates.fa.html"}
    assert all(name in said.out for name in names)
    assert trialwright(*asked).code == 2


def test_an_engine_that_is_not_there_is_said() -> None:
    said = trialwright("check", "--corpus", f"studies/{LUPUS}/registered", *TODAY, "--engine", "abacus")
    assert said.code == 2
    assert "abacus" in said.sentence


def test_without_polars_the_parquet_file_is_missing_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trialwright.checks.corpus.write.find_spec", lambda name: None)
    said = trialwright("check", "--corpus", f"studies/{LUPUS}/registered", *TODAY, "--out", tmp_path / "survey")
    assert said.code == 0
    assert "needs polars" in said.out
    assert not (tmp_path / "survey" / "findings.parquet").exists()
