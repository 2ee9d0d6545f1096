"""The sealed list: nobody learns an arm early, no change goes unseen, and no slot is given twice or left out."""

import sqlite3
import threading
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev
from trialwright.conduct.allocation import AllocationError, ListSecrets, SlotOpener, prepare_allocation
from trialwright.conduct.allocation_list import (
    DrawnList,
    draw_blocks,
    draw_by_procedure,
    draw_permuted_blocks,
    open_block_sizes,
    open_procedure,
    open_slot,
    seal_lists,
)
from trialwright.conduct.codec import payload_of
from trialwright.conduct.commitments import Slot, commitment, root_of
from trialwright.conduct.decision import Refusal
from trialwright.conduct.minimised import minimised_arm
from trialwright.conduct.people import SYSTEM
from trialwright.conduct.shell import Trial
from trialwright.ledger import Draft, Envelope, KeyRing, Ledger, open_store
from trialwright.study.allocation_procedures import (
    BigStick,
    FairCoin,
    MaximalProcedure,
    PermutedBlocks,
    TwoArmProcedure,
    chance_of_list,
)
from trialwright.study.model import Study

from .conftest import open_trial
from .desk import LIST_KEY, SITE, Desk, person, seeded_bytes
from .stratified import allocated_by

HEX = "0123456789abcdef"


def sealed(study: Study, key: bytes = LIST_KEY) -> cmd.CommitAllocation:
    return prepare_allocation(study, secrets=ListSecrets(block_sizes=(4, 6)), rng=Random(8), key=key, nonces=seeded_bytes(9))


@given(seed=st.integers(), sizes=st.lists(st.sampled_from([2, 4, 6, 8]), min_size=1, max_size=3))
def test_blocks_keep_the_ratio_exactly(seed: int, sizes: list[int]):
    arms = draw_permuted_blocks({"cells": 1, "control": 1}, 20, block_sizes=sizes, rng=Random(seed))
    assert Counter(arms) == {"cells": 10, "control": 10}
    imbalance = [abs(arms[:n].count("cells") - arms[:n].count("control")) for n in range(21)]
    assert max(imbalance) <= max(sizes) // 2


def test_the_block_sizes_come_back_in_their_order():
    blocks = draw_blocks({"cells": 1, "control": 1}, 20, block_sizes=(4, 6), rng=Random(8))
    made = seal_lists([DrawnList(blocks=blocks)], key=LIST_KEY, nonces=seeded_bytes(9))
    assert open_block_sizes(made.sealed, key=LIST_KEY) == tuple(len(block) for block in blocks)
    assert {"cells", "control"} == {arm for block in blocks for arm in block}


@pytest.mark.parametrize(("slots", "sizes"), [(20, (3,)), (20, ()), (20, (0,)), (21, (4,))])
def test_a_list_that_cannot_keep_the_ratio_is_refused(slots: int, sizes: tuple[int, ...]):
    with pytest.raises(AllocationError, match="multiple"):
        draw_permuted_blocks({"a": 1, "b": 1}, slots, block_sizes=sizes, rng=Random(1))


def by_custodian(study: Study, secrets: ListSecrets, *, seed: int = 2) -> cmd.CommitAllocation:
    return prepare_allocation(study, secrets=secrets, rng=Random(seed), key=LIST_KEY, nonces=seeded_bytes(9))


def by_method(study: Study, method: str) -> Study:
    return replace(study, allocation=replace(study.allocation, method=method))


PROCEDURES = {
    "big_stick": (BigStick(largest_lead=2), 2),
    "maximal_procedure": (MaximalProcedure(slots=20, largest_lead=3), 3),
    "complete": (FairCoin(), None),
}


@pytest.mark.parametrize("method", PROCEDURES)
def test_each_procedure_is_sealed_with_its_parameters_and_opens_as_a_list_it_can_draw(lupus: Study, method: str):
    procedure, lead = PROCEDURES[method]
    made = by_custodian(by_method(lupus, method), ListSecrets(largest_lead=lead), seed=4)
    opener, first = SlotOpener(LIST_KEY), next(iter(lupus.allocation.ratio))
    arms = [int(opener.open(number, text).content == first) for number, text in enumerate(made.sealed)]
    assert len(arms) == lupus.sample_size
    assert chance_of_list(procedure, arms) > 0
    assert opener.procedure(made.sealed) == procedure
    assert len({len(text) for text in [*made.sealed, *sealed(lupus).sealed]}) == 1  # the length does not tell the method


def test_a_list_of_blocks_names_no_other_procedure(lupus: Study):
    assert open_procedure(sealed(lupus).sealed, key=LIST_KEY) is None


