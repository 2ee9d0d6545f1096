"""What the comparison of a design can show: the smallest p value, the effect that can be seen, responders compared."""

from math import exp

from trialwright.analysis.design.page import Statement, number
from trialwright.analysis.methods.attainable import smallest_block_p, smallest_rank_sum_p, smallest_signed_rank_p
from trialwright.analysis.methods.power import detectable_difference
from trialwright.analysis.methods.two_by_two import boschloo_rejecting_tables, fisher_p, probability_of, rejecting_tables
from trialwright.study.model import Study
from trialwright.terms.sentences import Text

_CANNOT_PROVE = Text(
    en="With so few people this study can describe what happens; it cannot prove that the treatment works.",
    fa="با این تعداد کم، این مطالعه می‌تواند آن‌چه رخ می‌دهد را توصیف کند؛ نمی‌تواند اثر درمان را ثابت کند.",
)


def smallest_p_one_arm(n: int, alpha: float) -> Statement:
    smallest = smallest_signed_rank_p(n)
    needed = next(k for k in range(1, 100) if smallest_signed_rank_p(k) <= alpha)
    if smallest > alpha:
        plain = Text(
            en=f"Whatever the treatment does, {n} participants cannot give a two-sided p below {alpha:g}: the smallest possible is "
            f"{smallest:.4g}. With this test at least {needed} are needed. This trial can describe; it cannot prove.",
            fa=f"درمان هر اثری داشته باشد، {n} شرکت‌کننده نمی‌توانند p دوطرفهٔ کمتر از {alpha:g} بدهند: کوچک‌ترین مقدار ممکن "
            f"{smallest:.4g} است. "
            f"با این آزمون دست‌کم {needed} نفر لازم است. این کارآزمایی می‌تواند توصیف کند؛ نمی‌تواند ثابت کند.",
        )
    else:
        plain = Text(
            en=f"The smallest two-sided p that {n} participants can give is {smallest:.3g}, when all change in one direction.",
            fa=f"کوچک‌ترین p دوطرفه‌ای که {n} شرکت‌کننده می‌توانند بدهند {smallest:.3g} است، وقتی همه در یک جهت تغییر کنند.",
        )
    return Statement(
        id="smallest_p",
        title=Text(en="Smallest possible p value", fa="کوچک‌ترین p ممکن"),
        plain=plain,
        numbers=(
            number(f"smallest p with {n} participants", f"کوچک‌ترین p با {n} شرکت‌کننده", smallest, "p"),
            number(
                f"participants needed for p of {alpha:g} or less", f"تعداد لازم برای p برابر {alpha:g} یا کمتر", needed, "count"
            ),
        ),
        method=Text(
            en="2 of the 2^n sign patterns of the exact signed-rank test.",
            fa="۲ الگو از 2^n الگوی علامت در آزمون دقیق رتبه‌های علامت‌دار.",
        ),
        source="Wilcoxon, Biometrics Bulletin 1945;1:80",
        lay=_CANNOT_PROVE if smallest > alpha else None,
    )


def no_control() -> Statement:
    return Statement(
        id="no_control",
        title=Text(en="No control arm", fa="بدون بازوی کنترل"),
        plain=Text(
            en="There is no group without the treatment. A change after it may be the disease's own course, background "
            "treatment, or regression "
            "to the mean: people enter on a day when they are worse than usual, and the next time is usually nearer to it.",
            fa="گروهی بدون درمان وجود ندارد. تغییر پس از درمان می‌تواند سیر خود بیماری، اثر درمان زمینه‌ای یا بازگشت به میانگین "
            "باشد: افراد در "
            "روزی وارد می‌شوند که حالشان بدتر از معمول است و بار بعد معمولاً به آن نزدیک‌تر است.",
        ),
        numbers=(),
        method=Text(en="No calculation.", fa="بدون محاسبه."),
        source="ICH E10, section 2.5 (choice of control group)",
        lay=Text(
            en="Everybody is treated. If people get better, nobody can say whether they would have got better anyway.",
            fa="همه درمان می‌شوند. اگر حالشان بهتر شود، نمی‌توان گفت که بدون درمان هم بهتر می‌شدند یا نه.",
        ),
    )


