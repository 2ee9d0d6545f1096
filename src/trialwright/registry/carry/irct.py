"""An update for the Iranian registry (IRCT): every field of its form in order, English and Persian labels, both calendars.

The registry has no upload: a registrant types or pastes field by field. The text can be edited and read again
(`registry/irct_update.py`), so that an update is checked before it is pasted. Lists and limits are data: `irct.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.registry.carry.carried import Carried
from trialwright.registry.carry.concepts import (
    ages,
    chosen,
    criteria,
    given_in,
    name_of,
    organisations,
    people,
    phase_numbers,
    plain,
)
from trialwright.registry.carry.irct_sheet import form_keys, print_form
from trialwright.registry.carry.pieces import Pieces, template
from trialwright.registry.carry.source import Source
from trialwright.registry.record import Field, State
from trialwright.terms.dates import PartialDate

ID = "irct"
NAME = "the update text of the Iranian registry (IRCT)"

_LISTS = Path(__file__).with_name("irct.toml")
_DATES = (
    "dates.expected_start",
    "dates.expected_end",
    "dates.actual_start",
    "dates.actual_end",
    "dates.completion",
)


@cache
def load_lists() -> Mapping[str, Any]:
    """Load the closed lists and limits once."""
    return tomllib.loads(_LISTS.read_text(encoding="utf-8"))


def write(source: Source) -> Carried:
    """Write the record as the text of an update."""
    pieces = pieces_for_irct(source)
    text = print_form(pieces, set_by_registry=load_lists()["set_by_registry"]["keys"], seen_cut=load_lists()["seen_cut"])
    return Carried(form=ID, data=text.encode("utf-8"), kept=tuple(source.kept), remarks=tuple(source.remarks))


def pieces_for_irct(source: Source) -> Pieces:
    """Give the record in this registry's keys and words; the source keeps what was left out."""
    pieces = Pieces(source=source)
    for part in (_identify, _summarise, _date, _design, _outcomes, _arms, _eligibility, _people, _sharing, _others):
        part(pieces)
    source.imply_kinds()
    for key, label in load_lists()["required"].items():
        if not pieces.has(key):
            source.lacks(key, label)
    source.leave_rest()
    return pieces


def _identify(pieces: Pieces) -> None:
    source = pieces.source
    if source.record.registry == "IRCT" or source.record.words("ids.registry").startswith("IRCT"):
        for key in load_lists()["set_by_registry"]["keys"]:
            one = source.take(key)
            if one is not None:
                _put_date(pieces, key, one) if one.date is not None else pieces.put(key, one.text, one)
    else:
        number, day = source.take("ids.registry"), source.take("dates.registration")
        at = f"ids.secondary.{len(source.record.items('ids.secondary')) + 1}"
        if number is not None:
            pieces.put(f"{at}.registry", source.record.registry)
            pieces.put(f"{at}.number", number.text, number)
            if day is not None:
                _put_date(pieces, f"{at}.date", day)
    for position, name in enumerate(organisations(source), start=1):
        pieces.put(f"sponsors.{position}.name", name.text, name)


def _summarise(pieces: Pieces) -> None:
    """The form has one summary: a detailed description follows the brief one."""
    told = [one for key in ("summary.text", "summary.detail") if (one := pieces.source.take(key)) is not None]
    pieces.put("summary.text", "\n\n".join(one.text for one in told), *told)


def _date(pieces: Pieces) -> None:
    for key in _DATES:
        one = pieces.source.take(key)
        if one is not None:
            _put_date(pieces, key, one)


def _put_date(pieces: Pieces, key: str, one: Field) -> None:
    """Put a day in both calendars; a month has no month of the other calendar and stays alone."""
    if one.date is None:
        pieces.source.say("left_out", "unreadable_date", one, problem=one.problem or "")
        return
    pieces.put(key, in_both(one.date), one)
    if one.date.precision != "day":
        persian = {"month": "ماه", "year": "سال"}[one.date.precision]
        pieces.source.say("imprecise", "day_not_said", one, precision=one.date.precision, precision_fa=persian)


def in_both(day: PartialDate) -> str:
    """Write a date as the registry does: 2017-06-03, 1396/03/13."""
    return str(day) if day.precision != "day" else f"{day.in_gregorian()}, {day.in_jalali()}"


