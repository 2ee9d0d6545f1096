"""Statistics of a comparison at one time point, refitted for every allocation list at once.

By Frisch, Waugh and Lovell the arm's coefficient in a model with constant and baseline needs only the arm's part that these do not
explain; so all lists are refitted with a few matrix products. Under a supposed constant effect the observed treated are shifted by
it, and every statistic is a linear function of the effect over the root of a quadratic one: three numbers a list are kept, and any
effect can be tested at once.

Shapes: lists (lists, participants) of 0 and 1; outcome, baseline (participants,), all observed. The first list is the observed one.
Source: Lovell, J Am Stat Assoc 1963;58:993; MacKinnon and White, J Econometrics 1985;29:305; Bell and McCaffrey, Surv Methodol
2002;28:169.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.result import doubled_midranks
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]
_ROWS = 4_096  # lists handled at once, so that they stay in the processor's cache
_EMPTY = 1e-9  # a list that leaves an arm empty leaves nothing of the arm unexplained
_SATURATED = 1e-10


class Refitted(Protocol):
    """A statistic of every list. `estimate` and `scale` of the observed list say where the effects worth testing lie."""

    @property
    def estimate(self) -> float: ...

    @property
    def scale(self) -> float: ...

    def at(self, effect: float) -> Array:
        """The signed statistic of every list if the treatment shifts everyone by `effect`; infinite where it does not exist."""


@dataclass(frozen=True, kw_only=True)
class RefitStatistic:
    """A statistic that can be refitted: its words, and how it is prepared for all lists (None as baseline: not adjusted)."""

    label: Text
    prepare: Callable[[Array, Array, Array | None], Refitted]


@dataclass(frozen=True, kw_only=True)
class _Ratio:
    """(a - b effect) / sqrt(q0 + q1 effect + q2 effect^2), turned into a p value of t where `df` is given.

    Shapes: all (lists,); `exists` says where the statistic can be computed.
    """

    a: Array
    b: Array
    q: tuple[Array, Array, Array]
    exists: NDArray[np.bool_]
    scale: float
    df: Array | None = None

    @property
    def estimate(self) -> float:
        return float(self.a[0])

    def at(self, effect: float) -> Array:
        numerator = self.a - self.b * effect
        variance = np.maximum(self.q[0] + effect * (self.q[1] + effect * self.q[2]), 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = numerator / np.sqrt(variance)
        found = np.where(np.isnan(found), 0.0, found)  # no difference and no scatter
        if self.df is not None:
            found = _as_evidence(found, self.df)
        return np.where(self.exists, found, np.inf)


@dataclass(frozen=True, kw_only=True)
class _Ranks:
    """The sum, over the treated of each list, of the midranks less their mean."""

    lists: Array
    outcome: Array
    exists: NDArray[np.bool_]
    estimate: float
    scale: float

    def at(self, effect: float) -> Array:
        ranks = np.array(doubled_midranks((self.outcome - effect * self.lists[0]).tolist())) / 2
        return np.where(self.exists, self.lists @ (ranks - ranks.mean()), np.inf)


@dataclass(frozen=True, kw_only=True)
class _Arms:
    """What constant and baseline leave: of the arm in each list, of the outcome, of the observed arm; and of nothing (`maker`)."""

    own: Array
    size: Array
    outcome: Array
    observed: Array
    maker: Array
    df: int

    @property
    def exists(self) -> NDArray[np.bool_]:
        return np.asarray(self.size > _EMPTY)

    def coefficients(self) -> tuple[Array, Array]:
        size = np.maximum(self.size, _EMPTY)
        return self.own @ self.outcome / size, self.own @ self.observed / size


def _partial_out(lists: Array, outcome: Array, baseline: Array | None) -> _Arms:
    n = len(outcome)
    columns = [np.ones(n)] if baseline is None else [np.ones(n), baseline - baseline.mean()]
    basis, _ = np.linalg.qr(np.column_stack(columns))
    maker = np.eye(n) - basis @ basis.T
    own = lists @ maker
    return _Arms(
        own=own,
        size=np.einsum("ij,ij->i", own, lists),
        outcome=maker @ outcome,
        observed=maker @ lists[0],
        maker=maker,
        df=n - len(columns) - 1,
    )


def _coefficient(lists: Array, outcome: Array, baseline: Array | None) -> _Ratio:
    arms = _partial_out(lists, outcome, baseline)
    a, b = arms.coefficients()
    ones, none = np.ones_like(a), np.zeros_like(a)
    return _Ratio(a=a, b=b, q=(ones, none, none), exists=arms.exists, scale=_classical(arms, a, b)[1])


def _student(lists: Array, outcome: Array, baseline: Array | None) -> _Ratio:
    arms = _partial_out(lists, outcome, baseline)
    a, b = arms.coefficients()
    q, scale = _classical(arms, a, b)
    return _Ratio(a=a, b=b, q=q, exists=arms.exists, scale=scale)


def _classical(arms: _Arms, a: Array, b: Array) -> tuple[tuple[Array, Array, Array], float]:
    """The classical variance of the arm's coefficient as a quadratic of the effect, and the observed standard error."""
    size, share = np.maximum(arms.size, _EMPTY), arms.df * np.maximum(arms.size, _EMPTY)
    y, z = arms.outcome, arms.observed
    constant, linear, square = y @ y - a * a * size, -2 * (y @ z - a * b * size), z @ z - b * b * size
    q = (constant / share, linear / share, square / share)
    return q, float(np.sqrt(max(q[0][0], 0.0)))


