"""ADRS: the response of each participant by each definition that the study names, at every visit and at best up to its encounter.

The definitions stand in the measures room; here only the study's own values are handed to them. A definition that asks for a ratio
takes the ratio that an endpoint of the study measures, and otherwise the ratio of the 24-hour collection: spot and 24-hour values
are never mixed in one series. Without protein a visit is undetermined, never "none".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trialwright.datasets.adlb import BASELINE_VISIT, LaboratoryRow, derive_adlb
from trialwright.datasets.collected import Collected
from trialwright.datasets.index import Index, build_index
from trialwright.datasets.measurement import GFR_BY_AGE, Parameter, parameters
from trialwright.datasets.missing import NOT_RECORDED
from trialwright.measures import Computed, Measure, compute, find_measure
from trialwright.study.model import Encounter, ResponseUse, Study
from trialwright.terms.quantity import Quantity
from trialwright.terms.sentences import Text
from trialwright.terms.units import UnitError

BEST = "best"
UNDETERMINED = "undetermined"
ORDER = ("complete", "partial", "none", UNDETERMINED)
ITEMS = {"albumin": "albumin", "prednisone": "prednisone_equivalent", "rescue": "rescue_treatment"}
Given = Mapping[str, "Quantity | str | int | bool | Decimal | None"]


@dataclass(frozen=True, kw_only=True)
class ResponseRow:
    """A row of ADRS: the class by one definition (`paramcd`) at one encounter, or at best over all up to `by` (`avisit` "best").

    `avalc` is "complete", "partial", "none" or "undetermined"; the best of several visits is the first of these that occurs, so
    undetermined only where no visit could be decided. `source` is the parameter that the definition was given as protein.
    """

    usubjid: str
    paramcd: str
    version: str
    param: Text
    by: str
    avisit: str
    avisitn: int
    adt: date | None
    avalc: str
    reason: Text | None
    source: str


@dataclass(frozen=True, kw_only=True)
class _Chart:
    """The laboratory rows of one trial by (participant, parameter, visit), baselines under their own visit."""

    index: Index
    rows: Mapping[tuple[str, str, str], LaboratoryRow]
    gfr: str


def derive_adrs(
    collected: Collected, study: Study, *, laboratory: Sequence[LaboratoryRow] | None = None, index: Index | None = None
) -> tuple[ResponseRow, ...]:
    """Rows of every allocated participant and definition, visits in order and the best last.

    `laboratory` and `index` spare deriving them again.
    """
    index = index or build_index(collected, study)
    chart = _read_chart(index, study, laboratory if laboratory is not None else derive_adlb(collected, study, index=index))
    allocated = [p.id for p in collected.participants if p.allocated_at is not None]
    uses = [(use, protein_parameter(study, use.definition)) for use in study.analysis.responses]
    courses = (_course(chart, study, use, person, protein) for use, protein in uses if protein for person in allocated)
    return tuple(row for course in courses for row in course)


def protein_parameter(study: Study, definition: str) -> Parameter | None:
    """The parameter in the unit of the definition: one that an endpoint measures before any other."""
    wanted = {endpoint.concept for endpoint in study.endpoints}
    unit = next(entry.unit for entry in find_measure(definition).inputs if entry.name == "protein")
    fitting = [p for p in parameters(study) if p.derivation is not None and _converts(p.unit, unit)]
    return next((p for p in fitting if p.id in wanted), fitting[0] if fitting else None)


def _read_chart(index: Index, study: Study, laboratory: Sequence[LaboratoryRow]) -> _Chart:
    rows: dict[tuple[str, str, str], LaboratoryRow] = {}
    for row in laboratory:
        if row.anl01fl == "Y":
            rows[row.usubjid, row.paramcd, row.avisit] = row
        if row.ablfl == "Y":
            rows[row.usubjid, row.paramcd, BASELINE_VISIT] = row
    gfr = next((d.id for d in study.derivations if d.measure == GFR_BY_AGE), "")
    return _Chart(index=index, rows=rows, gfr=gfr)


def _course(chart: _Chart, study: Study, use: ResponseUse, person: str, protein: Parameter) -> Iterator[ResponseRow]:
    definition = find_measure(use.definition)
    rows = [
        _at_visit(chart, use, definition, person, protein, encounter, number)
        for number, encounter in _visits(study, use, protein)
        if (person, protein.id, encounter.id) in chart.rows
    ]
    yield from rows
    yield _best(rows, use, definition, person, protein)


def _visits(study: Study, use: ResponseUse, protein: Parameter) -> list[tuple[int, Encounter]]:
    """The encounters after treatment, up to the named one, at which the protein is planned."""
    numbered = list(enumerate(study.encounters, start=1))
    last = next(number for number, encounter in numbered if encounter.id == use.by)
    return [(n, e) for n, e in numbered if n <= last and e.anchor != "screening" and protein.form.id in e.forms]


def _at_visit(
    chart: _Chart, use: ResponseUse, definition: Measure, person: str, protein: Parameter, encounter: Encounter, number: int
) -> ResponseRow:
    row = chart.rows[person, protein.id, encounter.id]
    computed = compute(definition.id, _given(chart, definition, person, protein, encounter.id))
    decided = str(computed.value) if computed.value is not None else UNDETERMINED
    why = row.missing.reason if row.aval is None and row.missing else _words(computed)
    return ResponseRow(
        usubjid=person,
        paramcd=definition.id,
        version=definition.version,
        param=definition.label,
        by=use.by,
        avisit=encounter.id,
        avisitn=number,
        adt=row.adt,
        avalc=decided,
        reason=why,
        source=protein.id,
    )


def _given(chart: _Chart, definition: Measure, person: str, protein: Parameter, visit: str) -> Given:
    """The values of one visit by the input names of the definition; what is missing is left out."""
    values: dict[str, Quantity | str | None] = {
        "protein": _quantity(chart, person, protein.id, visit),
        "baseline_protein": _quantity(chart, person, protein.id, BASELINE_VISIT),
        "egfr": _quantity(chart, person, chart.gfr, visit),
        "baseline_egfr": _quantity(chart, person, chart.gfr, BASELINE_VISIT),
    }
    values |= {name: _collected(chart.index, person, visit, item) for name, item in ITEMS.items()}
    wanted = {entry.name for entry in definition.inputs}
    return {name: value for name, value in values.items() if name in wanted and value is not None}


def _quantity(chart: _Chart, person: str, parameter: str, visit: str) -> Quantity | None:
    row = chart.rows.get((person, parameter, visit))
    return Quantity(value=row.aval, unit=row.avalu) if row is not None and row.aval is not None else None


def _collected(index: Index, person: str, visit: str, item: str) -> Quantity | str | None:
    value = index.at(person, visit, item)
    if value is None or not value.parsed:
        return None
    unit = index.units.get(item, "")
    return Quantity(value=Decimal(value.parsed), unit=unit) if unit else value.parsed


def _best(rows: Sequence[ResponseRow], use: ResponseUse, definition: Measure, person: str, protein: Parameter) -> ResponseRow:
    best = min(rows, key=lambda row: (ORDER.index(row.avalc), row.avisitn), default=None)
    return ResponseRow(
        usubjid=person,
        paramcd=definition.id,
        version=definition.version,
        param=definition.label,
        by=use.by,
        avisit=BEST,
        avisitn=best.avisitn if best else 0,
        adt=best.adt if best else None,
        avalc=best.avalc if best else UNDETERMINED,
        reason=best.reason if best else NOT_RECORDED.reason,
        source=protein.id,
    )


def _words(computed: Computed) -> Text | None:
    return computed.refusal.sentence if computed.refusal else computed.note


def _converts(unit: str, wanted: str) -> bool:
    try:
        Quantity(value=Decimal(1), unit=unit).to(wanted, "creatinine" if wanted == "g/g" else None)
    except UnitError:
        return False
    return True
