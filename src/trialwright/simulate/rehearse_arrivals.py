"""Who comes when: arrivals over the months of enrolment, or laid out before a present day on which work is waiting.

With a present day, one participant's bag is ready for infusion, one is eligible and waits for allocation, and one was screened the
day before. Who gets which slot decides who can have a bag, so the story looks into the list that it sealed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from trialwright.simulate.rehearse_calendar import last_open, next_open
from trialwright.simulate.rehearse_eligible import failable
from trialwright.simulate.rehearse_parameters import Parameters
from trialwright.simulate.rehearse_stage import random_for
from trialwright.study.model import Study

_DAYS_PER_MONTH = 30.4375
_ALWAYS_FAILS = 2
_BAG_READY_DAYS = 33
_SCREENING_DAYS = 38
_WAITING_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Someone who comes for screening; `allocate_on` fixes the day of allocation where the story needs it."""

    number: int
    on: date
    fails: bool
    allocate_on: date | None = None


def plan_arrivals(study: Study, parameters: Parameters, seed: int, opens: date) -> tuple[Arrival, ...]:
    """Arrivals at the study's rate until the planned number of people is in, or as many as the story has for a large trial."""
    wanted = min(study.sample_size, round(parameters.number("rehearsal", "participants", study.sample_size)))
    return tuple(_arrivals(study, parameters, seed, opens, wanted, _days_between(parameters)))


def plan_before(
    study: Study, parameters: Parameters, seed: int, opens: date, until: date, arms: Sequence[str]
) -> tuple[Arrival, ...]:
    """Arrivals such that `until` falls in the middle of the trial, with work waiting on that day."""
    earlier = people_before(study, arms)
    last = until - timedelta(days=_BAG_READY_DAYS + _SCREENING_DAYS)
    failing = parameters.number("enrolment", "screen_failure")
    spacing = max((last - opens).days - 8, earlier) / max(earlier + 1, 1) * (1 - failing)
    planned = list(_arrivals(study, parameters, seed, opens, earlier, spacing, by=last - timedelta(days=2)))
    number = len(planned)
    ready = Arrival(number=number + 1, on=last_open(last), fails=False, allocate_on=until - timedelta(days=_BAG_READY_DAYS))
    waits = Arrival(
        number=number + 2, on=last_open(until - timedelta(days=_WAITING_DAYS)), fails=False, allocate_on=until + timedelta(days=3)
    )
    fresh = Arrival(number=number + 3, on=last_open(until - timedelta(days=1)), fails=False)
    return (*planned, ready, waits, fresh)


def people_before(study: Study, arms: Sequence[str]) -> int:
    """How many are allocated before the one whose bag is ready: the latest slot with cells that leaves room for two more."""
    latest = max(min(round(study.sample_size * 0.8), study.sample_size - 3), 0)
    with_cells = [slot for slot, arm in enumerate(arms[: latest + 1]) if study.cell_product(arm) is not None]
    return with_cells[-1] if with_cells else latest


def usual_start(study: Study, parameters: Parameters, until: date, arms: Sequence[str]) -> date:
    """The activation day from which the study's own rate leads to the middle of the trial on `until`."""
    months = people_before(study, arms) / max(parameters.number("enrolment", "participants_per_month", 1.0), 0.1)
    return until - timedelta(days=_BAG_READY_DAYS + _SCREENING_DAYS + 14 + round(months * _DAYS_PER_MONTH))


def _days_between(parameters: Parameters) -> float:
    rate = max(parameters.number("enrolment", "participants_per_month", 1.0), 0.05)
    return _DAYS_PER_MONTH / rate * (1 - parameters.number("enrolment", "screen_failure"))


def _arrivals(
    study: Study, parameters: Parameters, seed: int, opens: date, wanted: int, spacing: float, *, by: date | None = None
) -> list[Arrival]:
    """Draw until `wanted` people are eligible; nobody fails twice in a row, and the second person always does."""
    planned: list[Arrival] = []
    can_fail = not parameters.fails_by_criteria or bool(failable(study))
    day, included = float(opens.toordinal() + 7), 0
    while included < wanted:
        number = len(planned) + 1
        rng = random_for(seed, study.id, "arrival", number)
        failed_before = bool(planned) and planned[-1].fails
        drawn = rng.random() < parameters.number("enrolment", "screen_failure")
        fails = can_fail and (number == _ALWAYS_FAILS or (drawn and not failed_before))
        on = date.fromordinal(round(day))
        planned.append(Arrival(number=number, on=next_open(min(on, by) if by else on), fails=fails))
        included += not fails
        day += spacing * rng.uniform(0.5, 1.5)
    return planned
