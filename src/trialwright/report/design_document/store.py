"""The page of a design as a site stores it: lay sentences for everyone, and every statement ready to be shown.

The shape is the one that `web.stored` reads; site pages cannot import this room.
"""

from typing import Any

from trialwright.analysis.design import DesignPage
from trialwright.report.design_document.build import build_design, word
from trialwright.report.design_document.html import render_statement
from trialwright.report.document import Language

LANGUAGES: tuple[Language, ...] = ("en", "fa")


def stored_design(page: DesignPage) -> dict[str, Any]:
    """One plain object."""
    lay = [{"en": one.lay.en, "fa": one.lay.fa} for one in page.statements if one.lay is not None]
    return {"format": 1, "sentences": lay, "pages": {language: _page(page, language) for language in LANGUAGES}}


def _page(page: DesignPage, language: Language) -> dict[str, Any]:
    sections = build_design(page, language).sections
    return {
        "title": word("kind", language),
        "lead": word("lead", language),
        "statements": [{"id": one.id, "title": one.title, "html": render_statement(one)} for one in sections],
    }
