"""A scenario: how invented participants' protein runs, read from the study's own simulation.toml.

The rehearsal of few and the arrays of many draw from the same numbers. An effect is the mean change of ln(protein) at an
encounter, joined by straight lines between the encounters that name one, from zero on the planned day of treatment.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from trialwright.study.model import Study
from trialwright.terms.sentences import Text

DAYS_A_MONTH = 30.4375
_USUAL = Path(__file__).with_name("usual.toml")


class ScenarioError(ValueError):
    """The study's simulation.toml lacks something, or a scenario of that name does not exist."""


@dataclass(frozen=True, kw_only=True)
class ProteinModel:
    """The course of protein without an effect. Units: logarithms of the endpoint's unit; drift per square root of a month.

    `cv_*`: day-to-day variation as a coefficient of variation at a level, its exponent and its largest value.
    """

    log_mean: float
    log_sd: float
    inclusion_above: float
    cv_at_reference: float
    cv_reference: float
    cv_exponent: float
    cv_cap: float
    drift_sd: float
    autocorrelation: float


@dataclass(frozen=True, kw_only=True)
class CollectionModel:
    """How jugs are filled: shares under- and over-collected and the range of each factor."""

    under: float
    over: float
    under_factor: tuple[float, float]
    over_factor: tuple[float, float]
    fair_factor: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One scenario of one study. `effects`: arm id to (days from allocation, mean change of the logarithm), in order of days.

    `missing_visit` is the share of visits that nobody attends, `missing_form` that of forms without a value at a visit attended;
    `sledai` the mean change of the score after the treatment, by day, and `sledai_fall_by_year` its fall without.
    """

    name: str
    label: Text
    protein: ProteinModel
    collection: CollectionModel
    missing_visit: float
    missing_form: float
    sledai: tuple[tuple[float, float], ...]
    sledai_fall_by_year: float
    effects: Mapping[str, tuple[tuple[float, float], ...]]

    def is_null(self, treated: str, control: str) -> bool:
        """Whether the treatment does nothing: its course is that of the control arm, or no change where there is no such arm."""
        values = dict(self.effects.get(treated, ()))
        return all(abs(value - (self.effect(control, day) if control else 0.0)) < 1e-12 for day, value in values.items())

    def effect(self, arm: str, day: float) -> float:
        """The mean change of ln(protein) on a day after allocation. Beyond the last named day it stays."""
        points = self.effects.get(arm, ())
        if not points or day <= points[0][0]:
            return 0.0
        for (left, low), (right, high) in pairwise(points):
            if day <= right:
                return low + (high - low) * (day - left) / (right - left)
        return points[-1][1]


def scenario_names(study: Study) -> tuple[str, ...]:
    """Every scenario of the study, in the order of its file."""
    return tuple(parameter_table(study, "scenario"))


def read_scenario(study: Study, name: str = "default") -> Scenario:
    """Read a scenario by name; "default" is the one that the study names.

    Raises: ScenarioError, with the names there are.
    """
    chosen = str(study.simulation.get("default_scenario", "")) if name == "default" else name
    known = parameter_table(study, "scenario")
    if chosen not in known:
        raise ScenarioError(f"{study.id} has no scenario {chosen!r} in simulation.toml; it has {', '.join(known)}.")
    row, urine, missing = known[chosen], parameter_table(study, "urine"), parameter_table(study, "missing")
    sledai: Mapping[str, Any] = dict(study.simulation.get("sledai", {}))  # type: ignore[call-overload]  # a table where it is there
    experimental = next((arm.id for arm in study.arms if arm.kind == "experimental"), "")
    return Scenario(
        name=chosen,
        label=Text(**row["label"]),
        protein=_protein(parameter_table(study, "proteinuria")),
        collection=CollectionModel(
            under=urine["under_collected"],
            over=urine["over_collected"],
            under_factor=_pair(urine["under_factor"]),
            over_factor=_pair(urine["over_factor"]),
            fair_factor=_pair(urine["fair_factor"]),
        ),
        missing_visit=missing["visit"],
        missing_form=1 - (1 - missing["form"]) * (1 - missing["item"]),
        sledai=_points(study, row.get(f"sledai_{experimental}", {})),
        sledai_fall_by_year=float(sledai.get("fall_without_cells_by_year", 0.0)),
        effects={arm.id: _points(study, row.get(arm.id, {})) for arm in study.arms},
    )


def days_from_allocation(study: Study, encounter_id: str) -> float:
    """The planned day of an encounter, counted from allocation; those of screening are negative.

    Allocation is planned on the day of the last encounter counted from screening, the infusion where the schedule puts it.
    """
    encounter = study.encounter(encounter_id)
    if encounter is None:
        raise ScenarioError(f"{study.id} has no encounter {encounter_id!r}; check simulation.toml against schedule.toml.")
    start = {
        "screening": -max(e.target for e in study.encounters if e.anchor == "screening"),
        "allocation": timedelta(0),
        "infusion": timedelta(days=treatment_day(study)),
    }[encounter.anchor]
    return (start + encounter.target) / timedelta(days=1)


def treatment_day(study: Study) -> float:
    """The day from allocation on which treatment is planned: that of the first encounter of the treatment epoch."""
    planned = (e.target for e in study.encounters if e.epoch == "treatment" and e.anchor == "allocation")
    return next(planned, timedelta(0)) / timedelta(days=1)


def _points(study: Study, effects: Mapping[str, float]) -> tuple[tuple[float, float], ...]:
    named = sorted((days_from_allocation(study, encounter), float(value)) for encounter, value in effects.items())
    return ((treatment_day(study), 0.0), *named)


def _protein(row: Mapping[str, Any]) -> ProteinModel:
    return ProteinModel(
        log_mean=row["log_mean"],
        log_sd=row["log_sd"],
        inclusion_above=row["inclusion_above"],
        cv_at_reference=row["day_to_day_cv_at_reference"],
        cv_reference=row["day_to_day_reference_g_g"],
        cv_exponent=row["day_to_day_exponent"],
        cv_cap=row["day_to_day_cv_cap"],
        drift_sd=row["drift_sd_per_month"],
        autocorrelation=row["autocorrelation"],
    )


def _pair(values: Any) -> tuple[float, float]:
    low, high = values
    return float(low), float(high)


@cache
def _usual() -> Mapping[str, Any]:
    """Bodies of people in whom nothing of the kind is measured."""
    return tomllib.loads(_USUAL.read_text(encoding="utf-8"))


def parameter_table(study: Study, name: str) -> Mapping[str, Any]:
    """A table of the study's simulation.toml, or the usual one where it has none. Raises: ScenarioError where there is neither."""
    table = study.simulation.get(name, _usual().get(name))
    if not isinstance(table, Mapping):
        raise ScenarioError(f"{study.id}: simulation.toml has no table [{name}]; simulation needs it.")
    return table
