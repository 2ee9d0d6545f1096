"""What a reader must know of how trials were simulated: what is invented, what was assumed of the allocation, what is left out."""

from trialwright.simulate.allocations import AllocationPlan
from trialwright.simulate.plan import Plan
from trialwright.terms.sentences import Text


def notes_on(plan: Plan, allocation: AllocationPlan) -> tuple[Text, ...]:
    notes = [_INVENTED, _allocation(allocation) if plan.control else _ONE_ARM]
    if plan.left_out:
        named = ", ".join(plan.left_out)
        notes.append(
            Text(
                en=f"Not simulated, because nothing is assumed of their course: {named}.",
                fa=f"شبیه‌سازی نشده، چون دربارهٔ سیر آن‌ها فرضی در دست نیست: {named}.",
            )
        )
    return tuple(notes)


def _allocation(allocation: AllocationPlan) -> Text:
    return Text(
        en=f"Assumed for the allocation: {allocation.assumed.en}. The trial's own parameters are with the custodian.",
        fa=f"دربارهٔ تخصیص چنین فرض شده است: {allocation.assumed.fa}. پارامترهای خود کارآزمایی نزد متولی تخصیص است.",
    )


_INVENTED = Text(
    en="Invented participants: the parameters are readings and assumptions of simulation.toml. The true effect is that of the "
    "policy: those never infused, rescued or relapsed are in it; a missing value leaves the estimate.",
    fa="شرکت‌کنندگان ساختگی‌اند: پارامترها خوانده‌ها و فرض‌های simulation.toml هستند. اثر واقعی، اثر خط‌مشی است و کسانی را که تزریق "
    "نشده‌اند، درمان نجات گرفته‌اند یا عود کرده‌اند در بر دارد؛ مقدار ناموجود از برآورد کنار می‌رود.",
)
_ONE_ARM = Text(
    en="One arm: a rejection says that values changed, not that the treatment changed them. Without any effect they change too, "
    "because people entered with a value that was too high. The interval is judged by the centre of all changes, not the effect.",
    fa="تک‌بازویی: رد شدن فرض صفر می‌گوید مقادیر تغییر کرده‌اند، نه این‌که درمان آن‌ها را تغییر داده است. بدون هیچ اثری هم تغییر "
    "می‌کنند، چون افراد با مقداری بیش از اندازه بالا وارد شده‌اند. بازه با مرکز همهٔ تغییرها سنجیده می‌شود، نه با اثر درمان.",
)
