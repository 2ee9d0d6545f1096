"""Strata and minimisation: the right list, the arm that follows, nothing told early, and nobody moved by a later correction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev
from trialwright.conduct.allocation import AllocationError, ListSecrets, SlotOpener, prepare_allocation
from trialwright.conduct.commitments import commitment
from trialwright.conduct.decision import Refusal
from trialwright.conduct.evolve import evolve
from trialwright.conduct.minimised import SlotContentError, draw_number, minimised_arm, procedure_text, slot_content
from trialwright.conduct.people import SYSTEM
from trialwright.conduct.shell import Trial
from trialwright.conduct.states import AllocationState
from trialwright.study.allocation_procedures import BigStick, Minimisation, PermutedBlocks, chance_of_list
from trialwright.study.model import Study
from trialwright.study.stratification import MinimisedList, StratifiedLists

from .conftest import open_trial
from .desk import LIST_KEY, SITE, START, Desk, pure_desk, record_form, seeded_bytes
from .stratified import SEX, WEIGHT, allocated_by

BLOCKS = ListSecrets(block_sizes=(4, 6))
COIN = ListSecrets(preferred=Fraction(4, 5))
KINDS = {"permuted_blocks": BLOCKS, "big_stick": ListSecrets(largest_lead=2), "minimisation": COIN}


def lists(study: Study, secrets: ListSecrets, *, seed: int = 7) -> cmd.CommitAllocation:
    return prepare_allocation(study, secrets=secrets, rng=Random(seed), key=LIST_KEY, nonces=seeded_bytes(9))


def active(study: Study, secrets: ListSecrets) -> Desk:
    return pure_desk(study).activate(sealed=lists(study, secrets))


def committed(study: Study, secrets: ListSecrets, *, seed: int = 7) -> AllocationState:
    """The allocation after the custodian's commitment, with nobody allocated."""
    desk = pure_desk(study)
    desk.prepare(sealed=lists(study, secrets, seed=seed))
    state = desk.trial.state(cmd.ALLOCATION)
    assert isinstance(state, AllocationState)
    return state


def take(state: AllocationState, profiles: Sequence[tuple[str, ...]]) -> AllocationState:
    """Allocate people with these levels one after the other, as the events of allocation do."""
    for profile in profiles:
        slot = state.next_slot(profile)
        assert slot is not None
        taken = ev.SlotTaken(slot=slot, participant=f"P-{len(state.taken)}", profile=profile)
        after = evolve(state, taken, START)
        assert isinstance(after, AllocationState)
        state = after
    return state


def content(state: AllocationState, slot: int) -> str:
    assert state.commitment is not None
    return SlotOpener(LIST_KEY).open(slot, state.commitment.sealed[slot]).content


# --- lists of strata -------------------------------------------------------------------------------------------------------------


def test_every_combination_of_levels_has_a_list_for_everybody_planned():
    study = allocated_by("permuted_blocks", "sex", "weight")
    made = lists(study, BLOCKS)
    assert len(made.commitments) == 4 * 20
    assert len(set(made.commitments)) == 80
    assert len({len(text) for text in made.sealed}) == 1
    state = committed(study, BLOCKS)
    assert state.lists() == {
        "sex female, weight light": (0, 20),
        "sex female, weight heavy": (20, 40),
        "sex male, weight light": (40, 60),
        "sex male, weight heavy": (60, 80),
    }
    drawn = {name: tuple(content(state, slot) for slot in range(*span)) for name, span in state.lists().items()}
    assert all(Counter(arms) == {"cells": 10, "control": 10} for arms in drawn.values())
    assert len(set(drawn.values())) == 4  # each drawn by itself


SEXES, WEIGHTS = ("female", "male"), ("light", "heavy")
people = st.lists(st.tuples(st.sampled_from(SEXES), st.sampled_from(WEIGHTS)), min_size=20, max_size=20)
BY_BLOCKS, BY_STICK = (allocated_by(method, "sex", "weight") for method in ("permuted_blocks", "big_stick"))
STATES = {"blocks": committed(BY_BLOCKS, BLOCKS), "stick": committed(BY_STICK, ListSecrets(largest_lead=2))}


