"""ADAE: one row an adverse event, with its grade, and whether it began after treatment did.

Treatment-emergent means begun on or after the day of the first infusion, or of allocation where nothing was infused. The grading
version is one for the whole trial and stands in every row.

Source: CDISC ADaM structure for occurrence data 1.0; CTCAE version of the study's safety plan.
"""

from dataclasses import dataclass
from datetime import date

from trialwright.datasets.adsl import received_arm
from trialwright.datasets.collected import Collected, CollectedAdverseEvent
from trialwright.datasets.index import Index, build_index
from trialwright.study.model import Study
from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class AdverseEventRow:
    """A row of ADAE. Units: `astdy` days from the start of treatment (its day is 1). `aedecod` is the code of the study's term
    list."""

    usubjid: str
    aeseq: int
    trta: str
    aedecod: str
    aeterm: Text
    astdt: date
    aendt: date | None
    astdy: int | None
    atoxgr: int
    ctcae: str
    aeser: str
    aerel: str
    expected: str
    aeout: str
    trtemfl: str
    aesi: str
    lot: str


def derive_adae(collected: Collected, study: Study, *, index: Index | None = None) -> tuple[AdverseEventRow, ...]:
    """One row for each adverse event of a screened person, in participant and number order."""
    index = index or build_index(collected, study)
    order = {participant: place for place, participant in enumerate(index.participants)}
    events = sorted(collected.adverse_events, key=lambda e: (order[e.participant], e.number))
    return tuple(_row(index, study, event) for event in events)


def _row(index: Index, study: Study, event: CollectedAdverseEvent) -> AdverseEventRow:
    participant = index.participants[event.participant]
    start = _treatment_start(index, event.participant)
    days = (event.started_on - start).days if start else None
    label = next((term.label for term in study.safety.terms if term.code == event.term), None)
    return AdverseEventRow(
        usubjid=event.participant,
        aeseq=event.number,
        trta=received_arm(study, participant, bool(index.infusions.get(event.participant))),
        aedecod=event.term,
        aeterm=label or Text(en=event.description or event.term, fa=event.description or event.term),
        astdt=event.started_on,
        aendt=event.ended_on,
        astdy=None if days is None else days + 1 if days >= 0 else days,
        atoxgr=event.grade,
        ctcae=study.safety.ctcae_version,
        aeser="Y" if event.serious else "N",
        aerel=event.related,
        expected="" if event.expected is None else "Y" if event.expected else "N",
        aeout=event.outcome,
        trtemfl="Y" if days is not None and days >= 0 else "N",
        aesi="Y" if event.term in study.safety.special_interest else "N",
        lot=event.lot,
    )


def _treatment_start(index: Index, participant: str) -> date | None:
    infusions = index.infusions.get(participant)
    if infusions:
        return infusions[0].started_at.date()
    allocated = index.participants[participant].allocated_at
    return allocated.date() if allocated else None
