"""The objects of a USDM document as they are read: what is not of the expected kind is not there, and what nobody reads is
counted.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from trialwright.exchange.plain_text import plain
from trialwright.exchange.usdm.objects import REST, terms

_PARAGRAPH = re.compile(r"<p>(.*)</p>", re.DOTALL)
_IGNORED = frozenset(["id", "instanceType", "extensionAttributes", "previousId", "nextId"])


@dataclass(kw_only=True)
class Reading:
    """One document: its objects by id, and which attributes were read."""

    objects: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    read: set[tuple[int, str]] = field(default_factory=set)
    extended: list[str] = field(default_factory=list)
    """Objects whose extension of ours was read: there somebody may have put values of any kind."""

    def index(self, value: Any) -> None:
        """Remember every object by its id; the first of two wins, as a reference cannot mean both."""
        for one in walk(value):
            if isinstance(one.get("id"), str) and one["id"]:
                self.objects.setdefault(one["id"], one)

    def unread(self, value: Any) -> Counter[str]:
        """Class.attribute -> how often it holds something that was not read. Parts of what was read whole are not counted."""
        found: Counter[str] = Counter()
        for one in walk(value):
            found.update(
                f"{one.get('instanceType', '?')}.{key}"
                for key, held in one.items()
                if key not in _IGNORED and held not in (None, "", [], {}) and (id(one), key) not in self.read
            )
        return found


def walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every object of a document, codes and extensions left aside."""
    if isinstance(value, Mapping):
        if value.get("instanceType") in ("ExtensionAttribute", "Code", "AliasCode"):
            return
        yield value
        for one in value.values():
            yield from walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from walk(one)


class Node:
    """One object; an attribute of another kind than asked for reads as nothing."""

    def __init__(self, value: Any, reading: Reading) -> None:
        self.value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        self.reading = reading

    def __bool__(self) -> bool:
        return bool(self.value)

    def _get(self, key: str) -> Any:
        self.reading.read.add((id(self.value), key))
        return self.value.get(key)

    @property
    def id(self) -> str:
        return str(self.value.get("id") or "")

    @property
    def key(self) -> str:
        """What tells it from every other object, with or without an id."""
        return self.id or f"#{id(self.value)}"

    @property
    def called(self) -> str:
        """The words that it goes by: its label, its name, or failing these its id."""
        return self.words("label") or self.words("name") or plain(self.id) or self.kind or "not named"

    @property
    def kind(self) -> str:
        return str(self.value.get("instanceType", ""))

    def text(self, key: str) -> str:
        value = self._get(key)
        return value if isinstance(value, str) else ""

    def words(self, key: str) -> str:
        """A text as the words of a definition: without markup, on one line."""
        return plain(self.text(key))

    def paragraph(self, key: str) -> str:
        """The exact words of a paragraph as we write it; of any other markup its words."""
        value = self.text(key)
        inner = _PARAGRAPH.fullmatch(value)
        if inner and "<" not in inner.group(1):
            return inner.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return plain(value)

    def number(self, key: str) -> Decimal | None:
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return None
        try:
            return Decimal(value)
        except InvalidOperation:
            return None

    def is_true(self, key: str) -> bool:
        return self._get(key) is True

    def one(self, key: str) -> "Node":
        return Node(self._get(key), self.reading)

    def many(self, key: str) -> list["Node"]:
        value = self._get(key)
        return [Node(one, self.reading) for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []

    def to(self, key: str) -> "Node":
        """The object that an id points to."""
        return Node(self.reading.objects.get(self.text(key)), self.reading)

    def all_to(self, key: str) -> list["Node"]:
        value = self._get(key)
        ids = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        return [Node(self.reading.objects[one], self.reading) for one in ids if one in self.reading.objects]

    def code(self, key: str) -> "Node":
        """A code, or the standard code of an alias."""
        found = self.one(key)
        return found.one("standardCode") if "standardCode" in found.value else found

    def word(self, key: str, group: str) -> str:
        """Our word for a CDISC term; nothing where it is none of ours."""
        return _words(group).get(self.code(key).text("code"), "")

    def rest(self) -> dict[str, Any]:
        """What our writer kept beside the standard. Raises: tomllib.TOMLDecodeError for what somebody broke."""
        for one in self.many("extensionAttributes"):
            if one.text("url") == REST:
                self.reading.extended.append(self.id)
                return tomllib.loads(one.text("valueString"), parse_float=Decimal)
        return {}


@cache
def _words(group: str) -> Mapping[str, str]:
    found: dict[str, str] = {code: word for word, (code, _) in terms()[group].items()}
    return {**found, **_ALIKE.get(group, {})}


_ALIKE: Mapping[str, Mapping[str, str]] = {
    "arm": {"C174267": "control", "C174268": "control", "C174269": "control", "C174270": "control", "C15538": "experimental"},
    "epoch": {"C98779": "run_in", "C42872": "washout"},
}
"""Terms that we do not write and understand all the same: other control arms, a treatment arm, run-in and washout epochs."""
