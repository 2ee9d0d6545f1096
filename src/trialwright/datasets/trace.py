"""An endpoint evaluated for one participant at one time point, with everything that its value rests on.

The value is that of ADLB, found by the same functions and never derived a second way; this module only follows it back: to the row
of the visit, the rows of the baseline, the entries they were computed from, and the items that somebody entered, each with its
encounter, unit, day and place in the ledger. A value that cannot be had says why, in both languages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from trialwright.datasets.adlb import BASELINE_VISIT, LaboratoryRow, derive_adlb
from trialwright.datasets.collected import Collected, CollectedValue
from trialwright.datasets.index import Entry, Index, build_index
from trialwright.datasets.measurement import Parameter, find_input, parameters
from trialwright.datasets.missing import NO_BASELINE, NOT_RECORDED
from trialwright.study.model import Endpoint, Study
from trialwright.terms.sentences import Text

AGE = "age_years"
BORN = ("birth_year", "birth_month")


@dataclass(frozen=True, kw_only=True)
class UsedValue:
    """One collected value that an evaluation rests on. `position` is its place in the ledger; `value` is empty when missing."""

    item: str
    encounter: str
    form: str
    repeat: int
    value: str
    unit: str
    on: date
    position: int


@dataclass(frozen=True, kw_only=True)
class TraceStep:
    """A row of the laboratory dataset on the way to the value, the inputs it was computed from, and the rule that chose or made it.

    `part` is "value" or "baseline"; `rule` is the form's repeat rule or the endpoint's baseline rule; `measure` and `version` name
    the formula, empty for a value as entered. `counts` is false for a jug or sample that the rule passed over or averaged.
    """

    part: str
    encounter: str
    repeat: int
    value: Decimal | None
    unit: str
    rule: str
    measure: str
    version: str
    counts: bool
    missing: Text | None
    inputs: tuple[UsedValue, ...]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What an endpoint is for one participant at one encounter: a value, or why there is none.

    Units: `value` is in `unit`; a ratio to baseline has the unit "1".
    """

    endpoint: str
    participant: str
    encounter: str
    value: Decimal | None
    unit: str
    undecided_because: Text | None
    trace: tuple[TraceStep, ...]


def evaluate_endpoint(endpoint: Endpoint, collected: Collected, study: Study, *, participant: str, encounter: str) -> Evaluation:
    """Evaluate an endpoint at one of its encounters. Raises: KeyError for an encounter or a person that it has not."""
    if encounter not in endpoint.encounters:
        raise KeyError(f"{endpoint.id} is not measured at {encounter}; it is at {', '.join(endpoint.encounters)}.")
    own = _of_one(collected, participant)
    rows = derive_adlb(own, study, only=endpoint.concept)
    value = next((row for row in rows if row.avisit == encounter and row.anl01fl == "Y"), None)
    base = next((row for row in rows if row.ablfl == "Y"), None)
    index = build_index(own, study)
    parameter = next(p for p in parameters(study) if p.id == endpoint.concept)
    steps = [*_visit_steps(index, parameter, rows, "value", encounter)]
    if endpoint.change != "none":
        steps += _baseline_steps(index, parameter, endpoint, rows, base)
    result, because = _result(endpoint, value, base)
    return Evaluation(
        endpoint=endpoint.id,
        participant=participant,
        encounter=encounter,
        value=result,
        unit="1" if endpoint.change == "ratio" else endpoint.unit,
        undecided_because=because,
        trace=tuple(steps),
    )


def _of_one(collected: Collected, participant: str) -> Collected:
    people = tuple(person for person in collected.participants if person.id == participant)
    if not people:
        raise KeyError(f"No participant {participant} was collected.")
    values = tuple(value for value in collected.values if value.participant == participant)
    return replace(collected, participants=people, values=values)


def _result(endpoint: Endpoint, value: LaboratoryRow | None, base: LaboratoryRow | None) -> tuple[Decimal | None, Text | None]:
    if value is None or value.aval is None:
        return None, (value.missing or NOT_RECORDED).reason if value else NOT_RECORDED.reason
    if endpoint.change == "none":
        return value.aval, None
    found = value.r2base if endpoint.change == "ratio" else value.chg
    return found, None if found is not None else (base.missing or NO_BASELINE).reason if base else NO_BASELINE.reason


def _visit_steps(
    index: Index, parameter: Parameter, rows: tuple[LaboratoryRow, ...], part: str, encounter: str
) -> Iterator[TraceStep]:
    """Every jug or sample of a visit, and the row that stands for them where they were averaged or none of them counts."""
    for row in rows:
        if row.avisit == encounter:
            yield _step(index, parameter, row, part, parameter.form.repeat_rule, counts=row.anl01fl == "Y")


def _baseline_steps(
    index: Index, parameter: Parameter, endpoint: Endpoint, rows: tuple[LaboratoryRow, ...], base: LaboratoryRow | None
) -> Iterator[TraceStep]:
    if endpoint.baseline is None or base is None:
        return
    averaged = base.avisit == BASELINE_VISIT
    for encounter in endpoint.baseline.encounters if averaged else (base.avisit,):
        yield from _visit_steps(index, parameter, rows, "baseline", encounter)
    if averaged:
        yield _step(index, parameter, base, "baseline", endpoint.baseline.rule, counts=True)


def _step(index: Index, parameter: Parameter, row: LaboratoryRow, part: str, rule: str, *, counts: bool) -> TraceStep:
    entry = index.repeats(row.usubjid, row.avisit, parameter.form.id).get(row.repeat, {})
    return TraceStep(
        part=part,
        encounter=row.avisit,
        repeat=row.repeat,
        value=row.aval,
        unit=row.avalu,
        rule=rule,
        measure=row.measure,
        version=row.version,
        counts=counts,
        missing=row.missing.reason if row.missing else None,
        inputs=tuple(_used(index, value) for value in _inputs(index, row, parameter, entry)),
    )


def _inputs(index: Index, row: LaboratoryRow, parameter: Parameter, entry: Entry) -> Iterator[CollectedValue]:
    """The collected values that a row was computed from, each once; none for a row that stands for others."""
    if not entry:
        return
    sources: Mapping[str, str] = parameter.derivation.inputs if parameter.derivation else {parameter.id: parameter.id}
    for source in dict.fromkeys(sources.values()):
        if source == AGE:
            yield from (value for item in BORN if (value := index.once(row.usubjid, item)) is not None)
        elif (value := find_input(index, row.usubjid, row.avisit, source, entry)) is not None:
            yield value


def _used(index: Index, value: CollectedValue) -> UsedValue:
    return UsedValue(
        item=value.item,
        encounter=value.encounter,
        form=value.form,
        repeat=value.repeat,
        value=value.parsed,
        unit=index.units.get(value.item, ""),
        on=value.collected_on,
        position=value.position,
    )
