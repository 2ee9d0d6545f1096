"""The documents of a definition as files in one folder; every link between them stays inside it."""

from collections.abc import Iterator
from pathlib import Path

from trialwright.checks import find_findings
from trialwright.checks.review import Review, make_review, render_page
from trialwright.report.document import Document, Language, Link, Paragraph, Section, Statement
from trialwright.report.html import render_html
from trialwright.report.pdf import render_pdf
from trialwright.report.study_documents.case_report_forms import COLUMNS as FORM_COLUMNS
from trialwright.report.study_documents.case_report_forms import case_report_form_table, case_report_forms
from trialwright.report.study_documents.checklist import Name
from trialwright.report.study_documents.checklist_document import COLUMNS as CHECKLIST_COLUMNS
from trialwright.report.study_documents.checklist_document import checklist_document, checklist_table
from trialwright.report.study_documents.codebook import COLUMNS as CODEBOOK_COLUMNS
from trialwright.report.study_documents.codebook import codebook, codebook_table
from trialwright.report.study_documents.definition_page import definition_page
from trialwright.report.study_documents.held import Held
from trialwright.report.study_documents.synopsis import document, synopsis
from trialwright.report.study_documents.told import KINDS, Kind, Told, document_name
from trialwright.study.model import Study
from trialwright.terms.csv_text import csv_text

CHECKLISTS: tuple[Name, ...] = ("spirit_2025", "tidier")


def write_study_documents(study: Study, folder: Path, *, language: Language = "en") -> tuple[Path, ...]:
    """Write every document in one language into a folder that is there; gives the files written, the list of them first.

    The same definition gives the same bytes. Raises: OSError when a file cannot be written; ReportError when a PDF cannot be set.
    """
    written = []
    for name, content in study_documents(study, language=language):
        (folder / name).write_bytes(content)
        written.append(folder / name)
    return tuple(written)


def study_documents(study: Study, *, language: Language = "en") -> Iterator[tuple[str, bytes]]:
    """Give each file's name and bytes, the list of documents first."""
    held = Held.of(study)
    review = _review(held)
    lines = frozenset(line.anchor for block in review.blocks for line in block.lines if line.anchor) if review else frozenset()
    told = Told(held=held, language=language, lines=lines)
    yield from _page(told, "index", index(told))
    for kind, built in _built(told):
        yield from _page(told, kind, built)
        yield document_name(study, kind, language, "pdf"), render_pdf(built, data_until=held.day)
    for kind, table in _tables(told):
        yield document_name(study, kind, language, "csv"), table.encode("utf-8")
    yield from _page(told, "definition", definition_page(told))
    if review:
        yield document_name(study, "record", language, "html"), render_page(review, language).encode("utf-8")


def index(told: Told) -> Document:
    """The list of documents, each a link."""
    shown = [kind for kind in KINDS if kind != "record" or told.held.record]
    links = tuple(
        Statement(id=kind, text=(Link(text=told.say(f"kind.{kind}"), to=told.page(kind)),), basis=_beside(told, kind))
        for kind in shown
    )
    how = Paragraph(text=told.say("index.how"), kind="note")
    return document(told, "index", (Section(id="documents", title=told.say("kind.index"), blocks=(how, *links)),))


def _beside(told: Told, kind: Kind) -> tuple[tuple[Link | str, ...], ...]:
    """Links to the same document in other formats."""
    if kind in ("record", "definition"):
        return ()
    pdf = Link(text="PDF", to=document_name(told.study, kind, told.language, "pdf"))
    table = Link(text="CSV", to=document_name(told.study, kind, told.language, "csv"))
    return ((pdf,) if kind == "synopsis" else (pdf, " · ", table),)


def _built(told: Told) -> Iterator[tuple[Kind, Document]]:
    yield "synopsis", synopsis(told)
    yield "case_report_forms", case_report_forms(told)
    yield "codebook", codebook(told)
    for name in CHECKLISTS:
        yield name, checklist_document(told, name)


def _tables(told: Told) -> Iterator[tuple[Kind, str]]:
    yield "case_report_forms", csv_text(FORM_COLUMNS, case_report_form_table(told.study))
    yield "codebook", csv_text(CODEBOOK_COLUMNS, codebook_table(told.study))
    for name in CHECKLISTS:
        yield name, csv_text(CHECKLIST_COLUMNS, checklist_table(name, told.held))


def _page(told: Told, kind: Kind, built: Document) -> Iterator[tuple[str, bytes]]:
    yield document_name(told.study, kind, told.language, "html"), render_html(built).encode("utf-8")


def _review(held: Held) -> Review | None:
    """The annotated record, checked as of the definition's own day, so that it is the same whenever it is made."""
    if held.record is None:
        return None
    return make_review(held.record, find_findings(held.record, today=held.day), today=held.day)
