"""`check --out`: the review as one file, and nothing overwritten."""

from tests.cli.terminal import LUPUS, trialwright

TODAY = ("--today", "2026-06-12")


def test_the_review_is_written_in_the_language_that_was_asked_for(tmp_path):
    out = tmp_path / "review.html"
    said = trialwright("check", LUPUS, *TODAY, "--out", out, "--language", "fa")
    assert said.code == 1
    page = out.read_text("utf-8")
    assert '<html lang="fa" dir="rtl">' in page
    assert "IRCT2016090729747N1" in page
    assert "matin@um.ac.ir" not in page


def test_the_registrant_may_have_the_contacts(tmp_path):
    trialwright("check", LUPUS, *TODAY, "--out", tmp_path / "r.html", "--contacts")
    assert "matin@um.ac.ir" in (tmp_path / "r.html").read_text("utf-8")


def test_a_file_that_is_there_is_never_overwritten(tmp_path):
    (tmp_path / "review.html").write_text("mine")
    said = trialwright("check", LUPUS, *TODAY, "--out", tmp_path / "review.html")
    assert said.code == 2
    assert "never overwritten" in said.sentence
    assert (tmp_path / "review.html").read_text() == "mine"


def test_another_form_than_html_is_refused_with_the_way_to_paper(tmp_path):
    said = trialwright("check", LUPUS, *TODAY, "--out", tmp_path / "review.pdf")
    assert said.code == 2
    assert "prints it" in said.sentence
    assert list(tmp_path.iterdir()) == []
