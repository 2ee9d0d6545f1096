"""Bayesian statements about proportions of few participants, each with the prior that it rests on.

With five participants the prior speaks almost as loudly as the data: Beta(1, 1) has the weight of two participants, Beta(.5, .5) of
one. So every statement carries its prior in words, and a reader who holds another prior can see by how much the answer would move.

Source: Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, chapter 2; P(p1 > p2) by quadrature on the logit scale.
"""

from dataclasses import dataclass
from math import comb, exp, lgamma, sqrt

from trialwright.analysis.methods.impossible import not_a_confidence, not_a_proportion
from trialwright.analysis.methods.result import NotEstimable, not_estimable
from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class Beta:
    """A Beta distribution of a rate; as a prior it weighs as much as `events + none` participants."""

    events: float
    none: float

    def after(self, events: int, participants: int) -> "Beta":
        """The posterior once `events` of `participants` were seen."""
        return Beta(events=self.events + events, none=self.none + participants - events)


JEFFREYS = Beta(events=0.5, none=0.5)
UNIFORM = Beta(events=1.0, none=1.0)


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """A rate after the data: mean, equal-tailed limits with their probability, and the prior in words."""

    prior: Beta
    posterior: Beta
    mean: float
    low: float
    high: float
    probability: float
    statement: Text


@dataclass(frozen=True, kw_only=True)
class Belief:
    """A posterior or predictive probability, the prior (or priors) it rests on, and what it is a probability of."""

    probability: float
    priors: tuple[Beta, ...]
    statement: Text


def posterior(events: int, participants: int, prior: Beta = JEFFREYS, probability: float = 0.95) -> Posterior | NotEstimable:
    """The rate's posterior; with no participant at all it is the prior itself and is refused."""
    from scipy.special import betaincinv  # scipy is slow to import; only a Bayesian statement needs it

    if refused := not_a_proportion(events, participants) or not_a_confidence(probability) or _no_prior(prior):
        return refused
    after = prior.after(events, participants)
    low, high = (float(betaincinv(after.events, after.none, q)) for q in ((1 - probability) / 2, (1 + probability) / 2))
    return Posterior(
        prior=prior,
        posterior=after,
        mean=after.events / (after.events + after.none),
        low=low,
        high=high,
        probability=probability,
        statement=Text(
            en=f"{events} of {participants}: with a {_named(prior)} prior the rate lies between {low:.3f} and {high:.3f} with "
            f"probability {probability:g} (equal tails).",
            fa=f"{events} از {participants}: با پیشین {_named(prior)}، نرخ با احتمال {probability:g} بین {low:.3f} و {high:.3f} "
            "است (دنباله‌های برابر).",
        ),
    )


def rate_above(limit: float, events: int, participants: int, prior: Beta = JEFFREYS) -> Belief | NotEstimable:
    """P(rate > limit) after the data."""
    from scipy.special import betaincc  # scipy is slow to import; only a Bayesian statement needs it

    if refused := not_a_proportion(events, participants) or _no_prior(prior):
        return refused
    after = prior.after(events, participants)
    value = float(betaincc(after.events, after.none, min(1.0, max(0.0, limit))))
    return Belief(
        probability=value,
        priors=(prior,),
        statement=Text(
            en=f"{events} of {participants}: with a {_named(prior)} prior the rate exceeds {limit:g} with probability {value:.3f}.",
            fa=f"{events} از {participants}: با پیشین {_named(prior)}، نرخ با احتمال {value:.3f} از {limit:g} بیشتر است.",
        ),
    )


def first_exceeds_second(
    first: int, first_n: int, second: int, second_n: int, prior: Beta = JEFFREYS, second_prior: Beta | None = None
) -> Belief | NotEstimable:
    """P(rate of the first group > rate of the second), the rates independent; one prior for both unless a second is given."""
    priors = (prior, second_prior or prior)
    if refused := not_a_proportion(first, first_n) or not_a_proportion(second, second_n) or _no_prior(*priors):
        return refused
    value = chance_greater(priors[0].after(first, first_n), priors[1].after(second, second_n))
    named = " and ".join(dict.fromkeys(map(_named, priors)))
    named_fa = " و ".join(dict.fromkeys(map(_named, priors)))
    return Belief(
        probability=value,
        priors=priors,
        statement=Text(
            en=f"{first} of {first_n} against {second} of {second_n}: with a {named} prior for the rates, independent, the first "
            f"group's rate is the higher with probability {value:.3f}.",
            fa=f"{first} از {first_n} در برابر {second} از {second_n}: با پیشین {named_fa} برای نرخ‌های مستقل، نرخ گروه نخست با "
            f"احتمال {value:.3f} بالاتر است.",
        ),
    )


def predicted_at_least(wanted: int, further: int, events: int, participants: int, prior: Beta = JEFFREYS) -> Belief | NotEstimable:
    """P(at least `wanted` events among `further` participants still to come), given those seen."""
    if refused := not_a_proportion(events, participants) or not_a_proportion(min(max(wanted, 0), further), further):
        return refused
    if refused := _no_prior(prior):
        return refused
    after = prior.after(events, participants)
    value = min(1.0, sum(beta_binomial(k, further, after) for k in range(max(wanted, 0), further + 1)))
    return Belief(
        probability=value,
        priors=(prior,),
        statement=Text(
            en=f"After {events} of {participants}, with a {_named(prior)} prior, at least {wanted} of the next {further} "
            f"participants will have the event with probability {value:.3f}.",
            fa=f"پس از {events} از {participants}، با پیشین {_named(prior)}، با احتمال {value:.3f} دست‌کم {wanted} نفر از "
            f"{further} شرکت‌کنندهٔ بعدی رویداد را خواهند داشت.",
        ),
    )


def beta_binomial(events: int, participants: int, rate: Beta) -> float:
    """P(just so many events) when the rate has this Beta distribution."""
    return comb(participants, events) * exp(_log_beta(rate.after(events, participants)) - _log_beta(rate))


def chance_greater(first: Beta, second: Beta) -> float:
    """P(X > Y) for independent Beta X and Y.

    Integrates the first's density times the second's distribution over the logit, where both are smooth and their tails fall
    exponentially: the trapezium rule is then right to about 1e-13 for parameters of at least .1.
    """
    import numpy as np
    from scipy.special import betainc, betaincc, expit, log_expit  # scipy is slow to import; only a Bayesian statement needs it

    reach = 40 / min(0.5, first.events, first.none) + 40
    step = min(0.02, 0.2 / sqrt(max(first.events, first.none, second.events, second.none)))
    logit = np.arange(-reach, reach, step)
    density = np.exp(first.events * log_expit(logit) + first.none * log_expit(-logit) - _log_beta(first)) * step
    below = np.where(
        logit < 0, betainc(second.events, second.none, expit(logit)), betaincc(second.none, second.events, expit(-logit))
    )
    return float((density * below).sum())


def _log_beta(distribution: Beta) -> float:
    a, b = distribution.events, distribution.none
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _named(prior: Beta) -> str:
    return f"Beta({prior.events:g}, {prior.none:g})"


def _no_prior(*priors: Beta) -> NotEstimable | None:
    if all(min(prior.events, prior.none) > 0 for prior in priors):
        return None
    return not_estimable(
        "A Beta prior needs two numbers above zero: the weight of an event and of none.",
        "پیشین بتا به دو عدد بزرگ‌تر از صفر نیاز دارد: وزن رویداد و وزن نبود آن.",
    )
