"""Completeness of a timed urine collection, from hours, volume and creatinine alone, before its protein can be entered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trialwright.conduct.current import CurrentValues, current_values
from trialwright.conduct.decision import Reason, reason
from trialwright.conduct.sentences import all_of, phrase
from trialwright.conduct.states import FormState, ParticipantState
from trialwright.measures.definition import Finding
from trialwright.measures.errors import MeasureError
from trialwright.measures.urine.collection_completeness import MEASURE, collection_completeness, find_reference
from trialwright.study.model import Collection, Study
from trialwright.terms.sentences import Text
from trialwright.terms.sex import Sex, read_sex

_MG_PER_ML_PER_MG_DL = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """What hours, volume and creatinine say. `suggested` is the judgement that needs no reason, "" where none can be suggested.

    Units: creatinine mg per collection, as text ("" where it cannot be computed).
    """

    completeness: str
    suggested: str
    sentence: Text
    creatinine_mg_per_day: str
    expected_mg_per_day: str
    measure: str
    reason: Reason | None = None


def assess_collection(study: Study, participant: ParticipantState, encounter: str, form: str, repeat: int) -> Assessment:
    """Assess a saved collection against the participant's own earlier complete jugs, else the prediction from weight."""
    saved = participant.form(encounter, form, repeat)
    collection = study.forms[form].collection
    assert saved is not None
    assert collection is not None
    needed = (collection.volume, collection.hours, collection.creatinine)
    missing = [item.label for item in study.forms[form].items if item.id in needed and item.id not in saved.values]
    if missing:
        return _unassessable(missing)
    values = current_values(study, participant)
    found = _creatinine_mg(values, collection, encounter, form, repeat)
    earlier = _earlier_jugs(values, participant, form, collection, saved.collected_on)
    weight, age, sex = _person(values, saved.collected_on)
    hours = values.at(encounter, form, collection.hours, repeat)
    try:
        finding = collection_completeness(found, _float(hours), weight, age, sex, earlier)
        reference = find_reference(weight, age, sex, earlier)
    except MeasureError as error:
        finding, reference = Finding(value="unknown", reason=error.text, code=error.code), None
    completeness = str(finding.value)
    return Assessment(
        completeness=completeness,
        suggested={"complete": "complete", "undercollected": "incomplete", "overcollected": "incomplete"}.get(completeness, ""),
        sentence=finding.reason,
        creatinine_mg_per_day="" if found is None else f"{found:.0f}",
        expected_mg_per_day="" if reference is None else f"{reference.creatinine_mg:.0f}",
        measure=f"{MEASURE.id} {MEASURE.version}",
    )


def _unassessable(labels: list[Text]) -> Assessment:
    missing = all_of(labels)
    return Assessment(
        completeness="unknown",
        suggested="",
        sentence=phrase("nothing_without", missing=missing),
        creatinine_mg_per_day="",
        expected_mg_per_day="",
        measure=f"{MEASURE.id} {MEASURE.version}",
        reason=reason("collection.incomplete_form", missing=missing),
    )


def _creatinine_mg(values: CurrentValues, collection: Collection, encounter: str, form: str, repeat: int) -> float | None:
    """Milligrams of creatinine in the jug: volume (mL) times concentration (mg/dL)."""
    volume = values.at(encounter, form, collection.volume, repeat)
    concentration = values.at(encounter, form, collection.creatinine, repeat)
    if not isinstance(volume, Decimal) or not isinstance(concentration, Decimal):
        return None
    return float(volume * concentration * _MG_PER_ML_PER_MG_DL)


def _earlier_jugs(
    values: CurrentValues, participant: ParticipantState, form: str, collection: Collection, before: date
) -> tuple[float, ...]:
    def counts(state: FormState) -> bool:
        return state.judgement is not None and state.judgement.counts and state.collected_on < before

    jugs = ((e, r) for (e, f, r), state in participant.forms.items() if f == form and counts(state))
    found = (_creatinine_mg(values, collection, encounter, form, repeat) for encounter, repeat in jugs)
    return tuple(value for value in found if value is not None)


def _person(values: CurrentValues, on: date) -> tuple[float | None, float | None, Sex | None]:
    sex = values.once("sex")
    return _float(values.once("weight")), _float(values.age_years(on)), read_sex(str(sex)) if sex else None


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, Decimal) else None
