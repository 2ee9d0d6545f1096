"""Allocation: a slot is taken before anybody can know its arm, and opened against its commitment.

Source of the order (eligible, consented, then allocated, irreversibly): CONSORT 2025 items 17 to 19; ICH E9 2.3.2.
"""

from datetime import datetime

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev
from trialwright.conduct.commitments import Slot, commitment, root_of
from trialwright.conduct.decide.consents import consent_stop
from trialwright.conduct.decision import Accepted, Decision, Reason, Recorded, accept, reason, refuse, refuse_all
from trialwright.conduct.eligibility import judge_criteria
from trialwright.conduct.minimised import SlotContentError, arm_of_slot
from trialwright.conduct.people import Person
from trialwright.conduct.sentences import all_of
from trialwright.conduct.states import AllocationState, ParticipantState, States
from trialwright.conduct.strata import judge_strata
from trialwright.study.model import Encounter, Study
from trialwright.study.stratification import factors_of, list_names


def decide_commitment(command: cmd.CommitAllocation, states: States, by: Person, study: Study, now: datetime) -> Decision:
    if states.allocation().commitment is not None:
        return refuse("allocation.committed")
    if study.allocation.method == "single_arm":
        return refuse("allocation.single_arm")
    method, factors = study.allocation.method, factors_of(study)
    lists = len(list_names(method, factors))
    if len(command.commitments) != study.sample_size * lists or len(command.sealed) != len(command.commitments):
        return refuse("allocation.slots", slots=len(command.commitments), planned=study.sample_size * lists, lists=lists)
    if root_of(command.commitments) != command.root:
        return refuse("allocation.root")
    committed = ev.AllocationCommitted(
        root=command.root, commitments=command.commitments, sealed=command.sealed, method=method, factors=factors
    )
    return accept(cmd.ALLOCATION, committed)


def decide_allocation(command: cmd.Allocate, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Take the next slot, of the list of the participant's strata, once consent is in force and eligibility holds.

    The criteria are judged once more on the values as they are now, at the age of the confirmation: a value corrected after the
    investigator's confirmation must not let an ineligible person through.
    """
    participant = states.participant(command.participant)
    stop = consent_stop("allocation.consent", participant, states.site(command.site), now.date())
    stops = [stop] if stop else [*_no_longer_eligible(participant, study, now), *_without_baseline(participant, study)]
    strata, undecided = judge_strata(study, participant, participant.eligible_on or now.date())
    if stops or undecided:
        return refuse_all([*stops, *undecided])
    allocation, single = states.allocation(), study.allocation.method == "single_arm"
    if _is_committed_otherwise(allocation, study):
        return refuse("allocation.changed")
    taken, profile = len(allocation.taken), tuple(one.level for one in strata)
    slot = (taken if taken < study.sample_size else None) if single else allocation.next_slot(profile)
    if slot is None:
        return refuse("allocation.full", planned=study.sample_size)
    stream = cmd.participant_stream(participant.id)
    allocated = ev.ParticipantAllocated(slot=None if single else slot, method=study.allocation.method, strata=strata)
    events = [
        Recorded(stream=cmd.ALLOCATION, event=ev.SlotTaken(slot=slot, participant=participant.id, profile=profile)),
        Recorded(stream=stream, event=allocated),
    ]
    if single:  # nothing to conceal: the arm is recorded with the assignment
        events.append(Recorded(stream=stream, event=ev.ArmRevealed(slot=None, arm=study.arms[0].id, nonce="")))
    return Accepted(events=tuple(events))


def _is_committed_otherwise(allocation: AllocationState, study: Study) -> bool:
    """Whether the sealed lists are of another method or other strata than those in force: an amendment needs lists of its own."""
    sealed = allocation.commitment
    if sealed is None:
        return False
    return (sealed.method or study.allocation.method, dict(sealed.factors)) != (study.allocation.method, dict(factors_of(study)))


def _no_longer_eligible(participant: ParticipantState, study: Study, now: datetime) -> list[Reason]:
    confirmed_on = participant.eligible_on or now.date()
    judged = judge_criteria(study, participant, confirmed_on)
    against = [one for judgement in judged if (one := judgement.reason_against(study))]
    return [reason("allocation.eligibility", confirmed=confirmed_on), *against] if against else []


def _without_baseline(participant: ParticipantState, study: Study) -> list[Reason]:
    """The primary endpoints' baseline is measured before anybody can know the arm (ICH E9 2.3.2).

    A form saved with a reason for a missing value counts: nobody is kept out for a jug that was lost.
    """
    missing = [
        encounter.label
        for encounter in study.encounters
        if any(participant.form(encounter.id, form) is None for form in baseline_forms(study, encounter))
    ]
    return [reason("allocation.baseline", visits=all_of(missing))] if missing else []


def baseline_forms(study: Study, encounter: Encounter) -> tuple[str, ...]:
    """The forms of a visit on which the primary endpoints' baseline is measured, in the visit's order."""
    wanted = {e.concept for e in study.endpoints if e.level == "primary" and e.baseline and encounter.id in e.baseline.encounters}
    derived = {d.form for d in study.derivations if d.id in wanted}
    return tuple(f for f in encounter.forms if f in derived or any(study.forms[f].item(concept) for concept in wanted))


def decide_reveal(command: cmd.RevealArm, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Check an opened slot against its commitment; a second reveal of the same slot adds nothing.

    The slot of a list holds the arm. Of a minimisation it holds a number, and the arm must be the one that follows from it.
    """
    participant = states.participant(command.participant)
    sealed = states.allocation().commitment
    if participant.slot is None or participant.slot != command.slot or sealed is None:
        return refuse("reveal.slot", slot=command.slot, participant=participant.id)
    opened = Slot(number=command.slot, content=command.content, nonce=command.nonce)
    minimised = sealed.method == "minimisation"
    if commitment(opened) != sealed.commitments[command.slot] or not (minimised or command.arm == command.content):
        return refuse("reveal.commitment", slot=command.slot)
    if participant.arm is not None:
        return Accepted(events=())
    if minimised:
        return _reveal_minimised(command, opened, states.allocation(), study)
    return accept(cmd.participant_stream(participant.id), ev.ArmRevealed(slot=command.slot, arm=command.arm, nonce=command.nonce))


def _reveal_minimised(command: cmd.RevealArm, slot: Slot, allocation: AllocationState, study: Study) -> Decision:
    """Slots are opened in their order, because each arm rests on those before it; one that another door has opened stays."""
    if len(allocation.arms) > command.slot:
        return Accepted(events=())
    if len(allocation.arms) < command.slot:
        return refuse("reveal.order", slot=command.slot, opened=len(allocation.arms))
    try:
        arm = arm_of_slot(slot, allocation, study)
    except SlotContentError:
        return refuse("reveal.content", slot=command.slot)
    if command.arm != arm:
        return refuse("reveal.minimised", slot=command.slot)
    opened = ev.SlotOpened(slot=command.slot, arm=command.arm, content=command.content, nonce=command.nonce)
    revealed = ev.ArmRevealed(slot=command.slot, arm=command.arm, nonce="")
    return Accepted(
        events=(
            Recorded(stream=cmd.ALLOCATION, event=opened),
            Recorded(stream=cmd.participant_stream(command.participant), event=revealed),
        )
    )
