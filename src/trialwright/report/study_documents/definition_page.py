"""The definition's own files, line by line, so that every document can lead to the line that a sentence is made from."""

from trialwright.report.document import Code, Column, Document, Paragraph, Section, Table
from trialwright.report.study_documents.held import line_anchor
from trialwright.report.study_documents.synopsis import document
from trialwright.report.study_documents.told import Told

_CONCEPTS = "library/concepts.toml"
"""The whole library of concepts is not shown: the annotated forms show every concept that this trial uses."""


def definition_page(told: Told) -> Document:
    """Build the page of the definition; its frame is in one language, its lines are as they were written."""
    how = Paragraph(text=told.say("definition.how"), kind="note")
    files = sorted(name for name in told.study.files if name != _CONCEPTS)
    sections = (_file(told, name) for name in files)
    return document(told, "definition", (Section(id="how", title=told.say("section.how"), blocks=(how,)), *sections))


def _file(told: Told, name: str) -> Section:
    lines = told.study.files[name].splitlines() or [""]
    table = Table(
        id=f"file-{line_anchor(name, 0)}",
        title=told.wording.code(name),
        columns=(Column(label="", kind="number", width=1), Column(label="", kind="english", width=14)),
        rows=tuple((told.wording.code(number), (Code(text=line),)) for number, line in enumerate(lines, 1)),
        row_ids=tuple(line_anchor(name, number) for number in range(1, len(lines) + 1)),
        heads=0,
        small=True,
    )
    return Section(id=line_anchor(name, 0), title=told.wording.code(name), blocks=(table,))
