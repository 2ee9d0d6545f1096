"""A trial at a desk: who does what, when, told in few words. The machine behind it is either pure or a real ledger."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev
from trialwright.conduct.allocation import ListSecrets, SlotOpener, prepare_allocation
from trialwright.conduct.commands import Command, Entered
from trialwright.conduct.decide import decide
from trialwright.conduct.decide.allocation import baseline_forms
from trialwright.conduct.decide.product import CONDITIONAL_TESTS, DONOR_MARKERS
from trialwright.conduct.decision import Accepted, Recorded, Refusal
from trialwright.conduct.evolve import evolve, initial_state
from trialwright.conduct.minimised import arm_of_slot
from trialwright.conduct.people import SYSTEM, Person
from trialwright.conduct.shell import Trial
from trialwright.conduct.states import AllocationState, Origin, ParticipantState, State, States
from trialwright.conduct.tables import ALL_TABLES
from trialwright.study.folder import load_study
from trialwright.study.model import Study

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS, FSGS = "IRCT2016090729747N1", "NCT02382874"
TEHRAN = timezone(timedelta(hours=3, minutes=30))
START = datetime(2025, 3, 1, 9, 0, tzinfo=TEHRAN)
SITE, OTHER_SITE = "mashhad", "tehran"
LIST_KEY = bytes(range(32))
STAFF = ("coordinator", "investigator", "nurse", "laboratory", "assessor", "data_manager", "monitor")
SITELESS = ("custodian", "registrant", "statistician", "safety_board")


@cache
def study_of(study_id: str) -> Study:
    return load_study(STUDIES / study_id)


def person(role: str, *, site: str = SITE, id: str = "") -> Person:  # noqa: A002  # the name of the field
    return Person(id=id or f"{role}_1", role=role, site="" if role in SITELESS else site)  # type: ignore[arg-type]


def seeded_bytes(seed: int) -> Callable[[int], bytes]:
    return Random(seed).randbytes


@dataclass
class PureTrial:
    """decide and evolve alone, over states in memory. `recorded` is everything that happened, in order, with its time."""

    study: Study
    origin: Origin = "rehearsal"
    states: dict[str, State] = field(default_factory=dict)
    recorded: list[tuple[Recorded, datetime]] = field(default_factory=list)
    decide: Callable[..., Accepted | Refusal] = decide

    def state(self, stream: str) -> State:
        return self.states.get(stream) or initial_state(stream, self.origin)

    def submit(self, command: Command, *, by: Person, now: datetime, command_id: str = "") -> Accepted | Refusal:
        states = States(by_stream={stream: self.state(stream) for stream in command.streams()})
        decision = self.decide(command, states, by, self.study, now)
        for one in decision.events if isinstance(decision, Accepted) else decision.record:
            self.states[one.stream] = evolve(self.state(one.stream), one.event, now)
            self.recorded.append((one, now))
        if isinstance(command, cmd.Allocate) and isinstance(decision, Accepted):
            self._reveal(command, now)
        return decision

    def _reveal(self, command: cmd.Allocate, now: datetime) -> None:
        slot, commitment = self.participant(command.participant).slot, self.state(cmd.ALLOCATION).commitment
        if slot is None:
            return
        opened = SlotOpener(LIST_KEY).open(slot, commitment.sealed[slot])
        allocation: AllocationState = self.state(cmd.ALLOCATION)
        minimised = commitment.method == "minimisation"
        arm = arm_of_slot(opened, allocation, self.study) if minimised else opened.content
        reveal = cmd.RevealArm(
            site=command.site, participant=command.participant, slot=slot, arm=arm, content=opened.content, nonce=opened.nonce
        )
        answer = self.submit(reveal, by=SYSTEM, now=now)
        assert isinstance(answer, Accepted), str(answer)

    def participant(self, participant: str) -> ParticipantState:
        return self.state(cmd.participant_stream(participant))

    def propose(self, study: Study) -> None:
        self.study = study


class Desk:
    """People at their work on one trial. `do` must succeed and gives the events; `refused` must not and gives the rules."""

    def __init__(self, trial: PureTrial | Trial, study: Study, *, now: datetime = START) -> None:
        self.trial, self.study, self.now = trial, study, now
        self.commands = 0

    def send(self, role: str, command: Command, *, by: Person | None = None, command_id: str = ""):
        self.commands += 1
        return self.trial.submit(command, by=by or person(role), now=self.now, command_id=command_id or f"command-{self.commands}")

    def do(self, role: str, command: Command, *, by: Person | None = None) -> tuple[ev.Event, ...]:
        answer = self.send(role, command, by=by)
        assert not isinstance(answer, Refusal), f"{type(command).__name__}: {answer}"
        return tuple(one.event if isinstance(one, Recorded) else one for one in answer.events)

    def refused(self, role: str, command: Command, *, by: Person | None = None) -> list[str]:
        answer = self.send(role, command, by=by)
        assert isinstance(answer, Refusal), f"{type(command).__name__} was carried out"
        return [reason.rule for reason in answer.reasons]

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    @property
    def today(self) -> date:
        return self.now.date()

    def participant(self, participant: str) -> ParticipantState:
        return self.trial.participant(participant)

    # --- the way to an active site -----------------------------------------------------------------------------------------------

    def approve(self) -> None:
        self.do("investigator", cmd.ApproveProtocol(digest=self.study.digest))

    def register(self) -> None:
        self.do("registrant", cmd.RecordRegistration(registry="irct", number="IRCT0", registered_on=self.today))

    def ethics(self, *, days: int = 365) -> None:
        self.do("coordinator", ethics_approval(self.today, days=days))

    def permits(self) -> None:
        for kind in self.study.permits:
            self.do("coordinator", cmd.RecordPermit(site=SITE, kind=kind, reference="P-1", granted_on=self.today))

    def insure(self) -> None:
        ends = self.today + timedelta(days=2000)
        self.do("coordinator", cmd.RecordInsurance(site=SITE, reference="I-1", starts_on=self.today, ends_on=ends))

    def delegate(self) -> None:
        for role in STAFF:
            self.do("investigator", delegation(f"{role}_1", role, self.today))
        self.do("investigator", delegation("nurse_2", "nurse", self.today))

    def consent_version(self) -> None:
        version = self.study.consents[-1].version
        self.do("investigator", cmd.ApproveConsentVersion(site=SITE, consent_version=version, approved_on=self.today))

    def seal(self, *, rng: Random | None = None, sealed: cmd.CommitAllocation | None = None) -> None:
        if self.study.allocation.method != "single_arm":
            self.do("custodian", sealed or sealed_list(self.study, rng=rng))

    PREPARATIONS = ("approve", "register", "ethics", "permits", "insure", "delegate", "consent_version", "seal")

    def prepare(self, *, without: str = "", sealed: cmd.CommitAllocation | None = None) -> None:
        for step in self.PREPARATIONS:
            if step != without:
                self.seal(sealed=sealed) if step == "seal" else getattr(self, step)()

    def activate(self, *, sealed: cmd.CommitAllocation | None = None) -> "Desk":
        self.prepare(sealed=sealed)
        self.do("investigator", cmd.ActivateSite(site=SITE))
        return self

    # --- a participant -----------------------------------------------------------------------------------------------------------

    def screen(self) -> str:
        events = self.do("coordinator", cmd.ScreenParticipant(site=SITE))
        return next(e.participant for e in events if isinstance(e, ev.ParticipantScreened))

    def consent(self, participant: str) -> None:
        self.do("coordinator", consent(participant, self.now, self.study))

    def save(
        self, role: str, participant: str, encounter: str, form: str, values: dict[str, str], *, repeat: int = 1, reason: str = ""
    ):
        saved = self.participant(participant).form(encounter, form, repeat)
        version = saved.version if saved else 0
        command = record_form(participant, encounter, form, values, self.today, version=version, repeat=repeat, reason=reason)
        return self.do(role, command)

    def enter_screening(self, participant: str, **instead: str) -> None:
        """Fill the screening visit of someone who fits; `instead` changes single values."""
        jug = "urine_24h" in self.study.encounter("screening").forms
        for form in self.study.encounter("screening").forms:
            role = "assessor" if form == "sledai" else "investigator"
            values = screening_values(self.study, form, instead)
            protein = values.pop("urine_protein", None)
            self.save(role, participant, "screening", form, values)
            if form == "urine_24h" and jug:
                judge = cmd.JudgeCollection(
                    site=SITE, participant=participant, encounter="screening", form=form, judgement="complete", reason="seen by two"
                )
                self.do("coordinator", judge)
                self.save(role, participant, "screening", form, {"urine_protein": protein})

    def make_eligible(self, **instead: str) -> str:
        participant = self.screen()
        self.consent(participant)
        self.enter_screening(participant, **instead)
        self.do("investigator", cmd.ConfirmEligibility(site=SITE, participant=participant))
        self.enter_baseline(participant)
        return participant

    def enter_baseline(self, participant: str) -> None:
        """Enter the baseline that allocation asks for, on one day, which is a deviation from the visits' windows."""
        for encounter in self.study.encounters:
            for form in baseline_forms(self.study, encounter):
                values = screening_values(self.study, form, {})
                values.pop("urine_protein", None)
                self.save("investigator", participant, encounter.id, form, values, reason="all on one day")

    def allocate(self, participant: str) -> str:
        self.do("coordinator", cmd.Allocate(site=SITE, participant=participant))
        return self.participant(participant).arm or ""

    def allocate_to(self, arm: str) -> str:
        """Allocate eligible participants until one comes into the arm."""
        while True:
            participant = self.make_eligible()
            if self.allocate(participant) == arm:
                return participant

    # --- the product -------------------------------------------------------------------------------------------------------------

    def order(self, participant: str, weight: str = "60") -> None:
        command = cmd.OrderDose(site=SITE, participant=participant, weight_kg=Decimal(weight), weighed_on=self.today)
        self.do("investigator", command)

    def make_lot(self, lot: str, donor: str) -> None:
        self.do("laboratory", register_donor(donor, self.today))
        self.do("laboratory", judge_donor(donor, self.today))
        self.do("laboratory", make_lot(lot, donor, self.now))

    def fill(self, lot: str, bag: str, participant: str, **change: Decimal) -> None:
        self.do("laboratory", fill_bag(lot, bag, participant, **change))

    def release(self, lot: str, donor: str) -> None:
        for test in CONDITIONAL_TESTS:
            self.do("laboratory", release_test(lot, test, self.today))
        self.do("laboratory", cmd.ReleaseLot(lot=lot, kind="conditional", donor=donor))

    def thaw(self, lot: str, bag: str) -> None:
        self.do("laboratory", cmd.ThawBag(lot=lot, bag=bag, viability_percent=Decimal(90)))

    def at_bedside(self, *, lot: str = "L-1", donor: str = "D-1", bag: str = "B-1") -> cmd.StartInfusion:
        """A participant of the cell arm with a thawed bag of their own: everything is right, and the infusion may start."""
        participant = self.allocate_to("cells")
        self.make_lot(lot, donor)
        self.order(participant)
        self.fill(lot, bag, participant)
        self.release(lot, donor)
        self.thaw(lot, bag)
        return start_infusion(participant, self.today, lot=lot, donor=donor, bag=bag)


