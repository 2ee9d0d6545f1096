"""Two proportions of few participants: Fisher's exact test and the unconditional tests of Boschloo and Barnard.

Fisher's test fixes the total number of responders as well as the group sizes and so rejects far too seldom: at 10 against 10 with
both rates 40 %, its 5 % test rejects in 1.3 % of trials. Boschloo orders the tables by Fisher's p and takes the worst case over the
unknown common rate; it is never less powerful. Programs differ in the ordering and in how they search for the worst case; here the
probability is a polynomial in the rate, evaluated at 2,001 points and refined around each of its highest peaks (to 1e-9 in the
rate, 1e-15 in the probability).

Source: Fisher, J R Stat Soc 1935;98:39; Boschloo, Stat Neerl 1970;24:1; Barnard, Biometrika 1947;34:123; Lydersen, Fagerland and
Laake, Stat Med 2009;28:1159.
"""

from collections.abc import Callable
from functools import cache
from math import comb, sqrt

from trialwright.analysis.methods.result import NotEstimable, PValue, Test, not_estimable
from trialwright.terms.sentences import Text

Ordering = Callable[[int, int, int, int], float]
MOST_UNCONDITIONAL = 300  # participants in both groups; about 3 s
_TIED_BELOW = 10_000_000
TIED = 1 / _TIED_BELOW  # relative tolerance under which two probabilities or orderings are tied, as in R's fisher.test

FISHER = Text(
    en="Fisher's exact test, two-sided: the probability, given all totals, of the tables that are no more probable than the "
    "observed.",
    fa="آزمون دقیق فیشر، دوطرفه: احتمال جدول‌هایی که با ثابت بودن همهٔ جمع‌ها، محتمل‌تر از جدول مشاهده‌شده نیستند.",
)
BOSCHLOO = Text(
    en="Boschloo's test, two-sided: tables ordered by Fisher's two-sided p; the largest probability of the tables at least as "
    "extreme, "
    "over all values of the common response rate.",
    fa="آزمون بوشلو، دوطرفه: ترتیب جدول‌ها بر پایهٔ p دوطرفهٔ فیشر؛ بیشینهٔ احتمال جدول‌های دست‌کم به همان اندازه دور، روی "
    "همهٔ مقادیر نرخ "
    "مشترک پاسخ.",
)
BARNARD = Text(
    en="Barnard's test, two-sided, in its pooled-score form: tables ordered by the absolute difference of proportions over its "
    "pooled "
    "standard error; the largest probability over all values of the common response rate.",
    fa="آزمون بارنارد، دوطرفه، با آمارهٔ تجمیعی: ترتیب جدول‌ها بر پایهٔ قدر مطلق تفاوت نسبت‌ها بر خطای معیار تجمیعی؛ بیشینهٔ "
    "احتمال روی "
    "همهٔ مقادیر نرخ مشترک پاسخ.",
)


def fisher(first: int, first_n: int, second: int, second_n: int) -> Test | NotEstimable:
    """Compare `first` of `first_n` responders with `second` of `second_n`; the statistic is the difference of proportions."""
    if refused := _impossible(first, first_n, second, second_n):
        return refused
    p = PValue(value=fisher_p(first, first_n, second, second_n), definition=FISHER)
    return Test(statistic=first / first_n - second / second_n, participants=first_n + second_n, p=p)


def boschloo(first: int, first_n: int, second: int, second_n: int) -> Test | NotEstimable:
    """Compare two proportions by Boschloo's unconditional test; tables are ordered by Fisher's two-sided p."""
    return _unconditional(fisher_p, BOSCHLOO, first, first_n, second, second_n)


def barnard(first: int, first_n: int, second: int, second_n: int) -> Test | NotEstimable:
    """Compare two proportions by the pooled-score unconditional test."""
    return _unconditional(_minus_pooled_score, BARNARD, first, first_n, second, second_n)


