"""The page of a design as a site stores it: lay sentences for everyone, and every statement ready to be shown.

The shape is the one that `web.stored` reads; site pages cannot import this room.
"""

from dataclasses import replace
from typing import Any

from trialwright.analysis.design import DesignPage
from trialwright.report.design_document.build import build_design, word
from trialwright.report.design_document.html import render_statement
from trialwright.report.document import Facts, Language, Section

PLAIN_FIGURES = {"responders", "no_effect", "nothing_seen", "blood"}
LANGUAGES: tuple[Language, ...] = ("en", "fa")


def stored_design(page: DesignPage) -> dict[str, Any]:
    """One plain object."""
    lay = [{"en": one.lay.en, "fa": one.lay.fa} for one in page.statements if one.lay is not None]
    return {"format": 1, "sentences": lay, "pages": {language: _page(page, language) for language in LANGUAGES}}


def _page(page: DesignPage, language: Language) -> dict[str, Any]:
    return {
        "lead": word("lead", language),
        "statements": [_statement(one) for one in build_design(page, language).sections],
        "everyone": [_statement(without_method(one)) for one in build_design(in_everyday_words(page), language).sections],
    }


def in_everyday_words(page: DesignPage) -> DesignPage:
    """Only what has a sentence for patients, in that sentence, with the figures that need no statistics to be read."""
    lay = (
        replace(one, plain=one.lay, numbers=(), tables=(), figure=one.figure if one.id in PLAIN_FIGURES else None)
        for one in page.statements
        if one.lay is not None
    )
    return replace(page, statements=tuple(lay))


def without_method(section: Section) -> Section:
    """The source stays; how a number was computed is on the page of the study."""
    blocks = tuple(replace(block, rows=block.rows[1:]) if isinstance(block, Facts) else block for block in section.blocks)
    return replace(section, blocks=blocks)


def _statement(section: Section) -> dict[str, str]:
    return {"id": section.id, "title": section.title, "html": render_statement(section)}
