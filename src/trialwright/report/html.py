"""A report as one HTML file: no scripts, nothing fetched, light and dark, and fit to be printed."""

import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from trialwright.report.document import Block, Code, Column, Document, English, Figure, Link, Tag, Words

FOLDER = Path(__file__).parent
_UNBROKEN = re.compile(r"(\b[A-Z]{1,4}-\d+(?:-R)?\b|\b\d{4}-\d{2}-\d{2}\b)")


def render_html(document: Document) -> str:
    """The page. Every text is escaped; only figures, which this room draws itself, go in as they are."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["whole"] = _whole
    template = environment.get_template("report.html.jinja")
    style = Markup((FOLDER / "report.css").read_text(encoding="utf-8"))  # noqa: S704  # our own stylesheet, no data in it
    margins = Markup(_page_margins(document))  # noqa: S704  # two texts, escaped as strings of CSS
    return template.render(document=document, style=style, margins=margins, kind_of=_kind_of, drawing=_drawing, share_of=_share_of)


def _whole(words: Words) -> Markup:
    """Words as markup, every text escaped."""
    return Markup("").join(_part(part) for part in ((words,) if isinstance(words, str) else words))


def _part(part: str | Link | Tag | Code | English) -> Markup:
    if isinstance(part, str):
        return Markup("<br>") if part == "\n" else _unbroken(part)
    if isinstance(part, Link):
        return Markup('<a href="{}">{}</a>').format(part.to, _unbroken(part.text))
    if isinstance(part, Tag):
        return Markup('<span class="tag {}">{}</span>').format(part.kind, part.text)
    markup = Markup('<code dir="ltr">{}</code>') if isinstance(part, Code) else Markup('<span lang="en" dir="ltr">{}</span>')
    return markup.format(_unbroken(part.text))


def _unbroken(text: str) -> Markup:
    """The text escaped, with dates and identifiers kept on one line: half a date at the end of a line is another date."""
    parts = _UNBROKEN.split(text)
    marked = (Markup('<span class="run">{}</span>').format(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))
    return Markup("").join(marked)


def _page_margins(document: Document) -> str:
    """What stands on every printed page: the mark of a rehearsal above, the ledger head and the page number below."""
    mark = f"@top-center {{ content: {_css_string(document.mark)}; font: 700 9pt sans-serif; }} " if document.mark else ""
    foot = f"@bottom-left {{ content: {_css_string(document.foot)}; font: 5.5pt monospace; white-space: nowrap; }}"
    return f"@page {{ {mark}{foot} @bottom-right {{ content: counter(page); font: 8pt sans-serif; }} }}"


def _css_string(text: str) -> str:
    """A text as a string of CSS; whatever is not a letter, digit, space or common mark is written as its code point."""
    plain = (c if c.isalnum() or c in " .:,/-" else f"\\{ord(c):x} " for c in text)
    return f'"{"".join(plain)}"'


def _share_of(column: Column, columns: Sequence[Column]) -> str:
    """The width of a column in per cent of its table."""
    return f"{100 * column.width / sum(other.width for other in columns):.1f}"


def _kind_of(block: Block) -> str:
    return type(block).__name__


def _drawing(figure: Figure) -> Markup:
    return Markup(figure.svg)  # noqa: S704  # drawn by `figures`, which escapes every text
