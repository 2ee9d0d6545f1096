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
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import Lists
from trialwright.analysis.methods.result import doubled_midranks
from trialwright.terms.sentences import Text

Array = NDArray[np.float64]
_ROWS = 512  # lists handled at once: they stay in the cache, and the products stay too small to be spread over threads
_EMPTY = 1e-9  # a list that leaves an arm empty leaves nothing of the arm unexplained
_SATURATED = 1e-10
_UNMOVED = 1e-12  # a variance that changes less than this with the effect does not change with it


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
    prepare: Callable[[Lists, Array, Array | None], Refitted]


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

    lists: Lists
    outcome: Array
    exists: NDArray[np.bool_]
    estimate: float
    scale: float

    def at(self, effect: float) -> Array:
        ranks = np.array(doubled_midranks((self.outcome - effect * self.lists[0]).tolist())) / 2
        return np.where(self.exists, self.lists @ (ranks - ranks.mean()), np.inf)


@dataclass(frozen=True, kw_only=True)
class _Model:
    """What constant and baseline leave: of the outcome, of the observed arm, and (`maker`) of any arm; `df` of the whole model."""

    outcome: Array
    observed: Array
    maker: Array
    df: int


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Some lists refitted. Shapes: own (lists, participants), what is left of the arm; size (lists,) its square; a, b (lists,)."""

    model: _Model
    own: Array
    size: Array
    a: Array
    b: Array


Variance = Callable[[_Part], tuple[Array, ...]]
"""Four columns: the variance's constant, linear and square term in the effect, and 1 where it exists; a fifth for its df."""


def _model(observed: Array, outcome: Array, baseline: Array | None) -> _Model:
    n = len(outcome)
    columns = [np.ones(n)] if baseline is None else [np.ones(n), baseline - baseline.mean()]
    basis, _ = np.linalg.qr(np.column_stack(columns))
    maker = np.eye(n) - basis @ basis.T
    return _Model(outcome=maker @ outcome, observed=maker @ observed, maker=maker, df=n - len(columns) - 1)


def _refit(lists: Lists, outcome: Array, baseline: Array | None, variance: Variance) -> _Ratio:
    """Refit the lists, some at a time."""
    model = _model(lists[0].astype(float), outcome, baseline)
    found = [_columns(_part(model, lists[start : start + _ROWS].astype(float)), variance) for start in range(0, len(lists), _ROWS)]
    a, b, constant, linear, square, exists, *df = np.concatenate(found, axis=1)
    moves = square > _UNMOVED * float(model.observed @ model.observed) / len(outcome)  # the observed list and its mirror do not
    return _Ratio(
        a=a,
        b=b,
        q=(constant, np.where(moves, linear, 0.0), np.where(moves, square, 0.0)),
        exists=exists > 0,
        scale=float(np.sqrt(max(_classical(_part(model, lists[:1].astype(float)))[0][0], 0.0))),
        df=df[0] if df else None,
    )


def _part(model: _Model, lists: Array) -> _Part:
    own = lists @ model.maker
    size = np.einsum("ij,ij->i", own, lists)
    share = np.maximum(size, _EMPTY)
    return _Part(model=model, own=own, size=size, a=own @ model.outcome / share, b=own @ model.observed / share)


def _columns(part: _Part, variance: Variance) -> Array:
    constant, linear, square, exists, *df = variance(part)
    return np.stack([part.a, part.b, constant, linear, square, exists * (part.size > _EMPTY), *df])


def _one(part: _Part) -> tuple[Array, ...]:
    """Not studentised: the difference itself."""
    ones, none = np.ones_like(part.a), np.zeros_like(part.a)
    return ones, none, none, ones


def _classical(part: _Part) -> tuple[Array, ...]:
    y, z, a, b, size = part.model.outcome, part.model.observed, part.a, part.b, np.maximum(part.size, _EMPTY)
    share = part.model.df * size
    return (
        (y @ y - a * a * size) / share,
        -2 * (y @ z - a * b * size) / share,
        (z @ z - b * b * size) / share,
        np.ones_like(a),
    )


def _hc2(part: _Part) -> tuple[Array, ...]:
    return _robust(part, power=1)[0]


