"""What registries write in different shapes: the phase, the limits of age, the two lists of criteria, a person's card.

Each is read only where its words have one meaning; otherwise the words are listed as left out, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from trialwright.registry.carry.source import Source
from trialwright.registry.record import Field
from trialwright.terms.digits import ascii_digits

_NOT_APPLICABLE = frozenset({"n/a", "na", "not applicable", "none"})
_PHASE_TOKENS = {"0": "0", "early": "0", "1": "1", "i": "1", "2": "2", "ii": "2", "3": "3", "iii": "3", "4": "4", "iv": "4"}
_NO_LIMIT = re.compile(
    r"no (?:age )?limit|no (?:minimum|maximum|lower|upper) (?:age )?limit|no (?:minimum|maximum) age|none|n/?a|not applicable|-",
    re.IGNORECASE,
)
_UNIT = r"(?P<unit>years?|months?|weeks?|days?|hours?)"
_LIMIT = re.compile(rf"(?P<amount>\d{{1,3}})\s*{_UNIT}(?: old)?", re.IGNORECASE)
_RANGE = re.compile(rf"(?:from\s+)?(?P<low>\d{{1,3}})\s*(?:-|–|to)\s*(?P<high>\d{{1,3}})\s*{_UNIT}(?: old)?", re.IGNORECASE)
_FROM_TO = re.compile(
    rf"(?:from\s+)?(?P<low>\d{{1,3}}\s*{_UNIT})(?: old)?\s*(?:-|–|to)\s*(?P<high>\d{{1,3}}\s*\w+)(?: old)?", re.IGNORECASE
)
_ONE_SIDED = re.compile(rf"(?P<side>from|to)\s+(?P<limit>\d{{1,3}}\s*{_UNIT})(?: old)?", re.IGNORECASE)
_EXCLUSION = re.compile(r"\bexclusion criteria\s*(?::|are\b|include\b)", re.IGNORECASE)
_LISTED = {"public": "general", "scientific": "scientific"}
_LABEL = re.compile(r"(?P<label>[^:.;\n]{3,60}):\s")


@dataclass(frozen=True, kw_only=True)
class Ages:
    """The limits of age in words such as "18 Years"; an empty word is "no limit" and None is not said."""

    low: str | None
    high: str | None
    fields: tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class Criteria:
    """What lets in and what keeps out; `joined` where one text holds both."""

    inclusion: str
    exclusion: str
    joined: str
    fields: tuple[Field, ...]


def plain(words: str) -> str:
    """Give words for comparison with a list: small letters, one blank between them."""
    return " ".join(words.casefold().replace("_", " ").replace("-", " ").replace(",", " ").split())


def phase_numbers(source: Source) -> tuple[tuple[str, ...], tuple[Field, ...]]:
    """Read the phases as numbers ("0" to "4", or "na"), with the fields that say them; nothing where they cannot be read."""
    fields = tuple(source.every("design.phase"))
    found: dict[str, None] = {}
    for one in fields:
        numbers = _phases(one.text)
        if numbers is None:
            source.say("left_out", "unreadable_phase", one)
            return (), ()
        found.update(dict.fromkeys(numbers))
    return tuple(sorted(found)), fields


def _phases(words: str) -> tuple[str, ...] | None:
    text = re.sub(r"\([^()]*\)", " ", ascii_digits(words)).casefold().strip()
    if plain(text) in _NOT_APPLICABLE or text in _NOT_APPLICABLE:
        return ("na",)
    if re.fullmatch(r"early[_ ]phase[_ ]?(?:1|i)", text):
        return ("0",)
    tokens = [one for one in re.split(r"[\s/,_+-]+|phases?|and|to", text) if one]
    if not tokens or any(one not in _PHASE_TOKENS for one in tokens) or len(tokens) > 2:
        return None
    return tuple(_PHASE_TOKENS[one] for one in tokens)


def ages(source: Source) -> Ages:
    """Read the limits of age, from one sentence or from two fields."""
    told = source.take("eligibility.age")
    if told is not None:
        found = _limits(ascii_digits(told.text))
        if found is None:
            source.say("left_out", "unreadable_age", told)
            return Ages(low=None, high=None, fields=())
        return Ages(low=found[0], high=found[1], fields=(told,))
    low, high = source.take("eligibility.age_from"), source.take("eligibility.age_to")
    return Ages(low=_one_limit(source, low), high=_one_limit(source, high), fields=tuple(one for one in (low, high) if one))


def _limits(words: str) -> tuple[str, str] | None:
    text = words.replace("*", "").strip(" .")
    if _NO_LIMIT.fullmatch(text):
        return "", ""
    found = _RANGE.fullmatch(text)
    if found:
        return f"{found['low']} {_units(found['unit'])}", f"{found['high']} {_units(found['unit'])}"
    found = _FROM_TO.fullmatch(text)
    high = _LIMIT.fullmatch(found["high"]) if found else None
    if found and high:
        return _written(found["low"]), _written(found["high"])
    found = _ONE_SIDED.fullmatch(text)
    if found:
        return (_written(found["limit"]), "") if found["side"].casefold() == "from" else ("", _written(found["limit"]))
    return None


def _one_limit(source: Source, one: Field | None) -> str | None:
    if one is None:
        return None
    text = ascii_digits(one.text).strip(" .")
    if _NO_LIMIT.fullmatch(text):
        return ""
    if _LIMIT.fullmatch(text):
        return _written(text)
    source.say("left_out", "unreadable_age", one)
    return None


def _written(limit: str) -> str:
    found = _LIMIT.fullmatch(limit.strip())
    assert found is not None
    return f"{found['amount']} {_units(found['unit'])}"


def _units(unit: str) -> str:
    return unit.casefold().rstrip("s").capitalize() + "s"


def criteria(source: Source) -> Criteria:
    """Give both lists of criteria. A text is parted only where it says once, in words, where the exclusion begins."""
    text, exclusion = source.take("eligibility.text"), source.take("eligibility.exclusion")
    fields = tuple(one for one in (text, exclusion) if one is not None)
    told = text.text if text else ""
    if exclusion is not None:
        joined = f"{_headed('Inclusion Criteria', told)}\n\n{_headed('Exclusion Criteria', exclusion.text)}".strip()
        return Criteria(inclusion=told, exclusion=exclusion.text, joined=joined, fields=fields)
    found = list(_EXCLUSION.finditer(told))
    if len(found) != 1 or found[0].start() == 0:
        return Criteria(inclusion=told, exclusion="", joined=told, fields=fields)
    at = found[0].start()
    return Criteria(inclusion=told[:at].strip(), exclusion=told[at:].strip(), joined=told, fields=fields)


def _headed(heading: str, words: str) -> str:
    if not words or words.casefold().startswith(heading.casefold()):
        return words
    return f"{heading}:\n\n{words}"


def arm_label(words: str) -> str:
    """Give the words before a first colon, which is how the Iranian registry names a group; nothing without a colon."""
    found = _LABEL.match(words)
    return found["label"].strip() if found else ""


def given_in(source: Source, arm: str) -> list[list[Field]]:
    """Give the interventions of an arm (name and description each), where the record links them by the arm's label."""
    label = source.peek(f"{arm}.label")
    found: list[list[Field]] = []
    for item in source.record.items("interventions"):
        links = [one for one in source.record.all(f"{item}.arms") if label is not None and one.text == label.text]
        parts = (source.peek(f"{item}.{part}") for part in ("name", "description"))
        told = [one for one in parts if one is not None]
        if links and told:
            for one in (*links, *told):
                source.take(one.key)
            found.append([*told, *links])
    return found


