"""The items of the WHO Trial Registration Data Set that a record lacks.

Source: WHO Trial Registration Data Set, version 1.3.1, 24 items. Secondary identifiers (3), secondary
sponsors (6) and results (23) may rightly be absent and are left out. The items stand in `completeness.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trialwright.checks.findings import Evidence, Place, check
from trialwright.checks.reading import is_export, said
from trialwright.checks.scores import load_lists
from trialwright.registry import Record
from trialwright.terms.sentences import Text

_SHARING_ASKED = 2019


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item of the data set: its number, its name, and the keys that answer it."""

    number: int
    name: Text
    keys: tuple[str, ...]


TRDS_ITEMS = tuple(
    Item(number=int(row["number"]), name=Text(**row["name"]), keys=tuple(row["parts"][0]["any"]))
    for row in load_lists()["trds"]
    if not row.get("optional")
)


@check(
    code="record.items_missing",
    severity="warning",
    rule="A record answers every item of the Trial Registration Data Set that applies to it.",
    source="WHO Trial Registration Data Set 1.3.1",
)
def items_missing(record: Record, today: date) -> Iterator[Evidence]:
    """The items without an answer. A note where the form has no place for any of them."""
    if is_export(record):
        return
    apart = _not_asked(record)
    missing = [item for item in find_missing_items(record) if item.number not in apart and not _is_told_elsewhere(item, record)]
    if not missing:
        return
    shown = [one for item in missing for key in item.keys for one in record.all(key)[:1]]
    places = tuple(_place(one.path, one.label or one.key, one.span.line, one.span.start) for one in shown)
    first = record.fields[0]
    here = places or (_place(first.path, "(whole record)", first.span.line, first.span.start),)
    names = [f"{item.number} {item.name.en}" for item in missing]
    names_fa = [f"{item.number} {item.name.fa}" for item in missing]
    facts = {"count": len(missing), "items": Text(en="; ".join(names), fa="؛ ".join(names_fa))}
    yield Evidence(places=here, facts=facts, severity=None if shown else "note")


def find_missing_items(record: Record) -> tuple[Item, ...]:
    """Give the items that no field of the record answers."""
    return tuple(item for item in TRDS_ITEMS if not any(said(record, key) for key in item.keys))


def _is_told_elsewhere(item: Item, record: Record) -> bool:
    """Completion date and sharing plan printed empty have checks of their own."""
    return item.number in (22, 24) and any(record.all(key) for key in item.keys)


def _not_asked(record: Record) -> frozenset[int]:
    """Items that a form has no place for: their absence says nothing of the record.

    Expanded access is no trial and has neither size nor outcomes.
    ClinicalTrials.gov does not publish the ethics review, takes contacts away once a trial no longer recruits, and
    has asked for a sharing plan since 2015, which editors require of trials that start from 2019. WHO's public export
    has no column for funding, the scientific contact, secondary outcomes, ethics, completion and sharing.
    """
    if is_export(record):
        return frozenset({4, 8, 20, 21, 22, 24})
    if not record.form.startswith("ctgov-"):
        return frozenset()
    kind = record.get("design.study_type")
    if kind is not None and kind.text.casefold().replace("_", " ") == "expanded access":
        return frozenset({7, 8, 14, 16, 17, 19, 20, 21, 22, 24})
    status, start = record.get("status.recruitment"), record.start
    closed = {7, 8} if status is None or status.value not in ("recruiting", "pending") else set()
    early = {24} if start is None or start.date is None or start.date.latest.year < _SHARING_ASKED else set()
    return frozenset({21} | closed | early)


def _place(path: str, text: str, line: int, start: int) -> Place:
    return Place(path=path, text=text, line=line, start=start, end=start)


COMPLETENESS_CHECKS = (items_missing,)
