"""From the estimand to the data: what an intercurrent event does to a participant's later values.

The earliest event that is not left to the treatment policy decides. A value counts as after an event from the day of the event on;
a visit that was not held is after it if its window was still open. Treatment policy keeps what was measured, composite makes the
participant's outcome the worst, while on treatment keeps the last value before, hypothetical sets aside what follows, and a
principal stratum of two arms is refused, because nobody is seen in both. Nothing is imputed: a value set aside is missing, and its
reason says so.

Source: ICH E9(R1), A.3.2 (strategies).
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from trialwright.analysis.endpoints import individual
from trialwright.analysis.methods.result import NotEstimable
from trialwright.analysis.results import EventHandling, Fate, Individual
from trialwright.analysis.tables import Tables, arm_of, members
from trialwright.datasets.adice import IntercurrentRow, last_day, unseen_events
from trialwright.datasets.adlb import BASELINE_VISIT, LaboratoryRow
from trialwright.datasets.adsl import SubjectRow
from trialwright.study.model import Endpoint, Study
from trialwright.terms.sentences import Text, read_sentences

WORDS = read_sentences(Path(__file__).with_name("handling.toml"))
_ORDER = ("principal_stratum", "composite", "hypothetical", "while_on_treatment")
_MISSING: dict[str, str] = {
    "worst": "missing_worst",
    "set_aside": "missing_set_aside",
    "nothing_before": "missing_nothing_before",
    "left_out": "missing_left_out",
}


def handled_individual(tables: Tables, endpoint: Endpoint, visit: str, subject: SubjectRow) -> Individual:
    """One participant's value at one visit as the endpoint's estimand takes it, with what became of it."""
    seen = individual(tables, endpoint, visit, subject, arm_of(subject, endpoint.estimand.analysis_set))
    decisive = deciding_event(tables, endpoint, visit, subject)
    if visit == BASELINE_VISIT or decisive is None:
        return seen
    event, strategy = decisive
    if strategy == "while_on_treatment":
        return _last_before(tables, endpoint, subject, seen, event)
    fate: Fate = "worst" if strategy == "composite" else "left_out" if strategy == "principal_stratum" else "set_aside"
    if fate == "worst" and endpoint.direction == "none":
        fate = "set_aside"
    return _without_value(seen, fate, event)


def deciding_event(tables: Tables, endpoint: Endpoint, visit: str, subject: SubjectRow) -> tuple[IntercurrentRow, str] | None:
    """The earliest event before a visit whose strategy changes the value, with the strategy; None where none does."""
    strategies = strategies_of(endpoint)
    reached = [
        (event, strategies[event.paramcd])
        for event in tables.intercurrent.get(subject.usubjid, ())
        if strategies.get(event.paramcd, "treatment_policy") != "treatment_policy" and is_after(tables, endpoint, visit, event)
    ]
    return min(reached, key=lambda found: (found[0].astdt, _ORDER.index(found[1])), default=None)


def strategies_of(endpoint: Endpoint) -> dict[str, str]:
    return {event.id: event.strategy for event in endpoint.estimand.intercurrent_events}


def is_after(tables: Tables, endpoint: Endpoint, visit: str, event: IntercurrentRow) -> bool:
    """Whether a visit's value comes from the day of the event or later; where there is none, whether it could still have come."""
    row = tables.counting.get((endpoint.concept, visit), {}).get(event.usubjid)
    day = row.adt if row is not None and row.aval is not None else _last_day(tables, visit, event.usubjid)
    return day is not None and day >= event.astdt


def refused_stratum(study: Study, endpoint: Endpoint) -> NotEstimable | None:
    """Why a principal stratum cannot be estimated here; None where no event asks for one, or where there is one arm."""
    asked = [event for event in endpoint.estimand.intercurrent_events if event.strategy == "principal_stratum"]
    if not asked or len(study.arms) == 1:
        return None
    label, words = asked[0].label, WORDS["stratum_refused"]
    return NotEstimable(reason=Text(en=words.en.format(event=label.en), fa=words.fa.format(event=label.fa)))


