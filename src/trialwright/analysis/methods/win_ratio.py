"""Win ratio and net benefit: every participant of one group against every one of the other, the weightier outcome first.

A pair is decided by the first outcome in the order of weight on which the two differ (by more than its margin); a pair alike on all
is a tie. Net benefit is the share of pairs won minus the share lost and belongs to the p value; the win ratio leaves ties out and
says nothing of how many they were, so both are given with the three counts.

Source: Pocock et al., Eur Heart J 2012;33:176; Buyse, Stat Med 2010;29:3245; permutation of the scores: Finkelstein and Schoenfeld,
Stat Med 1999;18:1341.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, inf

from trialwright.analysis.methods.impossible import not_finite
from trialwright.analysis.methods.rank_sum import subset_sum_counts
from trialwright.analysis.methods.result import NotEstimable, PValue, Test, not_estimable, to_twelve_digits
from trialwright.terms.sentences import Text

PERMUTATION = Text(
    en="Exact permutation test of the net benefit, two-sided: the share of all divisions of the participants into groups of these "
    "sizes whose net benefit lies at least as far from zero as the observed one. Ties count for nobody.",
    fa="آزمون جایگشتی دقیق برای سود خالص، دوطرفه: سهم همهٔ تقسیم‌های شرکت‌کنندگان به گروه‌هایی با همین اندازه که سود خالص آن‌ها دست‌کم "
    "به اندازهٔ سود خالص مشاهده‌شده از صفر دور است. مساوی‌ها برای هیچ‌کس شمرده نمی‌شوند.",
)


@dataclass(frozen=True, kw_only=True)
class WinComparison:
    """Pairs won, lost and tied by the first group; `win_ratio` is infinite where none was lost."""

    wins: int
    losses: int
    ties: int
    net_benefit: float
    win_ratio: float
    test: Test


def compare_wins(
    first: Sequence[Sequence[float]], second: Sequence[Sequence[float]], margins: Sequence[float] = ()
) -> WinComparison | NotEstimable:
    """Compare two groups on outcomes in order of weight, higher being better; `margins` (default 0) must be exceeded to win.

    Shapes: first, second (participants, outcomes). Turn the sign of an outcome of which less is better.
    """
    people = [*first, *second]
    if refused := _impossible(first, second, margins):
        return refused
    margin = tuple(margins) or (0.0,) * len(people[0])
    scores = [sum(_winner(ours, theirs, margin) for theirs in people) for ours in people]
    outcomes = [_winner(ours, theirs, margin) for ours in first for theirs in second]
    wins, losses = outcomes.count(1), outcomes.count(-1)
    if not any(scores):
        return not_estimable(
            "No two participants differ by more than the margins, so every pair is a tie and nothing can be compared.",
            "هیچ دو شرکت‌کننده‌ای بیش از حاشیه‌ها تفاوت ندارند؛ همهٔ جفت‌ها مساوی‌اند و مقایسه‌ای ممکن نیست.",
        )
    benefit = (wins - losses) / len(outcomes)
    return WinComparison(
        wins=wins,
        losses=losses,
        ties=outcomes.count(0),
        net_benefit=benefit,
        win_ratio=wins / losses if losses else inf,
        test=Test(statistic=benefit, participants=len(people), p=_permutation_p(scores, len(first))),
    )


def _winner(ours: Sequence[float], theirs: Sequence[float], margins: Sequence[float]) -> int:
    """1 where ours wins, -1 where theirs does, 0 for a tie."""
    for mine, other, margin in zip(ours, theirs, margins, strict=True):
        gap = to_twelve_digits(mine - other)
        if abs(gap) > margin:
            return 1 if gap > 0 else -1
    return 0


def _permutation_p(scores: Sequence[int], size: int) -> PValue:
    """Within a group the pairs cancel, so the net benefit is the sum of the first group's scores over everybody."""
    shift = -min(scores)
    sums = {total - size * shift: count for total, count in subset_sum_counts([s + shift for s in scores], size).items()}
    observed, divisions = abs(sum(scores[:size])), comb(len(scores), size)
    farthest = max(abs(total) for total in sums)
    share = [sum(count for total, count in sums.items() if abs(total) >= limit) / divisions for limit in (observed, farthest)]
    return PValue(value=share[0], definition=PERMUTATION, smallest=share[1])


def _impossible(
    first: Sequence[Sequence[float]], second: Sequence[Sequence[float]], margins: Sequence[float]
) -> NotEstimable | None:
    if min(len(first), len(second)) == 0:
        return not_estimable(
            "One of the two groups has no observed participant, so there is nothing to compare.",
            "یکی از دو گروه هیچ شرکت‌کنندهٔ مشاهده‌شده‌ای ندارد و مقایسه‌ای ممکن نیست.",
        )
    lengths = {len(person) for person in (*first, *second)} | ({len(margins)} if margins else set())
    if len(lengths) > 1 or lengths == {0}:
        return not_estimable(
            f"Participants (and margins) must have the same outcomes in the same order; they have {sorted(lengths)}.",
            f"شرکت‌کنندگان (و حاشیه‌ها) باید پیامدهای یکسان با ترتیب یکسان داشته باشند؛ تعدادها {sorted(lengths)} است.",
        )
    return not_finite([value for person in (*first, *second) for value in person])
