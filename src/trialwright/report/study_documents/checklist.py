"""Checklists filled from a definition and its record: each item with what answers it, or with what is missing.

A checklist counts what is written and judges none of it: an item may be given and be wrong.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from trialwright.checks.scores import load_lists
from trialwright.registry import Field, Record, State
from trialwright.report.study_documents.held import Held, HeldFact
from trialwright.terms.sentences import Text

Name = Literal["spirit_2025", "tidier"]
Status = Literal["given", "partly", "gap", "aside"]
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class ItemPart:
    """One thing that an item asks: facts or keys of the record, any of which answers it, and the words for their absence."""

    facts: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    want: Text | None = None


@dataclass(frozen=True, kw_only=True)
class ChecklistItem:
    number: str
    title: Text
    name: Text
    parts: tuple[ItemPart, ...]
    applies: str = ""


@dataclass(frozen=True, kw_only=True)
class FilledItem:
    """An item with its status. `facts` and `fields` answer it, `missing` says what does not, `about` is the intervention."""

    item: ChecklistItem
    status: Status
    facts: tuple[HeldFact, ...]
    fields: tuple[Field, ...]
    missing: tuple[Text, ...]
    about: str = ""

    @property
    def questions(self) -> tuple[HeldFact, ...]:
        """The facts that answer it whose question is open."""
        return tuple(fact for fact in self.facts if fact.basis.is_open)


@cache
def read_checklist(name: Name) -> tuple[ChecklistItem, ...]:
    """Read a checklist; a title stands at its first item and is that of all below it."""
    table = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    shared = {row["number"]: row["name"] for row in load_lists()["spirit"]} if name == "spirit_2025" else {}
    items: list[ChecklistItem] = []
    for row in table["item"]:
        title = Text(**row["title"]) if "title" in row else items[-1].title
        named = Text(**(row.get("name") or shared[row["number"]]))
        parts = tuple(_part(part) for part in row["parts"])
        items.append(ChecklistItem(number=row["number"], title=title, name=named, parts=parts, applies=row.get("applies", "")))
    return tuple(items)


def fill_checklist(name: Name, held: Held) -> tuple[FilledItem, ...]:
    """Fill a checklist, TIDieR once for each intervention."""
    items = read_checklist(name)
    if name == "spirit_2025":
        return tuple(_fill(item, held) for item in items)
    return tuple(_fill(item, held, about=one.id) for one in held.study.interventions for item in items)


def count_statuses(filled: tuple[FilledItem, ...]) -> Mapping[Status, int]:
    return Counter(one.status for one in filled)


def _fill(item: ChecklistItem, held: Held, about: str = "") -> FilledItem:
    if not _APPLIES[item.applies](held):
        why = held.of_area("allocation") if item.applies != "afterwards" else ()
        missing = tuple(part.want for part in item.parts if part.want) if item.applies == "afterwards" else ()
        return FilledItem(item=item, status="aside", facts=why, fields=(), missing=missing, about=about)
    answers = [(part, tuple(_facts(part, held, about)), tuple(_fields(part, held.record))) for part in item.parts]
    facts = tuple(dict.fromkeys(fact for _, found, _ in answers for fact in found))
    fields = {one.path: one for _, _, found in answers for one in found}
    unanswered = [part for part, found, seen in answers if not (found or seen)]
    status: Status = "given"
    if len(unanswered) == len(answers):
        status = "gap"
    elif unanswered or any(fact.basis.is_open for fact in facts):
        status = "partly"
    missing = tuple(part.want for part in unanswered if part.want) or ((item.name,) if unanswered else ())
    return FilledItem(item=item, status=status, facts=facts, fields=tuple(fields.values()), missing=missing, about=about)


def _facts(part: ItemPart, held: Held, about: str) -> Iterator[HeldFact]:
    """The facts that answer a part: of an area, or of one name and its parts, that say the field asked for."""
    for wanted in part.facts:
        name, _, field = wanted.replace("{id}", about).partition(":")
        for fact in held.facts.values():
            is_meant = fact.name == name or fact.name.startswith((f"{name} ", f"{name}."))
            if is_meant and (not field or field in fact.said):
                yield fact


def _fields(part: ItemPart, record: Record | None) -> Iterator[Field]:
    """The first field of each key that says something; what is private is not led to."""
    for key in part.record:
        said = [one for one in (record.all(key) if record else ()) if one.state is State.VALUE and not one.private]
        yield from said[:1]


def _is_controlled(held: Held) -> bool:
    return len(held.study.arms) > 1


def _is_randomised(held: Held) -> bool:
    return held.study.allocation.method != "single_arm"


def _is_blinded(held: Held) -> bool:
    return bool(held.study.allocation.blinded_roles)


_APPLIES: Mapping[str, Callable[[Held], bool]] = {
    "": lambda _: True,
    "controlled": _is_controlled,
    "randomised": _is_randomised,
    "blinded": _is_blinded,
    "afterwards": lambda _: False,
}


def _part(row: Mapping[str, Any]) -> ItemPart:
    want = Text(**row["want"]) if "want" in row else None
    return ItemPart(facts=tuple(row.get("facts", ())), record=tuple(row.get("record", ())), want=want)
