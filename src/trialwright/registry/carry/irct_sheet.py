"""The sheet of an update: the form of the Iranian registry from its first field to its last, filled in or left open."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.registry.carry.pieces import Pieces

TITLE = "Update for the Iranian Registry of Clinical Trials (IRCT) | متن به‌روزرسانی برای مرکز ثبت کارآزمایی بالینی ایران"
NOTE = (
    "Fields stand in the order of the registry's form. Where a limit is printed it was seen in a record; the others are not known.",
    "فیلدها به ترتیب فرم سامانه‌اند. هر جا حدی نوشته شده در یک ثبت دیده شده است؛ حد فیلدهای دیگر دانسته نیست.",
)

_HERE = Path(__file__).parents[1]
_PLACE = {"arms": 1, "ids.secondary": 2, "conditions": 2}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A field of the form: its key (with N where it repeats) and its label in both languages."""

    key: str
    english: str
    persian: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the form under one heading; a numbered one repeats."""

    key: str
    english: str
    persian: str
    numbered: bool
    entries: tuple[Entry, ...]


@cache
def load_parts() -> tuple[Part, ...]:
    """Load the form once, in its order."""
    data = tomllib.loads((_HERE / "irct_print.toml").read_text(encoding="utf-8"))
    persian = tomllib.loads((_HERE / "irct_persian.toml").read_text(encoding="utf-8"))
    cards = {card["name"]: card for card in data["card"]}
    return tuple(_part(entry, cards, persian) for entry in data["block"])


@cache
def form_keys() -> frozenset[str]:
    """Give every key of the form, with N where it repeats."""
    return frozenset(entry.key for part in load_parts() for entry in part.entries)


def _part(entry: Mapping[str, Any], cards: Mapping[str, Any], persian: Mapping[str, Any]) -> Part:
    rows = cards[entry["like"]]["labels"] if "like" in entry else entry["labels"]
    numbered = entry.get("numbered", False)
    stem = f"{entry['key']}.N" if numbered else entry["key"]
    entries = tuple(
        Entry(
            key=f"{stem}{row['key']}" if row["key"].startswith(".") else row["key"],
            english=row["label"],
            persian=_persian(row["label"], entry["key"], persian["labels"]),
        )
        for row in rows
    )
    heading = persian["headings"].get(entry["heading"], [entry["heading"]])[0]
    return Part(key=entry["key"], english=entry["heading"], persian=heading, numbered=numbered, entries=entries)


def _persian(label: str, block: str, labels: Mapping[str, list[str]]) -> str:
    found = labels.get(label, [label])
    return found[_PLACE.get(block, 0)] if len(found) > _PLACE.get(block, 0) else found[0]


def print_form(pieces: Pieces, *, set_by_registry: Iterable[str], seen_cut: Mapping[str, int]) -> str:
    """Print the form with the pieces in it."""
    lines = [TITLE, "", *NOTE, ""]
    fixed = frozenset(set_by_registry)
    for part in load_parts():
        lines += [f"== {part.english} | {part.persian} ==", ""]
        for key, entry in _places(pieces, part):
            lines += _lines(pieces, key, entry, fixed, seen_cut)
    return "\n".join(lines).rstrip("\n") + "\n"


def _places(pieces: Pieces, part: Part) -> Iterator[tuple[str, Entry]]:
    if not part.numbered:
        yield from ((entry.key, entry) for entry in part.entries)
        return
    for item in pieces.items(part.key) or (f"{part.key}.1",):
        for entry in part.entries:
            yield entry.key.replace(f"{part.key}.N", item, 1), entry


def _lines(pieces: Pieces, key: str, entry: Entry, fixed: frozenset[str], seen_cut: Mapping[str, int]) -> list[str]:
    limit = next((limit for end, limit in seen_cut.items() if key.endswith(end)), 0)
    hint = " {set by the registry | سامانه تعیین می‌کند}" if key in fixed else ""
    hint = f" {{seen cut at about {limit} characters | در حدود {limit} نویسه بریده دیده شده}}" if limit else hint
    words = pieces.get(key)
    if limit and len(words) >= limit:
        one = next((one for one in pieces.source.record.fields if one.text == words), None)
        if one is not None:
            pieces.source.say("too_long", "cut_before", one, length=len(words), limit=limit)
    return [f"-- {entry.english} | {entry.persian} [{key}]{hint}", *_value_lines(words), ""]


def _value_lines(words: str) -> list[str]:
    """Give the lines of a value; one that looks like a line of the form is set in by a blank."""
    return [f" {line}" if line.startswith(("-- ", "== ")) else line for line in words.splitlines()]
