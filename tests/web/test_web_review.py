"""A record is dropped and comes back annotated; nothing of it is kept, and what is no record is refused in words."""

import json
import logging
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from trialwright.web.review import apart, upload

from .conftest import HOME, ClientFor
from .small_home import LUPUS, STUDIES

RECORD = (STUDIES / LUPUS / "registered" / "2017-06-03.txt").read_bytes()
PHONE, EMAIL = "+98 51 3884 2981", "matin@um.ac.ir"


def dropped(data: bytes = RECORD, name: str = "record.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def files_of(home: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file() and "accounts" not in path.name}


def test_a_visitor_drops_a_record_and_reads_it_annotated() -> None:
    answer = Client().post("/review/", {"file": dropped()})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "316 days after recruitment started" in page
    assert 'class="r-mark"' in page
    assert "</html>" in page
    assert page.count("<html") == 1
    assert PHONE not in page
    assert EMAIL not in page


def test_the_registrant_sees_the_contacts() -> None:
    page = Client().post("/review/", {"file": dropped(), "contacts": "1"}).content.decode()
    assert PHONE in page
    assert EMAIL in page


def test_pasted_text_is_the_same_record() -> None:
    page = Client().post("/review/", {"text": RECORD.decode().replace("\n", "\r\n")}).content.decode()
    assert "316 days after recruitment started" in page


def test_a_persian_reader_gets_persian_findings() -> None:
    browser = Client()
    browser.cookies["trialwright_language"] = "fa"
    page = browser.post("/review/", {"file": dropped()}).content.decode()
    assert 'dir="rtl"' in page
    assert "روز پس از آغاز جذب" in page


def test_the_review_to_keep_is_one_page_without_the_site() -> None:
    answer = Client().post("/review/", {"file": dropped(), "as": "file"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="review.html"'
    page = answer.content.decode()
    assert "<style>" in page
    assert "/static/" not in page


def test_nothing_of_a_record_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    Client().get("/review/")
    before = files_of(HOME)
    with caplog.at_level(logging.DEBUG):
        Client().post("/review/", {"file": dropped(b"\x00 not a record", "secret-name.txt")})
        Client().post("/review/", {"file": dropped(RECORD * 3, "secret-name.txt")})
    assert files_of(HOME) == before
    assert "secret-name" not in caplog.text
    assert "Mesenchymal" not in caplog.text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"Dear colleague, this is a letter.", "not in a form that is read"),
        (b"\x89PNG\r\n", "a picture"),
        (b'{"protocolSection":' + b'{"a":' * 10_000, "levels deep"),
        (b" ", "empty"),
    ],
)
def test_what_is_no_record_is_refused_in_words(data: bytes, words: str) -> None:
    answer = Client().post("/review/", {"file": dropped(data)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Not reviewed" in page
    assert "Iranian registry" in page  # the forms that are read


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(client_for: ClientFor) -> None:
    size = str(6 * upload.MEGABYTE)
    answer = Client().post("/review/", {"file": dropped()}, CONTENT_LENGTH=size)
    assert answer.status_code == 413
    assert "larger than one record may be" in answer.content.decode()
    assert client_for("monitor").post("/review/", {"file": dropped()}, CONTENT_LENGTH=str(51 * upload.MEGABYTE)).status_code == 413


def test_a_file_of_some_megabytes_stays_in_memory(client_for: ClientFor, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*arguments: object, **options: object) -> None:
        raise AssertionError("a temporary file was made")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", never)
    answer = client_for("monitor").post("/review/", {"file": dropped(b"x" * (3 * upload.MEGABYTE))})
    assert answer.status_code == 422


def test_a_long_pasted_text_is_refused_with_the_way_out() -> None:
    answer = Client().post("/review/", {"text": "a" * 2_700_000})
    assert answer.status_code == 413
    assert "Save it as a file" in answer.content.decode()


def test_nothing_chosen_is_said() -> None:
    assert "Choose a file or paste" in Client().post("/review/", {}).content.decode()


def test_a_form_from_elsewhere_is_not_taken() -> None:
    assert Client(enforce_csrf_checks=True).post("/review/", {"text": "x"}).status_code == 403


def test_a_record_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    answer = Client().post("/review/", {"file": dropped()})
    assert answer.status_code == 422
    assert "more time or memory" in answer.content.decode()


def test_who_comes_third_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_WAIT_SECONDS", 0)
    for _ in range(apart.AT_ONCE):
        apart._TURN.acquire()
    try:
        answer = Client().post("/review/", {"file": dropped()})
    finally:
        for _ in range(apart.AT_ONCE):
            apart._TURN.release()
    assert answer.status_code == 503
    assert "Try again in a minute" in answer.content.decode()


def test_many_reviews_from_one_place_are_slowed_down() -> None:
    with override_settings(ACCOUNT_RATE_LIMITS={"review": "2/m/ip"}):
        answers = [Client().post("/review/", {}).status_code for _ in range(3)]
    assert answers == [422, 422, 429]


def test_the_reader_of_a_strangers_file_gets_no_secret() -> None:
    import subprocess
    import sys

    environment = {}
    kept = subprocess.run

    def look(*arguments: object, **options: object) -> object:
        environment.update(options["env"])
        return kept([sys.executable, "-c", ""], capture_output=True, check=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "run", look)
        Client().post("/review/", {"file": dropped()})
    assert environment.keys() == {"PATH", "LANG"}


@pytest.mark.parametrize("address", [f"/trials/{LUPUS}/", f"/studies/{LUPUS}/"])
def test_the_review_of_the_registered_record_is_one_step_away(address: str, client_for: ClientFor) -> None:
    browser = client_for("monitor")
    assert f'href="/trials/{LUPUS}/review/"' in browser.get(address).content.decode()
    page = browser.get(f"/trials/{LUPUS}/review/").content.decode()
    assert "316 days after recruitment started" in page
    assert EMAIL not in page


def test_a_trial_that_is_not_held_has_no_review() -> None:
    assert Client().get("/trials/IRCT20990101000001N1/review/").status_code == 404


@pytest.mark.parametrize("address", ["/", "/studies/"])
def test_both_front_pages_lead_to_the_review(address: str, client_for: ClientFor) -> None:
    assert 'href="/review/"' in client_for("monitor").get(address).content.decode()


def test_a_json_record_is_reviewed_too() -> None:
    record = {"protocolSection": {"identificationModule": {"nctId": "NCT09990002", "briefTitle": "Invented <b>cells</b>"}}}
    page = Client().post("/review/", {"file": dropped(json.dumps(record).encode(), "r.json")}).content.decode()
    assert "Invented &lt;b&gt;cells&lt;/b&gt;" in page
