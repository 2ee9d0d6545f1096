"""The blinded assessor sees the same bytes whichever arm a participant is in: the trial is run twice, with the arms swapped."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev
from trialwright.conduct.allocation_list import DrawnList, draw_permuted_blocks, seal_lists
from trialwright.conduct.blinding import blind, blind_visits, is_blinded, shows_event, shows_form
from trialwright.conduct.decision import Refusal
from trialwright.conduct.events import EVENTS
from trialwright.conduct.queries import (
    find_adverse_events,
    find_bags,
    find_collected,
    find_donors,
    find_forms,
    find_lots,
    find_participants,
    find_queries,
    find_values,
)
from trialwright.conduct.schedule import planned_visits
from trialwright.ledger import KeyRing, Store, open_store
from trialwright.study.model import Study

from .conftest import open_trial
from .desk import (
    LIST_KEY,
    LUPUS,
    SITE,
    Desk,
    adverse_event,
    pure_desk,
    record_form,
    screening_values,
    seeded_bytes,
    start_infusion,
    study_of,
)

ASSESSOR = "assessor"


def a_list(study: Study, *, swapped: bool) -> cmd.CommitAllocation:
    arms = draw_permuted_blocks(study.allocation.ratio, study.sample_size, block_sizes=(4,), rng=Random(3))
    other = {"cells": "control", "control": "cells"}
    chosen = [other[arm] if swapped else arm for arm in arms]
    sealed = seal_lists([DrawnList(blocks=(tuple(chosen),))], key=LIST_KEY, nonces=seeded_bytes(4))
    return cmd.CommitAllocation(root=sealed.root, commitments=sealed.commitments, sealed=sealed.sealed)


def run(store: Store, study: Study, *, swapped: bool) -> Desk:
    """Two participants, one in each arm; what the arm asks for happens in one of them, everything else in both alike."""
    desk = Desk(open_trial(store, study), study).activate(sealed=a_list(study, swapped=swapped))
    both = [desk.make_eligible() for _ in range(2)]
    arms = {participant: desk.allocate(participant) for participant in both}
    assert sorted(arms.values()) == ["cells", "control"]
    treated = next(participant for participant, arm in arms.items() if arm == "cells")
    treat(desk, treated)
    desk.now = desk.now.replace(hour=9, minute=0)
    desk.wait(days=6)
    for participant in both:
        desk.save("assessor", participant, "week_1", "sledai", screening_values(study, "sledai", {}))
        desk.save("coordinator", participant, "week_1", "vitals", screening_values(study, "vitals", {}))
        opened = cmd.OpenQuery(
            site=SITE, participant=participant, encounter="week_1", form="sledai", item="sledai_fever", text="Measured?"
        )
        desk.do("monitor", opened)
        sign = cmd.SignForm(
            site=SITE, participant=participant, encounter="week_1", form="sledai", meaning="I scored this", read_version=1
        )
        desk.do("assessor", sign)
    return desk


def treat(desk: Desk, treated: str) -> None:
    """Everything that only the cell arm has."""
    desk.make_lot("L-1", "D-1")
    desk.wait(days=36)
    desk.order(treated)
    desk.fill("L-1", "B-1", treated)
    desk.release("L-1", "D-1")
    desk.thaw("L-1", "B-1")
    start = start_infusion(treated, desk.today)
    desk.refused("nurse", replace(start, bag="B-9"))
    desk.do("nurse", start)
    desk.do("investigator", adverse_event(treated, desk.today, description="chills during the infusion"))
    deviation = cmd.RecordDeviation(site=SITE, participant=treated, on=desk.today, kind="other", description="drip slowed")
    desk.do("coordinator", deviation)


def shown_to(desk: Desk, role: str) -> bytes:
    """Everything that queries and pages may show to a role, as bytes."""
    trial, study = desk.trial, desk.study
    collected = find_collected(trial)
    people = find_participants(trial)
    rows: list[object] = []
    for found in (
        people,
        *(find_values(trial, one.id) for one in people),
        find_forms(trial),
        find_queries(trial, only_open=False),
        find_adverse_events(trial),
        find_donors(trial),
        find_lots(trial),
        find_bags(trial),
        collected.infusions,
        collected.collections,
        collected.deviations,
    ):
        rows += blind(found, study=study, role=role)
    for one in people:
        rows += blind_visits(planned_visits(study, trial.participant(one.id), desk.now), study=study, role=role)
    rows += [event for _, event in trial.events() if event is not None and shows_event(study, role, event)]
    rows += refusals(desk, role, [one.id for one in people])
    return "\n".join(map(repr, rows)).encode()


def refusals(desk: Desk, role: str, people: list[str]) -> list[str]:
    """What a role is told when it tries every form at every visit, every query and every signature."""
    told = []
    for participant in people:
        who = {"site": SITE, "participant": participant}
        for encounter in desk.study.encounters:
            for form in encounter.forms:
                save = record_form(participant, encounter.id, form, {}, desk.today, version=7)
                sign = cmd.SignForm(**who, encounter=encounter.id, form=form, meaning="x", read_version=9)
                told += [desk.send(role, command) for command in (save, sign)]
        told += [desk.send(role, cmd.AnswerQuery(**who, number=number, text="")) for number in range(1, 4)]
    return [answer.in_language("fa") + str(answer) for answer in told if isinstance(answer, Refusal)]


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory):
    stores, desks = [], []
    for swapped in (False, True):
        folder: Path = tmp_path_factory.mktemp("twin")
        keys = KeyRing.create(folder / "keys", nonces=seeded_bytes(1))
        stores.append(open_store(folder / "trialwright.sqlite", keys=keys, nonces=seeded_bytes(2)))
        desks.append(run(stores[-1], study_of(LUPUS), swapped=swapped))
    yield desks
    for store in stores:
        store.close()


def test_the_assessor_sees_the_same_bytes_with_the_arms_swapped(twins: list[Desk]):
    first, second = (shown_to(desk, ASSESSOR) for desk in twins)
    assert first == second
    assert b"sledai_fever" in first  # the assessor does see the own forms
    assert b"L-1" not in first
    assert b"cells" not in first.replace(b"arm=None", b"")


@pytest.mark.parametrize("role", ["coordinator", "nurse", "monitor"])
def test_others_do_not_see_the_same_bytes(twins: list[Desk], role: str):
    """The positive control: the comparison finds the difference where it is shown."""
    first, second = (shown_to(desk, role) for desk in twins)
    assert first != second


def test_the_position_in_the_ledger_alone_would_tell(twins: list[Desk]):
    """Why values are shown without their position: it counts what happened to others too, and one arm has more to count."""
    values = [v for one in find_participants(twins[0].trial) for v in find_values(twins[0].trial, one.id)]
    assert len({v.position for v in values}) > 10
    assert {v.position for v in blind(values, study=twins[0].study, role=ASSESSOR)} == {0}


def test_only_roles_that_the_protocol_blinds_are_blinded(lupus: Study, fsgs: Study):
    assert is_blinded(lupus, "assessor")
    assert not is_blinded(lupus, "nurse")
    assert not is_blinded(fsgs, "assessor")  # one arm: nothing to be blind to


@pytest.mark.parametrize(
    ("encounter", "form", "shown"),
    [
        ("week_1", "sledai", True),
        ("week_1", "vitals", False),
        ("infusion", "vitals", False),
        ("safety_day_1", "vitals", False),
        ("nowhere", "sledai", False),
    ],
)
def test_the_assessor_sees_the_own_form_at_visits_of_both_arms(lupus: Study, encounter: str, form: str, shown: bool):
    assert shows_form(lupus, ASSESSOR, encounter, form) is shown
    assert shows_form(lupus, "monitor", encounter, form)


def test_an_assessors_form_at_a_visit_of_one_arm_is_refused_in_the_same_words_for_both(lupus: Study):
    """If a definition ever asks the assessor at such a visit, the answer must not tell the arm."""
    scored = replace(
        lupus, encounters=tuple(replace(e, forms=(*e.forms, "sledai")) if e.id == "infusion" else e for e in lupus.encounters)
    )
    desk = pure_desk(scored).activate()
    told = {}
    while len(told) < 2:
        participant = desk.make_eligible()
        arm = desk.allocate(participant)
        save = record_form(participant, "infusion", "sledai", {"sledai_fever": "no"}, desk.today)
        told[arm] = desk.send("assessor", save)
    assert told["cells"] == told["control"]
    assert told["cells"].rule == "form.blinded"


def test_what_tells_the_arm_is_not_in_events_that_the_assessor_may_see():
    """Restricted payloads lie encrypted; those that the site may read hold no arm, lot, bag, dose or infusion."""
    telling = {"arm", "lot", "bag", "donor", "intervention", "viable_cells_million", "wristband", "volume_left_ml"}
    product = {"DonorRegistered", "LotMade", "BagThawed", "BagDestroyed"}  # the laboratory's own streams, without a participant
    for name, event in EVENTS.items():
        if event.visibility == "site" and name not in product:
            assert not telling & set(event.__annotations__), name


def test_restricted_payloads_are_not_readable_in_the_database_file(twins: list[Desk]):
    entries = {type(event).__name__: entry for entry, event in twins[0].trial.events() if event is not None}
    assert entries["InfusionStarted"].visibility == "unblinded"
    with twins[0].trial.ledger.store.read() as transaction:
        stored = dict(transaction.execute("SELECT position, stored FROM ledger_payload").fetchall())
    assert b"nurse_1" not in bytes(stored[entries["InfusionStarted"].position])
    assert b"2025" in bytes(stored[entries["FormSaved"].position])


def test_nothing_of_an_unknown_kind_is_shown(lupus: Study):
    assert blind(["a row of tomorrow"], study=lupus, role=ASSESSOR) == ()
    assert not shows_event(lupus, ASSESSOR, ev.ParticipantWithdrawn(on=date(2025, 1, 1), extent="consent", reason="harm"))