@cache
def fisher_p(first: int, first_n: int, second: int, second_n: int) -> float:
    """Fisher's two-sided p of one table, from whole-number counts of the tables with the same totals."""
    total = first + second
    low, high = max(0, total - second_n), min(first_n, total)
    ways = [comb(first_n, k) * comb(second_n, total - k) for k in range(low, high + 1)]
    limit = comb(first_n, first) * comb(second_n, second)
    return sum(way for way in ways if way <= limit or way - limit <= limit // _TIED_BELOW) / sum(ways)


def rejecting_tables(test: Ordering, first_n: int, second_n: int, alpha: float) -> tuple[tuple[int, int], ...]:
    """The tables whose p by `test` is at most alpha, as (responders of the first group, of the second)."""
    tables = ((a, b) for a in range(first_n + 1) for b in range(second_n + 1))
    return tuple((a, b) for a, b in tables if test(a, first_n, b, second_n) <= alpha)


def boschloo_rejecting_tables(first_n: int, second_n: int, alpha: float) -> tuple[tuple[int, int], ...]:
    """The tables that Boschloo's test rejects: it adds tables in Fisher's order while the worst case stays within alpha."""
    tables = ((a, b) for a in range(first_n + 1) for b in range(second_n + 1))
    ranked = sorted((fisher_p(a, first_n, b, second_n), a, b) for a, b in tables)
    accepted: tuple[tuple[int, int], ...] = ()
    for value in sorted({entry[0] for entry in ranked}):
        region = tuple((a, b) for p, a, b in ranked if p <= value * (1 + TIED))
        if len(region) > len(accepted):
            if largest_probability(region, first_n, second_n) > alpha:
                break
            accepted = region
    return accepted


def probability_of(
    tables: tuple[tuple[int, int], ...], first_n: int, second_n: int, first_rate: float, second_rate: float
) -> float:
    """The chance of one of these tables at two response rates: size where the rates are equal, power where they differ."""
    return sum(_binomial(a, first_n, first_rate) * _binomial(b, second_n, second_rate) for a, b in tables)


def largest_probability(tables: tuple[tuple[int, int], ...], first_n: int, second_n: int) -> float:
    """The largest chance of these tables over all common response rates: the true size of a test that rejects them."""
    ways = [0] * (first_n + second_n + 1)
    for a, b in tables:
        ways[a + b] += comb(first_n, a) * comb(second_n, b)
    return _highest(lambda rate: sum(w * rate**k * (1 - rate) ** (len(ways) - 1 - k) for k, w in enumerate(ways) if w))


def _highest(curve: Callable[[float], float], points: int = 2000) -> float:
    """The maximum of a smooth curve on (0, 1): a fine grid, then golden-section search around its highest peaks.

    A peak that is lower by more than one in a thousand on this grid cannot be the highest one.
    """
    values = [0.0, *(curve(i / points) for i in range(1, points)), 0.0]
    floor = max(values) * (1 - 1e-3)
    peaks = [i for i in range(1, points) if values[i] >= floor and values[i - 1] <= values[i] >= values[i + 1]]
    return max(_peak(curve, (i - 1) / points, (i + 1) / points) for i in sorted(peaks, key=lambda i: -values[i])[:4])


def _peak(curve: Callable[[float], float], low: float, high: float) -> float:
    """The height of the one peak between two rates, by golden-section search."""
    golden = (sqrt(5) - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = curve(left), curve(right)
    while high - low > 1e-9:
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = curve(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = curve(right)
    return max(at_left, at_right)


def _unconditional(order: Ordering, definition: Text, first: int, first_n: int, second: int, second_n: int) -> Test | NotEstimable:
    if refused := _impossible(first, first_n, second, second_n) or _too_many(first_n, second_n):
        return refused
    observed = order(first, first_n, second, second_n)
    limit = observed + abs(observed) * TIED
    value = largest_probability(rejecting_tables(order, first_n, second_n, limit), first_n, second_n)
    p = PValue(value=min(1.0, value), definition=definition)
    return Test(statistic=first / first_n - second / second_n, participants=first_n + second_n, p=p)


def _minus_pooled_score(first: int, first_n: int, second: int, second_n: int) -> float:
    pooled = (first + second) / (first_n + second_n)
    difference = abs(first / first_n - second / second_n)
    return -difference / sqrt(pooled * (1 - pooled) * (1 / first_n + 1 / second_n)) if difference else 0.0


def _binomial(events: int, n: int, rate: float) -> float:
    return comb(n, events) * rate**events * (1 - rate) ** (n - events)


def _too_many(first_n: int, second_n: int) -> NotEstimable | None:
    if first_n + second_n <= MOST_UNCONDITIONAL:
        return None
    return not_estimable(
        f"{first_n} against {second_n} participants have too many tables for an unconditional test here; with so many Fisher's "
        "test loses little.",
        f"{first_n} نفر در برابر {second_n} نفر جدول‌های بیش از حدی برای آزمون غیرشرطی دارند؛ با این تعداد، آزمون فیشر چیز زیادی از "
        "دست نمی‌دهد.",
    )


def _impossible(first: int, first_n: int, second: int, second_n: int) -> NotEstimable | None:
    if min(first_n, second_n) < 1:
        return not_estimable(
            "One of the two groups has no observed participant, so there is nothing to compare.",
            "یکی از دو گروه هیچ شرکت‌کنندهٔ مشاهده‌شده‌ای ندارد و مقایسه‌ای ممکن نیست.",
        )
    if not (0 <= first <= first_n and 0 <= second <= second_n):
        return not_estimable(
            f"{first} of {first_n} and {second} of {second_n} are not numbers of responders in groups of these sizes.",
            f"{first} از {first_n} و {second} از {second_n} تعداد پاسخ‌دهندگان گروه‌هایی با این اندازه نیست.",
        )
    return None
