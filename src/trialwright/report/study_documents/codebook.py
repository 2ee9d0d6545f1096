"""The codebook: one row an item, for whoever reads the exported values."""

from collections.abc import Iterator

from trialwright.report.document import Code, Column, Document, Paragraph, Section, Table
from trialwright.report.study_documents.items import in_lines, limits_words
from trialwright.report.study_documents.synopsis import document
from trialwright.report.study_documents.told import Part, Told
from trialwright.report.wording import NONE
from trialwright.study.codebook import CODEBOOK, codebook_rows
from trialwright.study.model import Concept, Form, Study

COLUMNS = (*CODEBOOK, "concept", "required", "visits", "choices_fa")


def codebook(told: Told) -> Document:
    """Build the codebook in one language."""
    how = Paragraph(text=told.say("codebook.how"), kind="note")
    sections = (_form(told, form) for form in told.study.forms.values())
    return document(told, "codebook", (Section(id="how", title=told.say("section.how"), blocks=(how,)), *sections))


def codebook_table(study: Study) -> Iterator[tuple[str, ...]]:
    """The rows of the CSV: the columns of an export's codebook, then concept, whether it is required, and visits."""
    items = [(form, item) for form in study.forms.values() for item in form.items]
    for row, (form, item) in zip(codebook_rows(study), items, strict=True):
        visits = "; ".join(e.id for e in study.encounters if form.id in e.forms)
        choices = "; ".join(f"{one.code} = {one.label.fa}" for one in item.concept.choices)
        yield (*row, item.concept.id, "yes" if item.required else "no", visits, choices)


def _form(told: Told, form: Form) -> Section:
    table = Table(
        id=f"codes-{form.id}",
        title=told.text(form.label),
        columns=(
            Column(label=told.say("column.item"), width=2.2),
            Column(label=told.say("column.label"), width=2.4),
            Column(label=told.say("column.kind"), width=1.1),
            Column(label=told.say("column.values"), width=2.2),
            Column(label=told.say("column.standards"), width=2.2),
        ),
        rows=tuple(
            (
                (Code(text=item.id),),
                told.text(item.label),
                _kind(told, item.concept),
                _values(told, item.concept),
                _standards(item.concept),
            )
            for item in form.items
        ),
        row_ids=tuple(f"code-{form.id}-{item.id}" for item in form.items),
        stacks=True,
        small=True,
    )
    return Section(id=f"codebook-{form.id}", title=told.text(form.label), blocks=(table,))


def _kind(told: Told, concept: Concept) -> str:
    unit = told.wording.unit(concept.unit)
    kind = told.say(f"kind.{concept.kind}")
    return told.say("labelled", label=kind, unit=unit) if unit else kind


def _values(told: Told, concept: Concept) -> tuple[Part, ...]:
    if not concept.choices:
        return (limits_words(told, concept) or NONE,)
    return in_lines([(Code(text=one.code), " ", told.text(one.label)) for one in concept.choices])


def _standards(concept: Concept) -> tuple[Part, ...]:
    names = [name for name in (concept.loinc, concept.cdash, concept.sdtm) if name]
    return in_lines([(Code(text=name),) for name in names]) or (NONE,)
