"""The door for other builders' work: what was taken over, what was not, and nothing half written."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from trialwright.cli import main
from trialwright.exchange.definition import study_tables
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[2] / "studies"
DICTIONARY = """Variable / Field Name,Form Name,Field Type,Field Label,Identifier?
record_id,visit,text,Record,
surname,visit,text,Surname,y
"بهانه",visit,notes,Why,
"""


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    path = tmp_path / "dictionary.csv"
    path.write_text(DICTIONARY, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> tuple[int, str, str]:
    out, complaints = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(complaints):
        code = main(["convert", *map(str, arguments)])
    return code, out.getvalue(), complaints.getvalue()


def test_a_dictionary_gives_forms_and_says_what_it_refused(dictionary: Path, tmp_path: Path) -> None:
    code, out, complaints = run(dictionary, "--out", tmp_path / "forms")
    assert code == 0
    assert "1 form(s) from redcap" in out
    written = {path.relative_to(tmp_path / "forms").as_posix() for path in (tmp_path / "forms").rglob("*.*")}
    assert written == {"concepts.toml", "forms/visit.toml", "remarks.txt"}
    assert "Surname" in complaints
    assert "Surname" not in (tmp_path / "forms/forms/visit.toml").read_text("utf-8")
    assert (tmp_path / "forms/remarks.txt").read_text("utf-8") == complaints


def test_one_object_with_json(dictionary: Path, tmp_path: Path) -> None:
    _, out, complaints = run(dictionary, "--out", tmp_path / "forms", "--json")
    answer = json.loads(out)
    assert (answer["format"], answer["format_of"], complaints) == (1, "redcap", "")
    assert {one["kind"] for one in answer["remarks"]} == {"refused", "left_out", "changed", "question"}
    assert all(one["reason"]["fa"] for one in answer["remarks"])


def test_a_study_goes_out_as_usdm_and_comes_back(tmp_path: Path) -> None:
    code, _, complaints = run(STUDIES / "NCT02382874", "--to", "usdm", "--out", tmp_path / "study.json")
    assert code == 0
    assert "extension attributes" in complaints
    code, out, _ = run(tmp_path / "study.json", "--out", tmp_path / "back")
    assert code == 0
    assert "trialwright study" in out
    assert study_tables(load_study(tmp_path / "back")) == study_tables(load_study(STUDIES / "NCT02382874"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("hello", "no REDCap data dictionary"),
        ("<a/>", "expected ODM"),
        ("{", "not JSON"),
        (DICTIONARY.partition('"')[0], "nothing that can become"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_leaves_nothing(content: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(content, encoding="utf-8")
    code, out, complaints = run(tmp_path / "file", "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert says in complaints
    assert complaints.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_over(dictionary: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    assert run(dictionary, "--out", tmp_path / "full")[0] == 2
    assert run(STUDIES / "NCT02382874", "--to", "usdm", "--out", tmp_path / "full/mine.txt")[0] == 2
    assert (tmp_path / "full/mine.txt").read_text() == "mine"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    code, _, complaints = run(STUDIES / "NCT02382874", "--out", tmp_path / "out")
    assert code == 2
    assert "--to usdm" in complaints
