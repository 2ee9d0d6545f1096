"""Answers that results propose to whoever fills in a form, and what stands against an answer that differs without saying why."""

from collections.abc import Mapping
from datetime import date

from trialwright.conduct.blinding import shows_results
from trialwright.conduct.current import current_values
from trialwright.conduct.decision import Reason, reason
from trialwright.conduct.events import ValueEntered
from trialwright.conduct.sentences import all_of, phrase, word
from trialwright.conduct.states import ParticipantState
from trialwright.datasets.proposals import Proposal, find_proposals
from trialwright.study.model import Encounter, Form, Study

RULE = "proposal"


def proposals_for(
    study: Study, participant: ParticipantState, encounter: Encounter, form: Form, *, on: date, role: str
) -> tuple[Proposal, ...]:
    """Give what results propose at a visit on a day, from the visits whose results the role may be shown."""
    if not form.proposals:
        return ()
    return find_proposals(
        current_values(study, participant).collected,
        study,
        participant.id,
        encounter,
        form,
        on=on,
        shows=lambda one: shows_results(study, role, one),
    )


def find_unexplained(
    proposals: tuple[Proposal, ...], form: Form, study: Study, values: Mapping[str, ValueEntered], changed: frozenset[str]
) -> list[Reason]:
    """Give each newly given answer that differs from its result and names no cause; a missing answer differs from nothing."""
    return [
        _reason(proposal, form, study, values[proposal.item])
        for proposal in proposals
        if proposal.item in changed
        and values[proposal.item].parsed not in ("", proposal.answer)
        and not (proposal.cause in values and values[proposal.cause].parsed)
    ]


def _reason(proposal: Proposal, form: Form, study: Study, value: ValueEntered) -> Reason:
    item, encounter = form.item(proposal.item), study.encounter(proposal.encounter)
    results = all_of(phrase("item_value", item=one.label, value=f"{one.value} {one.unit}".strip()) for one in proposal.results)
    return reason(
        "proposal.differs",
        of=f"{RULE}.{proposal.item}",
        item=item.label if item else proposal.item,
        answer=word("yes_no", value.parsed),
        proposed=word("yes_no", proposal.answer),
        results=results,
        encounter=encounter.label if encounter else proposal.encounter,
        day=proposal.on,
    )