def people(source: Source, role: str) -> tuple[str, ...]:
    """Give the keys of the cards of a role: one unnumbered card, numbered ones, or those of WHO's list with this type."""
    numbered = source.record.items(f"contacts.{role}")
    sole = (f"contacts.{role}",) if source.record.all(f"contacts.{role}") else ()
    listed = [
        card
        for card in source.record.items("contacts.listed")
        if _LISTED.get(source.record.words(f"{card}.type").casefold()) == role and source.take(f"{card}.type")
    ]
    return (*(numbered or sole), *listed)


def name_of(source: Source, card: str) -> list[Field]:
    """Give the fields of a person's name: one, or the first, middle and family name."""
    keys = (f"{card}.{part}" for part in ("person", "middle_name", "family_name"))
    return [found for key in keys if (found := source.take(key)) is not None]


def organisations(source: Source) -> list[Field]:
    """Give the names of the sponsors, the first first, then those who share in it."""
    keys = (*source.record.items("sponsors"), *source.record.items("collaborators"))
    return [found for key in keys if (found := source.take(f"{key}.name")) is not None]


def chosen(source: Source, one: Field, table: Mapping[str, str]) -> str | None:
    """Give the other form's word for a value: by its printed words first, then by its meaning; else list it."""
    for meaning in (plain(one.text), plain(one.value) if isinstance(one.value, str) else ""):
        if meaning in table:
            return table[meaning]
    source.say("left_out", "no_such_value", one, allowed=", ".join(dict.fromkeys(table.values())))
    return None
