"""Versions of a record compared by meaning: one row for each kind of change, and what must not be called one."""

import itertools
import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checks.history_rows import row_of
from tests.registry import twins

from trialwright.checks.history import compare_history, compare_versions, order_versions
from trialwright.checks.history.changes import SENTENCES, load_rules
from trialwright.checks.history.words import numbers
from trialwright.registry import Row, read_record, read_row
from trialwright.registry.carry import carry
from trialwright.terms.sentences import read_sentences

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS = (STUDIES / "IRCT2016090729747N1/registered/2017-06-03.txt").read_text(encoding="utf-8")
FSGS = (STUDIES / "NCT02382874/registered/undated-1.txt").read_text(encoding="utf-8")
TODAY = date(2026, 6, 12)

OUTCOMES = [
    {"measure": "Proteinuria", "description": "Fall to <300 mg/day", "timeFrame": "Baseline, 6 months"},
    {"measure": "Serum creatinine", "description": "Mean value", "timeFrame": "6 months"},
    {"measure": "Quality of life", "timeFrame": "12 months"},
]
CRITERIA = """Inclusion Criteria:

* Age of 18 years or more
* Proteinuria >1 g/day

Exclusion Criteria:

* Pregnancy
* Active infection"""


def modules():
    """An invented record of a trial that has not begun."""
    return {
        "identificationModule": {"nctId": "NCT09990001", "briefTitle": "Cells in an Invented Disease"},
        "statusModule": {
            "overallStatus": "NOT_YET_RECRUITING",
            "startDateStruct": {"date": "2021-06-01", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2023-06-01", "type": "ESTIMATED"},
            "studyFirstSubmitDate": "2021-01-10",
            "lastUpdateSubmitDate": "2021-01-10",
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented Hospital"}},
        "designModule": {
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "DOUBLE"}},
            "enrollmentInfo": {"count": 40, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Cells", "description": "Infusion of 1 million cells/kg"},
                {"label": "Usual care", "description": "Prednisolone 10 mg daily"},
            ]
        },
        "outcomesModule": {"primaryOutcomes": OUTCOMES[:1], "secondaryOutcomes": OUTCOMES[1:]},
        "eligibilityModule": {"eligibilityCriteria": CRITERIA, "sex": "ALL", "minimumAge": "18 Years", "maximumAge": "65 Years"},
        "contactsLocationsModule": {
            "centralContacts": [{"name": "A. Person", "phone": "+1 555 010 0000", "email": "a@example.org"}],
            "locations": [{"facility": "Ward One", "city": "Town"}, {"facility": "Ward Two", "city": "Village"}],
        },
    }


def record(name="record", **changed):
    """The invented record with members of its modules changed; None takes one away."""
    content = modules()
    for module, members in changed.items():
        for member, value in members.items():
            if value is None:
                content[module].pop(member)
            else:
                content[module][member] = value
    return read_record(json.dumps({"protocolSection": content}, ensure_ascii=False).encode(), name=name)


def outcome(**changed):
    return {**OUTCOMES[0], **changed}


def primary(*outcomes):
    return {"outcomesModule": {"primaryOutcomes": list(outcomes)}}


def criteria(text):
    return {"eligibilityModule": {"eligibilityCriteria": text}}


def design(**changed):
    return {"designModule": changed}


def status(**changed):
    return {"statusModule": changed}


def arms(cells="Infusion of 1 million cells/kg", care="Prednisolone 10 mg daily", more=()):
    groups = [{"label": "Cells", "description": cells}, {"label": "Usual care", "description": care}, *more]
    return {"armsInterventionsModule": {"armGroups": groups}}


URINE = {"measure": "Albumin in 24-hour urine", "description": "Fall to <300 mg/day", "timeFrame": "6 months"}
BUNDLE = {"measure": "Renal function: creatinine, urea and GFR", "timeFrame": "6 months"}
SINGLES = [{"measure": name, "timeFrame": "6 months"} for name in ("Serum creatinine", "Serum urea", "GFR by CKD-EPI")]

