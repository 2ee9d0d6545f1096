"""The datasets of one trial at hand for its analysis, and the few questions that every table asks of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from trialwright.datasets.adae import AdverseEventRow, derive_adae
from trialwright.datasets.adice import IntercurrentRow, derive_adice
from trialwright.datasets.adlb import BASELINE_VISIT, LaboratoryRow, derive_adlb
from trialwright.datasets.adrs import ResponseRow, derive_adrs
from trialwright.datasets.adsl import SubjectRow, derive_adsl
from trialwright.datasets.collected import Collected, CollectedParticipant
from trialwright.datasets.index import build_index
from trialwright.study.model import Endpoint, Study

FLAG_OF_SET = {"full": "fasfl", "per_protocol": "pprotfl", "safety": "saffl"}


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Shapes: `counting` (parameter, encounter) to participant to the row that counts; `baselines` parameter to participant to
    row; `intercurrent`, `people` and `infused_on` (day of the first infusion) by participant."""

    study: Study
    subjects: tuple[SubjectRow, ...]
    laboratory: tuple[LaboratoryRow, ...]
    responses: tuple[ResponseRow, ...]
    adverse_events: tuple[AdverseEventRow, ...]
    counting: Mapping[tuple[str, str], Mapping[str, LaboratoryRow]]
    baselines: Mapping[str, Mapping[str, LaboratoryRow]]
    intercurrent: Mapping[str, tuple[IntercurrentRow, ...]]
    people: Mapping[str, CollectedParticipant]
    infused_on: Mapping[str, date]


def derive_tables(collected: Collected, study: Study) -> Tables:
    index = build_index(collected, study)
    laboratory = derive_adlb(collected, study, index=index)
    counting: dict[tuple[str, str], dict[str, LaboratoryRow]] = {}
    baselines: dict[str, dict[str, LaboratoryRow]] = {}
    for row in laboratory:
        if row.anl01fl == "Y" and row.avisit != BASELINE_VISIT:
            counting.setdefault((row.paramcd, row.avisit), {})[row.usubjid] = row
        if row.ablfl == "Y":
            baselines.setdefault(row.paramcd, {})[row.usubjid] = row
    return Tables(
        study=study,
        subjects=derive_adsl(collected, study, laboratory=laboratory, index=index),
        laboratory=laboratory,
        responses=derive_adrs(collected, study, laboratory=laboratory, index=index),
        adverse_events=derive_adae(collected, study, index=index),
        counting=counting,
        baselines=baselines,
        intercurrent=_by_participant(derive_adice(collected, study, index=index)),
        people={person.id: person for person in collected.participants},
        infused_on={
            i.participant: i.started_at.date() for i in sorted(collected.infusions, key=lambda i: i.started_at, reverse=True)
        },
    )


def _by_participant(events: Sequence[IntercurrentRow]) -> Mapping[str, tuple[IntercurrentRow, ...]]:
    found: dict[str, tuple[IntercurrentRow, ...]] = {}
    for event in events:
        found[event.usubjid] = (*found.get(event.usubjid, ()), event)
    return found


def members(tables: Tables, analysis_set: str) -> tuple[SubjectRow, ...]:
    """The participants of an analysis set, in the order of allocation."""
    flag = FLAG_OF_SET[analysis_set]
    inside = [s for s in tables.subjects if getattr(s, flag) == "Y"]
    return tuple(sorted(inside, key=_place))


def arm_of(subject: SubjectRow, analysis_set: str) -> str:
    """As allocated, except in the safety set: as received."""
    return subject.trt01a if analysis_set == "safety" else subject.trt01p


def find_endpoint(study: Study, endpoint_id: str) -> Endpoint:
    return next(endpoint for endpoint in study.endpoints if endpoint.id == endpoint_id)


def by_arm(study: Study, subjects: Sequence[SubjectRow], analysis_set: str) -> Mapping[str, tuple[SubjectRow, ...]]:
    """Participants by arm id, arms in the order of the study, empty ones included."""
    return {arm.id: tuple(s for s in subjects if arm_of(s, analysis_set) == arm.id) for arm in study.arms}


def _place(subject: SubjectRow) -> tuple[int, str]:
    return (subject.slot if subject.slot is not None else 1_000_000, subject.usubjid)
