"""What the printed numbers of published documents imply at their number of participants, each with the calculation.

The tone is that of arithmetic. A document is of this registration only by the evidence that it carries, which is printed with it.
"""

from trialwright.analysis.forensics.published import Examined, examine_published
from trialwright.report.document import Block, Paragraph, Section
from trialwright.report.material import Material
from trialwright.report.wording import Wording
from trialwright.study.model import PublishedDocument


def published(material: Material, wording: Wording) -> Section:
    """A subsection a document with numbers that say something; one sentence where there is none."""
    found = examine_published(material.study)
    named = {document.id: document for document in material.study.published}
    parts = tuple(_document(named[name], [one for one in found if one.document == name], wording) for name in _order(found))
    lead = Paragraph(text=wording.say("published.note" if parts else "published.none"))
    return Section(id="published", title=wording.say("section.published"), blocks=(lead, *parts))


def _order(found: tuple[Examined, ...]) -> list[str]:
    return list(dict.fromkeys(one.document for one in found))


def _document(document: PublishedDocument, found: list[Examined], wording: Wording) -> Section:
    blocks: list[Block] = [Paragraph(text=wording.typed(document.evidence), kind="lead")]
    for one in found:
        blocks.append(Paragraph(text=wording.text(one.implication.plain)))
        quoted = wording.say(
            "published.working", working=wording.text(one.implication.working), sentence=wording.typed(one.sentence)
        )
        blocks.append(Paragraph(text=quoted, kind="note"))
    return Section(id=f"published-{document.id}", title=wording.typed(document.title), blocks=tuple(blocks))
