"""Checks of a registry record: what it lacks, what contradicts itself, what cannot be measured as written."""

from __future__ import annotations

from datetime import date

from trialwright.checks.completeness import COMPLETENESS_CHECKS, TRDS_ITEMS, find_missing_items
from trialwright.checks.criteria import CRITERIA_CHECKS
from trialwright.checks.damage import DAMAGE_CHECKS
from trialwright.checks.design import DESIGN_CHECKS
from trialwright.checks.findings import Check, Evidence, Finding, Place, Severity, finding_as_json
from trialwright.checks.interventions import INTERVENTION_CHECKS
from trialwright.checks.labels import LABEL_CHECKS
from trialwright.checks.measurement import MEASUREMENT_CHECKS
from trialwright.checks.naming import NAMING_CHECKS
from trialwright.checks.numbers import NUMBER_CHECKS
from trialwright.checks.outcomes import OUTCOME_CHECKS
from trialwright.checks.people import PEOPLE_CHECKS
from trialwright.checks.population import POPULATION_CHECKS
from trialwright.checks.products import PRODUCT_CHECKS
from trialwright.checks.registration import REGISTRATION_CHECKS
from trialwright.checks.schedule import SCHEDULE_CHECKS
from trialwright.checks.scores import Completeness, completeness_as_json, completeness_as_text, score_completeness
from trialwright.checks.specification import SPECIFICATION_CHECKS
from trialwright.checks.timing import TIMING_CHECKS
from trialwright.registry import Record

ALL_CHECKS: tuple[Check, ...] = (
    *REGISTRATION_CHECKS,
    *TIMING_CHECKS,
    *SCHEDULE_CHECKS,
    *NAMING_CHECKS,
    *OUTCOME_CHECKS,
    *MEASUREMENT_CHECKS,
    *SPECIFICATION_CHECKS,
    *DESIGN_CHECKS,
    *LABEL_CHECKS,
    *NUMBER_CHECKS,
    *INTERVENTION_CHECKS,
    *PRODUCT_CHECKS,
    *CRITERIA_CHECKS,
    *POPULATION_CHECKS,
    *PEOPLE_CHECKS,
    *COMPLETENESS_CHECKS,
    *DAMAGE_CHECKS,
)

_WEIGHT = {"error": 0, "warning": 1, "note": 2}


def find_findings(record: Record, *, today: date) -> tuple[Finding, ...]:
    """Run every check on a record; errors first, then in the order of the checks."""
    found = [finding for one in ALL_CHECKS for finding in one.find(record, today)]
    return tuple(sorted(found, key=lambda finding: _WEIGHT[finding.severity]))


__all__ = [
    "ALL_CHECKS",
    "TRDS_ITEMS",
    "Check",
    "Completeness",
    "Evidence",
    "Finding",
    "Place",
    "Severity",
    "completeness_as_json",
    "completeness_as_text",
    "find_findings",
    "find_missing_items",
    "finding_as_json",
    "score_completeness",
]
