"""ADICE: intercurrent events, a row the first time each happens to a participant after allocation, with the record that shows it.

What changes the meaning of a later value (death, dialysis, rescue treatment, a dose never given) is found in what was collected,
and never asked of whoever analyses. An event that a definition names is found under its own name: as an item answered yes, as a
term of an adverse event, as what its regimen calls rescue or a change, or as one of the signs below. What nothing collected can
show is told by `unseen_events`. An item that asks what happened since the last visit is dated by the visit that told it.

Source: ICH E9(R1), A.3.1 (intercurrent events); the layout follows CDISC ADaM's structure for occurrence data 1.0.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from trialwright.datasets.adsl import is_outside_tolerance
from trialwright.datasets.collected import Collected, CollectedInfusion, CollectedParticipant, CollectedValue
from trialwright.datasets.index import Index, build_index
from trialwright.study.model import Encounter, Regimen, Study
from trialwright.terms.sentences import Text, fill, read_sentences

WORDS = read_sentences(Path(__file__).with_name("adice.toml"))
RESCUE_ITEM = "rescue_treatment"
BACKGROUND_ITEMS = ("raas_inhibitor", "sglt2_inhibitor", "prednisone_equivalent")
FATAL = 5  # the CTCAE grade


@dataclass(frozen=True, kw_only=True)
class IntercurrentRow:
    """A row of ADICE. `paramcd` is the id that the definition gives the event, else the name of the sign.

    Units: `ady` days from allocation (its day is 1). `source` says which record shows it; `position` is that record's place in the
    ledger where it is a collected value, else None.
    """

    usubjid: str
    paramcd: str
    param: Text
    astdt: date
    ady: int
    source: Text
    position: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Seen:
    on: date
    source: Text
    position: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Chart:
    """What is asked of one trial. Shapes: `values` (participant, item) to the values after allocation, by day."""

    collected: Collected
    study: Study
    index: Index
    values: Mapping[tuple[str, str], tuple[CollectedValue, ...]]
    until: date | None


_Sign = Callable[[_Chart, CollectedParticipant], Iterator[_Seen]]


def derive_adice(collected: Collected, study: Study, *, index: Index | None = None) -> tuple[IntercurrentRow, ...]:
    """The first occurrence of each event of each allocated participant, by participant and day."""
    chart = _read_chart(collected, study, index or build_index(collected, study))
    signs, labels = signs_of(study), _labels(study)
    rows = [
        _row(person, name, labels[name], first)
        for person in collected.participants
        if person.allocated_at is not None
        for name, sign in signs.items()
        if (first := min(sign(chart, person), key=lambda seen: seen.on, default=None)) is not None
    ]
    order = {person.id: place for place, person in enumerate(collected.participants)}
    return tuple(sorted(rows, key=lambda row: (order[row.usubjid], row.astdt, row.paramcd)))


def unseen_events(study: Study) -> tuple[str, ...]:
    """Events that the estimands name and nothing collected can show; their strategies are never reached by this software."""
    return tuple(name for name in _named(study) if name not in signs_of(study))


def signs_of(study: Study) -> Mapping[str, _Sign]:
    """How each event is found, under the definition's own names first."""
    signs: dict[str, _Sign] = dict(_SIGNS)
    for regimen in _regimens(study):
        for rescue in regimen.rescue:
            signs[rescue.intercurrent_event] = signs.pop("rescue_immunosuppression", _rescued)
        for change in (change for change in regimen.changes if change.intercurrent_event):
            signs[change.intercurrent_event] = signs.pop("background_change", _background_changed)
    items = {item.id for form in study.forms.values() for item in form.items if item.concept.kind == "boolean"}
    terms = {term.code for term in study.safety.terms}
    for name in _named(study):
        if name in items:
            signs.setdefault(name, _item_is_yes(name))
        elif name in terms:
            signs.setdefault(name, _term(name))
    return signs


def last_day(study: Study, participant: CollectedParticipant, encounter: Encounter, infused_on: date | None) -> date | None:
    """The last day of an encounter's window; counted from allocation where the infusion that it counts from was never given."""
    if participant.allocated_at is None:
        return None
    start = infused_on if encounter.anchor == "infusion" and infused_on else participant.allocated_at.date()
    start = participant.screened_on if encounter.anchor == "screening" else start
    return start + encounter.target + encounter.after


def _read_chart(collected: Collected, study: Study, index: Index) -> _Chart:
    allocated = {p.id: p.allocated_at.date() for p in collected.participants if p.allocated_at is not None}
    items = {item.id for form in study.forms.values() for item in form.items if item.concept.kind == "boolean"}
    asked = items | {*BACKGROUND_ITEMS, RESCUE_ITEM, "pregnancy_test"}
    values: dict[tuple[str, str], list[CollectedValue]] = {}
    for value in collected.values:
        if value.item in asked and value.participant in allocated and value.parsed:
            values.setdefault((value.participant, value.item), []).append(value)
    return _Chart(
        collected=collected,
        study=study,
        index=index,
        values={key: tuple(sorted(found, key=lambda v: (v.collected_on, v.position))) for key, found in values.items()},
        until=max((value.collected_on for value in collected.values), default=None),
    )


def _row(person: CollectedParticipant, name: str, label: Text, seen: _Seen) -> IntercurrentRow:
    assert person.allocated_at is not None
    days = (seen.on - person.allocated_at.date()).days
    return IntercurrentRow(
        usubjid=person.id,
        paramcd=name,
        param=label,
        astdt=seen.on,
        ady=days + 1 if days >= 0 else days,
        source=seen.source,
        position=seen.position,
    )


