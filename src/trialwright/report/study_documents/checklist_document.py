"""A filled checklist as a document and as a table for a spreadsheet."""

from collections.abc import Iterator

from trialwright.report.document import Column, Document, English, Paragraph, Section, Table, Tag
from trialwright.report.study_documents.checklist import FilledItem, Name, count_statuses, fill_checklist
from trialwright.report.study_documents.held import Held
from trialwright.report.study_documents.items import in_lines
from trialwright.report.study_documents.record_places import place_of
from trialwright.report.study_documents.synopsis import document
from trialwright.report.study_documents.told import Part, Told

_ASKED = ("intervention", "number", "title_en", "title_fa", "asked_en", "asked_fa")
COLUMNS = (*_ASKED, "status", "definition", "record", "missing_en", "missing_fa", "questions")
_SHOWN = 3


def checklist_document(told: Told, name: Name) -> Document:
    """Build a checklist in one language: the counts, then every item with its answer."""
    filled = fill_checklist(name, told.held)
    counts = {status: told.wording.count(count_statuses(filled).get(status, 0)) for status in ("given", "partly", "gap", "aside")}
    how = (
        Paragraph(text=told.say("check.counts", all=told.wording.count(len(filled)), **counts), kind="key"),
        Paragraph(text=told.say("check.how"), kind="note"),
    )
    groups = dict.fromkeys(one.about for one in filled)
    sections = (_group(told, name, about, tuple(one for one in filled if one.about == about)) for about in groups)
    return document(told, name, (Section(id="how", title=told.say("section.how"), blocks=how), *sections))


def checklist_table(name: Name, held: Held) -> Iterator[tuple[str, ...]]:
    """The rows of the CSV, in both languages."""
    for one in fill_checklist(name, held):
        item = one.item
        yield (
            one.about,
            item.number,
            item.title.en,
            item.title.fa,
            item.name.en,
            item.name.fa,
            one.status,
            "; ".join(f"{fact.file}:{fact.line} {fact.name}" for fact in one.facts),
            "; ".join(f"{held.record_file}:{field.span.line} {field.path}" for field in one.fields),
            "; ".join(text.en for text in one.missing),
            "؛ ".join(text.fa for text in one.missing),
            "; ".join(fact.basis.question for fact in one.questions),
        )


def _group(told: Told, name: Name, about: str, filled: tuple[FilledItem, ...]) -> Section:
    title = told.text(told.study.intervention(about).label) if about else told.say(f"kind.{name}")
    anchor = f"of-{about}" if about else "items"
    table = Table(
        id=f"table-{anchor}",
        title=title,
        columns=(
            Column(label=told.say("column.number"), width=0.7),
            Column(label=told.say("column.asked"), width=2.4),
            Column(label=told.say("column.status"), width=1.3),
            Column(label=told.say("column.where"), width=5),
        ),
        rows=tuple(
            (
                told.wording.code(one.item.number),
                _asked(told, one),
                (Tag(text=told.say(f"status.{one.status}"), kind=one.status),),
                _where(told, one),
            )
            for one in filled
        ),
        row_ids=tuple(f"item-{about + '-' if about else ''}{one.item.number}" for one in filled),
        stacks=True,
    )
    return Section(id=anchor, title=title, blocks=(table,))


def _asked(told: Told, one: FilledItem) -> tuple[Part, ...]:
    """The title that the standard gives, and our words for what is asked where they say more."""
    title, name = told.text(one.item.title), told.text(one.item.name)
    return (title,) if title.casefold() == name.casefold() else (title, "\n", name)


def _where(told: Told, one: FilledItem) -> tuple[Part, ...]:
    """A line each for the definition, the record, what is missing, and every open question."""
    lines = [line for line in (_facts(told, one), _fields(told, one), _missing(told, one)) if line]
    lines += [
        (Tag(text=told.say("tag.open"), kind="open"), " ", told.question_link(fact), ": ", English(text=fact.basis.question))
        for fact in one.questions
    ]
    return in_lines(lines)


def _facts(told: Told, one: FilledItem) -> tuple[Part, ...]:
    """The first facts that answer it, each with its name and place, and how many more there are."""
    parts: list[Part] = []
    for fact in one.facts[:_SHOWN]:
        parts += ["\n" if parts else "", English(text=fact.name), " · ", told.definition_link(fact)]
    if len(one.facts) > _SHOWN:
        parts += [" ", told.say("check.more", n=told.wording.count(len(one.facts) - _SHOWN))]
    return tuple(part for part in parts if part)


def _fields(told: Told, one: FilledItem) -> tuple[Part, ...]:
    record = told.held.record
    if record is None or not one.fields:
        return ()
    parts: list[Part] = [Tag(text=told.say("tag.record"), kind="record"), " "]
    for at, field in enumerate(one.fields):
        parts += [*((told.comma,) if at else ()), *told.record_link(place_of(field, record))]
    return tuple(parts)


def _missing(told: Told, one: FilledItem) -> tuple[Part, ...]:
    if not one.missing:
        return ()
    words = told.wording.parted(told.text(text) for text in one.missing)
    label = told.say("status.aside") if one.status == "aside" else told.say("check.missing")
    return (f"{label.removesuffix(':')}: {words}",)
