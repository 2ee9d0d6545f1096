"""The page of a design as one HTML file, and each statement as a piece that a site may put into a page of its own."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trialwright.report.design_document.build import word
from trialwright.report.document import Block, Document, Figure, Section

FOLDER = Path(__file__).parent
STYLES = (FOLDER.parent / "report.css", FOLDER / "design.css")


def render_design_html(document: Document) -> str:
    """The file: no scripts, nothing fetched, light and dark, and fit to be printed."""
    style = Markup("\n".join(path.read_text(encoding="utf-8") for path in STYLES))  # noqa: S704  # our own stylesheets
    lead = word("lead", document.language)
    return _environment().get_template("page.html.jinja").render(document=document, style=style, lead=lead)


def render_statement(section: Section) -> str:
    """One statement as HTML without its heading. Every text is escaped; only our own drawings go in as they are."""
    macro = _environment().get_template("statement.html.jinja").module.statement  # type: ignore[attr-defined]  # a template's macro
    return str(macro(section))


@cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    made.globals.update(kind_of=_kind_of, drawing=_drawing)
    return made


def _kind_of(block: Block) -> str:
    return type(block).__name__


def _drawing(figure: Figure) -> Markup:
    return Markup(figure.svg)  # noqa: S704  # drawn in this room, which escapes every text
