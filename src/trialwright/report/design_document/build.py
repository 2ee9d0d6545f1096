"""From the page of a design to the tree of a document: a section a statement, plain words first."""

from pathlib import Path

from trialwright.analysis.design.figures import Figure as DesignFigure
from trialwright.analysis.design.page import DesignPage, NumberTable, Statement, shown, shown_value
from trialwright.analysis.design.wording import whole
from trialwright.report.design_document.describe import describe_figure
from trialwright.report.design_document.draw import draw_figure
from trialwright.report.document import Block, Column, Document, Facts, Figure, Language, Paragraph, Section, Table
from trialwright.report.wording import Wording
from trialwright.terms.sentences import read_sentences

SENTENCES = Path(__file__).with_name("words.toml")
_WORDS = ("contents", "page", "of", "language")
_LABEL_WIDTH = 2.4


def build_design(page: DesignPage, language: Language) -> Document:
    """The whole page in one language. The same page gives the same tree."""
    wording = Wording(language)
    return Document(
        language=language,
        kind=word("kind", language),
        title=wording.text(page.title),
        registry_number=wording.code(page.study),
        mark="",
        foot=page.digest,
        facts=_facts(page, wording),
        sections=tuple(_section(statement, wording) for statement in page.statements),
        words={name: word(f"word.{name}", language) for name in _WORDS},
    )


def word(code: str, language: Language) -> str:
    return read_sentences(SENTENCES)[code].in_language(language)


def _facts(page: DesignPage, wording: Wording) -> Facts:
    digest = word("fact.digest", wording.language)
    rows = [
        (word("fact.registry", wording.language), wording.code(page.study)),
        (word("fact.protocol", wording.language), wording.code(page.protocol_version)),
        *((wording.text(label), wording.text(whole(planned))) for _, label, planned in page.arms),
        *(((word("fact.asked", wording.language), wording.text(page.asked)),) if page.asked else ()),
        (digest, wording.code(page.digest)),
    ]
    return Facts(rows=tuple(rows), code=(digest,))


def _section(statement: Statement, wording: Wording) -> Section:
    blocks: list[Block] = [Paragraph(text=wording.text(statement.plain), kind="key")]
    if statement.figure:
        blocks.append(_figure(statement.figure, wording, name=f"{statement.id}-figure"))
    if statement.numbers:
        blocks.append(_numbers(statement, wording))
    blocks += [_table(table, wording, id=f"{statement.id}-{place}") for place, table in enumerate(statement.tables, start=1)]
    method = (word("method", wording.language), wording.text(statement.method))
    source = (word("source", wording.language), wording.code(statement.source))
    blocks.append(Facts(rows=(method, source)))
    return Section(id=statement.id, title=wording.text(statement.title), blocks=tuple(blocks))


def _figure(figure: DesignFigure, wording: Wording, *, name: str) -> Figure:
    language = wording.language
    return Figure(
        id=name,
        title=wording.text(figure.title),
        description=describe_figure(figure, language),
        svg=draw_figure(figure, language, name=name),
    )


def _numbers(statement: Statement, wording: Wording) -> Table:
    return Table(
        id=f"{statement.id}-numbers",
        title=word("numbers", wording.language),
        columns=(Column(label="", width=_LABEL_WIDTH), Column(label=word("number", wording.language), kind="number")),
        rows=tuple((wording.text(number.label), wording.text(shown(number))) for number in statement.numbers),
    )


def _table(table: NumberTable, wording: Wording, *, id: str) -> Table:  # noqa: A002  # the word of `Table`
    columns = tuple(Column(label=wording.text(column), kind="number") for column in table.columns)
    rows = tuple(
        (wording.text(label), *(wording.text(shown_value(value, kind)) for value, kind in zip(values, table.kinds, strict=True)))
        for label, values in table.rows
    )
    return Table(
        id=id,
        title=wording.text(table.title),
        columns=(Column(label="", width=max(1.0, _LABEL_WIDTH / len(columns))), *columns),
        rows=rows,
    )
