"""What a role may not see or do it cannot reach by its address either: every route, every role, from one table."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from trialwright.conduct.people import ROLES
from trialwright.conduct.policy import command_rules, view_rules
from trialwright.web.trials import find_trial

from .conftest import ClientFor
from .small_home import LUPUS, make_small_home

ACCOUNT_ROUTES = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reauthenticate",
    "account_change_password",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}
PUBLIC = {"trials", "trial", "language", "review", "trial-review", "trial-design"}
SIGNED_IN = {"studies"}
# route: the row of the policy that opens it; a view of the policy, or a command that begins with a capital letter
ASKS = {
    "study": "study",
    "today": "participants",
    "participants": "participants",
    "screen": "ScreenParticipant",
    "participant": "participants",
    "queries": "queries",
    "safety": "safety",
    "product": "product",
    "protocol": "study",
    "design": "study",
    "documents": "site_documents",
    "audit": "audit",
    "product-donor": "RegisterDonor",
    "product-donor-judgement": "JudgeDonor",
    "product-lot": "MakeLot",
    "product-test": "RecordReleaseTest",
    "product-bag": "FillBag",
    "product-release": "ReleaseLot",
    "product-thaw": "ThawBag",
    "product-quarantine": "QuarantineLot",
    "product-destruction": "DestroyBag",
    "step-consent": "RecordConsent",
    "step-eligibility": "ConfirmEligibility",
    "step-screening-failure": "FailScreening",
    "step-allocation": "Allocate",
    "step-dose": "OrderDose",
    "step-adverse-event": "ReportAdverseEvent",
    "step-query": "OpenQuery",
    "step-answer": "AnswerQuery",
    "step-close-query": "CloseQuery",
    "step-deviation": "RecordDeviation",
    "step-withdrawal": "Withdraw",
    "step-lock": "LockParticipant",
    "step-unlock": "UnlockParticipant",
}
OWN_FOLDERS = {"form", "bedside", "judge", "check", "definition"}  # pages with a table of their own


def routes(patterns: object = None) -> Iterator[URLPattern]:
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from routes(one.url_patterns)


def address(route: str) -> str:
    known = {"study": LUPUS, "participant": "LN-001-R"}
    names = next(pattern for pattern in routes() if pattern.name == route).pattern.converters
    return reverse(route, kwargs={name: known[name] for name in names})


def roles_of(asked: str) -> tuple[str, ...]:
    return (command_rules() if asked[0].isupper() else view_rules())[asked].roles


def body(answer: HttpResponse, asked: str) -> str:
    """A page without what was asked for and without its one-time form tokens."""
    return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode()).replace(asked, "")


def test_the_table_holds_every_route() -> None:
    named = {route.name for route in routes() if route.name.partition("-")[0] not in OWN_FOLDERS}
    assert named == ACCOUNT_ROUTES | PUBLIC | SIGNED_IN | ASKS.keys()


def test_every_view_says_what_it_asks() -> None:
    for route in routes():
        if route.name in ACCOUNT_ROUTES:
            continue
        requirement = route.callback.requirement
        expected = "public" if route.name in PUBLIC else "account" if route.name in SIGNED_IN else None
        assert requirement.kind == expected or requirement.name == ASKS.get(route.name, requirement.name)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ASKS)
def test_a_role_reaches_what_the_policy_opens_and_nothing_else(route: str, role: str, client_for: ClientFor) -> None:
    allowed = role in roles_of(ASKS[route])
    answered = client_for(role).get(address(route)).status_code
    if not allowed:
        assert answered == 403
    else:
        # a command that makes no sense in this participant's state is not offered (404); a pure POST route answers 405
        assert answered in ({200, 404, 405} if ASKS[route][0].isupper() else {200})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", [route for route, asked in ASKS.items() if asked[0].isupper()])
def test_a_command_sent_by_a_role_without_it_is_not_carried_out(route: str, role: str, client_for: ClientFor) -> None:
    if role not in roles_of(ASKS[route]):
        assert client_for(role).post(address(route), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("route", [*ASKS, *SIGNED_IN])
def test_a_visitor_is_asked_to_sign_in(route: str) -> None:
    answer = Client().get(address(route))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/?next=")


@pytest.mark.parametrize("route", ASKS)
def test_a_person_of_another_study_finds_nothing(route: str, client_for: ClientFor) -> None:
    assert client_for("stranger").get(address(route)).status_code == 404


def test_a_study_that_is_not_there_looks_like_one_that_is_not_yours(client_for: ClientFor) -> None:
    visitor = client_for("stranger")
    theirs, nobodys = visitor.get(f"/studies/{LUPUS}/"), visitor.get("/studies/IRCT20990101000001N1/")
    assert theirs.status_code == nobodys.status_code == 404
    assert body(theirs, LUPUS) == body(nobodys, "IRCT20990101000001N1")


def test_a_participant_of_another_site_looks_like_one_that_is_not_there(client_for: ClientFor) -> None:
    browser = client_for("tehran-coordinator")
    hidden = browser.get(f"/studies/{LUPUS}/participants/LN-001-R/")
    absent = browser.get(f"/studies/{LUPUS}/participants/LN-999-R/")
    assert hidden.status_code == absent.status_code == 404
    assert body(hidden, "LN-001-R") == body(absent, "LN-999-R")
    assert b"LN-001-R" not in browser.get(f"/studies/{LUPUS}/participants/").content
    assert browser.post(f"/studies/{LUPUS}/participants/LN-003-R/deviation/", {"on": "2026-01-01"}).status_code == 404


@pytest.mark.parametrize("route", [route for route, asked in ASKS.items() if not asked[0].isupper()])
def test_no_page_tells_the_blinded_assessor_an_arm(route: str, client_for: ClientFor) -> None:
    """Neither an arm's name beside a participant, nor a visit, dose or bag that only one arm has."""
    if route == "protocol":
        return  # the arms of the definition are public
    told = body(client_for("assessor").get(address(route)), "").replace("against standard treatment in", "")  # the title
    for giveaway in ("Standard treatment", "Cells and standard", "Infusion", "Bag", "Dose", "Adverse event"):
        assert giveaway not in told


def test_the_assessors_pages_are_the_same_bytes_whichever_arm_it_is(
    tmp_path: Path, settings_for: Callable[[Path], AbstractContextManager[object]], client_for: ClientFor
) -> None:
    """Two trials that differ in the sealed list alone: a blinded person cannot tell them apart."""
    now = datetime(2026, 11, 22, 9, 0, tzinfo=ZoneInfo("Asia/Tehran"))
    pages: dict[str, list[str]] = {}
    for seed in range(1, 9):
        home = tmp_path / str(seed)
        make_small_home(home, now, list_seed=seed)
        with settings_for(home):
            arm = str(find_trial(LUPUS).participant("LN-001-R").arm)
            seen = [
                body(client_for("assessor").get(address(route)), "")
                for route in ("today", "participants", "participant", "queries")
            ]
        pages.setdefault(arm, seen)
        if len(pages) == 2:
            break
    assert pages["cells"] == pages["control"]
