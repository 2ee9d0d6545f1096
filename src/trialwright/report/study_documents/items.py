"""How one item is shown: the answer that it takes, and its names in the data."""

from collections.abc import Sequence
from decimal import Decimal

from trialwright.report.document import Code, English
from trialwright.report.study_documents.told import Part, Told
from trialwright.report.wording import NONE
from trialwright.study.facts import NO_BASIS
from trialwright.study.model import Concept, Item

_STANDARDS = (("cdash", "CDASH"), ("sdtm", "SDTM"), ("loinc", "LOINC"))


def item_words(told: Told, item: Item) -> tuple[Part, ...]:
    """The question with its id."""
    return (told.text(item.label), "\n", Code(text=item.id))


def answer_words(told: Told, item: Item) -> tuple[Part, ...]:
    """What may be answered, whether it may stay empty, and the help that the form gives."""
    required = told.say("item.required" if item.required else "item.optional")
    help_words: tuple[Part, ...] = ("\n", told.text(item.help)) if item.help else ()
    return (*_choices_or_number(told, item.concept), "\n", required, *help_words)


def _choices_or_number(told: Told, concept: Concept) -> tuple[Part, ...]:
    """Codes with their labels, a number with unit, limits and decimals, or a date."""
    if concept.kind == "choice":
        return in_lines([("○ ", Code(text=one.code), " ", told.text(one.label)) for one in concept.choices])
    if concept.kind not in ("decimal", "integer"):
        return (told.say(f"answer.{concept.kind}"),)
    further = [limits_words(told, concept)]
    if concept.kind == "decimal":
        further.append(told.say("answer.decimals", n=told.wording.code(concept.decimals)))
    written = told.say("answer.decimal", unit=told.wording.unit(concept.unit)).strip()
    return in_lines([(written,), *((words,) for words in further if words)])


def in_lines(lines: Sequence[tuple[Part, ...]]) -> tuple[Part, ...]:
    """Parts of several lines as one, with a line's end between them."""
    return tuple(part for at, line in enumerate(lines) for part in ((("\n",) if at else ()) + line))


def limits_words(told: Told, concept: Concept) -> str:
    """What is possible in a living person; empty where nothing bounds it."""
    low, high = (_number(told, limit) for limit in (concept.low, concept.high))
    if low and high:
        return told.say("answer.limits", low=low, high=high)
    if low:
        return told.say("answer.from", low=low)
    return told.say("answer.to", high=high) if high else ""


def annotation_words(told: Told, item: Item) -> tuple[Part, ...]:
    """Concept, CDASH variable, SDTM domain and code, LOINC, a dash where a standard has none; and what the item rests on."""
    concept = item.concept
    lines: list[tuple[Part, ...]] = [(f"{told.say('annotation.concept')} ", Code(text=concept.id))]
    for field, name in _STANDARDS:
        lines.append((f"{told.wording.code(name)} ", Code(text=getattr(concept, field) or NONE)))
    if concept.source:
        lines.append((English(text=concept.source),))
    if item.basis != NO_BASIS:
        lines.append(told.short_basis(told.held.facts[f"item {item.id}"]))
    return in_lines(lines)


def _number(told: Told, limit: Decimal | None) -> str:
    return "" if limit is None else told.wording.measured(limit)
