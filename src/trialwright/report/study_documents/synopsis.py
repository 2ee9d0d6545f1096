"""The synopsis of a protocol in the order of ICH M11, every sentence with what it rests on.

Source: ICH M11, Clinical electronic Structured Harmonised Protocol, Step 4 of 19 November 2025: numbers and titles of sections.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.report.document import Block, Document, English, Paragraph, Section, Statement
from trialwright.report.study_documents.sections import SECTIONS
from trialwright.report.study_documents.told import Told, count_rests
from trialwright.study.model import Text

_TEMPLATE = Path(__file__).with_name("m11.toml")
WORDS_OF_PAGE = ("contents", "page", "of")


def synopsis(told: Told) -> Document:
    """Build the synopsis in one language. The same definition gives the same tree."""
    filled = {number: build(told) for number, build in SECTIONS.items()}
    chapters = dict.fromkeys(number.partition(".")[0] for number, blocks in filled.items() if blocks)
    return document(
        told,
        "synopsis",
        (
            Section(id="how", title=told.say("section.how"), blocks=_how(told, filled)),
            *(_chapter(told, chapter, filled) for chapter in chapters),
            _questions(told),
            _not_held(told, frozenset(number for number, blocks in filled.items() if blocks)),
        ),
        more=_title_page(told),
    )


def document(told: Told, kind: str, sections: tuple[Section, ...], *, more: tuple[tuple[str, str], ...] = ()) -> Document:
    """A document of this room: its head, the mark of a rehearsal version, and the definition's digest at its foot."""
    study = told.study
    return Document(
        language=told.language,
        kind=told.say(f"kind.{kind}"),
        title=told.text(study.short_title),
        registry_number=told.wording.code(study.id),
        mark=told.say("mark") if study.rehearsal_only else "",
        foot=f"{study.id} {study.version} {study.digest}",
        facts=told.head(more),
        sections=sections,
        words={name: told.say(f"word.{name}") for name in WORDS_OF_PAGE},
    )


@cache
def template() -> Mapping[str, Any]:
    """The version and the sections of the template, as they stand in the table."""
    return tomllib.loads(_TEMPLATE.read_text(encoding="utf-8"))


def _title(told: Told, kind: str, number: str) -> str:
    title = told.text(Text(**template()[kind][number]))
    return f"{told.wording.code(number)} {title}"


def _chapter(told: Told, chapter: str, filled: Mapping[str, tuple[Block, ...]]) -> Section:
    sections = tuple(
        Section(id=f"m11-{number}", title=_title(told, "section", number), blocks=blocks)
        for number, blocks in filled.items()
        if blocks and number.partition(".")[0] == chapter
    )
    return Section(id=f"m11-{chapter}", title=_title(told, "chapter", chapter), blocks=sections)


def _how(told: Told, filled: Mapping[str, tuple[Block, ...]]) -> tuple[Block, ...]:
    """How to read it, and how many sentences rest on what."""
    by_slug = {fact.slug: fact for fact in told.held.facts.values()}
    said = [block.id.partition("-")[2] for blocks in filled.values() for block in blocks if isinstance(block, Statement)]
    facts = [by_slug[slug] for slug in said]
    rests = count_rests(facts)
    counts = {name: told.wording.count(rests.get(name, 0)) for name in ("record", "assumed", "open", "own")}
    return (
        Paragraph(text=told.say("synopsis.counts", all=told.wording.count(len(facts)), **counts), kind="key"),
        Paragraph(text=told.say("synopsis.how"), kind="note"),
        Paragraph(text=f"{told.say('fact.template')}: {told.text(Text(**template()['version']))}.", kind="note"),
    )


def _title_page(told: Told) -> tuple[tuple[str, str], ...]:
    """What the title page asks for and the record says."""
    record, wording = told.held.record, told.wording
    rows = [(told.say("fact.full_title"), told.text(told.study.title))]
    for code, keys in (("phase", ("design.phase",)), ("sponsor", ("sponsors.1.name", "registrant.organisation"))):
        found = next((record.words(key) for key in keys if record and record.words(key)), "")
        rows.append((told.say(f"fact.{code}"), wording.typed(found) if found else told.say("not_held")))
    return tuple(rows)


def _questions(told: Told) -> Section:
    """Every open question with its number, each a place that sentences lead to."""
    blocks: tuple[Block, ...] = tuple(
        Statement(
            id=f"q-{fact.slug}",
            text=(f"{told.wording.count(number)}. ", English(text=fact.basis.question)),
            basis=((English(text=fact.name), " · ", told.definition_link(fact)),),
        )
        for number, fact in enumerate(told.held.open_facts, 1)
    )
    title = told.say("section.questions", n=told.wording.count(len(blocks)))
    return Section(id="questions", title=title, blocks=blocks or (Paragraph(text=told.say("questions.none")),))


def _not_held(told: Told, filled: frozenset[str]) -> Section:
    titles = [_title(told, "section", number) for number in template()["section"] if number not in filled]
    note = Paragraph(text=told.say("section.not_held_note"), kind="note")
    listed = tuple(Paragraph(text=title) for title in titles)
    return Section(id="not-held", title=told.say("section.not_held"), blocks=(note, *listed))