@given(arrivals=people, kind=st.sampled_from(sorted(STATES)))
def test_whoever_comes_no_arm_leads_in_a_stratum_by_more_than_its_procedure_lets_it(arrivals: list[tuple[str, str]], kind: str):
    state = take(STATES[kind], arrivals)
    bound = {"blocks": 3, "stick": 2}[kind]  # half a block of six; the big stick of two
    for stratum in set(arrivals):
        own = [slot for slot, profile in zip(state.slots, state.profiles, strict=True) if profile == stratum]
        assert all(later == earlier + 1 for earlier, later in pairwise(own))  # none left out, none twice
        arms = [content(state, slot) for slot in own]
        assert max(abs(2 * arms[:n].count("cells") - n) for n in range(len(arms) + 1)) <= bound
    assert state.is_complete
    assert state.next_slot(arrivals[0]) is None


def test_a_participant_gets_the_next_slot_of_the_own_stratum():
    desk = active(allocated_by("permuted_blocks", "sex"), BLOCKS)
    came = [desk.make_eligible(sex=sex) for sex in "MFM"]
    arms = [desk.allocate(one) for one in came]
    assert [desk.participant(one).slot for one in came] == [20, 0, 21]
    state = desk.trial.state(cmd.ALLOCATION)
    assert arms == [content(state, slot) for slot in (20, 0, 21)]
    (judged,) = desk.participant(came[0]).strata
    assert judged == ev.StratumJudged(stratum="sex", level="male", inputs={"sex": "M"})


def words_of(desk: Desk, participant: str) -> str:
    answer = desk.send("coordinator", cmd.Allocate(site=SITE, participant=participant))
    assert isinstance(answer, Refusal)
    assert all(reason.in_language("fa") != reason.in_language("en") for reason in answer.reasons)
    return str(answer)


def test_nobody_is_allocated_in_a_stratum_that_is_not_known():
    """Height is no criterion, so eligibility does not wait for it; the stratum does."""
    tall = WEIGHT.replace("weight < 60.0", "height < 160.0").replace("weight >= 60.0", "height >= 160.0")
    desk = active(allocated_by("permuted_blocks", "weight", more=SEX + tall), BLOCKS)
    participant = desk.screen()
    desk.consent(participant)
    desk.enter_screening(participant)
    version = desk.participant(participant).form("screening", "vitals").version
    not_done = record_form(participant, "screening", "vitals", {}, desk.today, version=version, reason="no rod that day")
    desk.do("investigator", replace(not_done, values=(cmd.Entered(item="height", missing_code="not_done"),)))
    desk.do("investigator", cmd.ConfirmEligibility(site=SITE, participant=participant))
    desk.enter_baseline(participant)
    said = words_of(desk, participant)
    assert "Weight: undecided without Height" in said
    assert desk.trial.state(cmd.ALLOCATION).taken == ()
    desk.save("investigator", participant, "screening", "vitals", {"height": "170"}, reason="measured late")
    desk.allocate(participant)
    assert desk.participant(participant).slot == 20


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (("weight < 70.0", "weight >= 50.0"), "Below 60 kg, From 60 kg all fit"),
        (("weight < 40.0", "weight >= 80.0"), "Weight: no level fits"),
    ],
)
def test_levels_that_overlap_or_leave_somebody_out_stop_allocation(rules: tuple[str, str], words: str):
    more = WEIGHT.replace("weight < 60.0", rules[0]).replace("weight >= 60.0", rules[1])
    desk = active(allocated_by("permuted_blocks", "weight", more=SEX + more), BLOCKS)
    assert words in words_of(desk, desk.make_eligible(weight="60"))


def test_the_site_may_be_a_stratum():
    more = SEX.replace("sex == 'F'", "site == 'tehran'").replace("sex == 'M'", f"site == '{SITE}'")
    desk = active(allocated_by("permuted_blocks", "sex", more=more), BLOCKS)
    participant = desk.make_eligible(sex="F")
    desk.allocate(participant)
    assert desk.participant(participant).slot == 20
    assert desk.participant(participant).strata[0].inputs == {"site": SITE}


