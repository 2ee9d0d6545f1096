"""A record in the keys and words of another form, before it is printed: each piece knows the fields it was made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trialwright.registry.carry.source import Source
from trialwright.registry.record import Field

_NUMBER = re.compile(r"\.(\d+)(?=\.|$)")


@dataclass(kw_only=True)
class Pieces:
    """Words by key, in the order in which they were put; a key without number may hold several."""

    source: Source
    limits: Mapping[str, int] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    unlimited: set[str] = field(default_factory=set)

    def put(self, key: str, words: str, *fields: Field) -> None:
        """Put words under a key. A single field under its own key is kept; everything else is remarked as moved."""
        if not words:
            return
        self.words.setdefault(key, []).append(words)
        kept = len(fields) == 1 and same_key(fields[0].key, key)
        if kept:
            self.source.keep(*fields)
        for one in fields if not kept else ():
            self.source.say("moved", "joined" if len(fields) > 1 else "moved", one, to=key)
        self._measure(key, words, fields)

    def has(self, *keys: str) -> bool:
        """Say whether one of the keys, or something under it, was put."""
        return any(one == key or one.startswith((key + ".", key + "_")) for key in keys for one in self.words)

    def get(self, key: str) -> str:
        """Give the words under a key, or nothing."""
        return next(iter(self.every(key)), "")

    def every(self, key: str) -> list[str]:
        """Give all words under a key."""
        self.read.add(key)
        return self.words.get(key, [])

    def items(self, prefix: str) -> tuple[str, ...]:
        """Give the keys of a repeated block in order."""
        inside = re.compile(re.escape(prefix) + r"\.(\d+)(?:\.|$)")
        numbers = sorted({int(found[1]) for key in self.words if (found := inside.match(key))})
        return tuple(f"{prefix}.{number}" for number in numbers)

    def _measure(self, key: str, words: str, fields: tuple[Field, ...]) -> None:
        limit = self.limits.get(template(key), 0)
        if limit and len(words) > limit and fields:
            self.source.say("too_long", "too_long", fields[0], length=len(words), limit=limit)


def template(key: str) -> str:
    """Give a key with every number as N."""
    return _NUMBER.sub(".N", key)


def numbers_of(key: str) -> tuple[int, ...]:
    """Give the numbers in a key."""
    return tuple(int(one) for one in _NUMBER.findall(key))


def same_key(one: str, other: str) -> bool:
    """Say whether two keys are one place: a contact's card may be numbered or not."""
    return plain_key(one) == plain_key(other)


def plain_key(key: str) -> str:
    """Give a key without the number of a sole contact card."""
    return re.sub(r"^(contacts\.\w+)\.1\.", r"\1.", key)
