"""What happened, in the trial's words. Events are only ever added; a field that changes meaning is a new version of its event.

Each class names its `version` and its `visibility`: who may read the payload. What tells the arm (the arm itself, dose,
infusion, bag, and words that may speak of them) is "unblinded" and lies encrypted in the ledger. Decimals are decimals, times
carry their zone, and no event holds a name, phone number, national code or full birth date.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Literal

from trialwright.study.capture import COUNTS_AS_COMPLETE

Visibility = Literal["site", "unblinded", "custodian"]


@dataclass(frozen=True, kw_only=True)
class Event:
    version: ClassVar[int] = 1
    visibility: ClassVar[Visibility] = "site"


# --- the study -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ProtocolApproved(Event):
    """A definition is approved. `files` (path to text) are kept, so that the ledger replays without the study folder."""

    protocol_version: str
    digest: str
    files: Mapping[str, str]
    open_questions: int
    rehearsal_only: bool


@dataclass(frozen=True, kw_only=True)
class RegistrationRecorded(Event):
    registry: str
    number: str
    registered_on: date


@dataclass(frozen=True, kw_only=True)
class AllocationCommitted(Event):
    """The custodian's lists, sealed: a commitment and a ciphertext for each slot, and the Merkle root over the commitments.

    `factors` are the strata with their levels; every combination of levels has a list, all of one length and one after the other,
    but a minimisation has one. A ledger from before there were strata names neither `method` nor `factors`.
    """

    root: str
    commitments: tuple[str, ...]
    sealed: tuple[str, ...]
    method: str = ""
    factors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# --- a site ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EthicsApprovalRecorded(Event):
    committee: str
    reference: str
    approved_on: date
    expires_on: date


@dataclass(frozen=True, kw_only=True)
class PermitRecorded(Event):
    kind: str
    reference: str
    granted_on: date
    expires_on: date | None


@dataclass(frozen=True, kw_only=True)
class InsuranceRecorded(Event):
    reference: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class PersonDelegated(Event):
    """The investigator hands a task to a person trained for it (ICH E6(R3) 2.3)."""

    person: str
    role: str
    trained_on: date
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, kw_only=True)
class ConsentVersionApproved(Event):
    consent_version: str
    approved_on: date


@dataclass(frozen=True, kw_only=True)
class ActivationRefused(Event):
    """Someone tried to start the site too early; kept, because it is part of the story of the trial."""

    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SiteActivated(Event):
    protocol_version: str
    allocation_root: str


@dataclass(frozen=True, kw_only=True)
class ScreeningNumberGiven(Event):
    number: int
    participant: str


# --- a participant ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ParticipantScreened(Event):
    participant: str
    number: int
    site: str
    screened_on: date


@dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Event):
    consent_version: str
    signed_at: datetime
    given_by: Literal["participant", "guardian"]
    assent: bool


@dataclass(frozen=True, kw_only=True)
class ValueEntered(Event):
    """One value of one item: as typed, in the unit typed, and as read. Not an event of its own; it rides in `FormSaved`."""

    item: str
    raw: str
    unit: str
    parsed: str
    missing_code: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class FormSaved(Event):
    """One save: only the items that are new or changed. `corrections` names those that replace an earlier value."""

    encounter: str
    form: str
    repeat: int
    collected_on: date
    values: tuple[ValueEntered, ...]
    corrections: tuple[str, ...]
    reason: str
    checks_accepted: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CollectionJudged(Event):
    """A timed collection is called complete or incomplete before its protein is seen.

    The creatinine excretion and the expectation it was set against are kept, because the decision rests on them.
    """

    encounter: str
    form: str
    repeat: int
    judgement: Literal["complete", "incomplete", "accepted_with_reason"]
    reason: str
    assessment: str
    creatinine_mg_per_day: str
    expected_mg_per_day: str
    measure: str

    @property
    def counts(self) -> bool:
        """Whether the values of the collection count."""
        return self.judgement in COUNTS_AS_COMPLETE


@dataclass(frozen=True, kw_only=True)
class CriterionJudged(Event):
    """One criterion with its outcome and the values it rests on; rides in `EligibilityConfirmed` and `ScreenFailed`."""

    criterion: str
    outcome: Literal["met", "not_met", "undecided"]
    inputs: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class EligibilityConfirmed(Event):
    criteria: tuple[CriterionJudged, ...]


@dataclass(frozen=True, kw_only=True)
class ScreenFailed(Event):
    criteria: tuple[CriterionJudged, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class StratumJudged(Event):
    """The level of a stratum at allocation with the values it rests on; rides in `ParticipantAllocated`."""

    stratum: str
    level: str
    inputs: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ParticipantAllocated(Event):
    """A slot is taken; the arm in it is not known yet. `slot` is None where every participant gets the one arm."""

    slot: int | None
    method: str
    strata: tuple[StratumJudged, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SlotTaken(Event):
    """The same fact on the allocation stream, so that two people cannot take one slot. `profile`: the level of each factor."""

    slot: int
    participant: str
    profile: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SlotOpened(Event):
    """A minimisation's slot is opened: its number and parameters, and the arm that followed; the next arm rests on it.

    Only the custodian reads it, because the parameters would tell how likely the next arm is.
    """

    visibility: ClassVar[Visibility] = "custodian"
    slot: int
    arm: str
    content: str
    nonce: str


@dataclass(frozen=True, kw_only=True)
class ArmRevealed(Event):
    """The slot is opened: its arm, with the nonce that proves it is what was committed to (empty for a minimisation)."""

    visibility: ClassVar[Visibility] = "unblinded"
    slot: int | None
    arm: str
    nonce: str


@dataclass(frozen=True, kw_only=True)
class DoseOrdered(Event):
    visibility: ClassVar[Visibility] = "unblinded"
    intervention: str
    weight_kg: Decimal
    weighed_on: date
    viable_cells_million: Decimal
    million_per_kg: Decimal


@dataclass(frozen=True, kw_only=True)
class InfusionRefused(Event):
    """A hard stop at the bedside. What was scanned is kept."""

    visibility: ClassVar[Visibility] = "unblinded"
    rules: tuple[str, ...]
    wristband: str
    bag: str


@dataclass(frozen=True, kw_only=True)
class InfusionStarted(Event):
    visibility: ClassVar[Visibility] = "unblinded"
    intervention: str
    lot: str
    bag: str
    donor: str
    weight_kg: Decimal
    viable_cells_million: Decimal
    million_per_kg: Decimal
    endotoxin_eu_kg_h: Decimal
    witnesses: tuple[str, str]
    consent_version: str
    thawed_at: datetime
    started_at: datetime


@dataclass(frozen=True, kw_only=True)
class InfusionCompleted(Event):
    visibility: ClassVar[Visibility] = "unblinded"
    ended_at: datetime
    volume_left_ml: Decimal
    reaction: str


@dataclass(frozen=True, kw_only=True)
class QueryOpened(Event):
    number: int
    encounter: str
    form: str
    repeat: int
    item: str
    text: str
    origin: Literal["person", "check"]


@dataclass(frozen=True, kw_only=True)
class QueryAnswered(Event):
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class QueryClosed(Event):
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class AdverseEventRecorded(Event):
    """An adverse event as first reported, or its newest state when `number` is already known."""

    visibility: ClassVar[Visibility] = "unblinded"
    number: int
    term: str
    description: str
    started_on: date
    ended_on: date | None
    grade: int
    serious: bool
    related: Literal["related", "not_related", "unknown"]
    expected: bool | None
    outcome: Literal["ongoing", "recovered", "recovered_with_sequelae", "fatal", "unknown"]
    lot: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeviationRecorded(Event):
    visibility: ClassVar[Visibility] = "unblinded"
    on: date
    kind: str
    description: str


@dataclass(frozen=True, kw_only=True)
class ParticipantWithdrawn(Event):
    on: date
    extent: Literal["intervention", "follow_up", "consent"]
    reason: str


@dataclass(frozen=True, kw_only=True)
class FormSigned(Event):
    """An electronic signature: bound to the digest of the content that was signed, so that a later change voids it."""

    encounter: str
    form: str
    repeat: int
    meaning: str
    content_digest: str


@dataclass(frozen=True, kw_only=True)
class ParticipantLocked(Event):
    content_digest: str


@dataclass(frozen=True, kw_only=True)
class ParticipantUnlocked(Event):
    reason: str


# --- donor and lot ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DonorRegistered(Event):
    donor: str
    age_years: int
    relation: str
    hla_match: str
    consented_on: date


@dataclass(frozen=True, kw_only=True)
class DonorJudged(Event):
    """Donor eligibility from infectious markers and history (21 CFR 1271.50 and 1271.85; Directive 2006/17/EC annex II)."""

    eligible: bool
    tested_on: date
    markers: Mapping[str, str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class LotMade(Event):
    lot: str
    donor: str
    product: str
    passage: int
    made_on: date
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReleaseTestRecorded(Event):
    test: str
    result: str
    unit: str
    passed: bool
    tested_on: date


@dataclass(frozen=True, kw_only=True)
class BagFilled(Event):
    """A bag is filled for one participant. Units: mL; million cells per mL; percent; EU per mL."""

    visibility: ClassVar[Visibility] = "unblinded"
    bag: str
    participant: str
    volume_ml: Decimal
    million_per_ml: Decimal
    viability_percent: Decimal
    endotoxin_eu_ml: Decimal


@dataclass(frozen=True, kw_only=True)
class LotReleased(Event):
    kind: Literal["conditional", "final"]


@dataclass(frozen=True, kw_only=True)
class LotQuarantined(Event):
    reason: str


@dataclass(frozen=True, kw_only=True)
class BagThawed(Event):
    bag: str
    thawed_at: datetime
    viability_percent: Decimal


@dataclass(frozen=True, kw_only=True)
class BagInfused(Event):
    visibility: ClassVar[Visibility] = "unblinded"
    bag: str
    participant: str


@dataclass(frozen=True, kw_only=True)
class BagDestroyed(Event):
    bag: str
    reason: str
    witness: str


EVENTS: dict[str, type[Event]] = {
    cls.__name__: cls
    for cls in (
        ProtocolApproved,
        RegistrationRecorded,
        AllocationCommitted,
        EthicsApprovalRecorded,
        PermitRecorded,
        InsuranceRecorded,
        PersonDelegated,
        ConsentVersionApproved,
        ActivationRefused,
        SiteActivated,
        ScreeningNumberGiven,
        ParticipantScreened,
        ConsentRecorded,
        FormSaved,
        CollectionJudged,
        EligibilityConfirmed,
        ScreenFailed,
        ParticipantAllocated,
        SlotTaken,
        SlotOpened,
        ArmRevealed,
        DoseOrdered,
        InfusionRefused,
        InfusionStarted,
        InfusionCompleted,
        QueryOpened,
        QueryAnswered,
        QueryClosed,
        AdverseEventRecorded,
        DeviationRecorded,
        ParticipantWithdrawn,
        FormSigned,
        ParticipantLocked,
        ParticipantUnlocked,
        DonorRegistered,
        DonorJudged,
        LotMade,
        ReleaseTestRecorded,
        BagFilled,
        LotReleased,
        LotQuarantined,
        BagThawed,
        BagInfused,
        BagDestroyed,
    )
}