def _hc2(lists: Array, outcome: Array, baseline: Array | None) -> _Ratio:
    return _robust(lists, outcome, baseline, power=1, with_df=False)


def _hc2_df(lists: Array, outcome: Array, baseline: Array | None) -> _Ratio:
    return _robust(lists, outcome, baseline, power=1, with_df=True)


def _hc3(lists: Array, outcome: Array, baseline: Array | None) -> _Ratio:
    return _robust(lists, outcome, baseline, power=2, with_df=False)


def _robust(lists: Array, outcome: Array, baseline: Array | None, *, power: int, with_df: bool) -> _Ratio:
    """Sandwich variances: each squared residual over (1 - leverage) to `power`."""
    arms = _partial_out(lists, outcome, baseline)
    a, b = arms.coefficients()
    q, exists, df = np.empty((3, len(a))), arms.exists.copy(), np.ones(len(a))
    for start in range(0, len(a), _ROWS):
        rows = slice(start, start + _ROWS)
        own, size = arms.own[rows], np.maximum(arms.size[rows, None], _EMPTY)
        free = np.diag(arms.maker) - own**2 / size  # 1 - leverage
        exists[rows] &= (free > _SATURATED).all(axis=1)
        free = np.maximum(free, _SATURATED)
        share = (own / size) ** 2 / free**power
        residual, moved = arms.outcome - a[rows, None] * own, arms.observed - b[rows, None] * own
        q[0, rows] = np.einsum("ij,ij,ij->i", share, residual, residual)
        q[1, rows] = -2 * np.einsum("ij,ij,ij->i", share, residual, moved)
        q[2, rows] = np.einsum("ij,ij,ij->i", share, moved, moved)
        if with_df:
            df[rows] = _bell_mccaffrey(share, own, size, arms.maker)
    scale = float(np.sqrt(max(q[0][0], 0.0)))
    return _Ratio(a=a, b=b, q=(q[0], q[1], q[2]), exists=exists, scale=scale, df=df if with_df else None)


def _bell_mccaffrey(share: Array, own: Array, size: Array, maker: Array) -> Array:
    """Degrees of freedom of HC2: (sum w^2)^2 over the sum of squares of s_i s_j (M - u u'/d)_ij, expanded without a matrix a list.

    Shapes: share (lists, participants) = s^2, own = u, size (lists, 1) = d; result (lists,).
    """
    total = (own**2).sum(axis=1) / size[:, 0] ** 2
    weighted = share * own
    whole = np.einsum("ij,ij->i", share @ maker**2, share)
    crossed = np.einsum("ij,ij->i", weighted @ maker, weighted) / size[:, 0]
    alone = (weighted * own).sum(axis=1) ** 2 / size[:, 0] ** 2
    return np.asarray(total**2 / (whole - 2 * crossed + alone))


def _as_evidence(t: Array, df: Array) -> Array:
    """The sign of t times minus the logarithm of its two-sided p value: larger is more extreme, whatever the df."""
    from scipy.special import stdtr  # scipy is slow to import; only this statistic pays for it

    return np.asarray(-np.sign(t) * np.log(np.maximum(2 * stdtr(df, -np.abs(t)), np.finfo(float).tiny)))


def _rank_sum(lists: Array, outcome: Array, baseline: Array | None) -> _Ranks:
    """Ranks are not adjusted: the baseline is not used."""
    treated = lists.sum(axis=1)
    here = lists[0] == 1
    differences = np.subtract.outer(outcome[here], outcome[~here])
    spread = float(np.ptp(outcome)) or 1.0
    return _Ranks(
        lists=lists,
        outcome=outcome,
        exists=np.asarray((treated > 0) & (treated < lists.shape[1])),
        estimate=float(np.median(differences)),
        scale=spread / 4,
    )


COEFFICIENT = RefitStatistic(
    label=Text(en="the estimated difference between the arms", fa="تفاوت برآوردشدهٔ دو بازو"), prepare=_coefficient
)
STUDENT_T = RefitStatistic(
    label=Text(en="t with the classical standard error", fa="آمارهٔ t با خطای معیار کلاسیک"), prepare=_student
)
HC2_T = RefitStatistic(label=Text(en="t with the HC2 standard error", fa="آمارهٔ t با خطای معیار HC2"), prepare=_hc2)
HC2_P = RefitStatistic(
    label=Text(
        en="the p value of t with the HC2 standard error and Bell-McCaffrey degrees of freedom of each list",
        fa="مقدار p آمارهٔ t با خطای معیار HC2 و درجه‌های آزادی بل–مک‌کافریِ هر فهرست",
    ),
    prepare=_hc2_df,
)
HC3_T = RefitStatistic(label=Text(en="t with the HC3 standard error", fa="آمارهٔ t با خطای معیار HC3"), prepare=_hc3)
RANK_SUM = RefitStatistic(
    label=Text(
        en="the sum of the treated participants' midranks, less its mean over equal shares (not adjusted)",
        fa="مجموع رتبه‌های میانگین شرکت‌کنندگانِ درمان‌شده منهای مقدار میانگین (بدون تعدیل)",
    ),
    prepare=_rank_sum,
)