def describe_events(tables: Tables) -> tuple[EventHandling, ...]:
    """Each intercurrent event of each participant, and what was done about it for every endpoint."""
    found: list[EventHandling] = []
    for endpoint in tables.study.endpoints:
        for subject in members(tables, endpoint.estimand.analysis_set):
            found += [_described(tables, endpoint, subject, event) for event in tables.intercurrent.get(subject.usubjid, ())]
    order = {subject.usubjid: place for place, subject in enumerate(tables.subjects)}
    return tuple(sorted(found, key=lambda one: (order[one.participant], one.on, one.event)))


def unseen_notes(study: Study) -> tuple[Text, ...]:
    """Events that the estimands name and the data cannot show, each with its sentence."""
    labels = {event.id: event.label for endpoint in study.endpoints for event in endpoint.estimand.intercurrent_events}
    words = WORDS["unseen"]
    return tuple(
        Text(en=words.en.format(event=labels[name].en), fa=words.fa.format(event=labels[name].fa)) for name in unseen_events(study)
    )


def about_event(code: str, event: IntercurrentRow) -> Text:
    """A sentence that names an event and its day."""
    words = WORDS[code]
    return Text(en=words.en.format(event=event.param.en, on=event.astdt), fa=words.fa.format(event=event.param.fa, on=event.astdt))


def _described(tables: Tables, endpoint: Endpoint, subject: SubjectRow, event: IntercurrentRow) -> EventHandling:
    strategy = strategies_of(endpoint).get(event.paramcd, "")
    touched = tuple(visit for visit in endpoint.encounters if is_after(tables, endpoint, visit, event))
    return EventHandling(
        participant=subject.usubjid,
        arm=arm_of(subject, endpoint.estimand.analysis_set),
        event=event.paramcd,
        label=event.param,
        on=event.astdt,
        day=event.ady,
        source=event.source,
        position=event.position,
        endpoint=endpoint.id,
        strategy=strategy,
        encounters=touched,
        done=_done(tables, endpoint, subject, event, strategy, touched),
    )


def _done(
    tables: Tables, endpoint: Endpoint, subject: SubjectRow, event: IntercurrentRow, strategy: str, touched: tuple[str, ...]
) -> Text:
    if not touched:
        return WORDS["nothing_after"]
    if not strategy:
        return WORDS["not_named"]
    if strategy == "treatment_policy":
        rows = [tables.counting.get((endpoint.concept, visit), {}).get(subject.usubjid) for visit in touched]
        facts = {"missing": sum(row is None or row.aval is None for row in rows), "visits": len(touched)}
        words = WORDS[strategy]
        return Text(en=words.en.format(**facts), fa=words.fa.format(**facts))
    if strategy == "while_on_treatment" and _row_before(tables, endpoint, event) is None:
        return WORDS["while_on_treatment_nothing"]
    if strategy == "composite" and endpoint.direction == "none":
        return WORDS["composite_without_direction"]
    return WORDS[strategy]


def _last_before(tables: Tables, endpoint: Endpoint, subject: SubjectRow, seen: Individual, event: IntercurrentRow) -> Individual:
    row = _row_before(tables, endpoint, event)
    if row is None:
        return _without_value(seen, "nothing_before", event)
    before = individual(tables, endpoint, row.avisit, subject, seen.arm)
    return replace(before, fate="last_before")


def _row_before(tables: Tables, endpoint: Endpoint, event: IntercurrentRow) -> LaboratoryRow | None:
    """The last value that counts at an encounter of the endpoint before the day of the event."""
    rows = (tables.counting.get((endpoint.concept, visit), {}).get(event.usubjid) for visit in endpoint.encounters)
    held = [row for row in rows if row is not None and row.aval is not None and row.adt is not None and row.adt < event.astdt]
    return held[-1] if held else None


def _without_value(seen: Individual, fate: Fate, event: IntercurrentRow) -> Individual:
    return replace(seen, value=None, change=None, missing=about_event(_MISSING[fate], event), fate=fate)


def _last_day(tables: Tables, visit: str, participant: str) -> date | None:
    encounter, person = tables.study.encounter(visit), tables.people[participant]
    return None if encounter is None else last_day(tables.study, person, encounter, tables.infused_on.get(participant))
