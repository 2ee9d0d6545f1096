"""What a check is and what it finds.

A check is a function over a record and today's date, with its code, its rule and the rule's source.
It yields evidence; the sentences stand in `sentences.toml`, in English and Persian, under its code; its rule stands in Persian in
`rules.toml`.
Nothing is found without words of the record to point at.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from trialwright.checks.wording import fill_facts
from trialwright.registry import Field, Record
from trialwright.terms.sentences import Text, read_sentences

Severity = Literal["error", "warning", "note"]

SENTENCES = Path(__file__).with_name("sentences.toml")
RULES = Path(__file__).with_name("rules.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the record, and the words that stand there. Offsets count characters of the file.

    `private` marks words that public pages leave out: a person's phone or e-mail.
    """

    path: str
    text: str
    line: int
    start: int
    end: int
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a check saw: the places, the facts for its sentence, and wording ready to paste, if any.

    `variant` chooses another sentence of the same check; `severity` another weight than its usual one.
    """

    places: tuple[Place, ...]
    facts: Mapping[str, object] = field(default_factory=dict)
    variant: str = ""
    wording: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a record lacks or contradicts."""

    code: str
    severity: Severity
    places: tuple[Place, ...]
    sentence: Text
    rule: Text
    source: str
    todo: Text
    wording: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    @cached_property
    def message(self) -> Text:
        """What was found, in one sentence; it is written when somebody reads it, because counting a registry does not."""
        return fill_facts(self.sentence, self.facts)


@cache
def load_persian_rules() -> Mapping[str, str]:
    """Load the rule of each check in Persian."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


Look = Callable[[Record, date], Iterator[Evidence]]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check with everything a reader needs to judge it."""

    code: str
    severity: Severity
    rule: str
    source: str
    look: Look

    @cached_property
    def todo(self) -> Text:
        """What to do about a finding."""
        return read_sentences(SENTENCES)[f"{self.code}.todo"]

    @cached_property
    def rule_text(self) -> Text:
        """The rule in both languages; in Persian it stands in `rules.toml`."""
        return Text(en=self.rule, fa=load_persian_rules()[self.code])

    def find(self, record: Record, today: date) -> Iterator[Finding]:
        """Give the findings of this check in a record."""
        for seen in self.look(record, today):
            yield self._finding(seen)

    def _finding(self, seen: Evidence) -> Finding:
        sentences = read_sentences(SENTENCES)
        key = f"{self.code}.{seen.variant}" if seen.variant else self.code
        return Finding(
            code=self.code,
            severity=seen.severity or self.severity,
            places=seen.places,
            sentence=sentences[key],
            facts=seen.facts,
            rule=self.rule_text,
            source=self.source,
            todo=self.todo,
            wording=seen.wording,
        )


def check(*, code: str, severity: Severity, rule: str, source: str) -> Callable[[Look], Check]:
    """Turn a function into a check."""
    return lambda look: Check(code=code, severity=severity, rule=rule, source=source, look=look)


def place(one: Field, words: str | None = None) -> Place:
    """Point at a field, or at some words in it. An empty field is shown by its label."""
    as_printed = len(one.raw) == one.span.end - one.span.start
    at = one.raw.find(words) if words and as_printed else -1
    start = one.span.start + at if at >= 0 else one.span.start
    end = start + len(words) if words and at >= 0 else one.span.end
    shown = words or one.text or one.raw.strip() or f"{one.label or one.key}: (nothing printed)"
    return Place(path=one.path, text=shown, line=one.span.line, start=start, end=end, private=one.private)


def finding_as_json(finding: Finding) -> dict[str, object]:
    """Give a finding as a plain object: what `check --json` prints."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "places": [{"path": one.path, "text": one.text, "line": one.line} for one in finding.places],
        "message": finding.message.en,
        "message_fa": finding.message.fa,
        "rule": finding.rule.en,
        "rule_fa": finding.rule.fa,
        "source": finding.source,
        "todo": finding.todo.en,
        "todo_fa": finding.todo.fa,
        "wording": finding.wording,
    }
