"""A comparison of two versions in words, for a terminal and for a program."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.study.builds import shown
from trialwright.study.versions import Change, Comparison, areas
from trialwright.terms.sentences import Text, fill, read_sentences

_SENTENCES = Path(__file__).with_name("sentences.toml")


def change_sentence(change: Change) -> Text:
    """Say one change in both languages."""
    template = _sentences()[f"change.{change.kind}"]
    said = {}
    for language in ("en", "fa"):
        facts = {
            "area": areas()[change.area].label.in_language(language),
            "id": f" {change.id}" if change.id else "",
            "field": change.field,
            "before": _in_language(change.before, language),
            "after": _in_language(change.after, language),
        }
        said[language] = template.in_language(language).format(**facts)
    return Text(**said)


def describe_comparison(comparison: Comparison) -> dict[str, Any]:
    """Describe a comparison as one JSON-able object."""
    reconsent, registry = comparison.reconsent, comparison.registry
    return {
        "old": comparison.old,
        "new": comparison.new,
        "amendment": comparison.is_amendment,
        "changes": [{**asdict(change), "sentence": asdict(change_sentence(change))} for change in comparison.changes],
        "visits": list(comparison.visits),
        "reconsent": {
            "needed": reconsent.needed,
            "arms": list(reconsent.arms),
            "consent": reconsent.consent,
            "because": [asdict(change_sentence(change)) for change in reconsent.because],
        },
        "registry": asdict(registry) if registry else None,
    }


def render_comparison(comparison: Comparison, *, language: str = "en") -> str:
    """Print what changed, and what follows from it."""
    return "\n".join(_lines(comparison, language)) + "\n"


def _lines(comparison: Comparison, language: str) -> Iterator[str]:
    kind = "amendment" if comparison.is_amendment else "build" if comparison.changes else "same"
    yield _say(f"diff.{kind}", language, old=comparison.old, new=comparison.new, number=len(comparison.changes))
    yield from (f"  {change_sentence(change).in_language(language)}" for change in comparison.changes)
    yield ""
    visits = ", ".join(comparison.visits)
    yield _say("diff.visits", language, visits=visits) if visits else _say("diff.no_visits", language)
    yield from _reconsent(comparison, language)
    yield from _registry(comparison, language)


def _reconsent(comparison: Comparison, language: str) -> Iterator[str]:
    reconsent = comparison.reconsent
    if not reconsent.needed:
        yield _say("diff.no_reconsent", language)
        return
    yield _say("diff.reconsent", language, arms=", ".join(reconsent.arms))
    yield from (f"  {change_sentence(change).in_language(language)}" for change in reconsent.because)
    if reconsent.consent:
        yield _say("diff.consent", language, consent=reconsent.consent)
    else:
        yield _say("diff.no_consent", language)


def _registry(comparison: Comparison, language: str) -> Iterator[str]:
    registry = comparison.registry
    if registry is None:
        yield _say("diff.no_registry", language)
        return
    yield _say("diff.registry", language, fields="; ".join(registry.fields))
    yield f"  {registry.by.in_language(language)} ({registry.source})"


def _say(code: str, language: str, **facts: object) -> str:
    return fill(_sentences()[code], **facts).in_language(language)


@cache
def _sentences() -> Mapping[str, Text]:
    return read_sentences(_SENTENCES)


def _in_language(value: Any, language: str) -> str:
    if isinstance(value, Mapping) and set(value) == {"en", "fa"}:
        return str(value[language])
    return shown(value)
