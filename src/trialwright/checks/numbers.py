"""Checks over what the number of participants adds up to and what it can show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import narrative, said
from trialwright.registry import Record

_NUMBER = r"(?:\d{1,5}|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)"
_IN_WORDS = {"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12} | {
    "fifteen": 15,
    "twenty": 20,
}
_PEOPLE = r"(?:patients|participants|subjects|volunteers|people)"
_LEAD_IN = re.compile(
    rf"\b(?:first|initial(?:ly)?|lead-?in|safety (?:phase|cohort|part)|pilot|sentinel)\b[^.;]{{0,80}}?\b(?P<first>{_NUMBER})\b"
    rf"(?! ?(?:mg|ml|%|weeks?|days?|months?|years?))[^.;]{{0,40}}?{_PEOPLE}?[^;]{{0,240}}?"
    rf"\b(?:another|an additional|additional|remaining|further|other)\s+(?P<rest>\d{{1,5}})\s+{_PEOPLE}",
    re.IGNORECASE,
)
_BEST_P = 0.05


@check(
    code="design.lead_in_contradicts",
    severity="error",
    rule="A lead-in and those who follow it add up to the sample size.",
    source="WHO TRDS 1.3.1 item 17; arithmetic",
)
def lead_in_contradicts(record: Record, today: date) -> Iterator[Evidence]:
    """So many first and another so many, and a target that is neither their sum nor the later part alone."""
    target = record.get("design.sample_size.target")
    for one in (*narrative(record), *said(record, "design.other"), *said(record, "design.model_description")):
        found = _LEAD_IN.search(one.text)
        if target is None or target.number is None or found is None:
            continue
        first, rest = _count(found["first"]), int(found["rest"])
        if target.number not in (first + rest, rest):
            facts = {"first": first, "rest": rest, "sum": first + rest, "target": target.number}
            yield Evidence(places=(place(one, found.group()), place(target)), facts=facts)


@check(
    code="design.what_one_arm_shows",
    severity="note",
    rule="So few participants cannot give a significant result before against after, whatever they show.",
    source="Exact two-sided sign-flip (signed-rank) test: the smallest P value of n pairs is 2/2^n",
)
def what_one_arm_shows(record: Record, today: date) -> Iterator[Evidence]:
    """One arm, an aim of efficacy, and so few that even if all of them improve P stays above 0.05."""
    target = record.get("design.sample_size.target")
    aims = [one for one in narrative(record) if re.search(r"\befficacy\b|\beffect(?:iveness|s)?\b", one.text, re.IGNORECASE)]
    if target is None or not target.number or len(record.arms) > 1 or not aims:
        return
    best = 2 / 2**target.number
    if best > _BEST_P:
        found = re.search(r"\befficacy\b|\beffect(?:iveness|s)?\b", aims[0].text, re.IGNORECASE)
        facts = {"n": target.number, "best": float(f"{min(best, 1):.4g}")}
        yield Evidence(places=(place(target), place(aims[0], found.group() if found else None)), facts=facts)


def _count(words: str) -> int:
    return _IN_WORDS.get(words.casefold()) or int(words)


NUMBER_CHECKS = (lead_in_contradicts, what_one_arm_shows)
