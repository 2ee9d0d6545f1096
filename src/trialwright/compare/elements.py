"""The elements that are compared: where each stands in a record, what a run says of it, and when two values agree."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from trialwright.datasets.collected import Collected
from trialwright.registry import Record
from trialwright.study.model import Study
from trialwright.terms.digits import ascii_digits
from trialwright.terms.sentences import Text
from trialwright.terms.time_points import find_follow_up, find_time_points

Comparable = int | Decimal | bool | str | None
_MILLION = Decimal(1_000_000)
_SHORT = 160
DAYS_A_MONTH = 30.4375


@dataclass(frozen=True, kw_only=True)
class Element:
    """One row of the comparison.

    `paths` are the record's fields, first found first; `patterns` find the sentence in a long one (none: all of it is quoted).
    `key` turns a value into something that can be compared, None where words must be judged by a reader. `conducted` says it of a
    run; `facts` are the names under which published documents state it.
    """

    id: str
    label: Text
    paths: tuple[str, ...]
    key: Callable[[str], Comparable]
    conducted: Callable[[Study, Collected], Text]
    facts: tuple[str, ...]
    patterns: tuple[str, ...] = ()


def words(text: str) -> Comparable:
    """Words are not compared by a program."""
    return None


def first_number(text: str) -> Comparable:
    found = re.search(r"\d+", ascii_digits(text))
    return int(found.group()) if found else None


def cells_per_kg(text: str) -> Comparable:
    """Cells per kg of body weight from "2 millions/Kg", "2 million cells/kilogram", "1000000 cells/kg" or "2x10^6"."""
    plain = ascii_digits(text).lower().replace(",", "")
    power = re.search(r"(\d+(?:\.\d+)?)\s*[x×*]\s*10\^?(\d+)", plain)
    if power:
        return Decimal(power[1]) * Decimal(10) ** int(power[2])
    million = re.search(r"(\d+(?:\.\d+)?)\s*millions?\b", plain)
    if million:
        return Decimal(million[1]) * _MILLION
    plain_number = re.search(r"(\d+(?:\.\d+)?)\s*cells?\s*/", plain)
    return Decimal(plain_number[1]) if plain_number else None


def is_randomised(text: str) -> Comparable:
    lowered = text.lower()
    if re.search(r"non-?\s?random|not random|\bna\b|single[- ]arm|single group|non-?controlled", lowered):
        return False
    return True if "random" in lowered else None


def is_controlled(text: str) -> Comparable:
    """Whether there is a control group: parallel arms, or one arm before and after."""
    lowered = text.lower()
    if re.search(r"single[- ](arm|group)|non-?controlled|before[- ]and[- ]after|\bna\b", lowered):
        return "one group"
    return "parallel groups" if re.search(r"parallel|controlled|control group", lowered) else None


def longest_months(text: str) -> Comparable:
    """The latest time point of the follow-up, in whole months."""
    told = [times for _, times in find_follow_up(text)] or [find_time_points(text)]
    last = [times.last.days for times in told if times.last is not None]
    return round(max(last) / DAYS_A_MONTH) if last else None


def quote(text: str, patterns: tuple[str, ...]) -> str:
    """The sentence of a long text that speaks of something, by the first pattern that finds one; else the text whole."""
    plain = " ".join(text.split())
    if len(plain) <= _SHORT:
        return plain
    sentences = re.split(r"(?<=[.:)])\s+(?=[A-Z])", plain)
    found = (one for pattern in patterns for one in sentences if re.search(pattern, one, re.IGNORECASE))
    return next(found, plain)


def _sample(study: Study, collected: Collected) -> Text:
    """Pooled: how many are in each arm, as it grows, would tell a blinded reader who went where."""
    enrolled = sum(p.allocated_at is not None for p in collected.participants)
    return Text(en=f"{enrolled} of {study.sample_size}", fa=f"{enrolled} از {study.sample_size}")


def _doses(study: Study, collected: Collected) -> Text:
    given = sorted(Decimal(i.dose_million_per_kg) for i in collected.infusions)
    if not given:
        return Text(en="No infusion yet", fa="هنوز تزریقی انجام نشده است")
    return Text(
        en=f"{given[0]} to {given[-1]} million viable cells/kg",
        fa=f"از {given[0]} تا {given[-1]} میلیون سلول زنده به ازای هر کیلوگرم",
    )


def _follow_up(study: Study, collected: Collected) -> Text:
    last = study.encounters[-1]
    seen = len({v.participant for v in collected.values if v.encounter == last.id})
    return Text(
        en=f"To {last.label.en.lower()}; reached by {seen} so far", fa=f"تا {last.label.fa}؛ تاکنون {seen} نفر به آن رسیده‌اند"
    )


def _outcome(endpoint_id: str) -> Callable[[Study, Collected], Text]:
    def conducted(study: Study, collected: Collected) -> Text:
        endpoint = next((e for e in study.endpoints if e.id == endpoint_id), None)
        if endpoint is None:
            return Text(en="No endpoint answers it", fa="هیچ نقطهٔ پایانی به آن پاسخ نمی‌دهد")
        planned = [e.label for e in study.encounters if e.id in endpoint.encounters]
        return Text(
            en=f"{endpoint.label.en}: {', '.join(label.en.lower() for label in planned)}",
            fa=f"{endpoint.label.fa}: {'، '.join(label.fa for label in planned)}",
        )

    return conducted


def _events(study: Study, collected: Collected) -> Text:
    total, serious = len(collected.adverse_events), sum(event.serious for event in collected.adverse_events)
    version = study.safety.ctcae_version
    return Text(
        en=f"All events by CTCAE {version}: {total}, of which {serious} serious",
        fa=f"همهٔ رویدادها با CTCAE {version}: {total} رویداد، {serious} جدی",
    )


def _criteria(study: Study, collected: Collected) -> Text:
    failed = sum(bool(p.screen_failure) for p in collected.participants)
    screened = len(collected.participants)
    return Text(
        en=f"{len(study.criteria)} criteria; {screened} screened, {failed} not eligible",
        fa=f"{len(study.criteria)} معیار؛ {screened} نفر غربالگری شدند و {failed} نفر واجد شرایط نبودند",
    )


def _arms(study: Study, collected: Collected) -> Text:
    en, fa = "; ".join(arm.label.en for arm in study.arms), "؛ ".join(arm.label.fa for arm in study.arms)
    if len(study.arms) == 1:
        return Text(en=f"One arm: {en}", fa=f"یک بازو: {fa}")
    return Text(en=f"{len(study.arms)} parallel arms: {en}", fa=f"{len(study.arms)} بازوی موازی: {fa}")


def _allocation(study: Study, collected: Collected) -> Text:
    if study.allocation.method == "single_arm":
        return Text(en="Single arm, assigned", fa="تک‌بازو، بدون تخصیص تصادفی")
    en, fa = _METHODS[study.allocation.method]
    return Text(en=f"Randomised {en}, concealed", fa=f"تصادفی با {fa} و پنهان‌سازی")


_METHODS = {
    "permuted_blocks": ("in permuted blocks", "بلوک‌های جایگشتی"),
    "big_stick": ("by the big stick", "روش چوب بزرگ"),
    "maximal_procedure": ("by the maximal procedure", "روش بیشینه"),
    "complete": ("by a fair coin", "سکهٔ سالم"),
    "minimisation": ("by minimisation", "کمینه‌سازی"),
}


def _donors(study: Study, collected: Collected) -> Text:
    return Text(en="Each judged eligible before a lot is made", fa="هر اهداکننده پیش از ساخت بهر واجد شرایط شناخته می‌شود")


def _responses(study: Study, collected: Collected) -> Text:
    names = ", ".join(use.definition for use in study.analysis.responses)
    return Text(en=f"Named definitions, counted after lock: {names}", fa=f"تعریف‌های نام‌دار، شمارش پس از قفل: {names}")


DESIGN_ELEMENTS: tuple[Element, ...] = (
    Element(
        id="design",
        label=Text(en="Design", fa="طرح"),
        paths=("design.model", "design.allocation"),
        key=is_controlled,
        conducted=_arms,
        facts=("design",),
    ),
    Element(
        id="allocation",
        label=Text(en="Allocation", fa="تخصیص"),
        paths=("design.allocation",),
        key=is_randomised,
        conducted=_allocation,
        facts=("allocation",),
    ),
    Element(
        id="sample_size",
        label=Text(en="Participants", fa="شرکت‌کنندگان"),
        paths=("design.sample_size.target",),
        key=first_number,
        conducted=_sample,
        facts=("sample_size",),
    ),
    Element(
        id="dose",
        label=Text(en="Dose", fa="دوز"),
        paths=("arms.1.description",),
        key=cells_per_kg,
        conducted=_doses,
        facts=("dose",),
    ),
    Element(
        id="donor",
        label=Text(en="Donors", fa="اهداکنندگان"),
        paths=("summary.text",),
        key=words,
        conducted=_donors,
        facts=("donor",),
        patterns=(r"\bdonors?\b", "allogen"),
    ),
    Element(
        id="eligibility",
        label=Text(en="Who may take part", fa="شرایط ورود"),
        paths=("eligibility.text",),
        key=words,
        conducted=_criteria,
        facts=("eligibility",),
    ),
    Element(
        id="follow_up",
        label=Text(en="Follow-up", fa="پیگیری"),
        paths=("summary.text",),
        key=longest_months,
        conducted=_follow_up,
        facts=("follow_up",),
        patterns=("follow",),
    ),
)
RESPONSE = Element(
    id="response",
    label=Text(en="Renal response", fa="پاسخ کلیوی"),
    paths=(),
    key=words,
    conducted=_responses,
    facts=("response_complete", "response_partial"),
)
SAFETY = Element(
    id="safety",
    label=Text(en="Safety", fa="ایمنی"),
    paths=(),
    key=words,
    conducted=_events,
    facts=("safety",),
)


def elements_of(study: Study, record: Record) -> tuple[Element, ...]:
    """The elements of this trial: its design, each registered outcome, and what is reported though no outcome."""
    return (*DESIGN_ELEMENTS, *(_outcome_elements(study, record)), RESPONSE, SAFETY)


def _outcome_elements(study: Study, record: Record) -> list[Element]:
    found = []
    for outcome, stated in zip(study.outcomes, record.outcomes, strict=False):
        endpoint = next((e for e in study.endpoints if e.outcome == outcome.id), None)
        name = endpoint.id if endpoint else outcome.id
        label = endpoint.label if endpoint else Text(en=outcome.text, fa=outcome.text)
        level = {"primary": Text(en="primary", fa="اولیه"), "secondary": Text(en="secondary", fa="ثانویه")}.get(outcome.level)
        if level:
            label = Text(en=f"{label.en}, {level.en}", fa=f"{label.fa}، {level.fa}")
        path = stated.path
        found.append(
            Element(
                id=name,
                label=label,
                paths=(f"{path}.timepoint", f"{path}.description", f"{path}.title"),
                key=words,
                conducted=_outcome(name),
                facts=(name,),
            )
        )
    return found
