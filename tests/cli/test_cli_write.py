"""`trialwright write`: the document is clean, the remarks stand beside it, and nothing is written over."""

import json

from tests.cli.terminal import LUPUS, RECORDS, REPOSITORY, trialwright

RECORD = str(REPOSITORY / "studies" / LUPUS / RECORDS[LUPUS])


def test_the_document_is_the_output_and_the_remarks_are_beside_it():
    said = trialwright("write", RECORD, "--to", "ctgov")
    assert said.code == 0
    assert json.loads(said.out)["protocolSection"]
    assert any("status.recruitment: Recruitment complete" in line for line in said.complaints)


def test_one_object_holds_the_document_and_every_remark():
    content = trialwright("write", RECORD, "--to", "irct", "--json").json
    assert content["form"] == "irct"
    assert content["document"].startswith("Update for the Iranian Registry")
    assert {one["kind"] for one in content["remarks"]} >= {"left_out", "too_long"}
    assert all(one["reason_fa"] for one in content["remarks"])


def test_a_file_that_exists_is_not_written_over(tmp_path):
    out = tmp_path / "record.xml"
    assert trialwright("write", RECORD, "--to", "ictrp", "--out", str(out)).code == 0
    before = out.read_bytes()
    said = trialwright("write", RECORD, "--to", "prs", "--out", str(out))
    assert said.code == 2
    assert "exists already" in said.sentence
    assert out.read_bytes() == before


def test_a_form_that_is_not_written_is_refused_with_the_ones_that_are():
    said = trialwright("write", RECORD, "--to", "pdf")
    assert said.code == 2
    assert "ictrp" in " ".join(said.complaints)
