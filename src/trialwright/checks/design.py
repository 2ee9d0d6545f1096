"""Checks over the design: allocation, blinding, numbers of participants, comparator."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import has_value, is_export, narrative, summaries, titles_of, words_of
from trialwright.checks.vocabulary import SAFETY_PROMISED, SCORED
from trialwright.registry import Field, Record
from trialwright.terms.sentences import Text

_SEQUENCE = re.compile(
    r"block|comput|random[- ]number|number table|minimi[sz]|stratif|software|sequence|permut|lot|coin|envelope|بلوک|جدول",
    re.IGNORECASE,
)
_CONCEALED = re.compile(r"conceal|sealed|opaque|central|web|pharmac|telephone|independent|third party|پاکت", re.IGNORECASE)
_PREDICTABLE = re.compile(
    r"\balternat\w+|\bodd\b[^.]{0,20}\beven\b|\bday of (?:the )?(?:week|admission)|\bdate of birth"
    r"|\b(?:file|record|admission) numbers?\b|\border of (?:admission|arrival|referral)|\bconvenience\b",
    re.IGNORECASE,
)
_RATIO = re.compile(r"\b\d+\s*:\s*\d+\b|\bratio\b|\bequal", re.IGNORECASE)
_ASSESSOR = re.compile(r"assess\w*|evaluat\w*|outcome|examiner|rater|analy[sz]|data collector", re.IGNORECASE)
_SELF_REPORTED = re.compile(
    r"questionnaire|self-?report|\bvas\b|visual analog|quality of (?:life|sleep)|sleep quality|\bpain\b|duration|length of"
    r"|body mass index",
    re.IGNORECASE,
)
_BLIND = re.compile(r"\bblind\w*|\bmask\w*|\bunaware\b|\bdoes not know\b", re.IGNORECASE)
_PEOPLE = r"(?:\w+[ -]){0,2}(?:patients|participants|subjects|people|persons|children|adults|women|men|infants|cases|volunteers)"
_COUNT = re.compile(rf"\b(?:on|in|of|include[sd]?|enrol\w*|recruit\w*)\s+(?P<n>\d{{1,5}})\s+{_PEOPLE}\b", re.IGNORECASE)
_ARM_COUNT = re.compile(
    rf"(?<!up to )(?<![\w.-])(?P<n>\d{{1,5}})\s+{_PEOPLE}\b|(?<!up to )\bn\s*=\s*(?P<m>\d{{1,5}})\b", re.IGNORECASE
)
_EACH = re.compile(r"\b(?:each|per|every|both)\b", re.IGNORECASE)
_CONTROLS = re.compile(r"(?P<n>\d{1,5}) (?:\w+ ){0,6}?(?:as )?(?:controls?|in the control|in each group|per group)", re.IGNORECASE)
_EFFICACY = re.compile(r"\befficacy\b|\beffectiveness\b|\beffects? of\b", re.IGNORECASE)
_OVERSIGHT = re.compile(r"monitoring (?:committee|board)|\bdsmb\b|\bdmc\b|stopping|stop rule|safety board", re.IGNORECASE)
_FEW, _SMALL = 30, 40
_Z_ALPHA, _Z_POWER = 1.959964, 0.841621


@check(
    code="design.allocation_undescribed",
    severity="warning",
    rule="A randomised trial says how the sequence is made and how it is hidden from those who enrol.",
    source="SPIRIT 2025 items 21a and 22, sequence and concealment; CONSORT 2010 8a, 8b, 9; WHO TRDS 1.3.1 item 15",
)
def allocation_undescribed(record: Record, today: date) -> Iterator[Evidence]:
    """Randomised, and no method, no concealment or no ratio. A form that does not ask for it is left alone."""
    label, told = record.get("design.allocation"), record.get("design.allocation_description")
    if label is None or label.value != "randomised" or told is None:
        return
    words = words_of((told, *record.all("design.other")))
    everything = words_of((*summaries(record), *record.all("design.allocation_description"), *record.all("summary")))
    missing = [name for name, pattern in _PARTS if not pattern.search(words if name.en != "ratio" else everything)]
    if any(name.en == "ratio" for name in missing) and _CONTROLS.search(everything):
        missing = [name for name in missing if name.en != "ratio"]
    if any(name.en != "ratio" for name in missing):
        facts = {"missing": Text(en=", ".join(one.en for one in missing), fa="، ".join(one.fa for one in missing))}
        wording = (
            "Participants are allocated 1:1 in permuted blocks of varying size from a computer-generated list kept "
            "by a person who does not enrol; the allocation is opened after enrolment is recorded."
        )
        yield Evidence(places=(place(label), place(told)), facts=facts, wording=wording)


_PARTS = (
    (Text(en="how the sequence is generated", fa="روش ساخت توالی تصادفی"), _SEQUENCE),
    (Text(en="how it is concealed", fa="روش پنهان‌سازی تخصیص"), _CONCEALED),
    (Text(en="ratio", fa="نسبت تخصیص"), _RATIO),
)


@check(
    code="design.allocation_predictable",
    severity="error",
    rule="Chance decides who goes where; a list that can be foreseen is not randomisation.",
    source="CONSORT 2010 8a: alternation, birth dates and record numbers are not random",
)
def allocation_predictable(record: Record, today: date) -> Iterator[Evidence]:
    """Called randomised, described as alternation or by a number known in advance."""
    label, told = record.get("design.allocation"), record.get("design.allocation_description")
    found = _PREDICTABLE.search(told.text) if told else None
    if label and told and found and label.value == "randomised":
        yield Evidence(places=(place(label), place(told)), facts={"words": found.group()})


@check(
    code="design.allocation_contradicts_arms",
    severity="error",
    rule="Only a trial with two arms or more can allocate at random.",
    source="WHO TRDS 1.3.1 items 13 and 15, read together",
)
def allocation_contradicts_arms(record: Record, today: date) -> Iterator[Evidence]:
    """Randomised with one arm, or single-group with several."""
    label, model = record.get("design.allocation"), record.get("design.model")
    if label is None or not record.arms:
        return
    single = model is not None and model.value == "single"
    if label.value == "randomised" and (single or len(record.arms) == 1):
        places = (place(label), *((place(model),) if model else ()), *(place(one.description) for one in record.arms))
        yield Evidence(places=places, facts={"arms": len(record.arms)})


@check(
    code="design.blinding_undescribed",
    severity="warning",
    rule="A blinded trial says who does not know the arm, and how that is achieved.",
    source="SPIRIT 2025 items 24a and 24b, blinding; CONSORT 2010 11a, 11b",
)
def blinding_undescribed(record: Record, today: date) -> Iterator[Evidence]:
    """Single, double or triple blind without a description or groups, where the form asks for them."""
    label, told = record.get("design.masking"), record.get("design.masking_description")
    if label is None or label.value not in ("single", "double", "triple", "quadruple"):
        return
    if told is not None and not has_value(told):
        yield Evidence(places=(place(label), place(told)), facts={"label": label.text})


@check(
    code="design.assessor_not_blinded",
    severity="warning",
    rule="In an open trial an outcome that a person scores is scored by someone who does not know the arm.",
    source="SPIRIT 2025 item 24a, who is blinded; CONSORT 2010 11a; Hrobjartsson et al., BMJ 2012;344:e1119",
)
def assessor_not_blinded(record: Record, today: date) -> Iterator[Evidence]:
    """Not blinded, several arms, a scored outcome, and no word on a blinded assessor."""
    label = record.get("design.masking")
    scored = [one for one in record.outcomes if SCORED.search(one.text) and not _SELF_REPORTED.search(one.text)]
    if label is None or label.value != "none" or not scored or len(record.arms) < 2 or _is_single_arm(record):
        return
    told = words_of((*record.all("design.masking_description"), *summaries(record), *record.all("outcomes")))
    if any(_ASSESSOR.search(one) and _BLIND.search(one) for one in re.split(r"[.;\n]", told)):
        return
    groups = record.get("design.masked_groups")
    facts = {"titles": titles_of(scored)}
    places = (place(label), *((place(groups),) if groups else ()), *(place(one.title) for one in scored))
    wording = "The score is taken by an assessor who takes no part in treatment and does not know the arm."
    yield Evidence(places=places, facts=facts, wording=wording)


@check(
    code="design.sample_size_contradicts",
    severity="error",
    rule="The numbers of participants agree: target, summary and arms.",
    source="WHO TRDS 1.3.1 item 17; arithmetic",
)
def sample_size_contradicts(record: Record, today: date) -> Iterator[Evidence]:
    """The summary's total, or the sum of the arms, is not the target."""
    target, told = record.get("design.sample_size.target"), list(_told_numbers(record))
    if target is None or target.number is None or _is_count_reached(record):
        return
    totals = {number for number, _, _ in told} | {number * len(record.arms) for number, _, each in told if each}
    if told and target.number not in totals | {sum(number for number, _, _ in told)}:
        facts = {"target": target.number, "found": _numbers(number for number, _, _ in told)}
        yield Evidence(places=(place(target), *(place(one) for _, one, _ in told)), facts=facts)
    sizes = [(_arm_size(arm.description), arm.description) for arm in record.arms]
    total = sum(size or 0 for size, _ in sizes)
    if len(sizes) > 1 and all(size for size, _ in sizes) and total != target.number:
        facts = {"target": target.number, "found": total}
        yield Evidence(places=(place(target), *(place(one) for _, one in sizes)), facts=facts, variant="arms")