def _hc2_df(part: _Part) -> tuple[Array, ...]:
    terms, share = _robust(part, power=1)
    return *terms, _bell_mccaffrey(share, part.own, np.maximum(part.size, _EMPTY)[:, None], part.model.maker)


def _hc3(part: _Part) -> tuple[Array, ...]:
    return _robust(part, power=2)[0]


def _robust(part: _Part, *, power: int) -> tuple[tuple[Array, ...], Array]:
    """Sandwich variances: each squared residual over (1 - leverage) to `power`; and the weights of the squared residuals."""
    size = np.maximum(part.size, _EMPTY)[:, None]
    free = np.diag(part.model.maker) - part.own**2 / size  # 1 - leverage
    exists = (free > _SATURATED).all(axis=1).astype(float)
    share = (part.own / size) ** 2 / np.maximum(free, _SATURATED) ** power
    residual = part.model.outcome - part.a[:, None] * part.own
    moved = part.model.observed - part.b[:, None] * part.own
    weighted = share * residual
    constant, linear = np.einsum("ij,ij->i", weighted, residual), -2 * np.einsum("ij,ij->i", weighted, moved)
    return (constant, linear, np.einsum("ij,ij,ij->i", share, moved, moved), exists), share


def _bell_mccaffrey(share: Array, own: Array, size: Array, maker: Array) -> Array:
    """Degrees of freedom of HC2: (sum w^2)^2 over the sum of squares of s_i s_j (M - u u'/d)_ij, expanded without a matrix a list.

    Shapes: share (lists, participants) = s^2, own = u, size (lists, 1) = d; result (lists,).
    """
    total = (own**2).sum(axis=1) / size[:, 0] ** 2
    weighted = share * own
    whole = np.einsum("ij,ij->i", share @ maker**2, share)
    crossed = np.einsum("ij,ij->i", weighted @ maker, weighted) / size[:, 0]
    alone = (weighted * own).sum(axis=1) ** 2 / size[:, 0] ** 2
    return np.asarray(total**2 / np.maximum(whole - 2 * crossed + alone, np.finfo(float).tiny))


def _as_evidence(t: Array, df: Array) -> Array:
    """The sign of t times minus the logarithm of its two-sided p value: larger is more extreme, whatever the df."""
    from scipy.special import stdtr  # scipy is slow to import; only this statistic pays for it

    return np.asarray(-np.sign(t) * np.log(np.maximum(2 * stdtr(df, -np.abs(t)), np.finfo(float).tiny)))


def _rank_sum(lists: Lists, outcome: Array, baseline: Array | None) -> _Ranks:
    """Ranks are not adjusted: the baseline is not used."""
    treated = lists.sum(axis=1, dtype=np.int64)
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
    label=Text(en="the estimated difference between the arms", fa="تفاوت برآوردشدهٔ دو بازو"), prepare=partial(_refit, variance=_one)
)
STUDENT_T = RefitStatistic(
    label=Text(en="t with the classical standard error", fa="آمارهٔ t با خطای معیار کلاسیک"),
    prepare=partial(_refit, variance=_classical),
)
HC2_T = RefitStatistic(
    label=Text(en="t with the HC2 standard error", fa="آمارهٔ t با خطای معیار HC2"), prepare=partial(_refit, variance=_hc2)
)
HC2_P = RefitStatistic(
    label=Text(
        en="the p value of t with the HC2 standard error and Bell-McCaffrey degrees of freedom of each list",
        fa="مقدار p آمارهٔ t با خطای معیار HC2 و درجه‌های آزادی بل–مک‌کافریِ هر فهرست",
    ),
    prepare=partial(_refit, variance=_hc2_df),
)
HC3_T = RefitStatistic(
    label=Text(en="t with the HC3 standard error", fa="آمارهٔ t با خطای معیار HC3"), prepare=partial(_refit, variance=_hc3)
)
RANK_SUM = RefitStatistic(
    label=Text(
        en="the sum, over the treated, of midrank less mean rank (not adjusted)",
        fa="مجموع تفاوت میان‌رتبهٔ درمان‌شدگان از میانگین رتبه‌ها (بدون تعدیل)",
    ),
    prepare=_rank_sum,
)
