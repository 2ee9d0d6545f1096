"""Response definitions applied to arrays of simulated values, by the array form of the measures room.

A definition that looks at something that is not simulated (the steroid dose, rescue) is left out and named as left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from trialwright.datasets.adrs import protein_parameter
from trialwright.datasets.baseline import baseline_rules, default_rule
from trialwright.measures.response.arrays import CODES, classify_array
from trialwright.measures.response.rules import ResponseRules, find_rules
from trialwright.simulate.derived import baseline_of
from trialwright.simulate.plan import Plan
from trialwright.study.model import ResponseUse
from trialwright.terms.quantity import Quantity
from trialwright.terms.units import UnitError

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
KNOWN = {"protein", "baseline_protein"}
ALBUMIN_G_L = 10.0  # of 1 g/dL


@dataclass(frozen=True, kw_only=True)
class Responses:
    """Who responds at any visit up to the definition's. Shapes: the people of the values; by_visit (visits, ...), of any kind."""

    complete: Flags
    any_response: Flags
    by_visit: Flags


def respond(plan: Plan, values: Mapping[str, Array], use: ResponseUse) -> Responses | None:
    """Classify every visit and take the best; None for a definition that needs what is not simulated.

    A visit that cannot be decided is no response. Shapes: values (visits, ...) by parameter.
    """
    protein, rules = protein_parameter(plan.study, use.definition), find_rules(use.definition)
    if protein is None or protein.id not in values:
        return None
    factor = _factor(protein.unit, rules.unit) or 1.0
    columns = {"protein": values[protein.id] * factor, "baseline_protein": _baseline(plan, values, protein.id) * factor}
    if "gfr" in values:
        columns |= {"egfr": values["gfr"], "baseline_egfr": _baseline(plan, values, "gfr")}
    if "albumin" in values:
        columns["albumin"] = values["albumin"] * ALBUMIN_G_L
    last = next((visit.day for visit in plan.visits if visit.id == use.by), None)
    if last is None or not set(rules.inputs) <= set(columns):
        return None
    later = [place for place, visit in enumerate(plan.visits) if 0 < visit.day <= last and protein.form.id in visit.forms]
    at_visits = {name: column if name.startswith("baseline") else column[later] for name, column in columns.items()}
    classes = classify_array(rules.id, None, **{name: column for name, column in at_visits.items() if name in rules.inputs})
    complete = classes == CODES["complete"]
    either = complete | (classes == CODES["partial"])
    return Responses(complete=complete.any(axis=0), any_response=either.any(axis=0), by_visit=either)


def _baseline(plan: Plan, values: Mapping[str, Array], parameter: str) -> Array:
    """The baseline as the analysis datasets take it: by the rule of the endpoint, or the last value of screening."""
    rule = baseline_rules(plan.study).get(parameter) or default_rule(plan.study)
    places = [place for place, visit in enumerate(plan.visits) if visit.id in rule.encounters]
    return baseline_of(values[parameter][places], rule.rule, 2)


def rules_on_protein(definition: str, unit: str) -> ResponseRules | None:
    """The rules of a definition that needs no more than protein in this kind of unit; None for any other."""
    rules = find_rules(definition)
    return rules if set(rules.inputs) <= KNOWN and _factor(unit, rules.unit) is not None else None


def classify_arrays(rules: ResponseRules, protein: Array, baseline: Array, unit: str) -> tuple[Flags, Flags]:
    """Whether each value is a complete, or else a partial, response; a missing or undetermined one is neither.

    Units: protein and baseline in `unit`. Shapes: protein and baseline broadcast together; so does each result.
    """
    factor = _factor(unit, rules.unit) or 1.0
    classes = classify_array(rules.id, protein=protein * factor, baseline_protein=baseline * factor)
    return classes == CODES["complete"], classes == CODES["partial"]


def _factor(unit: str, wanted: str) -> float | None:
    if unit == wanted:
        return 1.0
    try:
        return float(Quantity(value=Decimal(1), unit=unit).to(wanted).value)
    except UnitError:
        return None
