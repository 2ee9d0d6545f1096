"""Reviews are made in a process of their own, which is handed the record and nothing else.

What a stranger drops may be made to hurt the program that reads it. That program is not this one: it has no secret of the
installation, a limit of memory and of time, and its end takes nothing with it. Two at once; who comes third waits a little.
"""

import json
import os
import subprocess
import sys
import threading
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_noop as n
from markupsafe import Markup

SECONDS = 30
AT_ONCE = 2
_WAIT_SECONDS = 15
_REFUSED = 2
_TURN = threading.BoundedSemaphore(AT_ONCE)


class ReviewError(ValueError):
    """No review was made; `args[0]` is a sentence: of the reader in the page's language, or one of the site's messages."""

    def __init__(self, sentence: str, *, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def make_review_apart(
    data: bytes, *, name: str, language: str, today: date, shows_contacts: bool = False, whole_page: bool = False
) -> Markup:
    """Give the review of a record as markup that a page can hold, or as a whole page to keep.

    Raises: ReviewError for what is no record, takes too long, or comes when too many are being made.
    """
    if not _TURN.acquire(timeout=_WAIT_SECONDS):
        raise ReviewError(n("Several reviews are being made. Try again in a minute."), status=503)
    try:
        answered = _run(data, _arguments(name, language, today, shows_contacts=shows_contacts, whole_page=whole_page))
    finally:
        _TURN.release()
    if answered.returncode == _REFUSED and answered.stdout:
        raise ReviewError(json.loads(answered.stdout)[language], status=422)
    if answered.returncode != 0:
        raise ReviewError(
            n("This file asks for more time or memory than a record needs, and was not reviewed. Take it from the registry again."),
            status=422,
        )
    return Markup(answered.stdout.decode("utf-8"))  # noqa: S704  # rendered by our own template, which escapes every text


@lru_cache(maxsize=32)
def review_of_registered(data: bytes, name: str, language: str, today: date) -> Markup:
    """Give the review of a record that the installation holds; it is made once a day."""
    return make_review_apart(data, name=name, language=language, today=today)


def _arguments(name: str, language: str, today: date, *, shows_contacts: bool, whole_page: bool) -> list[str]:
    asked = [f"--name={name}", "--language", language, "--today", today.isoformat()]
    return [*asked, *(["--contacts"] if shows_contacts else []), *(["--page"] if whole_page else [])]


def _run(data: bytes, arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-m", "trialwright.checks.review", *arguments]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    try:
        return subprocess.run(command, input=data, capture_output=True, env=environment, timeout=SECONDS, check=False)  # noqa: S603  # our own program; no shell, and the name is one argument
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, b"", b"")
