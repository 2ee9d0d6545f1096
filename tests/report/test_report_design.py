"""The page of a design as HTML, PDF and stored pieces: whole, the same twice, safe, and simulated evidence of both trials."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from trialwright.analysis.design import Evidence, FalseResponses, design
from trialwright.cli import main
from trialwright.report.design_document import gather_evidence, stored_design, write_design
from trialwright.report.design_document.build import build_design
from trialwright.report.design_document.draw import draw_figure
from trialwright.report.design_document.html import render_design_html
from trialwright.study.folder import load_study
from trialwright.terms.sentences import Text

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS, FSGS = (load_study(STUDIES / name) for name in ("IRCT2016090729747N1", "NCT02382874"))
RESPONSES = tuple(
    FalseResponses(
        definition="fpre",
        by=Text(en="Month 6", fa="ماه ۶"),
        drift_sd=drift,
        collected="exact",
        complete=0.01,
        partial=0.05,
        any_response=0.06,
        people=1000,
    )
    for drift in (0.0, 0.15)
)
PAGES = [design(study, evidence=Evidence(responses=RESPONSES)) for study in (LUPUS, FSGS)]


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("page", PAGES)
def test_every_statement_has_its_sentence_figure_numbers_method_and_source(page, language):
    shown = render_design_html(build_design(page, language))
    assert f'<html lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}">' in shown
    for one in page.statements:
        assert f'id="{one.id}"' in shown
        assert one.figure is None or f'id="{one.id}-figure-title"' in shown
    assert shown.count('class="showing-basis"') == len(page.statements)
    assert "<script" not in shown
    assert not re.search(r'(src|href)="(https?:)?//', shown)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("page", PAGES)
def test_every_drawing_is_sound_and_inside_its_frame(page, language):
    """Well-formed, described in words, no number that is none, and every shape within the picture."""
    for one in page.statements:
        if one.figure is None:
            continue
        root = ElementTree.fromstring(draw_figure(one.figure, language, name=one.id))
        assert "nan" not in ElementTree.tostring(root, "unicode").lower()
        width, height = float(root.get("width")), float(root.get("height"))
        names = {child.tag.rpartition("}")[2] for child in root}
        assert {"title", "desc"} <= names
        for line in root.iter("{http://www.w3.org/2000/svg}polyline"):
            for point in line.get("points").split():
                x, y = map(float, point.split(","))
                assert -1 <= x <= width + 1
                assert -1 <= y <= height + 1


def test_persian_figures_have_persian_digits():
    drawn = draw_figure(next(s.figure for s in PAGES[0].statements if s.id == "nothing_seen"), "fa", name="f")
    words = "".join(ElementTree.fromstring(drawn).itertext())
    assert "٪" in words
    assert not re.search(r"[0-9]", words)


def test_the_same_page_gives_the_same_bytes_in_both_languages(tmp_path):
    first = write_design(PAGES[1], tmp_path / "a", languages=("en", "fa"))
    second = write_design(PAGES[1], tmp_path / "b", languages=("en", "fa"))
    assert [path.name for path in first] == [
        "NCT02382874-design.html",
        "NCT02382874-design.pdf",
        "NCT02382874-design-fa.html",
        "NCT02382874-design-fa.pdf",
    ]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert first[1].read_bytes().startswith(b"%PDF")


def test_hostile_words_of_a_definition_are_text():
    arms = tuple(replace(arm, label=Text(en="<script>alert(1)</script>", fa="<b>")) for arm in FSGS.arms)
    page = design(replace(FSGS, arms=arms, title=Text(en="</title><script>", fa="<i>")))
    shown = render_design_html(build_design(page, "en"))
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown


def test_what_is_stored_for_everyone_has_everyday_words_alone():
    stored = stored_design(PAGES[1])
    assert stored["format"] == 1
    for language in ("en", "fa"):
        page = stored["pages"][language]
        assert [one["id"] for one in page["statements"]] == [s.id for s in PAGES[1].statements]
        assert [one["id"] for one in page["everyone"]] == [s.id for s in PAGES[1].statements if s.lay]
        assert all("<table" not in one["html"] and " style=" not in one["html"] for one in page["everyone"])
    assert "harm in up to 52 of 100" in "".join(one["html"] for one in stored["pages"]["en"]["everyone"])


def test_evidence_comes_from_whole_simulated_trials():
    """Five children can never reach .05: no simulated trial rejects. More drift makes more responses out of nothing."""
    found = gather_evidence(FSGS, trials=20, people=2_000)
    assert {one.rejected for one in found.power} == {0.0}
    shares = [one.any_response for one in found.responses]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


def test_a_large_design_is_counted_and_not_simulated():
    found = gather_evidence(LUPUS, n=40, trials=20, people=500)
    assert found.power == ()
    assert len(found.responses) == 6
    assert (
        "not simulated" in next(one for one in design(LUPUS, n=40, evidence=found).statements if one.id == "detectable").method.en
    )


def test_a_study_that_is_not_simulated_says_why():
    found = gather_evidence(replace(FSGS, simulation={}), trials=20)
    assert found.power == found.responses == ()
    assert found.missing is not None
    assert "protein in urine" in found.missing.en
    assert found.missing.en in next(one for one in design(FSGS, evidence=found).statements if one.id == "detectable").method.en


def test_the_command_writes_files_and_refuses_what_is_no_design(tmp_path, capsys):
    study = str(STUDIES / "NCT02382874")
    assert main(["design", study, "--no-simulation", "--n", "12", "--dropout", "25%", "--out", str(tmp_path / "out")]) == 0
    shown = (tmp_path / "out" / "NCT02382874-design.html").read_text("utf-8")
    assert "12 participants, 25 % without a value" in shown
    capsys.readouterr()
    assert main(["design", study, "--language", "both"]) == 2
    assert "--out" in capsys.readouterr().err
    for wrong in (["--n", "0"], ["--dropout", "1"], ["--dropout", "some"]):
        with pytest.raises(SystemExit) as refused:
            main(["design", study, *wrong])
        assert refused.value.code == 2
        assert "whole number" in (said := capsys.readouterr().err) or "share of participants" in said