@pytest.mark.parametrize("law", [BigStick(largest_lead=1), MaximalProcedure(slots=4, largest_lead=1), PermutedBlocks(sizes=(4,))])
def test_lists_are_drawn_as_often_as_the_law_says_that_the_analysis_counts_by(law: TwoArmProcedure):
    """6,000 lists of four slots; each frequency within five standard errors of the exact chance."""
    rng, ratio = Random(12), {"a": 1, "b": 1}
    if isinstance(law, PermutedBlocks):
        drawn = Counter(draw_permuted_blocks(ratio, 4, block_sizes=law.sizes, rng=rng) for _ in range(6000))
    else:
        drawn = Counter(draw_by_procedure(ratio, 4, procedure=law, rng=rng) for _ in range(6000))
    assert len(drawn) > 2
    for arms, seen in drawn.items():
        chance = float(chance_of_list(law, [int(arm == "a") for arm in arms]))
        assert chance > 0
        assert abs(seen / 6000 - chance) < 5 * (chance * (1 - chance) / 6000) ** 0.5


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("big_stick", {}),
        ("big_stick", {"block_sizes": (4,)}),
        ("big_stick", {"largest_lead": 0}),
        ("complete", {"largest_lead": 3}),
        ("permuted_blocks", {"largest_lead": 3}),
        ("minimisation", {}),
    ],
)
def test_parameters_that_do_not_fit_the_method_are_refused(lupus: Study, method: str, parameters: dict):
    with pytest.raises(AllocationError, match=r"Give|give"):
        by_custodian(by_method(lupus, method), ListSecrets(**parameters))


def test_a_big_stick_for_two_to_one_is_refused():
    with pytest.raises(AllocationError, match="equal shares"):
        draw_by_procedure({"a": 2, "b": 1}, 6, procedure=BigStick(largest_lead=2), rng=Random(1))


def take(ledger: Ledger, slots: range, now: datetime) -> None:
    taken = [ev.SlotTaken(slot=slot, participant=f"P-{slot}") for slot in slots]
    drafts = [Draft(stream=cmd.ALLOCATION, type="SlotTaken", version=one.version, payload=payload_of(one)) for one in taken]
    by = Envelope(
        command_id=f"take-{slots[0]}",
        by="c",
        role="coordinator",
        site=SITE,
        device="",
        entered_at=now,
        reason="",
        build="",
        software="test",
    )
    ledger.append(drafts, envelope=by, expected={}, server_time=now)


def test_the_procedure_is_told_once_every_slot_is_taken(store, lupus: Study):
    """The events of twenty taken slots, as allocation writes them; the key alone is not enough before the last."""
    made = by_custodian(by_method(lupus, "big_stick"), ListSecrets(largest_lead=2))
    desk = Desk(open_trial(store, lupus), lupus).activate(sealed=made)
    slots = range(lupus.sample_size)
    take(desk.trial.ledger, slots[:-1], desk.now)
    assert desk.trial.procedure() is None
    take(desk.trial.ledger, slots[-1:], desk.now)
    assert desk.trial.procedure() == BigStick(largest_lead=2)
    assert desk.trial.block_sizes() is None  # not one block of twenty
    assert Trial(desk.trial.ledger, software="test").procedure() is None  # without the custodian's key


@given(nonce=st.binary(min_size=32, max_size=32), number=st.integers(0, 200), other=st.integers(0, 200))
def test_no_other_arm_slot_or_nonce_has_the_commitment(nonce: bytes, number: int, other: int):
    slot = Slot(number=number, content="cells", nonce=nonce.hex())
    made = commitment(slot)
    assert commitment(replace(slot, content="control")) != made
    assert (commitment(replace(slot, number=other)) == made) == (number == other)
    for place in range(64):
        changed = HEX[(HEX.index(slot.nonce[place]) + 1) % 16]
        assert commitment(replace(slot, nonce=slot.nonce[:place] + changed + slot.nonce[place + 1 :])) != made


def test_the_root_changes_with_every_commitment_and_their_order(lupus: Study):
    command = sealed(lupus)
    assert root_of(command.commitments) == command.root
    for place in range(len(command.commitments)):
        others = list(command.commitments)
        others[place] = others[place][::-1]
        assert root_of(others) != command.root
    assert root_of(command.commitments[::-1]) != command.root


def test_ciphertexts_are_of_equal_length_and_all_different(lupus: Study):
    command = sealed(lupus)
    assert len({len(one) for one in command.sealed}) == 1
    assert len(set(command.sealed)) == 20  # equal arms do not look equal


def test_a_short_and_a_long_arm_look_alike():
    lists = (DrawnList(blocks=((arm,),)) for arm in ("a", "an_arm_with_a_long_name"))
    short, long = (seal_lists([one], key=LIST_KEY, nonces=seeded_bytes(3)).sealed[0] for one in lists)
    assert len(short) == len(long)


