"""The page of a design is only shown by the site: whole inside a study, in everyday words for everyone, and in both languages."""

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from trialwright.analysis.design import design
from trialwright.report.design_document import stored_design
from trialwright.study.folder import load_study
from trialwright.web.stored import StoredPageError, read_design_page, stored_folder

from .conftest import HOME, ClientFor
from .small_home import LUPUS, STUDIES

INSIDE, OUTSIDE = f"/studies/{LUPUS}/design/", f"/trials/{LUPUS}/design/"


@pytest.fixture
def stored() -> Iterator[None]:
    path = stored_folder(HOME, LUPUS) / "design.json"
    path.write_text(json.dumps(stored_design(design(load_study(STUDIES / LUPUS)))), encoding="utf-8")
    yield
    path.unlink()


def test_before_it_is_computed_the_page_says_so(client_for: ClientFor) -> None:
    assert "Not computed yet." in client_for("monitor").get(INSIDE).content.decode()
    assert "Not computed yet." in Client().get(OUTSIDE).content.decode()


@pytest.mark.usefixtures("stored")
def test_a_study_reads_every_statement_with_figure_method_and_source(client_for: ClientFor) -> None:
    page = client_for("investigator").get(INSIDE).content.decode()
    for one in design(load_study(STUDIES / LUPUS)).statements:
        assert f'<section class="panel" id="{one.id}"' in page
    assert page.count("<svg") >= 8
    assert "Lydersen, Fagerland and Laake" in page
    assert " style=" not in page


@pytest.mark.usefixtures("stored")
def test_everyone_reads_everyday_words_without_signing_in(client_for: ClientFor) -> None:
    page = Client().get(OUTSIDE).content.decode()
    assert "harm in up to 31 of 100 cannot be ruled out" in page
    assert "Boschloo" not in page
    assert "noncentral" not in page
    assert OUTSIDE in Client().get(f"/trials/{LUPUS}/").content.decode()
    assert INSIDE in client_for("investigator").get(f"/studies/{LUPUS}/").content.decode()


@pytest.mark.usefixtures("stored")
def test_in_persian_the_page_is_persian(client_for: ClientFor) -> None:
    browser = client_for("coordinator")
    browser.post("/language/", {"language": "fa", "next": INSIDE})
    page = browser.get(INSIDE).content.decode()
    assert '<html lang="fa" dir="rtl">' in page
    assert "مقایسهٔ پاسخ‌دهندگان" in page
    assert "Smallest possible p value" not in page


def test_nobody_learns_of_a_trial_that_is_not_here() -> None:
    assert Client().get("/trials/NOTHING/design/").status_code == 404


def test_a_stored_page_of_another_shape_is_refused_by_its_file() -> None:
    path = stored_folder(HOME, LUPUS) / "design.json"
    path.write_text(json.dumps({"format": 1, "sentences": [], "pages": {"en": {"lead": "x"}}}), encoding="utf-8")
    try:
        with pytest.raises(StoredPageError, match=r"design\.json.*statements"):
            read_design_page(HOME, LUPUS, "en", audience="study")
    finally:
        path.unlink()