def test_a_correction_moves_nobody_and_is_listed(store):
    study = allocated_by("permuted_blocks", "sex")
    desk = Desk(open_trial(store, study), study).activate(sealed=lists(study, BLOCKS))
    participant, other = desk.make_eligible(sex="F"), desk.make_eligible(sex="F")
    desk.allocate(participant), desk.allocate(other)
    before = desk.participant(participant)
    assert desk.trial.misplaced() == ()
    form = next(form for form in study.encounter("screening").forms if study.forms[form].item("sex"))
    desk.save("investigator", participant, "screening", form, {"sex": "M"}, reason="misread")
    after = desk.participant(participant)
    assert (after.slot, after.arm, after.strata) == (before.slot, before.arm, before.strata)
    (found,) = desk.trial.misplaced()
    assert found.participant == participant
    assert (found.stratum.en, found.allocated.en, found.now.en) == ("Sex", "Female", "Male")


def test_lists_sealed_for_other_strata_are_not_used():
    desk = active(allocated_by("permuted_blocks", "sex"), BLOCKS)
    participant = desk.make_eligible(weight="60")
    desk.trial.propose(allocated_by("permuted_blocks", "weight"))
    assert desk.refused("coordinator", cmd.Allocate(site=SITE, participant=participant)) == ["allocation.changed"]


def test_too_few_lists_are_refused():
    study = allocated_by("permuted_blocks", "sex")
    one_list = lists(replace(study, allocation=replace(study.allocation, stratified_by=())), BLOCKS)
    desk = pure_desk(study)
    desk.prepare(without="seal")
    assert desk.refused("custodian", one_list) == ["allocation.slots"]


# --- minimisation ----------------------------------------------------------------------------------------------------------------


def sure(study: Study) -> cmd.CommitAllocation:
    """A coin that always falls to the arm that balances: only ties are random."""
    return lists(study, ListSecrets(preferred=Fraction(1)))


def test_with_a_sure_coin_every_second_of_a_kind_goes_to_the_other_arm():
    """By hand, one factor: the first of a level ties, the second of it must balance the first, and so on."""
    study = allocated_by("minimisation", "sex")
    desk = pure_desk(study).activate(sealed=sure(study))
    arms = {"F": [], "M": []}
    for sex in "FMMFFMFM":
        arms[sex].append(desk.allocate(desk.make_eligible(sex=sex)))
    assert all(first != second for own in arms.values() for first, second in zip(own[::2], own[1::2], strict=True))


def test_a_worked_minimisation_of_two_factors():
    """By hand. Before: (female, light) to cells, (female, heavy) to cells, (male, light) to control. Who is female and light meets,
    at female, 2 : 0 and, at light, 1 : 1. In cells the ranges would be 3 and 1, in control 1 and 1: control is preferred, with 4/5,
    and cells has the first fifth of the numbers, being the first arm.
    """
    study = allocated_by("minimisation", "sex", "weight")
    assert tuple(study.allocation.ratio) == ("cells", "control")
    parameters = procedure_text(Minimisation(arms=2, preferred=Fraction(4, 5), weights=(Fraction(1), Fraction(1))))
    before = [(("female", "light"), "cells"), (("female", "heavy"), "cells"), (("male", "light"), "control")]
    fifth = 2**64 // 5
    for number, arm in [(0, "cells"), (fifth, "cells"), (fifth + 1, "control"), (2**64 - 1, "control")]:
        assert minimised_arm(slot_content(str(number), parameters), study, ("female", "light"), before) == arm


def test_arms_come_as_often_as_the_law_says():
    """4,000 numbers for one participant; the share of control within five standard errors of 4/5."""
    study, rng = allocated_by("minimisation", "sex"), Random(3)
    parameters = procedure_text(Minimisation(arms=2, preferred=Fraction(4, 5), weights=(Fraction(1),)))
    drawn = [slot_content(draw_number(rng), parameters) for _ in range(4000)]
    arms = [minimised_arm(one, study, ("female",), [(("female",), "cells")]) for one in drawn]
    assert abs(arms.count("control") / 4000 - 0.8) < 5 * (0.8 * 0.2 / 4000) ** 0.5


@pytest.mark.parametrize(
    "text", ["", "17", "17 minimisation 4/5", "17 minimisation 1/3 1", "x minimisation 4/5 1", "17 other 4/5 1"]
)
def test_a_slot_that_holds_something_else_leads_to_no_arm(text: str):
    with pytest.raises(SlotContentError):
        minimised_arm(text, allocated_by("minimisation", "sex"), ("female",), [])


