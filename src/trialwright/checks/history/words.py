"""Words compared by what they say: stems, numbers with their signs and units, metrics, directions.

Two texts are near when they share most of their stems; numbers, times and directions are compared apart, so that a changed
threshold is not taken for another wording.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import TypeVar

from trialwright.checks.history.changes import load_words
from trialwright.checks.vocabulary import DIRECTION
from trialwright.terms.digits import ascii_digits
from trialwright.terms.sentences import Text

NEAR = 0.5
MOST_COMPARED = 200

_WHOLE, _AROUND = 100, 4

Item = TypeVar("Item")

_STOP_WORDS = """
a an and any as at be by for from had has have in is it its of on or other so than that the their then there this to was
were who will with without which after before via using used
"""
_STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = {"ies": 3, "ing": 3, "ed": 2, "sses": 2, "xes": 2, "ches": 2, "shes": 2, "s": 1}
_TOKEN = re.compile(r"[^\W\d_]{2,}")
_TIME = r"hours?|hrs?|h|days?|weeks?|wks?|months?|mo|years?|yrs?|minutes?|mins?|ساعت|روز|هفته|ماه|سال"
_NUMBER = re.compile(
    r"(?P<sign>[<>≤≥]=?|=|less than|more than|greater than|at least|at most|above|below|over|under|up to|کمتر از|بیشتر از)?"
    r"\s{0,3}(?<![\w.])(?P<number>\d{1,9}(?:,\d{3})*(?:\.\d{1,6})?)(?![\w.]*\d)"
    r"(?P<unit>\s{0,2}(?:%|[a-zµ][a-z0-9µ./^²]{0,14}))?",
    re.IGNORECASE,
)
_TIME_UNIT = re.compile(rf"(?:{_TIME})\b", re.IGNORECASE)
_TIME_PHRASE = re.compile(
    rf"\b(?:\d{{1,4}}(?:\s?(?:,|and|to|-|–)\s?)?)+\s?-?(?:{_TIME})\b|\b(?:{_TIME})\s\d{{1,4}}(?:(?:\s?,\s?|\s?and\s?|\s)+\d{{1,4}})*\b",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b|\b\d{4}-\d{2}-\d{2}\b|[^\W\d_]+-\d+\b|\b\d+-(?!(?:hours?|days?|weeks?|months?|years?)\b)[^\W\d_]+"
    r"|\b(?:cohort|group|arm|part|phase|stage|step|visit|table|version)s? \d+\b",
    re.IGNORECASE,
)
_SIGNS = {
    "less than": "<",
    "below": "<",
    "under": "<",
    "کمتر از": "<",
    "more than": ">",
    "greater than": ">",
    "above": ">",
    "over": ">",
    "بیشتر از": ">",
    "at least": "≥",
    ">=": "≥",
    "at most": "≤",
    "up to": "≤",
    "<=": "≤",
    "=": "",
}
_UNITS = re.compile(
    r"%|[a-zµ]+[/^][a-z0-9µ./^²]+|(?:mg|g|kg|ml|l|dl|mmol|mcg|cells?|iu|units?|points?|mm|cm|million|millions)\b.*", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Give a text for equality: one form of letters and digits, small, without marks and doubled blanks."""
    plain = unicodedata.normalize("NFKC", ascii_digits(text)).casefold()
    return " ".join(re.sub(r"[^\w<>≤≥%/.=]+|\.(?!\d)", " ", plain).split())


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """Give the stems of the words of a text, without the small words."""
    return frozenset(_stem(one) for one in _TOKEN.findall(text.casefold()) if one not in _STOP)


def _stem(word: str) -> str:
    cut = next((cut for ending, cut in _ENDINGS.items() if word.endswith(ending) and len(word) - len(ending) >= 4), 0)
    return word[: len(word) - cut].rstrip("e")


def likeness(one: str, other: str) -> float:
    """Say how alike two texts are, from 0 to 1: the share of their stems that they have in common."""
    left, right = stems(one), stems(other)
    if not left or not right:
        return 1.0 if normal(one) == normal(other) else 0.0
    return len(left & right) / len(left | right)


def is_within(part: str, whole: str) -> bool:
    """Say whether every stem of a text stands in another."""
    inner = stems(part)
    return bool(inner) and inner <= stems(whole)


@lru_cache(maxsize=4096)
def numbers(text: str, *, times: bool = False) -> tuple[str, ...]:
    """Give the numbers of a text with sign and unit, sorted: "> 1 g/day". `times` keeps hours to years too.

    A number in a name ("COVID-19", "cohort 1") or in a date is none.
    """
    found = []
    text = _NAMES.sub(lambda name: " " * len(name.group()), ascii_digits(text))
    for one in _NUMBER.finditer(text):
        unit = (one["unit"] or "").strip().casefold().rstrip(".")
        is_time = bool(_TIME_UNIT.fullmatch(unit)) or _stands_before_time(text, one.end("number"))
        if is_time and not times:
            continue
        sign = (one["sign"] or "").casefold()
        amount = one["number"].replace(",", "")
        shown = unit if _UNITS.fullmatch(unit) or is_time else ""
        found.append(" ".join(filter(None, (_SIGNS.get(sign, sign), _plain_number(amount), shown))))
    return tuple(sorted(found))


