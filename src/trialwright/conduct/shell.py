"""The one shell around the machine: load the states, decide, append what follows, let the projections follow.

Every door (site, command line, rehearsal) sends its commands here. The decision is made outside the write lock; inside it only
versions are compared, entries appended and tables updated. If a stream moved meanwhile, the shell decides again on the new
states.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from trialwright.conduct.allocation import AllocationError, SlotOpener
from trialwright.conduct.codec import event_of, payload_of
from trialwright.conduct.commands import ALLOCATION, STUDY, Allocate, ApproveProtocol, Command, RevealArm, participant_stream
from trialwright.conduct.commitments import Slot
from trialwright.conduct.decide import decide
from trialwright.conduct.decision import Decision, Recorded, Refusal
from trialwright.conduct.events import Event
from trialwright.conduct.evolve import evolve, initial_state
from trialwright.conduct.minimised import SlotContentError, arm_of_slot
from trialwright.conduct.people import SYSTEM, Person
from trialwright.conduct.projections import is_current, local_time, project, rebuild
from trialwright.conduct.states import AllocationState, Origin, ParticipantState, State, States, StudyState
from trialwright.conduct.strata import find_misplaced
from trialwright.ledger.database import Transaction
from trialwright.ledger.entry import LEDGER_STREAM, Draft, Entry, Envelope
from trialwright.ledger.errors import StreamMoved
from trialwright.ledger.ledger import Ledger
from trialwright.study.model import Study
from trialwright.study.read import read_study
from trialwright.study.stratification import Misplacement, UsedList

_TRIES = 20
_KEPT_STATES = 4096


@dataclass(frozen=True, kw_only=True)
class Done:
    """An accepted command: its events and the ledger entries that hold them (none where the command changed nothing)."""

    events: tuple[Event, ...]
    entries: tuple[Entry, ...]


class NotApprovedError(ValueError):
    """No version of the definition is approved yet, and none was handed in."""


class Trial:
    """One trial being run: its ledger, its approved definition and the states of its streams."""

    def __init__(self, ledger: Ledger, *, software: str, opener: SlotOpener | None = None, proposed: Study | None = None) -> None:
        self.ledger = ledger
        self._software = software
        self._opener = opener
        self._proposed = proposed
        self._studies: dict[str, Study] = {}
        self._states: dict[str, tuple[int, State]] = {}
        self._guard = threading.Lock()
        if not is_current(ledger):
            rebuild(ledger, self.events())

    @property
    def id(self) -> str:
        return self.ledger.study

    @property
    def origin(self) -> Origin:
        return self.ledger.origin

    @property
    def study(self) -> Study:
        """The newest approved definition, or the proposed one before any is approved. Raises: NotApprovedError."""
        state = self.state(STUDY)
        assert isinstance(state, StudyState)
        if not state.approved:
            if self._proposed is None:
                raise NotApprovedError(f"{self.id} has no approved protocol version yet; approve one first.")
            return self._proposed
        newest = state.approved[-1]
        if newest.digest not in self._studies:
            records = self._proposed.records if self._proposed else {}
            self._studies[newest.digest] = read_study(newest.files, records=records)
        return self._studies[newest.digest]

    def propose(self, study: Study) -> None:
        """Hand in a definition that is to be approved."""
        self._proposed = study

    def submit(
        self, command: Command, *, by: Person, now: datetime, command_id: str, device: str = "", reason: str = ""
    ) -> Done | Refusal:
        """Carry out one command, or say why not. The same `command_id` again gives the same entries and changes nothing.

        Raises: LedgerError when nothing could be kept; AllocationError when a taken slot does not open to what was committed to.
        """
        done = self._submit(command, by=by, now=now, command_id=command_id, device=device, reason=reason)
        if isinstance(command, Allocate):  # also after a refusal: a slot taken before a crash is opened now
            self._reveal(command, now=now, command_id=f"{command_id}/reveal", device=device)
        return done

    def state(self, stream: str) -> State:
        return self.load((stream,))[0].by_stream[stream]

    def participant(self, participant: str) -> ParticipantState:
        state = self.state(participant_stream(participant))
        assert isinstance(state, ParticipantState)
        return state

    def load(self, streams: Iterable[str]) -> tuple[States, dict[str, int]]:
        """The states of the streams and the versions at which they were read."""
        found: dict[str, State] = {}
        versions: dict[str, int] = {}
        for stream, newest in self.ledger.versions(streams).items():
            versions[stream], found[stream] = self._load(stream, newest)
        return States(by_stream=found), versions

    def block_sizes(self) -> tuple[int, ...] | None:
        """The sizes of the list's blocks, once every slot is taken and nothing is left to guess.

        None before, without the key, and for a list that was not drawn in blocks (see `procedure`).
        Raises: AllocationError when the sealed list does not open.
        """
        opener, used = self._opener, self._used_list()
        if opener is None or used is None or used.commitment is None or used.commitment.factors:
            return None
        return opener.block_sizes(used.commitment.sealed)

    def procedure(self) -> UsedList | None:
        """The procedure that drew the list, or those of the lists of all strata, or the minimisation with the levels that it used.

        Told when block sizes would be; None before, without the key, and for one list of blocks.
        Raises: AllocationError when the sealed list does not open.
        """
        opener, used = self._opener, self._used_list()
        return None if opener is None or used is None else opener.used_list(used, self.misplaced())

    def misplaced(self) -> tuple[Misplacement, ...]:
        """Everybody whose corrected values are of another stratum than the one they were allocated in; nobody is moved."""
        study, taken = self.study, self.allocation().taken
        return tuple(found for participant in taken for found in find_misplaced(study, self.participant(participant)))

    def allocation(self) -> AllocationState:
        state = self.state(ALLOCATION)
        assert isinstance(state, AllocationState)
        return state

    def _used_list(self) -> AllocationState | None:
        """The allocation once everybody planned is allocated."""
        allocation = self.allocation()
        return allocation if allocation.is_complete else None

    def events(self, *, after: int = -1) -> Iterable[tuple[Entry, Event | None]]:
        """Every entry with its event; None where the payload was redacted or may not be read here."""
        for entry in self.ledger.entries(after=after):
            yield entry, read_event(entry)

    def forget(self) -> None:
        """Drop the states kept in memory; they are folded again from the ledger when asked for."""
        with self._guard:
            self._states.clear()

    def _load(self, stream: str, newest: int) -> tuple[int, State]:
        """The state kept in memory when it is as new as the stream, else continued from the ledger."""
        with self._guard:
            version, state = self._states.get(stream, (0, initial_state(stream, self.origin)))
        if newest == version:
            return version, state
        for entry in self.ledger.entries(stream=stream, after_sequence=version):
            event = read_event(entry)
            state = evolve(state, event, local_time(entry)) if event is not None else state
            version = entry.stream_sequence
        with self._guard:
            if len(self._states) > _KEPT_STATES:
                self._states.clear()
            self._states[stream] = (version, state)
        return version, state

    def _submit(self, command: Command, *, by: Person, now: datetime, command_id: str, device: str, reason: str) -> Done | Refusal:
        if (before := self._done_before(command_id)) is not None:
            return before
        for _ in range(_TRIES):
            study = self._study_for(command)
            states, versions = self.load(command.streams())
            decision = decide(command, states, by, study, now)
            envelope = Envelope(
                command_id=command_id,
                by=by.id,
                role=by.role,
                site=by.site,
                device=device,
                entered_at=now,
                reason=reason or str(getattr(command, "reason", "")),
                build=study.digest,
                software=self._software,
            )
            try:
                return self._keep(decision, versions, envelope, now)
            except StreamMoved:
                continue
        raise TimeoutError(f"{type(command).__name__} met other changes {_TRIES} times in a row; send it again.")

    def _study_for(self, command: Command) -> Study:
        """The definition that decides: the newest approved one, or the proposed one where its approval is asked for."""
        proposed = self._proposed
        asked = isinstance(command, ApproveProtocol) and proposed is not None and proposed.digest == command.digest
        return proposed if asked and proposed is not None else self.study

    def _done_before(self, command_id: str) -> Done | None:
        """A retry after a lost answer gets the first answer; an attempt that was refused is decided afresh."""
        entries = self.ledger.entries_of(command_id)
        return Done(events=_events_of(entries), entries=entries) if entries else None

    def _keep(self, decision: Decision, versions: dict[str, int], envelope: Envelope, now: datetime) -> Done | Refusal:
        """Append what follows. A refused attempt is kept under an id of its own: the same command, sent again once
        nothing stands in its way, must find its own id free.
        """
        refused = isinstance(decision, Refusal)
        recorded = decision.record if isinstance(decision, Refusal) else decision.events
        entries: tuple[Entry, ...] = ()
        if recorded:
            entries = self.ledger.append(
                [_draft(one) for one in recorded],
                envelope=replace(envelope, command_id=f"{envelope.command_id}/refused") if refused else envelope,
                expected=versions,
                server_time=now,
                project=self._projector(recorded),
            )
        if isinstance(decision, Refusal):
            return decision
        return Done(events=_events_of(entries), entries=entries)

    def _projector(self, recorded: tuple[Recorded, ...]) -> Callable[[Transaction, tuple[Entry, ...]], None]:
        events = tuple(one.event for one in recorded)

        def follow(transaction: Transaction, entries: tuple[Entry, ...]) -> None:
            project(transaction, self.id, zip(entries, events, strict=True))

        return follow

    def _reveal(self, command: Allocate, *, now: datetime, command_id: str, device: str) -> None:
        """Open the slot that was taken, against its commitment; harmless to repeat after a crash between the two.

        In a minimisation slots that were taken before and not opened yet come first, because this arm rests on theirs.
        """
        for participant in self._to_reveal(command.participant):
            state, allocation = self.participant(participant), self.allocation()
            if self._opener is None or state.slot is None or state.arm is not None or allocation.commitment is None:
                continue
            slot = self._opener.open(state.slot, allocation.commitment.sealed[state.slot])
            reveal = RevealArm(
                site=state.site,
                participant=participant,
                slot=slot.number,
                arm=self._arm_of(slot, allocation),
                content=slot.content,
                nonce=slot.nonce,
            )
            refused = self._submit(reveal, by=SYSTEM, now=now, command_id=f"{command_id}/{slot.number}", device=device, reason="")
            if isinstance(refused, Refusal):
                raise AllocationError(str(refused))

    def _to_reveal(self, participant: str) -> tuple[str, ...]:
        """The participant, after those whose slots must be opened before."""
        allocation = self.allocation()
        if allocation.commitment is None or allocation.commitment.method != "minimisation" or participant not in allocation.taken:
            return (participant,)
        return allocation.taken[len(allocation.arms) : allocation.taken.index(participant) + 1]

    def _arm_of(self, slot: Slot, allocation: AllocationState) -> str:
        """The arm that a slot holds or, in a minimisation, leads to. Raises: AllocationError when it leads to none."""
        if allocation.commitment is None or allocation.commitment.method != "minimisation":
            return slot.content
        try:
            return arm_of_slot(slot, allocation, self.study)
        except SlotContentError as error:
            raise AllocationError(f"Slot {slot.number} was opened and leads to no arm. {error} Call the custodian.") from error


def _events_of(entries: tuple[Entry, ...]) -> tuple[Event, ...]:
    return tuple(event for entry in entries if (event := read_event(entry)) is not None)


def read_event(entry: Entry) -> Event | None:
    """The event of an entry; None for the ledger's own entries and for payloads that cannot be read."""
    if entry.stream == LEDGER_STREAM or entry.stream.startswith("redaction/") or entry.payload is None:
        return None
    return event_of(entry.type, entry.version, entry.payload)


def _draft(one: Recorded) -> Draft:
    event = one.event
    return Draft(
        stream=one.stream, type=type(event).__name__, version=event.version, payload=payload_of(event), visibility=event.visibility
    )
