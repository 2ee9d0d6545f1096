"""The Brunner-Munzel test: does one group tend to higher values, when the spreads may differ and values tie?

The effect it estimates is the chance that a participant of the second group exceeds one of the first, ties counted by half; one
half means no tendency. Unlike Mann-Whitney's its null hypothesis is that chance alone, not equal distributions. With few
participants the t approximation rejects too often; the permutation form recomputes the studentised statistic for every division
into groups.

Source: Brunner and Munzel, Biom J 2000;42:17; permutation: Neubert and Brunner, Comput Stat Data Anal 2007;51:5192.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.impossible import all_alike, not_a_confidence, not_two_groups
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, not_estimable, to_twelve_digits
from trialwright.terms.sentences import Text

MOST_COUNTED = 3_000_000  # divisions, some seconds; 10 against 10 are 184,756 and take less than a second
_CHUNK = 20_000
_SAME = 1e-9  # relative tolerance under which two statistics are tied

T_FORM = Text(
    en="Brunner-Munzel test, two-sided: t distribution with Satterthwaite's degrees of freedom. With fewer than about ten in a "
    "group it rejects too often.",
    fa="آزمون برونر–مونتسل، دوطرفه: توزیع t با درجهٔ آزادی ساترتویت. با کمتر از حدود ده نفر در هر گروه بیش از حد رد می‌کند.",
)
PERMUTATION = Text(
    en="Brunner-Munzel test, exact permutation form, two-sided: the share of all divisions of the observed values into groups of "
    "these sizes whose studentised statistic is at least as far from zero as the observed one.",
    fa="آزمون برونر–مونتسل به شکل جایگشتی دقیق، دوطرفه: سهم همهٔ تقسیم‌های مقادیر مشاهده‌شده به گروه‌هایی با همین اندازه که آمارهٔ "
    "استاندارد آن‌ها دست‌کم به اندازهٔ آمارهٔ مشاهده‌شده از صفر دور است.",
)
EFFECT = Text(
    en="Chance that a participant of the second group exceeds one of the first, ties by half, with Brunner and Munzel's t interval "
    "(it may pass 0 or 1 and is not cut).",
    fa="احتمال این‌که مقدار یک شرکت‌کنندهٔ گروه دوم از گروه اول بیشتر باشد (برابرها نیمه)، با بازهٔ t برونر و مونتسل (ممکن است از "
    "صفر یا یک بگذرد و بریده نمی‌شود).",
)


@dataclass(frozen=True, kw_only=True)
class _Fit:
    effect: float
    error: float
    df: float


def brunner_munzel(first: Sequence[float], second: Sequence[float]) -> Test | NotEstimable:
    """Test for a tendency by the t approximation; the statistic is positive where the second group tends higher."""
    from scipy.special import stdtr  # scipy is slow to import; only this form needs it

    fit = _fitted(first, second)
    if isinstance(fit, NotEstimable):
        return fit
    statistic = (fit.effect - 0.5) / fit.error
    p = PValue(value=2 * float(stdtr(fit.df, -abs(statistic))), definition=T_FORM)
    return Test(statistic=statistic, participants=len(first) + len(second), p=p)


def brunner_munzel_effect(first: Sequence[float], second: Sequence[float], confidence: float = 0.95) -> Interval | NotEstimable:
    """Estimate the chance that the second group's participant exceeds the first's."""
    from scipy.special import stdtrit  # scipy is slow to import; only this form needs it

    fit = not_a_confidence(confidence) or _fitted(first, second)
    if isinstance(fit, NotEstimable):
        return fit
    reach = float(stdtrit(fit.df, (1 + confidence) / 2)) * fit.error
    return Interval(
        estimate=fit.effect,
        low=fit.effect - reach,
        high=fit.effect + reach,
        level=confidence,
        asked=confidence,
        definition=EFFECT,
    )


def brunner_munzel_permutation(first: Sequence[float], second: Sequence[float]) -> Test | NotEstimable:
    """Test for a tendency over all divisions. Where the groups do not overlap the statistic is infinite, the farthest there is."""
    if refused := not_two_groups(first, second, least=2) or all_alike([*first, *second]) or _too_many(len(first), len(second)):
        return refused
    above = _above([*first, *second])
    observed = _studentised(above, np.array([[1] * len(first) + [0] * len(second)]))[0]
    limit, farthest, as_far, at_farthest = abs(observed) * (1 - _SAME), 0.0, 0, 0
    for divisions in _divisions(len(first), len(second)):
        far = np.abs(_studentised(above, divisions))
        as_far += int((far >= limit).sum())
        top = float(far.max())
        if top > farthest * (1 + _SAME):
            farthest, at_farthest = top, 0
        at_farthest += int((far >= farthest * (1 - _SAME)).sum())
    total = comb(len(above), len(first)) // (2 if len(first) == len(second) else 1)
    p = PValue(value=as_far / total, definition=PERMUTATION, smallest=at_farthest / total)
    return Test(statistic=float(observed), participants=len(above), p=p)


def _fitted(first: Sequence[float], second: Sequence[float]) -> _Fit | NotEstimable:
    if refused := not_two_groups(first, second, least=2) or all_alike([*first, *second]):
        return refused
    n, m = len(first), len(second)
    pairs = _above([*first, *second])[n:, :n]  # row: a participant of the second group; column: one of the first
    within_second, within_first = float(np.var(pairs.mean(axis=1), ddof=1)) / m, float(np.var(pairs.mean(axis=0), ddof=1)) / n
    if within_first + within_second < 1e-15:
        return not_estimable(
            "The groups do not overlap, or overlap in the same way for everyone: the spread of the effect is zero and no t "
            "distribution applies. Use the permutation form.",
            "گروه‌ها همپوشانی ندارند یا همپوشانی برای همه یکسان است: پراکندگی اثر صفر است و توزیع t کاربرد ندارد. شکل جایگشتی را به "
            "کار ببرید.",
        )
    df = (within_first + within_second) ** 2 / (within_first**2 / (n - 1) + within_second**2 / (m - 1))
    return _Fit(effect=float(pairs.mean()), error=sqrt(within_first + within_second), df=df)


def _above(values: Sequence[float]) -> NDArray[np.float64]:
    """1 where the row's value exceeds the column's, one half where they are equal at 12 digits. Shapes: result (n, n)."""
    rounded = np.array([to_twelve_digits(value) for value in values])
    return np.asarray((rounded[:, None] > rounded[None, :]) + 0.5 * (rounded[:, None] == rounded[None, :]))


def _studentised(above: NDArray[Any], divisions: NDArray[Any]) -> NDArray[np.float64]:
    """The statistic of each division. Shapes: above (n, n); divisions (divisions, n), 1 in the first group; result (divisions,)."""
    z, size = divisions.astype(float), divisions.shape[1]
    n = int(divisions[0].sum())
    over_first, below_second = z @ above.T / n, (1 - z) @ above / (size - n)
    effect = ((1 - z) * over_first).sum(axis=1) / (size - n)
    spread_second = ((1 - z) * (over_first - effect[:, None]) ** 2).sum(axis=1) / (size - n - 1) / (size - n)
    spread_first = (z * (below_second - effect[:, None]) ** 2).sum(axis=1) / (n - 1) / n
    error, shift = np.sqrt(spread_first + spread_second), effect - 0.5
    flat = error < 1e-9
    apart = np.where(np.abs(shift) < 1e-9, 0.0, np.copysign(np.inf, shift))
    return np.asarray(np.where(flat, apart, shift / np.where(flat, 1.0, error)))


def _divisions(first: int, second: int) -> Iterator[NDArray[np.int8]]:
    """Every division into groups of these sizes, some thousands at a time.

    Groups of one size: only those with the first participant in the first group. The others are these with the groups exchanged,
    and their statistic is the same with its sign turned.
    """
    kept = int(first == second)
    chosen = combinations(range(kept, first + second), first - kept)
    while block := list(islice(chosen, _CHUNK)):
        rows = np.zeros((len(block), first + second), dtype=np.int8)
        rows[:, :kept] = 1
        np.put_along_axis(rows, np.array(block), 1, axis=1)
        yield rows


def _too_many(first: int, second: int) -> NotEstimable | None:
    if comb(first + second, first) <= MOST_COUNTED:
        return None
    return not_estimable(
        f"{first} against {second} can be divided in {comb(first + second, first):,} ways, too many to count; use the t form.",
        f"{first} نفر در برابر {second} نفر به {comb(first + second, first):,} شکل تقسیم می‌شوند که بیش از حد شمارش است؛ شکل t را "
        "به کار ببرید.",
    )
