"""Sentences for input that no method can answer: nobody observed, a value missing, everyone alike, counts that cannot be.

Each function returns the refusal where the input is impossible and None where it is fine, so that a method may ask them in turn.
"""

from collections.abc import Sequence
from math import isfinite

from trialwright.analysis.methods.result import NotEstimable, doubled_midranks, not_estimable


def not_a_proportion(events: int, participants: int) -> NotEstimable | None:
    """Refuse counts that are no proportion: more events than participants, or no participant."""
    if participants >= 1 and 0 <= events <= participants:
        return None
    return not_estimable(
        f"{events} of {participants} is not a proportion of observed participants.",
        f"{events} از {participants} نسبتی از شرکت‌کنندگان مشاهده‌شده نیست.",
    )


def not_a_confidence(confidence: float) -> NotEstimable | None:
    """Refuse a confidence that is not between 0 and 1, such as 95 for 95 %."""
    if 0 < confidence < 1:
        return None
    return not_estimable(
        f"A confidence of {confidence:g} is not between 0 and 1; write 0.95 for 95 %.",
        f"سطح اطمینان {confidence:g} بین ۰ و ۱ نیست؛ برای ۹۵٪ بنویسید 0.95.",
    )


def not_finite(values: Sequence[float]) -> NotEstimable | None:
    """Refuse a missing or infinite value: what is missing is listed with its reason, never handed to a method."""
    if all(isfinite(value) for value in values):
        return None
    return not_estimable(
        "A value is not a finite number; leave missing values out and list them with their reason.",
        "یکی از مقادیر عدد متناهی نیست؛ مقادیر ناموجود را کنار بگذارید و با دلیل فهرست کنید.",
    )


def not_two_groups(first: Sequence[float], second: Sequence[float], least: int = 1) -> NotEstimable | None:
    """Refuse two groups of which one is empty, smaller than `least`, or holds a value that is missing."""
    if min(len(first), len(second)) == 0:
        return not_estimable(
            "One of the two groups has no observed value, so there is nothing to compare.",
            "یکی از دو گروه هیچ مقدار مشاهده‌شده‌ای ندارد و مقایسه‌ای ممکن نیست.",
        )
    if min(len(first), len(second)) < least:
        return not_estimable(
            f"This method needs at least {least} observed values in each group; there are {len(first)} and {len(second)}.",
            f"این روش در هر گروه دست‌کم به {least} مقدار مشاهده‌شده نیاز دارد؛ تعداد موجود {len(first)} و {len(second)} است.",
        )
    return not_finite([*first, *second])


def all_alike(values: Sequence[float]) -> NotEstimable | None:
    """Refuse values that are all equal at 12 significant digits."""
    if len(set(doubled_midranks(values))) > 1:
        return None
    return not_estimable(
        "Every participant has the same value, so the groups cannot be told apart.",
        "مقدار همهٔ شرکت‌کنندگان یکسان است و گروه‌ها از هم قابل تشخیص نیستند.",
    )
