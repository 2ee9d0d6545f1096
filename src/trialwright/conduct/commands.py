"""What people ask for. A command names the streams it reads; `decide` is handed the states of all of them.

Study-wide facts lie on "study", the sealed list on "allocation", and each site, participant, donor and lot has its own stream.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

STUDY = "study"
ALLOCATION = "allocation"


def site_stream(site: str) -> str:
    return f"site:{site}"


def participant_stream(participant: str) -> str:
    return f"participant:{participant}"


def donor_stream(donor: str) -> str:
    return f"donor:{donor}"


def lot_stream(lot: str) -> str:
    return f"lot:{lot}"


@dataclass(frozen=True, kw_only=True)
class Command:
    def streams(self) -> tuple[str, ...]:
        """The streams whose states `decide` needs; the append is refused if one of them has moved meanwhile."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class StudyCommand(Command):
    def streams(self) -> tuple[str, ...]:
        return (STUDY,)


@dataclass(frozen=True, kw_only=True)
class SiteCommand(Command):
    site: str

    def streams(self) -> tuple[str, ...]:
        return (STUDY, site_stream(self.site))


@dataclass(frozen=True, kw_only=True)
class ParticipantCommand(Command):
    site: str
    participant: str

    def streams(self) -> tuple[str, ...]:
        return (STUDY, site_stream(self.site), participant_stream(self.participant))


@dataclass(frozen=True, kw_only=True)
class LotCommand(Command):
    lot: str

    def streams(self) -> tuple[str, ...]:
        return (STUDY, lot_stream(self.lot))


# --- the study and its sites -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ApproveProtocol(StudyCommand):
    """Approve the definition handed to `decide` as `study`."""

    digest: str


@dataclass(frozen=True, kw_only=True)
class RecordRegistration(StudyCommand):
    registry: str
    number: str
    registered_on: date


@dataclass(frozen=True, kw_only=True)
class CommitAllocation(Command):
    root: str
    commitments: tuple[str, ...]
    sealed: tuple[str, ...]

    def streams(self) -> tuple[str, ...]:
        return (STUDY, ALLOCATION)


@dataclass(frozen=True, kw_only=True)
class RecordEthicsApproval(SiteCommand):
    committee: str
    reference: str
    approved_on: date
    expires_on: date


@dataclass(frozen=True, kw_only=True)
class RecordPermit(SiteCommand):
    kind: str
    reference: str
    granted_on: date
    expires_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class RecordInsurance(SiteCommand):
    reference: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class DelegatePerson(SiteCommand):
    person: str
    role: str
    trained_on: date
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ApproveConsentVersion(SiteCommand):
    consent_version: str
    approved_on: date


@dataclass(frozen=True, kw_only=True)
class ActivateSite(SiteCommand):
    def streams(self) -> tuple[str, ...]:
        return (STUDY, ALLOCATION, site_stream(self.site))


# --- a participant ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ScreenParticipant(SiteCommand):
    """Give the next screening number. The person's name goes to the identity store, never here."""

    def streams(self) -> tuple[str, ...]:
        return (STUDY, ALLOCATION, site_stream(self.site))


@dataclass(frozen=True, kw_only=True)
class RecordConsent(ParticipantCommand):
    consent_version: str
    signed_at: datetime
    given_by: Literal["participant", "guardian"]
    assent: bool = False


@dataclass(frozen=True, kw_only=True)
class Entered:
    """One value as a person typed it; either `raw` or a `missing_code` ("not_done", "unknown", "not_applicable", "refused")."""

    item: str
    raw: str = ""
    unit: str = ""
    missing_code: str = ""
    origin: str = "person"


@dataclass(frozen=True, kw_only=True)
class RecordForm(ParticipantCommand):
    """Save a form whole. `read_version` is the form's version when the page was read (0: never saved).

    `reason` is needed when a value is corrected, a soft check is accepted or the visit lies outside its window.
    """

    encounter: str
    form: str
    repeat: int = 1
    collected_on: date
    values: tuple[Entered, ...]
    read_version: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class JudgeCollection(ParticipantCommand):
    """Say whether a timed collection is complete. A judgement against the computed assessment needs a reason."""

    encounter: str
    form: str
    repeat: int = 1
    judgement: Literal["complete", "incomplete", "accepted_with_reason"]
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfirmEligibility(ParticipantCommand):
    """The investigator's own confirmation of what the rules computed."""


@dataclass(frozen=True, kw_only=True)
class FailScreening(ParticipantCommand):
    reason: str


@dataclass(frozen=True, kw_only=True)
class Allocate(ParticipantCommand):
    def streams(self) -> tuple[str, ...]:
        return (STUDY, ALLOCATION, site_stream(self.site), participant_stream(self.participant))