def _stands_before_time(text: str, end: int) -> bool:
    """A number of a list that ends in a unit of time: "1, 3 and 6 months"."""
    rest = re.match(rf"(?:\s?(?:,|and|to|or|-|–)\s?(?:\d{{1,4}}\s?)?)+(?:{_TIME})\b", text[end : end + 60], re.IGNORECASE)
    return rest is not None


def _plain_number(amount: str) -> str:
    return amount.rstrip("0").rstrip(".") if "." in amount else amount


@lru_cache(maxsize=4096)
def without_numbers(text: str) -> str:
    """Give a text without its numbers, times and words of direction: what is left of it is its wording."""
    plain = DIRECTION.sub(" ", _TIME_PHRASE.sub(" ", ascii_digits(text)))
    plain = re.sub(r"[<>≤≥=]|\d+(?:[.,]\d+)*", " ", plain)
    for pattern, _ in load_metrics().values():
        plain = pattern.sub(" ", plain)
    return plain


@cache
def load_metrics() -> dict[str, tuple[re.Pattern[str], Text]]:
    """Load the metrics once: how a result is told."""
    return {row["id"]: (re.compile(row["pattern"], re.IGNORECASE), Text(**row["name"])) for row in load_words()["metric"]}


def metrics(text: str) -> frozenset[str]:
    """Give the metrics that a text names; a percent change is one metric, not a proportion and a change."""
    found = {name for name, (pattern, _) in load_metrics().items() if pattern.search(text)}
    return frozenset(found - {"proportion", "change"}) if "percent_change" in found else frozenset(found)


def metric_names(found: Iterable[str]) -> Text:
    """Write metrics as a list in both languages."""
    names = [text for name, (_, text) in load_metrics().items() if name in set(found)]
    return Text(en=", ".join(one.en for one in names), fa="، ".join(one.fa for one in names))


def directions(text: str) -> str:
    """Say which way a text expects: "up", "down", "both", or nothing."""
    found = {one.lastgroup for one in DIRECTION.finditer(text)}
    return "both" if len(found) > 1 else next((name for name in found if name), "")


def listed(found: Sequence[str]) -> Text:
    """Write values as a list; nothing is "nothing"."""
    if not found:
        return Text(**load_words()["said"]["none"])
    return Text(en=", ".join(found), fa="، ".join(found))


def same_numbers(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two lists of numbers say the same; a unit that one leaves out or spells longer is no other number."""
    if len(one) != len(other):
        return False
    return all(_same_number(left.split(), right.split()) for left, right in zip(one, other, strict=True))


def _same_number(one: list[str], other: list[str]) -> bool:
    left, right = ([step for step in steps if any(sign.isdigit() or sign in "<>≤≥" for sign in step[:1])] for steps in (one, other))
    if left != right:
        return False
    units = sorted((" ".join(step for step in steps if step not in left).rstrip("s") for steps in (one, other)), key=len)
    return units[1].startswith(units[0])


def differing(before: str, after: str) -> tuple[str, str]:
    """Give what differs between two texts, with a few words around it; short texts are given whole."""
    one, other = before.split(), after.split()
    if max(len(before), len(after)) <= _WHOLE or not one or not other:
        return before, after
    head = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
    most = min(len(one), len(other)) - head
    tail = next((at for at in range(most) if one[-1 - at] != other[-1 - at]), most)
    return _window(one, head, tail), _window(other, head, tail)


def _window(words: list[str], head: int, tail: int) -> str:
    start, end = max(0, head - _AROUND), min(len(words), len(words) - tail + _AROUND)
    shown = " ".join(words[start:end])
    return f"{'… ' if start else ''}{shown}{' …' if end < len(words) else ''}"


def beyond(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Give what the first has more often than the second, in order."""
    return sorted((Counter(one) - Counter(other)).elements())


def pair(
    old: Sequence[Item], new: Sequence[Item], score: Callable[[Item, Item], float], order: Callable[[Item], str]
) -> Iterator[tuple[Item, Item]]:
    """Pair items of two lists: equal ones first, then the most alike; the order of the lists makes no difference.

    Equal means the same `order` text. Of the rest at most 200 a side are compared, so that a list of any length ends in time.
    """
    waiting: dict[str, list[Item]] = {}
    for one in new:
        waiting.setdefault(order(one), []).append(one)
    left: list[Item] = []
    for one in old:
        same = waiting.get(order(one))
        if same:
            yield one, same.pop(0)
        else:
            left.append(one)
    yield from _pair_alike(left, [one for many in waiting.values() for one in many], score, order)


def _pair_alike(
    old: list[Item], new: list[Item], score: Callable[[Item, Item], float], order: Callable[[Item], str]
) -> Iterator[tuple[Item, Item]]:
    first, second = (sorted(items, key=order)[:MOST_COMPARED] for items in (old, new))
    scored = [(score(one, other), at, beside) for at, one in enumerate(first) for beside, other in enumerate(second)]
    here, there = set(range(len(first))), set(range(len(second)))
    for _, at, beside in sorted((row for row in scored if row[0] >= NEAR), key=lambda row: (-row[0], row[1], row[2])):
        if at in here and beside in there:
            here.discard(at)
            there.discard(beside)
            yield first[at], second[beside]