def test_a_slot_opens_with_its_key_at_its_place_alone(lupus: Study):
    command = sealed(lupus)
    assert commitment(SlotOpener(LIST_KEY).open(3, command.sealed[3])) == command.commitments[3]
    damaged = command.sealed[3][:-4] + ("AAAA" if command.sealed[3][-4:] != "AAAA" else "BBBB")
    for number, text, key in [(3, command.sealed[3], bytes(32)), (4, command.sealed[3], LIST_KEY), (3, damaged, LIST_KEY)]:
        with pytest.raises(AllocationError, match="does not open"):
            open_slot(number, text, key=key)


def test_a_reveal_is_the_systems_and_matches_the_commitment(desk: Desk):
    participant = desk.make_eligible()
    desk.allocate(participant)
    arm = desk.participant(participant).arm
    opened = SlotOpener(LIST_KEY).open(0, desk.trial.state(cmd.ALLOCATION).commitment.sealed[0])
    reveal = cmd.RevealArm(site=SITE, participant=participant, slot=0, arm=arm, content=opened.content, nonce=opened.nonce)
    assert desk.do("system", reveal, by=SYSTEM) == ()  # harmless to repeat
    other = "control" if arm == "cells" else "cells"
    assert desk.refused("system", replace(reveal, arm=other), by=SYSTEM) == ["reveal.commitment"]
    assert desk.refused("system", replace(reveal, slot=1), by=SYSTEM) == ["reveal.slot"]
    assert desk.refused("system", reveal, by=person("system", id="somebody")) == ["policy.RevealArm"]
    for role in ("custodian", "coordinator", "investigator", "statistician"):
        assert desk.refused(role, reveal) == ["policy.RevealArm"]


def test_the_list_is_committed_once_in_full_and_with_its_own_root(lupus: Study, desk: Desk):
    command = sealed(lupus)
    assert desk.refused("custodian", command) == ["allocation.committed"]
    fresh = Desk(type(desk.trial)(study=lupus), lupus)
    assert fresh.refused("custodian", replace(command, sealed=command.sealed[:-1])) == ["allocation.slots"]
    assert fresh.refused("custodian", replace(command, root="0" * 64)) == ["allocation.root"]


def test_a_changed_list_stops_allocation_with_words(store, lupus: Study):
    """The custodian's list is swapped for another one sealed with the same key."""
    desk = Desk(open_trial(store, lupus), lupus)
    honest = sealed(lupus)
    arms = [SlotOpener(LIST_KEY).open(n, text).content for n, text in enumerate(honest.sealed)]
    other = tuple("control" if arm == "cells" else "cells" for arm in arms)
    swapped = seal_lists([DrawnList(blocks=(other,))], key=LIST_KEY, nonces=seeded_bytes(9))
    desk.activate(sealed=replace(honest, sealed=swapped.sealed))
    participant = desk.make_eligible()
    with pytest.raises(AllocationError, match="Stop allocating"):
        desk.send("coordinator", cmd.Allocate(site=SITE, participant=participant))


# --- what lies on the disk -------------------------------------------------------------------------------------------------------


def committed_payload(path: Path) -> str:
    """The list as it lies in the ledger's table of payloads, read by SQLite alone."""
    join = "SELECT p.stored FROM ledger_payload p JOIN ledger_entry e USING (study, position)"
    with sqlite3.connect(path) as connection:
        (payload,) = connection.execute(f"{join} WHERE e.type = 'AllocationCommitted'").fetchone()
    return payload if isinstance(payload, str) else bytes(payload).decode("latin-1")


def test_the_database_holds_no_arm_of_a_slot_that_is_not_opened(store, tmp_path: Path, lupus: Study):
    desk = Desk(open_trial(store, lupus), lupus).activate(sealed=sealed(lupus))
    opened = [SlotOpener(LIST_KEY).open(n, text) for n, text in enumerate(desk.trial.state(cmd.ALLOCATION).commitment.sealed)]
    payload = committed_payload(tmp_path / "trialwright.sqlite")
    assert desk.trial.state(cmd.ALLOCATION).commitment.root in payload  # it is the right payload
    for secret in ("cells", "control", *(slot.nonce for slot in opened)):
        assert secret not in payload
    files = b"".join(path.read_bytes() for path in tmp_path.glob("trialwright.sqlite*"))
    for slot in opened:
        assert slot.nonce.encode() not in files
        assert bytes.fromhex(slot.nonce) not in files
    texts = desk.trial.state(cmd.ALLOCATION).commitment.sealed
    assert sum(text.encode() in files for text in texts) >= 10  # the search finds what is there, but where a page ends within it
    assert not any(arm in b64decode(text) for text in texts for arm in (b"cells", b"control"))


