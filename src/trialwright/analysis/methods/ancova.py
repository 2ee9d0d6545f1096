"""Comparison of two arms at one time point, adjusted for baseline (analysis of covariance).

Each participant's later value is explained by the baseline value and the arm; the arm's coefficient is the adjusted difference.
Adjusting removes the part of the difference that the groups brought with them, and regression to the mean with it. Three standard
errors are three functions: the classical one, HC2 with the degrees of freedom of Bell and McCaffrey (the safe choice when the arms
vary unequally at this size), and HC3, which errs on the wide side.

Shapes: outcome, baseline, treated (participants,); `treated` is 1 in the arm of interest and 0 in the other. Missing values are
left out by the caller, who lists them.
Source: MacKinnon and White, J Econometrics 1985;29:305 (HC2, HC3); Bell and McCaffrey, Surv Methodol 2002;28:169 (df of HC2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, not_estimable
from trialwright.terms.sentences import Text

Vector = NDArray[np.float64]
COEFFICIENTS = 3  # intercept, baseline, arm


@dataclass(frozen=True, kw_only=True)
class Ancova:
    """The adjusted difference between arms. Units: those of the outcome (log units where it was logged)."""

    estimate: float
    standard_error: float
    df: float
    baseline_slope: float
    test: Test
    interval: Interval


@dataclass(frozen=True, kw_only=True)
class _Fit:
    weights: Vector  # the arm's coefficient is weights @ outcome
    residuals: Vector
    leverage: Vector
    hat: NDArray[np.float64]
    coefficients: Vector


CLASSICAL = Text(
    en="Analysis of covariance: outcome on baseline and arm; t test of the arm's coefficient with n - 3 degrees of freedom, equal "
    "variances assumed; two-sided.",
    fa="تحلیل کوواریانس: پیامد بر پایهٔ مقدار پایه و بازو؛ آزمون t ضریب بازو با n − ۳ درجهٔ آزادی و فرض برابری واریانس‌ها؛ دوطرفه.",
)
HC2 = Text(
    en="Analysis of covariance: outcome on baseline and arm; HC2 standard error, t test with Bell-McCaffrey degrees of "
    "freedom; two-sided.",
    fa="تحلیل کوواریانس: پیامد بر پایهٔ مقدار پایه و بازو؛ خطای معیار HC2 و آزمون t با درجه‌های آزادی بل–مک‌کافری؛ دوطرفه.",
)
HC3 = Text(
    en="Analysis of covariance: outcome on baseline and arm; HC3 standard error, t test with n - 3 degrees of freedom; two-sided.",
    fa="تحلیل کوواریانس: پیامد بر پایهٔ مقدار پایه و بازو؛ خطای معیار HC3 و آزمون t با n − ۳ درجهٔ آزادی؛ دوطرفه.",
)


def ancova(
    outcome: Sequence[float], baseline: Sequence[float], treated: Sequence[int], confidence: float = 0.95
) -> Ancova | NotEstimable:
    """Adjusted difference with the classical standard error."""
    fit = _fit(outcome, baseline, treated)
    if isinstance(fit, NotEstimable):
        return fit
    df = len(fit.residuals) - COEFFICIENTS
    variance = float(fit.residuals @ fit.residuals) / df * float(fit.weights @ fit.weights)
    return _result(fit, variance, df, confidence, CLASSICAL)


def ancova_hc2(
    outcome: Sequence[float], baseline: Sequence[float], treated: Sequence[int], confidence: float = 0.95
) -> Ancova | NotEstimable:
    """Adjusted difference with the HC2 standard error and Bell-McCaffrey degrees of freedom."""
    fit = _fit(outcome, baseline, treated)
    if isinstance(fit, NotEstimable):
        return fit
    if (saturated := fit.leverage > 1 - 1e-10).any():
        return _determined_by_one(int(saturated.sum()))
    scaled = fit.weights / np.sqrt(1 - fit.leverage)
    spread = np.outer(scaled, scaled) * (np.eye(len(scaled)) - fit.hat)
    df = float(np.trace(spread) ** 2 / np.sum(spread**2))
    return _result(fit, float(np.sum((scaled * fit.residuals) ** 2)), df, confidence, HC2)


def ancova_hc3(
    outcome: Sequence[float], baseline: Sequence[float], treated: Sequence[int], confidence: float = 0.95
) -> Ancova | NotEstimable:
    """Adjusted difference with the HC3 standard error."""
    fit = _fit(outcome, baseline, treated)
    if isinstance(fit, NotEstimable):
        return fit
    if (saturated := fit.leverage > 1 - 1e-10).any():
        return _determined_by_one(int(saturated.sum()))
    variance = float(np.sum((fit.weights * fit.residuals / (1 - fit.leverage)) ** 2))
    return _result(fit, variance, len(fit.residuals) - COEFFICIENTS, confidence, HC3)


def _fit(outcome: Sequence[float], baseline: Sequence[float], treated: Sequence[int]) -> _Fit | NotEstimable:
    y, x, t = (np.asarray(values, dtype=float) for values in (outcome, baseline, treated))
    if refused := impossible(y, x, t):
        return refused
    design = np.column_stack([np.ones_like(y), x - x.mean(), t])
    inverse = np.linalg.inv(design.T @ design)
    projector = inverse @ design.T
    hat = design @ projector
    coefficients = projector @ y
    residuals = y - design @ coefficients
    if float(residuals @ residuals) <= 1e-20 * float(y @ y):
        return not_estimable(
            "Baseline and arm explain every value exactly, so there is no scatter to judge a difference by.",
            "مقدار پایه و بازو همهٔ مقادیر را دقیقاً توضیح می‌دهند و پراکندگی‌ای برای سنجش تفاوت نمی‌ماند.",
        )
    return _Fit(weights=projector[2], residuals=residuals, leverage=np.diag(hat), hat=hat, coefficients=coefficients)


def _result(fit: _Fit, variance: float, df: float, confidence: float, definition: Text) -> Ancova:
    from scipy.special import stdtr, stdtrit  # scipy is slow to import; only a fit pays for it

    estimate, error = float(fit.coefficients[2]), variance**0.5
    half = error * float(stdtrit(df, (1 + confidence) / 2))
    p = PValue(value=2 * float(stdtr(df, -abs(estimate) / error)), definition=definition)
    return Ancova(
        estimate=estimate,
        standard_error=error,
        df=df,
        baseline_slope=float(fit.coefficients[1]),
        test=Test(statistic=estimate / error, participants=len(fit.residuals), p=p),
        interval=Interval(
            estimate=estimate, low=estimate - half, high=estimate + half, level=confidence, asked=confidence, definition=definition
        ),
    )


def impossible(outcome: Vector, baseline: Vector, treated: Vector) -> NotEstimable | None:
    """Why an adjusted comparison cannot be made of these values, None where it can."""
    return cannot_compare(outcome, baseline, treated) or cannot_adjust(baseline, treated)


def cannot_compare(outcome: Vector, baseline: Vector, treated: Vector) -> NotEstimable | None:
    """Why the arms cannot be compared by these values, None where they can."""
    if not (np.isfinite(outcome).all() and np.isfinite(baseline).all()):
        return not_estimable(
            "A value is not a finite number; leave participants without a value out and list them with the reason.",
            "یکی از مقادیر عدد متناهی نیست؛ شرکت‌کنندگان بدون مقدار را کنار بگذارید و با دلیل فهرست کنید.",
        )
    in_first, in_second = int(np.sum(treated == 1)), int(np.sum(treated == 0))
    if not in_first or not in_second:
        return not_estimable(
            "One of the two arms has no participant with both values, so the arms cannot be compared.",
            "یکی از دو بازو هیچ شرکت‌کننده‌ای با هر دو مقدار ندارد و مقایسهٔ بازوها ممکن نیست.",
        )
    if len(outcome) <= COEFFICIENTS:
        return not_estimable(
            f"A baseline-adjusted comparison estimates three numbers and needs at least four participants; there are "
            f"{len(outcome)}.",
            f"مقایسهٔ تعدیل‌شده برای مقدار پایه سه عدد را برآورد می‌کند و دست‌کم چهار شرکت‌کننده لازم دارد؛ تعداد موجود "
            f"{len(outcome)} است.",
        )
    if np.ptp(outcome) == 0:
        return not_estimable(
            "Every participant has the same value, so there is no difference to estimate.",
            "مقدار همهٔ شرکت‌کنندگان یکسان است و تفاوتی برای برآورد وجود ندارد.",
        )
    return None


def cannot_adjust(baseline: Vector, treated: Vector) -> NotEstimable | None:
    """Why these baselines cannot be adjusted for, None where they can."""
    centred = np.column_stack([baseline - baseline.mean(), treated - treated.mean()])
    if np.ptp(baseline) == 0 or np.linalg.matrix_rank(centred / np.abs(centred).max(axis=0)) < 2:
        return not_estimable(
            "The baseline values are all the same, or differ only between the arms, so they cannot be adjusted for.",
            "مقادیر پایه همه یکسان‌اند یا فقط میان دو بازو فرق دارند و تعدیل برای آن‌ها ممکن نیست.",
        )
    return None


def _determined_by_one(participants: int) -> NotEstimable:
    return not_estimable(
        f"{participants} participant alone fixes a part of the model, so this standard error does not exist.",
        f"{participants} شرکت‌کننده به‌تنهایی بخشی از مدل را تعیین می‌کند و این خطای معیار وجود ندارد.",
    )
