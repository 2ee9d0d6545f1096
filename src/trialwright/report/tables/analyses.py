"""The analyses of one endpoint side by side: estimate with interval, and p."""

from trialwright.analysis.methods.result import Test
from trialwright.analysis.results import Secondary, Support
from trialwright.report.document import Column, Table
from trialwright.report.wording import NONE, Wording


def analyses(one: Secondary, wording: Wording) -> Table:
    """One row an analysis; an estimate with a scale of its own says which."""
    return Table(
        id=f"analyses-{one.endpoint}",
        title=wording.say("table.analyses", endpoint=wording.text(one.label), visit=wording.text(one.encounter_label)),
        columns=(
            Column(label=wording.say("column.analysis"), width=2.6),
            Column(label=wording.say("column.estimate"), kind="number", width=2.8),
            Column(label=wording.say("column.p"), kind="number", width=0.7),
            Column(label=wording.say("column.people"), kind="number", width=0.6),
        ),
        rows=tuple(_row(support, wording) for support in one.analyses),
    )


def _row(support: Support, wording: Wording) -> tuple[str, ...]:
    estimate = wording.interval(support.estimate)
    if support.scale:
        estimate = wording.say(f"scale.{support.scale}", interval=estimate)
    test = support.test if isinstance(support.test, Test) else None
    return (
        wording.text(support.label),
        estimate,
        wording.p(test.p.value) if test else NONE,
        wording.count(test.participants) if test else NONE,
    )
