"""What a method hands back: a p value with its definition, an interval with its true level, or the reason for having neither.

A clinician reads `definition` beside the number; a second statistician finds in it what another program must be told to agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class NotEstimable:
    """What these data cannot give, as a sentence in place of a number."""

    reason: Text


@dataclass(frozen=True, kw_only=True)
class PValue:
    """A p value and what it is a probability of.

    `smallest` is the least value that this test could have given for these data, whatever the treatment did (None where the method
    does not know it); `monte_carlo_error` is the standard error of a sampled p value, None where every case was counted.
    """

    value: float
    definition: Text
    smallest: float | None = None
    monte_carlo_error: float | None = None


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with its confidence limits; None for a limit that does not exist (unbounded).

    The estimate of a ratio is infinite where its denominator saw no event: it then has a lower limit only.

    `level` is the confidence that the interval truly has, `asked` what was asked for: with few participants an exact interval can
    only have certain levels, and sometimes none as high as asked.
    """

    estimate: float
    low: float | None
    high: float | None
    level: float
    asked: float
    definition: Text


@dataclass(frozen=True, kw_only=True)
class Test:
    """A test: its statistic, how many participants it used, and its p value."""

    __test__ = False  # the word is the statistician's, not the test runner's

    statistic: float
    participants: int
    p: PValue


def finite_or_none(value: float) -> float | None:
    """A limit for `Interval`: None where it is infinite, so that it can be written as JSON."""
    return value if isfinite(value) else None


def not_estimable(en: str, fa: str) -> NotEstimable:
    return NotEstimable(reason=Text(en=en, fa=fa))


def to_twelve_digits(value: float) -> float:
    """The value at 12 significant digits, so that equal clinical values stay tied after a logarithm or a subtraction."""
    return round(value, 11 - floor(log10(abs(value)))) if value and isfinite(value) else value


def doubled_midranks(values: Sequence[float]) -> tuple[int, ...]:
    """Twice the midrank of each value (a whole number even with ties); values equal at 12 significant digits are tied."""
    rounded = [to_twelve_digits(value) for value in values]
    order = sorted(rounded)
    return tuple(2 * order.index(value) + order.count(value) + 1 for value in rounded)
