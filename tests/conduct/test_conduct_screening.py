"""Consent in a version, eligibility by rules, allocation only for those for whom both hold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev

from .desk import SITE, Desk, consent, person, record_form


def confirm(participant: str) -> cmd.ConfirmEligibility:
    return cmd.ConfirmEligibility(site=SITE, participant=participant)


def allocate(participant: str) -> cmd.Allocate:
    return cmd.Allocate(site=SITE, participant=participant)


def bring_into_force(desk: Desk, version: str) -> None:
    first = desk.study.consents[0]
    desk.trial.propose(replace(desk.study, consents=(first, replace(first, version=version))))
    desk.do("investigator", cmd.ApproveConsentVersion(site=SITE, consent_version=version, approved_on=desk.today))


def test_consent_is_signed_in_the_version_in_force(desk: Desk):
    participant = desk.screen()
    assert desk.refused("coordinator", consent(participant, desk.now, desk.study, version="0.9")) == ["consent.superseded"]
    desk.wait(days=1)
    bring_into_force(desk, "2.0")
    assert desk.refused("coordinator", consent(participant, desk.now, desk.study)) == ["consent.superseded"]
    desk.do("coordinator", consent(participant, desk.now, desk.study, version="2.0"))


def test_a_consent_signed_the_day_before_the_new_version_counts_for_screening_and_not_for_allocation(desk: Desk):
    participant = desk.screen()
    signed = desk.now
    desk.wait(days=1)
    bring_into_force(desk, "2.0")
    desk.do("coordinator", consent(participant, signed, desk.study, version="1.0"))
    desk.enter_screening(participant)
    assert desk.refused("investigator", confirm(participant)) == ["eligibility.consent"]


def test_of_two_versions_approved_on_one_day_the_later_record_is_in_force(desk: Desk):
    bring_into_force(desk, "2.0")
    participant = desk.screen()
    desk.do("coordinator", consent(participant, desk.now, desk.study, version="2.0"))


@pytest.mark.parametrize(("days", "rule"), [(1, "consent.future"), (-91, "consent.old")])
def test_a_consent_is_neither_of_tomorrow_nor_of_last_year(desk: Desk, days: int, rule: str):
    participant = desk.screen()
    command = consent(participant, desk.now + timedelta(days=days), desk.study)
    assert desk.refused("coordinator", command) == [rule]


def test_a_time_without_a_zone_is_refused(desk: Desk):
    participant = desk.screen()
    assert desk.refused("coordinator", consent(participant, desk.now.replace(tzinfo=None), desk.study)) == ["command.zone"]


def test_consent_is_not_dated_back(desk: Desk):
    participant = desk.screen()
    desk.consent(participant)
    earlier = consent(participant, desk.now - timedelta(hours=1), desk.study)
    assert desk.refused("coordinator", earlier) == ["consent.backdated"]


def test_a_newer_version_is_signed_after_allocation_and_earlier_data_still_count(desk: Desk):
    participant = desk.make_eligible()
    desk.allocate(participant)
    desk.wait(days=20)
    bring_into_force(desk, "2.0")
    desk.do("coordinator", consent(participant, desk.now, desk.study, version="2.0"))
    state = desk.participant(participant)
    assert (state.first_consent.consent_version, state.consent.consent_version) == ("1.0", "2.0")
    visit = desk.today - timedelta(days=10)  # between the two signatures
    late = record_form(participant, "baseline_2", "medication", {"raas_inhibitor": "none"}, visit, reason="entered late")
    desk.do("coordinator", late)


def test_a_child_is_consented_by_the_guardian(children: Desk):
    participant = children.screen()
    alone = replace(consent(participant, children.now, children.study), given_by="participant")
    assert children.refused("coordinator", alone) == ["consent.guardian"]
    children.consent(participant)


def test_where_adults_and_children_may_join_the_age_asks_for_the_guardian(desk: Desk):
    participant = desk.screen()
    desk.consent(participant)
    desk.enter_screening(participant, birth_year="2009")
    assert desk.refused("investigator", confirm(participant)) == ["eligibility.guardian"]
    desk.wait(minutes=5)
    desk.do("coordinator", replace(consent(participant, desk.now, desk.study), given_by="guardian", assent=True))
    desk.do("investigator", confirm(participant))


@pytest.mark.parametrize(
    ("item", "value", "criterion"),
    [
        ("urine_protein", "49", "proteinuria"),  # 0.98 g in the jug
        ("sledai_arthritis", "no", "sledai_above_8"),  # arthritis and haematuria: 8 points, not above
        ("prior_months", "2", "refractory"),
        ("treatment_resistant", "no", "refractory"),
        ("biopsy_proven", "no", "lupus_nephritis"),
        ("hbsag", "positive", "uncontrolled_infection"),
        ("organ_failure", "yes", "organ_failure"),
        ("creatinine", "6", "organ_failure"),  # GFR below 15
        ("lactating", "yes", "pregnant_or_lactating"),
    ],
)
def test_each_criterion_of_the_lupus_trial_excludes(desk: Desk, item: str, value: str, criterion: str):
    participant = desk.screen()
    desk.consent(participant)
    desk.enter_screening(participant, **{item: value})
    assert desk.refused("investigator", confirm(participant)) == [f"criterion.{criterion}"]


def test_a_missing_value_leaves_the_criterion_undecided_and_names_it(desk: Desk):
    participant = desk.screen()
    desk.consent(participant)
    refusal = desk.send("investigator", confirm(participant))
    assert len(refusal.reasons) == len(desk.study.criteria)
    assert "Hepatitis B surface antigen" in str(refusal.reasons[4])
    assert "undecided" in str(refusal.reasons[0])


def test_nobody_is_confirmed_without_consent(desk: Desk):
    assert desk.refused("investigator", confirm(desk.screen())) == ["eligibility.consent"]


def test_the_confirmation_keeps_what_it_rested_on(desk: Desk):
    participant = desk.make_eligible()
    judged = {one.criterion: one for one in desk.participant(participant).eligibility.criteria}
    assert set(judged) == {criterion.id for criterion in desk.study.criteria}
    assert judged["proteinuria"].inputs == {"protein_24h": "3.00"}  # 2000 mL x 150 mg/dL


def test_a_value_corrected_after_the_confirmation_is_judged_again_at_allocation(desk: Desk):
    participant = desk.make_eligible()
    desk.save("coordinator", participant, "screening", "screening_labs", {"hbsag": "positive"}, reason="misread")
    assert desk.refused("coordinator", allocate(participant)) == ["allocation.eligibility", "criterion.uncontrolled_infection"]
    desk.do("investigator", cmd.FailScreening(site=SITE, participant=participant, reason="HBsAg positive"))


def test_a_birthday_between_confirmation_and_assignment_excludes_nobody(children: Desk):
    children.now = children.now.replace(month=5, day=30)
    children.insure()
    participant = children.screen()
    children.consent(participant)
    children.enter_screening(participant, birth_year="2010", birth_month="6")  # 15 in the middle of June
    children.do("investigator", confirm(participant))
    children.enter_baseline(participant)
    children.wait(days=30)
    assert children.allocate(participant) == "cells"


def test_allocation_only_after_eligibility_and_never_twice(desk: Desk):
    participant = desk.screen()
    assert desk.refused("coordinator", allocate(participant)) == ["state.Allocate"]
    eligible = desk.make_eligible()
    desk.allocate(eligible)
    assert desk.refused("coordinator", allocate(eligible)) == ["state.Allocate"]
    assert desk.refused("investigator", cmd.FailScreening(site=SITE, participant=eligible, reason="late")) == [
        "state.FailScreening"
    ]


def test_allocation_waits_for_the_consent_in_force(desk: Desk):
    participant = desk.make_eligible()
    desk.wait(days=1)
    bring_into_force(desk, "2.0")
    assert desk.refused("coordinator", allocate(participant)) == ["allocation.consent"]


def test_a_screening_failure_says_why(desk: Desk):
    participant = desk.screen()
    assert desk.refused("investigator", cmd.FailScreening(site=SITE, participant=participant, reason=" ")) == ["screening.reason"]
    (failed,) = desk.do("investigator", cmd.FailScreening(site=SITE, participant=participant, reason="moved away"))
    assert isinstance(failed, ev.ScreenFailed)
    assert all(one.outcome == "undecided" for one in failed.criteria)


@pytest.mark.parametrize("role", ["coordinator", "investigator"])
def test_consent_and_allocation_are_for_delegated_people(desk: Desk, role: str):
    participant = desk.screen()
    stranger = person(role, id="new_doctor")
    assert desk.refused(role, consent(participant, desk.now, desk.study), by=stranger) == ["delegation.none"]


def test_one_person_delegated_as_nurse_does_not_act_as_investigator(desk: Desk):
    participant = desk.screen()
    nurse = person("investigator", id="nurse_1")
    assert desk.refused("investigator", confirm(participant), by=nurse) == ["delegation.none"]


def test_a_participant_of_another_site_is_as_unknown_as_one_that_does_not_exist(desk: Desk):
    participant = desk.screen()
    stranger = person("coordinator", site="tehran")
    here = desk.send("coordinator", consent(participant, desk.now, desk.study), by=stranger)
    elsewhere = replace(consent(participant, desk.now, desk.study), site="tehran")
    there = desk.send("coordinator", elsewhere, by=stranger)
    nobody = desk.send("coordinator", replace(elsewhere, participant="LN-777-R"), by=stranger)
    assert str(there) == str(nobody).replace("LN-777-R", participant)
    assert here.rule == there.rule == nobody.rule == "participant.unknown"


def test_withdrawal_goes_further_and_never_back(desk: Desk):
    participant = desk.make_eligible()
    desk.allocate(participant)
    desk.wait(days=5)
    withdraw = cmd.Withdraw(site=SITE, participant=participant, on=desk.today, extent="intervention", reason="")
    assert desk.refused("coordinator", replace(withdraw, on=desk.today + timedelta(days=1))) == ["withdrawal.date"]
    assert desk.refused("coordinator", replace(withdraw, on=date(2025, 2, 1))) == ["withdrawal.date"]
    desk.do("coordinator", withdraw)
    assert desk.refused("coordinator", withdraw) == ["withdrawal.extent"]
    desk.do("coordinator", consent(participant, desk.now, desk.study))  # still followed: a new consent may be signed
    desk.do("coordinator", replace(withdraw, extent="consent"))
    desk.wait(days=1)
    assert desk.refused("coordinator", consent(participant, desk.now, desk.study)) == ["consent.withdrawn"]
