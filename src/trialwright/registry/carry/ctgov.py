"""A record in the keys and words of ClinicalTrials.gov: what its public JSON and its upload XML have in common.

The registry's own days (first submitted, last update) are carried only from a record of this registry: the day on which
another registry registered a trial is no day of ClinicalTrials.gov. The lists and limits are data: `ctgov.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.registry.carry.concepts import ages, arm_label, chosen, criteria, name_of, organisations, people, phase_numbers
from trialwright.registry.carry.pieces import Pieces, template
from trialwright.registry.carry.source import Source
from trialwright.registry.ctgov_json import Member, load_members
from trialwright.registry.record import Field, State

REGISTRY = "ClinicalTrials.gov"

_LISTS = Path(__file__).with_name("ctgov.toml")
_NCT = re.compile(r"NCT\d{8}", re.ASCII)
_PAIRS = (
    ("dates.actual_start", "dates.expected_start"),
    ("dates.actual_primary_completion", "dates.expected_primary_completion"),
    ("dates.completion", "dates.expected_completion"),
    ("design.sample_size.actual", "design.sample_size.target"),
)
_SHARED = ("protocol", "analysis_plan", "consent_form", "study_report", "code")
_CARDS = {
    "general": ("role", "phone", "phone_extension", "email"),
    "scientific": ("organisation", "role"),
}
_MASKED = {
    "participant": "PARTICIPANT",
    "care provider": "CARE_PROVIDER",
    "investigator": "INVESTIGATOR",
    "outcomes assessor": "OUTCOMES_ASSESSOR",
}


@cache
def load_lists() -> Mapping[str, Any]:
    """Load the closed lists, limits and requirements once."""
    return tomllib.loads(_LISTS.read_text(encoding="utf-8"))


@cache
def members_by_key() -> Mapping[str, tuple[str, Member]]:
    """Give the place and the meaning of every key that the public JSON has; the actual of a pair has a key of its own."""
    found: dict[str, tuple[str, Member]] = {}
    for pattern, member in load_members().by_pattern.items():
        found[member.key] = (pattern, member)
        if member.actual:
            found[member.actual] = (pattern, member)
    return found


def member_of(key: str) -> tuple[str, Member] | None:
    """Give the place and the meaning of a key, or None where the form has none; the lead sponsor alone is `sponsors.1`."""
    found = members_by_key()
    return found.get(key) or found.get(template(key))


def pieces_for_ctgov(source: Source) -> Pieces:
    """Give the record in this registry's keys and words; the source keeps what was left out."""
    pieces = Pieces(source=source, limits=load_lists()["limits"])
    _identify(pieces)
    _describe(pieces)
    _date(pieces)
    _design(pieces)
    _outcomes(pieces)
    _arms(pieces)
    _eligibility(pieces)
    _people(pieces)
    _sharing(pieces)
    _others(pieces)
    for key, label in load_lists()["required"].items():
        if not pieces.has(*_either(key)) and key not in pieces.unlimited:
            source.lacks(key, label)
    source.leave_rest()
    return pieces


def _either(key: str) -> tuple[str, ...]:
    what = key.removeprefix("dates.")
    return (key, f"dates.expected_{what}", f"dates.actual_{what}") if key.startswith("dates.") else (key,)


def _identify(pieces: Pieces) -> None:
    source = pieces.source
    number = source.take("ids.registry")
    items = source.record.items("ids.secondary")
    if number is not None and _NCT.fullmatch(number.text):
        pieces.put("ids.registry", number.text, number)
    elif number is not None:
        at = f"ids.secondary.{len(items) + 1}"
        pieces.put(f"{at}.number", number.text, number)
        pieces.put(f"{at}.registry", source.record.registry)
        pieces.put(f"{at}.type", "REGISTRY")
    for position, name in enumerate(organisations(source)):
        pieces.put("sponsors.1.name" if position == 0 else f"collaborators.{position}.name", name.text, name)


def _describe(pieces: Pieces) -> None:
    source = pieces.source
    told = [one for key in ("summary.detail", *load_lists()["detail"]["keys"]) if (one := source.take(key)) is not None]
    parts = [one.text if one.key == "summary.detail" else f"{one.label or one.key}: {one.text}" for one in told]
    pieces.put("summary.detail", "\n\n".join(parts), *told)


def _date(pieces: Pieces) -> None:
    source = pieces.source
    for actual, planned in _PAIRS[:3]:
        happened = source.take(actual)
        expected = source.take(planned)
        if happened is not None and expected is not None:
            source.say("left_out", "actual_stands", expected)
            expected = None
        one = happened or expected
        day = source.day(one)
        if one is not None and day is not None:
            pieces.put(one.key, str(day), one)
    source.imply_kinds()
    if source.record.registry == REGISTRY:
        for key in load_lists()["own"]["keys"]:
            one = source.take(key)
            if one is not None:
                _put_member(pieces, one)


