"""Every hostile file is refused in words or read rightly, in under 2 seconds of computing and 300 MB, in every form."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.registry import hostile

from trialwright.registry import RecordError, read_file

REPOSITORY = Path(__file__).parents[2]
MAY_BE_READ = {
    "json blanks",
    "json as many as may be",
    "xml as many as may be",
    "print labels",
    "print glue",
    "print inline",
    "print long",
    "listing",
    "listing places",
    "export semicolons",
}
"""Odd, and yet a record: read without a byte changed."""


def run(*arguments):
    command = [sys.executable, "-m", "tests.registry.hostile", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, timeout=300)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("hostile")
    hostile.write_files(found)
    return found


@pytest.fixture(scope="module")
def measured(folder):
    return run(str(folder))


@pytest.mark.parametrize("name", hostile.FILES)
def test_it_is_refused_in_one_sentence_or_read_without_a_change(measured, name):
    (said,) = [said for one, said, _ in measured["found"] if one == name]
    if name in MAY_BE_READ:
        assert said == "read"
    else:
        code, _, sentence = said.removeprefix("refused ").partition(": ")
        assert said.startswith("refused record.")
        assert code.startswith("record.")
        assert len(sentence) > 30
        assert "\n" not in sentence


def test_none_takes_two_seconds_or_300_megabytes(measured):
    slow = {name: seconds for name, _, seconds in measured["found"] if seconds >= 2}
    assert slow == {}
    assert measured["peak_mb"] < 300


def test_a_file_of_gigabytes_is_refused_unread_with_its_size(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(3 * 1024 * hostile.MEGA)
    with pytest.raises(RecordError, match=r"has 3,072.0 MB; one record has at most 50 MB"):
        read_file(path)


def test_a_reader_without_guards_would_not_stay_within_them(folder):
    """The positive control: unpacking what it is given takes more memory than that, and depth ends in an error of the library."""
    found = run(str(folder), "unguarded")
    assert found["peak_mb"] > 300
    assert found["found"] == {"unpacked": 400 * hostile.MEGA, "deep": "RecursionError"}
