"""How values go into WHO's elements: kept under their own key, moved, joined, as a day; too long ones are remarked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trialwright.registry.carry.source import Source
from trialwright.registry.carry.xml_text import is_unfit
from trialwright.registry.record import Field


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The record being carried and the lengths of the elements."""

    source: Source
    limits: Mapping[str, int]

    def same(self, one: Field | None) -> str:
        """Give a field's words; they stay under their own key."""
        return self.kept_or_moved(one, one.text, to="", kept=True) if one else ""

    def moved(self, one: Field | None, *, to: str) -> str:
        """Give a field's words; they stand under another name."""
        if one is None:
            return ""
        self.measure(to, one.text, [one])
        return self.kept_or_moved(one, one.text, to=to, kept=False)

    def kept_or_moved(self, one: Field, words: str, *, to: str, kept: bool) -> str:
        """Give words for a field and note whether they read back as it."""
        if is_unfit(words):
            self.source.say("left_out", "control_characters", one)
        elif kept:
            self.source.keep(one)
        else:
            self.source.say("moved", "moved", one, to=to)
        return words

    def joined(self, fields: Sequence[Field], between: str, *, to: str, kept: bool = True) -> str:
        """Give several fields as one text; a single one may stay what it was, as may a list that is parted again."""
        alone = kept and (len(fields) <= 1 or between == "; ")
        for one in fields:
            if alone:
                self.kept_or_moved(one, one.text, to=to, kept=True)
            else:
                self.source.say("moved", "joined", one, to=to)
        return between.join(one.text for one in fields)

    def day(self, one: Field | None, *, to: str = "") -> str:
        """Give a date as WHO writes it, day first; a month stays a month."""
        found = self.source.day(one)
        if one is None or found is None:
            return ""
        if found.precision != "day":
            precision = {"month": "ماه", "year": "سال"}[found.precision]
            self.source.say("imprecise", "day_not_said", one, precision=found.precision, precision_fa=precision)
        words = f"{found.day:02d}/{found.month:02d}/{found.year}" if found.day and found.month else str(found)
        return self.kept_or_moved(one, words, to=to, kept=not to)

    def measure(self, element: str, words: str, fields: Iterable[Field]) -> None:
        """Remark on words beyond the length of their element."""
        limit, first = self.limits.get(element, 0), next(iter(fields), None)
        if limit and len(words) > limit and first is not None:
            self.source.say("too_long", "too_long", first, length=len(words), limit=limit)
