"""A small installation for the tests of the site: the lupus trial in rehearsal, four people, brought there by commands alone.

LN-001-R is allocated and followed, LN-002-R is eligible, LN-003-R has consented, LN-004-R was only screened. Another site
is active and has screened nobody.
"""

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from trialwright.conduct import commands as cm
from trialwright.conduct.allocation import ListSecrets, prepare_allocation
from trialwright.conduct.decision import Refusal
from trialwright.conduct.home import create_home
from trialwright.conduct.people import Person, Role
from trialwright.conduct.shell import Done, Trial
from trialwright.study.folder import load_study
from trialwright.study.model import Item, Study

SITE, OTHER_SITE = "Mashhad", "Tehran"
LUPUS = "IRCT2016090729747N1"
STUDIES = Path(__file__).parents[2] / "studies"
_TRUE = {"treatment_resistant", "biopsy_proven", "sledai_vasculitis", "sledai_arthritis", "sledai_proteinuria"}
_VALUES = {
    "birth_year": "1992",
    "birth_month": "5",
    "prior_months": "9",
    "weight": "54",
    "height": "160",
    "systolic_pressure": "128",
    "diastolic_pressure": "82",
    "temperature": "36.8",
    "creatinine": "1.1",
    "creatinine_uln": "1.1",
    "urine_hours": "24",
    "urine_volume": "1840",
    "urine_creatinine": "58",
    "urine_protein": "110",
    "albumin": "2.6",
    "haemoglobin": "11.2",
    "wbc": "6.1",
    "neutrophils": "3.9",
    "lymphocytes": "1.6",
    "alt": "22",
    "ast": "24",
    "bilirubin": "0.6",
    "alt_uln": "40",
    "ast_uln": "40",
    "alp_uln": "120",
    "bilirubin_uln": "1.2",
}


class Stage:
    """A trial with its people; each call is one command, and a refusal is a fault of the stage."""

    def __init__(self, trial: Trial, study: Study, start: datetime) -> None:
        self.trial, self.study, self.now = trial, study, start
        self._number = 0

    def does(self, role: Role, command: cm.Command, *, site: str = SITE) -> Done:
        self._number += 1
        self.now += timedelta(minutes=1)
        by = Person(id=f"demo-{role}", role=role, site=site)
        done = self.trial.submit(command, by=by, now=self.now, command_id=f"stage-{site}-{self._number}", device="stage")
        if isinstance(done, Refusal):
            raise AssertionError(f"{command}: {done}")  # noqa: TRY004  # the stage itself is wrong
        return done

    def opens(self, site: str) -> None:
        """Record what a site needs and activate it."""
        long_ago, later = self.now.date() - timedelta(days=30), self.now.date() + timedelta(days=900)
        ethics = cm.RecordEthicsApproval(
            site=site, committee="Invented committee", reference="R-1", approved_on=long_ago, expires_on=later
        )
        self.does("coordinator", ethics, site=site)
        for kind in self.study.permits:
            self.does("coordinator", cm.RecordPermit(site=site, kind=kind, reference="P-1", granted_on=long_ago), site=site)
        insurance = cm.RecordInsurance(site=site, reference="I-1", starts_on=long_ago, ends_on=later)
        self.does("coordinator", insurance, site=site)
        consent = cm.ApproveConsentVersion(site=site, consent_version="1.0", approved_on=long_ago)
        self.does("investigator", consent, site=site)
        for role in ("investigator", "coordinator", "laboratory", "nurse"):
            task = cm.DelegatePerson(site=site, person=f"demo-{role}", role=role, trained_on=long_ago, starts_on=long_ago)
            self.does("investigator", task, site=site)
        self.does("investigator", cm.ActivateSite(site=site), site=site)

    def screens(self, site: str = SITE) -> str:
        done = self.does("coordinator", cm.ScreenParticipant(site=site), site=site)
        return str(done.events[0].participant)

    def consents(self, participant: str) -> None:
        signed = cm.RecordConsent(
            site=SITE, participant=participant, consent_version="1.0", signed_at=self.now, given_by="participant"
        )
        self.does("coordinator", signed)

    def visits(self, participant: str, encounter_id: str, skip: tuple[str, ...] = ()) -> None:
        """Fill in every form of a visit, on the day of the stage's clock."""
        encounter = self.study.encounter(encounter_id)
        for form_id in encounter.forms:
            if form_id not in skip:
                self._fills(participant, encounter_id, form_id)

    def _fills(self, participant: str, encounter: str, form_id: str) -> None:
        form = self.study.forms[form_id]
        late = form.collection.opens if form.collection else ()
        early = tuple(entered for entered in self._answers(form.items) if entered.item not in late)
        self._saves(participant, encounter, form_id, early, 0)
        if late:
            judged = cm.JudgeCollection(
                site=SITE, participant=participant, encounter=encounter, form=form_id, judgement="complete", reason="as expected"
            )
            self.does("coordinator", judged)
            self._saves(participant, encounter, form_id, tuple(e for e in self._answers(form.items) if e.item in late), 1)

    def _saves(self, participant: str, encounter: str, form: str, values: tuple[cm.Entered, ...], version: int) -> None:
        saved = cm.RecordForm(
            site=SITE,
            participant=participant,
            encounter=encounter,
            form=form,
            collected_on=self.now.date(),
            values=values,
            read_version=version,
            reason="entered on the day",
        )
        self.does(self.study.forms[form].roles[0], saved)

    def _answers(self, items: tuple[Item, ...]) -> Iterator[cm.Entered]:
        for item in items:
            yield cm.Entered(item=item.id, raw=self._answer(item))

    def _answer(self, item: Item) -> str:
        concept = item.concept
        if item.id in _VALUES:
            return _VALUES[item.id]
        match concept.kind:
            case "boolean":
                return "yes" if item.id in _TRUE else "no"
            case "choice":
                codes = [choice.code for choice in concept.choices]
                return "negative" if "negative" in codes else codes[0]
            case "date":
                return "2024-03-01"
            case "datetime":
                return f"{self.now:%Y-%m-%d %H:%M}"
            case "text":
                return "as before"
        return str(int((concept.low or 0) + ((concept.high or 10) - (concept.low or 0)) / 20))


