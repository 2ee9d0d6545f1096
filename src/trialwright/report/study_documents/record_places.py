"""Where in the record something stands: the words after `from` in a definition, resolved to lines of the record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialwright.checks.review import anchor_of
from trialwright.registry import Field, Record, State

_PARTS = re.compile(r";\s*|,\s+(?=[A-Z])")
_NUMBERED = re.compile(r"(?P<name>\D+?)\s+(?P<numbers>\d+(?:,\s*\d+)*)(?:\s*[:(].*)?")
_AFTERWARDS = re.compile(r"\s*[:(].*", re.DOTALL)
_KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_]+)*")
_BLOCKS = {
    "primary outcomes": "outcomes.primary",
    "secondary outcomes": "outcomes.secondary",
    "other outcomes": "outcomes.other",
    "outcomes": "outcomes.listed",
    "intervention groups": "arms",
    "ethics committees": "ethics",
    "health conditions studied": "conditions",
    "summary": "summary",
    "randomization": "design.allocation",
    "blinding": "design.masking",
}
"""What registries call their blocks on a printed page, and the key of each."""
_BESIDE = {
    "title": ("titles.scientific", "titles.public"),
    "sample_size": ("design.sample_size.target", "design.sample_size.actual"),
    "age_limits": ("eligibility.age", "eligibility.age_from", "eligibility.age_to"),
    "plain what": ("summary.text",),
    "plain who": ("eligibility.text",),
}
"""What the record says of facts that a definition writes without naming their place."""


@dataclass(frozen=True, kw_only=True)
class RecordPlace:
    """Words of a definition about the record; `anchor` is the line that they name, empty where the record has no such place."""

    words: str
    anchor: str = ""
    line: int = 0


def find_places(said: str, record: Record | None) -> tuple[RecordPlace, ...]:
    """Resolve the words after `from`, a part at a time; each outcome that is named by its number is a place of its own."""
    parts = [part.strip() for part in _PARTS.split(said) if part.strip()]
    return tuple(place for part in parts for place in _places(part, record))


def find_beside(name: str, record: Record | None) -> RecordPlace | None:
    """Find what the record says of a fact that names no place in it, None where it says nothing."""
    found = (record.get(key) for key in _BESIDE.get(name, ()) if record)
    one = next((one for one in found if one and one.state is State.VALUE), None)
    return place_of(one, record) if one and record else None


def place_of(one: Field, record: Record, words: str = "") -> RecordPlace:
    """Give the place of a field, named by its label unless words are given."""
    return RecordPlace(words=words or one.label or one.key, anchor=anchor_of(record, one), line=one.span.line)


def _places(part: str, record: Record | None) -> Iterator[RecordPlace]:
    if record is None:
        yield RecordPlace(words=part)
        return
    numbered = _NUMBERED.fullmatch(part)
    block = _BLOCKS.get(numbered["name"].lower()) if numbered else None
    if numbered and block:
        numbers = re.split(r",\s*", numbered["numbers"])
        for at, number in enumerate(numbers):
            found = record.all(f"{block}.{number}")
            words = part if len(numbers) == 1 else f"{numbered['name']} {number}" if at == 0 else number
            yield place_of(found[0], record, words) if found else RecordPlace(words=words)
        return
    one = _find(part, record)
    yield place_of(one, record, part) if one else RecordPlace(words=part)


def _find(part: str, record: Record) -> Field | None:
    """The field that a part names by its key, its block or its label, or whose words it quotes."""
    listed = part.removeprefix("Listing:").strip()
    name = _AFTERWARDS.sub("", listed).strip()
    if _KEY.fullmatch(name):
        return next((one for one in record.fields if one.key == name or one.key.startswith((f"{name}.", f"{name}_"))), None)
    block = _BLOCKS.get(name.lower())
    if block:
        return _first_said(record.all(block))
    labelled = [one for one in record.fields if one.label and name.lower().startswith(one.label.lower().partition(" (")[0])]
    quoted = (one for one in record.fields if len(listed) > 12 and listed.lower() in one.text.lower())
    return max(labelled, key=lambda one: len(one.label or ""), default=None) or next(quoted, None)


def _first_said(found: tuple[Field, ...]) -> Field | None:
    return next((one for one in found if one.state is State.VALUE), found[0] if found else None)