@check(
    code="design.what_zero_excludes",
    severity="note",
    rule="A small trial that reports no harm can exclude only frequent harm.",
    source="Exact binomial limit: with 0 of n the one-sided 95 % upper limit is 1 - 0.05^(1/n); ICH E9",
)
def what_zero_excludes(record: Record, today: date) -> Iterator[Evidence]:
    """Safety is an aim and few are exposed: the rate that no event at all would exclude."""
    target = record.get("design.sample_size.target")
    aims = [one for one in narrative(record) if SAFETY_PROMISED.search(one.text)]
    if target is None or not target.number or target.number > _FEW or not aims:
        return
    if not record.arms and not _is_single_arm(record):
        return
    exposed = _exposed(record, target.number)
    limit = 100 * (1 - 0.05 ** (1 / exposed))
    words = SAFETY_PROMISED.search(aims[0].text)
    facts = {"exposed": exposed, "limit": round(limit)}
    yield Evidence(places=(place(target), place(aims[0], words.group() if words else None)), facts=facts)


@check(
    code="design.what_size_detects",
    severity="note",
    rule="A small comparison finds only large differences.",
    source="Guenther, Am Stat 1981;35:243: n per arm = 2 (z_a + z_b)^2 / d^2 + z_a^2 / 4, two-sided 5 %, power 80 %",
)
def what_size_detects(record: Record, today: date) -> Iterator[Evidence]:
    """Two randomised arms of few: the difference, in standard deviations, that is found 4 times in 5."""
    target, label = record.get("design.sample_size.target"), record.get("design.allocation")
    if target is None or not target.number or target.number > _SMALL or len(record.arms) != 2:
        return
    per_arm = target.number // 2
    if label and label.value == "randomised" and per_arm > 2:
        difference = math.sqrt(2 * (_Z_ALPHA + _Z_POWER) ** 2 / (per_arm - _Z_ALPHA**2 / 4))
        facts = {"per_arm": per_arm, "difference": round(difference, 1)}
        yield Evidence(places=(place(target), place(label)), facts=facts)


