"""Checks over labels chosen from a registry's closed lists, read together with the words beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.interventions import CARE, is_control
from trialwright.checks.reading import has_value, is_export, said
from trialwright.registry import Arm, Field, Record

_EXPERIMENTAL = re.compile(r"experimental\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\W*(?:\d+\W+)?(?P<words>placebo|sham|controls?(?: (?:arm|group))?)\b(?P<after>.{0,40})", re.IGNORECASE | re.DOTALL
)
_ADDED = re.compile(r"[+,;]|\b(?:and|then|plus|with|to|followed|release\w*|system|feedback|training|stimulat\w*)\b", re.IGNORECASE)
_RATIO = re.compile(r"(?<![\d:.])\d{1,2}(?:\s?:\s?\d{1,2}){2,7}(?![\d:])")
_PARTICIPANTS_BLIND = re.compile(
    r"\b(?:participants?|patients?|subjects?|volunteers?|mothers|women)\b[^.;]{0,60}?"
    r"\b(?:blind\w*|masked|unaware|(?:do|does|did|will) not (?:know|be aware|be informed)|not (?:know|aware|informed))",
    re.IGNORECASE,
)
_NOT_BLIND = re.compile(r"\bnot (?:be |been )?(?:blind|mask)", re.IGNORECASE)
_ALIKE = re.compile(
    r"placebo|sham|identical|similar|same (?:shape|colou?r|appear|form|pack|look|smell|container|syringe)|indistinguish|look|match"
    r"|dummy|mimic|simulat",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\W*(?:(?:the )?control group\W*)?(?:no\b|without (?:any )?(?:intervention|treatment))", re.IGNORECASE)
_DRUG = re.compile(r"\b(?:drug|biological|genetic)\b", re.IGNORECASE)
_NO_PHASE = re.compile(r"n/?a|not applicable", re.IGNORECASE)
_BLINDED = frozenset({"single", "double", "triple", "quadruple"})


@check(
    code="arm.category_contradicts",
    severity="warning",
    rule="An arm that receives placebo, sham or no more than usual care is a comparator, and its category says so.",
    source="ClinicalTrials.gov, protocol registration data elements, arm type",
)
def category_contradicts(record: Record, today: date) -> Iterator[Evidence]:
    """An arm named placebo, sham or control in the category of experimental arms."""
    for arm in record.arms:
        label = record.get(f"{arm.path}.label")
        named = _BESIDE.match(label.text) if label else None
        if label and named and arm.category and _EXPERIMENTAL.match(arm.category.text) and not _ADDED.search(named["after"]):
            facts = {"arm": label.text, "category": arm.category.text}
            yield Evidence(places=(place(label), place(arm.category)), facts=facts)


@check(
    code="design.model_contradicts_arms",
    severity="warning",
    rule="A trial of a single group has one arm; a trial with arms beside each other has two or more.",
    source="WHO TRDS 1.3.1 items 13 and 15, read together; ClinicalTrials.gov, data elements, interventional study model",
)
def model_contradicts_arms(record: Record, today: date) -> Iterator[Evidence]:
    """Single group with several arms, or, where the registry lists every arm, parallel groups with one.

    A randomised single group is said by `design.allocation_contradicts_arms`.
    """
    model, allocation = record.get("design.model"), record.get("design.allocation")
    randomised = allocation is not None and allocation.value == "randomised"
    count = len(record.arms)
    if model is None or randomised or not count:
        return
    lists_all = record.registry == "ClinicalTrials.gov" and not is_export(record)
    if (model.value == "single" and count > 1) or (model.value == "parallel" and count == 1 and lists_all):
        places = (place(model), *(place(_name(record, arm)) for arm in record.arms))
        variant = "" if count > 1 else "one_arm"
        yield Evidence(places=places, facts={"model": model.text, "count": count}, variant=variant)


@check(
    code="design.ratio_contradicts_arms",
    severity="error",
    rule="An allocation ratio has one number for each arm.",
    source="SPIRIT 2025 item 12, trial design with allocation ratio; WHO TRDS 1.3.1 items 13 and 15, read together",
)
def ratio_contradicts_arms(record: Record, today: date) -> Iterator[Evidence]:
    """1:1:1 beside two arms. Two numbers may stand for all active arms against control, and are left alone."""
    told = said(record, "design.allocation_description")
    arms = record.arms
    for one in told if len(arms) > 1 else ():
        found = _RATIO.search(one.text)
        if found and found.group().count(":") + 1 != len(arms):
            facts = {"ratio": found.group(), "parts": found.group().count(":") + 1, "count": len(arms)}
            yield Evidence(places=(place(one, found.group()), *(place(_name(record, arm)) for arm in arms)), facts=facts)


@check(
    code="design.blinding_visible",
    severity="warning",
    rule="Participants are blind only where what the arms receive cannot be told apart.",
    source="SPIRIT 2025 item 24b, how blinding is achieved; CONSORT 2010 11b, similarity of interventions",
)
def blinding_visible(record: Record, today: date) -> Iterator[Evidence]:
    """Participants called blind, no placebo, one arm with nothing but usual care, and no word on what looks alike."""
    label, placebo = record.get("design.masking"), record.get("design.placebo")
    if label is None or label.value not in _BLINDED or placebo is None or placebo.value != "not_used":
        return
    every = ((one, _PARTICIPANTS_BLIND.search(one.text)) for one in said(record, "design.masking_description"))
    told = [(one, found) for one, found in every if found and not _NOT_BLIND.search(found.group())]
    bare = [arm for arm in record.arms if _is_usual_care(arm)]
    if told and bare and len(record.arms) > 1 and not any(_ALIKE.search(one.text) for one, _ in told):
        one, found = told[0]
        facts = {"words": found.group(), "arm": bare[0].description.text}
        yield Evidence(places=(place(one, found.group()), place(placebo), place(bare[0].description)), facts=facts)


@check(
    code="design.phase_unstated",
    severity="warning",
    rule="A trial of a drug or a biological product has a phase; none applies to devices, behaviour and procedures.",
    source="ClinicalTrials.gov, protocol registration data elements, study phase; WHO TRDS 1.3.1 item 15",
)
def phase_unstated(record: Record, today: date) -> Iterator[Evidence]:
    """Phase "not applicable", and a drug or biological product among the interventions. Basic science is left alone."""
    phase, purpose = record.get("design.phase"), record.get("design.purpose")
    if phase is None or not _NO_PHASE.fullmatch(phase.text) or (purpose and "basic" in purpose.text.casefold()):
        return
    products = [one for one in said(record, "interventions") if one.key.endswith(".type") and _DRUG.match(one.text)]
    named = [(one, record.get(one.key.removesuffix("type") + "name") or one) for one in products]
    given = [pair for pair in named if not _ALIKE.search(pair[1].text)]
    if given:
        kind, name = given[0]
        yield Evidence(places=(place(phase), place(kind), place(name)), facts={"phase": phase.text, "product": name.text})


def _name(record: Record, arm: Arm) -> Field:
    label = record.get(f"{arm.path}.label")
    return label if label is not None and has_value(label) else arm.description


def _is_usual_care(arm: Arm) -> bool:
    return is_control(arm) and bool(CARE.search(arm.description.text) or _NOTHING.match(arm.description.text))


LABEL_CHECKS = (category_contradicts, model_contradicts_arms, ratio_contradicts_arms, blinding_visible, phase_unstated)
