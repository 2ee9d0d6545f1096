"""An answer that is not what results say names its cause or a reason; nothing that only one arm has is named to the assessor."""

from trialwright.conduct.decision import Refusal
from trialwright.conduct.proposals import proposals_for
from trialwright.study.model import Study

from .desk import Desk, record_form, screening_values


def labs(desk: Desk, participant: str, study: Study) -> None:
    for form in ("vitals", "blood_safety", "urinalysis", "lupus_serology"):
        role = "investigator"
        values = screening_values(study, form, {})
        desk.save(role, participant, "week_1", form, values)


def at_week_one(desk: Desk) -> str:
    participant = desk.make_eligible()
    desk.allocate(participant)
    desk.wait(days=42)
    return participant


def test_another_answer_than_the_results_needs_its_cause(desk: Desk, lupus: Study) -> None:
    participant = at_week_one(desk)
    labs(desk, participant, lupus)  # 12 red cells per field, everything else as in health
    answers = {**screening_values(lupus, "sledai", {}), "sledai_proteinuria": "no", "sledai_haematuria": "no"}
    command = record_form(participant, "week_1", "sledai", answers, desk.today)
    assert desk.refused("assessor", command) == ["proposal.sledai_haematuria"]
    answer = desk.send("assessor", command)
    assert isinstance(answer, Refusal)
    said = answer.reasons[0].found.en
    assert "Haematuria: answered no" in said
    assert "12 /[HPF]" in said
    assert "Week 1" in said
    named = record_form(participant, "week_1", "sledai", {**answers, "sledai_haematuria_cause": "stone"}, desk.today)
    (saved,) = desk.do("assessor", named)
    assert saved.checks_accepted == ()


def test_or_a_reason_which_is_kept_with_the_save(desk: Desk, lupus: Study) -> None:
    participant = at_week_one(desk)
    labs(desk, participant, lupus)
    answers = {**screening_values(lupus, "sledai", {}), "sledai_proteinuria": "no", "sledai_fever": "yes"}
    (saved,) = desk.do("assessor", record_form(participant, "week_1", "sledai", answers, desk.today, reason="39.1 at home"))
    assert saved.checks_accepted == ("proposal.sledai_fever",)


def test_a_confirmed_answer_and_a_missing_one_need_nothing(desk: Desk, lupus: Study) -> None:
    participant = at_week_one(desk)
    labs(desk, participant, lupus)
    answers = {**screening_values(lupus, "sledai", {}), "sledai_proteinuria": "no"}
    assert answers["sledai_haematuria"] == "yes"
    del answers["sledai_pyuria"]
    desk.do("assessor", record_form(participant, "week_1", "sledai", answers, desk.today))


def test_a_result_of_the_infusion_visit_is_not_named_to_the_blinded_assessor(desk: Desk, lupus: Study) -> None:
    participants = [desk.make_eligible() for _ in range(4)]
    cells = next(one for one in participants if desk.allocate(one) == "cells")
    desk.wait(days=35)
    fever = {**screening_values(lupus, "vitals", {}), "temperature": "39.0"}
    desk.save("nurse", cells, "infusion", "vitals", fever, reason="fever before the cells")
    encounter = lupus.encounter("week_1")
    assert encounter is not None
    state = desk.participant(cells)
    given = {"on": desk.today, "encounter": encounter, "form": lupus.forms["sledai"]}
    blinded = proposals_for(lupus, state, role="assessor", **given)
    others = proposals_for(lupus, state, role="investigator", **given)
    assert "sledai_fever" not in {one.item for one in blinded}
    assert {one.item: one.is_present for one in others} == {"sledai_fever": True}
