"""Every endpoint as it was observed: values of each participant, and median and range by arm and visit. No means of ten."""

from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from trialwright.analysis.results import EndpointResult, Individual, Summary
from trialwright.analysis.tables import Tables, by_arm, members
from trialwright.datasets.adlb import BASELINE_VISIT, LaboratoryRow
from trialwright.datasets.adsl import SubjectRow
from trialwright.datasets.missing import NO_BASELINE, NOT_RECORDED
from trialwright.study.model import Endpoint
from trialwright.terms.sentences import Text

BASELINE_LABEL = Text(en="Baseline", fa="پایه")


def describe_endpoint(tables: Tables, endpoint: Endpoint) -> EndpointResult:
    """Baseline and every encounter of the endpoint, arm by arm, in its own analysis set."""
    analysis_set = endpoint.estimand.analysis_set
    arms = by_arm(tables.study, members(tables, analysis_set), analysis_set)
    visits = ([BASELINE_VISIT] if endpoint.baseline is not None else []) + list(endpoint.encounters)
    summaries = [_summary(tables, endpoint, visit, arm, people) for visit in visits for arm, people in arms.items()]
    rows = [row for visit in endpoint.encounters for row in tables.counting.get((endpoint.concept, visit), {}).values()]
    return EndpointResult(
        id=endpoint.id,
        label=endpoint.label,
        level=endpoint.level,
        outcome=endpoint.outcome,
        unit=endpoint.unit,
        change=endpoint.change,
        direction=endpoint.direction,
        analysis_set=analysis_set,
        measures=tuple(sorted({f"{row.measure} {row.version}" for row in rows if row.measure and row.version})),
        summaries=tuple(summaries),
    )


def individual(tables: Tables, endpoint: Endpoint, visit: str, subject: SubjectRow, arm: str) -> Individual:
    """One participant's value at one visit, or at baseline, as it was collected."""
    base = tables.baselines.get(endpoint.concept, {}).get(subject.usubjid)
    rows = tables.counting.get((endpoint.concept, visit), {})
    row = base if visit == BASELINE_VISIT else rows.get(subject.usubjid)
    value = row.aval if row is not None else None
    why = None if value is not None else _why(row, visit)
    return Individual(
        participant=subject.usubjid,
        arm=arm,
        day=row.ady if row is not None else None,
        value=value,
        baseline=base.aval if base is not None else None,
        change=None if row is None or visit == BASELINE_VISIT else _change(endpoint, row),
        missing=why,
    )


def _summary(tables: Tables, endpoint: Endpoint, visit: str, arm: str, people: Sequence[SubjectRow]) -> Summary:
    individuals = tuple(individual(tables, endpoint, visit, person, arm) for person in people)
    values = [i.value for i in individuals if i.value is not None]
    changes = [i.change for i in individuals if i.change is not None]
    encounter = tables.study.encounter(visit)
    return Summary(
        encounter=visit,
        encounter_label=encounter.label if encounter is not None else BASELINE_LABEL,
        arm=arm,
        observed=len(values),
        expected=len(individuals),
        median=_median(values),
        minimum=min(values, default=None),
        maximum=max(values, default=None),
        change_median=_median(changes),
        change_minimum=min(changes, default=None),
        change_maximum=max(changes, default=None),
        individuals=individuals,
    )


def _change(endpoint: Endpoint, row: LaboratoryRow) -> Decimal | None:
    return {"difference": row.chg, "ratio": row.r2base}.get(endpoint.change)


def _median(values: Sequence[Decimal]) -> Decimal | None:
    return median(values) if values else None


def _why(row: LaboratoryRow | None, visit: str) -> Text:
    if row is not None and row.missing is not None:
        return row.missing.reason
    return NO_BASELINE.reason if visit == BASELINE_VISIT else NOT_RECORDED.reason