def _labels(study: Study) -> Mapping[str, Text]:
    unnamed = {name: Text(en=name, fa=name) for name in signs_of(study)}
    return unnamed | {name: WORDS[name] for name in _SIGNS} | dict(_events(study))


def _named(study: Study) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, _ in _events(study)))


def _events(study: Study) -> Iterator[tuple[str, Text]]:
    for endpoint in study.endpoints:
        yield from ((event.id, event.label) for event in endpoint.estimand.intercurrent_events)


def _regimens(study: Study) -> Iterator[Regimen]:
    yield from (intervention.regimen for intervention in study.interventions if intervention.regimen is not None)


def _died(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    """A fatal adverse event; its last day, and its first where no end was recorded."""
    for event in chart.collected.adverse_events:
        if event.participant == person.id and (event.grade == FATAL or event.outcome == "fatal"):
            yield _Seen(on=event.ended_on or event.started_on, source=fill(WORDS["by.adverse_event"], number=event.number))


def _term(code: str) -> _Sign:
    def sign(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
        for event in chart.collected.adverse_events:
            if event.participant == person.id and event.term == code and event.started_on >= _allocated(person):
                yield _Seen(on=event.started_on, source=fill(WORDS["by.adverse_event"], number=event.number))

    return sign


def _item_is_yes(item: str) -> _Sign:
    return lambda chart, person: (_told(chart, value) for value in _after(chart, person, item) if value.parsed == "yes")


def _rescued(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    return _item_is_yes(RESCUE_ITEM)(chart, person)


def _background_changed(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    """The first value of a background drug that differs from the last one told before or at allocation."""
    for item in BACKGROUND_ITEMS:
        told = chart.values.get((person.id, item), ())
        before = [value for value in told if value.collected_on <= _allocated(person)]
        later = (value for value in told if value.collected_on > _allocated(person))
        yield from (_told(chart, value) for value in later if before and _plain(value) != _plain(before[-1]))


def _never_infused(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    """Nothing was infused by the last day on which it could have been, and that day is past."""
    if person.arm is None or chart.study.cell_product(person.arm) is None or chart.index.infusions.get(person.id):
        return
    due = last_day(chart.study, person, dose_encounter(chart.study, person.arm), None)
    if due is not None and chart.until is not None and due < chart.until:
        yield _Seen(on=due, source=WORDS["by.no_infusion"])


def _control_given_cells(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    if person.arm is not None and chart.study.cell_product(person.arm) is None:
        yield from (_infused(infusion) for infusion in chart.index.infusions.get(person.id, ()))


def _further_dose(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    product = chart.study.cell_product(person.arm) if person.arm is not None else None
    if product is not None and product.dose is not None:
        planned = len(product.dose.encounters) or 1
        yield from (_infused(infusion) for infusion in chart.index.infusions.get(person.id, ())[planned:])


def _outside_tolerance(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    """The dose alone is judged: what a laboratory released outside its own limits is not among the collected values."""
    if person.arm is not None:
        arm = chart.study.arm(person.arm)
        given = chart.index.infusions.get(person.id, ())
        yield from (_infused(infusion) for infusion in given if is_outside_tolerance(arm, chart.study, infusion))


def _withdrew(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    if person.withdrawn_on is not None:
        yield _Seen(on=person.withdrawn_on, source=WORDS["by.withdrawal"])


def _pregnant(chart: _Chart, person: CollectedParticipant) -> Iterator[_Seen]:
    yield from _term("pregnancy")(chart, person)
    yield from (_told(chart, value) for value in _after(chart, person, "pregnancy_test") if value.parsed == "positive")


_SIGNS: Mapping[str, _Sign] = {
    "death": _died,
    "dialysis_or_transplant": _item_is_yes("dialysis_or_transplant"),
    "rescue_immunosuppression": _rescued,
    "background_change": _background_changed,
    "never_infused": _never_infused,
    "control_given_cells": _control_given_cells,
    "second_dose": _further_dose,
    "product_out_of_specification": _outside_tolerance,
    "withdrawal": _withdrew,
    "pregnancy": _pregnant,
}


def _after(chart: _Chart, person: CollectedParticipant, item: str) -> Iterable[CollectedValue]:
    return (value for value in chart.values.get((person.id, item), ()) if value.collected_on >= _allocated(person))


def _allocated(person: CollectedParticipant) -> date:
    assert person.allocated_at is not None
    return person.allocated_at.date()


def _plain(value: CollectedValue) -> Decimal | str:
    """A number as a number, so that 10 and 10.0 mg are one dose."""
    try:
        return Decimal(value.parsed)
    except InvalidOperation:
        return value.parsed


def _told(chart: _Chart, value: CollectedValue) -> _Seen:
    item = chart.study.forms[value.form].item(value.item)
    encounter = chart.study.encounter(value.encounter)
    label = item.label if item is not None else Text(en=value.item, fa=value.item)
    visit = encounter.label if encounter is not None else Text(en=value.encounter, fa=value.encounter)
    words = WORDS["by.item"]
    source = Text(en=words.en.format(item=label.en, encounter=visit.en), fa=words.fa.format(item=label.fa, encounter=visit.fa))
    return _Seen(on=value.collected_on, source=source, position=value.position)


def _infused(infusion: CollectedInfusion) -> _Seen:
    return _Seen(on=infusion.started_at.date(), source=fill(WORDS["by.infusion"], lot=infusion.lot))


def dose_encounter(study: Study, arm: str) -> Encounter:
    """The visit of the first dose: named by the dose, called infusion, or the first one counted from allocation."""
    product = study.cell_product(arm)
    named = product.dose.encounters[:1] if product is not None and product.dose is not None else ()
    found = study.encounter(named[0] if named else "infusion")
    return found or next(encounter for encounter in study.encounters if encounter.anchor == "allocation")
