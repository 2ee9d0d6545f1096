"""The words of codes that pages show: roles, statuses, choices. A code that has no word here is an error, never shown bare."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n

LABELS: dict[str, dict[str, str]] = {
    "role": {
        "coordinator": n("Coordinator"),
        "investigator": n("Investigator"),
        "assessor": n("Blinded assessor"),
        "laboratory": n("Cell laboratory"),
        "nurse": n("Nurse"),
        "data_manager": n("Data manager"),
        "monitor": n("Monitor"),
        "statistician": n("Statistician"),
        "custodian": n("Allocation custodian"),
        "safety_board": n("Safety board member"),
        "registrant": n("Registrant"),
        "system": n("The system"),
    },
    "status": {
        "screening": n("in screening"),
        "eligible": n("eligible, not allocated yet"),
        "allocated": n("allocated"),
        "withdrawn": n("withdrawn"),
        "failed": n("screening failure"),
        "locked": n("locked"),
    },
    "visit": {
        "to_come": n("to come"),
        "due": n("due now"),
        "overdue": n("overdue"),
        "missed": n("missed"),
        "begun": n("begun"),
        "complete": n("complete"),
        "not_applicable": n("not planned"),
    },
    "given_by": {"participant": n("the participant"), "guardian": n("a parent or guardian")},
    "related": {"related": n("related"), "not_related": n("not related"), "unknown": n("cannot be judged")},
    "outcome": {
        "ongoing": n("ongoing"),
        "recovered": n("recovered"),
        "recovered_with_sequelae": n("recovered with sequelae"),
        "fatal": n("fatal"),
        "unknown": n("unknown"),
    },
    "extent": {
        "intervention": n("from treatment; visits go on"),
        "follow_up": n("from visits; data collected so far are kept"),
        "consent": n("consent withdrawn; nothing more is collected"),
    },
    "query": {"open": n("open"), "answered": n("answered"), "closed": n("closed")},
    "inclusion": {"met": n("yes"), "not_met": n("no"), "undecided": n("undecided")},
    "exclusion": {"met": n("no"), "not_met": n("yes"), "undecided": n("undecided")},
    "registry_word": {
        "registered_while_recruiting": n("while recruiting"),
        "prospective": n("before the first participant"),
        "retrospective": n("after the end of recruitment"),
        "INTERVENTIONAL": n("interventional"),
        "RECRUITING": n("recruiting"),
        "TREATMENT": n("treatment"),
        "NONE": n("none"),
        "NA": n("not applicable: one group"),
    },
    "deviation": {"visit_window": n("visit outside its window")},
    "permit": {
        "clinical_trial_authorisation": n("clinical trial authorisation"),
        "cell_processing_facility": n("cell processing facility licence"),
    },
    "kind": {"inclusion": n("inclusion"), "exclusion": n("exclusion")},
    "level": {"primary": n("primary"), "secondary": n("secondary"), "safety": n("safety"), "exploratory": n("exploratory")},
    "event": {
        "ledger.opened": n("Ledger opened"),
        "ledger.redacted": n("Entry redacted"),
        "ProtocolApproved": n("Protocol approved"),
        "RegistrationRecorded": n("Registration recorded"),
        "AllocationCommitted": n("Allocation list sealed"),
        "EthicsApprovalRecorded": n("Ethics approval recorded"),
        "PermitRecorded": n("Permit recorded"),
        "InsuranceRecorded": n("Insurance recorded"),
        "PersonDelegated": n("Task delegated"),
        "ConsentVersionApproved": n("Consent version in force"),
        "ActivationRefused": n("Activation refused"),
        "SiteActivated": n("Site activated"),
        "ScreeningNumberGiven": n("Screening number given"),
        "ParticipantScreened": n("Participant screened"),
        "ConsentRecorded": n("Consent recorded"),
        "FormSaved": n("Form saved"),
        "CollectionJudged": n("Collection judged"),
        "EligibilityConfirmed": n("Eligibility confirmed"),
        "ScreenFailed": n("Screening failure"),
        "ParticipantAllocated": n("Participant allocated"),
        "SlotTaken": n("Place of the list taken"),
        "SlotOpened": n("Slot of the minimisation opened"),
        "ArmRevealed": n("Arm revealed"),
        "DoseOrdered": n("Dose ordered"),
        "InfusionRefused": n("Infusion refused"),
        "InfusionStarted": n("Infusion started"),
        "InfusionCompleted": n("Infusion completed"),
        "QueryOpened": n("Query opened"),
        "QueryAnswered": n("Query answered"),
        "QueryClosed": n("Query closed"),
        "AdverseEventRecorded": n("Adverse event recorded"),
        "DeviationRecorded": n("Deviation recorded"),
        "ParticipantWithdrawn": n("Participant withdrawn"),
        "FormSigned": n("Form signed"),
        "ParticipantLocked": n("Participant locked"),
        "ParticipantUnlocked": n("Participant unlocked"),
        "DonorRegistered": n("Donor registered"),
        "DonorJudged": n("Donor judged"),
        "LotMade": n("Lot made"),
        "ReleaseTestRecorded": n("Release test recorded"),
        "BagFilled": n("Bag filled"),
        "LotReleased": n("Lot released"),
        "LotQuarantined": n("Lot in quarantine"),
        "BagThawed": n("Bag thawed"),
        "BagInfused": n("Bag infused"),
        "BagDestroyed": n("Bag destroyed"),
    },
    "pregnancy_test": {"negative": n("negative"), "positive": n("positive"), "not_applicable": n("cannot become pregnant")},
    "release": {"conditional": n("conditional"), "final": n("final")},
    "gate": {"met": n("met"), "stop": n("stops the infusion"), "waiting": n("waiting")},
    "yes_no": {"true": n("yes"), "false": n("no"), "": n("not judged")},
}


def is_label(code: str, table: str) -> bool:
    """Say whether a table has a word for a code."""
    return code in LABELS[table]


def label_if_known(code: str, table: str) -> str:
    """Give the word of a code that a person may also have typed freely: what is not in the table is shown as typed."""
    return label(code, table) if code in LABELS[table] else code


def label(code: object, table: str) -> str:
    """Give the word of a code in the page's language.

    Raises: KeyError with the code and its table, because a bare code must not reach a page.
    """
    key = str(code).lower() if isinstance(code, bool) else str(code or "")
    return _(LABELS[table][key])
