"""The page of a design as files: for each language one HTML file and one PDF."""

from collections.abc import Sequence
from pathlib import Path

from trialwright.analysis.design import DesignPage
from trialwright.report.design_document.build import build_design
from trialwright.report.design_document.html import render_design_html
from trialwright.report.document import Language
from trialwright.report.pdf import render_pdf


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
        paper.write_bytes(render_pdf(document, data_until=None))
        written += [shown, paper]
    return tuple(written)
