"""Before anyone is screened: the approvals, the people and the sealed list that a site needs, and the gate itself."""

from datetime import date, datetime, timedelta

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev
from trialwright.conduct.decision import Decision, Reason, Recorded, accept, reason, refuse, refuse_all
from trialwright.conduct.people import ROLES, Person
from trialwright.conduct.sentences import all_of, phrase, word
from trialwright.conduct.states import SiteState, States
from trialwright.study.builds import protocol_digest
from trialwright.study.model import Study
from trialwright.study.read import read_study
from trialwright.study.versions import areas, find_changes
from trialwright.terms.sentences import Text

REQUIRED_ROLES = ("investigator", "coordinator")
CELL_PRODUCT_ROLES = ("laboratory", "nurse")
ENROLLING_ROLES = ("coordinator", "investigator")


def decide_approval(command: cmd.ApproveProtocol, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Approve a definition; a live trial refuses one with open questions, or one that ships for rehearsal only.

    A build of an approved version may change labels, checks and help; what is fixed needs an amendment (ICH E6(R3) 1.1.7).
    """
    if command.digest != study.digest:
        return refuse("protocol.digest", digest=command.digest[:12], read=study.digest[:12])
    questions = len(study.open_questions())
    if not states.study().is_rehearsal and study.rehearsal_only:
        return refuse("protocol.rehearsal_only", version=study.protocol_version, questions=questions)
    if not states.study().is_rehearsal and questions:
        return refuse("protocol.questions", questions=questions)
    approved = states.study().approval(study.protocol_version)
    if approved and approved.digest == study.digest:
        return refuse("protocol.approved", version=study.protocol_version)
    if approved and (against := _against_the_build(approved, study)) is not None:
        return refuse_all([against])
    return accept(
        cmd.STUDY,
        ev.ProtocolApproved(
            protocol_version=study.protocol_version,
            digest=study.digest,
            files=study.files,
            open_questions=questions,
            rehearsal_only=study.rehearsal_only,
        ),
    )


def _against_the_build(approved: ev.ProtocolApproved, study: Study) -> Reason | None:
    """Why a definition is no build of the approved version: a fixed fact differs, or its number was given before."""
    before = read_study(approved.files)
    changed = dict.fromkeys((change.area, change.id) for change in find_changes(before, study) if change.fixed)
    if changed:
        facts = all_of(
            phrase("fact_of", area=areas()[area].label, id=name) if name else areas()[area].label for area, name in changed
        )
        return reason("protocol.fixed", version=study.protocol_version, facts=facts)
    if study.build <= before.build and protocol_digest(study) != protocol_digest(before):
        return reason("protocol.build", build=study.build, approved=before.build)
    return None


def decide_registration(command: cmd.RecordRegistration, states: States, by: Person, study: Study, now: datetime) -> Decision:
    if not command.registry.strip() or not command.number.strip():
        return refuse("registration.incomplete")
    if command.registered_on > now.date():
        return _in_future("registration.future", command.registered_on, now)
    return accept(
        cmd.STUDY, ev.RegistrationRecorded(registry=command.registry, number=command.number, registered_on=command.registered_on)
    )


def decide_ethics(command: cmd.RecordEthicsApproval, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Record an ethics approval. Source: ICH E6(R3) 1.1; approval comes before the first participant."""
    if not command.committee.strip() or not command.reference.strip():
        return refuse("ethics.incomplete")
    if command.approved_on > now.date():
        return _in_future("ethics.future", command.approved_on, now)
    if command.expires_on <= command.approved_on:
        return refuse("ethics.expiry", expires=command.expires_on, approved=command.approved_on)
    return accept(
        cmd.site_stream(command.site),
        ev.EthicsApprovalRecorded(
            committee=command.committee,
            reference=command.reference,
            approved_on=command.approved_on,
            expires_on=command.expires_on,
        ),
    )


def decide_permit(command: cmd.RecordPermit, states: States, by: Person, study: Study, now: datetime) -> Decision:
    if not command.kind.strip() or not command.reference.strip():
        return refuse("permit.incomplete")
    if command.granted_on > now.date():
        return _in_future("permit.future", command.granted_on, now)
    if command.expires_on is not None and command.expires_on <= command.granted_on:
        return refuse("permit.expiry", expires=command.expires_on, granted=command.granted_on)
    event = ev.PermitRecorded(
        kind=command.kind, reference=command.reference, granted_on=command.granted_on, expires_on=command.expires_on
    )
    return accept(cmd.site_stream(command.site), event)


def decide_insurance(command: cmd.RecordInsurance, states: States, by: Person, study: Study, now: datetime) -> Decision:
    if not command.reference.strip():
        return refuse("insurance.incomplete")
    if command.ends_on <= command.starts_on:
        return refuse("insurance.expiry", ends=command.ends_on, starts=command.starts_on)
    event = ev.InsuranceRecorded(reference=command.reference, starts_on=command.starts_on, ends_on=command.ends_on)
    return accept(cmd.site_stream(command.site), event)


def decide_delegation(command: cmd.DelegatePerson, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Delegate a role to a trained person. The custodian of the list is never someone who enrols.

    A newer delegation of the same person and role replaces the older one from its start on: a leaver gets one that has ended.
    """
    if not command.person.strip() or command.role not in ROLES:
        return refuse("delegation.incomplete", roles=all_of(word("role", role) for role in ROLES))
    held = {d.role for d in states.site(command.site).delegations if d.person == command.person}
    if (command.role == "custodian" and held & set(ENROLLING_ROLES)) or (command.role in ENROLLING_ROLES and "custodian" in held):
        return refuse("delegation.custodian", person=command.person)
    if command.trained_on > now.date():
        return refuse("delegation.untrained", person=command.person, trained=command.trained_on, today=now.date())
    if command.starts_on < command.trained_on:
        return refuse("delegation.training", starts=command.starts_on, trained=command.trained_on)
    event = ev.PersonDelegated(
        person=command.person,
        role=command.role,
        trained_on=command.trained_on,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
    )
    return accept(cmd.site_stream(command.site), event)


def decide_consent_version(command: cmd.ApproveConsentVersion, states: States, by: Person, study: Study, now: datetime) -> Decision:
    versions = [consent.version for consent in study.consents]
    if command.consent_version not in versions:
        return refuse("consent.unknown", version=command.consent_version, versions=all_of(versions))
    if command.approved_on > now.date():
        return _in_future("consent.not_yet", command.approved_on, now)
    event = ev.ConsentVersionApproved(consent_version=command.consent_version, approved_on=command.approved_on)
    return accept(cmd.site_stream(command.site), event)


def decide_activation(command: cmd.ActivateSite, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Open the gate, or list everything that is still missing and remember that someone tried."""
    stream = cmd.site_stream(command.site)
    active = states.site(command.site).activation
    if active is not None and active.protocol_version == study.protocol_version:
        return refuse("activation.active", site=command.site, version=study.protocol_version)
    missing = find_missing(states, command.site, study, now.date())
    if missing:
        attempt = ev.ActivationRefused(rules=tuple(one.rule for one in missing))
        return refuse_all(missing, record=(Recorded(stream=stream, event=attempt),))
    commitment = states.allocation().commitment
    return accept(
        stream, ev.SiteActivated(protocol_version=study.protocol_version, allocation_root=commitment.root if commitment else "")
    )


def find_missing(states: States, site_id: str, study: Study, today: date) -> list[Reason]:
    """Everything that stands between this site and its next participant, in the order in which it is usually obtained.

    Source: ICH E6(R3) 1.1 and 2.12 (approval and agreements before enrolment); ICMJE (registration before the first participant).
    """
    site = states.site(site_id)
    found = [
        _missing_protocol(states, study),
        _missing_ethics(site, today),
        _missing_registration(states),
        *(_missing_permit(site, kind, today) for kind in study.permits),
        _missing_insurance(site, today),
        _missing_consent(site, today),
        *(_missing_person(site, role, today) for role in required_roles(study)),
        _missing_list(states, study),
    ]
    return [one for one in found if one is not None]


def required_roles(study: Study) -> tuple[str, ...]:
    gives_cells = any(i.kind == "cell_product" for i in study.interventions)
    return REQUIRED_ROLES + (CELL_PRODUCT_ROLES if gives_cells else ())


def _missing_protocol(states: States, study: Study) -> Reason | None:
    if states.study().approval(study.protocol_version):
        return None
    return reason("activation.protocol", version=study.protocol_version)


def _missing_ethics(site: SiteState, today: date) -> Reason | None:
    if site.ethics_in_force(today):
        return None
    return reason("activation.ethics", held=ethics_held(site), today=today)


def ethics_held(site: SiteState) -> Text:
    """The newest ethics approval of a site in words, for a refusal."""
    if not site.ethics:
        return phrase("no_ethics")
    newest = site.ethics[-1]
    return phrase("ethics_period", starts=newest.approved_on, ends=newest.expires_on)


def _missing_registration(states: States) -> Reason | None:
    return None if states.study().registration else reason("activation.registration")


def _missing_permit(site: SiteState, kind: str, today: date) -> Reason | None:
    if any(p.kind == kind and p.granted_on <= today <= (p.expires_on or date.max) for p in site.permits):
        return None
    return reason("activation.permit", permit=word("permit", kind), today=today)


def _missing_insurance(site: SiteState, today: date) -> Reason | None:
    if any(i.starts_on <= today <= i.ends_on for i in site.insurance):
        return None
    return reason("activation.insurance", today=today)


def _missing_consent(site: SiteState, today: date) -> Reason | None:
    return None if site.consent_in_force(today) else reason("activation.consent")


def _missing_person(site: SiteState, role: str, today: date) -> Reason | None:
    if any(site.is_delegated(d.person, role, today) for d in site.delegations):
        return None
    return reason("activation.person", of=f"activation.person.{role}", role=word("role", role))


def _missing_list(states: States, study: Study) -> Reason | None:
    if study.allocation.method == "single_arm" or states.allocation().commitment:
        return None
    return reason("activation.allocation")


def _in_future(sentence: str, day: date, now: datetime) -> Decision:
    return refuse(sentence, day=day, today=now.date(), days=(day - now.date()) // timedelta(days=1))
