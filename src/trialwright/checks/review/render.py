"""A review as HTML: a fragment for the site, and the same inside one page that needs nothing else, to keep and to print.

Every text of a record is escaped and stands in its own direction. In a Persian sentence each run of Latin letters and digits is
isolated: without that a date is read from its other end.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from trialwright.checks.review.annotated import is_persian
from trialwright.checks.review.model import Review
from trialwright.checks.scores import NAMES
from trialwright.terms.digits import persian_digits
from trialwright.terms.sentences import Text, read_sentences

Language = Literal["en", "fa"]

FOLDER = Path(str(files("trialwright.checks.review")))
STYLE = FOLDER / "static" / "review.css"
WORDS = FOLDER / "words.toml"
_RTL = r"\u0590-\u08ff\u200c\u200d\ufb50-\ufdff\ufe70-\ufefc"
# what a pair of quotation marks holds, or what lies between letters that run from the right and the marks between sentences
_RUN = re.compile(rf"[۰-۹]+(?:[-/][۰-۹]+)+|(?<=«)[^«»{_RTL}]+(?=»)|(?:[^«»:;{_RTL}]|[:;](?!\s))+")
_DATE = re.compile(r"((?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d))")
_AROUND = " \t\n.,:;!?–—·…*\"'"
_LONGEST_PLACE = 240


def render_page(review: Review, language: Language) -> str:
    """Write a review as one HTML page without scripts; its stylesheet is inside, and nothing is fetched."""
    style = "\n".join(path.read_text(encoding="utf-8") for path in (FOLDER / "page.css", STYLE))
    return _template("page.html.jinja").render(
        **_around(review, language),
        style=Markup(style),  # noqa: S704  # our own stylesheets, no data in them
    )


def render_fragment(review: Review, language: Language) -> str:
    """Write a review as markup that a page can hold: it has no head, no style and no script of its own."""
    return _template("fragment.html.jinja").render(**_around(review, language))


def _around(review: Review, language: Language) -> dict[str, object]:
    words = read_sentences(WORDS)

    def say(code: str, **facts: object) -> Markup:
        written = {name: _count(fact, language) for name, fact in facts.items()}
        return prose(words[code].in_language(language).format(**written), language)

    return {
        "review": review,
        "language": language,
        "say": say,
        "text": lambda text: prose(text.in_language(language) if isinstance(text, Text) else text, language),
        "count": lambda number: prose(_count(number, language), language),
        "block_name": lambda key: _block_name(key, language),
        "short": _short,
        "line_runs": lambda text, from_right: prose(text, "fa" if from_right else "en"),
        "runs": lambda text: prose(text, "fa" if is_persian(text) else "en"),
        "list_names": NAMES,
    }


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


def prose(text: str, language: Language) -> Markup:
    """A sentence of ours as markup; on a Persian page each run of Latin letters and digits is a whole of its own."""
    if language == "en":
        return _unbroken(text)
    parts: list[Markup] = []
    place = 0
    for found in _RUN.finditer(text):
        run = found.group().strip(_AROUND)
        while run and run[0] in "()" and run.count("(") != run.count(")"):
            run = run[1:].strip(_AROUND)
        while run and run[-1] in "()" and run.count("(") != run.count(")"):
            run = run[:-1].strip(_AROUND)
        if not any(one.isalnum() for one in run):
            continue
        start = found.start() + found.group().index(run)
        parts += [_unbroken(text[place:start]), Markup('<bdi dir="ltr">{}</bdi>').format(_unbroken(run))]
        place = start + len(run)
    return Markup("").join([*parts, _unbroken(text[place:])])


def _unbroken(text: str) -> Markup:
    """The text escaped, its dates kept on one line: half a date at the end of a line is another date."""
    parts = _DATE.split(text)
    marked = (Markup('<span class="r-run">{}</span>').format(part) if odd % 2 else escape(part) for odd, part in enumerate(parts))
    return Markup("").join(marked)


def _count(number: object, language: Language) -> str:
    return persian_digits(str(number)) if language == "fa" and isinstance(number, int | date) else str(number)


def _block_name(key: str, language: Language) -> Markup:
    """The name of a block in words; an unknown key stands as it is."""
    head, _, number = key.rpartition(".") if key[-1:].isdigit() else (key, "", "")
    known = read_sentences(WORDS).get(f"block.{head}")
    name = known.in_language(language) if known else head
    return prose(f"{name} {_count(int(number), language)}" if number else name, language)


def _short(text: str) -> str:
    """Words of a place for the list of findings; all of them stand in the copy."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST_PLACE else f"{one_line[:_LONGEST_PLACE].rsplit(' ', 1)[0]} …"
