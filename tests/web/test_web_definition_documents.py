"""The documents of a definition are only served by the site: to whoever sees the study, with nothing in them that runs."""

from collections.abc import Iterator

import pytest
from django.test import Client

from trialwright.report.study_documents.write import write_study_documents
from trialwright.study.folder import load_study
from trialwright.web.stored import stored_folder

from .conftest import HOME, ClientFor
from .small_home import LUPUS, STUDIES

PROTOCOL = f"/studies/{LUPUS}/protocol/"
INDEX = f"{PROTOCOL}documents/{LUPUS}-REHEARSAL-index.html"


@pytest.fixture(scope="module")
def stored() -> Iterator[None]:
    folder = stored_folder(HOME, LUPUS) / "documents"
    folder.mkdir()
    written = write_study_documents(load_study(STUDIES / LUPUS), folder)
    yield
    for path in written:
        path.unlink()
    folder.rmdir()


def test_before_they_are_made_no_link_leads_to_them(client_for: ClientFor) -> None:
    assert "/protocol/documents/" not in client_for("monitor").get(PROTOCOL).content.decode()
    assert client_for("monitor").get(INDEX).status_code == 404


@pytest.mark.usefixtures("stored")
def test_the_protocol_leads_to_them_and_they_lead_to_each_other(client_for: ClientFor) -> None:
    browser = client_for("investigator")
    assert INDEX in browser.get(PROTOCOL).content.decode()
    assert f"{LUPUS}-REHEARSAL-synopsis.html" in browser.get(INDEX).content.decode()
    for name, kind in (("synopsis.html", "text/html"), ("spirit-2025.csv", "text/csv"), ("codebook.pdf", "application/pdf")):
        answer = browser.get(f"{PROTOCOL}documents/{LUPUS}-REHEARSAL-{name}")
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)


@pytest.mark.usefixtures("stored")
def test_nothing_in_them_may_run(client_for: ClientFor) -> None:
    policy = client_for("investigator").get(INDEX)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" not in policy


@pytest.mark.usefixtures("stored")
def test_no_other_file_of_the_installation_is_reached(client_for: ClientFor) -> None:
    for name in ("strip.json", "..%2Fstrip.json", "../strip.json", "..%2Fregistered%2F2017-06-03.txt"):
        assert client_for("investigator").get(f"{PROTOCOL}documents/{name}").status_code == 404


@pytest.mark.usefixtures("stored")
def test_a_visitor_and_a_person_of_another_study_reach_nothing(client_for: ClientFor) -> None:
    assert Client().get(INDEX).url.startswith("/sign-in/?next=")
    assert client_for("stranger").get(INDEX).status_code == 404
