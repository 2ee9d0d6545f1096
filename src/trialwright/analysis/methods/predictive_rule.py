"""Pausing when it is already probable that the full trial would end with convincing evidence of harm.

The number of events among those still to come is beta-binomial. Compared with a posterior rule this one looks ahead: late in the
trial it pauses only where few participants could still turn the result.

Source: Lee and Liu, Clin Trials 2008;5:93 (predictive probability design), turned to harm.
"""

from dataclasses import dataclass
from math import comb, exp, lgamma

from trialwright.analysis.methods.monitoring import Boundary
from trialwright.analysis.methods.pause_rule import PauseRule, probability_above


@dataclass(frozen=True, kw_only=True)
class PredictiveRule:
    """Pause when the predictive probability that `at_the_end` will be met by all `participants` exceeds `threshold`."""

    at_the_end: PauseRule
    participants: int
    threshold: float


def predictive_probability(rule: PredictiveRule, events: int, so_far: int) -> float:
    """P(the final count meets the final criterion) after `events` of `so_far`."""
    final, left = rule.at_the_end, rule.participants - so_far
    return sum(
        beta_binomial(more, left, final.prior_events + events, final.prior_none + so_far - events)
        for more in range(left + 1)
        if probability_above(final, events + more, rule.participants) > final.threshold
    )


def predictive_boundary(rule: PredictiveRule) -> Boundary:
    """The least number of events that pauses after each participant; None where no number does."""
    return tuple(
        next((x for x in range(so_far + 1) if predictive_probability(rule, x, so_far) > rule.threshold), None)
        for so_far in range(1, rule.participants + 1)
    )


def beta_binomial(events: int, participants: int, first: float, second: float) -> float:
    """P(`events` of `participants`) where the rate is Beta(first, second)."""

    def log_beta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    return comb(participants, events) * exp(log_beta(first + events, second + participants - events) - log_beta(first, second))
