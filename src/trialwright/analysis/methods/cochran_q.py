"""Cochran's Q: a yes-or-no outcome on several occasions (or by several definitions) in the same participants.

McNemar's test for more than two columns. Participants who answer the same on every occasion say nothing and drop out. The exact
form counts every order of each participant's own answers; the chi-square is the large-sample form.

Source: Cochran, Biometrika 1950;37:256.
"""

from collections.abc import Sequence

from trialwright.analysis.methods.friedman import friedman_statistic, sum_of_squares
from trialwright.analysis.methods.result import NotEstimable, PValue, Test, not_estimable
from trialwright.analysis.methods.within_participant import share_at_least
from trialwright.terms.sentences import Text

EXACT = Text(
    en="Cochran's Q, exact: the share of all orders of the answers within each participant whose Q is at least the observed one.",
    fa="آزمون دقیق کیوی کاکران: سهم همهٔ ترتیب‌های پاسخ‌ها درون هر شرکت‌کننده که Q آن‌ها دست‌کم به اندازهٔ Q مشاهده‌شده است.",
)
ASYMPTOTIC = Text(
    en="Cochran's Q, large-sample: chi-square with one degree of freedom fewer than occasions.",
    fa="آزمون کیوی کاکران در نمونهٔ بزرگ: کای‌دو با درجهٔ آزادی یکی کمتر از تعداد نوبت‌ها.",
)

Answers = Sequence[Sequence[bool]]


def cochran_q(answers: Answers) -> Test | NotEstimable:
    """Compare the share of yes between occasions exactly. Shapes: answers (participants, occasions), complete."""
    if refused := _impossible(answers):
        return refused
    rows = _speaking(answers)
    shares = share_at_least(rows, sum_of_squares(rows))
    if isinstance(shares, NotEstimable):
        return shares
    p = PValue(value=shares[0], definition=EXACT, smallest=shares[1])
    return Test(statistic=friedman_statistic(rows), participants=len(rows), p=p)


def cochran_q_asymptotic(answers: Answers) -> Test | NotEstimable:
    """Compare the share of yes between occasions by the chi-square approximation."""
    from scipy.special import chdtrc  # scipy is slow to import; only this form needs it

    if refused := _impossible(answers):
        return refused
    rows = _speaking(answers)
    statistic = friedman_statistic(rows)
    p = PValue(value=float(chdtrc(len(rows[0]) - 1, statistic)), definition=ASYMPTOTIC)
    return Test(statistic=statistic, participants=len(rows), p=p)


def _speaking(answers: Answers) -> list[list[int]]:
    """The rows that hold both answers, as 0 and 1."""
    return [[int(answer) for answer in row] for row in answers if any(row) and not all(row)]


def _impossible(answers: Answers) -> NotEstimable | None:
    if not answers or len(answers[0]) < 2 or len({len(row) for row in answers}) != 1:
        return not_estimable(
            "Cochran's Q needs participants with an answer on every one of at least two occasions.",
            "آزمون کیوی کاکران به شرکت‌کنندگانی نیاز دارد که در همهٔ دست‌کم دو نوبت پاسخ داشته باشند.",
        )
    if any(answer not in (0, 1) for row in answers for answer in row):
        return not_estimable(
            "An answer is neither yes nor no; leave participants with a missing answer out and list them with their reason.",
            "یکی از پاسخ‌ها نه «بله» است و نه «نه»؛ شرکت‌کنندگان با پاسخ ناموجود را کنار بگذارید و با دلیل فهرست کنید.",
        )
    if not _speaking(answers):
        return not_estimable(
            "Every participant gave the same answer on all occasions, so there is nothing to compare.",
            "همهٔ شرکت‌کنندگان در همهٔ نوبت‌ها یک پاسخ داده‌اند و مقایسه‌ای ممکن نیست.",
        )
    return None
