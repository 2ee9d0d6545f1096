"""Checks over what is given beside and behind an intervention: repeats, background treatment, donors, the source of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.interventions import CARE, CELLS, NUMBER_OF_DOSES, is_control
from trialwright.checks.reading import is_export, narrative, said, words_of
from trialwright.registry import Arm, Field, Record

_FAILED = re.compile(
    r"\b(?:resistan\w+|resistance|refractory|unresponsive|failed)\b[^.;]{0,160}?\b(?P<care>conventional|standard|routine|usual)\b"
    r"[^.;)]{0,40}",
    re.IGNORECASE,
)
_GIVEN_BY_NEEDLE = re.compile(r"\binject\w*|\binfus\w*|\btransplant\w*", re.IGNORECASE)
_FREQUENCY = re.compile(
    r"\bdaily\b|\bweekly\b|\bmonthly\b|\bevery\b|\beach\b|\bper (?:day|week|month)\b|\bon days?\b|\bday \d|\bdays?\b|\bweeks?\b"
    r"|\bcontinuous\w*|\bhour|\bsessions?\b|\bbefore\b|\bduring\b|\bafter\b|/ ?(?:day|h|min)",
    re.IGNORECASE,
)
_WITH_CARE = re.compile(
    r"\b(?:in addition|plus|added to|on top of|together with|combined with|along with|as well as|continu\w+|background|concomitant"
    r"|conventional|standard|routine|usual)\b|\+",
    re.IGNORECASE,
)
_DRUGS_BEFORE = re.compile(
    r"\b(?:steroids?|immunosuppress\w*|cytotoxic|cyclophosphamide|mycophenolate|chemotherap\w*)\b", re.IGNORECASE
)
_PRIOR = re.compile(r"\brefractory\b|\bresistan\w+|\bunresponsive\b", re.IGNORECASE)
_BACKGROUND = re.compile(
    r"background|concomitant|concurrent|stable dose|continu\w+|withdraw\w*|washout|wash-out|permitted|prohibited", re.IGNORECASE
)
_DONOR = re.compile(r"\bdonors?\b", re.IGNORECASE)
_ALLOGENEIC = re.compile(r"\ballogen\w+|\bdonors?\b", re.IGNORECASE)
_SCREENED = re.compile(
    r"\bhiv\b|\bhbv\b|\bhcv\b|hepatitis|\bsyphilis\b|infectious (?:disease|marker)|virolog\w*|viral (?:marker|screen)"
    r"|donor (?:screening|testing)|\b(?:screened|tested) (?:for|negative)",
    re.IGNORECASE,
)
_DONOR_CONSENT = re.compile(r"\bdonors?\b[^.]{0,80}\bconsent|\bconsent[^.]{0,80}\bdonors?\b", re.IGNORECASE)
_SOURCE = re.compile(r"\b(?P<kind>allogen\w+|autolog\w+)", re.IGNORECASE)


@check(
    code="arm.control_is_failed_treatment",
    severity="warning",
    rule="A comparator is a treatment that could help: not the one that participants must have failed to be let in.",
    source="Declaration of Helsinki 2024, use of placebo and comparators; SPIRIT 2025 item 9b, choice of comparator",
)
def control_is_failed_treatment(record: Record, today: date) -> Iterator[Evidence]:
    """Resistance to conventional treatment lets in, and the control arm receives conventional treatment."""
    if len(record.arms) < 2:
        return
    texts = (*said(record, "eligibility"), *narrative(record))
    failed = next(((one, found) for one in texts if (found := _FAILED.search(one.text))), None)
    for arm in record.arms if failed else ():
        given = CARE.search(arm.description.text)
        if failed and given and is_control(arm):
            facts = {"failed": failed[1].group(), "given": given.group()}
            yield Evidence(places=(place(failed[0], failed[1].group()), place(arm.description, given.group())), facts=facts)


@check(
    code="arm.background_unstated",
    severity="warning",
    rule="Treatment beside the intervention is stated for every arm: what continues, at which dose, what may change.",
    source="SPIRIT 2025 item 15d, concomitant care; CONSORT 2010 5",
)
def background_unstated(record: Record, today: date) -> Iterator[Evidence]:
    """Usual care in the control arm and not a word of it in the other; or one arm of the treated before, and no word."""
    if is_export(record):
        return
    cared = next((arm for arm in record.arms if is_control(arm) and CARE.search(arm.description.text)), None)
    others = [arm for arm in record.arms if not is_control(arm)]
    if cared and others:
        silent = [arm for arm in others if not _WITH_CARE.search(_told_of(record, arm))]
        words = CARE.search(cared.description.text)
        if silent and words:
            places = (place(cared.description, words.group()), *(place(arm.description) for arm in silent))
            yield Evidence(places=places, facts={"words": words.group()})
    elif len(record.arms) == 1 and not _BACKGROUND.search(record.text):
        before = next(((one, found) for one in narrative(record) if (found := _DRUGS_BEFORE.search(one.text))), None)
        if before and _PRIOR.search(words_of(narrative(record))):
            places = (place(before[0], before[1].group()), place(record.arms[0].description))
            yield Evidence(places=places, facts={"words": before[1].group()}, variant="one_arm")


@check(
    code="arm.how_often_unsaid",
    severity="note",
    rule="A product says how many times it is given, even if once.",
    source="SPIRIT 2025 item 15a, intervention and comparator; TIDieR item 8, when and how much",
)
def how_often_unsaid(record: Record, today: date) -> Iterator[Evidence]:
    """Cells given with a dose, and no number of administrations in arm, intervention or summary."""
    told = words_of((*narrative(record), *said(record, "interventions")))
    for arm in record.arms:
        words = arm.description.text
        if is_control(arm) or not CELLS.search(words) or not _GIVEN_BY_NEEDLE.search(words) or not re.search(r"\d", words):
            continue
        if not NUMBER_OF_DOSES.search(f"{words}\n{told}") and not _FREQUENCY.search(words) and not re.search(r"\bsingle\b", told):
            yield Evidence(places=(place(arm.description),), wording="a single infusion on day 0")


@check(
    code="arm.donor_unprotected",
    severity="note",
    rule="Donors consent, and are tested for infections that a product can carry.",
    source="21 CFR 1271.75 to 1271.85, donor eligibility; Directive 2006/17/EC, annexes I and II; Declaration of Helsinki, consent",
)
def donor_unprotected(record: Record, today: date) -> Iterator[Evidence]:
    """Cells of donors, and no word on the donors' consent or on their testing."""
    if is_export(record):
        return
    told = (
        *narrative(record),
        *said(record, "eligibility"),
        *said(record, "interventions"),
        *(arm.description for arm in record.arms),
    )
    given = any(CELLS.search(arm.description.text) and not is_control(arm) for arm in record.arms)
    source = next(((one, found) for one in told if (found := _DONOR.search(one.text) or _ALLOGENEIC.search(one.text))), None)
    words = words_of(told)
    if source is None or not given:
        return
    missing = [name for name, pattern in (("consent", _DONOR_CONSENT), ("tests", _SCREENED)) if not pattern.search(words)]
    if missing:
        variant = missing[0] if len(missing) == 1 else ""
        yield Evidence(places=(place(source[0], source[1].group()),), variant=variant)


