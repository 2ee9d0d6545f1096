"""Who took part: the flow from screening to analysis, and the analysis sets."""

from trialwright.report.document import Block, Figure, Paragraph, Section
from trialwright.report.figures.flow import draw_flow
from trialwright.report.material import Material
from trialwright.report.tables.analysis_sets import analysis_sets
from trialwright.report.tables.intercurrent_events import intercurrent_events
from trialwright.report.wording import Wording


def people(material: Material, wording: Wording, mark: str) -> Section:
    results = material.results
    title = wording.say("figure.flow")
    described = describe_flow(material, wording)
    svg = draw_flow(results, material.analysed(), wording, title=title, description=described, mark=mark)
    blocks: list[Block] = [
        Figure(id="flow", title=title, description=described, svg=svg, notes=(wording.say("figure.flow.note"),)),
        analysis_sets(results, wording),
        intercurrent_events(results, wording) or Paragraph(text=wording.say("intercurrent.none")),
    ]
    return Section(id="people", title=wording.say("section.people"), blocks=tuple(blocks))


def describe_flow(material: Material, wording: Wording) -> str:
    """The flow in one paragraph, for whoever cannot see the figure."""
    found = material.results.disposition
    counts = {name: wording.count(getattr(found, name)) for name in ("screened", "screen_failures", "allocated")}
    arms = [
        wording.say(
            "describe.arm",
            arm=wording.text(flow.label),
            **{n: wording.count(getattr(flow, n)) for n in ("allocated", "received", "withdrawn", "completed")},
            analysed=wording.count(material.analysed()[flow.arm]),
        )
        for flow in found.arms
    ]
    return " ".join([wording.say("describe.flow", **counts), *arms])
