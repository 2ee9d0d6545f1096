"""What a change between two versions of a record is: its code, places in both, its weight, whom it concerns, and when.

Sentences stand in `sentences.toml`, weight and rule in `rules.toml`, both under the code. A change speaks of the record.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from trialwright.checks.findings import Place, place
from trialwright.checks.wording import fill_facts
from trialwright.registry import Field
from trialwright.terms.sentences import Text, read_sentences

ChangeKind = Literal["editorial", "clarifying", "substantive"]
AfterStart = Literal["yes", "no", "not_known"]

SENTENCES = Path(__file__).with_name("sentences.toml")
_RULES = Path(__file__).with_name("rules.toml")
_WORDS = Path(__file__).with_name("words.toml")
_SHOWN = 160
_HIDDEN = "(private)"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that a later version says otherwise.

    `before` and `after` are the places in the two records; `affects` are those it concerns (registrant, participants, analysis,
    reader); `after_enrolment` says whether it happened after enrolment began, as far as the record's own dates tell.
    """

    code: str
    variant: str
    kind: ChangeKind
    before: tuple[Place, ...]
    after: tuple[Place, ...]
    message: Text
    affects: tuple[str, ...]
    rule: Text
    source: str
    after_enrolment: AfterStart = "not_known"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a comparison saw: fields in both versions and the facts for its sentence."""

    code: str
    variant: str = ""
    before: tuple[Field, ...] = ()
    after: tuple[Field, ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)
    weighty: bool = False


@cache
def load_rules() -> Mapping[str, Any]:
    """Load weights and rules once."""
    return tomllib.loads(_RULES.read_text(encoding="utf-8"))


@cache
def load_words() -> Mapping[str, Any]:
    """Load the words that comparisons look for once."""
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def word(table: str, name: str) -> Text:
    """Give a word in both languages."""
    return Text(**load_words()[table][name])


def label(block: str) -> Text:
    """Give the words for a block of a record, or its key where it has none."""
    found = load_rules()["labels"].get(block)
    return Text(**found) if found else Text(en=block, fa=block)


def change_of(seen: Seen, *, after_enrolment: AfterStart) -> Change:
    """Make a change of what was seen."""
    key = f"{seen.code}.{seen.variant}" if seen.variant else seen.code
    rule = load_rules()["codes"][key]
    facts = {name: _shortened(fact) for name, fact in seen.facts.items()}
    return Change(
        code=seen.code,
        variant=seen.variant,
        kind="substantive" if seen.weighty else rule["kind"],
        before=tuple(_shown(one) for one in seen.before),
        after=tuple(_shown(one) for one in seen.after),
        message=fill_facts(read_sentences(SENTENCES)[key], facts),
        affects=tuple(rule["affects"]),
        rule=Text(**rule["rule"]),
        source=load_rules()["sources"][rule["source"]],
        after_enrolment=after_enrolment,
    )


def change_as_json(change: Change) -> dict[str, object]:
    """Give a change as a plain object: what `history --json` prints."""
    return {
        "code": change.code,
        "variant": change.variant,
        "kind": change.kind,
        "after_enrolment": change.after_enrolment,
        "message": change.message.en,
        "message_fa": change.message.fa,
        "before": [{"path": one.path, "text": one.text, "line": one.line} for one in change.before],
        "after": [{"path": one.path, "text": one.text, "line": one.line} for one in change.after],
        "affects": list(change.affects),
        "rule": change.rule.en,
        "rule_fa": change.rule.fa,
        "source": change.source,
    }


def _shown(one: Field) -> Place:
    found = place(one)
    return replace(found, text=_HIDDEN) if one.private else found


def _shortened(fact: object) -> object:
    """Give a fact short enough for a sentence."""
    if isinstance(fact, Text):
        return Text(en=_short(fact.en), fa=_short(fact.fa))
    return _short(fact) if isinstance(fact, str) else fact


def _short(fact: str) -> str:
    plain = " ".join(fact.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
