"""The odds ratio of a two by two table with its exact conditional interval: the one that belongs to Fisher's test.

The estimate is the conditional maximum likelihood one (as in R's fisher.test), not the ratio of cross products, and lies a little
nearer to 1. Limits exist on one side only where a group has all or none.

Source: Cornfield, Proc 3rd Berkeley Symp 1956;4:135; Gart, J R Stat Soc B 1970;32:454 (both tails at half).
"""

from collections.abc import Callable, Sequence
from math import comb, exp, inf, log

from trialwright.analysis.methods.impossible import not_a_confidence, not_a_proportion
from trialwright.analysis.methods.result import Interval, NotEstimable, finite_or_none, not_estimable
from trialwright.terms.sentences import Text

CONDITIONAL = Text(
    en="Conditional maximum likelihood odds ratio (odds of the first group over the second) with its exact interval given all "
    "totals: each limit leaves half of the remaining probability in its tail.",
    fa="نسبت شانس با درست‌نمایی بیشینهٔ شرطی (شانس گروه نخست به دوم) با بازهٔ دقیق آن با ثابت بودن همهٔ جمع‌ها: هر حد نیمی از احتمال "
    "باقی‌مانده را در دنبالهٔ خود می‌گذارد.",
)


def odds_ratio(first: int, first_n: int, second: int, second_n: int, confidence: float = 0.95) -> Interval | NotEstimable:
    """Odds ratio of `first` of `first_n` responders against `second` of `second_n`; infinite where only a lower limit exists."""
    if refused := not_a_proportion(first, first_n) or not_a_proportion(second, second_n) or not_a_confidence(confidence):
        return refused
    total = first + second
    least, most = max(0, total - second_n), min(first_n, total)
    if least == most:
        return not_estimable(
            "All participants of both groups had the same result, so no odds ratio can be estimated.",
            "نتیجهٔ همهٔ شرکت‌کنندگان هر دو گروه یکسان است و نسبت شانس قابل برآورد نیست.",
        )
    logs = [log(comb(first_n, k) * comb(second_n, total - k)) for k in range(least, most + 1)]
    seen, tail = first - least, (1 - confidence) / 2
    low = 0.0 if first == least else exp(_where(lambda theta: sum(_chances(logs, theta)[seen:]), tail))
    high = inf if first == most else exp(_where(lambda theta: 1 - sum(_chances(logs, theta)[: seen + 1]), 1 - tail))
    estimate = 0.0 if first == least else inf if first == most else exp(_where(lambda theta: _mean(_chances(logs, theta)), seen))
    return Interval(
        estimate=estimate, low=low, high=finite_or_none(high), level=confidence, asked=confidence, definition=CONDITIONAL
    )


def _chances(logs: Sequence[float], theta: float) -> list[float]:
    """The noncentral hypergeometric probabilities at log odds ratio `theta`."""
    weights = [value + k * theta for k, value in enumerate(logs)]
    top = max(weights)
    scaled = [exp(weight - top) for weight in weights]
    total = sum(scaled)
    return [weight / total for weight in scaled]


def _mean(chances: Sequence[float]) -> float:
    return sum(k * chance for k, chance in enumerate(chances))


def _where(increasing: Callable[[float], float], wanted: float) -> float:
    """The log odds ratio at which an increasing function reaches `wanted`, by bisection to the last digit."""
    low, high = -100.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if increasing(middle) < wanted else (low, middle)
    return (low + high) / 2
