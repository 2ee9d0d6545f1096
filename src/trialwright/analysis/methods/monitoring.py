"""How a stopping boundary behaves, counted over every course the trial can take: no simulation, no seed, no error.

A boundary is a table of whole numbers that a safety board can follow with a pencil. What it does at each true rate follows by
counting: how often the trial stops, when, after how many participants and with how many of them harmed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Boundary = Sequence[int | None]


@dataclass(frozen=True, kw_only=True)
class Characteristics:
    """What a boundary does at one true rate.

    `stops_after[i]` is P(it stops right after participant i + 1); `stops` their sum; `stops_early` the part before the last
    participant, where stopping still spares somebody. The expected numbers count those treated until it stops or everyone was.
    """

    rate: float
    stops: float
    stops_early: float
    stops_after: tuple[float, ...]
    expected_participants: float
    expected_events: float


def characteristics(boundary: Boundary, rate: float) -> Characteristics:
    """Count the courses of a trial that stops after participant i + 1 with `boundary[i]` events or more.

    Shapes: boundary (participants,), None where no look is taken there or no number of events stops.
    """
    going, stops_after = {0: 1.0}, []
    expected = 0.0
    for limit in boundary:
        expected += sum(going.values())
        moved = one_more(going, rate)
        going = {events: chance for events, chance in moved.items() if limit is None or events < limit}
        stops_after.append(sum(chance for events, chance in moved.items() if limit is not None and events >= limit))
    return Characteristics(
        rate=rate,
        stops=sum(stops_after),
        stops_early=sum(stops_after[:-1]),
        stops_after=tuple(stops_after),
        expected_participants=expected,
        expected_events=expected * rate,  # Wald: whether the next is treated does not depend on the next one's event
    )


def one_more(going: dict[int, float], rate: float) -> dict[int, float]:
    """The chances of each number of events after one more participant."""
    moved: dict[int, float] = {}
    for events, chance in going.items():
        moved[events] = moved.get(events, 0.0) + chance * (1 - rate)
        moved[events + 1] = moved.get(events + 1, 0.0) + chance * rate
    return moved


def looked_at(boundary: Boundary, looks: Sequence[int]) -> tuple[int | None, ...]:
    """The same boundary where the count is looked at only after these numbers of participants."""
    return tuple(limit if number in looks else None for number, limit in enumerate(boundary, start=1))
