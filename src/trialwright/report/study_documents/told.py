"""How a document tells what a sentence rests on: one language, with links to the record's copy and to the definition's lines."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trialwright.conduct.sentences import word
from trialwright.report.document import Code, English, Facts, Language, Link, Statement, Tag, Words
from trialwright.report.study_documents.held import Held, HeldFact
from trialwright.report.study_documents.record_places import RecordPlace, find_beside, find_places
from trialwright.report.wording import Wording
from trialwright.study.facts import Basis
from trialwright.study.model import Study, Text
from trialwright.terms.sentences import read_sentences

WORDS = Path(__file__).with_name("words.toml")
Kind = Literal["synopsis", "case_report_forms", "codebook", "spirit_2025", "tidier", "record", "definition", "index"]
KINDS: tuple[Kind, ...] = ("synopsis", "case_report_forms", "codebook", "spirit_2025", "tidier", "record", "definition")
Rest = Literal["record", "assumed", "open", "own"]
Part = str | Link | Tag | Code | English


@dataclass(frozen=True)
class DocumentWording(Wording):
    """The words of these documents in one language, and the report's where these have none."""

    def say(self, code: str, **facts: str) -> str:
        own = read_sentences(WORDS).get(code)
        return own.in_language(self.language).format(**facts) if own else super().say(code, **facts)

    def unit(self, code: str) -> str:
        """A unit as people write it, times in the words of the language."""
        known = read_sentences(WORDS).get(f"unit.{code}")
        return self.prose(known.in_language(self.language)) if known else super().unit(code)

    def name(self, kind: str, code: str) -> str:
        """The name of a role, an anchor or a permit."""
        return self.text(word(kind, code))


