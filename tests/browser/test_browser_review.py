"""A registrant drops a record: with and without scripts, in both languages, on a telephone and on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import LUPUS, STUDIES, Site
from .test_browser_accessibility import overflow, violations

OpenAs = Callable[..., Page]
RECORD = STUDIES / LUPUS / "registered" / "2017-06-03.txt"


def drop(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/review/")
    page.set_input_files("#file", RECORD)
    page.click("main button.primary")
    page.wait_for_selector(".r-mark")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_form_and_the_review_are_accessible(language: str, site: Site, open_as: OpenAs) -> None:
    page = open_as(language=language)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{site.address}/review/")
    found = violations(page)
    drop(page, site)
    assert found + violations(page) == []
    assert said == []


def test_it_works_in_the_dark_on_a_telephone_without_scripts(site: Site, open_as: OpenAs) -> None:
    page = open_as(language="fa", width=320, dark=True, scripts=False)
    drop(page, site)
    wide = page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth")
    assert wide <= 0
    assert page.locator(".r-copy-button").count() == 0


def test_a_wording_is_copied_with_one_press(site: Site, open_as: OpenAs) -> None:
    page = open_as()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.address)
    drop(page, site)
    wording = page.locator(".r-wording").first
    wording.get_by_role("button", name="Copy").click()
    expect(wording.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == wording.locator(".r-paste").inner_text()


def test_a_number_in_the_copy_leads_to_its_finding_and_the_margin_stands_beside(site: Site, open_as: OpenAs) -> None:
    page = open_as()
    page.goto(f"{site.address}/trials/{LUPUS}/review/")
    assert overflow(page) <= 0
    line = page.locator(".r-noted").first
    words, notes = line.locator(".r-text").bounding_box(), line.locator(".r-notes").bounding_box()
    assert notes["x"] >= words["x"] + words["width"]
    page.locator(".r-to").first.click()
    assert page.evaluate("document.querySelector(':target').className").startswith("r-finding")


def test_no_finding_is_cut_by_the_end_of_a_sheet(site: Site, open_as: OpenAs) -> None:
    page = open_as()
    page.goto(f"{site.address}/trials/{LUPUS}/review/")
    page.emulate_media(media="print")
    kept = page.evaluate("[...document.querySelectorAll('.r-finding')].map((one) => getComputedStyle(one).breakInside)")
    assert len(kept) > 20
    assert set(kept) == {"avoid"}
    assert page.locator(".button:visible").count() == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
