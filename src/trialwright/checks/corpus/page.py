"""The page of rates: what was read, the findings that tell most, each by registry and year, and published rates beside them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trialwright.checks import ALL_CHECKS
from trialwright.checks.corpus.figure import draw_rate
from trialwright.checks.corpus.rates import Rate, find_groups, find_rates
from trialwright.checks.corpus.tally import UNKNOWN, Tally
from trialwright.checks.review import Language
from trialwright.checks.review.render import FOLDER as REVIEW
from trialwright.checks.review.render import prose
from trialwright.terms.digits import persian_digits
from trialwright.terms.sentences import Text, read_sentences

LANGUAGES: tuple[Language, ...] = ("en", "fa")
FOLDER = Path(__file__).parent
WORDS = FOLDER / "words.toml"
_CHOSEN = "chosen."
_SHOWN_REFUSALS = 100


@dataclass(frozen=True, kw_only=True)
class Published:
    """A rate from the literature: its value in words, its source, and why it is not quite ours."""

    code: str
    value: Text
    source: str
    differs: Text


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A finding that is told by itself: over all records, by registry, by year, and beside what was published."""

    title: Text
    rate: Rate
    groups: tuple[tuple[str, tuple[Rate, ...]], ...]
    published: tuple[Published, ...]


@cache
def read_published() -> tuple[Published, ...]:
    """Read the published rates."""
    rows = tomllib.loads((FOLDER / "published.toml").read_text(encoding="utf-8"))["rate"]
    return tuple(
        Published(code=row["code"], value=Text(**row["value"]), source=row["source"], differs=Text(**row["differs"]))
        for row in rows
    )


def chosen_codes() -> tuple[str, ...]:
    """Give the findings that are told one by one, in their order."""
    return tuple(code.removeprefix(_CHOSEN) for code in read_sentences(WORDS) if code.startswith(_CHOSEN))


def render_rates(counted: Tally, language: Language, *, today: date) -> str:
    """Write the page in one language: no scripts, nothing fetched; it prints on A4."""
    words = read_sentences(WORDS)
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )

    def number(value: float | str) -> str:
        written = f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else str(value)
        return persian_digits(written.replace(".", "٫")) if language == "fa" and not isinstance(value, str) else written

    def say(code: str, **facts: float | str) -> Markup:
        return prose(words[code].in_language(language).format(**{name: number(fact) for name, fact in facts.items()}), language)

    style = "\n".join(path.read_text(encoding="utf-8") for path in (REVIEW / "page.css", FOLDER / "rates.css"))
    return environment.get_template("rates.html.jinja").render(
        language=language,
        counted=counted,
        today=today.isoformat(),
        chosen=_chosen(counted),
        rates=find_rates(counted),
        rules={one.code: one.rule_text for one in ALL_CHECKS},
        damage=sorted(counted.damage.items(), key=lambda one: (-one[1], one[0])),
        refusals=counted.refusals[:_SHOWN_REFUSALS],
        draw=draw_rate,
        say=say,
        number=number,
        percent=lambda share: number(round(100 * share, 1)),
        text=lambda said: prose(said.in_language(language) if isinstance(said, Text) else said, language),
        label=lambda code: prose(words[code].in_language(language) if code in words else code.partition(".")[2], language),
        group=lambda rate: (
            say(UNKNOWN) if rate.year == UNKNOWN else prose(rate.year if rate.registry == "all" else rate.registry, language)
        ),
        style=Markup(style),  # noqa: S704  # our own stylesheets, no data in them
    )


def _chosen(counted: Tally) -> tuple[Chosen, ...]:
    words = read_sentences(WORDS)
    over_all = {rate.code: rate for code in chosen_codes() for rate in find_groups(counted, code, by="all")}
    return tuple(
        Chosen(
            title=words[f"{_CHOSEN}{code}"],
            rate=over_all[code],
            groups=tuple((by, find_groups(counted, code, by=by)) for by in ("registry", "year")),
            published=tuple(one for one in read_published() if one.code == code),
        )
        for code in chosen_codes()
        if code in over_all
    )
