"""How much of two lists a record answers, beside its findings: WHO's data set, and SPIRIT 2025 as far as a record has room.

A score counts answers and judges none of them: a record may answer every item and contradict itself, and a form that
has no place for an item says nothing of its registrant.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from trialwright.checks.findings import Place, place
from trialwright.checks.reading import has_value, said
from trialwright.checks.vocabulary import METRIC, SAFETY_MEASURED
from trialwright.registry import Field, Record
from trialwright.terms.sentences import Text

Answer = Literal["given", "partly", "missing", "no_place", "not_applicable"]
Standard = Literal["trds", "spirit"]

NAMES: Mapping[Standard, str] = {"trds": "WHO TRDS 1.3.1", "spirit": "SPIRIT 2025"}
_TABLE = Path(__file__).with_name("completeness.toml")
_ANSWERS: Mapping[Answer, Text] = {
    "given": Text(en="given", fa="آمده"),
    "partly": Text(en="partly", fa="بخشی"),
    "missing": Text(en="missing", fa="نیامده"),
    "no_place": Text(en="no place in this form", fa="در این فرم جایی ندارد"),
    "not_applicable": Text(en="does not apply", fa="کاربرد ندارد"),
}
_CLOSED = frozenset({"recruiting", "pending"})
_TOLD = ("titles", "summary", "design", "arms", "interventions", "eligibility", "outcomes", "updates")


@dataclass(frozen=True, kw_only=True)
class ScoredItem:
    """One item of a list, what the record answers, and where."""

    number: str
    name: Text
    answer: Answer
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Score:
    """The items of one list, in its order. `protocol_only` are items that no registry has room for."""

    standard: Standard
    items: tuple[ScoredItem, ...]
    protocol_only: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many items have each answer."""
        return Counter(one.answer for one in self.items)

    @property
    def asked(self) -> int:
        """The items that apply and that the form has a place for."""
        return sum(one.answer in ("given", "partly", "missing") for one in self.items)


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """Both scores of a record."""

    trds: Score
    spirit: Score


def score_completeness(record: Record) -> Completeness:
    """Say of each item whether the record gives it, gives a part of it, lacks it, or has no place for it."""
    return Completeness(trds=_score(record, "trds"), spirit=_score(record, "spirit"))


def completeness_as_json(score: Completeness) -> dict[str, object]:
    """Give both scores as one plain object: what `check --json` prints under "completeness"."""
    return {one.standard: _as_json(one) for one in (score.trds, score.spirit)}


def completeness_as_text(score: Completeness, *, language: Literal["en", "fa"] = "en") -> str:
    """Give both scores as lines: the counts, and the items that are missing or given in part."""
    return "\n".join(line for one in (score.trds, score.spirit) for line in _as_lines(one, language))


def _score(record: Record, standard: Standard) -> Score:
    rows = load_lists()
    no_place = _no_place(record, standard)
    items = tuple(_item(record, row, no_place) for row in rows[standard])
    return Score(standard=standard, items=items, protocol_only=tuple(rows["protocol_only"]) if standard == "spirit" else ())


def _item(record: Record, row: Mapping[str, Any], no_place: frozenset[str]) -> ScoredItem:
    seen = [_part(record, part) for part in row["parts"]]
    given = [one for one in seen if one]
    answer: Answer = "given" if len(given) == len(seen) else "partly" if given else "missing"
    if not given and row["number"] in no_place:
        answer = "no_place"
    elif answer != "given" and not _applies(record, row):
        answer = "not_applicable"
    shown = dict.fromkeys(one for fields in given for one in fields[:1]) or _printed_empty(record, row)
    return ScoredItem(number=row["number"], name=Text(**row["name"]), answer=answer, places=tuple(map(place, shown)))


