"""Every shipped method put to one simulated trial: does it reject, does its interval hold the truth?

A judge takes a sample and the truths and says (rejected, held), each None where the method has no such thing; None altogether where
the method could not answer. What depends only on a table of responders is remembered by table.
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from trialwright.analysis.methods import refit
from trialwright.analysis.methods.aalen_johansen import aalen_johansen, incidence_log_log
from trialwright.analysis.methods.beta_binomial import posterior
from trialwright.analysis.methods.brunner_munzel import brunner_munzel, brunner_munzel_effect
from trialwright.analysis.methods.cochran_q import cochran_q, cochran_q_asymptotic
from trialwright.analysis.methods.friedman import friedman, friedman_asymptotic
from trialwright.analysis.methods.kaplan_meier import kaplan_meier, survival_exact, survival_log_log
from trialwright.analysis.methods.log_rank import log_rank, log_rank_over_lists
from trialwright.analysis.methods.mcnemar import mcnemar, mcnemar_mid_p
from trialwright.analysis.methods.odds_ratio import odds_ratio
from trialwright.analysis.methods.one_sample_log_rank import one_sample_log_rank
from trialwright.analysis.methods.poisson_rate import compare_poisson, poisson_rate, poisson_rate_upper, poisson_ratio
from trialwright.analysis.methods.restricted_mean import restricted_mean, restricted_mean_difference
from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.methods.risk_difference import risk_difference, risk_difference_two_sided
from trialwright.analysis.methods.sign_flip import sign_flip, sign_flip_interval
from trialwright.analysis.methods.two_by_two import barnard, boschloo, fisher
from trialwright.analysis.methods.win_ratio import compare_wins
from trialwright.simulate.samples import Sample, Truths

Said = tuple[bool | None, bool | None] | None
Judge = Callable[[Sample, Truths], Said]
ALPHA, _SAME = 0.05, 1e-9
_LEAST = 2  # participants with a value, below which a method of changes is not tried


def holds(found: Interval | NotEstimable, truth: float) -> bool | None:
    """Whether an interval holds the truth; None where there is no interval."""
    if isinstance(found, NotEstimable):
        return None
    above = found.low is None or found.low <= truth + _SAME
    return above and (found.high is None or truth <= found.high + _SAME)


def said(test: Test | NotEstimable | None, interval: Interval | NotEstimable | None = None, truth: float = 0.0) -> Said:
    """Put a test and an interval together; what could not be estimated is no answer."""
    if isinstance(test, NotEstimable) or (test is None and isinstance(interval, NotEstimable)):
        return None
    return None if test is None else test.p.value <= ALPHA + _SAME, None if interval is None else holds(interval, truth)


def _refitted(statistic: refit.RefitStatistic) -> Judge:
    def judge(s: Sample, truths: Truths) -> Said:
        reference = s.reference()
        lists, y, x = reference.lists[:, s.seen], s.outcome[s.seen], s.baseline[s.seen]
        if not 0 < lists[0].sum() < len(y) or len(y) < 4:
            return None
        fitted = statistic.prepare(lists, y, x)
        p = [_share(np.abs(fitted.at(effect)), reference.weights) for effect in (0.0, truths.effect)]
        return p[0] <= ALPHA + _SAME, p[1] > ALPHA + _SAME

    return judge


def _share(
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]], weights: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> float:
    extreme = (found >= found[0] * (1 - _SAME)) | np.isinf(found)
    return float(weights[extreme].sum() / weights.sum())


def _brunner_munzel(s: Sample, _: Truths) -> Said:
    first, second = s.groups()
    return said(brunner_munzel(first, second), brunner_munzel_effect(first, second), 0.5)


def _wins(s: Sample, _: Truths) -> Said:
    first, second = ([[-value] for value in group] for group in s.groups())
    found = compare_wins(first, second)
    return None if isinstance(found, NotEstimable) else said(found.test)


def _log_rank(s: Sample, _: Truths) -> Said:
    found = log_rank(s.follow_up(), s.treated.astype(int).tolist())
    return None if isinstance(found, NotEstimable) else said(found.test)


def _log_rank_over_lists(s: Sample, _: Truths) -> Said:
    found = log_rank_over_lists(s.follow_up(), s.reference())
    return None if isinstance(found, NotEstimable) else said(found.test)


def _one_sample_log_rank(s: Sample, truths: Truths) -> Said:
    found = one_sample_log_rank(s.follow_up(s.treated), truths.cumulative_hazard)
    return None if isinstance(found, NotEstimable) else (found.two_sided.value <= ALPHA + _SAME, holds(found.ratio, 1.0))


def _restricted_mean_difference(s: Sample, truths: Truths) -> Said:
    found = restricted_mean_difference(s.follow_up(s.treated), s.follow_up(~s.treated), truths.day)
    return None if isinstance(found, NotEstimable) else said(found[1], found[0], 0.0)


def _complete(s: Sample) -> list[list[float]]:
    rows = np.round(s.course[np.isfinite(s.course).all(axis=1)], 9)
    return [list(map(float, row)) for row in rows]


def _changed(s: Sample) -> tuple[int, int]:
    early, late = s.answers[:, 0], s.answers[:, -1]
    return int(((early == 0) & (late == 1)).sum()), int(((early == 1) & (late == 0)).sum())


@cache
def _tables(a: int, n: int, b: int, m: int) -> Mapping[str, Said]:
    """Everything that a table of responders decides; risk differences and ratios against no difference."""
    return {
        "fisher": said(fisher(a, n, b, m), odds_ratio(a, n, b, m), 1.0),
        "boschloo": said(boschloo(a, n, b, m)),
        "barnard": said(barnard(a, n, b, m)),
        "odds_ratio": said(None, odds_ratio(a, n, b, m), 1.0),
        "risk_difference": said(None, risk_difference(a, n, b, m), 0.0),
        "risk_difference_two_sided": said(None, risk_difference_two_sided(a, n, b, m), 0.0),
    }


def _of_table(name: str) -> Judge:
    return lambda s, _: _tables(*s.table())[name]


def _posterior(s: Sample, truths: Truths) -> Said:
    a, n, _, _ = s.table()
    found = posterior(a, n)
    return None if isinstance(found, NotEstimable) else (None, found.low - _SAME <= truths.response <= found.high + _SAME)


TWO_ARMS: Mapping[str, Judge] = {
    "rerandomisation_t": _refitted(refit.STUDENT_T),
    "rerandomisation_hc2_t": _refitted(refit.HC2_T),
    "rerandomisation_hc2_p": _refitted(refit.HC2_P),
    "rerandomisation_hc3_t": _refitted(refit.HC3_T),
    "brunner_munzel": _brunner_munzel,
    "wins": _wins,
    "log_rank": _log_rank,
    "log_rank_over_lists": _log_rank_over_lists,
    "restricted_mean_difference": _restricted_mean_difference,
    "compare_poisson": lambda s, _: said(compare_poisson(*s.rates())),
    "poisson_ratio": lambda s, _: said(None, poisson_ratio(*s.rates()), 1.0),
    **{name: _of_table(name) for name in ("barnard", "odds_ratio", "risk_difference", "risk_difference_two_sided")},
}
"""For designs with a control arm; the primary analysis, covariance, ranks and responders are counted by `simulate` itself."""

EVERY_DESIGN: Mapping[str, Judge] = {
    "survival_log_log": lambda s, t: said(None, survival_log_log(kaplan_meier(s.follow_up(s.treated)), t.day), t.without),
    "survival_exact": lambda s, t: said(None, survival_exact(kaplan_meier(s.follow_up(s.treated)), t.day), t.without),
    "incidence_log_log": lambda s, t: said(
        None, incidence_log_log(aalen_johansen(s.follow_up(s.treated, competing=True), 1), t.day), t.incidence
    ),
    "restricted_mean": lambda s, t: said(None, restricted_mean(s.follow_up(s.treated), t.day), t.restricted),
    "one_sample_log_rank": _one_sample_log_rank,
    "poisson_rate": lambda s, t: said(None, poisson_rate(*s.rates()[:2]), t.rate),
    "poisson_rate_upper": lambda s, t: said(None, poisson_rate_upper(*s.rates()[:2]), t.rate),
    "posterior": _posterior,
    "friedman": lambda s, _: said(friedman(_complete(s))),
    "friedman_asymptotic": lambda s, _: said(friedman_asymptotic(_complete(s))),
    "cochran_q": lambda s, _: said(cochran_q(s.answers.tolist())),
    "cochran_q_asymptotic": lambda s, _: said(cochran_q_asymptotic(s.answers.tolist())),
    "mcnemar": lambda s, _: said(mcnemar(*_changed(s))),
    "mcnemar_mid_p": lambda s, _: said(mcnemar_mid_p(*_changed(s))),
}

ONE_ARM: Mapping[str, Judge] = {
    "sign_flip": lambda s, t: (
        said(sign_flip(s.change.tolist()), sign_flip_interval(s.change.tolist()), t.mean_change)
        if len(s.change) >= _LEAST
        else None
    ),
}