def smallest_p_two_arms(first: int, second: int) -> Statement:
    total = first + second
    numbers = [number("without blocks", "بدون بلوک", smallest_rank_sum_p(first, second), "p")]
    if first == second:
        numbers += [
            number(f"in blocks of {size}", f"در بلوک‌های {size} نفره", smallest_block_p([size] * (total // size)), "p")
            for size in (2, 4)
            if total % size == 0
        ]
    return Statement(
        id="smallest_p",
        title=Text(en="Smallest possible p value", fa="کوچک‌ترین p ممکن"),
        plain=Text(
            en=f"With {first} against {second} the re-randomisation test can give small p values: the number of participants "
            f"does not forbid "
            "it. How likely that is, is another question, below.",
            fa=f"با {first} نفر در برابر {second} نفر، آزمون بازتصادفی‌سازی می‌تواند p کوچک بدهد و تعداد شرکت‌کنندگان مانع آن "
            f"نیست. این‌که چقدر "
            "محتمل است پرسش دیگری است که در ادامه می‌آید.",
        ),
        numbers=tuple(numbers),
        method=Text(
            en="2 (the observed list and its mirror image) over the number of lists that the procedure can draw.",
            fa="عدد ۲ (فهرست مشاهده‌شده و تصویر آینه‌ای آن) بر تعداد فهرست‌هایی که روند تخصیص می‌تواند تولید کند.",
        ),
        source="Edgington and Onghena, Randomization Tests, 4th ed. 2007",
    )


def detectable(study: Study, first: int, second: int, alpha: float) -> Statement:
    found = detectable_difference(0.8, first, second, first + second - 3, alpha)
    spreads = (0.3, 0.5, 0.7)
    numbers = [number("difference found with 80 % power", "تفاوتی که با توان ۸۰٪ دیده می‌شود", found, "sd")]
    if study.analysis.primary.transform == "log":
        numbers += [
            number(
                f"as a ratio of the arms, where the log values scatter by {spread:g}",
                f"به‌صورت نسبت دو بازو، اگر پراکندگی لگاریتم مقادیر {spread:g} باشد",
                exp(-found * spread),
                "ratio",
            )
            for spread in spreads
        ]
    return Statement(
        id="detectable",
        title=Text(en="Effect that this trial can see", fa="اثری که این کارآزمایی می‌تواند ببیند"),
        plain=Text(
            en=f"Only a large effect is found reliably: {found:.2f} standard deviations of what is left after adjusting for "
            f"baseline. A smaller "
            "effect is missed in more than one trial of five, so a large p value is no evidence that nothing happened.",
            fa=f"فقط اثر بزرگ به‌طور قابل اتکا دیده می‌شود: {found:.2f} انحراف معیارِ آنچه پس از تعدیل برای مقدار پایه باقی "
            f"می‌ماند. اثر کوچک‌تر در "
            "بیش از یک کارآزمایی از هر پنج کارآزمایی دیده نمی‌شود؛ پس p بزرگ دلیل بی‌اثر بودن نیست.",
        ),
        numbers=tuple(numbers),
        method=Text(
            en=f"Noncentral t, two-sided at {alpha:g}, {first + second - 3} degrees of freedom, everyone observed; each missing "
            f"value makes "
            "it worse. `trialwright simulate` gives size and power of the re-randomisation test itself.",
            fa=f"توزیع t غیرمرکزی، دوطرفه در سطح {alpha:g}، با {first + second - 3} درجهٔ آزادی و بدون مقدار ناموجود؛ هر مقدار "
            f"ناموجود وضع را "
            "بدتر می‌کند. اندازه و توان خود آزمون بازتصادفی‌سازی را trialwright simulate می‌دهد.",
        ),
        source="Cohen, Statistical Power Analysis, 2nd ed. 1988",
        lay=Text(
            en="Only a large difference between the two groups is found reliably. A smaller one may be missed, though it is real.",
            fa="تنها تفاوت بزرگ میان دو گروه با اطمینان دیده می‌شود. تفاوت کوچک‌تر ممکن است دیده نشود، حتی اگر واقعی باشد.",
        ),
    )


def two_proportions(first: int, second: int, alpha: float) -> Statement:
    fisher = rejecting_tables(fisher_p, first, second, alpha)
    boschloo = boschloo_rejecting_tables(first, second, alpha)
    pairs = (("Fisher", fisher), ("Boschloo", boschloo))
    size = [
        number(
            f"{n}: size at 40 % in both arms",
            f"{n}: اندازه با ۴۰٪ در هر دو بازو",
            probability_of(t, first, second, 0.4, 0.4),
            "percent",
        )
        for n, t in pairs
    ]
    power = [
        number(
            f"{n}: power at 70 % against 20 %",
            f"{n}: توان با ۷۰٪ در برابر ۲۰٪",
            probability_of(t, first, second, 0.7, 0.2),
            "percent",
        )
        for n, t in pairs
    ]
    seen, used = probability_of(boschloo, first, second, 0.7, 0.2), probability_of(fisher, first, second, 0.4, 0.4)
    return Statement(
        id="two_proportions",
        title=Text(en="Comparing responders", fa="مقایسهٔ پاسخ‌دهندگان"),
        plain=Text(
            en=f"Even 70 % responders against 20 % is found in only {seen:.0%} of trials by the better test. Fisher's test, at "
            f"a level of "
            f"{alpha:.0%}, is wrong in {used:.1%} of trials without an effect: the rest of its level is lost to caution, and "
            f"power with it.",
            fa=f"حتی ۷۰٪ پاسخ‌دهنده در برابر ۲۰٪ را آزمون بهتر فقط در {seen:.0%} کارآزمایی‌ها نشان می‌دهد. آزمون فیشر در سطح "
            f"{alpha:.0%} "
            f"تنها در {used:.1%} کارآزمایی‌های بی‌اثر خطا می‌کند: بقیهٔ سطح، و همراه آن توان آزمون، صرف احتیاط بیش از حد می‌شود.",
        ),
        numbers=(*size, *power),
        method=Text(
            en=f"Exact enumeration of all {(first + 1) * (second + 1)} tables at level {alpha:g}, two-sided.",
            fa=f"شمارش دقیق همهٔ {(first + 1) * (second + 1)} جدول در سطح {alpha:g}، دوطرفه.",
        ),
        source="Lydersen, Fagerland and Laake, Stat Med 2009;28:1159",
    )
