"""The log-rank test: whether one arm's events come earlier than the other's.

With ten an arm the chi-square form is an approximation; the permutation form counts the allocations and is exact, over all ways of
giving as many the treatment or over the lists of the trial's own procedure. It rests on one thing more than the allocation: that
being cut off does not depend on the arm.

Source: Mantel, Cancer Chemother Rep 1966;50:163; Peto and Peto, J R Stat Soc A 1972;135:185 (permutation of log-rank scores).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.follow_up import FollowUp, no_event, risk_table
from trialwright.analysis.methods.result import NotEstimable, PValue, Test, not_estimable
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]
Strata = Sequence[str] | None
Alternative = Literal["two_sided", "more_events", "fewer_events"]
_SAME = 1e-9

CHI_SQUARE = Text(
    en="Log-rank test, chi-square with one degree of freedom (hypergeometric variance), two-sided.",
    fa="آزمون لگ‌رنک، کای‌دو با یک درجهٔ آزادی (واریانس فوق‌هندسی)، دوطرفه.",
)
STRATIFIED = Text(
    en="Log-rank test within strata, their observed less expected events and variances summed, chi-square with one degree of "
    "freedom, two-sided.",
    fa="آزمون لگ‌رنک درون طبقه‌ها با جمع تفاوت‌های مشاهده‌شده و مورد انتظار و واریانس‌ها، کای‌دو با یک درجهٔ آزادی، دوطرفه.",
)


@dataclass(frozen=True, kw_only=True)
class LogRank:
    """Observed and expected numbers of events in the first arm (`treated` is 1), and the test."""

    observed: int
    expected: float
    test: Test


def log_rank(follow_up: FollowUp, treated: Sequence[int], strata: Strata = None) -> LogRank | NotEstimable:
    """The test with its large-sample p value; with strata each participant is compared within the own stratum."""
    from scipy.special import chdtrc  # scipy is slow to import; only a test pays for it

    arms = np.asarray(treated)
    if refused := _impossible(follow_up, arms):
        return refused
    scores = log_rank_scores(follow_up, strata)
    observed, excess = int((follow_up.causes[arms == 1] > 0).sum()), float(scores[arms == 1].sum())
    variance = sum(_variance(_part(follow_up, own), arms[own]) for own in _strata(follow_up, strata))
    if variance <= 0:
        return not_estimable(
            "Every event happened while one arm alone was at risk, so the arms cannot be compared.",
            "همهٔ رویدادها زمانی رخ داده‌اند که فقط یک بازو در معرض خطر بوده و مقایسهٔ بازوها ممکن نیست.",
        )
    chi_square = excess**2 / variance
    test = Test(
        statistic=chi_square,
        participants=follow_up.participants,
        p=PValue(value=float(chdtrc(1, chi_square)), definition=CHI_SQUARE if strata is None else STRATIFIED),
    )
    return LogRank(observed=observed, expected=observed - excess, test=test)


def log_rank_over_lists(
    follow_up: FollowUp, reference: ReferenceSet, alternative: Alternative = "two_sided", strata: Strata = None
) -> LogRank | NotEstimable:
    """The test counted over allocation lists, the first of which is the observed one.

    Shapes: reference.lists (lists, participants), the participants in the order of `follow_up`. Someone allocated and never
    followed keeps the place with time 0 and no event, and counts nothing.
    """
    arms = reference.lists[0]
    if refused := _impossible(follow_up, arms):
        return refused
    scores = log_rank_scores(follow_up, strata)
    excess = reference.lists @ scores
    found = {"two_sided": np.abs(excess), "more_events": excess, "fewer_events": -excess}[alternative]
    limit = found[0] - _SAME * max(1.0, abs(float(found[0])))
    share = float(reference.weights[found >= limit].sum() / reference.weights.sum())
    smallest = float(reference.weights[found >= found.max() - _SAME * max(1.0, float(found.max()))].sum() / reference.weights.sum())
    error = None if reference.enumerated else (share * (1 - share) / len(reference.lists)) ** 0.5
    p = PValue(value=share, definition=_definition(reference, alternative, strata), smallest=smallest, monte_carlo_error=error)
    observed = int((follow_up.causes[arms == 1] > 0).sum())
    test = Test(statistic=float(excess[0]), participants=follow_up.participants, p=p)
    return LogRank(observed=observed, expected=observed - float(excess[0]), test=test)


def log_rank_scores(follow_up: FollowUp, strata: Strata = None) -> Array:
    """Each participant's event (0 or 1) less the cumulative hazard (Nelson-Aalen) up to the end of follow-up.

    Summed over an arm they are its observed less its expected events.
    """
    scores = np.empty(follow_up.participants)
    for own in _strata(follow_up, strata):
        scores[own] = _scores(_part(follow_up, own))
    return scores


def _scores(follow_up: FollowUp) -> Array:
    table = risk_table(follow_up)
    hazard = np.r_[0.0, np.cumsum(table.events / table.at_risk)]
    return np.asarray((follow_up.causes > 0) - hazard[np.searchsorted(table.times, follow_up.times, side="right")])


def _strata(follow_up: FollowUp, strata: Strata) -> list[NDArray[np.bool_]]:
    """Who is in each stratum; everybody in one where there are none."""
    names = np.zeros(follow_up.participants) if strata is None else np.asarray(strata)
    return [np.asarray(names == name) for name in np.unique(names)]


def _part(follow_up: FollowUp, own: NDArray[np.bool_]) -> FollowUp:
    return FollowUp(times=follow_up.times[own], causes=follow_up.causes[own])


def _variance(follow_up: FollowUp, arms: NDArray[np.int8]) -> float:
    table = risk_table(follow_up)
    first = (follow_up.times[None, arms == 1] >= table.times[:, None]).sum(axis=1)
    share = first / table.at_risk
    alone = np.maximum(table.at_risk - 1, 1)
    return float(np.sum(table.events * share * (1 - share) * (table.at_risk - table.events) / alone))


def _impossible(follow_up: FollowUp, arms: NDArray[np.int8]) -> NotEstimable | None:
    if len(arms) != follow_up.participants or not (arms == 1).any() or not (arms == 0).any():
        return not_estimable(
            "One of the two arms has no participant with follow-up, so the arms cannot be compared.",
            "یکی از دو بازو هیچ شرکت‌کننده‌ای با مدت پیگیری ندارد و مقایسهٔ بازوها ممکن نیست.",
        )
    return None if follow_up.events else no_event()


def _definition(reference: ReferenceSet, alternative: Alternative, strata: Strata) -> Text:
    within = Text(en="", fa="") if strata is None else Text(en=" within strata", fa=" درون طبقه‌ها")
    en = {"two_sided": "two-sided", "more_events": "one-sided (more events)", "fewer_events": "one-sided (fewer events)"}[
        alternative
    ]
    fa = {"two_sided": "دوطرفه", "more_events": "یک‌طرفه (رویداد بیشتر)", "fewer_events": "یک‌طرفه (رویداد کمتر)"}[alternative]
    return Text(
        en=f"Log-rank test{within.en} by counting, {en}: the share of the lists whose observed less expected events among the "
        "treated are at least as extreme. Being cut off is taken not to depend on the arm. "
        f"Reference set: {reference.description.en}",
        fa=f"آزمون لگ‌رنک{within.fa} با شمارش، {fa}: سهم فهرست‌هایی که تفاوت رویدادهای مشاهده‌شده و مورد انتظار درمان‌شدگان در "
        f"آن‌ها دست‌کم به همین اندازه است. فرض بر این است که سانسور به بازو بستگی ندارد. مجموعهٔ مرجع: {reference.description.fa}",
    )
