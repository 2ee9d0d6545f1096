"""What approximate tests and intervals truly do at this size, counted: the t forms, the chi-square log-rank, Kaplan-Meier limits.

A re-randomisation test keeps its level by construction. A t test or a chi-square beside it does not: run over every list that the
procedure could have drawn for these very values, it rejects too often or too seldom, and by how much can be counted. For a
Kaplan-Meier limit at one time, everyone followed so far, the share without the event is a binomial proportion, and so is what the
interval holds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.follow_up import FollowUp, read_follow_up, risk_table
from trialwright.analysis.methods.kaplan_meier import kaplan_meier, survival_exact, survival_log_log
from trialwright.analysis.methods.log_rank import log_rank_scores
from trialwright.analysis.methods.refit import HC2_P, HC3_T, STUDENT_T, RefitStatistic
from trialwright.analysis.methods.result import Interval, NotEstimable, not_estimable
from trialwright.analysis.methods.true_level import Coverage, Level, proportion_coverage
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]
_ROWS = 4_096
T_FORMS = (STUDENT_T, HC2_P, HC3_T)
"""The statistics whose p value a t table gives: HC2 with the degrees of freedom of each list, the others with the model's."""


def t_level(
    outcome: Sequence[float],
    baseline: Sequence[float] | None,
    reference: ReferenceSet,
    statistic: RefitStatistic,
    alpha: float = 0.05,
) -> Level | NotEstimable:
    """How often the t form rejects over the lists of the trial's own procedure if the treatment does nothing to anyone.

    Shapes: as for `refit_test`; `statistic` one of `T_FORMS`. A list for which the statistic does not exist is not rejected.
    """
    from scipy.special import stdtr  # scipy is slow to import; only a page that shows a level pays for it

    if statistic not in T_FORMS:
        raise ValueError(f"{statistic.label.en} has no t table; give one of {', '.join(form.label.en for form in T_FORMS)}.")
    y = np.asarray(outcome, dtype=float)
    x = None if baseline is None else np.asarray(baseline, dtype=float)
    seen = np.isfinite(y) if x is None else np.isfinite(y) & np.isfinite(x)
    df = int(seen.sum()) - (2 if x is None else 3)
    if df < 1 or np.ptp(y[seen]) == 0:
        return not_estimable(
            "There are too few values, or they are all the same, so no list gives a t value.",
            "مقادیر بسیار کم یا همه یکسان‌اند و هیچ فهرستی مقدار t نمی‌دهد.",
        )
    found = statistic.prepare(reference.lists[:, seen], y[seen], None if x is None else x[seen]).at(0.0)
    with np.errstate(over="ignore"):
        p = np.exp(-np.abs(found)) if statistic is HC2_P else 2 * stdtr(df, -np.abs(found))
    return _level(np.isfinite(found) & (p <= alpha), reference, alpha)


def log_rank_level(follow_up: FollowUp, reference: ReferenceSet, alpha: float = 0.05) -> Level | NotEstimable:
    """How often the chi-square log-rank test rejects over the lists, the times and endings being what they are.

    Shapes: reference.lists (lists, participants), the participants in the order of `follow_up`.
    """
    from scipy.special import chdtrc  # scipy is slow to import; only a page that shows a level pays for it

    if not follow_up.events:
        return not_estimable(
            "No participant had the event, so the test rejects nowhere.", "هیچ شرکت‌کننده‌ای رویداد نداشته و آزمون هیچ‌جا رد نمی‌کند."
        )
    excess = reference.lists @ log_rank_scores(follow_up)
    variance = np.concatenate(
        [_variances(follow_up, reference.lists[start : start + _ROWS]) for start in range(0, len(reference.lists), _ROWS)]
    )
    chi_square = np.where(variance > 1e-12, excess**2 / np.maximum(variance, 1e-12), 0.0)
    return _level(chdtrc(1, chi_square) <= alpha, reference, alpha)


def survival_log_log_coverage(participants: int, confidence: float = 0.95) -> Coverage:
    """How often the log-log limits hold the share without the event at one time that everyone is followed to.

    Where the interval does not exist (nobody or everybody had the event) nothing is excluded, which counts as holding.
    """
    return proportion_coverage(_log_log_of_count, participants, confidence)


def survival_exact_coverage(participants: int, confidence: float = 0.95) -> Coverage:
    """The same for the beta-product limits."""
    return proportion_coverage(_exact_of_count, participants, confidence)


def _variances(follow_up: FollowUp, lists: NDArray[np.int8]) -> Array:
    """The hypergeometric variance of the observed less expected events of each list."""
    table = risk_table(follow_up)
    here = (follow_up.times[:, None] >= table.times[None, :]).astype(float)
    share = lists.astype(float) @ here / table.at_risk
    weight = table.events * (table.at_risk - table.events) / np.maximum(table.at_risk - 1, 1)
    return np.asarray((share * (1 - share)) @ weight)


def _level(rejects: NDArray[np.bool_], reference: ReferenceSet, alpha: float) -> Level:
    true = float(reference.weights[rejects].sum() / reference.weights.sum())
    return Level(
        asked=alpha,
        true=true,
        statement=Text(
            en=f"Over {len(reference.lists):,} allocation lists and with no effect on anyone, this test at {alpha:g} rejects in "
            f"{true:.2%} of trials with these values.",
            fa=f"روی {len(reference.lists)} فهرست تخصیص و بدون اثر بر هیچ‌کس، این آزمون در سطح {alpha:g} با همین مقادیر در "
            f"{true:.2%} کارآزمایی‌ها رد می‌کند.",
        ),
    )


def _log_log_of_count(without: int, participants: int, confidence: float) -> Interval | NotEstimable:
    return _or_everything(survival_log_log(kaplan_meier(_at_one_time(without, participants)), 1, confidence), confidence)


def _exact_of_count(without: int, participants: int, confidence: float) -> Interval | NotEstimable:
    return survival_exact(kaplan_meier(_at_one_time(without, participants)), 1, confidence)


def _at_one_time(without: int, participants: int) -> FollowUp:
    """`without` participants followed beyond time 1, the others with the event there."""
    found = read_follow_up([2.0] * without + [1.0] * (participants - without), [0] * without + [1] * (participants - without))
    assert isinstance(found, FollowUp)
    return found


def _or_everything(found: Interval | NotEstimable, confidence: float) -> Interval:
    if isinstance(found, Interval):
        return found
    nothing = Text(en="No interval exists.", fa="بازه‌ای وجود ندارد.")
    return Interval(estimate=0.5, low=0.0, high=1.0, level=confidence, asked=confidence, definition=nothing)
