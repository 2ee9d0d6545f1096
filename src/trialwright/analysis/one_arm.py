"""One arm at one time point: the change from baseline by its exact signed-rank test, and by sign flips beside it.

With so few participants some p values cannot occur; whoever reads the p is told. Without a baseline there is something to estimate
and nothing to test against.
"""

from math import isfinite

from trialwright.analysis import reliability
from trialwright.analysis.methods import hodges_lehmann
from trialwright.analysis.methods.attainable import smallest_signed_rank_p
from trialwright.analysis.methods.result import not_estimable
from trialwright.analysis.methods.sign_flip import sign_flip, sign_flip_interval
from trialwright.analysis.methods.signed_rank import pratt_signed_rank, wilcoxon_signed_rank
from trialwright.analysis.results import Support
from trialwright.analysis.two_arms import Found
from trialwright.analysis.values import Values, bounded
from trialwright.terms.sentences import Text

BY_SIGNED_RANKS = Text(
    en="Exact signed-rank test of the change from baseline", fa="آزمون دقیق رتبه‌های علامت‌دار برای تغییر از مقدار پایه"
)
PRATT = Text(en="The same with zero changes ranked (Pratt)", fa="همان آزمون با رتبه‌دادن به تغییرهای صفر (پرت)")
BY_SIGNS = Text(en="Mean change by sign flips", fa="میانگین تغییر با وارونه‌کردن علامت‌ها")


def describe_change(values: Values) -> Found:
    """Estimate and test the change of one arm, worst outcomes ranked last."""
    changes = [change for change in values.changes() if isfinite(change)]
    estimate = bounded(hodges_lehmann.one_sample(changes, values.confidence))
    if not values.has_baseline:
        nothing = not_estimable(
            "There is no baseline and no other arm, so there is nothing to test this against.",
            "نه مقدار پایه‌ای هست و نه بازوی دیگری؛ چیزی برای آزمودن در برابر آن وجود ندارد.",
        )
        return Found(estimate=estimate, test=nothing)
    pratt = Support(id="signed_rank_pratt", label=PRATT, estimate=None, test=pratt_signed_rank(changes))
    return Found(
        estimate=estimate,
        test=wilcoxon_signed_rank(changes),
        supports=(pratt, *_by_signs(values, changes)),
        notes=smallest_p_note(len(changes)),
        reliability=reliability.of_signed_rank(len(changes), estimate, values.alpha),
    )


def smallest_p_note(participants: int) -> tuple[Text, ...]:
    """What no result could have shown, where that is so."""
    smallest = smallest_signed_rank_p(participants)
    if participants < 2 or smallest <= 0.05:
        return ()
    return (
        Text(
            en=f"With {participants} participants the smallest two-sided p of this test is {smallest:.4g}: no result of any "
            "treatment could have given p below 0.05. The absence of a small p says nothing here; read the participants one by "
            "one.",
            fa=f"با {participants} شرکت‌کننده کوچک‌ترین p دوطرفهٔ این آزمون {smallest:.4g} است: هیچ درمانی نمی‌توانست p کمتر از "
            "۰٫۰۵ بدهد. نبودِ p کوچک در این‌جا چیزی را نشان نمی‌دهد؛ نتایج را شرکت‌کننده به شرکت‌کننده بخوانید.",
        ),
    )


def _by_signs(values: Values, changes: list[float]) -> tuple[Support, ...]:
    """Sign flips use the sizes of the changes, which a worst outcome has not."""
    if values.has_worst:
        return ()
    test, estimate = sign_flip(changes), sign_flip_interval(changes, values.confidence)
    errs = reliability.of_sign_flip(test, estimate, values.alpha)
    return (Support(id="sign_flip", label=BY_SIGNS, estimate=estimate, test=test, reliability=errs),)
