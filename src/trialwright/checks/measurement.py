"""Checks over how an outcome is measured: method, metric, formula, threshold, unit, direction of a marker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import CHILDREN, is_export, is_one_cell, narrative, outcome_words, titles_of, words_of
from trialwright.checks.vocabulary import (
    ABSOLUTE_PROTEIN,
    CELLS_IN_SERUM,
    GENERIC_METHOD,
    GFR,
    GFR_METHOD,
    METRIC,
    PRO_INFLAMMATORY,
    RANGE_THRESHOLD,
    SCALED_TO_SIZE,
    SCORED,
)
from trialwright.registry import Outcome, Record, State
from trialwright.terms.digits import parse_number

_NEEDS_NO_METHOD = re.compile(
    r"mortality|death|\bneed\b|intubat|hospital|admission|discharge|adverse|survival|\bcounts?\b|\bcrp\b|c[- ]reactive|\bldh\b"
    r"|lymphocyte|\bwbc\b|\besr\b|ha?emoglobin|platelet",
    re.IGNORECASE,
)
"""Counted or measured alike wherever it is done, so that the word "observation" or "laboratory" leaves nothing open."""
_TITRE = re.compile(r"glomerular filtration rate", re.IGNORECASE)


@check(
    code="outcome.method_vague",
    severity="warning",
    rule="The method of measurement can be repeated by someone else: specimen, test, instrument or form.",
    source="WHO TRDS 1.3.1 item 19, method of measurement; SPIRIT 2025 item 25a, data collection methods",
)
def method_vague(record: Record, today: date) -> Iterator[Evidence]:
    """A method such as "clinical tests", the same for whatever is measured, or none."""
    vague: dict[str, list[Outcome]] = {}
    for outcome in record.outcomes:
        method = outcome.method
        if _NEEDS_NO_METHOD.search(outcome.title.text):
            continue
        if method is not None and (method.state is not State.VALUE or GENERIC_METHOD.fullmatch(method.text)):
            vague.setdefault(method.text.casefold(), []).append(outcome)
    for outcomes in vague.values():
        shown = [one.method for one in outcomes if one.method is not None]
        facts = {"method": shown[0].text, "titles": titles_of(outcomes)}
        yield Evidence(places=tuple(map(place, shown)), facts=facts, variant="" if shown[0].text else "empty")


@check(
    code="outcome.metric_missing",
    severity="warning",
    rule="An outcome says its metric: value, change from baseline, proportion above a threshold, or time to an event.",
    source="Zarin et al., N Engl J Med 2011;364:852, levels of specification; SPIRIT 2025 item 16, outcomes",
)
def metric_missing(record: Record, today: date) -> Iterator[Evidence]:
    """A title that is a bare noun, and no description that says more."""
    found = [
        one
        for one in record.outcomes
        if one.title.text
        and not is_one_cell(record)
        and not (is_export(record) and one.time_frame is None)
        and not METRIC.search(_TITRE.sub("GFR", outcome_words(one) + " " + _frame(one)))
        and not _is_scored(one)
    ]
    if found:
        facts = {"titles": titles_of(found)}
        wording = f"Change in {found[0].title.text} from baseline to month …"
        yield Evidence(places=tuple(place(one.title) for one in found), facts=facts, wording=wording)


@check(
    code="outcome.gfr_without_method",
    severity="warning",
    rule="A GFR names the marker that was measured or the equation that estimates it.",
    source="KDIGO 2024 CKD guideline, evaluation of GFR; equations of one trial differ by more than the effects sought",
)
def gfr_without_method(record: Record, today: date) -> Iterator[Evidence]:
    """An outcome with GFR, and neither an equation nor a measured clearance anywhere in it."""
    found = [one for one in record.outcomes if GFR.search(one.text) and not GFR_METHOD.search(one.text)]
    if found and not GFR_METHOD.search(words_of(narrative(record))):
        places = tuple(place(part) for one in found for part in (one.description or one.title, one.method) if part)
        yield Evidence(places=places, facts={"titles": titles_of(found)})


@check(
    code="outcome.cells_in_serum",
    severity="error",
    rule="Cells are counted in blood or tissue; serum has none.",
    source="Definition of serum: the fluid left when blood has clotted",
)
def cells_in_serum(record: Record, today: date) -> Iterator[Evidence]:
    """A serum level of cells."""
    for outcome in record.outcomes:
        for one in outcome.fields:
            found = CELLS_IN_SERUM.search(one.text)
            if found:
                wording = f"{found['cells']} as percentage of CD4+ T cells and cells/µL, whole-blood flow cytometry"
                yield Evidence(
                    places=(place(one, found.group()),),
                    facts={"cells": found["cells"]},
                    wording=wording if "reg" in found["cells"].lower() else None,
                )


@check(
    code="outcome.threshold_is_range",
    severity="error",
    rule="A threshold is one number: a value lies above it or below it.",
    source="Logic: for a value between the two numbers the outcome is both met and not met",
)
def threshold_is_range(record: Record, today: date) -> Iterator[Evidence]:
    """A threshold such as "<200 to 300 mg/day"."""
    for outcome in record.outcomes:
        for one in outcome.fields:
            found = RANGE_THRESHOLD.search(one.text)
            if found and parse_number(found["low"]) < parse_number(found["high"]):
                facts = {"low": found["low"], "high": found["high"], "unit": found["unit"]}
                yield Evidence(places=(place(one),), facts=facts)


@check(
    code="outcome.threshold_not_scaled",
    severity="warning",
    rule="A threshold of daily protein excretion in children is scaled to their size, or is a ratio.",
    source="IPNA 2022 (proteinuria by urine protein/creatinine ratio or per m2); Pediatr Nephrol 2023;38:877",
)
def threshold_not_scaled(record: Record, today: date) -> Iterator[Evidence]:
    """Grams or milligrams a day in a record that speaks of children."""
    unscaled = [one for one in record.outcomes if ABSOLUTE_PROTEIN.search(one.text) and not SCALED_TO_SIZE.search(one.text)]
    told = (*narrative(record), *record.all("eligibility")) if unscaled else ()
    young = next(((one, found) for one in told if (found := CHILDREN.search(one.text))), None)
    if young is None:
        return
    child = place(young[0], young[1].group())
    for outcome in unscaled:
        yield Evidence(places=(place(outcome.description or outcome.title), child), facts={"title": outcome.title.text})


@check(
    code="outcome.marker_opposes_name",
    severity="warning",
    rule="A marker under a name that fixes its direction has that direction, or the record says why.",
    source="Classification of cytokines in immunology textbooks; IL-2 drives T-cell growth and is not anti-inflammatory alone",
)
def marker_opposes_name(record: Record, today: date) -> Iterator[Evidence]:
    """A cytokine usually counted as pro-inflammatory among "anti-inflammatory" factors."""
    for outcome in record.outcomes:
        found = PRO_INFLAMMATORY.search(outcome.text)
        if found and re.search(r"anti-?\s?inflammatory", outcome.title.text, re.IGNORECASE):
            facts = {"marker": found.group(), "title": outcome.title.text}
            yield Evidence(places=(place(outcome.title), place(outcome.description or outcome.title)), facts=facts)


def _is_scored(outcome: Outcome) -> bool:
    """A description that says which score is taken tells the metric: the score's value."""
    return outcome.description is not None and bool(SCORED.search(outcome.description.text))


def _frame(outcome: Outcome) -> str:
    return outcome.time_frame.text if outcome.time_frame else ""


MEASUREMENT_CHECKS = (
    method_vague,
    metric_missing,
    gfr_without_method,
    cells_in_serum,
    threshold_is_range,
    threshold_not_scaled,
    marker_opposes_name,
)