@check(
    code="design.oversight_unstated",
    severity="note",
    rule="An early trial of a product says who watches over safety and when it stops.",
    source="SPIRIT 2025 items 28a and 28b, data monitoring committee and stopping; ICH E6(R3), safety monitoring",
)
def oversight_unstated(record: Record, today: date) -> Iterator[Evidence]:
    """Phase 0, 1 or 1-2, or without a phase few participants and safety as an aim: no word on monitoring or stopping."""
    phase, watched = record.get("design.phase"), record.get("oversight.monitoring_committee")
    if is_export(record) or (watched is not None and watched.value is True) or _OVERSIGHT.search(record.text):
        return
    if phase is not None:
        if re.match(r"(?:early_)?(?:phase ?)?[01](?:\b|-)", phase.text, re.IGNORECASE):
            yield Evidence(places=(place(phase),), facts={"phase": phase.text})
        return
    target = record.get("design.sample_size.target")
    aim = next(((one, found) for one in narrative(record) if (found := SAFETY_PROMISED.search(one.text))), None)
    if target is not None and target.number is not None and target.number <= _FEW and aim:
        yield Evidence(places=(place(target), place(aim[0], aim[1].group())), facts={"n": target.number}, variant="no_phase")


@check(
    code="design.no_comparator",
    severity="note",
    rule="Without a comparator a change after treatment is not the treatment's effect.",
    source="ICH E10, purpose of the control group; WHO TRDS 1.3.1 item 15",
)
def no_comparator(record: Record, today: date) -> Iterator[Evidence]:
    """One arm, and efficacy among the aims."""
    label = record.get("design.allocation")
    aims = [one for one in summaries(record) if re.search(r"\befficacy\b|\beffectiveness\b", one.text, re.IGNORECASE)]
    if label and len(record.arms) == 1 and label.value in ("not_applicable", "not_randomised") and aims:
        found = _EFFICACY.search(aims[0].text)
        yield Evidence(places=(place(label), place(aims[0], found.group() if found else None)))


def _numbers(counts: Iterable[int]) -> Text:
    every = [str(one) for one in counts]
    return Text(en=", ".join(every), fa="، ".join(every))


def _is_single_arm(record: Record) -> bool:
    model = record.get("design.model")
    return model is not None and model.value == "single"


def _told_numbers(record: Record) -> Iterator[tuple[int, Field, bool]]:
    for one in (*summaries(record), *filter(has_value, map(record.get, ("titles.scientific",)))):
        if one is None:
            continue
        for found in _COUNT.finditer(one.text):
            each = bool(_EACH.search(one.text[found.end() : found.end() + 25]))
            yield int(found["n"]), one, each


def _is_count_reached(record: Record) -> bool:
    """ClinicalTrials.gov prints the number reached in place of the target once a trial has ended."""
    status = record.get("status.recruitment")
    ended = status is not None and status.value in ("complete", "terminated", "withdrawn", "unknown")
    return record.registry == "ClinicalTrials.gov" and ended


def _arm_size(arm: Field) -> int | None:
    found = _ARM_COUNT.search(arm.text)
    return int(found["n"] or found["m"]) if found else None


def _exposed(record: Record, target: int) -> int:
    if len(record.arms) < 2:
        return target
    controls = _CONTROLS.search(words_of(summaries(record)))
    return max(1, target - int(controls["n"])) if controls else max(1, target // len(record.arms))


DESIGN_CHECKS = (
    allocation_undescribed,
    allocation_predictable,
    allocation_contradicts_arms,
    blinding_undescribed,
    assessor_not_blinded,
    sample_size_contradicts,
    what_zero_excludes,
    what_size_detects,
    oversight_unstated,
    no_comparator,
)
