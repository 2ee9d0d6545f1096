"""When responses came and whether they lasted, by definition and arm."""

from trialwright.analysis.results import ArmResponseTimes, ResponseResult, Results
from trialwright.report.document import Column, Table
from trialwright.report.wording import Wording


def response_times(results: Results, wording: Wording) -> Table:
    """One row a definition and arm; the day of each share stands beside it."""
    return Table(
        id="response-times",
        title=wording.say("table.response_times"),
        columns=(
            Column(label=wording.say("column.definition"), width=2.2),
            *([Column(label=wording.say("column.arm"), width=1.6)] if len(results.arms) > 1 else []),
            Column(label=wording.say("column.incidence"), kind="number", width=2.4),
            Column(label=wording.say("column.relapsed"), kind="number", width=0.8),
            Column(label=wording.say("column.lasting"), kind="number", width=2.4),
        ),
        rows=tuple(_row(found, arm, results, wording) for found in results.responses for arm in found.times.arms),
        notes=(wording.say("table.response_times.note"),),
        heads=2 if len(results.arms) > 1 else 1,
    )


def _row(found: ResponseResult, arm: ArmResponseTimes, results: Results, wording: Wording) -> tuple[str, ...]:
    def at(day: int, words: str) -> str:
        return wording.say("by_day", words=words, day=wording.code(day)) if day else words

    return (
        wording.say("definition_by", definition=wording.text(found.label), visit=wording.text(found.by_label)),
        *([wording.text(results.arms[arm.arm])] if len(results.arms) > 1 else []),
        at(arm.day, wording.interval(arm.incidence, percent=True)),
        wording.share(arm.relapsed, arm.responded),
        at(arm.relapse_day, wording.interval(arm.without_relapse, percent=True)),
    )
