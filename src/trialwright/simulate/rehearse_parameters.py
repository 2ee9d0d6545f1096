"""The study's `simulation.toml` beyond its scenarios: numbers by section and name, and the dates of the story."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from trialwright.simulate.scenario import days_from_allocation, treatment_day
from trialwright.study.model import Study

Points = tuple[tuple[float, float], ...]
"""(day from allocation, value), in order of days; between points the value lies on straight lines."""


class RehearsalError(ValueError):
    """A rehearsal that cannot be told, or whose story was refused; the message says where and what to do."""


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Parameters of invented people. Units: as in the study's `simulation.toml`."""

    table: Mapping[str, Any]

    def number(self, section: str, name: str, default: float = 0.0) -> float:
        return float(self.table.get(section, {}).get(name, default))

    def has(self, section: str, name: str = "") -> bool:
        found = self.table.get(section)
        return found is not None and (not name or name in found)

    @property
    def fails_by_criteria(self) -> bool:
        """Whether someone who is not eligible fails by a criterion of the study's own that the investigator judges."""
        return "criteria" in self.table.get("enrolment", {}).get("ways_to_fail", ())

    def pair(self, section: str, name: str, default: tuple[float, float]) -> tuple[float, float]:
        low, high = self.table.get(section, {}).get(name, default)
        return float(low), float(high)

    def numbers(self, section: str, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(float(value) for value in self.table.get(section, {}).get(name, default))

    def effect(self, study: Study, name: str) -> Points:
        """An effect of the default scenario that is not one of protein, such as `sledai_cells`; 0 on the day of treatment."""
        scenario = self.table.get("scenario", {}).get(self.table.get("default_scenario", ""), {})
        given: Mapping[str, float] = scenario.get(name, {})
        named = sorted((days_from_allocation(study, encounter), float(value)) for encounter, value in given.items())
        return ((treatment_day(study), 0.0), *named)

    def story(self, name: str, default: Any = None) -> Any:
        """A fact of `[rehearsal]`. Raises: RehearsalError when it is needed and not there."""
        found = self.table.get("rehearsal", {}).get(name, default)
        if found is None:
            raise RehearsalError(
                f"simulation.toml: [rehearsal] has no `{name}`; add it, so that the story has its dates and place."
            )
        return found

    def day(self, name: str) -> date:
        """A date of `[rehearsal]`. Raises: RehearsalError when it is missing or no date."""
        found = self.story(name)
        if isinstance(found, date):
            return found
        raise RehearsalError(f"simulation.toml: [rehearsal] `{name}` is {found!r}; write a date such as 2017-06-03.")


def value_at(points: Points, day: float) -> float:
    """The value on a day: that of the first point before it, straight lines between, the last value after the last point."""
    if day <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if day <= right:
            return low + (high - low) * (day - left) / (right - left)
    return points[-1][1]
