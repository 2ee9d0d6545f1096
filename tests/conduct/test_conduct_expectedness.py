"""What the safety reference lists is said beside a serious event; who assesses it decides, and nothing is filled in for them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trialwright.conduct.expectedness import Listing, listing_of
from trialwright.study.model import Study

from .desk import Desk, adverse_event

DAY = date(2025, 3, 1)


@pytest.mark.parametrize(
    ("term", "grade", "is_listed", "up_to"),
    [("fever", 2, True, 2), ("fever", 3, False, 2), ("other", 1, False, None)],
)
def test_an_event_is_listed_by_its_term_up_to_a_grade(lupus: Study, term: str, grade: int, is_listed: bool, up_to: int | None):
    """The reference of the trial: fever, up to grade 2 (safety_reference/1.0)."""
    found = listing_of(lupus, term=term, grade=grade, began_on=DAY)
    assert found == Listing(version="1.0", is_listed=is_listed, up_to_grade=up_to)


def test_the_reference_in_force_when_the_event_began_counts(lupus: Study):
    (first,) = lupus.safety_references
    later = replace(first, version="2.0", effective_on=DAY, expected=())
    study = replace(lupus, safety_references=(later, first))
    assert listing_of(study, term="fever", grade=1, began_on=DAY) == Listing(version="2.0", is_listed=False, up_to_grade=None)
    before = listing_of(study, term="fever", grade=1, began_on=DAY - timedelta(days=1))
    assert before == Listing(version="1.0", is_listed=True, up_to_grade=2)
    assert listing_of(study, term="fever", grade=1, began_on=first.effective_on - timedelta(days=1)) is None


@pytest.mark.parametrize("assessed", [True, False, None])
def test_the_assessment_stays_the_investigators(desk: Desk, assessed: bool | None):
    participant = desk.make_eligible()
    event = adverse_event(participant, desk.today, term="fever", grade=2, serious=True, expected=assessed)
    (recorded,) = desk.do("investigator", event)
    assert recorded.expected is assessed
