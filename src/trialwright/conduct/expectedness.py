"""Whether the safety reference lists an adverse event: shown beside it, never in place of the assessment.

Expectedness is assessed by the investigator and the sponsor; the reference only says what was to be expected of the product, by
term and grade. The reference in force on the day on which the event began counts. It is said of every arm alike, so that it tells
none.
Source: ICH E2A II.A.2 (nature and severity against the reference), III.B (judged by sponsor and investigator).
"""

from dataclasses import dataclass
from datetime import date

from trialwright.study.model import Study


@dataclass(frozen=True, kw_only=True)
class Listing:
    """What the reference of this version says of an event. `up_to_grade` is None where it does not name the term at all."""

    version: str
    is_listed: bool
    up_to_grade: int | None


def listing_of(study: Study, *, term: str, grade: int, began_on: date) -> Listing | None:
    """None where no safety reference was in force on that day."""
    in_force = [reference for reference in study.safety_references if reference.effective_on <= began_on]
    if not in_force:
        return None
    newest = max(in_force, key=lambda reference: reference.effective_on)
    grades = [reaction.up_to_grade for reaction in newest.expected if reaction.term == term]
    return Listing(version=newest.version, is_listed=newest.expects(term, grade), up_to_grade=max(grades, default=None))
