"""`trialwright study STUDY --documents DIR`: files that are whole or not there, and none overwritten."""

import json

import pytest

from trialwright.cli import main


def test_both_languages_stand_in_one_folder_and_nothing_is_overwritten(tmp_path, capsys):
    out = tmp_path / "documents"
    assert main(["study", "NCT02382874", "--documents", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["format"] == 1
    assert {path.name for path in out.iterdir()} == {name.rpartition("/")[2] for name in told["files"]}
    assert main(["study", "NCT02382874", "--documents", str(out), "--language", "fa"]) == 0
    assert len(list(out.iterdir())) == 2 * len(told["files"])
    assert main(["study", "NCT02382874", "--documents", str(out)]) == 2
    assert "never overwritten" in capsys.readouterr().err


def test_documents_do_not_go_with_another_look(tmp_path, capsys):
    assert main(["study", "NCT02382874", "--documents", str(tmp_path), "--prove"]) == 2
    assert "do not go together" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["NCT0238287", "nothing"])
def test_an_unknown_study_leaves_no_folder(tmp_path, name):
    assert main(["study", name, "--documents", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
