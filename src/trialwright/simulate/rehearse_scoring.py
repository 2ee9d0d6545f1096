"""An assessor who scores: each item that results propose is confirmed, or put down to another cause, or answered with a reason.

A fever is an infection's here, and so are some cells in the urine (assumed shares). The first such answer of a trial is tried
without its cause, and refused. At the visit that decides on eligibility answers stay as the person was drawn, with a reason where
they differ.
"""

from collections.abc import Iterable
from datetime import date

from trialwright.conduct import commands as cmd
from trialwright.conduct.commands import Entered
from trialwright.conduct.proposals import RULE, proposals_for
from trialwright.datasets.proposals import Proposal
from trialwright.simulate.rehearse_character import Character
from trialwright.simulate.rehearse_entry import role_for, why_outside
from trialwright.simulate.rehearse_facts import Facts
from trialwright.study.model import Encounter, Form

_INFECTIONS = {"sledai_fever": 1.0, "sledai_pyuria": 0.3, "sledai_haematuria": 0.05}
_INFECTION = "infection"
_OTHERWISE = "Judged at the bedside; the result was made on another day"


def score(person: Character, encounter: Encounter, form: Form, day: date, facts: Facts) -> tuple[Facts, tuple[str, ...]]:
    """What the assessor answers, with the reason where an answer differs from its result and names no cause."""
    stage, causes = person.stage, {one.cause for one in form.proposals}
    proposed = proposals_for(stage.study, person.state, encounter, form, on=day, role=role_for(form))
    answers = {item: value for item, value in facts.items() if item not in causes}
    if encounter.epoch == stage.study.epochs[0].id:
        differs = any(answers.get(one.item) != one.answer for one in proposed)
        return answers, (_OTHERWISE,) if differs else ()
    for one in proposed:
        answers |= _answer(person, encounter, one)
    return answers, ()


def type_causes(form: Form, answers: Facts, entered: Iterable[Entered]) -> tuple[Entered, ...]:
    """A cause that was found is always written down, whatever else is left out."""
    causes = {one.cause for one in form.proposals if one.cause in answers}
    kept = tuple(one for one in entered if one.item not in causes)
    return kept + tuple(Entered(item=cause, raw=answers[cause]) for cause in sorted(causes))


def try_without_cause(person: Character, encounter: Encounter, form: Form, day: date, entered: tuple[Entered, ...]) -> None:
    """The first cause of a trial is forgotten at first: the machine asks for it."""
    differing = {one.cause: one.item for one in form.proposals}
    named = [one.item for one in entered if one.item in differing]
    if not named or person.stage.nth("cause") != 1 or why_outside(person, encounter, day):
        return
    command = cmd.RecordForm(
        site=person.stage.site,
        participant=person.id,
        encounter=encounter.id,
        form=form.id,
        collected_on=day,
        values=tuple(one for one in entered if one.item not in differing),
        read_version=0,
    )
    person.stage.refused(role_for(form), command, f"{RULE}.{differing[named[0]]}")


def _answer(person: Character, encounter: Encounter, proposal: Proposal) -> Facts:
    drawn = person.rng("cause", encounter.id, proposal.item).random()
    if proposal.is_present and proposal.cause and drawn < _INFECTIONS.get(proposal.item, 0.0):
        return {proposal.item: "no", proposal.cause: _INFECTION}
    return {proposal.item: proposal.answer}
