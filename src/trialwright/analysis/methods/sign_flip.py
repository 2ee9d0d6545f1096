"""The sign-flip test of paired differences: the mean change against every pattern of signs that chance could have given.

It uses the sizes of the changes, where the signed-rank test uses their ranks. With no effect (differences symmetric about zero)
each of the 2^n sign patterns is as likely as the observed one; n participants can give no two-sided p below 2/2^n. The interval
holds the shifts that the test does not reject: its limits are ordered means of subsets of the differences, so its level comes in
steps.

Source: Fisher, The Design of Experiments 1935, section 21; interval: Hartigan, J Am Stat Assoc 1969;64:1303 (typical values).
"""

from collections.abc import Sequence
from functools import cache
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.impossible import not_a_confidence, not_finite
from trialwright.analysis.methods.result import Interval, NotEstimable, PValue, Test, not_estimable, to_twelve_digits
from trialwright.terms.sentences import Text

MOST_COUNTED = 22  # 4,194,304 patterns, about 0.1 s
_SAME = 1e-9  # relative tolerance under which two sums of differences are tied

EXACT = Text(
    en="Sign-flip test of the mean difference, two-sided: the share of all 2^n patterns of signs whose mean lies at least as far "
    "from zero as the observed one. Zero differences stay in.",
    fa="آزمون تغییر علامت برای میانگین تفاوت‌ها، دوطرفه: سهم همهٔ 2^n الگوی علامت که میانگین آن‌ها دست‌کم به اندازهٔ میانگین "
    "مشاهده‌شده از صفر دور است. تفاوت‌های صفر کنار گذاشته نمی‌شوند.",
)
SAMPLED = Text(
    en="Sign-flip test of the mean difference, two-sided, sampled: (1 + the number of drawn sign patterns whose mean lies at least "
    "as far from zero as the observed one) over (1 + the number drawn).",
    fa="آزمون تغییر علامت برای میانگین تفاوت‌ها، دوطرفه، با نمونه‌گیری: (۱ + تعداد الگوهای علامت نمونه‌گیری‌شده که میانگین آن‌ها "
    "دست‌کم به اندازهٔ میانگین مشاهده‌شده از صفر دور است) بر (۱ + تعداد نمونه‌ها).",
)
INTERVAL = Text(
    en="Mean difference with the interval of the shifts that the two-sided sign-flip test does not reject; its limits are ordered "
    "means of the subsets of the differences, closed at both ends.",
    fa="میانگین تفاوت‌ها با بازهٔ جابه‌جایی‌هایی که آزمون دوطرفهٔ تغییر علامت رد نمی‌کند؛ حدهای آن میانگین‌های مرتب‌شدهٔ "
    "زیرمجموعه‌های تفاوت‌هاست و دو سر بازه بسته است.",
)


def sign_flip(differences: Sequence[float]) -> Test | NotEstimable:
    """Test whether paired differences are symmetric about zero, by their mean. Units of the statistic: those of `differences`."""
    if refused := _impossible(differences) or _too_many(differences):
        return refused
    sums = _subset_sums(differences)
    total, patterns = sum(differences), len(sums)
    limit = abs(total) - _SAME * sum(abs(d) for d in differences)
    value = int((np.abs(total - 2 * sums) >= limit).sum()) / patterns
    p = PValue(value=value, definition=EXACT, smallest=2.0 ** (1 - sum(to_twelve_digits(d) != 0 for d in differences)))
    return Test(statistic=total / len(differences), participants=len(differences), p=p)


def sign_flip_sampled(differences: Sequence[float], rng: np.random.Generator, draws: int = 20_000) -> Test | NotEstimable:
    """The same test by drawn patterns, for more participants than can be counted; the p value carries its sampling error."""
    if refused := _impossible(differences):
        return refused
    signs = 2.0 * rng.integers(0, 2, size=(draws, len(differences))) - 1
    total = sum(differences)
    reached = int((np.abs(signs @ np.array(differences)) >= abs(total) - _SAME * sum(abs(d) for d in differences)).sum())
    value = (1 + reached) / (1 + draws)
    p = PValue(value=value, definition=SAMPLED, monte_carlo_error=sqrt(value * (1 - value) / draws))
    return Test(statistic=total / len(differences), participants=len(differences), p=p)


def sign_flip_interval(differences: Sequence[float], confidence: float = 0.95) -> Interval | NotEstimable:
    """Estimate the mean change. Where even the widest interval falls short of the confidence asked, it says its own level."""
    if refused := not_a_confidence(confidence) or _impossible(differences) or _too_many(differences):
        return refused
    means = _subset_sums(differences)[1:] / _subset_sizes(len(differences))[1:]
    patterns = 2 ** len(differences)
    cut = max(1, floor((1 - confidence) / 2 * patterns + 1e-9))
    ordered = np.partition(means, (cut - 1, len(means) - cut))
    return Interval(
        estimate=sum(differences) / len(differences),
        low=float(ordered[cut - 1]),
        high=float(ordered[len(means) - cut]),
        level=1 - 2 * cut / patterns,
        asked=confidence,
        definition=INTERVAL,
    )


def _subset_sums(differences: Sequence[float]) -> NDArray[np.float64]:
    """The sum of every subset; entry i holds the differences at the set bits of i. Shapes: result (2**n,)."""
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums, sums + difference])
    return sums


@cache
def _subset_sizes(participants: int) -> NDArray[np.int64]:
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(participants):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


def _too_many(differences: Sequence[float]) -> NotEstimable | None:
    if len(differences) <= MOST_COUNTED:
        return None
    return not_estimable(
        f"{len(differences)} participants have too many sign patterns to count; use the sampled form and give its error.",
        f"{len(differences)} شرکت‌کننده الگوهای علامت بیش از حد شمارش دارند؛ شکل نمونه‌گیری‌شده را با خطای آن به کار ببرید.",
    )


def _impossible(differences: Sequence[float]) -> NotEstimable | None:
    if len(differences) < 2:
        return not_estimable(
            f"A sign-flip test needs at least two participants with both values; there is {len(differences) or 'none'}.",
            f"آزمون تغییر علامت دست‌کم به دو شرکت‌کننده با هر دو مقدار نیاز دارد؛ تعداد موجود {len(differences)} است.",
        )
    if refused := not_finite(differences):
        return refused
    if all(to_twelve_digits(d) == 0 for d in differences):
        return not_estimable(
            "Every participant's difference is zero, so there is no sign to test.",
            "تفاوت همهٔ شرکت‌کنندگان صفر است و علامتی برای آزمون وجود ندارد.",
        )
    return None
