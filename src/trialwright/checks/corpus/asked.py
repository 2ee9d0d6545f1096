"""Of which records a check can speak: the denominator of its rate.

A trial that is not randomised cannot fail to describe its allocation, and a row of an export cannot lack what the export has no
column for. Where nothing is said here, a check can speak of every record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from trialwright.checks import ALL_CHECKS
from trialwright.checks.reading import is_export
from trialwright.registry import Record

Asks = Callable[[Record], bool]


def asked_of(record: Record) -> Iterator[str]:
    """Give the codes of the checks that can speak of a record."""
    for asks, codes in _CODES_BY_QUESTION.items():
        if asks(record):
            yield from codes


def _every(record: Record) -> bool:
    return True


def _whole(record: Record) -> bool:
    return not is_export(record)


def _has_both_dates(record: Record) -> bool:
    return record.date_at("dates.registration") is not None and record.start is not None


def _is_randomised(record: Record) -> bool:
    label = record.get("design.allocation")
    return label is not None and label.value == "randomised"


def _describes_allocation(record: Record) -> bool:
    """Randomised, in a form that asks how."""
    return _is_randomised(record) and record.get("design.allocation_description") is not None


def _describes_blinding(record: Record) -> bool:
    """Blinded, in a form that asks how."""
    label = record.get("design.masking")
    blinded = label is not None and label.value in ("single", "double", "triple", "quadruple")
    return blinded and record.get("design.masking_description") is not None


def _has_status_with_a_date(record: Record) -> bool:
    """Recruiting with an end, or pending with a start: what a day can overtake."""
    status = record.get("status.recruitment")
    end = record.end or record.get("dates.expected_primary_completion") or record.get("dates.actual_primary_completion")
    wanted = {"recruiting": end, "pending": record.start}.get(str(status.value)) if status else None
    return wanted is not None and wanted.date is not None


def _has_outcomes(record: Record) -> bool:
    return bool(record.outcomes)


def _has_whole_outcomes(record: Record) -> bool:
    return bool(record.outcomes) and not is_export(record)


def _has_timed_outcomes(record: Record) -> bool:
    """An export carries time frames of some registries only."""
    return any(one.time_frame is not None or not is_export(record) for one in record.outcomes)


def _has_arms(record: Record) -> bool:
    return bool(record.arms)


def _has_whole_arms(record: Record) -> bool:
    return bool(record.arms) and not is_export(record)


_QUESTIONS: Mapping[str, Asks] = {
    "dates.registered_after_start": _has_both_dates,
    "dates.status_outdated": _has_status_with_a_date,
    "design.allocation_undescribed": _describes_allocation,
    "design.allocation_predictable": _is_randomised,
    "design.allocation_contradicts_arms": _is_randomised,
    "design.blinding_undescribed": _describes_blinding,
    "design.oversight_unstated": _whole,
    "time": _has_outcomes,
    "time.no_time_point": _has_timed_outcomes,
    "time.outcome_ends_early": _has_whole_outcomes,
    "outcome": _has_outcomes,
    "outcome.metric_missing": _has_timed_outcomes,
    "outcome.no_safety": _has_whole_outcomes,
    "outcome.promised_not_registered": _has_whole_outcomes,
    "arm": _has_arms,
    "arm.background_unstated": _has_whole_arms,
    "arm.donor_unprotected": _whole,
    "arm.source_unsaid": _whole,
    "criteria.amount_missing": _whole,
    "criteria.histology_unsaid": _whole,
    "criteria.qualifier_undefined": _whole,
    "criteria.population_differs": _whole,
    "criteria.age_unsaid": _whole,
    "titles.condition_differs": _whole,
    "record.items_missing": _whole,
}


def _question(code: str) -> Asks:
    return _QUESTIONS.get(code) or _QUESTIONS.get(code.partition(".")[0]) or _every


def _by_question() -> Mapping[Asks, tuple[str, ...]]:
    codes = [one.code for one in ALL_CHECKS]
    return {asks: tuple(code for code in codes if _question(code) is asks) for asks in map(_question, codes)}


_CODES_BY_QUESTION = _by_question()
