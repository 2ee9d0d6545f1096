"""Pausing when a rate is probably above that of a historical series, whose own uncertainty counts.

With a fixed limit see `pause_rule`. Here the limit is itself a Beta, as wide as the series was small: few historical children make
a rule that hardly ever pauses, and the table of numbers shows it.

Source: Thall and Simon, Biometrics 1994;50:337.
"""

from dataclasses import dataclass

from trialwright.analysis.methods.monitoring import Boundary


@dataclass(frozen=True, kw_only=True)
class HistoricalRule:
    """Pause when P(rate > historical rate + margin) exceeds the threshold; both rates have Beta priors, independent."""

    prior_events: float
    prior_none: float
    historical_events: float
    historical_none: float
    threshold: float
    margin: float = 0.0


def probability_above_historical(rule: HistoricalRule, events: int, participants: int) -> float:
    """P(rate > historical rate + margin) after `events` of `participants`, by quadrature over the historical quantiles."""
    from scipy.integrate import quad  # scipy is slow to import; only a page that shows this rule pays for it
    from scipy.special import betainc, betaincinv

    own = (rule.prior_events + events, rule.prior_none + participants - events)

    def above(share: float) -> float:
        limit = float(betaincinv(rule.historical_events, rule.historical_none, share)) + rule.margin
        return 1 - float(betainc(*own, min(max(limit, 0.0), 1.0)))

    return float(quad(above, 0, 1, epsabs=1e-12, epsrel=1e-11, limit=200)[0])


def historical_boundary(rule: HistoricalRule, participants: int) -> Boundary:
    """The least number of events that pauses after each participant; None where no number does."""
    return tuple(_least(rule, number) for number in range(1, participants + 1))


def _least(rule: HistoricalRule, participants: int) -> int | None:
    pausing = (x for x in range(participants + 1) if probability_above_historical(rule, x, participants) > rule.threshold)
    return next(pausing, None)