def _design(pieces: Pieces) -> None:
    source = pieces.source
    numbers, fields = phase_numbers(source)
    words = load_lists()["values"]["design.phase"]
    for position, number in enumerate(numbers):
        one = fields[position] if len(fields) == len(numbers) else fields[0]
        kept = len(fields) == len(numbers)
        pieces.put("design.phase", words[number], *((one,) if kept or position == 0 else ()))
    reached, target = source.take("design.sample_size.actual"), source.take("design.sample_size.target")
    if reached is not None and target is not None:
        source.say("left_out", "actual_stands", target)
        target = None
    size = reached or target
    if size is not None and size.number is None:
        source.say("left_out", "unreadable_number", size)
    elif size is not None:
        pieces.put(size.key, str(size.number), size)
    for one in source.every("design.masked_groups"):
        word = chosen(source, one, _MASKED)
        if word:
            pieces.put("design.masked_groups", word, one)


def _outcomes(pieces: Pieces) -> None:
    source = pieces.source
    for outcome in source.record.outcomes:
        if outcome.level is None:
            for one in outcome.fields:
                source.take(one.key)
                source.say("left_out", "level_not_told", one)
            continue
        for part in ("title", "timepoint"):
            one_part = source.take(f"{outcome.path}.{part}")
            if one_part is not None:
                pieces.put(one_part.key, one_part.text, one_part)
        described, method = source.take(f"{outcome.path}.description"), source.take(f"{outcome.path}.method")
        words = [described.text] if described else []
        words += [f"{method.label or 'Method of measurement'}: {method.text}"] if method else []
        told = tuple(one for one in (described, method) if one is not None)
        pieces.put(f"{outcome.path}.description", "\n".join(words), *told)


def _arms(pieces: Pieces) -> None:
    source = pieces.source
    for path in source.record.items("arms"):
        told = source.take(f"{path}.description")
        if told is not None:
            pieces.put(told.key, told.text, told)
        label = source.take(f"{path}.label")
        if label is not None:
            pieces.put(label.key, label.text, label)
        elif told is not None and arm_label(told.text):
            pieces.put(f"{path}.label", arm_label(told.text))
            source.say("moved", "arm_label", told)
        else:
            source.lacks(f"{path}.label", "Arm Title")


def _eligibility(pieces: Pieces) -> None:
    source = pieces.source
    told = criteria(source)
    pieces.put("eligibility.text", told.joined, *told.fields)
    limits = ages(source)
    for key, limit in (("eligibility.age_from", limits.low), ("eligibility.age_to", limits.high)):
        own = [one for one in limits.fields if one.key in (key, "eligibility.age")]
        pieces.put(key, limit or "", *own)
    for limit, label in ((limits.low, "minimum"), (limits.high, "maximum")):
        if limit == "":
            pieces.unlimited.add("eligibility.age_from" if label == "minimum" else "eligibility.age_to")
            source.say("moved", "no_limit", limits.fields[0], limit=label)


def _people(pieces: Pieces) -> None:
    source = pieces.source
    for role, parts in _CARDS.items():
        for position, card in enumerate(people(source, role), start=1):
            _put_card(pieces, card, f"contacts.{role}.{position}", parts)


def _put_card(pieces: Pieces, card: str, to: str, parts: tuple[str, ...]) -> None:
    name = name_of(pieces.source, card)
    pieces.put(f"{to}.person", " ".join(one.text for one in name), *name)
    for part in parts:
        one = pieces.source.take(f"{card}.{part}")
        if one is not None:
            pieces.put(f"{to}.{part}", one.text, one)


def _sharing(pieces: Pieces) -> None:
    source, words = pieces.source, load_lists()["values"]
    plan = source.take("sharing.participant_data")
    if plan is not None:
        first = re.split(r"\W", plan.text, maxsplit=1)[0].casefold()
        word = words["sharing.participant_data"].get(first)
        if word is None:
            source.say("left_out", "no_such_value", plan, allowed="YES, NO, UNDECIDED")
        else:
            pieces.put(plan.key, word, plan)
    for name in _SHARED:
        one = source.peek(f"sharing.{name}")
        if one is not None and one.value is True:
            source.take(one.key)
            pieces.put("sharing.documents", words["sharing.documents"][name], one)


def _others(pieces: Pieces) -> None:
    """Carry every field whose key this registry has too and that no rule above has taken."""
    source = pieces.source
    special = {"ids.registry", "dates.registration", *load_lists()["own"]["keys"]}
    for one in source.record.fields:
        if one.state is not State.VALUE or one.key in special or one.key in pieces.words or source.is_taken(one):
            continue
        if member_of(one.key) is not None:
            for told in source.every(one.key):
                _put_member(pieces, told)


def _put_member(pieces: Pieces, one: Field) -> None:
    source, key = pieces.source, template(one.key)
    found = member_of(one.key)
    assert found is not None
    _, member = found
    table = load_lists()["values"].get(key)
    if table is not None:
        pieces.put(one.key, chosen(source, one, table) or "", one)
    elif member.type == "date":
        day = source.day(one)
        pieces.put(one.key, str(day) if day else "", one)
    elif key in load_lists()["booleans"]["keys"]:
        word = one.text.casefold()
        truth = {"yes": "true", "no": "false", "true": "true", "false": "false"}.get(word)
        if truth is None:
            source.say("left_out", "no_such_value", one, allowed="yes, no")
        pieces.put(one.key, truth or "", one)
    else:
        pieces.put(one.key, one.text, one)
