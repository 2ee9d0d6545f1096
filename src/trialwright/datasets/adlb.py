"""ADLB: laboratory values and derived measures in the shape of ADaM's basic data structure, one row a value.

Every jug and sample keeps its row. Which of several counts at a visit follows the form's rule, stated before results are seen: the
first collection judged complete, the mean of the samples, or the last entry; the row that counts has `anl01fl` "Y". A planned value
that is not there has a row too, with the reason. A baseline averaged over two visits is a row of its own (`dtype` "AVERAGE").

Source: CDISC ADaM Implementation Guide 1.3, BDS (R2BASE is AVAL divided by BASE).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from trialwright.datasets.baseline import average, baseline_rules, default_rule
from trialwright.datasets.collected import Collected, CollectedParticipant
from trialwright.datasets.index import Entry, Index, build_index
from trialwright.datasets.measurement import UPPER_LIMIT, Measurement, Parameter, measure, parameters
from trialwright.datasets.missing import INCOMPLETE_COLLECTION, NO_COMPLETE_COLLECTION, Missing, missing_entry
from trialwright.study.capture import COUNTS_AS_COMPLETE
from trialwright.study.model import Baseline, Encounter, Study

BASELINE_VISIT = "baseline"
ONE_DECIMAL, FOUR_DECIMALS = Decimal("0.1"), Decimal("0.0001")


class LaboratoryRow(NamedTuple):
    """A row of ADLB; a field is named as its CDISC variable in small letters. A named tuple: a trial has tens of thousands of rows,
    and a frozen dataclass of so many fields takes five times as long to make.

    Units: `aval`, `base` and `chg` in `avalu`; `pchg` percent of baseline; `r2base` the ratio to it; `ady` days from allocation
    (day 1 is the day of allocation, there is no day 0). `avisit` is an encounter id, or "baseline" for an averaged baseline;
    `repeat` counts the jugs or samples of the visit, 0 for a derived row. `missing` says why `aval` is None or why an observed
    value does not count.
    """

    usubjid: str
    paramcd: str
    param: str
    parcat1: str
    avisit: str
    avisitn: int
    repeat: int
    adt: date | None
    ady: int | None
    aval: Decimal | None
    avalu: str
    anrhi: Decimal | None
    base: Decimal | None
    chg: Decimal | None
    pchg: Decimal | None
    r2base: Decimal | None
    ablfl: str
    anl01fl: str
    dtype: str
    measure: str
    version: str
    missing: Missing | None


def derive_adlb(
    collected: Collected, study: Study, *, only: str | None = None, index: Index | None = None
) -> tuple[LaboratoryRow, ...]:
    """Rows of every participant and parameter, in that order, then by visit and repeat.

    `only` keeps one parameter; `index` spares building it again.
    """
    index = index or build_index(collected, study)
    rules, otherwise = baseline_rules(study), default_rule(study)
    planned = [(p, _planned(study, p)) for p in parameters(study) if only in (None, p.id)]
    rows: list[LaboratoryRow] = []
    for participant in collected.participants:
        own = {encounter.id for encounter in study.encounters if _is_planned(encounter, participant)}
        absent = Measurement(None, None, missing_entry(participant, None))
        for parameter, visits in planned:
            form, cells = parameter.form.id, list[_Cell]()
            for number, encounter in visits:
                if encounter.id not in own:
                    continue
                entries = index.entries.get((participant.id, encounter.id, form))
                if entries:
                    cells += _visit(index, participant, parameter, encounter, number, entries)
                else:
                    cells.append(_Cell(encounter.id, number, 0, absent, True))
            rows += _against_baseline(participant, parameter, cells, rules.get(parameter.id, otherwise))
    return tuple(rows)


class _Cell(NamedTuple):
    """A value on its way to a row, before it is set against baseline."""

    visit: str
    number: int
    repeat: int
    measured: Measurement
    counts: bool
    dtype: str = ""
    upper_limit: Decimal | None = None


def _planned(study: Study, parameter: Parameter) -> tuple[tuple[int, Encounter], ...]:
    return tuple((n, e) for n, e in enumerate(study.encounters, start=1) if parameter.form.id in e.forms)


def _is_planned(encounter: Encounter, participant: CollectedParticipant) -> bool:
    """Whether the encounter belongs to this participant: after allocation only those allocated, and in the arms it names."""
    if encounter.anchor != "screening" and participant.allocated_at is None:
        return False
    return not encounter.arms or participant.arm in encounter.arms


def _visit(
    index: Index,
    participant: CollectedParticipant,
    parameter: Parameter,
    encounter: Encounter,
    number: int,
    entries: Mapping[int, Entry],
) -> Iterator[_Cell]:
    """The cells of a visit at which something was recorded."""
    if len(entries) == 1 and parameter.form.collection is None:  # nearly every visit: one entry, and it counts
        ((repeat, entry),) = entries.items()
        measured = measure(index, participant.id, encounter.id, parameter, entry)
        yield _Cell(encounter.id, number, repeat, measured, True, "", _upper_limit(entry, parameter))
        return
    found = {repeat: measure(index, participant.id, encounter.id, parameter, entry) for repeat, entry in entries.items()}
    counting = _counting(index, participant.id, encounter.id, parameter, found)
    for repeat, measured in found.items():
        shown = measured
        if (
            repeat != counting
            and measured.missing is None
            and _is_incomplete(index, participant.id, encounter.id, parameter, repeat)
        ):
            shown = measured._replace(missing=INCOMPLETE_COLLECTION)
        yield _Cell(encounter.id, number, repeat, shown, repeat == counting, "", _upper_limit(entries[repeat], parameter))
    if counting is None:
        derived, dtype = _derived_of(parameter, found)
        yield _Cell(encounter.id, number, 0, derived, counts=True, dtype=dtype)


def _counting(index: Index, participant: str, encounter: str, parameter: Parameter, found: Mapping[int, Measurement]) -> int | None:
    """The repeat whose value counts; None where a derived row must stand for the visit."""
    if parameter.form.repeat_rule == "mean" and len(found) > 1:
        return None
    if parameter.form.repeat_rule == "first_complete":
        return next((r for r in found if not _is_incomplete(index, participant, encounter, parameter, r)), None)
    return max(found) if len(found) > 1 else next(iter(found))


def _is_incomplete(index: Index, participant: str, encounter: str, parameter: Parameter, repeat: int) -> bool:
    """Whether a timed collection was not judged complete; a form without a collection has nothing to judge."""
    if parameter.form.collection is None:
        return False
    return index.judgements.get((participant, encounter, parameter.form.id, repeat), "") not in COUNTS_AS_COMPLETE


def _derived_of(parameter: Parameter, found: Mapping[int, Measurement]) -> tuple[Measurement, str]:
    """The row that stands for a visit: the mean of the samples, or the reason why nothing counts."""
    on = max((m.on for m in found.values() if m.on is not None), default=None)
    if parameter.form.repeat_rule != "mean":
        return Measurement(value=None, on=on, missing=NO_COMPLETE_COLLECTION), ""
    observed = [m for m in found.values() if m.value is not None]
    if not observed:
        return next(iter(found.values())), ""
    mean = average([m.value for m in observed if m.value is not None], geometric=False, decimals=_decimals(observed))
    return Measurement(value=mean, on=on, measure=observed[0].measure, version=observed[0].version), "AVERAGE"


def _decimals(measured: Sequence[Measurement]) -> int:
    return max((-int(m.value.as_tuple().exponent) for m in measured if m.value is not None), default=0)


def _upper_limit(entry: Entry, parameter: Parameter) -> Decimal | None:
    printed = entry.get(parameter.id + UPPER_LIMIT)
    return Decimal(printed.parsed) if printed is not None and printed.parsed else None


def _study_day(participant: CollectedParticipant, on: date) -> int | None:
    if participant.allocated_at is None:
        return None
    days = (on - participant.allocated_at.date()).days
    return days + 1 if days >= 0 else days


def _against_baseline(
    participant: CollectedParticipant, parameter: Parameter, cells: Sequence[_Cell], rule: Baseline
) -> Iterator[LaboratoryRow]:
    """Flag or add the baseline and set every later value that counts against it."""
    before = [c for c in cells if c.counts and c.visit in rule.encounters and c.measured.value is not None]
    base = _baseline_cell(before, rule) if before else None
    value = base.measured.value if base is not None else None
    last = max((c.number for c in cells if c.visit in rule.encounters), default=0)
    for cell in cells:
        is_base = cell is base
        after = cell.counts and cell.number > last
        yield _row(participant, parameter, cell, value if is_base or after else None, is_base, after)
        if base is not None and base.visit == BASELINE_VISIT and cell is before[-1]:
            yield _row(participant, parameter, base, value, True, False)


def _baseline_cell(before: Sequence[_Cell], rule: Baseline) -> _Cell:
    """The value that is the baseline, or an averaged one that stands under a visit of its own."""
    last = before[-1]
    if rule.rule == "last" or (len(before) == 1 and len(rule.encounters) == 1):
        return last
    values = [cell.measured.value for cell in before if cell.measured.value is not None]
    mean = average(values, rule.rule == "geometric_mean", _decimals([cell.measured for cell in before]))
    measured = last.measured._replace(value=mean, missing=None)
    return _Cell(BASELINE_VISIT, last.number, 0, measured, counts=False, dtype="AVERAGE")


def _row(
    participant: CollectedParticipant, parameter: Parameter, cell: _Cell, base: Decimal | None, is_base: bool, after: bool
) -> LaboratoryRow:
    measured = cell.measured
    value = measured.value
    change, percent, ratio = _changes(value, base) if after and base is not None and value is not None else (None, None, None)
    return LaboratoryRow(  # by place, in the order of the fields: by name takes twice as long
        participant.id,
        parameter.id,
        parameter.shown,
        parameter.form.id,
        cell.visit,
        cell.number,
        cell.repeat,
        measured.on,
        _study_day(participant, measured.on) if measured.on is not None else None,
        value,
        parameter.unit,
        cell.upper_limit,
        base,
        change,
        percent,
        ratio,
        "Y" if is_base else "",
        "Y" if cell.counts else "",
        cell.dtype,
        measured.measure,
        measured.version,
        measured.missing,
    )


def _changes(value: Decimal, base: Decimal) -> tuple[Decimal, Decimal | None, Decimal | None]:
    """Change, change in percent of baseline, and ratio to it; the last two do not exist for a baseline of zero."""
    change = value - base
    if not base:
        return change, None, None
    return change, (100 * change / base).quantize(ONE_DECIMAL), (value / base).quantize(FOUR_DECIMALS)
