"""`evolve(state, event, at) -> state`: fold one event into the state of its stream. It never refuses: what happened, happened.

`at` is the server time of the entry; only allocation and eligibility keep it, because no later rule may trust a typed time there.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import singledispatch

from trialwright.conduct import events as ev
from trialwright.conduct.states import (
    AllocationState,
    BagState,
    DonorState,
    FormState,
    LotState,
    Origin,
    ParticipantState,
    QueryState,
    SiteState,
    State,
    StudyState,
)


def initial_state(stream: str, origin: Origin) -> State:
    """The state of a stream before its first event."""
    kind = stream.partition(":")[0]
    match kind:
        case "study":
            return StudyState(origin=origin)
        case "allocation":
            return AllocationState()
        case "site":
            return SiteState()
        case "participant":
            return ParticipantState()
        case "donor":
            return DonorState()
        case "lot":
            return LotState()
    raise ValueError(f"no such kind of stream: {stream}")


def evolve(state: State, event: ev.Event, at: datetime) -> State:
    """Return the state after the event. Events of a kind unknown to the state's stream are an error of the program."""
    match state:
        case StudyState():
            return _study(state, event)
        case AllocationState():
            return _allocation(state, event)
        case SiteState():
            return _site(state, event)
        case ParticipantState():
            return _participant(event, state, at)
        case DonorState():
            return _donor(state, event)
        case LotState():
            return _lot(state, event)


def _unexpected(state: State, event: ev.Event) -> TypeError:
    return TypeError(f"{type(event).__name__} does not belong to the stream of a {type(state).__name__}")


def _study(state: StudyState, event: ev.Event) -> StudyState:
    match event:
        case ev.ProtocolApproved():
            return replace(state, approved=(*state.approved, event))
        case ev.RegistrationRecorded():
            return replace(state, registration=event)
        case ev.ScreeningNumberGiven():
            return replace(state, screened=event.number)
    raise _unexpected(state, event)


def _allocation(state: AllocationState, event: ev.Event) -> AllocationState:
    match event:
        case ev.AllocationCommitted():
            return replace(state, commitment=event)
        case ev.SlotTaken():
            return replace(
                state,
                taken=(*state.taken, event.participant),
                slots=(*state.slots, event.slot),
                profiles=(*state.profiles, event.profile),
            )
        case ev.SlotOpened():
            return replace(state, arms=(*state.arms, event.arm))
    raise _unexpected(state, event)


def _site(state: SiteState, event: ev.Event) -> SiteState:
    match event:
        case ev.EthicsApprovalRecorded():
            return replace(state, ethics=(*state.ethics, event))
        case ev.PermitRecorded():
            return replace(state, permits=(*state.permits, event))
        case ev.InsuranceRecorded():
            return replace(state, insurance=(*state.insurance, event))
        case ev.PersonDelegated():
            return replace(state, delegations=(*state.delegations, event))
        case ev.ConsentVersionApproved():
            return replace(state, consents=(*state.consents, event))
        case ev.SiteActivated():
            return replace(state, activation=event)
        case ev.ActivationRefused():
            return state
    raise _unexpected(state, event)


def _donor(state: DonorState, event: ev.Event) -> DonorState:
    match event:
        case ev.DonorRegistered():
            return replace(state, registered=event)
        case ev.DonorJudged():
            return replace(state, judgement=event)
    raise _unexpected(state, event)


def _lot(state: LotState, event: ev.Event) -> LotState:
    match event:
        case ev.LotMade():
            return replace(state, made=event)
        case ev.ReleaseTestRecorded():
            return replace(state, tests=(*state.tests, event))
        case ev.BagFilled():
            return replace(state, bags={**state.bags, event.bag: BagState(filled=event)})
        case ev.LotReleased():
            return replace(state, release=event)
        case ev.LotQuarantined():
            return replace(state, quarantine=event)
        case ev.BagThawed():
            return replace(state, bags=_bag(state, event.bag, thaw=event))
        case ev.BagInfused():
            return replace(state, bags=_bag(state, event.bag, infused_into=event.participant))
        case ev.BagDestroyed():
            return replace(state, bags=_bag(state, event.bag, destroyed=True))
    raise _unexpected(state, event)


