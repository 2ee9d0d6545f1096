"""What a simulation adds to the page: handed in, because this room cannot see the room that invents participants."""

from dataclasses import dataclass

from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """Size or power of the planned test in one scenario, from whole simulated trials; `error` is its standard error."""

    label: Text
    rejected: float
    error: float
    trials: int


@dataclass(frozen=True, kw_only=True)
class FalseResponses:
    """Shares of people who respond by a definition although nothing works, in one setting of drift and collection.

    `collected` is "exact" (each jug holds the day's urine, or samples) or "as_collected". Units: drift SD of ln(protein) per square
    root of a month.
    """

    definition: str
    by: Text
    drift_sd: float
    collected: str
    complete: float
    partial: float
    any_response: float
    people: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`missing` says why a study cannot be simulated; None where it was, or where nobody asked."""

    power: tuple[Simulated, ...] = ()
    responses: tuple[FalseResponses, ...] = ()
    missing: Text | None = None
