"""The published facts of a study, examined: which of their numbers imply more than they print, or do not fit their participants.

Facts are read as they stand in `published/*.toml`. A document's own number of participants is taken from its `sample_size`; without
one nothing is said of it. Which test gave a p value and whether a mean is of single scores is often not in what was read, so the
sentences say "if".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialwright.analysis.forensics.implication import (
    Implication,
    mean_implies,
    median_implies,
    medians_imply,
    nothing_seen_implies,
    percentage_implies,
    signed_rank_p_implies,
)
from trialwright.analysis.forensics.printed import Printed, read_printed
from trialwright.analysis.forensics.rank_p_values import MOST_PAIRS
from trialwright.analysis.methods.result import NotEstimable
from trialwright.study.model import PublishedDocument, Study

_NUMBER = r"(\d+(?:\.\d+)?)"
_PERCENTAGE = re.compile(_NUMBER + r"\s*%[^%(]*\(\d+ of \d+\)")
_MEAN = re.compile(r"\bmean\s+" + _NUMBER + r"(?:\s*\(SD\s*" + _NUMBER + r"\))?", re.IGNORECASE)
_MEDIAN = re.compile(r"\bmedian\s+" + _NUMBER, re.IGNORECASE)
_P_VALUE = re.compile(r"\bp\s*=\s*(0?\.\d+)", re.IGNORECASE)
_NOTHING_SEEN = re.compile(r"\bno\b[\w\s]*\badverse events?\b", re.IGNORECASE)
_BEFORE = "_baseline"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One implication with the document, the element and the sentence that it rests on."""

    document: str
    element: str
    sentence: str
    implication: Implication


def examine_published(study: Study) -> tuple[Examined, ...]:
    """Everything that the published facts of a study imply, document by document in the order of its facts."""
    return tuple(found for document in study.published for found in examine_document(document, whole_number_elements(study)))


def whole_number_elements(study: Study) -> frozenset[str]:
    """The elements that are scores, each a whole number for one participant: endpoints counted in {score} without decimals."""
    scores = [endpoint.id for endpoint in study.endpoints if endpoint.unit == "{score}" and endpoint.decimals == 0]
    return frozenset(element for score in scores for element in (score, score + _BEFORE))


def examine_document(document: PublishedDocument, whole: frozenset[str]) -> tuple[Examined, ...]:
    """Everything that one document's facts imply; `whole` names the elements that are whole numbers for one participant."""
    participants = _participants(document)
    if not participants:
        return ()
    before = {fact.element.removesuffix(_BEFORE): fact.value for fact in document.facts if fact.element.endswith(_BEFORE)}
    return tuple(
        Examined(document=document.id, element=fact.element, sentence=fact.sentence, implication=implication)
        for fact in document.facts
        for implication in _implied(fact.value, participants, fact.element in whole, before.get(fact.element, ""))
    )


def _implied(value: str, participants: int, whole: bool, before: str) -> Iterator[Implication]:
    for found in _PERCENTAGE.finditer(value):
        yield percentage_implies(read_printed(found[1]), participants)
    if whole and (found_mean := _MEAN.search(value)):
        yield mean_implies(read_printed(found_mean[1]), participants, read_printed(found_mean[2]) if found_mean[2] else None)
    median, earlier = _read(_MEDIAN, value), _read(_MEDIAN, before)
    if median and whole:
        yield median_implies(median, participants)
    if median and earlier:
        yield medians_imply(earlier, median, participants)
    p = _read(_P_VALUE, value)
    if p and before and participants <= MOST_PAIRS:
        yield signed_rank_p_implies(p, participants)
    if _NOTHING_SEEN.search(value):
        implied = nothing_seen_implies(value, participants)
        if not isinstance(implied, NotEstimable):
            yield implied


def _read(pattern: re.Pattern[str], text: str) -> Printed | None:
    found = pattern.search(text)
    return read_printed(found[1]) if found else None


def _participants(document: PublishedDocument) -> int:
    sizes = [re.search(r"\d+", fact.value) for fact in document.facts if fact.element == "sample_size"]
    return next((int(found.group()) for found in sizes if found), 0)