def test_a_reveal_must_follow_from_the_slot_and_from_the_record():
    study = allocated_by("minimisation", "sex")
    desk = pure_desk(study).activate(sealed=sure(study))
    first, second = desk.make_eligible(sex="F"), desk.make_eligible(sex="F")
    desk.allocate(first)
    desk.trial._reveal = lambda *_: None  # the shell stops after the slot is taken
    desk.do("coordinator", cmd.Allocate(site=SITE, participant=second))
    state = desk.trial.state(cmd.ALLOCATION)
    slot = SlotOpener(LIST_KEY).open(1, state.commitment.sealed[1])
    right = {"cells": "control", "control": "cells"}[desk.participant(first).arm]
    reveal = cmd.RevealArm(site=SITE, participant=second, slot=1, arm=right, content=slot.content, nonce=slot.nonce)
    wrong = desk.participant(first).arm
    other = SlotOpener(LIST_KEY).open(2, state.commitment.sealed[2])
    assert desk.refused("system", replace(reveal, arm=wrong), by=SYSTEM) == ["reveal.minimised"]
    assert desk.refused("system", replace(reveal, content=other.content), by=SYSTEM) == ["reveal.commitment"]
    assert desk.refused("system", replace(reveal, content=other.content, nonce=other.nonce), by=SYSTEM) == ["reveal.commitment"]
    opened, revealed = desk.do("system", reveal, by=SYSTEM)
    assert (opened.visibility, opened.arm, revealed.arm, revealed.nonce) == ("custodian", right, right, "")
    assert desk.do("system", reveal, by=SYSTEM) == ()


def test_slots_are_opened_in_their_order():
    study = allocated_by("minimisation", "sex")
    desk = pure_desk(study).activate(sealed=sure(study))
    desk.trial._reveal = lambda *_: None
    first, second = desk.make_eligible(sex="F"), desk.make_eligible(sex="M")
    for participant in (first, second):
        desk.do("coordinator", cmd.Allocate(site=SITE, participant=participant))
    slot = SlotOpener(LIST_KEY).open(1, desk.trial.state(cmd.ALLOCATION).commitment.sealed[1])
    reveal = cmd.RevealArm(site=SITE, participant=second, slot=1, arm="cells", content=slot.content, nonce=slot.nonce)
    assert desk.refused("system", reveal, by=SYSTEM) == ["reveal.order"]


def test_a_slot_left_closed_by_a_crash_is_opened_before_the_next_one(store, monkeypatch: pytest.MonkeyPatch):
    study = allocated_by("minimisation", "sex")
    desk = Desk(open_trial(store, study), study).activate(sealed=sure(study))
    first, second = desk.make_eligible(sex="F"), desk.make_eligible(sex="F")
    with monkeypatch.context() as crash:
        crash.setattr(Trial, "_reveal", lambda *_, **__: None)
        desk.do("coordinator", cmd.Allocate(site=SITE, participant=first))
    desk.do("coordinator", cmd.Withdraw(site=SITE, participant=first, on=desk.today, extent="consent", reason=""))
    assert desk.participant(first).arm is None
    desk.allocate(second)
    assert {desk.participant(first).arm, desk.participant(second).arm} == {"cells", "control"}


@pytest.mark.parametrize(
    "secrets", [ListSecrets(), BLOCKS, ListSecrets(preferred=Fraction(1, 3)), replace(COIN, weights=(Fraction(1),) * 2)]
)
def test_a_minimisation_needs_its_own_parameters(secrets: ListSecrets):
    with pytest.raises(AllocationError, match=r"Give|give"):
        lists(allocated_by("minimisation", "sex"), secrets)


