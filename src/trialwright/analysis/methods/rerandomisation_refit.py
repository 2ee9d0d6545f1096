"""Re-randomisation inference with a statistic of choice, refitted for every list of the trial's own allocation procedure.

Lists count by the chance with which the procedure draws them; a minimisation and a big stick do not draw all lists alike. Values
that are missing stay missing for the same participants under every list (which assumes that the arm did not cause the gap); these
participants keep their place in the list. A list that leaves an arm empty, or lets one participant alone fix the fit of a robust
standard error, counts as extreme (the cautious side).

The interval holds the constant effects that the same test would not reject. It is found by trying effects outward from the
estimate: p over effects is a step function and, for a robust t, need not fall steadily, so the limit is the outermost crossing that
a net of 32 effects a side shows, refined by bisection.

Source: Edgington and Onghena, Randomization Tests, 4th ed. 2007; Phipson and Smyth, Stat Appl Genet Mol Biol 2010;9:39 (sampled p).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.ancova import impossible
from trialwright.analysis.methods.refit import RANK_SUM, RefitStatistic, Refitted
from trialwright.analysis.methods.rerandomisation import Rerandomisation, smallest_p
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, not_estimable
from trialwright.terms.sentences import Text

Alternative = Literal["two_sided", "greater", "less"]
Array = NDArray[np.float64]
_SAME = 1e-9  # relative tolerance under which two lists are equally extreme
_NET, _HALVINGS, _DOUBLINGS = 32, 40, 20


@dataclass(frozen=True, kw_only=True)
class _Problem:
    refitted: Refitted
    weights: Array  # sums to 1
    alternative: Alternative

    def p(self, effect: float) -> float:
        """The share of lists at least as extreme as the observed one if everyone treated is shifted by `effect`."""
        found = self.refitted.at(effect)
        never = np.isinf(found)
        if self.alternative == "two_sided":
            found = np.abs(found)
        elif self.alternative == "less":
            found = -found
        observed = found[0]
        return float(self.weights[(found >= observed - _SAME * abs(observed)) | never].sum())


def refit_test(
    outcome: Sequence[float],
    baseline: Sequence[float] | None,
    reference: ReferenceSet,
    statistic: RefitStatistic,
    *,
    alternative: Alternative = "two_sided",
    confidence: float = 0.95,
) -> Rerandomisation | NotEstimable:
    """Test no effect on anyone over the lists of `reference`, whose first row is the observed list.

    `greater` asks whether the treated have larger values. Without a baseline the arms are compared unadjusted. With `HC2_P` the
    statistic that comes back is minus the logarithm of that p value, with the sign of t.
    Shapes: outcome, baseline (slots,) in the order of allocation, NaN where not observed.
    """
    y = np.asarray(outcome, dtype=float)
    x = None if baseline is None else np.asarray(baseline, dtype=float)
    seen = np.isfinite(y) if x is None else np.isfinite(y) & np.isfinite(x)
    lists = reference.lists[:, seen]
    if refused := _impossible(y[seen], None if x is None else x[seen], lists[0].astype(float)):
        return refused
    refitted = statistic.prepare(lists, y[seen], None if x is None else x[seen])
    observed = float(refitted.at(0.0)[0])
    if not np.isfinite(observed) or (statistic is not RANK_SUM and refitted.scale <= 1e-10 * float(np.ptp(y[seen]))):
        return _no_statistic()
    problem = _Problem(refitted=refitted, weights=reference.weights / reference.weights.sum(), alternative=alternative)
    low, high = _limits(problem, 1 - confidence)
    definition = _interval_text(statistic, alternative, reference, adjusted=x is not None)
    return Rerandomisation(
        test=Test(
            statistic=observed,
            participants=int(seen.sum()),
            p=_p_value(problem, reference, _definition(statistic, alternative, reference, adjusted=x is not None)),
        ),
        interval=Interval(
            estimate=refitted.estimate, low=low, high=high, level=confidence, asked=confidence, definition=definition
        ),
        lists=len(reference.lists),
        enumerated=reference.enumerated,
    )


def _impossible(y: Array, x: Array | None, treated: Array) -> NotEstimable | None:
    """The same reasons as for the analysis of covariance; without a baseline, with one that stands in for any other."""
    if x is not None:
        return impossible(y, x, treated)
    stand_in = np.arange(len(y), dtype=float)
    refused = impossible(y, stand_in, treated)
    alone = len(y) > 2 and 0 < treated.sum() < len(y) and np.ptp(y) > 0
    return None if alone else refused


def _no_statistic() -> NotEstimable:
    return not_estimable(
        "The observed allocation leaves this statistic undefined: the model explains every value exactly, or one participant alone "
        "fixes a part of it.",
        "این آماره برای تخصیص مشاهده‌شده تعریف نمی‌شود: مدل همهٔ مقادیر را دقیقاً توضیح می‌دهد یا یک شرکت‌کننده به‌تنهایی بخشی از آن را "
        "تعیین می‌کند.",
    )


def _p_value(problem: _Problem, reference: ReferenceSet, definition: Text) -> PValue:
    p = problem.p(0.0)
    error = None if reference.enumerated else float((p * (1 - p) / len(reference.lists)) ** 0.5)
    smallest = smallest_p(reference) if problem.alternative == "two_sided" else _share_of_observed(reference)
    return PValue(value=p, definition=definition, smallest=smallest, monte_carlo_error=error)


def _share_of_observed(reference: ReferenceSet) -> float:
    same = (reference.lists == reference.lists[0]).all(axis=1)
    return float(reference.weights[same].sum() / reference.weights.sum())


def _limits(problem: _Problem, alpha: float) -> tuple[float | None, float | None]:
    """Both limits, or the one that a one-sided test gives."""
    low = None if problem.alternative == "less" else _limit(problem, alpha, -1)
    high = None if problem.alternative == "greater" else _limit(problem, alpha, 1)
    return low, high


def _limit(problem: _Problem, alpha: float, side: int) -> float | None:
    """The outermost effect on one side that is not rejected; None where no effect, however far, is rejected."""
    estimate, step = problem.refitted.estimate, problem.refitted.scale * side

    def kept(distance: float) -> bool:
        return problem.p(estimate + step * distance) > alpha * (1 + _SAME)

    far = next((2.0**k for k in range(_DOUBLINGS) if not kept(2.0**k) and not kept(2.0 ** (k + 1))), None)
    if far is None or kept(2.0**_DOUBLINGS):
        return None
    net = np.linspace(0.0, far, _NET + 1)
    inside = max((place for place in range(_NET) if kept(net[place])), default=0)
    return float(estimate + step * _crossing(kept, float(net[inside]), float(net[inside + 1])))


def _crossing(kept: Callable[[float], bool], inner: float, outer: float) -> float:
    for _ in range(_HALVINGS):
        middle = (inner + outer) / 2
        inner, outer = (middle, outer) if kept(middle) else (inner, middle)
    return inner


_SIDES = {
    "two_sided": Text(en="two-sided", fa="دوطرفه"),
    "greater": Text(en="one-sided (larger values among the treated)", fa="یک‌طرفه (مقادیر بزرگ‌تر در درمان‌شدگان)"),
    "less": Text(en="one-sided (smaller values among the treated)", fa="یک‌طرفه (مقادیر کوچک‌تر در درمان‌شدگان)"),
}


def _definition(statistic: RefitStatistic, alternative: Alternative, reference: ReferenceSet, *, adjusted: bool) -> Text:
    side = _SIDES[alternative]
    model = Text(en=", adjusted for baseline", fa="، تعدیل‌شده برای مقدار پایه") if adjusted else Text(en="", fa="")
    return Text(
        en=f"Re-randomisation test, {side.en}: the share of the allocation lists whose statistic is at least as extreme as the "
        f"observed one. Statistic: {statistic.label.en}{model.en}. Reference set: {reference.description.en}",
        fa=f"آزمون بازتصادفی‌سازی، {side.fa}: سهم فهرست‌های تخصیصی که آمارهٔ آن‌ها دست‌کم به اندازهٔ مقدار مشاهده‌شده از صفر دور است. "
        f"آماره: {statistic.label.fa}{model.fa}. مجموعهٔ مرجع: {reference.description.fa}",
    )


def _interval_text(statistic: RefitStatistic, alternative: Alternative, reference: ReferenceSet, *, adjusted: bool) -> Text:
    test = _definition(statistic, alternative, reference, adjusted=adjusted)
    return Text(
        en=f"The constant effects that this test does not reject, limits by bisection at the outermost crossing found. {test.en}",
        fa=f"اثرهای ثابتی که این آزمون رد نمی‌کند؛ حدها با نصف‌کردن در بیرونی‌ترین گذر یافت‌شده به دست آمده‌اند. {test.fa}",
    )