def _bag(state: LotState, bag: str, **change: object) -> Mapping[str, BagState]:
    return {**state.bags, bag: replace(state.bags[bag], **change)}  # type: ignore[arg-type]  # fields of BagState


@singledispatch
def _participant(event: ev.Event, state: ParticipantState, at: datetime) -> ParticipantState:
    raise _unexpected(state, event)


@_participant.register
def _(event: ev.ParticipantScreened, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, id=event.participant, site=event.site, number=event.number, screened_on=event.screened_on)


@_participant.register
def _(event: ev.ConsentRecorded, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, consent=event, first_consent=state.first_consent or event)


@_participant.register
def _(event: ev.FormSaved, state: ParticipantState, at: datetime) -> ParticipantState:
    key = (event.encounter, event.form, event.repeat)
    before = state.forms.get(key)
    values = {**(before.values if before else {}), **{value.item: value for value in event.values}}
    after = (
        replace(before, collected_on=event.collected_on, values=values, version=before.version + 1)
        if before
        else FormState(collected_on=event.collected_on, values=values, version=1)
    )
    return replace(state, forms={**state.forms, key: after})


@_participant.register
def _(event: ev.CollectionJudged, state: ParticipantState, at: datetime) -> ParticipantState:
    return _with_form(state, event, judgement=event)


@_participant.register
def _(event: ev.FormSigned, state: ParticipantState, at: datetime) -> ParticipantState:
    version = state.forms[(event.encounter, event.form, event.repeat)].version
    return _with_form(state, event, signed_version=version, signed_by_meaning=event.meaning)


def _with_form(state: ParticipantState, event: ev.CollectionJudged | ev.FormSigned, **change: object) -> ParticipantState:
    key = (event.encounter, event.form, event.repeat)
    return replace(state, forms={**state.forms, key: replace(state.forms[key], **change)})  # type: ignore[arg-type]  # fields of FormState


@_participant.register
def _(event: ev.EligibilityConfirmed, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, eligibility=event, eligible_on=at.date())


@_participant.register
def _(event: ev.ScreenFailed, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, screen_failure=event)


@_participant.register
def _(event: ev.ParticipantAllocated, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, slot=event.slot, strata=event.strata, allocated_at=at)


@_participant.register
def _(event: ev.ArmRevealed, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, arm=event.arm)


@_participant.register
def _(event: ev.DoseOrdered, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, dose=event)


@_participant.register
def _(event: ev.InfusionRefused, state: ParticipantState, at: datetime) -> ParticipantState:
    return state


@_participant.register
def _(event: ev.InfusionStarted, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, infusion=event)


@_participant.register
def _(event: ev.InfusionCompleted, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, infusion_end=event)


@_participant.register
def _(event: ev.QueryOpened, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, queries={**state.queries, event.number: QueryState(opened=event)})


@_participant.register
def _(event: ev.QueryAnswered, state: ParticipantState, at: datetime) -> ParticipantState:
    answered = replace(state.queries[event.number], answer=event.text, status="answered")
    return replace(state, queries={**state.queries, event.number: answered})


@_participant.register
def _(event: ev.QueryClosed, state: ParticipantState, at: datetime) -> ParticipantState:
    closed = replace(state.queries[event.number], status="closed")
    return replace(state, queries={**state.queries, event.number: closed})


@_participant.register
def _(event: ev.AdverseEventRecorded, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, adverse_events={**state.adverse_events, event.number: event})


@_participant.register
def _(event: ev.DeviationRecorded, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, deviations=(*state.deviations, event))


@_participant.register
def _(event: ev.ParticipantWithdrawn, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, withdrawal=event)


@_participant.register
def _(event: ev.ParticipantLocked, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, locked=True)


@_participant.register
def _(event: ev.ParticipantUnlocked, state: ParticipantState, at: datetime) -> ParticipantState:
    return replace(state, locked=False)
