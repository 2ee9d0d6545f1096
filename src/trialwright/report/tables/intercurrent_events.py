"""Intercurrent events participant by participant: what happened, when, which record shows it, and what was done about it."""

from trialwright.analysis.results import Results, events_once
from trialwright.report.document import Column, Table
from trialwright.report.wording import Wording


def intercurrent_events(results: Results, wording: Wording) -> Table | None:
    """One row an event; endpoints for which the same was done are named together. None where nothing happened."""
    labels = {endpoint.id: wording.text(endpoint.label) for endpoint in results.endpoints}
    rows = tuple(
        (
            wording.code(one.participant),
            wording.say("event_by", event=wording.text(one.label), source=wording.text(one.source)),
            wording.code(one.day),
            " ".join(
                wording.say("done_for", done=wording.text(done), endpoints=wording.listed([labels[e] for e in endpoints]))
                for done, endpoints in handled
            ),
        )
        for one, handled in events_once(results)
    )
    if not rows:
        return None
    return Table(
        id="intercurrent",
        title=wording.say("table.intercurrent"),
        columns=(
            Column(label=wording.say("column.participant"), width=1.1),
            Column(label=wording.say("column.event"), width=2.2),
            Column(label=wording.say("column.day"), kind="number", width=0.5),
            Column(label=wording.say("column.done"), width=4.4),
        ),
        rows=rows,
        notes=(wording.say("table.intercurrent.note"),),
        small=True,
    )
