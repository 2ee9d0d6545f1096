"""Checks over what an outcome is called: by what is measured, and not by what is hoped for, by its field or by another level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import is_one_cell
from trialwright.checks.vocabulary import DIRECTION
from trialwright.registry import Record
from trialwright.terms.sentences import Text

_DEFINES_RESPONSE = re.compile(
    r"(?:increas|decreas)\w* or (?:decreas|increas)|\b(?:more|less|greater|higher|lower) than\b|\bat least\b"
    r"|\bdefined (?:as|by)\b|=\s?\d|[<>≥≤]\s*\d",
    re.IGNORECASE,
)
_HOPED = re.compile(
    r"\s*(?:to )?(?P<word>demonstrat\w+|prov(?:e|es|ing)\b|show(?:s|ing)?)"
    r" (?:that|the (?:superiority|benefit|effectiveness|efficacy))\b",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\W*(?:the )?(?:(?:primary|secondary|main|first|second|other|efficacy|clinical|study)\s+)*"
    r"(?:outcomes?|end ?points?|objectives?|variables?)(?:\s+(?:measures?|variables?|criteri(?:on|a)))?\W*\d*\W*",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:is|as|be|was)\s+(?:an?|the|one of the|considered an?)\s+(?P<level>primary|secondary|tertiary|exploratory)"
    r"\s+(?:outcome|end ?point)",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(r"\bwhile\b|\bwhereas\b|\bcorresponding\b|\bco-?primary\b", re.IGNORECASE)
_LEVELS = {"primary": "primary", "secondary": "secondary", "tertiary": "other", "exploratory": "other"}
_LISTS = {
    "primary": Text(en="primary", fa="اولیه"),
    "secondary": Text(en="secondary", fa="ثانویه"),
    "other": Text(en="other", fa="دیگر"),
}
_SHORT = 80


@check(
    code="outcome.named_as_result",
    severity="warning",
    rule="An outcome names what is measured, not the result that is hoped for.",
    source="ClinicalTrials.gov, outcome measure title; ICH E9(R1), variable",
)
def named_as_result(record: Record, today: date) -> Iterator[Evidence]:
    """A title that begins with an increase, a reduction or an improvement, or an outcome that shall be demonstrated."""
    parts = [part for one in record.outcomes for part in (one.title, one.description) if part is not None]
    hoped = [(part, found) for part in parts if (found := _HOPED.match(part.text))]
    if hoped:
        facts = {"titles": _quoted(one.text for one, _ in hoped), "word": hoped[0][1]["word"]}
        yield Evidence(places=tuple(place(one) for one, _ in hoped), facts=facts)
    named = [
        (one, found)
        for one in record.outcomes
        if (found := DIRECTION.match(one.title.text)) and not _DEFINES_RESPONSE.search(one.title.text)
    ]
    if named:
        rests = [re.sub(r"^\s*(?:in|of)\s+", "", one.title.text[found.end() :]).rstrip(" .") for one, found in named]
        wording = "; ".join(f"Change in {rest} from baseline" for rest in rests if 0 < len(rest) <= _SHORT)
        facts = {"titles": _quoted(one.title.text for one, _ in named), "word": named[0][1].group()}
        yield Evidence(places=tuple(place(one.title) for one, _ in named), facts=facts, wording=wording or None)


@check(
    code="outcome.not_named",
    severity="error",
    rule="The title of an outcome names what is measured.",
    source="ClinicalTrials.gov, protocol registration data elements, outcome measure title; WHO TRDS 1.3.1 items 19 and 20",
)
def not_named(record: Record, today: date) -> Iterator[Evidence]:
    """A title that repeats the label of its field, such as "Primary Outcome"."""
    found = [one for one in record.outcomes if _NO_NAME.fullmatch(one.title.text)]
    if found:
        facts = {"titles": _quoted(dict.fromkeys(one.title.text for one in found))}
        places = tuple(place(part) for one in found for part in (one.title, one.description) if part is not None)
        yield Evidence(places=places, facts=facts)


@check(
    code="outcome.level_contradicts",
    severity="warning",
    rule="An outcome has the level of the list it stands in.",
    source="WHO TRDS 1.3.1 items 19 and 20; read within one outcome",
)
def level_contradicts(record: Record, today: date) -> Iterator[Evidence]:
    """A description that calls its outcome exploratory in the list of secondary ones, or the like."""
    for outcome in record.outcomes if not is_one_cell(record) else ():
        told = outcome.description
        called = [(found, _LEVELS[found["level"].casefold()]) for found in _CALLED.finditer(told.text)] if told else []
        if told and called and not _OF_ANOTHER.search(told.text) and outcome.level not in (None, *(level for _, level in called)):
            facts = {"title": outcome.title.text, "list": _LISTS[str(outcome.level)], "called": called[0][0]["level"]}
            yield Evidence(places=(place(outcome.title), place(told, called[0][0].group())), facts=facts)


def _quoted(titles: Iterable[str]) -> str:
    return "; ".join(f'"{title}"' for title in titles)


NAMING_CHECKS = (named_as_result, not_named, level_contradicts)
