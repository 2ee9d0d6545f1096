"""A stopping boundary for harm looked at after every participant, with the chance of a false alarm held over all looks together.

At each number treated the trial stops with a count that would be rarer than a common level if the rate were tolerable; that level
is the largest for which the whole trial stops wrongly with at most the chance asked for. At ten participants the boundary cannot
hit the chance exactly; the true one is returned.

Source: Ivanova, Qaqish and Schell, Biometrics 2005;61:540; Pocock, Biometrika 1977;64:191.
"""

from dataclasses import dataclass
from math import comb

from trialwright.analysis.methods.monitoring import Boundary, characteristics
from trialwright.analysis.methods.result import NotEstimable, not_estimable


@dataclass(frozen=True, kw_only=True)
class PocockBoundary:
    """The boundary, the level at each look, and the chance that it truly stops at the tolerable rate."""

    boundary: tuple[int | None, ...]
    level: float
    false_alarm: float


def pocock_boundary(participants: int, tolerable_rate: float, false_alarm: float) -> PocockBoundary | NotEstimable:
    """The boundary for stopping at the tolerable rate with at most this chance."""
    tails = [_tails(n, tolerable_rate) for n in range(1, participants + 1)]
    levels = sorted({tail for row in tails for tail in row[1:]})
    low, high = -1, len(levels)
    while high - low > 1:  # the chance grows with the level: the last of the levels that keeps it
        middle = (low + high) // 2
        kept = characteristics(_boundary(tails, levels[middle]), tolerable_rate).stops <= false_alarm
        low, high = (middle, high) if kept else (low, middle)
    if low < 0:
        return not_estimable(
            f"At a rate of {tolerable_rate:g} even {participants} events of {participants} are likelier than {false_alarm:g}: "
            "no boundary keeps that chance.",
            f"با نرخ {tolerable_rate:g} حتی {participants} رویداد از {participants} محتمل‌تر از {false_alarm:g} است: "
            "هیچ مرزی این احتمال را حفظ نمی‌کند.",
        )
    found = _boundary(tails, levels[low])
    return PocockBoundary(boundary=tuple(found), level=levels[low], false_alarm=characteristics(found, tolerable_rate).stops)


def _tails(n: int, rate: float) -> list[float]:
    """P(x events or more of n), x from 0 to n."""
    masses = [comb(n, x) * rate**x * (1 - rate) ** (n - x) for x in range(n + 1)]
    tails = [0.0]
    for mass in reversed(masses):
        tails.append(tails[-1] + mass)
    return tails[:0:-1]


def _boundary(tails: list[list[float]], level: float) -> Boundary:
    return [next((x for x, tail in enumerate(row) if tail <= level), None) for row in tails]
