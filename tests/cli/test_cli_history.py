"""`trialwright history`: two versions as a person names them, ordered by their own dates, and the refusals in words."""

from pathlib import Path

import pytest
from tests.cli.terminal import LUPUS, RECORDS, REPOSITORY, trialwright

RECORD = REPOSITORY / "studies" / LUPUS / RECORDS[LUPUS]


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """A later version, with its day and another target."""
    text = RECORD.read_text(encoding="utf-8")
    text = text.replace("Last update:", "Last update: **2018-01-02, 1396/10/12**").replace("**20**", "**40**")
    path = tmp_path / "later.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_change_is_told_with_both_places_and_when_it_was_made(later: Path) -> None:
    said = trialwright("history", str(later), str(RECORD), "--today", "2026-06-12")
    assert said.code == 0
    assert f"{RECORD} → {later}: 1 substantive" in said.out
    assert "substantive: The target was 20 participants and is 40.  [sample_size.target]" in said.out
    assert "after enrolment began" in said.out


def test_one_object_has_every_change_in_both_languages(later: Path) -> None:
    content = trialwright("history", str(RECORD), str(later), "--json").json
    assert content["ordered_by"] == "dates"
    (change,) = content["steps"][0]["changes"]
    assert (change["code"], change["kind"], change["after_enrolment"]) == ("sample_size.target", "substantive", "yes")
    assert "شمار هدف" in change["message_fa"]
    assert change["before"][0]["path"] == "design.sample_size.target"


def test_the_same_record_twice_has_no_change() -> None:
    assert "no change" in trialwright("history", str(RECORD), str(RECORD)).out


def test_one_version_alone_and_a_file_that_is_not_there_are_refused_in_words(tmp_path: Path) -> None:
    assert "two or more" in trialwright("history", str(RECORD)).sentence
    said = trialwright("history", str(RECORD), str(tmp_path / "none.txt"))
    assert said.code == 2
    assert "no such file" in said.sentence
