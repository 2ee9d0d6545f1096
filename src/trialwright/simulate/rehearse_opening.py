"""Before the first participant: the attempt on the registered start date, then approvals, people and the sealed list, the gate.

Dates are those of the record where it has them (`[rehearsal]` of the study); what is invented says REHEARSAL.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

from trialwright.conduct import commands as cmd
from trialwright.conduct.allocation import ListSecrets, draw_lists, prepare_allocation
from trialwright.conduct.allocation_list import Nonces
from trialwright.simulate.rehearse_calendar import Story, next_open
from trialwright.simulate.rehearse_parameters import RehearsalError
from trialwright.simulate.rehearse_stage import MARK, Stage, staff
from trialwright.study.model import Study

_YEAR = timedelta(days=365)
_PREPARATION = timedelta(days=12)


def attempted_start(stage: Stage) -> Story:
    """Someone means to begin on the registered start date, before ethics approval: refused, and kept."""
    stage.refused("investigator", cmd.ActivateSite(site=stage.site), "activation.ethics")
    yield stage.agenda.in_minutes(20)
    stage.refused("coordinator", cmd.ScreenParticipant(site=stage.site), "site.not_active")


def approvals(stage: Stage, activation: datetime) -> Story:
    """Registration and ethics approval on their own dates, in the order in which they came."""
    parameters = stage.parameters
    ethics, registered = parameters.day("ethics_approved"), parameters.day("registered_on")
    for day, record in sorted(((ethics, _record_ethics), (registered, _record_registration)), key=lambda pair: pair[0]):
        yield max(stage.agenda.at(next_open(day), 11), stage.now)
        record(stage, day)
    if ethics + _YEAR < activation.date() + _PREPARATION:
        yield max(stage.agenda.at(next_open(activation.date() - timedelta(days=30)), 11), stage.now)
        _renew_ethics(stage)


def renewals(stage: Stage) -> Story:
    """Renew the ethics approval each year, a month before it expires."""
    while True:
        newest = max(e.expires_on for e in stage.trial.load((cmd.site_stream(stage.site),))[0].site(stage.site).ethics)
        yield stage.agenda.at(next_open(newest - timedelta(days=45)), 11)
        _renew_ethics(stage)


def preparation(stage: Stage, activation: datetime, command: cmd.CommitAllocation | None) -> Story:
    """Permits, insurance, people, consent version and list in the days before; then the gate opens."""
    stage.do("investigator", cmd.ApproveProtocol(digest=stage.study.digest))
    for kind in stage.study.permits:
        yield stage.agenda.in_minutes(15)
        permit = cmd.RecordPermit(site=stage.site, kind=kind, reference=f"{MARK}-{kind}", granted_on=stage.today)
        stage.do("coordinator", permit)
    yield stage.agenda.in_minutes(15)
    ends = stage.today + 5 * _YEAR
    stage.do(
        "coordinator", cmd.RecordInsurance(site=stage.site, reference=f"{MARK}-INSURANCE", starts_on=stage.today, ends_on=ends)
    )
    yield stage.agenda.at(next_open(stage.today + timedelta(days=3)), 9)
    for person, role in staff():
        delegated = cmd.DelegatePerson(site=stage.site, person=person, role=role, trained_on=stage.today, starts_on=stage.today)
        stage.do("investigator", delegated)
        yield stage.agenda.in_minutes(3)
    approved = max(stage.study.consents[-1].approved_on, stage.parameters.day("ethics_approved"))
    version = stage.study.consents[-1].version
    stage.do("investigator", cmd.ApproveConsentVersion(site=stage.site, consent_version=version, approved_on=approved))
    if command is not None:
        yield stage.agenda.in_minutes(60)
        stage.refused("investigator", cmd.ActivateSite(site=stage.site), "activation.allocation")
        yield stage.agenda.at(next_open(stage.today + timedelta(days=1)), 10)
        stage.do("custodian", command)
    yield activation
    stage.do("investigator", cmd.ActivateSite(site=stage.site))


def begins_preparation(activation: datetime) -> datetime:
    return activation - _PREPARATION


def draw_arms(study: Study, rng: Random) -> Sequence[str]:
    """The arms of the list that will be sealed with the same generator; the story alone may know them.

    With strata or minimisation nobody can know them before it is known who comes: none.
    """
    if study.allocation.method == "single_arm":
        return (study.arms[0].id,) * study.sample_size
    if study.allocation.stratified_by:
        return ()
    (drawn,) = draw_lists(study, rng=rng, secrets=_secrets(study))
    return tuple(arm for block in drawn.blocks for arm in block)


def seal_list(study: Study, rng: Random, *, key: bytes | None, nonces: Nonces) -> cmd.CommitAllocation | None:
    """The custodian's sealed list; None where nothing is random.

    Raises: RehearsalError when the custodian's key is not at hand.
    """
    if study.allocation.method == "single_arm":
        return None
    if key is None:
        raise RehearsalError("The custodian's key is not in the key folder; give a new folder as --out.")
    return prepare_allocation(study, rng=rng, key=key, nonces=nonces, secrets=_secrets(study))


def _secrets(study: Study) -> ListSecrets:
    """What the invented custodian keeps secret: the sizes of blocks, the largest lead of an arm, or the preferred arm's chance."""
    unit = sum(study.allocation.ratio.values())
    match study.allocation.method:
        case "permuted_blocks":
            return ListSecrets(block_sizes=(2 * unit, 3 * unit))
        case "big_stick" | "maximal_procedure":
            return ListSecrets(largest_lead=3)
        case "minimisation":
            return ListSecrets(preferred=Fraction(4, 5))
    return ListSecrets()


def _record_ethics(stage: Stage, approved: date) -> None:
    committee, reference = stage.parameters.story("ethics_committee"), stage.parameters.story("ethics_reference")
    command = cmd.RecordEthicsApproval(
        site=stage.site, committee=committee, reference=reference, approved_on=approved, expires_on=approved + _YEAR
    )
    stage.do("coordinator", command)


def _record_registration(stage: Stage, day: date) -> None:
    stage.do("registrant", cmd.RecordRegistration(registry=stage.study.registry, number=stage.study.id, registered_on=day))


def _renew_ethics(stage: Stage) -> None:
    committee = stage.parameters.story("ethics_committee")
    command = cmd.RecordEthicsApproval(
        site=stage.site,
        committee=committee,
        reference=f"{MARK}-RENEWAL-{stage.today.year}",
        approved_on=stage.today,
        expires_on=stage.today + _YEAR,
    )
    stage.do("coordinator", command)