def make_small_home(folder: Path, now: datetime | None = None, *, list_seed: int = 1) -> None:
    """Make the home; the first participant was screened 150 days before `now`, so that work is due."""
    now = now or datetime.now(ZoneInfo("Asia/Tehran"))
    study = load_study(STUDIES / LUPUS)
    home = create_home(folder)
    trial = home.create_trial(study, "rehearsal", created=now - timedelta(days=170))
    stage = Stage(trial, study, now - timedelta(days=160))
    stage.does("investigator", cm.ApproveProtocol(digest=study.digest))
    stage.does("registrant", cm.RecordRegistration(registry="IRCT", number=study.id, registered_on=stage.now.date()))
    key = home.allocation_key()
    secrets = ListSecrets(block_sizes=(2, 4))
    sealed = prepare_allocation(study, secrets=secrets, rng=Random(list_seed), key=key, nonces=Random(2).randbytes)
    stage.does("custodian", sealed)
    stage.opens(SITE)
    stage.opens(OTHER_SITE)
    stage.now = now - timedelta(days=150)
    for reached in ("allocated", "eligible", "consented", "screened"):
        participant = stage.screens()
        _brings(stage, participant, reached)
        stage.now += timedelta(days=40 if reached == "allocated" else 20)
    home.close()


def _brings(stage: Stage, participant: str, reached: str) -> None:
    if reached == "screened":
        return
    stage.consents(participant)
    if reached == "consented":
        return
    began = stage.now
    for encounter, day in (("screening", 0), ("baseline_1", 10), ("baseline_2", 17)):
        stage.now = began + timedelta(days=day)
        stage.visits(participant, encounter)
    stage.does("investigator", cm.ConfirmEligibility(site=SITE, participant=participant))
    if reached == "allocated":
        stage.does("coordinator", cm.Allocate(site=SITE, participant=participant))
        _follows(stage, participant)
    stage.now = began


def _follows(stage: Stage, participant: str) -> None:
    allocated = stage.now
    event = cm.ReportAdverseEvent(
        site=SITE,
        participant=participant,
        term=stage.study.safety.terms[0].code,
        description="Fever 38.4 °C for one day",
        started_on=stage.now.date(),
        ended_on=None,
        grade=1,
        serious=False,
        related="unknown",
        expected=True,
        outcome="ongoing",
    )
    stage.now = allocated + timedelta(days=42)
    stage.visits(participant, "week_1")
    stage.now = allocated + timedelta(days=66)
    stage.visits(participant, "month_1", skip=("sledai", "medication"))
    stage.does("nurse", event)
    question = cm.OpenQuery(
        site=SITE,
        participant=participant,
        encounter="month_1",
        form="urine_24h",
        item="urine_volume",
        text="Volume 1840 mL is exactly that of week 1. Is it this jug's?",
    )
    stage.does("monitor", question)


if __name__ == "__main__":
    make_small_home(Path(sys.argv[1]))
