"""What a trial methodologist finds in the two registered records, and nothing of it in corrected ones.

The defects were listed by reading the two texts; the days are counted with the calendar:
2016-07-22 to 2017-06-03 is 316 days, to 2016-12-11 142 days.
"""

import json
from datetime import date

import pytest

from trialwright.checks import find_findings, find_missing_items, finding_as_json
from trialwright.registry import read_record

LUPUS_WORDS = """
dates.registered_after_start dates.ethics_after_start dates.timing_label dates.placeholder_start dates.actual_missing
dates.never_updated dates.number_after_start time.outcome_not_in_schedule time.follow_up_not_measured time.no_baseline
outcome.no_safety outcome.many_primaries outcome.method_vague outcome.metric_missing outcome.gfr_without_method
outcome.score_contains_other design.allocation_undescribed design.assessor_not_blinded arm.dose_without_noun
arm.control_undefined arm.hla_match_open criteria.in_one_place_only criteria.vague criteria.oppose
criteria.age_open criteria.prior_treatment_unnamed contact.phone contact.email contact.responsible_missing
record.value_cut record.names_differ sponsor.primary_unclear funding.unstated sharing.empty
time.outcomes_crossed time.zero_open dates.follow_up_over outcome.promised_not_registered outcome.specimen_open
outcome.version_open design.allocation_needs_donor design.oversight_unstated arm.control_is_failed_treatment
arm.background_unstated arm.how_often_unsaid arm.donor_unprotected arm.source_unsaid arm.cell_product_unspecified
criteria.amount_missing criteria.population_differs criteria.histology_unsaid titles.condition_differs
contact.postal_code contact.two_affiliations ethics.elsewhere design.what_zero_excludes design.what_size_detects
"""
FSGS_WORDS = """
time.collection_too_long time.frame_contradicts_text time.visits_collide time.no_baseline time.outcome_not_in_schedule
outcome.cells_in_serum outcome.threshold_is_range outcome.threshold_not_scaled outcome.named_as_result
outcome.direction_without_amount outcome.same_measure_twice outcome.bundle outcome.no_safety
outcome.gfr_without_method outcome.marker_opposes_name arm.no_dose arm.number_of_doses_open record.items_missing
time.outcome_ends_early outcome.two_metrics outcome.level_not_told design.what_zero_excludes design.what_one_arm_shows
design.no_comparator design.oversight_unstated arm.background_unstated arm.cell_product_unspecified arm.donor_unprotected
criteria.qualifier_undefined criteria.population_differs criteria.age_unsaid record.term_misspelt
"""
LUPUS_DEFECTS, FSGS_DEFECTS = LUPUS_WORDS.split(), FSGS_WORDS.split()


def _find(text, today):
    return find_findings(read_record(text.encode()), today=today)


def _the(findings, code):
    return next(finding for finding in findings if finding.code == code)


@pytest.mark.parametrize(("name", "defects"), [("lupus", LUPUS_DEFECTS), ("fsgs", FSGS_DEFECTS)])
def test_the_defects_of_the_registered_record_are_found(name, defects, registered, today):
    found = {finding.code for finding in _find(registered[name], today)}
    assert set(defects) - found == set()


@pytest.mark.parametrize("name", ["lupus", "fsgs"])
def test_a_corrected_record_has_neither_error_nor_warning(name, corrected, today):
    found = _find(corrected[name], today)
    assert {finding.code for finding in found if finding.severity != "note"} == set()


def test_days_between_dates_are_counted(registered, today):
    found = _find(registered["lupus"], today)
    assert "316 days" in _the(found, "dates.registered_after_start").message.en
    assert "142 days" in _the(found, "dates.ethics_after_start").message.en


def test_the_visit_that_is_missing_is_named(registered, today):
    found = _find(registered["lupus"], today)
    missing = _the(found, "time.outcome_not_in_schedule")
    assert "at month 9," in missing.message.en
    assert [place.path for place in missing.places] == [
        "outcomes.primary.1.timepoint",
        "outcomes.primary.2.timepoint",
        "summary.text",
    ]
    assert "at month 18," in _the(found, "time.follow_up_not_measured").message.en


def test_the_impossible_collection_is_named(registered, today):
    finding = _the(_find(registered["fsgs"], today), "time.collection_too_long")
    assert finding.severity == "error"
    assert "24 hours" in finding.message.en
    assert [place.text for place in finding.places][1] == "12 hour"


def test_a_small_trial_is_told_what_no_event_excludes(registered, today):
    """0 of 10 excludes 25.9 %, 0 of 5 excludes 45.1 % (exact, one-sided 95 %: 1 - 0.05^(1/n))."""
    assert "26 %" in _the(_find(registered["lupus"], today), "design.what_zero_excludes").message.en
    assert "45 %" in _the(_find(registered["fsgs"], today), "design.what_zero_excludes").message.en


def test_ten_against_ten_find_one_point_three_standard_deviations(registered, today):
    """Exact power of the two-sample t test, 10 against 10, is 80 % at d = 1.32."""
    assert "1.3 standard deviations" in _the(_find(registered["lupus"], today), "design.what_size_detects").message.en


def test_five_who_all_improve_are_not_significant(registered, today):
    """The smallest two-sided P value of a sign-flip test with 5 pairs is 2/2^5 = 0.0625."""
    assert "0.0625" in _the(_find(registered["fsgs"], today), "design.what_one_arm_shows").message.en


def test_follow_up_is_over_when_recruitment_and_the_last_visit_are(registered, today):
    """18 months of 30.4375 days, 547.9 days, after 2017-07-23 is 2019-01-22."""
    assert "2019-01-22" in _the(_find(registered["lupus"], today), "dates.follow_up_over").message.en


def test_every_place_leads_to_words_of_the_record(registered, today):
    for text in registered.values():
        for finding in _find(text, today):
            assert finding.places
            for place in finding.places:
                assert place.text in text.replace("\\<", "<") or place.text.endswith(("(nothing printed)", "(whole record)"))


def test_phones_and_mails_are_marked_private_and_in_no_sentence(registered, today):
    found = [finding for finding in _find(registered["lupus"], today) if finding.code in ("contact.phone", "contact.email")]
    assert len(found) == 3
    assert all(place.private for finding in found for place in finding.places)
    assert all("@" not in finding.message.en + (finding.wording or "") for finding in found)


def test_findings_are_bilingual_and_plain(registered, today):
    for text in registered.values():
        for finding in _find(text, today):
            shown = json.loads(json.dumps(finding_as_json(finding)))
            assert shown["message"] != shown["message_fa"]
            assert any("\u0600" <= letter <= "\u06ff" for letter in shown["message_fa"] + shown["todo_fa"])
            assert "{" not in shown["message"] + shown["message_fa"]


def test_today_decides_what_is_overdue(registered):
    early = {finding.code for finding in _find(registered["lupus"], date(2017, 6, 4))}
    late = {finding.code for finding in _find(registered["lupus"], date(2026, 6, 12))}
    assert "dates.never_updated" in late - early


def test_errors_come_first(registered, today):
    order = [finding.severity for finding in _find(registered["lupus"], today)]
    assert order == sorted(order, key=["error", "warning", "note"].index)


def test_the_missing_items_of_the_data_set_are_counted(registered):
    missing = [item.number for item in find_missing_items(read_record(registered["fsgs"].encode()))]
    assert missing == [1, 2, 4, 5, 7, 8, 9, 10, 12, 14, 16, 21, 22, 24]
