"""What a blinded role may be shown: the same bytes, whichever arm the participant is in.

A blinded assessor scores without knowing the arm. The arm itself is easy to leave out; it also speaks through what only one arm
has: visits after an infusion, a bag, a lot beside an adverse event, a gap in the numbering of the ledger, a free text. So
nothing is shown that is not named here: the participant without arm, slot and free text, and forms that the role fills in at
visits that every arm has, with the results at such visits that a score of the role asks for. Pages ask for rows through `blind`
and for visits through `blind_visits`. The test runs a trial twice with the arms swapped and compares the bytes.

One channel stays: queries are numbered per participant, so a gap in the numbers says that a query exists which is not shown; it
does not say about what. What the assessor hears at the bedside is beyond any page.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatch
from typing import Any, TypeVar

from trialwright.conduct import events as ev
from trialwright.conduct.events import Event
from trialwright.conduct.rows import FormRow, QueryRow
from trialwright.conduct.schedule import PlannedVisit
from trialwright.datasets.collected import CollectedCollection, CollectedParticipant, CollectedValue
from trialwright.study.model import Encounter, Study

R = TypeVar("R")


def is_blinded(study: Study, role: str) -> bool:
    return role in study.allocation.blinded_roles


def shows_encounter(study: Study, role: str, encounter: Encounter) -> bool:
    """A visit that only one arm has tells the arm: by its list of arms, or because it follows an infusion."""
    return not is_blinded(study, role) or (not encounter.arms and encounter.anchor != "infusion")


def shows_form(study: Study, role: str, encounter_id: str, form_id: str) -> bool:
    """Whether a form at a visit is shown to a role; a blinded role sees what it fills in itself."""
    if not is_blinded(study, role):
        return True
    form, encounter = study.forms.get(form_id), study.encounter(encounter_id)
    return form is not None and encounter is not None and role in form.roles and shows_encounter(study, role, encounter)


def shows_results(study: Study, role: str, encounter: Encounter) -> bool:
    """Whether a result of a visit may be named to a role beside the item that it proposes: of a visit that every arm has.

    The score asks for these results, so a blinded assessor sees the value and its day, and nothing of who made it or how.
    """
    return shows_encounter(study, role, encounter)


def shows_event(study: Study, role: str, event: Event) -> bool:
    """Whether an event, as an audit trail prints it, is shown to a role."""
    if not is_blinded(study, role):
        return True
    match event:
        case ev.ParticipantScreened() | ev.ConsentRecorded() | ev.EligibilityConfirmed():
            return True
        case ev.FormSaved() | ev.CollectionJudged() | ev.FormSigned() | ev.QueryOpened():
            return shows_form(study, role, event.encounter, event.form)
    return False


def blind(rows: Iterable[R], *, study: Study, role: str) -> tuple[R, ...]:
    """The rows of a query as a role may see them; all of them for a role that is not blinded, none of a kind not named here."""
    if not is_blinded(study, role):
        return tuple(rows)
    return tuple(shown for row in rows if (shown := _blind(row, study, role)) is not None)


def blind_visits(visits: Iterable[PlannedVisit], *, study: Study, role: str) -> tuple[PlannedVisit, ...]:
    """Planned visits as a role may see them: those of every arm, counting only the forms that the role fills in.

    Their days come from those forms alone: a visit that others began is not begun for the assessor.
    """
    if not is_blinded(study, role):
        return tuple(visits)
    return tuple(
        replace(
            visit, encounter=replace(visit.encounter, forms=own), missing_forms=tuple(f for f in visit.missing_forms if f in own)
        )
        for visit in visits
        if shows_encounter(study, role, visit.encounter)
        and (own := tuple(form for form in visit.encounter.forms if role in study.forms[form].roles))
    )


@singledispatch
def _blind(row: Any, study: Study, role: str) -> Any | None:
    """Rows of any other kind (infusions, lots, bags, adverse events, deviations) are not shown to a blinded role."""
    return None


@_blind.register
def _(row: CollectedParticipant, study: Study, role: str) -> CollectedParticipant:
    return replace(row, arm=None, slot=None, withdrawal_reason="", screen_failure="failed" if row.screen_failure else "")


@_blind.register
def _(row: CollectedValue, study: Study, role: str) -> CollectedValue | None:
    """Without its place in the ledger: the arm with an infusion has more entries before it."""
    return replace(row, position=0) if shows_form(study, role, row.encounter, row.form) else None


@_blind.register
def _(row: CollectedCollection, study: Study, role: str) -> CollectedCollection | None:
    return replace(row, position=0) if shows_form(study, role, row.encounter, row.form) else None


@_blind.register
def _(row: FormRow, study: Study, role: str) -> FormRow | None:
    return row if shows_form(study, role, row.encounter, row.form) else None


@_blind.register
def _(row: QueryRow, study: Study, role: str) -> QueryRow | None:
    return row if shows_form(study, role, row.encounter, row.form) else None
