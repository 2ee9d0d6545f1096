"""The parts of a printed definition that not every trial has: regimen, strata, screening, laboratories, safety reference."""

from collections.abc import Iterator
from datetime import timedelta

from trialwright.study.lines import titled, wrapped
from trialwright.study.model import ReferenceRange, Study, Washout

_DAY = timedelta(days=1)


def regimen_lines(study: Study, language: str) -> Iterator[str]:
    for intervention in (i for i in study.interventions if i.regimen):
        regimen = intervention.regimen
        assert regimen is not None
        yield from titled(f"Regimen: {intervention.label.in_language(language)}")
        for drug in regimen.drugs:
            told = [part.in_language(language) for part in (drug.label, drug.dose, drug.taper) if part]
            yield from wrapped(f"drug {drug.id}: {'; '.join(told)}")
        for change in regimen.changes:
            yield from wrapped(
                f"permitted change {change.id}: {change.label.in_language(language)}{_event(change.intercurrent_event)}"
            )
        for rescue in regimen.rescue:
            told = [rescue.label.in_language(language), rescue.when.in_language(language)]
            yield from wrapped(f"rescue {rescue.id}: {': '.join(reversed(told))}{_event(rescue.intercurrent_event)}")


def screening_lines(study: Study, language: str) -> Iterator[str]:
    if study.screening is None and study.prior_therapy is None and not study.washouts and not study.strata:
        return
    yield from titled("Screening, earlier treatment, strata")
    if study.screening:
        yield f"  holds for {study.screening.valid_for / _DAY:g} days; may be repeated {study.screening.repeats} time(s)"
    if prior := study.prior_therapy:
        least = f", at least {prior.minimum_months} months" if prior.minimum_months is not None else ""
        yield f"  earlier treatment on form {prior.form} (drug, dose, months, response{least}); criterion {prior.criterion}"
    for washout in study.washouts:
        yield from wrapped(f"washout {washout.id}: {washout.label.in_language(language)}, {_how_long(washout)}")
    for stratum in study.strata:
        levels = ", ".join(level.label.in_language(language) for level in stratum.levels)
        yield from wrapped(f"stratum {stratum.id}: {levels}")


def laboratory_lines(study: Study, language: str) -> Iterator[str]:
    if not study.laboratories:
        return
    yield from titled("Laboratories")
    for laboratory in study.laboratories:
        yield f"  {laboratory.id} {laboratory.version}: {laboratory.label.in_language(language)}"
        for row in laboratory.ranges:
            yield from wrapped(f"{row.concept} {_limits(row)} {row.unit} ({row.method}; from {row.valid_from})", "      ")


def reference_lines(study: Study, language: str) -> Iterator[str]:
    labels = {term.code: term.label for term in study.safety.terms}
    for reference in study.safety_references:
        yield from titled(f"Safety reference {reference.version}, in force from {reference.effective_on}")
        for reaction in reference.expected:
            term = labels[reaction.term].in_language(language)
            yield from wrapped(f"expected up to grade {reaction.up_to_grade}: {term} ({reaction.source})")


def _event(event: str) -> str:
    return f" [{event}]" if event else ""


def _how_long(washout: Washout) -> str:
    how_long = "duration open" if washout.at_least is None else f"at least {washout.at_least / _DAY:g} days"
    return f"{how_long}; criterion {washout.criterion}" if washout.criterion else how_long


def _limits(row: ReferenceRange) -> str:
    low = "" if row.low is None else f"from {row.low} "
    high = "" if row.high is None else f"up to {row.high}"
    return f"{low}{high}".strip()
