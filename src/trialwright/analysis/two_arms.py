"""Two arms at one time point: re-randomisation over the trial's own allocation, and beside it analyses of the same question.

Where an intercurrent event makes somebody's outcome the worst there is no mean to compare: the same lists then judge ranks, and the
estimate is the median difference. An endpoint that is a score is compared by order from the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

import numpy as np

from trialwright.analysis import reliability
from trialwright.analysis.methods import hodges_lehmann
from trialwright.analysis.methods.allocation_lists import ReferenceSet, permuted_block_lists, unrestricted_lists
from trialwright.analysis.methods.ancova import Ancova, ancova_hc2, ancova_hc3
from trialwright.analysis.methods.brunner_munzel import brunner_munzel_effect, brunner_munzel_permutation
from trialwright.analysis.methods.minimisation_lists import minimisation_lists
from trialwright.analysis.methods.rank_sum import mann_whitney
from trialwright.analysis.methods.refit import HC2_P, HC3_T, RANK_SUM, RefitStatistic
from trialwright.analysis.methods.rerandomisation import Rerandomisation, rerandomisation_test
from trialwright.analysis.methods.rerandomisation_refit import refit_test
from trialwright.analysis.methods.result import Interval, NotEstimable, Test, doubled_midranks
from trialwright.analysis.methods.sequential_lists import procedure_lists
from trialwright.analysis.methods.stratified_lists import stratified_lists
from trialwright.analysis.methods.win_ratio import WinComparison, compare_wins
from trialwright.analysis.results import Reliability, Support
from trialwright.analysis.values import Values, bounded, compared_arms
from trialwright.study.model import Study
from trialwright.study.stratification import MinimisedList, StratifiedLists, UsedList
from trialwright.terms.sentences import Text

Drawn = Sequence[int] | UsedList | None
"""How the custodian's lists were drawn: the sizes of the blocks in order, another procedure, or None where it is not told."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The first analysis of a comparison, and those beside it; estimates on the scale of the changes (logged where they are)."""

    estimate: Interval | NotEstimable
    test: Test | NotEstimable
    supports: tuple[Support, ...] = ()
    notes: tuple[Text, ...] = ()
    reliability: tuple[Reliability, ...] = ()


ADJUSTED_HC2 = Text(en="Analysis of covariance, HC2 standard error", fa="تحلیل کوواریانس با خطای معیار HC2")
ADJUSTED_HC3 = Text(en="Analysis of covariance, HC3 standard error", fa="تحلیل کوواریانس با خطای معیار HC3")
BY_RANKS = Text(en="Change from baseline by ranks", fa="مقایسهٔ رتبه‌ای تغییر از مقدار پایه")
VALUES_BY_RANKS = Text(en="Values by ranks", fa="مقایسهٔ رتبه‌ای مقادیر")
BY_TENDENCY = Text(
    en="Which arm tends to larger values (Brunner-Munzel)", fa="کدام بازو به مقادیر بزرگ‌تر گرایش دارد (برونر–مونتسل)"
)
BY_WINS = Text(en="Pairs won and lost (net benefit)", fa="جفت‌های برده و باخته (سود خالص)")


