"""Checks over how precisely an outcome is specified: specimen, version, unit, one metric, and whether it is registered at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import is_export, narrative, said, summaries, titles_of, words_of
from trialwright.registry import Field, Record

_TABLE = Path(__file__).with_name("specification.toml")
_AIM = re.compile(r"\b(?:evaluat\w*|assess\w*|determin\w*|measur\w*|examin\w*|investigat\w*|compar\w*)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_REACHES = re.compile(
    r"\b(?:reduction|reduce\w*|decrease\w*|fall|increase\w*|rise)\b[^.;]{0,40}?\bto\b\s*(?:[<>≤≥]|less|below|under|above|more|\d)",
    re.IGNORECASE,
)
_CHANGES = re.compile(r"\bchang\w+", re.IGNORECASE)
_PROTEINURIA = re.compile(r"\bproteinuria\b|\balbuminuria\b|\burin(?:e|ary) protein\b", re.IGNORECASE)
_SPECIMEN = re.compile(
    r"\b24|\bspot\b|\bratio\b|\bupcr\b|\bu?acr\b|\bvoid|\bdipstick|\bcollect|/ ?(?:day|g\b|mg\b|mmol)|\bper day\b"
    r"|\bpc ?ratio|\bp/?cr?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class _Analyte:
    name: str
    pattern: re.Pattern[str]
    units: re.Pattern[str]
    wording: str


@dataclass(frozen=True, kw_only=True)
class _Score:
    name: str
    pattern: re.Pattern[str]
    versions: re.Pattern[str]
    wording: str


@check(
    code="outcome.promised_not_registered",
    severity="warning",
    rule="What the summary says will be evaluated is an outcome.",
    source="WHO TRDS 1.3.1 items 19 and 20; SPIRIT 2025 items 10 and 16, objectives and outcomes",
)
def promised_not_registered(record: Record, today: date) -> Iterator[Evidence]:
    """Remission, relapse, survival or the like to be evaluated, and no outcome that speaks of it."""
    outcomes = record.outcomes
    if not outcomes or is_export(record):
        return
    told = words_of(one for outcome in outcomes for one in outcome.fields)
    for one in summaries(record):
        for sentence in _SENTENCE.split(one.text):
            aim = _AIM.search(sentence)
            if aim is None:
                continue
            for pattern in _promises():
                found = pattern.search(sentence, aim.end())
                if found and not pattern.search(told):
                    places = (place(one, sentence), *(place(outcome.title) for outcome in outcomes))
                    yield Evidence(places=places, facts={"words": found.group()})
                    return


@check(
    code="outcome.two_metrics",
    severity="warning",
    rule="An outcome has one metric: a threshold that is reached, or a change.",
    source="SPIRIT 2025 item 16, analysis metric; Zarin et al., N Engl J Med 2011;364:852",
)
def two_metrics(record: Record, today: date) -> Iterator[Evidence]:
    """A value to be reached and a change, in one outcome."""
    for outcome in record.outcomes:
        for one in outcome.fields[:2]:
            reached, changed = _REACHES.search(one.text), _CHANGES.search(one.text)
            if reached and changed:
                facts = {"title": outcome.title.text, "reached": reached.group(), "changed": changed.group()}
                wording = f"Proportion of participants with {outcome.title.text.casefold()} below … at …"
                yield Evidence(places=(place(one),), facts=facts, wording=wording)


@check(
    code="outcome.specimen_open",
    severity="warning",
    rule="Protein in urine says from which specimen: a 24-hour collection, or the ratio to creatinine of a named void.",
    source="KDIGO 2024 CKD guideline, evaluation of albuminuria and proteinuria; WHO TRDS 1.3.1 item 19, method of measurement",
)
def specimen_open(record: Record, today: date) -> Iterator[Evidence]:
    """Proteinuria without specimen, ratio or unit anywhere in the outcome."""
    found = [
        one
        for one in record.outcomes
        if _PROTEINURIA.search(one.text) and not _SPECIMEN.search(one.text) and not (is_export(record) and one.method is None)
    ]
    if found:
        criteria = next((one for one in (*said(record, "eligibility"), *narrative(record)) if _of_day(one)), None)
        places = tuple(place(part) for one in found for part in (one.title, one.method) if part is not None)
        facts = {"titles": titles_of(found)}
        wording = "24-hour urine protein (g/day), completeness judged by creatinine" if criteria else None
        yield Evidence(places=places, facts=facts, wording=wording)


@check(
    code="outcome.version_open",
    severity="note",
    rule="A score that exists in several versions names its version.",
    source="Versions of each score in specification.toml; SPIRIT 2025 item 25a, trial instruments",
)
def version_open(record: Record, today: date) -> Iterator[Evidence]:
    """A score whose versions give different numbers, without its version in the record."""
    for score in _scores():
        found = [one for one in record.outcomes if score.pattern.search(one.text)]
        if found and not score.versions.search(
            words_of((*narrative(record), *record.all("outcomes"), *said(record, "eligibility")))
        ):
            facts = {"score": score.name, "versions": score.wording}
            yield Evidence(places=tuple(place(one.title) for one in found), facts=facts)


@check(
    code="outcome.unit_does_not_fit",
    severity="error",
    rule="A value has a unit in which that thing can be measured.",
    source="UCUM; usual units of each analyte in specification.toml",
)
def unit_does_not_fit(record: Record, today: date) -> Iterator[Evidence]:
    """A number beside an analyte, with a unit of another kind of quantity."""
    for one in (*said(record, "eligibility"), *(part for outcome in record.outcomes for part in outcome.fields)):
        for analyte in _analytes_named_in(one.text):
            for found in analyte.pattern.finditer(one.text):
                if not analyte.units.fullmatch(found["unit"]):
                    facts = {"analyte": analyte.name, "value": f"{found['number']} {found['unit']}", "expected": analyte.wording}
                    yield Evidence(places=(place(one, found.group()),), facts=facts)


def _of_day(one: Field) -> bool:
    return bool(re.search(r"protein[^.]{0,60}24|24[^.]{0,40}protein|24-h(?:our)? urine", one.text, re.IGNORECASE))


@cache
def load_terms() -> dict[str, str]:
    """Load the names of diseases by their abbreviation."""
    return dict(_rows()["terms"])


@cache
def _promises() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.IGNORECASE) for one in _rows()["promised"]["patterns"])


@cache
def _scores() -> tuple[_Score, ...]:
    return tuple(
        _Score(
            name=row["name"],
            pattern=re.compile(row["pattern"], re.IGNORECASE),
            versions=re.compile(row["versions"], re.IGNORECASE),
            wording=row["wording"],
        )
        for row in _rows()["score"]
    )


@cache
def _analytes() -> tuple[_Analyte, ...]:
    shape = _rows()["shape"]
    return tuple(
        _Analyte(
            name=row["name"],
            pattern=re.compile(rf"\b(?:{row['pattern']})\b{shape['between']}{shape['value']}", re.IGNORECASE),
            units=re.compile(row["units"], re.IGNORECASE),
            wording=row["wording"],
        )
        for row in _rows()["analyte"]
    )


def _analytes_named_in(text: str) -> Iterator[_Analyte]:
    """Give the analytes whose name a text holds: one look for all names, before each is looked for with its number and unit."""
    named = {found.lastindex for found in _any_analyte().finditer(text)}
    return (analyte for at, analyte in enumerate(_analytes(), start=1) if at in named)


@cache
def _any_analyte() -> re.Pattern[str]:
    names = "|".join(f"({row['pattern']})" for row in _rows()["analyte"])
    return re.compile(rf"\b(?:{names})\b", re.IGNORECASE)


@cache
def _rows() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


SPECIFICATION_CHECKS = (promised_not_registered, two_metrics, specimen_open, version_open, unit_does_not_fit)
