"""The one primary analysis: its answer, what p is a probability of, every participant, and the analyses that support it."""

from collections.abc import Sequence

from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.results import Primary, Reliability, Support
from trialwright.report.document import Block, Figure, Paragraph, Section
from trialwright.report.figures.intervals import Line, draw_intervals
from trialwright.report.material import Material
from trialwright.report.sections.endpoints import trajectory_figure
from trialwright.report.tables.primary_values import primary_values
from trialwright.report.wording import NONE, Wording


def primary(material: Material, wording: Wording, mark: str) -> Section:
    results = material.results
    found = results.primary
    endpoint = next(e for e in results.endpoints if e.id == found.endpoint)
    blocks: list[Block] = [
        Paragraph(text=answer(material, wording), kind="key"),
        *(Paragraph(text=wording.text(note), kind="warning") for note in found.notes),
        *_p_words(found.test, wording),
        *reliability(found.reliability, wording),
        trajectory_figure(endpoint, material, wording, mark),
        *_supports(found, wording, mark),
        primary_values(results, endpoint.unit, endpoint.change, wording),
        *_definitions(found, wording),
    ]
    return Section(id="primary", title=wording.say("section.primary"), blocks=tuple(blocks))


def answer(material: Material, wording: Wording) -> str:
    """The estimate with its interval, and p, in one or two sentences; or why there is none."""
    found = material.results.primary
    arms = [wording.text(material.results.arms[arm]) for arm in found.compared]
    code = f"primary.{found.effect_scale}.{'two' if len(arms) > 1 else 'one'}{'' if found.has_baseline else '.values'}"
    unit = f" {wording.unit(found.unit)}" if found.unit else ""
    facts = {
        "visit": wording.text(found.encounter_label),
        "endpoint": wording.text(found.label),
        "first": arms[0],
        "second": arms[-1],
        "interval": wording.interval(found.estimate),
        "unit": unit,
    }
    if isinstance(found.estimate, NotEstimable):
        return wording.say("primary.none", reason=wording.text(found.estimate.reason), **facts)
    sentence = wording.say(code, **facts)
    return f"{sentence} {wording.say('primary.p', p=wording.p(found.test.p.value))}" if isinstance(found.test, Test) else sentence


def _p_words(test: Test | NotEstimable, wording: Wording) -> list[Block]:
    if isinstance(test, NotEstimable):
        return [Paragraph(text=wording.text(test.reason), kind="warning")]
    said = [wording.text(test.p.definition), wording.say("primary.p_participants", n=wording.count(test.participants))]
    if test.p.smallest is not None:
        said.append(wording.say("primary.p_smallest", p=wording.statistic(test.p.smallest)))
    if test.p.monte_carlo_error is not None:
        said.append(wording.say("primary.p_error", error=wording.code(f"{test.p.monte_carlo_error:.2g}")))
    said.append(wording.say("primary.p_reading"))
    return [Paragraph(text=" ".join(said))]


def _supports(found: Primary, wording: Wording, mark: str) -> list[Block]:
    """Estimates of the primary and the supporting analyses on one scale; nothing where only tests support it."""
    lines = [_line(wording.say("primary.this"), found.estimate, wording, main=True)]
    lines += [_line(wording.text(s.label), s.estimate, wording, main=False) for s in found.supports if s.estimate is not None]
    said: list[Block] = []
    if len(lines) > 1:
        title = wording.say("figure.supports")
        described = wording.parted(f"{line.label}: {line.written}" for line in lines)
        none = 1.0 if found.effect_scale == "ratio" else 0.0
        svg = draw_intervals(
            lines,
            name="supports",
            title=title,
            description=described,
            none=none,
            logarithmic=found.effect_scale == "ratio",
            mirrored=wording.language == "fa",
            mark=mark,
        )
        note = wording.say(f"figure.supports.note.{found.effect_scale}")
        said.append(Figure(id="supports", title=title, description=described, svg=svg, notes=(note,)))
    return [*said, *support_words(found.supports, wording)]


def support_words(supports: Sequence[Support], wording: Wording, code: str = "primary.support_p") -> list[Block]:
    """Each analysis with its p, its definition, what it counted, and how often it errs at this size."""
    said: list[Block] = []
    for support in supports:
        parts = [_support_p(support, wording, code)] if support.test is not None else []
        parts += [wording.text(note) for note in support.notes]
        parts += [wording.text(one.statement) for one in support.reliability]
        said += [Paragraph(text=" ".join(parts), kind="note")] if parts else []
    return said


def reliability(found: Sequence[Reliability], wording: Wording) -> list[Block]:
    """How often the method errs at this number of participants, or that it was not measured."""
    if not found:
        return []
    words = " ".join(wording.text(one.statement) for one in found)
    return [Paragraph(text=wording.say("reliability", words=words))]


def _line(label: str, found: Interval | NotEstimable | None, wording: Wording, *, main: bool) -> Line:
    written = wording.interval(found)
    if not isinstance(found, Interval):
        return Line(label=label, estimate=None, low=None, high=None, written=written, main=main)
    return Line(label=label, estimate=found.estimate, low=found.low, high=found.high, written=written, main=main)


def _support_p(support: Support, wording: Wording, code: str) -> str:
    label = wording.text(support.label)
    if isinstance(support.test, Test):
        return wording.say(code, label=label, p=wording.p(support.test.p.value), definition=wording.text(support.test.p.definition))
    reason = wording.text(support.test.reason) if support.test is not None else NONE
    return wording.say("primary.support_none", label=label, reason=reason)


def _definitions(found: Primary, wording: Wording) -> list[Block]:
    if isinstance(found.estimate, NotEstimable):
        return []
    return [
        Paragraph(text=wording.say("primary.interval_definition", definition=wording.text(found.estimate.definition)), kind="note")
    ]