@dataclass(frozen=True, kw_only=True)
class Told:
    """Tells facts of a definition in one language. `lines` are the ids of the record's copy that links may lead to."""

    held: Held
    language: Language
    lines: frozenset[str]

    @property
    def wording(self) -> DocumentWording:
        return DocumentWording(self.language)

    @property
    def study(self) -> Study:
        return self.held.study

    @property
    def comma(self) -> str:
        return self.wording.listed(("", ""))

    def say(self, code: str, **facts: str) -> str:
        return self.wording.say(code, **facts)

    def text(self, text: Text) -> str:
        return self.wording.text(text)

    def page(self, kind: Kind) -> str:
        """Give the name of another document's page in the same folder."""
        return document_name(self.study, kind, self.language, "html")

    def statement(self, section: str, name: str, *sentences: str) -> tuple[Statement, ...]:
        """Sentences about one fact with what it rests on; none where the definition has no such fact, or nothing is said of it."""
        fact = self.held.facts.get(name)
        said = " ".join(sentence for sentence in sentences if sentence)
        if fact is None or not said:
            return ()
        return (Statement(id=f"s{section}-{fact.slug}", text=said, basis=self.basis(fact)),)

    def basis(self, fact: HeldFact) -> tuple[Words, ...]:
        """Lines of small print: record, assumption, question; the last line ends with the place in the definition."""
        basis = fact.basis
        lines: list[tuple[Part, ...]] = []
        if basis.record:
            lines.append((Tag(text=self.say("tag.record"), kind="record"), " ", *self.record_parts(basis.record)))
        if basis.assumed:
            lines.append((Tag(text=self.say("tag.assumed"), kind="assumed"), " ", English(text=basis.assumed)))
        if basis.question:
            lines.append(self._question(fact))
        if not lines:
            lines.append((Tag(text=self.say("tag.own"), kind="own"), " ", *self._own(fact)))
        return (*lines[:-1], (*lines[-1], " · ", self.definition_link(fact)))

    def short_basis(self, fact: HeldFact) -> tuple[Part, ...]:
        """The same in one cell: tags, links to the record and to the definition."""
        lines = self.basis(fact)
        return tuple(part for number, line in enumerate(lines) for part in (("\n",) if number else ()) + _parts(line))

    def definition_link(self, fact: HeldFact) -> Link:
        """Lead to the line of the definition at which a fact stands."""
        file = fact.file.removeprefix(f"protocol/{self.study.protocol_version}/")
        words = self.say("basis.place", file=self.wording.code(file), line=self.wording.code(fact.line))
        return Link(text=words, to=f"{self.page('definition')}#{fact.anchor}")

    def record_parts(self, said: str) -> tuple[Part, ...]:
        """The words after `from`, each with a link to its line of the record, or the note that it is not there."""
        parts: list[Part] = []
        for place in find_places(said, self.held.record):
            parts += [*((self.comma,) if parts else ()), *self.record_link(place)]
        return tuple(parts)

    def record_link(self, place: RecordPlace) -> tuple[Part, ...]:
        if place.anchor in self.lines:
            return (Link(text=self.wording.code(place.words), to=f"{self.page('record')}#{place.anchor}"),)
        return (English(text=place.words), f" ({self.say('basis.not_there')})")

    def question_link(self, fact: HeldFact) -> Link:
        """Lead to an open question in the synopsis, which lists them all."""
        number = self.wording.count(self.held.question_numbers[fact.name])
        return Link(text=self.say("basis.question", number=number), to=f"{self.page('synopsis')}#q-{fact.slug}")

    def encounters(self, ids: Iterable[str]) -> str:
        """List visits by their labels, in the order of the schedule."""
        wanted = set(ids)
        return self.wording.listed([self.text(e.label) for e in self.study.encounters if e.id in wanted])

    def head(self, more: Iterable[tuple[str, str]] = ()) -> Facts:
        """What every document says of itself first."""
        study, wording = self.study, self.wording
        known = study.registry if study.registry in ("irct", "ctgov") else "other"
        version = self.say(f"protocol.{'rehearsal' if study.rehearsal_only else 'live'}", version=wording.code(study.version))
        digest = self.say("fact.digest")
        rows = (
            (
                self.say("fact.registry"),
                self.say(f"registry.{known}", registry=wording.code(study.registry), number=wording.code(study.id)),
            ),
            (self.say("fact.condition"), self.text(study.condition)),
            *more,
            (self.say("fact.protocol"), version),
            (self.say("fact.day"), wording.day(self.held.day)),
            (digest, wording.code(study.digest)),
        )
        return Facts(rows=rows, code=(digest,))

    def _own(self, fact: HeldFact) -> tuple[Part, ...]:
        """That the definition names no source, and what the record says of the same thing."""
        beside = find_beside(fact.name, self.held.record)
        if beside is None or beside.anchor not in self.lines:
            return (self.say("basis.own"),)
        return (f"{self.say('basis.beside')} ", *self.record_link(beside))

    def _question(self, fact: HeldFact) -> tuple[Part, ...]:
        basis = fact.basis
        if not basis.is_open:
            answer = f" {self.say('basis.answer', answer=self.wording.typed(basis.answer))}"
            return (Tag(text=self.say("tag.answered"), kind="own"), " ", English(text=basis.question), answer)
        return (Tag(text=self.say("tag.open"), kind="open"), " ", self.question_link(fact), ": ", English(text=basis.question))


def rests_on(basis: Basis) -> Rest:
    """Say what a sentence rests on at the weakest: an open question before an assumption before the record."""
    if basis.is_open:
        return "open"
    if basis.assumed:
        return "assumed"
    return "record" if basis.record else "own"


def count_rests(facts: Iterable[HeldFact]) -> Mapping[Rest, int]:
    return Counter(rests_on(fact.basis) for fact in facts)


def document_name(study: Study, kind: Kind, language: Language, suffix: str) -> str:
    """IRCT2016090729747N1-REHEARSAL-synopsis-fa.pdf: trial, what it is, kind, and the language where it is not English."""
    mark = "-REHEARSAL" if study.rehearsal_only else ""
    return f"{study.id}{mark}-{kind.replace('_', '-')}{'' if language == 'en' else f'-{language}'}.{suffix}"


def _parts(words: Words) -> tuple[Part, ...]:
    return (words,) if isinstance(words, str) else words
