"""Checks over the arms: can somebody else give the same intervention from this text?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import is_export, narrative, said, words_of
from trialwright.registry import Arm, Record

_BARE_DOSE = re.compile(
    r"\b(?P<dose>\d{1,9}(?:\.\d{1,4})?\s*(?:(?:mill?ions?|billions?|thousands?)\s*)?(?:[x×]\s*10\s*\^?\s*\d+\s*)?)"
    r"(?:/|per)\s*(?:kg|kilogram)",
    re.IGNORECASE,
)
_NOUN_DOSE = re.compile(
    r"\d[\d., ]{0,20}(?:millions?|billions?|thousands?|[x×]\s*10\s*\^?\s*\d+)?\s*"
    r"(?P<noun>(?:[a-z]{1,20} )?cells|mg|g|mcg|µg|ml|iu|units?)\s*(?:/|per)\s*(?:kg|kilogram)",
    re.IGNORECASE,
)
_DOSE = re.compile(
    r"\d[\d., ]{0,20}\s*(?:mill?ions?|billions?|thousands?|[x×]\s*10|mg|milligram|g\b|gr\b|grams?|mcg|µg|microgram|ml|cc|iu\b"
    r"|units?\b|cells|%|gy\b|drops?|puffs?|tablets?|capsules?|(?:table|tea)?spoons?|packs?|sachets?|cups?|glass\w*|bottles?|ampoules?|vials?|sprays?)",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\binject\w*|\binfus\w*|\btransplant\w*|\btablets?\b|\bcapsules?\b|\bsyrup|\boral\w*|\bintraven\w*|\bmscs?\b"
    r"|\bstem cells?|\bvaccin\w*"
    r"|\breceiv\w*[^.;]{0,40}\b[a-z]{3,}(?:quine?|v[iu]r|mab|tinib|cillin|m[iy]cin|floxacin|statin|sartan|olone|asone|azole|formin|cycline|parin)\b",
    re.IGNORECASE,
)
"""Ways of giving a product, and stems of names that WHO gives to substances (INN: use of stems, 2018)."""
_NO_PRODUCT = re.compile(r"training|web-?based|psycholog|counsel|education|exercise|massage|surgery", re.IGNORECASE)
_CONTROL = re.compile(r"\W*(?:the )?(?:control|placebo|comparison|comparator|sham|no\b)", re.IGNORECASE)
_CONTROL_CATEGORY = re.compile(r"placebo|sham|no[ _]intervention", re.IGNORECASE)
CARE = re.compile(
    r"\b(?:conventional|standard|routine|usual|common)\s+(?:\w+\s+)?(?:treatments?|therap\w+|care|regimens?)", re.IGNORECASE
)
_DESCRIBED = re.compile(r"\(\w|:|\d ?(?:mg|g\b|ml|iu|units?)|such as|consist|includ|\bwith \w+|protocol|guideline", re.IGNORECASE)
_REPEAT = re.compile(
    r"\b(?:1st|first|2nd|second|3rd|third|last|each|every|repeated)\s+(?:injection|infusion|dose|transplantation)",
    re.IGNORECASE,
)
NUMBER_OF_DOSES = re.compile(
    r"\b(?:single|one|once|two|twice|three|four|\d+)[ -]+(?:doses?|injections?|infusions?|times|transplantations?)\b"
    r"|\bonce\b|\btwice\b|\bcycles?\b",
    re.IGNORECASE,
)
_HLA = re.compile(r"\bHLA[- ]match\w*", re.IGNORECASE)
_LOCI = re.compile(r"\bHLA-?(?:A|B|C|DR)|\bDRB1\b|\b\d+\s*(?:/|of|out of)\s*(?:6|8|10)\b|haplo", re.IGNORECASE)
CELLS = re.compile(r"\bmscs?\b|\bstem cells?\b|\bstromal\b", re.IGNORECASE)
_PRODUCT = re.compile(r"\bpassage|\bviability|\bcd\d+|\brelease\b|\bgmp\b|\bcryo\w+|\bthaw\w*|\bsteril\w+|\bfresh\b", re.IGNORECASE)


@check(
    code="arm.dose_without_noun",
    severity="error",
    rule="A dose has a number, a unit and the thing that is counted.",
    source="WHO TRDS 1.3.1 item 13; SPIRIT 2025 item 15a, intervention and comparator; TIDieR items 3 and 8",
)
def dose_without_noun(record: Record, today: date) -> Iterator[Evidence]:
    """ "2 millions/Kg": of what? A warning where the summary says it, else an error."""
    for arm in record.arms:
        found = _BARE_DOSE.search(arm.description.text)
        if not found:
            continue
        told = [(one, _NOUN_DOSE.search(one.text)) for one in narrative(record)]
        other = next(((one, seen) for one, seen in told if seen), None)
        places = [place(arm.description, found.group())]
        if other and other[1]:
            places.append(place(other[0], other[1].group()))
        yield Evidence(
            places=tuple(places),
            facts={"dose": found.group()},
            severity="warning" if other else None,
            wording=other[1].group() if other and other[1] else None,
        )


@check(
    code="arm.no_dose",
    severity="error",
    rule="An arm that receives a product says how much of it, by which route, and how often.",
    source="WHO TRDS 1.3.1 item 13; SPIRIT 2025 item 15a, intervention and comparator; TIDieR item 8",
)
def no_dose(record: Record, today: date) -> Iterator[Evidence]:
    """A product is given and no amount stands in the arm, the titles or the summary."""
    told = words_of((*narrative(record), *said(record, "interventions")))
    silent = [arm.description for arm in record.arms if _is_undosed(arm)]
    if silent and not _DOSE.search(_without_disease(told)):
        yield Evidence(places=tuple(map(place, silent)), facts={"arm": silent[0].text})


@check(
    code="arm.number_of_doses_open",
    severity="warning",
    rule="A product given more than once says how many times and at what interval.",
    source="WHO TRDS 1.3.1 item 13; TIDieR item 8",
)
def number_of_doses_open(record: Record, today: date) -> Iterator[Evidence]:
    """Words such as "1st injection" imply another, and no number of doses is given."""
    told = (*narrative(record), *(one.description for one in record.arms), *record.all("outcomes"))
    implied = [(one, _REPEAT.search(one.text)) for one in told]
    places = tuple(place(one, found.group()) for one, found in implied if found)
    stated = words_of((*narrative(record), *said(record, "interventions"), *(one.description for one in record.arms)))
    if places and not is_export(record) and not NUMBER_OF_DOSES.search(stated):
        yield Evidence(places=places, facts={"words": places[0].text})


@check(
    code="arm.control_undefined",
    severity="warning",
    rule="The comparator is described as well as the intervention: which drugs, doses and changes are allowed.",
    source="WHO TRDS 1.3.1 item 13; SPIRIT 2025 item 15a, intervention and comparator; CONSORT 2010 5",
)
def control_undefined(record: Record, today: date) -> Iterator[Evidence]:
    """Conventional or standard treatment without one drug or dose."""
    for arm in record.arms:
        found = CARE.search(arm.description.text)
        if found and is_control(arm) and not _DESCRIBED.search(arm.description.text[found.end() :]):
            yield Evidence(places=(place(arm.description),), facts={"words": found.group()})


@check(
    code="arm.cell_product_unspecified",
    severity="note",
    rule="A cell product is specified: passage, viability, markers, fresh or thawed.",
    source="ISCT position statements of 2006 and 2019 on mesenchymal stromal cells; WHO TRDS 1.3.1 item 13",
)
def cell_product_unspecified(record: Record, today: date) -> Iterator[Evidence]:
    """Stromal cells are given and nothing in the record specifies them."""
    told = words_of((*narrative(record), *said(record, "interventions"), *(one.description for one in record.arms)))
    given = [one for one in record.arms if CELLS.search(one.description.text) and not is_control(one)]
    if given and not _PRODUCT.search(told):
        yield Evidence(places=tuple(place(one.description) for one in given))


@check(
    code="arm.hla_match_open",
    severity="note",
    rule="An HLA match names the loci and the resolution.",
    source="Common practice of donor selection: HLA-A, -B and -DRB1 at least, low or high resolution, n of 6 or of 10",
)
def hla_match_open(record: Record, today: date) -> Iterator[Evidence]:
    """HLA matching without loci."""
    for one in (*narrative(record), *(arm.description for arm in record.arms)):
        found = _HLA.search(one.text)
        if found and not _LOCI.search(one.text):
            yield Evidence(places=(place(one, found.group()),), facts={"words": found.group()})


def is_control(arm: Arm) -> bool:
    """Say whether an arm is the comparator, by its category or by how its description begins."""
    category = arm.category.text if arm.category else ""
    return bool(_CONTROL.match(arm.description.text) or _CONTROL_CATEGORY.match(category))


def _is_undosed(arm: Arm) -> bool:
    words = arm.description.text
    if is_control(arm) or _NO_PRODUCT.search(words) or not _GIVEN.search(words):
        return False
    return not _DOSE.search(words) and not _BARE_DOSE.search(words)


def _without_disease(text: str) -> str:
    return re.sub(r"\d+(?:\s*-\s*\d+)?\s*%|\d[\d.]*\s*g of protein|\d+\s*mg/day", " ", text)


INTERVENTION_CHECKS = (
    dose_without_noun,
    no_dose,
    number_of_doses_open,
    control_undefined,
    cell_product_unspecified,
    hla_match_open,
)