# --- what is told, and when ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", KINDS)
def test_nothing_of_an_unopened_slot_lies_on_the_disk(store, tmp_path: Path, method: str):
    """Neither content nor nonce nor parameters; the control finds what is there: the ciphertexts of the same slots."""
    study = allocated_by(method, "sex")
    desk = Desk(open_trial(store, study), study).activate(sealed=lists(study, KINDS[method]))
    for sex in "FM":
        desk.allocate(desk.make_eligible(sex=sex))
    sealed = desk.trial.allocation().commitment.sealed
    slots = [SlotOpener(LIST_KEY).open(number, text) for number, text in enumerate(sealed)]
    files = b"".join(path.read_bytes() for path in tmp_path.glob("trialwright.sqlite*"))
    secrets = [slot.nonce for slot in slots] + [slot.content for slot in slots if method == "minimisation"]
    secrets += ["minimisation 4/5", "big_stick 2"]
    assert not any(secret.encode() in files for secret in secrets)
    assert sum(text.encode() in files for text in sealed) >= len(sealed) // 2  # the rest lie across the end of a page


@pytest.mark.parametrize("method", KINDS)
def test_what_everybody_sees_has_one_shape_whatever_the_parameters(method: str):
    other = {"permuted_blocks": ListSecrets(block_sizes=(2,)), "big_stick": ListSecrets(largest_lead=9)}
    study = allocated_by(method, "sex")
    secrets = other.get(method, ListSecrets(preferred=Fraction(9, 10), weights=(Fraction(7, 2),)))
    first, second = lists(study, KINDS[method]), lists(study, secrets)
    shape = [len(text) for text in (*first.commitments, *first.sealed)]
    assert shape == [len(text) for text in (*second.commitments, *second.sealed)]
    assert len(set(shape)) == 2


@pytest.mark.parametrize("method", KINDS)
def test_the_procedure_is_told_when_everybody_is_allocated_and_not_before(store, method: str):
    study = allocated_by(method, "sex", people=4)
    secrets = KINDS | {"permuted_blocks": ListSecrets(block_sizes=(2, 4))}
    desk = Desk(open_trial(store, study), study).activate(sealed=lists(study, secrets[method]))
    came = []
    for sex in "FMFF":
        assert (desk.trial.procedure(), desk.trial.block_sizes()) == (None, None)
        came.append(desk.make_eligible(sex=sex))
        desk.allocate(came[-1])
    extra = desk.make_eligible(sex="M")
    assert desk.refused("coordinator", cmd.Allocate(site=SITE, participant=extra)) == ["allocation.full"]
    told = desk.trial.procedure()
    assert desk.trial.block_sizes() is None
    assert Trial(desk.trial.ledger, software="test").procedure() is None  # without the custodian's key
    if method == "minimisation":
        assert told == MinimisedList(
            procedure=Minimisation(arms=2, preferred=Fraction(4, 5), weights=(Fraction(1),)),
            profiles=dict(zip(came, [("female",), ("male",), ("female",), ("female",)], strict=True)),
        )
        return
    assert isinstance(told, StratifiedLists)
    assert [told.list_of[one] for one in came] == ["sex female", "sex male", "sex female", "sex female"]
    kind = {"permuted_blocks": PermutedBlocks, "big_stick": BigStick}[method]
    assert all(isinstance(procedure, kind) for procedure in told.procedures.values())
    for name, procedure in told.procedures.items():
        own = [int(desk.participant(one).arm == "cells") for one in came if told.list_of[one] == name]
        assert chance_of_list(procedure, own) > 0


@pytest.mark.parametrize("method", KINDS)
def test_the_ledger_replays_to_the_same_arms(store, method: str):
    study = allocated_by(method, "sex")
    desk = Desk(open_trial(store, study), study).activate(sealed=lists(study, KINDS[method]))
    came = [desk.make_eligible(sex=sex) for sex in "FMF"]
    arms = [desk.allocate(one) for one in came]
    again = Trial(desk.trial.ledger, software="test", opener=SlotOpener(LIST_KEY))
    assert [again.participant(one).arm for one in came] == arms
    assert again.allocation() == desk.trial.allocation()
    for slot in again.allocation().slots:
        opened = SlotOpener(LIST_KEY).open(slot, again.allocation().commitment.sealed[slot])
        assert commitment(opened) == again.allocation().commitment.commitments[slot]


def test_a_slot_too_long_to_be_sealed_is_refused_without_its_content():
    odd = ListSecrets(preferred=Fraction(10**30 - 1, 10**30), weights=(Fraction(7, 10**9),))
    with pytest.raises(AllocationError, match="too long to be sealed") as caught:
        lists(allocated_by("minimisation", "sex"), odd)
    assert "minimisation" not in str(caught.value)