# what is changed, the code and the variant that are expected, and the weight
TABLE = [
    (primary(outcome(timeFrame="Baseline, 3 months")), "outcome.time", "", "substantive"),
    (primary(outcome(timeFrame="Baseline, 6 and 12 months")), "outcome.time", "", "substantive"),
    (primary(outcome(description="Fall to <500 mg/day")), "outcome.threshold", "", "substantive"),
    (primary(outcome(description="Rise to <300 mg/day; increase")), "outcome.direction", "", "substantive"),
    (primary(outcome(description="Percent change; fall to <300 mg/day")), "outcome.metric", "given", "clarifying"),
    (primary(outcome(description="Reduction (fall) to <300 mg/day, by nephelometry")), "outcome.wording", "", "clarifying"),
    (primary(outcome(description="fall, to <300 mg/day")), "outcome.wording", "same", "editorial"),
    (primary(outcome(), {"measure": "Deaths", "timeFrame": "6 months"}), "outcome.added", "", "substantive"),
    ({"outcomesModule": {"secondaryOutcomes": OUTCOMES[1:2]}}, "outcome.removed", "", "substantive"),
    (primary({"measure": "Kidney biopsy class", "timeFrame": "6 months"}), "outcome.replaced", "", "substantive"),
    (
        {"outcomesModule": {"primaryOutcomes": OUTCOMES[1:2], "secondaryOutcomes": [OUTCOMES[0], OUTCOMES[2]]}},
        "outcome.level",
        "",
        "substantive",
    ),
    (design(enrollmentInfo={"count": 80, "type": "ESTIMATED"}), "sample_size.target", "", "substantive"),
    (design(enrollmentInfo={"count": 9, "type": "ACTUAL"}), "sample_size.reported", "", "clarifying"),
    (design(phases=["PHASE2"]), "design.changed", "", "substantive"),
    (
        design(designInfo={"allocation": "NON_RANDOMIZED", "maskingInfo": {"masking": "DOUBLE"}}),
        "design.changed",
        "",
        "substantive",
    ),
    (design(designInfo={"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}}), "design.changed", "", "substantive"),
    (arms(cells="Infusion of 2 million cells/kg"), "arm.dose", "", "substantive"),
    (arms(care="Prednisolone tablets 10 mg daily"), "arm.wording", "", "clarifying"),
    (arms(more=[{"label": "Placebo", "description": "Saline"}]), "arm.added", "", "substantive"),
    (criteria(CRITERIA.replace(">1 g/day", ">2 g/day")), "criterion.threshold", "", "substantive"),
    (criteria(CRITERIA + "\n* Cancer"), "criterion.added", "", "substantive"),
    (criteria(CRITERIA.replace("* Pregnancy\n", "")), "criterion.removed", "", "substantive"),
    (
        criteria(CRITERIA.replace("* Pregnancy\n", "").replace("* Proteinuria", "* Pregnancy\n* Proteinuria")),
        "criterion.side",
        "",
        "substantive",
    ),
    (criteria(CRITERIA.replace("Active infection", "Active infection of any kind")), "criterion.wording", "", "clarifying"),
    ({"eligibilityModule": {"maximumAge": "75 Years"}}, "eligibility.age", "", "substantive"),
    ({"eligibilityModule": {"sex": "FEMALE"}}, "eligibility.sex", "", "substantive"),
    (status(startDateStruct={"date": "2021-08-01", "type": "ESTIMATED"}), "date.start", "", "substantive"),
    (status(startDateStruct={"date": "2021-06-01", "type": "ACTUAL"}), "date.start", "reported", "clarifying"),
    (status(startDateStruct={"date": "2021-06", "type": "ESTIMATED"}), "date.start", "closer", "clarifying"),
    (status(startDateStruct={"date": "2020-12", "type": "ACTUAL"}), "date.start", "before_registration", "substantive"),
    (status(completionDateStruct={"date": "2024-06-01", "type": "ESTIMATED"}), "date.moved", "", "clarifying"),
    (
        status(completionDateStruct={"date": "2024-06-01", "type": "ESTIMATED"}, lastUpdateSubmitDate="2023-09-01"),
        "date.moved",
        "passed",
        "substantive",
    ),
    (
        status(startDateStruct={"date": "2022-01-01", "type": "ESTIMATED"}, lastUpdateSubmitDate="2021-09-01"),
        "date.start",
        "passed",
        "substantive",
    ),
    (status(completionDateStruct={"date": "2023-05-02", "type": "ACTUAL"}), "date.reported", "", "clarifying"),
    (status(studyFirstSubmitDate="2020-12-01"), "date.fixed", "", "substantive"),
    (status(overallStatus="RECRUITING"), "status.changed", "", "clarifying"),
    ({"sponsorCollaboratorsModule": {"leadSponsor": {"name": "Another University"}}}, "item.changed", "", "substantive"),
    (
        {"contactsLocationsModule": {"centralContacts": [{"name": "A. Person", "phone": "+1 555 020 0000"}]}},
        "item.changed",
        "private",
        "editorial",
    ),
    ({"contactsLocationsModule": {"locations": [{"facility": "Ward Two", "city": "Village"}]}}, "item.removed", "", "clarifying"),
    ({"identificationModule": {"briefTitle": "Cells in an invented disease."}}, "item.changed", "same", "editorial"),
    ({"identificationModule": {"briefTitle": "Cells or placebo in an Invented Disease"}}, "item.changed", "", "clarifying"),
]


@pytest.mark.parametrize(("changed", "code", "variant", "kind"), TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_each_kind_of_change_is_found_under_its_name(changed, code, variant, kind):
    changes = compare_versions(record("old"), record("new", **changed), today=TODAY)
    found = [(one.code, one.variant, one.kind) for one in changes]
    assert (code, variant, kind) in found, found
    assert all(one.message.en and one.message.fa and one.source for one in changes)


@pytest.mark.parametrize(("changed", "code", "variant", "kind"), TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_single_change_is_not_told_as_several_others(changed, code, variant, kind):
    """A changed threshold is no other wording, a moved date no change of the sponsor."""
    changes = compare_versions(record("old"), record("new", **changed), today=TODAY)
    areas = {one.code.partition(".")[0] for one in changes}
    related = {"sample_size": {"sample_size"}, "eligibility": {"eligibility"}}
    assert areas <= related.get(code.partition(".")[0], {code.partition(".")[0]}), changes
    assert len(changes) <= 3


def test_one_outcome_made_several_is_split_and_the_other_way_is_merged():
    old = record(outcomesModule={"primaryOutcomes": [BUNDLE], "secondaryOutcomes": OUTCOMES[2:]})
    new = record(outcomesModule={"primaryOutcomes": SINGLES, "secondaryOutcomes": OUTCOMES[2:]})
    assert [one.code for one in compare_versions(old, new, today=TODAY)] == ["outcome.split"]
    assert [one.code for one in compare_versions(new, old, today=TODAY)] == ["outcome.merged"]


def test_the_numbers_of_both_versions_are_told():
    change = compare_versions(record(), record(**criteria(CRITERIA.replace(">1 g/day", ">2 g/day"))), today=TODAY)[0]
    assert "> 1 g/day" in change.message.en
    assert "> 2 g/day" in change.message.en
    assert (change.before[0].path, change.after[0].path) == ("eligibility.text", "eligibility.text")


NUMBERS = [
    ("Proteinuria >1.0 g/day", ("> 1 g/day",)),
    ("less than 3.5 g/dl or at least 2", ("< 3.5 g/dl", "≥ 2")),
    ("Change at 1, 3 and 6 months", ()),
    ("COVID-19, 2019-nCoV, IL-10 in cohort 2 as of 07/05/2020", ()),
    ("2 million cells/kg", ("2 million",)),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers_of_a_text_are_not_those_of_its_names_times_and_dates(text, expected):
    assert numbers(text) == expected


def test_a_line_that_the_export_wrapped_and_marked_is_the_same_criterion():
    plain = "Inclusion Criteria:\n- Adults with confirmed disease of the lungs\n- Able to consent"
    wrapped = "Inclusion Criteria:<br><br> - Adults with confirmed disease<br> of the lungs<br> - Able to consent"
    assert compare_versions(record(**criteria(plain)), record(**criteria(wrapped)), today=TODAY) == ()


def test_another_measure_is_another_outcome_however_alike_the_words_are():
    new = record(
        outcomesModule={
            "secondaryOutcomes": [{"measure": "Serum urea", "description": "Mean value", "timeFrame": "6 months"}, OUTCOMES[2]]
        }
    )
    assert {one.code for one in compare_versions(record(), new, today=TODAY)} == {"outcome.added", "outcome.removed"}


@pytest.mark.parametrize("text", [LUPUS, FSGS], ids=["lupus", "fsgs"])
def test_a_record_is_no_change_of_itself(text):
    one = read_record(text.encode())
    assert compare_versions(one, one, today=TODAY) == ()


def test_the_order_of_outcomes_arms_criteria_and_places_is_no_change():
    for primaries, secondaries in itertools.product(itertools.permutations(OUTCOMES[:2]), itertools.permutations(SINGLES)):
        old = record(outcomesModule={"primaryOutcomes": OUTCOMES[:2], "secondaryOutcomes": SINGLES})
        new = record(outcomesModule={"primaryOutcomes": list(primaries), "secondaryOutcomes": list(secondaries)})
        assert compare_versions(old, new, today=TODAY) == ()
    turned = CRITERIA.replace("* Pregnancy\n* Active infection", "* Active infection\n* Pregnancy")
    places = [{"facility": "Ward Two", "city": "Village"}, {"facility": "Ward One", "city": "Town"}]
    groups = list(reversed(modules()["armsInterventionsModule"]["armGroups"]))
    new = record(
        eligibilityModule={"eligibilityCriteria": turned},
        contactsLocationsModule={"locations": places},
        armsInterventionsModule={"armGroups": groups},
    )
    assert compare_versions(record(), new, today=TODAY) == ()


WORDS = st.lists(
    st.sampled_from(
        [
            "serum",
            "urine",
            "creatinine",
            "protein",
            "change",
            "mean",
            "<300",
            "mg/day",
            "6",
            "months",
            "week",
            "rise",
            "fall",
            "score",
            "بهبود",
        ]
    ),
    min_size=1,
    max_size=6,
)
TIMES = st.sampled_from(["6 months", "1 week, 3 months", "at the end"])
DRAWN = st.lists(st.fixed_dictionaries({"measure": WORDS.map(" ".join), "timeFrame": TIMES}), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(outcomes=DRAWN, lines=st.lists(WORDS.map(" ".join), min_size=2, max_size=6), seed=st.integers(0, 1000))
def test_drawn_records_do_not_differ_from_themselves_in_another_order(outcomes, lines, seed):
    chance = random.Random(seed)
    shuffled, turned = outcomes[:], lines[:]
    chance.shuffle(shuffled)
    chance.shuffle(turned)
    old = record(**primary(*outcomes), **criteria("Inclusion Criteria:\n" + "\n".join(f"* {line}" for line in lines)))
    new = record(**primary(*shuffled), **criteria("Inclusion Criteria:\n" + "\n".join(f"* {line}" for line in turned)))
    assert compare_versions(old, old, today=TODAY) == ()
    assert compare_versions(old, new, today=TODAY) == ()


@settings(max_examples=40, deadline=None)
@given(outcomes=DRAWN, others=DRAWN, seed=st.integers(0, 1000))
def test_the_order_of_the_new_outcomes_does_not_change_what_is_found(outcomes, others, seed):
    shuffled = others[:]
    random.Random(seed).shuffle(shuffled)
    old = record(**primary(*outcomes))
    found = [
        sorted((one.code, one.variant, one.message.en) for one in compare_versions(old, record(**primary(*new)), today=TODAY))
        for new in (others, shuffled)
    ]
    assert found[0] == found[1]


@pytest.mark.parametrize("to", ["ctgov", "ictrp", "irct"])
def test_the_same_record_in_another_form_is_not_called_changed(to):
    old = read_record(LUPUS.encode())
    new = read_record(carry(old, to).data)
    changes = compare_versions(old, new, today=TODAY)
    assert {one.code for one in changes} <= {"form.not_held"}
    assert (changes == ()) == (to == "irct")


def test_a_row_of_who_does_not_remove_what_it_has_no_column_for():
    old, new = read_record(LUPUS.encode()), row_of(read_record(LUPUS.encode()))
    codes = {one.code for one in compare_versions(old, new, today=TODAY)}
    assert codes == {"form.not_held"}


def test_the_same_trial_in_two_forms_or_two_languages_has_no_change_of_substance():
    for one, other in itertools.permutations(twins.TEXTS, 2):
        changes = compare_versions(read_record(twins.TEXTS[one]), read_record(twins.TEXTS[other]), today=TODAY)
        found = {(change.code, change.variant) for change in changes if change.kind == "substantive"}
        assert not found, (one, other, found)
        if ("Persian" in one) != ("Persian" in other):
            assert "form.two_languages" in {change.code for change in changes}


def test_a_listing_page_is_compared_by_what_both_say_and_not_by_what_it_leaves_out():
    old = read_record(FSGS.encode())
    frames = {one.title.text: one.time_frame.text for one in old.outcomes}
    told = [{"measure": title, "timeFrame": "12 months" if title == "Liver function" else time} for title, time in frames.items()]
    new = record(outcomesModule={"primaryOutcomes": told[:2], "secondaryOutcomes": [*told[2:], {"measure": "Death"}]})
    found = [one for one in compare_versions(old, new, today=TODAY) if one.code.startswith("outcome.")]
    assert [(one.code, one.after[0].text) for one in found if one.code != "outcome.wording"][:1] == [("outcome.time", "12 months")]
    assert not {one.code for one in found} & {"outcome.added", "outcome.removed", "outcome.level"}


def test_a_first_of_the_month_in_the_export_is_a_month_and_proves_nothing():
    """WHO's export writes "March 2020" of ClinicalTrials.gov as 2020-03-01: it is not certainly before registration."""
    filled = dict.fromkeys(("Public title", "Condition", "Phase", "Target size", "Primary sponsor", "Study type", "Countries"), "x")
    base = {"TrialID": "NCT09990001", "Source Register": "ClinicalTrials.gov", "Date registration": "2020-03-20", **filled}

    def row(start):
        cells = {**base, "Date enrollement": start, "Last Refreshed on": "2020-05-01"}
        return read_row(Row(name="export.xlsx", form="ictrp-xlsx", number=2, cells=tuple(cells.items())))

    found = [(one.code, one.variant) for one in compare_versions(row("2020-03-01"), row("2020-04-15"), today=TODAY)]
    assert found == [("date.start", "")]
    found = [(one.code, one.variant) for one in compare_versions(row("2020-03-02"), row("2020-04-15"), today=TODAY)]
    assert found == [("date.start", "retroactive")]


def switched_twin():
    """An invented twin of a switch seen between two weekly exports: start moved, target doubled, another primary outcome."""
    registered = {"studyFirstSubmitDate": "2020-03-30", "overallStatus": "RECRUITING"}
    old = record(
        "before",
        **status(**registered, startDateStruct={"date": "2020-03-28", "type": "ACTUAL"}, lastUpdateSubmitDate="2020-03-30"),
        **design(enrollmentInfo={"count": 40, "type": "ESTIMATED"}),
    )
    new = record(
        "after",
        **status(**registered, startDateStruct={"date": "2020-04-20", "type": "ACTUAL"}, lastUpdateSubmitDate="2020-05-05"),
        **design(enrollmentInfo={"count": 80, "type": "ESTIMATED"}),
        **primary({"measure": "Length of stay in hospital", "timeFrame": "28 days"}),
    )
    return old, new


def test_the_caught_switch_is_told_in_three_substantive_sentences():
    changes = compare_versions(*switched_twin(), today=TODAY)
    assert [(one.code, one.variant, one.kind) for one in changes] == [
        ("date.start", "retroactive", "substantive"),
        ("outcome.replaced", "", "substantive"),
        ("sample_size.target", "", "substantive"),
    ]
    assert "2020-03-28" in changes[0].message.en
    assert "2020-03-30" in changes[0].message.en
    assert {one.after_enrolment for one in changes} == {"yes"}


# status before, status after, start, day of the update, and whether enrolment had begun
WHEN = [
    ("RECRUITING", "RECRUITING", "2021-06-01", "2021-01-10", "yes"),
    ("NOT_YET_RECRUITING", "NOT_YET_RECRUITING", "2021-06-01", "2021-09-01", "no"),
    ("UNKNOWN", "UNKNOWN", "2021-06-01", "2021-09-01", "yes"),
    ("UNKNOWN", "UNKNOWN", "2021-06-01", "2021-02-01", "no"),
    ("UNKNOWN", "UNKNOWN", "2021-06", "2021-06-20", "not_known"),
]


@pytest.mark.parametrize(("was", "now", "start", "updated", "expected"), WHEN)
def test_whether_enrolment_had_begun_comes_from_the_record_or_is_not_known(was, now, start, updated, expected):
    dates = {"startDateStruct": {"date": start, "type": "ESTIMATED"}}
    old = record(**status(overallStatus=was, **dates))
    new = record(
        **status(overallStatus=now, lastUpdateSubmitDate=updated, **dates),
        **design(enrollmentInfo={"count": 80, "type": "ESTIMATED"}),
    )
    changes = compare_versions(old, new, today=TODAY)
    assert {one.after_enrolment for one in changes if one.code == "sample_size.target"} == {expected}


def test_phones_and_mails_are_not_shown():
    new = record(contactsLocationsModule={"centralContacts": [{"name": "B", "phone": "+1 555 020 0000", "email": "b@example.org"}]})
    changes = compare_versions(record(), new, today=TODAY)
    told = json.dumps([[one.message.en, one.message.fa, [place.text for place in (*one.before, *one.after)]] for one in changes])
    assert "555" not in told
    assert "example.org" not in told
    assert any(one.variant == "private" for one in changes)


def test_versions_are_ordered_by_their_own_dates_or_as_they_were_named():
    first, second = switched_twin()
    assert order_versions([second, first]) == ((first, second), True)
    undated = read_record(FSGS.encode())
    assert order_versions([second, undated]) == ((second, undated), False)
    history = compare_history([second, first], today=TODAY)
    assert [step.new.name for step in history.steps] == ["after"]


def test_every_code_has_a_sentence_a_rule_and_a_source():
    sentences, rules = read_sentences(SENTENCES), load_rules()
    assert sentences.keys() == rules["codes"].keys()
    assert {rule["source"] for rule in rules["codes"].values()} <= rules["sources"].keys()
