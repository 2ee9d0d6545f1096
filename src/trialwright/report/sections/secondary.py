"""The other endpoints at one time point: every analysis of each, with what it is and how often it errs. None is adjusted."""

from trialwright.analysis.results import Secondary
from trialwright.report.document import Block, Paragraph, Section
from trialwright.report.material import Material
from trialwright.report.sections.primary import support_words
from trialwright.report.tables.analyses import analyses
from trialwright.report.wording import Wording


def secondary(material: Material, wording: Wording) -> Section:
    """A subsection an endpoint of which there are values; one sentence where there are none."""
    found = material.results.secondary
    parts = tuple(_endpoint(one, material, wording) for one in found)
    lead = wording.say("secondary.note" if found else "secondary.none")
    return Section(id="secondary", title=wording.say("section.secondary"), blocks=(Paragraph(text=lead), *parts))


def _endpoint(one: Secondary, material: Material, wording: Wording) -> Section:
    blocks: list[Block] = [Paragraph(text=_scale(one, material, wording), kind="lead"), analyses(one, wording)]
    blocks += [Paragraph(text=wording.text(note), kind="warning") for note in one.notes]
    blocks += support_words(one.analyses, wording, "secondary.analysis_p")
    return Section(
        id=f"secondary-{one.endpoint}",
        title=wording.say("secondary.title", endpoint=wording.text(one.label), visit=wording.text(one.encounter_label)),
        blocks=tuple(blocks),
    )


def _scale(one: Secondary, material: Material, wording: Wording) -> str:
    """What the estimates are: of which arm against which, or against baseline."""
    arms = [wording.text(material.results.arms[arm]) for arm in one.compared]
    code = f"secondary.{one.effect_scale}.{'two' if len(arms) > 1 else 'one'}{'' if one.has_baseline else '.values'}"
    unit = f" ({wording.unit(one.unit)})" if wording.unit(one.unit) else ""
    return wording.say(code, first=arms[0], second=arms[-1], unit=unit)
