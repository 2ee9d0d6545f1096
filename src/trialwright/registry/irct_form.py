"""What the pages of the Iranian registry (IRCT) have in common: labels in blocks, in English and Persian, and a reader of them.

A page, its print and its PDF are the same blocks under the same headings; only the way to tell a label from a value differs.
The labels are data: `irct_print.toml` gives each a key, `irct_persian.toml` the Persian words beside the English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.registry.builder import Builder, Meaning
from trialwright.registry.words import plain_words
from trialwright.terms.dates import DateError, parse_date
from trialwright.terms.digits import ascii_digits

_HERE = Path(__file__).parent
_ORDINAL = re.compile(r"[1-9]\d{0,2}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of the form under one heading; a numbered one repeats."""

    key: str
    headings: tuple[str, ...]
    labels: Mapping[str, Meaning]
    inline: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    subheadings: frozenset[str] = frozenset()
    numbered: bool = False
    within: str | None = None


@dataclass(frozen=True, kw_only=True)
class Form:
    """All blocks by heading, and every word that has a meaning somewhere."""

    furniture: frozenset[str]
    blocks: Mapping[str, Block]
    words: frozenset[str]


@cache
def load_form() -> Form:
    """Load the labels once."""
    data = tomllib.loads((_HERE / "irct_print.toml").read_text(encoding="utf-8"))
    persian = tomllib.loads((_HERE / "irct_persian.toml").read_text(encoding="utf-8"))
    cards = {card["name"]: card for card in data["card"]}
    blocks = [_block(entry, cards, persian) for entry in data["block"]]
    by_heading = {heading: block for block in blocks for heading in block.headings}
    words = {word for block in blocks for word in (*block.labels, *block.subheadings)} | set(by_heading)
    furniture = frozenset(map(plain_words, (*data["furniture"], *persian["furniture"]["words"])))
    return Form(furniture=furniture, blocks=by_heading, words=frozenset(words))


def _block(entry: Mapping[str, Any], cards: Mapping[str, Any], persian: Mapping[str, Any]) -> Block:
    source = cards[entry["like"]] if "like" in entry else entry
    labels: dict[str, Meaning] = {}
    inline: set[str] = set()
    for row in source["labels"]:
        choices = _choices(row.get("choices", {}), persian["choices"])
        names = _both(row["label"], persian["labels"])
        labels |= dict.fromkeys(names, Meaning(key=row["key"], type=row.get("type", "line"), choices=choices))
        inline.update(names if row.get("inline") else ())
    subheadings = {name for one in source.get("subheadings", ()) for name in _both(one, persian["subheadings"])}
    return Block(
        key=entry["key"],
        headings=_both(entry["heading"], persian["headings"]),
        labels=labels,
        inline=frozenset(inline),
        openers=frozenset(subheadings | set(_both(source["labels"][0]["label"], persian["labels"]))),
        subheadings=frozenset(subheadings),
        numbered=entry.get("numbered", False),
        within=plain_words(entry["within"]) if "within" in entry else None,
    )


def _both(english: str, persian: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(map(plain_words, (english, *persian.get(english, ()))))


def _choices(english: Mapping[str, str], persian: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: value for word, value in english.items() for name in _both(word, persian)}


def is_ordinal(words: str) -> bool:
    """Say whether a text is the number of an item, in any digits."""
    return bool(_ORDINAL.fullmatch(ascii_digits(words)))


def names_registry(text: str) -> bool:
    """Say whether a text speaks of the registry at all, in either language."""
    return "IRCT" in text or "Iranian Registry" in text or "مرکز ثبت کار" in text


def has_headings(pieces: Iterable[str]) -> bool:
    """Say whether at least two headings of the form are among the pieces."""
    return len({plain_words(piece) for piece in pieces} & load_form().blocks.keys()) >= 2


class FormReader:
    """Knows where in the form a reader is, and puts labels and values there."""

    def __init__(self, builder: Builder) -> None:
        self.form = load_form()
        self.builder = builder
        self.block: Block | None = None
        self.ordinal = 1
        self._said_in_block = False
        self._titled = False

    def block_with(self, plain: str) -> Block | None:
        """Give the open block, or the one around it, that has this label or subheading."""
        block = self.block
        while block is not None:
            if plain in block.labels or plain in block.subheadings:
                return block
            block = self.form.blocks.get(block.within) if block.within else None
        return None

    def is_structure(self, words: str) -> bool:
        """Say whether words are a label, a heading or a number somewhere in the form."""
        return plain_words(words) in self.form.words or is_ordinal(words)

    def open_label(self, block: Block, plain: str, start: int, end: int) -> None:
        """Begin the field of a label."""
        self.block, self._said_in_block = block, True
        self.builder.open(block.labels[plain], self._key(block, plain), (start, end))

    def open_block(self, block: Block, start: int, end: int) -> None:
        """Begin a block at its heading."""
        self.heading(start, end)
        self.block, self.ordinal, self._said_in_block = block, 1, False

    def heading(self, start: int, end: int) -> None:
        """Pass words that say where one is and nothing of the trial."""
        self.builder.close()
        self.builder.piece("heading", start, end)

    def number(self, start: int, end: int, words: str) -> None:
        """Begin the item with this number."""
        self.builder.close()
        self.builder.piece("ordinal", start, end)
        self.ordinal = int(ascii_digits(words))

    def read_structure(self, start: int, end: int, words: str, following: str) -> bool:
        """Take words that are a label, a heading or an item's number here; say whether they were."""
        plain = plain_words(words)
        block = self.block_with(plain)
        if block is not None and plain in block.labels:
            self.open_label(block, plain, start, end)
        elif plain in self.form.blocks:
            self.open_block(self.form.blocks[plain], start, end)
        elif block is not None:
            self.heading(start, end)
        elif self.may_number(words, following):
            self.number(start, end, words)
        else:
            return False
        return True

    def may_number(self, words: str, following: str) -> bool:
        """Say whether words are the number of an item: what follows opens one."""
        if self.block is None or not self.block.numbered or not is_ordinal(words):
            return False
        return plain_words(following) in self.block.openers

    def read_words(self, start: int, end: int, words: str, *, goes_on: bool = False) -> None:
        """Take words that are no structure: a value, more of it, the text of a block, or unknown."""
        builder = self.builder
        if self.block is None:
            self._read_preamble(start, end, words, goes_on=goes_on)
        elif builder.takes_more() or (goes_on and builder.is_open()):
            builder.fill(start, end)
        elif not self._said_in_block:
            self._said_in_block = True
            builder.add(Meaning(key=self.block.key, type="text"), self.block.key, start, end)
        else:
            builder.unknown(start, end)

    def _key(self, block: Block, plain: str) -> str:
        key = block.labels[plain].key
        if not key.startswith("."):
            return key
        return f"{block.key}.{self.ordinal}{key}" if block.numbered else f"{block.key}{key}"

    def _read_preamble(self, start: int, end: int, words: str, *, goes_on: bool) -> None:
        if plain_words(words) in self.form.furniture:
            self.builder.piece("heading", start, end)
        elif _is_date(words):
            self.builder.add(Meaning(key="document.printed", type="date"), "document.printed", start, end)
        elif not self._titled:
            self._titled = True
            self.builder.open(Meaning(key="document.title", type="text"), "document.title", None)
            self.builder.fill(start, end)
            if not goes_on:
                self.builder.close()
        elif self.builder.is_open():
            self.builder.fill(start, end)
        else:
            self.builder.unknown(start, end)


def _is_date(words: str) -> bool:
    try:
        parse_date(words)
    except DateError:
        return False
    return True
