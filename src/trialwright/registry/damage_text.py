"""Traces of damage in words: a cut text, a shuffled list, unseen marks, letters and digits of two keyboards, a wrong encoding.

Each trace rests on what the record itself shows; what may have stood there is proposed and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal

from trialwright.registry.record import Field, Record
from trialwright.registry.words import DIRECTION_MARKS
from trialwright.terms.digits import ascii_digits

DamageCode = Literal[
    "phase_is_date",
    "calendar_twice",
    "flag_inverted",
    "size_by_group",
    "day_invented",
    "dates_differ",
    "direction_mark",
    "cell_full",
    "letters_misread",
    "text_cut",
    "outcomes_shuffled",
    "letters_of_two_keyboards",
    "digits_not_ascii",
]

_DIRECTION = re.compile(f"[{DIRECTION_MARKS}]")
_OVERRIDE = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MISREAD = re.compile(r"[√¬ÃÂ][^\x00-\x7f\s]|‚[Ää][^\x00-\x7f]")
_WORD_BEFORE, _WORD_AFTER = re.compile(r"\S{0,30}\Z"), re.compile(r"\S{0,30}")
_PERSIAN_LETTER, _ARABIC_LETTER = re.compile("[یک]"), re.compile("[يك]")
_LETTERS = str.maketrans({"ي": "ی", "ك": "ک"})
_OTHER_DIGITS = re.compile("[۰-۹٠-٩]")
_NUMBERED = re.compile(r"\s*\(?(\d{1,2})\s{0,2}(?:[.)]\s*|[-–:]\s+)(?=\D)")
_LAST_WORDS = re.compile(r"(\w+\W{1,3}(\w+))\Z")
_EXACT = ("ids.", "dates.", "design.sample_size")
_CUT_AT = (100, 101)
_CUT_KEYS = (".position", ".specialty", ".organisation", ".person", ".name", ".address.street")
_CELL_LIMIT = 32_767
_FEW = 20


@dataclass(frozen=True, kw_only=True)
class Damage:
    """One trace: the fields that show it, and what the value may have been (None where that cannot be told)."""

    code: DamageCode
    fields: tuple[Field, ...]
    proposal: str | None


def find_damage_of_text(record: Record) -> Iterator[Damage]:
    """Give the traces of damage in the words of a record."""
    text = record.text
    yield from _outcomes_shuffled(record)
    yield from _cells_full(record)
    if record.form.startswith("irct-"):
        yield from _texts_cut(record, text)
    if not text.isascii():
        yield from _letters_misread(record)
        yield from _letters_of_two_keyboards(record, text)
        yield from _marks(record, text)


def _marks(record: Record, text: str) -> Iterator[Damage]:
    """Find marks of direction where they change what is read: any in a number's place, and those that turn words round."""
    turned, marked = _OVERRIDE.search(text), _DIRECTION.search(text)
    for one in record.fields if marked else ():
        exact = one.key.startswith(_EXACT) or one.number is not None or one.date is not None
        if (turned and _OVERRIDE.search(one.raw)) or (exact and _DIRECTION.search(one.raw)):
            yield Damage(code="direction_mark", fields=(one,), proposal=_DIRECTION.sub("", one.raw).strip()[:200])
    for one in record.all("ids"):
        if _OTHER_DIGITS.search(one.raw):
            yield Damage(code="digits_not_ascii", fields=(one,), proposal=ascii_digits(one.raw).strip())


def _cells_full(record: Record) -> Iterator[Damage]:
    """A spreadsheet cell holds 32,767 characters and no more."""
    for one in record.fields if record.form == "ictrp-xlsx" else ():
        if len(one.raw) >= _CELL_LIMIT:
            yield Damage(code="cell_full", fields=(one,), proposal=None)


def _texts_cut(record: Record, text: str) -> Iterator[Damage]:
    """Find a line that ends where the form stops taking letters, in the middle of a word; the record may have it in full."""
    for one in record.fields:
        if len(one.raw) < _CUT_AT[0] or len(one.text) not in _CUT_AT or not one.key.endswith(_CUT_KEYS):
            continue
        last = _LAST_WORDS.search(one.text)
        if last is None:
            continue
        rest = re.search(rf"\b{re.escape(last[1])}(\w+)", text, re.IGNORECASE)
        whole = re.search(rf"\b{re.escape(last[2])}\b", text.replace(one.raw, "", 1), re.IGNORECASE)
        if rest or not whole:
            yield Damage(code="text_cut", fields=(one,), proposal=f"{one.text}{rest[1]} …" if rest else None)


def _outcomes_shuffled(record: Record) -> Iterator[Damage]:
    """Find outcomes whose own numbers do not count up in the order in which they are listed."""
    for level in ("primary", "secondary", "other", "listed"):
        titles = [one.title for one in record.outcomes if one.path.startswith(f"outcomes.{level}.")]
        said = [(int(found[1]), one) for one in titles if (found := _NUMBERED.match(ascii_digits(one.text)))]
        printed = [(int(one.path.split(".")[2]), one) for one in titles]
        for numbered in (said, printed):
            numbers = [number for number, _ in numbered]
            if len(numbers) >= 2 and len(numbers) == len(titles) and any(a >= b for a, b in pairwise(numbers)):
                yield Damage(code="outcomes_shuffled", fields=tuple(one for _, one in numbered)[:5], proposal=_in_order(numbered))
                break
        twice = [one for one in record.all(f"outcomes.{level}") if one.path.endswith(".title#2")]
        if twice:
            yield Damage(code="outcomes_shuffled", fields=tuple(twice[:5]), proposal=None)


def _in_order(numbered: list[tuple[int, Field]]) -> str | None:
    numbers = sorted(number for number, _ in numbered)
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None
    return "; ".join(one.text[:60] for _, one in sorted(numbered, key=lambda pair: pair[0]))


def _letters_of_two_keyboards(record: Record, text: str) -> Iterator[Damage]:
    """Find ي beside ی or ك beside ک: the same word is then two words for a search and for a comparison."""
    if not (_ARABIC_LETTER.search(text) and _PERSIAN_LETTER.search(text)):
        return
    arabic = [one for one in record.fields if _ARABIC_LETTER.search(one.text)]
    if arabic:
        word = next(word for word in arabic[0].text.split() if _ARABIC_LETTER.search(word))
        yield Damage(code="letters_of_two_keyboards", fields=tuple(arabic[:3]), proposal=word.translate(_LETTERS)[:60])


def _letters_misread(record: Record) -> Iterator[Damage]:
    """Text in UTF-8 that was read in another encoding: "√©" for "é", "‚Ä¢" for a bullet."""
    found = [(one, word) for one in record.fields if (word := _misread_word(one.raw)) is not None]
    if found:
        yield Damage(code="letters_misread", fields=tuple(one for one, _ in found[:3]), proposal=found[0][1])


def _misread_word(raw: str) -> str | None:
    if raw.isascii():
        return None
    for found in islice(_MISREAD.finditer(raw), _FEW):
        before = _WORD_BEFORE.search(raw, max(0, found.start() - 30), found.start())
        after = _WORD_AFTER.match(raw, found.end())
        word = (before.group() if before else "") + found.group() + (after.group() if after else "")
        for encoding in ("mac_roman", "cp1252"):
            try:
                return word.encode(encoding).decode("utf-8")
            except UnicodeError:
                continue
    return None