def ethics_approval(day: date, *, days: int = 365) -> cmd.RecordEthicsApproval:
    ends = day + timedelta(days=days)
    return cmd.RecordEthicsApproval(site=SITE, committee="REC", reference="IR.1", approved_on=day, expires_on=ends)


def delegation(who: str, role: str, day: date, *, ends_on: date | None = None) -> cmd.DelegatePerson:
    return cmd.DelegatePerson(site=SITE, person=who, role=role, trained_on=day, starts_on=day, ends_on=ends_on)


def sealed_list(study: Study, *, rng: Random | None = None, secrets: ListSecrets | None = None) -> cmd.CommitAllocation:
    return prepare_allocation(
        study, secrets=secrets or ListSecrets(block_sizes=(4,)), rng=rng or Random(5), key=LIST_KEY, nonces=seeded_bytes(6)
    )


def consent(participant: str, signed_at: datetime, study: Study, *, version: str = "") -> cmd.RecordConsent:
    return cmd.RecordConsent(
        site=SITE,
        participant=participant,
        consent_version=version or study.consents[-1].version,
        signed_at=signed_at,
        given_by="guardian" if study.maximum_age_years else "participant",
        assent=bool(study.maximum_age_years),
    )


def record_form(
    participant: str,
    encounter: str,
    form: str,
    values: dict[str, str],
    day: date,
    *,
    version: int = 0,
    repeat: int = 1,
    reason: str = "",
    site: str = SITE,
) -> cmd.RecordForm:
    entered = tuple(Entered(item=item, raw=raw) for item, raw in values.items())
    return cmd.RecordForm(
        site=site,
        participant=participant,
        encounter=encounter,
        form=form,
        repeat=repeat,
        collected_on=day,
        values=entered,
        read_version=version,
        reason=reason,
    )


