"""The page of a design as files: for each language one HTML file and one PDF."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trialwright.analysis.design import DesignPage
from trialwright.report.design_document.build import build_design
from trialwright.report.design_document.html import render_design_html
from trialwright.report.document import Block, Document, Figure, Language, Section
from trialwright.report.pdf import render_pdf

PAPER_MARGIN = 110
_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)" width="\d+"')


def write_design(page: DesignPage, folder: Path, *, languages: Sequence[Language] = ("en",)) -> tuple[Path, ...]:
    """Write the page into the folder, which is made when it is not there; gives the files written.

    The same page gives the same bytes. Raises: OSError when the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for language in languages:
        document = build_design(page, language)
        stem = folder / (f"{page.study}-design" + ("" if language == "en" else f"-{language}"))
        shown, paper = stem.with_name(f"{stem.name}.html"), stem.with_name(f"{stem.name}.pdf")
        shown.write_text(render_design_html(document), encoding="utf-8", newline="\n")
        paper.write_bytes(render_pdf(on_paper(document), data_until=None))
        written += [shown, paper]
    return tuple(written)


def on_paper(document: Document) -> Document:
    """The same with smaller figures: on paper a statement and its numbers are better read together."""
    return replace(document, sections=tuple(replace(section, blocks=_narrowed(section)) for section in document.sections))


def _narrowed(section: Section) -> tuple[Block, ...]:
    return tuple(replace(block, svg=_with_margins(block.svg)) if isinstance(block, Figure) else block for block in section.blocks)


def _with_margins(svg: str) -> str:
    """The same drawing in the middle of a wider one."""
    found = _BOX.search(svg)
    assert found is not None
    width, height = int(found[1]), found[2]
    box = f'viewBox="{-PAPER_MARGIN} 0 {width + 2 * PAPER_MARGIN} {height}" width="{width + 2 * PAPER_MARGIN}"'
    return svg.replace(found[0], box, 1)
