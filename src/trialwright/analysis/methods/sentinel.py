"""Sentinel dosing: the first participants are treated one by one, with days between, so that a harm is seen before the next.

A rule can only stop what has not been given yet. Treating in groups (1, 1, 1, then 2, then the rest) means that the count is looked
at when a group's waiting time is over; everyone in a group is exposed whatever happens to the others in it. The price of caution is
calendar time. Both are counted exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from trialwright.analysis.methods.monitoring import Characteristics, characteristics, looked_at


@dataclass(frozen=True, kw_only=True)
class SentinelPlan:
    """Groups treated together, in order, and how long after each the next may begin. Units: days.

    Raises: ValueError where a group is empty or the boundary is not as long as the groups together.
    """

    groups: tuple[int, ...]
    wait_days: tuple[float, ...]
    boundary: tuple[int | None, ...]

    def __post_init__(self) -> None:
        if not self.groups or min(self.groups) < 1 or len(self.wait_days) != len(self.groups):
            raise ValueError(f"Groups of {list(self.groups)} with waits of {list(self.wait_days)}; give one wait a group.")
        if sum(self.groups) != len(self.boundary):
            raise ValueError(
                f"The groups hold {sum(self.groups)} participants and the boundary is for {len(self.boundary)}; make them equal."
            )


@dataclass(frozen=True, kw_only=True)
class SentinelCharacteristics:
    """The boundary's characteristics with looks after the groups alone, and the days until it stops or everyone is observed."""

    counted: Characteristics
    expected_days: float
    longest_days: float


def sentinel_characteristics(plan: SentinelPlan, rate: float) -> SentinelCharacteristics:
    """What the plan does at one true rate."""
    ends = list(accumulate(plan.groups))
    counted = characteristics(looked_at(plan.boundary, ends), rate)
    begun = _still_going_before(ends, counted.stops_after)
    days = sum(chance * wait for chance, wait in zip(begun, plan.wait_days, strict=True))
    return SentinelCharacteristics(counted=counted, expected_days=days, longest_days=sum(plan.wait_days))


def _still_going_before(ends: Sequence[int], stops_after: Sequence[float]) -> list[float]:
    """The chance that each group is treated at all."""
    return [1 - sum(stops_after[:start]) for start in (0, *ends[:-1])]