_KNOWN = {
    "birth_month": "6",
    "prior_months": "12",
    "prior_drug_months": "12",
    "treatment_resistant": "yes",
    "biopsy_proven": "yes",
    "steroid_resistant": "yes",
    "immunosuppression_resistant": "yes",
    "guardian_consent": "yes",
    "sledai_proteinuria": "yes",
    "sledai_arthritis": "yes",
    "sledai_haematuria": "yes",
    "pregnancy_test": "not_applicable",
    "biopsy_on": "2024-05-20",
    "urine_start": "2025-02-28 07:00",
    "urine_hours": "24",
    "urine_volume": "2000",
    "urine_creatinine": "60",
    "urine_protein": "150",
    "spot_protein": "300",
    "spot_creatinine": "100",
    "weight": "60",
    "height": "165",
    "systolic_pressure": "120",
    "diastolic_pressure": "80",
    "heart_rate": "70",
    "temperature": "37",
    "oxygen_saturation": "98",
    "creatinine": "0.8",
    "wbc": "6",
    "neutrophils": "4",
    "lymphocytes": "1.5",
    "platelets": "250",
    "potassium": "4.2",
    "urine_rbc": "12",
    "c3": "110",
    "c3_lln": "90",
    "c4": "20",
    "c4_lln": "10",
    "anti_dsdna": "8",
    "anti_dsdna_uln": "30",
}