def reference_lists(
    treated: Sequence[int], participants: Sequence[str], study: Study, drawn: Drawn, rng: np.random.Generator
) -> ReferenceSet:
    """What the trial's procedure could have drawn in place of the observed list; every division where it is not told.

    With strata each participant counts in the list that allocation used, and in a minimisation with the levels that it used.
    Shapes: treated, participants (slots,) in the order of their slots.
    """
    if drawn is None:
        return unrestricted_lists(treated, rng=rng)
    if isinstance(drawn, StratifiedLists):
        procedures, lists = drawn.procedures, [drawn.list_of[participant] for participant in participants]
        return stratified_lists(treated, lists, lambda name, own: procedure_lists(own, procedures[name], rng=rng), rng=rng)
    if isinstance(drawn, MinimisedList):
        return minimisation_lists(treated, [drawn.profiles[one] for one in participants], drawn.procedure, rng=rng)
    if not isinstance(drawn, Sequence):
        return procedure_lists(treated, drawn, rng=rng)  # equal shares, so it does not matter which arm is first
    first, second = (study.allocation.ratio[arm] for arm in compared_arms(study))
    every = sum(study.allocation.ratio.values())
    sizes = [size * (first + second) // every for size in drawn]  # of each block, the slots of these two arms
    return permuted_block_lists(treated, sizes, (first, second), rng=rng)


def compare_arms(values: Values, reference: ReferenceSet, *, known: bool) -> Found:
    """Compare over the lists of `reference`; `known` says whether these are the trial's own procedure."""
    if values.has_worst:
        return _with_worst(values, reference, known=known)
    baseline = values.baseline if values.has_baseline else None
    found = rerandomisation_test(values.outcome, baseline, reference, values.confidence)
    supports = (*_adjusted(values, reference), by_ranks(values))
    if isinstance(found, NotEstimable):
        return Found(estimate=found, test=found, supports=supports)
    errs = reliability.of_rerandomisation(reference, values, known=known)
    return Found(estimate=found.interval, test=found.test, supports=supports, reliability=errs)


def by_ranks(values: Values) -> Support:
    """Change from baseline, or the value where there is none, compared by ranks: no model, and no adjustment either."""
    first, second = values.split()
    estimate = bounded(hodges_lehmann.two_sample(first, second, values.confidence))
    return Support(
        id="rank_sum",
        label=BY_RANKS if values.has_baseline else VALUES_BY_RANKS,
        estimate=estimate,
        test=mann_whitney(first, second),
        reliability=reliability.of_rank_sum(len(first), len(second), estimate, values.alpha),
    )


def by_order(values: Values) -> tuple[Support, ...]:
    """A score, of which only the order is trusted: the tendency to larger values, and pairs won where a direction is better."""
    first, second = values.split()
    estimate = _within_one(brunner_munzel_effect(second, first, values.confidence))
    tendency = Support(
        id="brunner_munzel",
        label=BY_TENDENCY,
        estimate=estimate,
        test=brunner_munzel_permutation(second, first),
        scale="probability",
        reliability=reliability.of_permutation(
            values.alpha, len(first) + len(second), values.confidence, has_interval=isinstance(estimate, Interval)
        ),
    )
    return (tendency,) if values.endpoint.direction == "none" else (tendency, _wins(values, first, second))


def _wins(values: Values, first: Sequence[float], second: Sequence[float]) -> Support:
    side = 1.0 if values.endpoint.direction == "higher_is_better" else -1.0
    found = compare_wins([(side * change,) for change in first], [(side * change,) for change in second])
    errs = reliability.of_permutation(values.alpha, len(first) + len(second), values.confidence, has_interval=False)
    if isinstance(found, NotEstimable):
        return Support(id="wins", label=BY_WINS, estimate=None, test=found)
    return Support(id="wins", label=BY_WINS, estimate=None, test=found.test, reliability=errs, notes=(_pairs(found),))


def _within_one(found: Interval | NotEstimable) -> Interval | NotEstimable:
    """Limits of a probability; the t form can reach beyond 0 and 1, where there is nothing."""
    if isinstance(found, NotEstimable) or found.low is None or found.high is None:
        return found
    return replace(found, low=max(0.0, found.low), high=min(1.0, found.high))


def _pairs(found: WinComparison) -> Text:
    ratio = f"{found.win_ratio:.3g}" if isfinite(found.win_ratio) else "∞"
    return Text(
        en=f"Of the pairs of one from each arm, the experimental arm did better in {found.wins}, worse in {found.losses} and alike "
        f"in {found.ties}: net benefit {found.net_benefit:.3g}, win ratio {ratio}.",
        fa=f"از جفت‌های یک نفر از هر بازو، بازوی مداخله در {found.wins} جفت بهتر، در {found.losses} جفت بدتر و در {found.ties} جفت "
        f"برابر بود: سود خالص {found.net_benefit:.3g} و نسبت برد {ratio}.",
    )


def _adjusted(values: Values, reference: ReferenceSet) -> tuple[Support, ...]:
    """Analyses of covariance with robust standard errors, on those with a value and a baseline; none without a baseline."""
    if not values.has_baseline:
        return ()
    seen = values.observed()
    columns = ([values.outcome[i] for i in seen], [values.baseline[i] for i in seen], [values.treated[i] for i in seen])
    forms = (("ancova_hc2", ADJUSTED_HC2, ancova_hc2, HC2_P), ("ancova_hc3", ADJUSTED_HC3, ancova_hc3, HC3_T))
    return tuple(
        _fitted(name, label, fit(*columns, values.confidence), values, reference, form) for name, label, fit, form in forms
    )


def _fitted(
    name: str, label: Text, found: Ancova | NotEstimable, values: Values, reference: ReferenceSet, form: RefitStatistic
) -> Support:
    notes = (reliability.WORDS["worst_only_observed"],) if values.has_worst else ()
    if isinstance(found, NotEstimable):
        return Support(id=name, label=label, estimate=found, test=found, notes=notes)
    errs = reliability.of_t_form(values, reference, form, found.interval)
    return Support(id=name, label=label, estimate=found.interval, test=found.test, reliability=errs, notes=notes)


def _with_worst(values: Values, reference: ReferenceSet, *, known: bool) -> Found:
    """Ranks over the same lists, the worst last; the estimate is the median difference of the changes."""
    changes = values.changes()
    seen = [change for change in changes if isfinite(change)]
    ranks = iter(doubled_midranks(seen))
    ranked = [next(ranks) / 2 if isfinite(change) else nan for change in changes]
    found = refit_test(ranked, None, reference, RANK_SUM, confidence=values.confidence)
    first, second = values.split()
    estimate = bounded(hodges_lehmann.two_sample(first, second, values.confidence))
    supports = (*_adjusted(values, reference), by_ranks(values))
    if not isinstance(found, Rerandomisation):
        return Found(estimate=estimate, test=found, supports=supports)
    size, *_ = reliability.of_rerandomisation(reference, values, known=known)
    errs = (size, *reliability.of_rank_sum(len(first), len(second), estimate, values.alpha)[1:])
    return Found(estimate=estimate, test=found.test, supports=supports, reliability=errs)
