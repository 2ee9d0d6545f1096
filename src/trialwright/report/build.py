"""From results to the tree of a report: the order in which a reader asks, the answer first."""

from trialwright.report.document import Document, Facts, Language, Paragraph, Section
from trialwright.report.material import Material
from trialwright.report.sections.appendix import appendix
from trialwright.report.sections.endpoints import endpoints
from trialwright.report.sections.limits import limits
from trialwright.report.sections.methods import methods
from trialwright.report.sections.open_ends import open_ends
from trialwright.report.sections.people import people
from trialwright.report.sections.primary import answer, primary
from trialwright.report.sections.published import published
from trialwright.report.sections.responses import responses
from trialwright.report.sections.safety import deaths, safety
from trialwright.report.sections.secondary import secondary
from trialwright.report.wording import Wording

_WORDS = ("contents", "page", "of", "language")


def build_document(material: Material, language: Language) -> Document:
    """The whole report in one language. The same material gives the same tree."""
    wording = Wording(language)
    mark = wording.say("mark") if material.is_rehearsal else ""
    return Document(
        language=language,
        kind=wording.say("kind.rehearsal" if material.is_rehearsal else "kind.live"),
        title=wording.text(material.study.title),
        registry_number=wording.code(material.study.id),
        mark=mark,
        foot=str(material.head),
        facts=_facts(material, wording),
        sections=(
            _short(material, wording),
            people(material, wording, mark),
            primary(material, wording, mark),
            secondary(material, wording),
            endpoints(material, wording, mark),
            responses(material, wording),
            safety(material, wording),
            limits(material, wording),
            published(material, wording),
            open_ends(material, wording),
            methods(material, wording),
            appendix(material, wording),
        ),
        words={name: wording.say(f"word.{name}") for name in _WORDS},
    )


def _facts(material: Material, wording: Wording) -> Facts:
    study, results = material.study, material.results
    head = wording.say("fact.head")
    rows = (
        (wording.say("fact.registry"), _registered(material, wording)),
        (wording.say("fact.condition"), wording.text(study.condition)),
        (wording.say("fact.protocol"), _protocol(material, wording)),
        (wording.say("fact.data_until"), wording.day(results.data_until)),
        (wording.say("fact.software"), wording.code(material.software)),
        (head, wording.code(str(material.head))),
    )
    return Facts(rows=rows, code=(head,))


def _registered(material: Material, wording: Wording) -> str:
    """The registry's name with the number; a registry without a name here is shown by its id."""
    study = material.study
    known = study.registry in ("irct", "ctgov")
    name = wording.say(f"registry.{study.registry}") if known else wording.code(study.registry)
    return wording.say("registered_as", registry=name, number=wording.code(study.id))


def _protocol(material: Material, wording: Wording) -> str:
    version = wording.code(material.results.protocol_version)
    return wording.say("protocol.rehearsal_only", version=version) if material.study.rehearsal_only else version


def _short(material: Material, wording: Wording) -> Section:
    """The page for whoever reads one page."""
    flow = material.results.disposition
    analysed = material.analysed().total()
    facts = {"screened": flow.screened, "allocated": flow.allocated, "analysed": analysed, "planned": material.study.sample_size}
    took_part = wording.say("short.people", **{name: wording.count(number) for name, number in facts.items()})
    notes = [Paragraph(text=wording.text(note), kind="warning") for note in material.results.primary.notes]
    unanswered = len(material.study.open_questions())
    said = [took_part, answer(material, wording), deaths(material, wording)]
    blocks = [*(Paragraph(text=text, kind="key") for text in said), *notes]
    if unanswered:
        blocks.append(Paragraph(text=wording.say("short.questions", n=wording.count(unanswered))))
    return Section(id="short", title=wording.say("section.short"), blocks=tuple(blocks))
