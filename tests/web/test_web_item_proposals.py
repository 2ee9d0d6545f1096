"""The assessor's page with what results propose: shown with result, visit and day, taken only when asked, saved by the person."""

import re

from .conftest import ClientFor
from .test_web_forms import MINE, saved_values, sheet, text_of

MONTH_1 = {"form": "sledai", "encounter": "month_1"}


def checked(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="item-(sledai_\w+)" value="(yes|no)" checked', page))


def test_each_proposal_names_its_result_visit_and_day(client_for: ClientFor) -> None:
    page = client_for("assessor").get(sheet(**MONTH_1))
    text = re.sub("[\u2066-\u2069]", "", text_of(page))
    assert re.search(r"Results say: (yes|no) Red cells in urine sediment \d+ /HPF — (Month 1|Week 1), \d{4}-\d{2}-\d{2}", text)
    assert checked(page.content.decode()) == {}  # nothing is filled in before it is asked for


def test_taking_the_proposals_fills_empty_fields_and_saves_nothing(client_for: ClientFor) -> None:
    browser = client_for("assessor")
    typed = {"collected_on": "", "read_version": "0", "item-sledai_seizure": "yes", "item-sledai_haematuria": "yes"}
    page = browser.post(sheet(**MONTH_1, step="take/"), typed)
    assert page.status_code == 200
    fields = checked(page.content.decode())
    assert fields["sledai_seizure"] == "yes"
    assert fields["sledai_haematuria"] == "yes"  # what was answered stays
    assert {"sledai_pyuria", "sledai_fever", "sledai_leukopenia"} <= set(fields)
    assert "sledai_arthritis" not in fields  # no result speaks of it
    assert saved_values("sledai", "month_1", MINE) == {}


def test_only_who_fills_the_form_may_take_them(client_for: ClientFor) -> None:
    assert client_for("monitor").post(sheet(**MONTH_1, step="take/"), {"read_version": "0"}).status_code == 403
    assert client_for("coordinator").post(sheet(**MONTH_1, step="take/"), {"read_version": "0"}).status_code == 403


def test_a_form_without_proposals_says_nothing_of_them(client_for: ClientFor) -> None:
    assert "Results say" not in text_of(client_for("coordinator").get(sheet("vitals", encounter="month_1")))
