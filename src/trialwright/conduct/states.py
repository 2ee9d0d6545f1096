"""What is known of each stream after its events: the only thing that `decide` looks at. Frozen; `evolve` makes the next one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from trialwright.conduct import events as ev
from trialwright.study.stratification import Profile, list_name, list_names

Origin = Literal["rehearsal", "live"]
FormKey = tuple[str, str, int]
"""(encounter, form, repeat): one form as filled in once."""


@dataclass(frozen=True, kw_only=True)
class StudyState:
    """`origin` comes from the first entry of the ledger and never changes."""

    origin: Origin
    approved: tuple[ev.ProtocolApproved, ...] = ()
    registration: ev.RegistrationRecorded | None = None
    screened: int = 0
    """The last screening number given; numbers run through the whole study, so that two sites never give the same id."""

    @property
    def is_rehearsal(self) -> bool:
        return self.origin == "rehearsal"

    def approval(self, protocol_version: str) -> ev.ProtocolApproved | None:
        return next((a for a in reversed(self.approved) if a.protocol_version == protocol_version), None)


@dataclass(frozen=True, kw_only=True)
class AllocationState:
    commitment: ev.AllocationCommitted | None = None
    taken: tuple[str, ...] = ()
    """Participants in the order of allocation; `slots` and `profiles` (levels of the factors) are in the same order."""
    slots: tuple[int, ...] = ()
    profiles: tuple[Profile, ...] = ()
    arms: tuple[str, ...] = ()
    """Of a minimisation: the arms of the slots that are opened, in their order."""

    @property
    def list_length(self) -> int:
        """The slots of each list: as many as people are planned in all, so that no list runs short."""
        return len(self.commitment.commitments) // len(self._lists()) if self.commitment else 0

    @property
    def is_complete(self) -> bool:
        """Whether everybody planned is allocated and nothing is left to guess."""
        return self.commitment is not None and len(self.taken) >= self.list_length

    def next_slot(self, profile: Profile = ()) -> int | None:
        """The next free slot of the list for these levels; None where everybody planned is allocated."""
        if self.commitment is None or self.is_complete:
            return None
        first = self._lists().index(self._list_of(profile)) * self.list_length
        return first + sum(first <= slot < first + self.list_length for slot in self.slots)

    def lists(self) -> Mapping[str, tuple[int, int]]:
        """The first slot of each list, and the one after its last."""
        length = self.list_length
        return {name: (place * length, (place + 1) * length) for place, name in enumerate(self._lists())}

    def _lists(self) -> tuple[str, ...]:
        assert self.commitment is not None
        return list_names(self.commitment.method, self.commitment.factors)

    def _list_of(self, profile: Profile) -> str:
        assert self.commitment is not None
        return "" if self.commitment.method == "minimisation" else list_name(self.commitment.factors, profile)


@dataclass(frozen=True, kw_only=True)
class SiteState:
    ethics: tuple[ev.EthicsApprovalRecorded, ...] = ()
    permits: tuple[ev.PermitRecorded, ...] = ()
    insurance: tuple[ev.InsuranceRecorded, ...] = ()
    delegations: tuple[ev.PersonDelegated, ...] = ()
    consents: tuple[ev.ConsentVersionApproved, ...] = ()
    activation: ev.SiteActivated | None = None

    def ethics_in_force(self, on: date) -> ev.EthicsApprovalRecorded | None:
        return next((e for e in reversed(self.ethics) if e.approved_on <= on <= e.expires_on), None)

    def consent_in_force(self, on: date) -> ev.ConsentVersionApproved | None:
        """The newest version approved for the site at that date; of two of one day the one recorded later (ICH E6(R3) 2.8)."""
        approved = [c for c in reversed(self.consents) if c.approved_on <= on]
        return max(approved, key=lambda c: c.approved_on) if approved else None

    def is_delegated(self, person: str, role: str, on: date) -> bool:
        """Whether a delegation is in force; of several that have begun the newest counts, so that one can be ended."""
        begun = (d for d in reversed(self.delegations) if d.person == person and d.role == role and d.starts_on <= on)
        newest = next(begun, None)
        return newest is not None and newest.trained_on <= on and (newest.ends_on is None or on <= newest.ends_on)


@dataclass(frozen=True, kw_only=True)
class FormState:
    """One form of one encounter. `version` counts its saves; a signature holds only for the version that was signed."""

    collected_on: date
    values: Mapping[str, ev.ValueEntered]
    version: int
    judgement: ev.CollectionJudged | None = None
    signed_version: int | None = None
    signed_by_meaning: str = ""

    @property
    def is_signed(self) -> bool:
        return self.signed_version == self.version


@dataclass(frozen=True, kw_only=True)
class QueryState:
    opened: ev.QueryOpened
    answer: str = ""
    status: Literal["open", "answered", "closed"] = "open"


@dataclass(frozen=True, kw_only=True)
class ParticipantState:
    id: str = ""
    site: str = ""
    number: int = 0
    screened_on: date | None = None
    consent: ev.ConsentRecorded | None = None
    """The newest consent; `first_consent` is the one from which data may be collected."""
    first_consent: ev.ConsentRecorded | None = None
    eligibility: ev.EligibilityConfirmed | None = None
    eligible_on: date | None = None
    screen_failure: ev.ScreenFailed | None = None
    slot: int | None = None
    strata: tuple[ev.StratumJudged, ...] = ()
    allocated_at: datetime | None = None
    arm: str | None = None
    dose: ev.DoseOrdered | None = None
    infusion: ev.InfusionStarted | None = None
    infusion_end: ev.InfusionCompleted | None = None
    forms: Mapping[FormKey, FormState] = field(default_factory=dict)
    queries: Mapping[int, QueryState] = field(default_factory=dict)
    adverse_events: Mapping[int, ev.AdverseEventRecorded] = field(default_factory=dict)
    deviations: tuple[ev.DeviationRecorded, ...] = ()
    withdrawal: ev.ParticipantWithdrawn | None = None
    locked: bool = False

    @property
    def exists(self) -> bool:
        return self.id != ""

    @property
    def is_allocated(self) -> bool:
        return self.allocated_at is not None

    def form(self, encounter: str, form: str, repeat: int = 1) -> FormState | None:
        return self.forms.get((encounter, form, repeat))

    def open_queries(self) -> tuple[QueryState, ...]:
        return tuple(q for q in self.queries.values() if q.status != "closed")


@dataclass(frozen=True, kw_only=True)
class DonorState:
    registered: ev.DonorRegistered | None = None
    judgement: ev.DonorJudged | None = None

    @property
    def is_eligible(self) -> bool:
        return self.judgement is not None and self.judgement.eligible


@dataclass(frozen=True, kw_only=True)
class BagState:
    filled: ev.BagFilled
    thaw: ev.BagThawed | None = None
    infused_into: str = ""
    destroyed: bool = False

    @property
    def viable_cells_million(self) -> Decimal:
        """Viable cells in the bag, by the newest viability (after thaw if thawed)."""
        viability = self.thaw.viability_percent if self.thaw else self.filled.viability_percent
        return self.filled.volume_ml * self.filled.million_per_ml * viability / 100


@dataclass(frozen=True, kw_only=True)
class LotState:
    made: ev.LotMade | None = None
    tests: tuple[ev.ReleaseTestRecorded, ...] = ()
    bags: Mapping[str, BagState] = field(default_factory=dict)
    release: ev.LotReleased | None = None
    quarantine: ev.LotQuarantined | None = None


State = StudyState | AllocationState | SiteState | ParticipantState | DonorState | LotState


@dataclass(frozen=True, kw_only=True)
class States:
    """The states of the streams that a command named, by stream."""

    by_stream: Mapping[str, State]

    def study(self) -> StudyState:
        state = self.by_stream["study"]
        assert isinstance(state, StudyState)
        return state

    def allocation(self) -> AllocationState:
        state = self.by_stream["allocation"]
        assert isinstance(state, AllocationState)
        return state

    def site(self, site: str) -> SiteState:
        state = self.by_stream[f"site:{site}"]
        assert isinstance(state, SiteState)
        return state

    def participant(self, participant: str) -> ParticipantState:
        state = self.by_stream[f"participant:{participant}"]
        assert isinstance(state, ParticipantState)
        return state

    def donor(self, donor: str) -> DonorState:
        state = self.by_stream[f"donor:{donor}"]
        assert isinstance(state, DonorState)
        return state

    def lot(self, lot: str) -> LotState:
        state = self.by_stream[f"lot:{lot}"]
        assert isinstance(state, LotState)
        return state
