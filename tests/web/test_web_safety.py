"""The list of adverse events: what the safety reference says stands beside a serious one, and the assessment beside that."""

import re

import pytest

from .conftest import ClientFor
from .small_home import LUPUS

BASE = f"/studies/{LUPUS}/"
PAGE = f"{BASE}safety/"
EVENT = f"{BASE}participants/LN-001-R/adverse-event/"


def report(client_for: ClientFor, term: str, grade: str, expected: str) -> None:
    browser = client_for("investigator")
    form = browser.get(EVENT).content.decode()
    day, command = (re.search(rf'name="{name}" value="([^"]+)"', form) for name in ("started_on", "command_id"))
    assert command
    typed = {
        "term": term,
        "description": "as told by the nurse",
        "started_on": day.group(1) if day else "2025-01-20",
        "grade": grade,
        "serious": "yes",
        "related": "unknown",
        "expected": expected,
        "outcome": "ongoing",
        "command_id": command.group(1),
    }
    answer = browser.post(EVENT, typed)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.parametrize(
    ("term", "grade", "expected", "english", "persian"),
    [
        ("chills", "2", "", ("listed in the safety reference", "not assessed yet"), ("مرجع ایمنی", "ارزیابی نشده")),
        ("chills", "3", "no", ("above grade", "assessed as unexpected"), ("بالاتر از درجهٔ", "غیرمنتظره")),
        ("infection", "3", "yes", ("not listed in the safety reference", "assessed as expected"), ("نیامده است", "مورد انتظار")),
    ],
)
def test_the_reference_is_said_beside_the_assessment(
    client_for: ClientFor, term: str, grade: str, expected: str, english: tuple[str, ...], persian: tuple[str, ...]
) -> None:
    report(client_for, term, grade, expected)
    for language, words in (("en", english), ("fa", persian)):
        browser = client_for("monitor")
        browser.post("/language/", {"language": language, "next": PAGE})
        page = browser.get(PAGE).content.decode()
        assert all(word in page for word in words)