def _part(record: Record, part: Mapping[str, Any]) -> tuple[Field, ...]:
    """Give the fields that answer a part of an item."""
    found = tuple(one for key in part.get("any", ()) for one in said(record, key) if one.value is not False)
    if not found and "words" in part:
        found = tuple(one for one in _told(record) if re.search(part["words"], one.text, re.IGNORECASE))
    if "title" in part:
        found = tuple(one for one in said(record, "titles") if re.search(part["title"], one.text, re.IGNORECASE))
    if "any_or_open" in part:
        label = record.get("design.masking")
        is_open = label is not None and label.value == "none"
        found = (label,) if is_open and label else tuple(one for key in part["any_or_open"] for one in said(record, key))
    return _of_outcomes(record, part["outcome"]) if "outcome" in part else found


def _of_outcomes(record: Record, asked: str) -> tuple[Field, ...]:
    """Give the title of the first outcome where every outcome says what is asked; for harm, of the outcome that measures it."""
    outcomes = record.outcomes
    if asked == "harm":
        return tuple(one.title for one in outcomes if SAFETY_MEASURED.search(one.text))
    answered = {
        "title": lambda one: has_value(one.title),
        "time": lambda one: has_value(one.time_frame),
        "metric": lambda one: bool(METRIC.search(one.text)),
    }[asked]
    return (outcomes[0].title,) if outcomes and all(map(answered, outcomes)) else ()


def _applies(record: Record, row: Mapping[str, Any]) -> bool:
    if row.get("optional"):
        return False
    label = {"randomised": record.get("design.allocation"), "masked": record.get("design.masking")}.get(row.get("applies", ""))
    if row.get("applies") == "randomised":
        return label is not None and label.value == "randomised"
    if row.get("applies") == "masked":
        return label is not None and label.value != "none"
    return True


def _no_place(record: Record, standard: Standard) -> frozenset[str]:
    """The items that the form of the record has no place for."""
    found = {
        number for form, lists in load_lists()["no_place"].items() if record.form.startswith(form) for number in lists[standard]
    }
    status = record.get("status.recruitment")
    if standard == "trds" and record.form.startswith("ctgov-") and (status is None or status.value not in _CLOSED):
        found |= {"7", "8"}  # contacts are taken away once a trial no longer recruits
    return frozenset(found)


def _printed_empty(record: Record, row: Mapping[str, Any]) -> tuple[Field, ...]:
    keys = [key for part in row["parts"] for key in part.get("any", ())]
    return tuple(one for key in keys for one in record.all(key)[:1])


def _told(record: Record) -> Iterator[Field]:
    return (one for key in _TOLD for one in said(record, key))


def _as_json(score: Score) -> dict[str, object]:
    items = [
        {
            "number": one.number,
            "name": one.name.en,
            "name_fa": one.name.fa,
            "answer": one.answer,
            "places": [{"path": at.path, "text": "" if at.private else at.text, "line": at.line} for at in one.places],
        }
        for one in score.items
    ]
    counts: dict[str, object] = {answer: score.counts.get(answer, 0) for answer in _ANSWERS}
    return {
        "name": NAMES[score.standard],
        "asked": score.asked,
        **counts,
        "items": items,
        "protocol_only": list(score.protocol_only),
    }


def _as_lines(score: Score, language: Literal["en", "fa"]) -> Iterator[str]:
    counts = [f"{score.counts.get(answer, 0)} {getattr(told, language)}" for answer, told in _ANSWERS.items()]
    comma = "، " if language == "fa" else ", "
    yield f"{NAMES[score.standard]}: {comma.join(counts)}"
    for one in score.items:
        if one.answer in ("partly", "missing"):
            yield f"    {one.number} {getattr(one.name, language)}: {getattr(_ANSWERS[one.answer], language)}"
    if score.protocol_only:
        told = Text(en="for the protocol, no registry has room for them", fa="جای این‌ها پروتکل است، نه سامانهٔ ثبت")
        yield f"    {getattr(told, language)}: {comma.join(score.protocol_only)}"


@cache
def load_lists() -> dict[str, Any]:
    """Load both lists as they stand in the table."""
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))