def assert_arms_follow(trial: Trial) -> None:
    """Every arm that is recorded is the one that the sealed slot holds or leads to, computed here from the record alone."""
    allocation = trial.allocation()
    before: list[tuple[tuple[str, ...], str]] = []
    for participant, number, profile in zip(allocation.taken, allocation.slots, allocation.profiles, strict=True):
        slot = SlotOpener(LIST_KEY).open(number, allocation.commitment.sealed[number])
        assert commitment(slot) == allocation.commitment.commitments[number]
        minimised = allocation.commitment.method == "minimisation"
        arm = minimised_arm(slot.content, trial.study, profile, before) if minimised else slot.content
        assert trial.participant(participant).arm == arm
        before.append((profile, arm))


# --- two people at once ----------------------------------------------------------------------------------------------------------


def allocate_together(
    url: str | Path, tmp_path: Path, study: Study, people: int = 8, sealed: cmd.CommitAllocation | None = None
) -> list[int | None]:
    """Everybody presses allocate at the same moment, each through a door of their own; gives the slots they got."""
    keys = KeyRing.create(tmp_path / "keys", nonces=seeded_bytes(1))
    with open_store(url, keys=keys, nonces=seeded_bytes(2)) as store:
        desk = Desk(open_trial(store, study), study).activate(sealed=sealed)
        eligible = [desk.make_eligible(sex="FM"[place % 2]) for place in range(people)]
        doors = [Trial(desk.trial.ledger, software="test", opener=SlotOpener(LIST_KEY)) for _ in eligible]
        barrier, failures = threading.Barrier(people), []

        def press(door: Trial, participant: str) -> None:
            barrier.wait()
            try:
                command = cmd.Allocate(site=SITE, participant=participant)
                answer = door.submit(command, by=person("coordinator"), now=desk.now, command_id=f"press-{participant}")
                assert not isinstance(answer, Refusal), str(answer)
            except BaseException as error:  # a thread's failure is the test's
                failures.append(error)

        threads = [threading.Thread(target=press, args=pair) for pair in zip(doors, eligible, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        desk.trial.forget()
        assert set(desk.trial.state(cmd.ALLOCATION).taken) == set(eligible)
        assert_arms_follow(desk.trial)
        return [desk.trial.participant(one).slot for one in eligible]


def test_eight_people_at_once_take_eight_slots_in_a_row_on_sqlite(tmp_path: Path, lupus: Study):
    assert sorted(allocate_together(tmp_path / "trialwright.sqlite", tmp_path, lupus)) == list(range(8))


def test_eight_people_at_once_take_eight_slots_in_a_row_on_postgresql(postgres_url: str, tmp_path: Path, lupus: Study):
    assert sorted(allocate_together(postgres_url, tmp_path, lupus)) == list(range(8))


def minimised(*, people: int = 20) -> tuple[Study, cmd.CommitAllocation]:
    study = allocated_by("minimisation", "sex", people=people)
    return study, by_custodian(study, ListSecrets(preferred=Fraction(4, 5)))


def test_a_minimisation_of_eight_people_at_once_is_one_sequence_on_sqlite(tmp_path: Path):
    study, lists = minimised()
    assert sorted(allocate_together(tmp_path / "trialwright.sqlite", tmp_path, study, sealed=lists)) == list(range(8))


def test_a_minimisation_of_eight_people_at_once_is_one_sequence_on_postgresql(postgres_url: str, tmp_path: Path):
    study, lists = minimised()
    assert sorted(allocate_together(postgres_url, tmp_path, study, sealed=lists)) == list(range(8))


def test_eight_people_at_once_take_the_first_slots_of_their_strata(tmp_path: Path):
    study = allocated_by("permuted_blocks", "sex")
    slots = allocate_together(tmp_path / "trialwright.sqlite", tmp_path, study, sealed=sealed(study))
    assert sorted(slots) == [0, 1, 2, 3, 20, 21, 22, 23]


def test_without_comparing_versions_slots_are_given_twice(tmp_path: Path, lupus: Study, monkeypatch: pytest.MonkeyPatch):
    """The positive control: read, then write, as if nobody else were there."""
    read = threading.Barrier(8, timeout=20)
    load: Callable[..., object] = Trial.load

    def everyone_reads_first(self: Trial, streams):
        loaded = load(self, streams)
        if cmd.ALLOCATION in loaded[1] and threading.current_thread() is not threading.main_thread() and not hasattr(self, "seen"):
            self.seen = True
            read.wait()
        return loaded

    monkeypatch.setattr(Ledger, "_refuse_moved", lambda *_: None)
    monkeypatch.setattr(Trial, "load", everyone_reads_first)
    slots = Counter(allocate_together(tmp_path / "trialwright.sqlite", tmp_path, lupus))
    assert max(slots.values()) > 1
