"""The intercurrent events of a rehearsal are those that its ledger holds, and a death put into its data is ranked last."""

from dataclasses import replace
from datetime import timedelta

from trialwright.analysis.analyse import analyse
from trialwright.conduct.events import ParticipantWithdrawn
from trialwright.conduct.queries import find_collected
from trialwright.datasets.adice import derive_adice
from trialwright.datasets.collected import CollectedAdverseEvent

from .rehearsed import Rehearsed


def test_withdrawals_and_doses_never_given_are_found(finished: Rehearsed) -> None:
    collected = find_collected(finished.trial)
    rows = derive_adice(collected, finished.trial.study)
    allocated = {person.id for person in collected.participants if person.allocated_at is not None}
    left = {entry.stream.partition(":")[2] for entry, _ in finished.events(ParticipantWithdrawn)}
    assert {row.usubjid for row in rows if row.paramcd == "withdrawal"} == left & allocated
    infused = {infusion.participant for infusion in collected.infusions}
    with_cells = {p.id for p in collected.participants if p.arm is not None and finished.trial.study.cell_product(p.arm)}
    assert {row.usubjid for row in rows if row.paramcd == "never_infused"} == with_cells - infused


def test_a_death_put_into_a_rehearsal_is_the_worst_outcome(finished: Rehearsed) -> None:
    collected, study = find_collected(finished.trial), finished.trial.study
    known = {"rng_seed": 1, "block_sizes": finished.trial.block_sizes(), "procedure": finished.trial.procedure()}
    before = analyse(study, collected, **known)  # type: ignore[arg-type]  # handed on as they are
    person = next(row.participant for row in before.primary.individuals if row.value is not None and row.baseline is not None)
    on = next(p.allocated_at.date() for p in collected.participants if p.id == person and p.allocated_at) + timedelta(days=50)
    death = CollectedAdverseEvent(
        participant=person,
        number=999,
        term="infection",
        description="",
        started_on=on,
        ended_on=on,
        grade=5,
        serious=True,
        related="not_related",
        expected=None,
        outcome="fatal",
        lot="",
    )
    after = analyse(study, replace(collected, adverse_events=(*collected.adverse_events, death)), **known)  # type: ignore[arg-type]  # as above
    fates = {row.participant: row.fate for row in after.primary.individuals}
    assert {name for name, fate in fates.items() if fate == "worst"} == {person}
    assert after.primary.test.participants == before.primary.test.participants  # type: ignore[union-attr]  # both are tests
    assert any(person in note.en for note in after.primary.notes)
