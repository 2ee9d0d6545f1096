"""Phones and e-mail addresses of people are left out of what may be passed on: in the copy, and wherever a finding repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trialwright.checks.findings import Finding, Place
from trialwright.registry import Record
from trialwright.terms.sentences import Text

HIDDEN = "•••"
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|(?:\+|\b00)[0-9۰-۹][0-9۰-۹ ().-]{6,24}[0-9۰-۹]")
_SHORTEST = 6


@dataclass(frozen=True, kw_only=True)
class Mask:
    """Finds what is private in a record's texts; one that `shows_all` finds nothing."""

    words: tuple[str, ...]
    shows_all: bool

    @classmethod
    def of(cls, record: Record, *, shows_all: bool) -> Mask:
        """Make the mask of a record: the words of its private fields, the longest first."""
        private = {one.text for one in record.fields if one.private and len(one.text) >= _SHORTEST}
        return cls(words=tuple(sorted(private, key=lambda one: (-len(one), one))), shows_all=shows_all)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give the places of private words in a text; they may overlap."""
        if self.shows_all:
            return
        yield from (found.span() for found in _ADDRESS.finditer(text))
        for words in self.words:
            at = text.find(words)
            while at >= 0:
                yield at, at + len(words)
                at = text.find(words, at + len(words))

    def hide(self, text: str) -> str:
        """Give a text without its private words."""
        shown, at = [], 0
        for start, end in sorted(self.spans(text)):
            if start >= at:
                shown += [text[at:start], HIDDEN]
            at = max(at, end)
        return "".join([*shown, text[at:]])

    def hide_in(self, finding: Finding) -> Finding:
        """Give a finding without private words."""
        if self.shows_all:
            return finding
        return replace(
            finding,
            places=tuple(self._place(one) for one in finding.places),
            sentence=Text(en=self.hide(finding.message.en), fa=self.hide(finding.message.fa)),
            facts={},
            wording=None if finding.wording is None else self.hide(finding.wording),
        )

    def _place(self, one: Place) -> Place:
        return replace(one, text=HIDDEN if one.private else self.hide(one.text))
