"""Re-randomisation inference: the observed comparison among all that this trial's own allocation could have produced.

Under no effect every participant would have had the same value in either arm, so the reference distribution is counted, not
assumed: the statistic is computed again for each allocation list that the procedure could have drawn. The statistic here is the
squared partial correlation of outcome and arm given baseline, which orders lists exactly as the |t| of the analysis of covariance
does. The interval holds every constant effect that the same test would not reject; it comes in closed form, because for each list
the effects at which it looks as extreme as the observed one form an interval around the estimate.

Source: Edgington and Onghena, Randomization Tests, 4th ed. 2007; Rosenberger, Uschner and Wang, Stat Med 2019;38:1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.ancova import cannot_adjust, cannot_compare
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, finite_or_none, not_estimable
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]
_SAME = 1e-9  # relative tolerance under which two lists are equally extreme


@dataclass(frozen=True, kw_only=True)
class Rerandomisation:
    """The test, and the constant effects that it does not reject. Units: those of the outcome."""

    test: Test
    interval: Interval
    lists: int
    enumerated: bool


def rerandomisation_test(
    outcome: Sequence[float], baseline: Sequence[float] | None, reference: ReferenceSet, confidence: float = 0.95
) -> Rerandomisation | NotEstimable:
    """Test no effect on anyone, adjusted for baseline unless it is None, over the lists of `reference`, the first the observed one.

    Shapes: outcome, baseline (slots,) in the order of allocation, NaN where not observed: such a participant keeps the place in the
    list and gives no value. A list that puts all observed participants in one arm counts as extreme (the cautious side).
    """
    y = np.asarray(outcome, dtype=float)
    x = np.zeros_like(y) if baseline is None else np.asarray(baseline, dtype=float)
    seen = np.isfinite(y) & np.isfinite(x)
    refused = cannot_compare(y[seen], x[seen], reference.lists[0][seen])
    if baseline is not None:
        refused = refused or cannot_adjust(x[seen], reference.lists[0][seen])
    if refused:
        return refused
    residual = _residual(y[seen], x[seen])
    if float(residual @ residual) <= 1e-20 * float(y[seen] @ y[seen]):
        return not_estimable(
            "Baseline alone explains every value exactly, so nothing is left to compare between the arms.",
            "مقدار پایه به‌تنهایی همهٔ مقادیر را دقیقاً توضیح می‌دهد و چیزی برای مقایسهٔ بازوها نمی‌ماند.",
        )
    statistics = adjusted_statistics(reference.lists, y[:, None], x[:, None])[:, 0]
    low, high, estimate = _effects_as_extreme(reference.lists[:, seen].astype(float), y[seen], x[seen])
    total = reference.weights.sum()
    as_extreme = reference.weights[statistics >= statistics[0] * (1 - _SAME)].sum() / total
    return Rerandomisation(
        test=Test(
            statistic=float(statistics[0]) / float(residual @ residual), participants=int(seen.sum()), p=_p(as_extreme, reference)
        ),
        interval=Interval(
            estimate=estimate,
            low=finite_or_none(estimate - _limit(-low, reference.weights / total, 1 - confidence)),
            high=finite_or_none(estimate + _limit(high, reference.weights / total, 1 - confidence)),
            level=confidence,
            asked=confidence,
            definition=_interval_definition(reference),
        ),
        lists=len(reference.lists),
        enumerated=reference.enumerated,
    )


def adjusted_statistics(lists: NDArray[np.int8] | Array, outcome: Array, baseline: Array) -> Array:
    """The statistic of every list in every trial: t'My squared over t'Mt, M the residual of constant and baseline.

    It is the squared partial correlation times a factor that is the same for all lists of a trial, so only its order matters.
    Shapes: lists (lists, slots) of 0 and 1; outcome, baseline (slots, trials), NaN where not observed; result (lists, trials),
    infinite where a list leaves one arm empty.
    """
    seen = np.isfinite(outcome) & np.isfinite(baseline)
    count = seen.sum(axis=0)
    x = np.where(seen, baseline, 0.0)
    x = np.where(seen, x - x.sum(axis=0) / np.maximum(count, 1), 0.0)
    y = np.where(seen, outcome, 0.0)
    y = np.where(seen, y - y.sum(axis=0) / np.maximum(count, 1), 0.0)
    spread = np.maximum((x * x).sum(axis=0), np.finfo(float).tiny)
    residual = y - x * ((x * y).sum(axis=0) / spread)
    arms = lists.astype(float)
    treated = arms @ seen
    denominator = treated - treated**2 / np.maximum(count, 1) - (arms @ x) ** 2 / spread
    numerator = (arms @ residual) ** 2
    return np.where(denominator > 1e-9, numerator / np.maximum(denominator, 1e-9), np.inf)


def _residual(values: Array, baseline: Array) -> Array:
    centred, x = values - values.mean(axis=-1, keepdims=True), baseline - baseline.mean()
    if not x.any():
        return np.asarray(centred)  # nothing to adjust for
    return np.asarray(centred - np.multiply.outer(centred @ x / (x @ x), x))


def _effects_as_extreme(lists: Array, outcome: Array, baseline: Array) -> tuple[Array, Array, float]:
    """For each list the interval of constant effects, as (low, high) offsets from the estimate, where it is as extreme as observed.

    With e the offset, a list is as extreme where |k - c e| >= g |e|: k its own numerator at the estimate, c its product with the
    observed list, g the geometric mean of the two denominators, and g >= |c| by Cauchy and Schwarz.
    """
    adjusted = _residual(lists, baseline)
    product = adjusted @ lists[0]
    own = np.einsum("ij,ij->i", adjusted, lists)
    residual = _residual(outcome, baseline)
    estimate = float(lists[0] @ residual) / float(own[0])
    k = lists @ residual - product * estimate
    g = np.sqrt(np.maximum(own, 0) * own[0])
    everywhere = (g - np.abs(product) <= _SAME * own[0]) | (own <= _SAME)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([k / (product + g), k / (product - g)])
    ends = np.where(np.isnan(ends), 0.0, ends)
    low, high = np.where(everywhere, -np.inf, ends.min(axis=0)), np.where(everywhere, np.inf, ends.max(axis=0))
    return low, high, estimate


def _limit(offsets: Array, weights: Array, alpha: float) -> float:
    """The largest offset at which lists of more than alpha of the weight are still as extreme as the observed one."""
    order = np.argsort(-offsets)
    beyond = np.cumsum(weights[order])
    return float(offsets[order][np.searchsorted(beyond, alpha * (1 + _SAME), side="right")])


def _p(value: float, reference: ReferenceSet) -> PValue:
    error = None if reference.enumerated else float((value * (1 - value) / len(reference.lists)) ** 0.5)
    return PValue(value=float(value), definition=_definition(reference), smallest=smallest_p(reference), monte_carlo_error=error)


def smallest_p(reference: ReferenceSet) -> float:
    """The least p that this test can give: the observed list, and its mirror image where the procedure can draw it."""
    mirrored = (reference.lists == 1 - reference.lists[0]).all(axis=1)
    same = (reference.lists == reference.lists[0]).all(axis=1)
    return float(reference.weights[mirrored | same].sum() / reference.weights.sum())


def _definition(reference: ReferenceSet) -> Text:
    return Text(
        en="Re-randomisation test, two-sided: the share of the allocation lists whose squared partial correlation of outcome "
        "and arm, "
        f"given baseline, is at least the observed one. Reference set: {reference.description.en}",
        fa="آزمون بازتصادفی‌سازی، دوطرفه: سهم فهرست‌های تخصیصی که مجذور همبستگی جزئی پیامد و بازو، با در نظر گرفتن مقدار پایه، "
        "در آن‌ها "
        f"دست‌کم برابر مقدار مشاهده‌شده است. مجموعهٔ مرجع: {reference.description.fa}",
    )


def _interval_definition(reference: ReferenceSet) -> Text:
    return Text(
        en="The constant effects that the re-randomisation test does not reject, around the estimate of the analysis of "
        "covariance. "
        f"Reference set: {reference.description.en}",
        fa="اثرهای ثابتی که آزمون بازتصادفی‌سازی رد نمی‌کند، پیرامون برآورد تحلیل کوواریانس. "
        f"مجموعهٔ مرجع: {reference.description.fa}",
    )
