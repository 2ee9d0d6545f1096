"""Pausing rules for safety: after which number of events a trial pauses, and how often it would at each true rate.

The rule speaks of the posterior probability that the event rate exceeds a limit, given a Beta prior. It becomes a table of whole
numbers (pause at 2 of 5), and its chances are counted exactly over all orders of events: no simulation, no seed.

Source: Thall and Simon, Biometrics 1994;50:337, with a fixed limit in place of a historical arm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.analysis.methods.monitoring import characteristics


@dataclass(frozen=True, kw_only=True)
class PauseRule:
    """Pause when P(rate > limit) exceeds the threshold, the rate having a Beta(prior_events, prior_none) prior."""

    prior_events: float
    prior_none: float
    limit: float
    threshold: float


def probability_above(rule: PauseRule, events: int, participants: int) -> float:
    """P(rate > limit) after `events` of `participants`."""
    from scipy.special import betainc  # scipy is slow to import; only a page that shows this rule pays for it

    return 1 - float(betainc(rule.prior_events + events, rule.prior_none + participants - events, rule.limit))


def pause_boundary(rule: PauseRule, participants: int) -> tuple[int | None, ...]:
    """The least number of events that pauses after each participant from the first on; None where no number does."""
    return tuple(
        next((x for x in range(n + 1) if probability_above(rule, x, n) > rule.threshold), None) for n in range(1, participants + 1)
    )


def pause_probability(boundary: Sequence[int | None], rate: float) -> float:
    """P(the trial pauses at some participant) when each has the event with this rate, by counting.

    Shapes: boundary (participants,), as from `pause_boundary`.
    """
    return characteristics(boundary, rate).stops