@dataclass(frozen=True, kw_only=True)
class RevealArm(ParticipantCommand):
    """Sent by the shell once a slot is taken. Repeating it is harmless. `content` is what the slot holds: in a list, the arm."""

    slot: int
    arm: str
    content: str
    nonce: str

    def streams(self) -> tuple[str, ...]:
        return (STUDY, ALLOCATION, site_stream(self.site), participant_stream(self.participant))


@dataclass(frozen=True, kw_only=True)
class OrderDose(ParticipantCommand):
    weight_kg: Decimal
    weighed_on: date


@dataclass(frozen=True, kw_only=True)
class StartInfusion(ParticipantCommand):
    """At the bedside: what was scanned and weighed, and the two people who stand there.

    `pregnancy_test` is "negative", "positive" or "not_applicable". Units: kg.
    """

    wristband: str
    lot: str
    donor: str
    bag: str
    weight_kg: Decimal
    weighed_on: date
    second_weight_kg: Decimal | None
    pregnancy_test: Literal["negative", "positive", "not_applicable"]
    witnesses: tuple[str, str]

    def streams(self) -> tuple[str, ...]:
        return (
            STUDY,
            site_stream(self.site),
            participant_stream(self.participant),
            lot_stream(self.lot),
            donor_stream(self.donor),
        )


@dataclass(frozen=True, kw_only=True)
class CompleteInfusion(ParticipantCommand):
    ended_at: datetime
    volume_left_ml: Decimal
    reaction: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenQuery(ParticipantCommand):
    encounter: str
    form: str
    repeat: int = 1
    item: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AnswerQuery(ParticipantCommand):
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class CloseQuery(ParticipantCommand):
    number: int
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportAdverseEvent(ParticipantCommand):
    """Report a new adverse event (`number` None) or its newest state; a change needs a reason."""

    term: str
    description: str
    started_on: date
    ended_on: date | None
    grade: int
    serious: bool
    related: Literal["related", "not_related", "unknown"]
    expected: bool | None
    outcome: Literal["ongoing", "recovered", "recovered_with_sequelae", "fatal", "unknown"]
    number: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordDeviation(ParticipantCommand):
    on: date
    kind: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Withdraw(ParticipantCommand):
    on: date
    extent: Literal["intervention", "follow_up", "consent"]
    reason: str


@dataclass(frozen=True, kw_only=True)
class SignForm(ParticipantCommand):
    encounter: str
    form: str
    repeat: int = 1
    meaning: str
    read_version: int


@dataclass(frozen=True, kw_only=True)
class LockParticipant(ParticipantCommand):
    pass


@dataclass(frozen=True, kw_only=True)
class UnlockParticipant(ParticipantCommand):
    reason: str


# --- donor and lot ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RegisterDonor(Command):
    donor: str
    age_years: int
    relation: str
    hla_match: str
    consented_on: date

    def streams(self) -> tuple[str, ...]:
        return (STUDY, donor_stream(self.donor))


@dataclass(frozen=True, kw_only=True)
class JudgeDonor(Command):
    donor: str
    eligible: bool
    tested_on: date
    markers: Mapping[str, str]
    reason: str = ""

    def streams(self) -> tuple[str, ...]:
        return (STUDY, donor_stream(self.donor))


@dataclass(frozen=True, kw_only=True)
class MakeLot(LotCommand):
    donor: str
    product: str
    passage: int
    made_on: date
    expires_at: datetime

    def streams(self) -> tuple[str, ...]:
        return (STUDY, donor_stream(self.donor), lot_stream(self.lot))


@dataclass(frozen=True, kw_only=True)
class RecordReleaseTest(LotCommand):
    test: str
    result: str
    unit: str
    passed: bool
    tested_on: date


@dataclass(frozen=True, kw_only=True)
class FillBag(LotCommand):
    """Fill a bag for one participant with an ordered dose."""

    bag: str
    site: str
    participant: str
    volume_ml: Decimal
    million_per_ml: Decimal
    viability_percent: Decimal
    endotoxin_eu_ml: Decimal

    def streams(self) -> tuple[str, ...]:
        return (STUDY, participant_stream(self.participant), lot_stream(self.lot))


@dataclass(frozen=True, kw_only=True)
class ReleaseLot(LotCommand):
    kind: Literal["conditional", "final"]
    donor: str

    def streams(self) -> tuple[str, ...]:
        return (STUDY, donor_stream(self.donor), lot_stream(self.lot))


@dataclass(frozen=True, kw_only=True)
class QuarantineLot(LotCommand):
    reason: str


@dataclass(frozen=True, kw_only=True)
class ThawBag(LotCommand):
    bag: str
    viability_percent: Decimal


@dataclass(frozen=True, kw_only=True)
class DestroyBag(LotCommand):
    bag: str
    reason: str
    witness: str