def _design(pieces: Pieces) -> None:
    source, values = pieces.source, load_lists()["values"]
    status = source.take("status.recruitment")
    word = chosen(source, status, values["status.recruitment"]) if status else None
    if status is not None and word:
        wider = status.value in ("complete", "terminated") and word == "Recruitment complete"
        pieces.put("status.recruitment", word, *(() if wider else (status,)))
        if wider:
            source.say("moved", "wider", status, word=word)
    numbers, fields = phase_numbers(source)
    phase = values["design.phase"].get("-".join(numbers))
    if phase:
        pieces.put("design.phase", phase, *fields)
    for one in fields if numbers and not phase else ():
        source.say("left_out", "no_such_value", one, allowed=", ".join(values["design.phase"].values()))
    groups = source.every("design.masked_groups")
    pieces.put("design.masked_groups", ", ".join(one.text for one in groups), *groups)


def _outcomes(pieces: Pieces) -> None:
    source = pieces.source
    for outcome in source.record.outcomes:
        title, told = source.take(f"{outcome.path}.title"), source.take(f"{outcome.path}.description")
        fields = [one for one in (title, told) if one is not None]
        if outcome.level in ("primary", "secondary"):
            pieces.put(
                f"{outcome.path}.title", ". ".join(one.text.rstrip(".") for one in fields) if told else _text(title), *fields
            )
            continue
        for one in outcome.fields:
            source.take(one.key)
            source.say("left_out", "no_counterpart" if outcome.level else "level_not_told", one)


def _text(one: Field | None) -> str:
    return one.text if one else ""


def _arms(pieces: Pieces) -> None:
    source = pieces.source
    for item in source.record.items("arms"):
        fields = [one for part in ("label", "description") if (one := source.take(f"{item}.{part}")) is not None]
        words = [": ".join(one.text for one in fields)] if fields else []
        for given in given_in(source, item):
            words.append(": ".join(one.text for one in given if one.key.endswith((".name", ".description"))))
            fields += given
        pieces.put(f"{item}.description", "\n".join(words), *fields)
        for one in source.every_under(f"{item}.interventions"):
            source.say("moved", "joined", one, to=f"{item}.description")
        category = source.take(f"{item}.category")
        if category is not None and source.record.form.startswith("ctgov"):
            source.say("left_out", "no_counterpart", category)
        elif category is not None:
            pieces.put(category.key, category.text, category)


def _eligibility(pieces: Pieces) -> None:
    source = pieces.source
    told = criteria(source)
    pieces.put("eligibility.text", told.joined, *told.fields)
    age = source.peek("eligibility.age")
    if age is not None:
        source.take("eligibility.age")
        pieces.put("eligibility.age", age.text, age)
        return
    limits = ages(source)
    low = f"From {limits.low.lower()} old" if limits.low else ""
    high = f"to {limits.high.lower()} old" if limits.high else ""
    words = (
        " ".join(filter(None, (low, high))).replace("to ", "To ", 1) if high and not low else " ".join(filter(None, (low, high)))
    )
    if limits.low == "" and limits.high == "":
        words = "No age limit"
    pieces.put("eligibility.age", words, *limits.fields)


def _people(pieces: Pieces) -> None:
    for role in ("general", "scientific"):
        for card in people(pieces.source, role)[:1]:
            name = name_of(pieces.source, card)
            pieces.put(f"contacts.{role}.person", " ".join(one.text for one in name), *name)
            _put_card(pieces, card, f"contacts.{role}")


def _put_card(pieces: Pieces, card: str, to: str) -> None:
    for found in pieces.source.record.all(card):
        part = found.key.removeprefix(f"{card}.")
        if f"{to}.{part}" in form_keys() and found.state is State.VALUE:
            one = pieces.source.take(found.key)
            if one is not None and f"{to}.{part}" not in pieces.words:
                pieces.put(f"{to}.{part}", one.text, one)


def _sharing(pieces: Pieces) -> None:
    for one in pieces.source.every("sharing.documents"):
        key = load_lists()["documents"].get(plain(one.text))
        if key is None:
            pieces.source.say("left_out", "no_counterpart", one)
        else:
            pieces.put(key, "Yes", one)


def _others(pieces: Pieces) -> None:
    """Carry every field whose key the form has too and that no rule above has taken."""
    source, values = pieces.source, load_lists()["values"]
    special = {*load_lists()["set_by_registry"]["keys"], *_DATES}
    for one in source.record.fields:
        if one.state is not State.VALUE or one.key in special or source.is_taken(one) or template(one.key) not in form_keys():
            continue
        told = source.take(one.key)
        if told is None or one.key in pieces.words:
            continue
        table = values.get(one.key)
        if table is not None:
            pieces.put(one.key, chosen(source, told, table) or "", told)
        elif told.date is not None:
            _put_date(pieces, one.key, told)
        else:
            pieces.put(one.key, told.text, told)
