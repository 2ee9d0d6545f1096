"""Response rates of two arms compared by each definition: exact difference, Boschloo's p, and the posterior chance."""

from trialwright.analysis.methods.result import NotEstimable, Test
from trialwright.analysis.results import ResponseComparison, ResponseResult, Results
from trialwright.report.document import Column, Table
from trialwright.report.wording import NONE, Wording


def response_comparisons(results: Results, wording: Wording) -> Table | None:
    """One row a definition and response; None for one arm."""
    rows = [(found, one) for found in results.responses for one in found.comparisons]
    if not rows:
        return None
    return Table(
        id="response-comparisons",
        title=wording.say("table.response_comparisons"),
        columns=(
            Column(label=wording.say("column.definition"), width=2.4),
            Column(label=wording.say("column.difference"), kind="number", width=2.4),
            Column(label=wording.say("column.p"), kind="number", width=0.7),
            Column(label=wording.say("column.belief"), kind="number", width=1.1),
        ),
        rows=tuple(_row(found, one, wording) for found, one in rows),
        notes=(wording.say("table.response_comparisons.note", first=_arm(results, rows[0][1], wording)),),
    )


def _row(found: ResponseResult, one: ResponseComparison, wording: Wording) -> tuple[str, ...]:
    return (
        wording.say("definition_response", definition=wording.text(found.label), response=wording.text(one.label)),
        wording.interval(one.difference, percent=True),
        wording.p(one.test.p.value) if isinstance(one.test, Test) else NONE,
        NONE if isinstance(one.belief, NotEstimable) else wording.statistic(one.belief.probability),
    )


def _arm(results: Results, one: ResponseComparison, wording: Wording) -> str:
    return wording.text(results.arms[one.compared[0]])
