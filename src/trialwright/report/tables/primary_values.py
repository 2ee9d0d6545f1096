"""The values that the primary analysis used, participant by participant, and why one has none."""

from trialwright.analysis.results import Individual, Results
from trialwright.datasets.missing import NO_BASELINE
from trialwright.report.document import Column, Table
from trialwright.report.wording import NONE, Wording


def primary_values(results: Results, unit: str, change: str, wording: Wording) -> Table:
    """One row a participant of the analysis set, arms together, in the order of allocation within an arm."""
    primary = results.primary
    several, gaps = (
        len(results.arms) > 1,
        any(_why(person, wording, primary.has_baseline) for person in primary.individuals),
    )
    people = sorted(primary.individuals, key=lambda i: primary.compared.index(i.arm))
    return Table(
        id="primary-values",
        title=wording.say(
            "table.primary_values",
            endpoint=wording.labelled(wording.text(primary.label), unit),
            visit=wording.text(primary.encounter_label),
        ),
        columns=(
            Column(label=wording.say("column.participant"), width=1.6),
            *([Column(label=wording.say("column.arm"), width=2.8)] if several else []),
            Column(label=wording.say("column.day"), kind="number"),
            Column(label=wording.say("column.baseline"), kind="number"),
            Column(label=wording.text(primary.encounter_label), kind="number"),
            Column(label=wording.say(f"column.change.{change}"), kind="number", width=1.3),
            *([Column(label=wording.say("column.no_value"), width=2.6)] if gaps else []),
        ),
        rows=tuple(_row(person, change, results, wording, several=several, gaps=gaps) for person in people),
    )


def _row(person: Individual, change: str, results: Results, wording: Wording, *, several: bool, gaps: bool) -> tuple[str, ...]:
    return (
        wording.code(person.participant),
        *([wording.text(results.arms[person.arm])] if several else []),
        wording.code(person.day) if person.day is not None else NONE,
        wording.measured(person.baseline),
        wording.measured(person.value),
        wording.change(person.change, change),
        *([_why(person, wording, results.primary.has_baseline)] if gaps else []),
    )


def _why(person: Individual, wording: Wording, has_baseline: bool) -> str:
    if person.missing is not None:
        return wording.text(person.missing)
    return wording.text(NO_BASELINE.reason) if person.baseline is None and has_baseline else ""