def screening_values(study: Study, form: str, instead: dict[str, str]) -> dict[str, str]:
    """A value for every item of a form, of someone who fits the trial."""
    known = {**_KNOWN, "sex": "M", "birth_year": "2015" if study.id == FSGS else "1990", **instead}
    if study.id == FSGS:
        known = {**known, "weight": "30", "height": "130"}
    values = {}
    causes = {proposal.cause for proposal in study.forms[form].proposals}
    for item in (one for one in study.forms[form].items if one.id not in causes):
        concept = item.concept
        usual = {"boolean": "no", "text": "prednisolone", "date": "2016-05-01"}.get(concept.kind) or (
            concept.choices[0].code if concept.choices else str(concept.low)
        )
        values[item.id] = known.get(item.id, usual)
    return values


def register_donor(donor: str, day: date, **change: object) -> cmd.RegisterDonor:
    command = cmd.RegisterDonor(donor=donor, age_years=30, relation="sister", hla_match="5/6 low resolution", consented_on=day)
    return replace(command, **change)


def judge_donor(donor: str, day: date, *, eligible: bool = True, reason: str = "") -> cmd.JudgeDonor:
    markers = dict.fromkeys(DONOR_MARKERS, "negative")
    return cmd.JudgeDonor(donor=donor, eligible=eligible, tested_on=day, markers=markers, reason=reason)


def make_lot(lot: str, donor: str, now: datetime, *, expires_at: datetime | None = None) -> cmd.MakeLot:
    expires = expires_at or now + timedelta(days=90)
    return cmd.MakeLot(lot=lot, donor=donor, product="adipose_msc", passage=3, made_on=now.date(), expires_at=expires)


def release_test(lot: str, test: str, day: date, *, passed: bool = True) -> cmd.RecordReleaseTest:
    return cmd.RecordReleaseTest(lot=lot, test=test, result="as specified", unit="", passed=passed, tested_on=day)


def fill_bag(lot: str, bag: str, participant: str, **change: Decimal) -> cmd.FillBag:
    """A bag for 60 kg: 50 mL with 2.667 million per mL, 90 % viable, are 120 million viable cells."""
    command = cmd.FillBag(
        lot=lot,
        bag=bag,
        site=SITE,
        participant=participant,
        volume_ml=Decimal(50),
        million_per_ml=Decimal("2.667"),
        viability_percent=Decimal(92),
        endotoxin_eu_ml=Decimal("0.1"),
    )
    return replace(command, **change)


def start_infusion(participant: str, day: date, *, lot: str = "L-1", donor: str = "D-1", bag: str = "B-1") -> cmd.StartInfusion:
    return cmd.StartInfusion(
        site=SITE,
        participant=participant,
        wristband=participant,
        lot=lot,
        donor=donor,
        bag=bag,
        weight_kg=Decimal(60),
        weighed_on=day,
        second_weight_kg=None,
        pregnancy_test="not_applicable",
        witnesses=("nurse_1", "nurse_2"),
    )


def adverse_event(participant: str, day: date, **change: object) -> cmd.ReportAdverseEvent:
    command = cmd.ReportAdverseEvent(
        site=SITE,
        participant=participant,
        term="other",
        description="headache",
        started_on=day,
        ended_on=None,
        grade=1,
        serious=False,
        related="not_related",
        expected=None,
        outcome="ongoing",
    )
    return replace(command, **change)


def pure_desk(study: Study, origin: Origin = "rehearsal") -> Desk:
    return Desk(PureTrial(study=study, origin=origin), study)


def all_rules(answers: Sequence[Refusal]) -> set[str]:
    return {reason.rule for answer in answers for reason in answer.reasons}


def tables(trial: Trial) -> dict[str, tuple[object, ...]]:
    """Every projected table of a trial, whole."""
    with trial.ledger.store.read() as transaction:
        return {table.name: table.select(transaction, trial.id) for table in ALL_TABLES}