@check(
    code="arm.source_unsaid",
    severity="note",
    rule="An arm says whose cells are given, as the title does.",
    source="WHO TRDS 1.3.1 items 10 and 13, read together",
)
def source_unsaid(record: Record, today: date) -> Iterator[Evidence]:
    """Allogeneic or autologous in the title, and neither in the arm that receives the cells."""
    titles = [one for one in map(record.get, ("titles.scientific", "titles.public")) if one is not None]
    named = next(((one, found) for one in titles if (found := _SOURCE.search(one.text))), None)
    if named is None or is_export(record):
        return
    silent = [
        arm
        for arm in record.arms
        if CELLS.search(arm.description.text)
        and not is_control(arm)
        and not _ALLOGENEIC.search(_told_of(record, arm))
        and not _SOURCE.search(_told_of(record, arm))
    ]
    if silent:
        places = (place(named[0], named[1].group()), *(place(arm.description) for arm in silent))
        yield Evidence(places=places, facts={"kind": named[1].group()})


@check(
    code="design.allocation_needs_donor",
    severity="note",
    rule="Where a product needs a matched relative, everybody has one before chance decides, or having one decides.",
    source="Logic: an arm that needs a matched relative is open only to those who have one; SPIRIT 2025 items 21a and 22",
)
def allocation_needs_donor(record: Record, today: date) -> Iterator[Evidence]:
    """Randomised, donors from the family, and no word that a donor is found before allocation."""
    label = record.get("design.allocation")
    pattern = re.compile(r"\b(?:famil\w+|sibling\w*|relatives?|related donors?)\b", re.IGNORECASE)
    for one in narrative(record) if label is not None and label.value == "randomised" else ():
        for sentence in re.split(r"(?<=[.!?])\s+", one.text):
            if (
                label
                and _DONOR.search(sentence)
                and pattern.search(sentence)
                and not re.search(r"before (?:allocat|random)", one.text)
            ):
                found = pattern.search(sentence)
                places = (place(label), place(one, sentence))
                yield Evidence(places=places, facts={"words": found.group() if found else ""})
                return


def _told_of(record: Record, arm: Arm) -> str:
    """What a record says of an arm: its description, and what it says of the interventions given in it."""
    label = record.get(f"{arm.path}.label")
    names = {one.text.rpartition(": ")[2] for one in record.all(f"{arm.path}.interventions")}
    given: list[Field] = []
    for item in record.items("interventions"):
        name = record.get(f"{item}.name")
        if name is not None and name.text in names:
            given += record.all(item)
    return words_of((arm.description, *((label,) if label else ()), *given))


PRODUCT_CHECKS = (
    control_is_failed_treatment,
    background_unstated,
    how_often_unsaid,
    donor_unprotected,
    source_unsaid,
    allocation_needs_donor,
)
