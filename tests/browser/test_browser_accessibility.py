"""Every page in both languages: no violation that axe finds, nothing wider than the window, no word from the browser's console."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from .conftest import FSGS, LUPUS, Site

OpenAs = Callable[..., Page]
STUDY_PAGES = ("", "today/", "participants/", "queries/", "safety/", "product/", "protocol/", "design/", "documents/", "audit/")
STEPS = ("consent", "adverse-event", "deviation", "withdrawal", "screening-failure", "query")


def pages_of(site: Site, study: str) -> list[str]:
    return [site.study(study, page) for page in STUDY_PAGES]


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{page.url}: {one['id']}: {one['help']} {[node['html'][:120] for node in one['nodes'][:2]]}" for one in found]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("study", [LUPUS, FSGS])
def test_every_page_of_a_study_is_accessible(study: str, language: str, site: Site, open_as: OpenAs) -> None:
    page = open_as("investigator", language=language)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    found: list[str] = []
    first = ""
    for address in pages_of(site, study):
        page.goto(address)
        found += violations(page)
        if address.endswith("participants/"):
            first = page.locator("tbody th a").first.get_attribute("href") or ""
    page.goto(f"{site.address}{first}")
    found += violations(page)
    for step in STEPS:
        if page.goto(f"{site.address}{first}{step}/").status == 200:
            found += violations(page)
    assert found == []
    assert [line for line in said if "404" not in line] == []


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(
    "address", ["/", f"/trials/{LUPUS}/", f"/trials/{FSGS}/", f"/trials/{LUPUS}/design/", "/sign-in/", "/nothing-here/"]
)
def test_every_page_for_everyone_is_accessible(address: str, language: str, site: Site, open_as: OpenAs) -> None:
    page = open_as(language=language)
    page.goto(f"{site.address}{address}")
    assert violations(page) == []
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "fa" else "ltr")


def test_pages_are_accessible_in_the_dark(site: Site, open_as: OpenAs) -> None:
    page = open_as("coordinator", dark=True)
    found = []
    for address in (*pages_of(site, LUPUS)[:4], f"{site.address}/trials/{LUPUS}/"):
        page.goto(address)
        found += violations(page)
    assert found == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_nothing_is_wider_than_a_telephone(language: str, site: Site, open_as: OpenAs) -> None:
    page = open_as("investigator", language=language, width=320)
    wide = []
    for address in [*pages_of(site, LUPUS), site.study(LUPUS, "participants/LN-001-R/"), f"{site.address}/trials/{LUPUS}/"]:
        page.goto(address)
        if overflow(page) > 0:
            wide.append(f"{address}: {overflow(page)} px too wide")
    assert wide == []
