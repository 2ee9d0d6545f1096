"""What the words of an outcome measure: a concept of the library, a proposal for an item of the trial's own, or nothing known."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.terms.digits import ascii_digits

_WORDS = Path(__file__).with_name("measures.toml")
_NOT_A_LETTER = re.compile(r"[^\w%]+")
_TIME = re.compile(
    r"\b(?:at|to|from|by|until)?\s*(?:baseline|(?:week|month|day|year|hour)s? \d+|\d+ (?:week|month|day|year|hour)s?)\b"
)
_PADDING = frozenset(
    [
        "absolute",
        "activity",
        "assessed",
        "assessment",
        "at",
        "average",
        "baseline",
        "blood",
        "by",
        "change",
        "changes",
        "concentration",
        "concentrations",
        "decrease",
        "estimated",
        "evaluation",
        "from",
        "fall",
        "final",
        "in",
        "increase",
        "its",
        "level",
        "levels",
        "mean",
        "measured",
        "measurement",
        "median",
        "of",
        "plasma",
        "reduction",
        "rise",
        "score",
        "serum",
        "the",
        "to",
        "total",
        "urinary",
        "urine",
        "value",
        "values",
        "میزان",
        "سطح",
        "تغییر",
        "تغییرات",
        "سرم",
        "خون",
        "سرمی",
        "کاهش",
        "افزایش",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Match:
    """`measures` are ids of the library, `own` an item that it lacks. `is_whole` says that the words leave nothing unexplained."""

    words: str
    measures: tuple[str, ...]
    own: Mapping[str, Any]
    change: str
    improves: str
    is_whole: bool


def plain(text: str) -> str:
    """Small letters and ASCII digits, with single blanks between the words."""
    return " ".join(_NOT_A_LETTER.sub(" ", ascii_digits(text).casefold().replace("\u200c", " ")).split())


def find_match(text: str) -> Match | None:
    """Give the entry with the longest words that stand in a text; the library comes before proposals of the same length."""
    asked = f" {plain(text)} "
    found = [entry for entry in _entries() if f" {entry[0]} " in asked]
    if not found:
        return None
    words, row = max(
        found, key=lambda entry: ("measure" in entry[1], len(entry[0])) if _is_whole(asked, entry[0]) else (False, len(entry[0]))
    )
    own = {key: value for key, value in row.items() if key not in {"words", "measure", "change"}} if "kind" in row else {}
    return Match(
        words=words,
        measures=tuple(row.get("measure", ())),
        own=own,
        change=row.get("change", "difference"),
        improves=row.get("improves", "none"),
        is_whole="measure" in row and not row.get("is_vague", False) and _is_whole(asked, words),
    )


def known_measures() -> tuple[tuple[str, ...], ...]:
    """The measures of the library that words of registries are known for."""
    return tuple(tuple(row["measure"]) for row in tomllib.loads(_WORDS.read_text("utf-8"))["known"])


def known_words(measure: str) -> Mapping[str, Any]:
    """The entry of one measure of the library; empty where it has none of its own."""
    rows = tomllib.loads(_WORDS.read_text("utf-8"))["known"]
    return next((row for row in rows if row["measure"] == [measure]), {})


def _is_whole(asked: str, words: str) -> bool:
    rest = asked.replace(f" {words} ", " ", 1)
    return not set(_TIME.sub(" ", rest).split()) - _PADDING


@cache
def _entries() -> tuple[tuple[str, Mapping[str, Any]], ...]:
    data = tomllib.loads(_WORDS.read_text("utf-8"))
    return tuple((plain(words), row) for kind in ("known", "proposed") for row in data[kind] for words in row["words"])
