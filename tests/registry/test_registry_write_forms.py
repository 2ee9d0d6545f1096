"""A record in another registry's form: what is carried reads back as it was, and whatever is not is said."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.registry import twins

from trialwright.registry import State, irct_update, read_record, who_xml
from trialwright.registry.carry import TARGETS, carry
from trialwright.registry.carry.pieces import plain_key
from trialwright.terms.digits import ascii_digits

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS = (STUDIES / "IRCT2016090729747N1/registered/2017-06-03.txt").read_bytes()
FSGS = (STUDIES / "NCT02382874/registered/undated-1.txt").read_bytes()
INVENTED = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT09990001",
            "orgStudyIdInfo": {"id": "INV-1"},
            "organization": {"fullName": "Invented Hospital", "class": "OTHER"},
            "briefTitle": "Cells in an Invented Disease",
            "officialTitle": "Safety of Invented Cells in an Invented Disease",
        },
        "statusModule": {
            "statusVerifiedDate": "2021-03",
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2015-05", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2022-10", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2023-01-31", "type": "ACTUAL"},
            "studyFirstSubmitDate": "2015-03-03",
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Invented Hospital", "class": "OTHER"},
            "collaborators": [{"name": "Invented University", "class": "OTHER"}],
        },
        "oversightModule": {"oversightHasDmc": True},
        "descriptionModule": {"briefSummary": "Cells are given once.", "detailedDescription": "In two wards."},
        "conditionsModule": {"conditions": ["Invented Disease"], "keywords": ["cells"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "SEQUENTIAL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "QUADRUPLE", "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"]},
            },
            "enrollmentInfo": {"count": 20, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Cells", "type": "EXPERIMENTAL", "description": "One infusion"},
                {"label": "Usual care", "type": "NO_INTERVENTION"},
            ],
            "interventions": [
                {"type": "BIOLOGICAL", "name": "Cells", "description": "Two million a kilogram", "armGroupLabels": ["Cells"]}
            ],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Change in protein", "description": "In g/day", "timeFrame": "6 months"}],
            "secondaryOutcomes": [{"measure": "Adverse events", "timeFrame": "6 months"}],
            "otherOutcomes": [{"measure": "Cell count", "timeFrame": "6 months"}],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* ill\n\nExclusion Criteria:\n\n* well",
            "sex": "FEMALE",
            "minimumAge": "18 Years",
            "maximumAge": "65 Years",
            "healthyVolunteers": False,
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": "A. Person", "role": "CONTACT", "phone": "+1 555 010 0000", "email": "a@example.org"}],
            "locations": [{"facility": "Ward", "city": "Town", "country": "Iran"}],
        },
        "ipdSharingStatementModule": {"ipdSharing": "YES", "infoTypes": ["STUDY_PROTOCOL", "SAP"]},
    },
    "resultsSection": {"moreInfoModule": {"pointOfContact": {"title": "Head", "email": "b@example.org"}}},
}
# The order of the elements, as the document type of WHO's data set has it.
DOCUMENT_TYPE = """
<!ELEMENT trials (trial+)>
<!ELEMENT trial (main,contacts,countries,criteria,health_condition_code,health_condition_keyword,intervention_code,
  intervention_keyword,primary_outcome,secondary_outcome,secondary_sponsor,secondary_ids,source_support,ethics_reviews)>
<!ELEMENT main (trial_id,utrn?,reg_name,date_registration,primary_sponsor,public_title,acronym?,scientific_title,
  scientific_acronym?,date_enrolment,type_enrolment,target_size,recruitment_status,url?,study_type,study_design,phase,
  hc_freetext?,i_freetext?,results_actual_enrolment?,results_date_completed?,results_url_link?,results_summary?,
  results_date_posted?,results_date_first_publication?,results_baseline_char?,results_participant_flow?,
  results_adverse_events?,results_outcome_measures?,results_url_protocol?,results_IPD_plan?,results_IPD_description?)>
<!ELEMENT contacts (contact*)> <!ELEMENT contact ANY> <!ELEMENT countries (country2*)> <!ELEMENT criteria ANY>
<!ELEMENT health_condition_code (hc_code+)> <!ELEMENT health_condition_keyword (hc_keyword+)>
<!ELEMENT intervention_code (i_code+)> <!ELEMENT intervention_keyword (i_keyword+)>
<!ELEMENT primary_outcome (prim_outcome*)> <!ELEMENT secondary_outcome (sec_outcome*)>
<!ELEMENT secondary_sponsor (sponsor_name*)> <!ELEMENT secondary_ids (secondary_id*)> <!ELEMENT secondary_id ANY>
<!ELEMENT source_support (source_name*)> <!ELEMENT ethics_reviews (ethics_review*)> <!ELEMENT ethics_review ANY>
"""
READERS = {"irct": irct_update.read, "ctgov": lambda text, name: read_record(text.encode()), "ictrp": who_xml.read}


def records():
    """The two registered records, and an invented one of ClinicalTrials.gov."""
    invented = json.dumps(INVENTED).encode()
    return {"lupus": read_record(LUPUS), "fsgs": read_record(FSGS), "invented": read_record(invented)}


def meaning(one):
    """What a field says: its typed value where it has one (a date in Gregorian days), else its words in small letters."""
    if one.date is not None:
        return str(one.date)
    return one.value if one.value is not None else " ".join(one.text.casefold().replace("_", " ").split())


def phases(record):
    """The phase is one word here and a list there: its numbers in order."""
    return sorted(set(re.findall(r"[0-4]", ascii_digits(" ".join(one.text for one in record.all("design.phase"))))))


def assert_kept_is_kept(record, to):
    carried = carry(record, to)
    again = READERS[to](carried.text, name="again")
    by_path = {one.path: one for one in record.fields}
    for path in carried.kept:
        before = by_path[path]
        if before.key == "design.phase":
            assert phases(again) == phases(record)
            continue
        after = [meaning(one) for one in again.fields if plain_key(one.key) == plain_key(before.key)]
        assert meaning(before) in after, (to, path, meaning(before), after)
    return carried


@pytest.mark.parametrize("to", READERS)
@pytest.mark.parametrize("name", ["lupus", "fsgs", "invented"])
def test_what_is_said_to_be_kept_reads_back_with_the_same_meaning(name, to):
    carried = assert_kept_is_kept(records()[name], to)
    assert carried.kept


@pytest.mark.parametrize("to", READERS)
@pytest.mark.parametrize("form", twins.TEXTS)
def test_every_form_that_is_read_can_be_written_as_every_other(form, to):
    assert_kept_is_kept(read_record(twins.TEXTS[form]), to)


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("name", ["lupus", "fsgs", "invented"])
def test_every_value_of_the_record_is_kept_or_has_a_remark(name, to):
    record = records()[name]
    carried = carry(record, to)
    if name == "invented" and to == "ctgov":
        assert carried.data == json.dumps(INVENTED).encode()
        return
    spoken = set(carried.kept) | {one.key for one in carried.remarks}
    said = [one for one in record.fields if one.state is State.VALUE]
    kept_words = {(one.key, one.text) for one in said if one.path in spoken}
    silent = [
        one.path
        for one in said
        if one.path not in spoken and (one.key, one.text) not in kept_words and one.key.partition(".")[0] not in spoken
    ]
    assert silent == [], silent


def test_a_record_in_its_own_form_is_the_same_bytes():
    data = json.dumps(INVENTED, indent=3).encode()
    assert carry(read_record(data), "ctgov").data == data


def test_the_lupus_record_in_the_words_of_the_american_registry():
    written = json.loads(carry(records()["lupus"], "ctgov").text)["protocolSection"]
    assert written["identificationModule"]["secondaryIdInfos"] == [
        {"id": "IRCT2016090729747N1", "type": "REGISTRY", "domain": "IRCT"}
    ]
    assert written["statusModule"] == {"startDateStruct": {"date": "2016-07-22", "type": "ESTIMATED"}}
    assert written["designModule"]["phases"] == ["PHASE1", "PHASE2"]
    assert written["designModule"]["enrollmentInfo"] == {"count": 20, "type": "ESTIMATED"}
    assert [one["measure"] for one in written["outcomesModule"]["primaryOutcomes"]] == ["proteinuria", "Glomerular filtration rate"]
    assert [one["label"] for one in written["armsInterventionsModule"]["armGroups"]] == ["Intervention group", "control group"]


def test_a_word_without_counterpart_is_listed_and_not_guessed():
    carried = carry(records()["lupus"], "ctgov")
    found = {one.key: one for one in carried.left_out}
    assert "COMPLETED" in found["status.recruitment"].reason.en
    assert found["status.recruitment"].words == "Recruitment complete"
    assert found["dates.registration"].code == "set_by_registry"
    assert "overallStatus" not in carried.text
    assert {one.key for one in carried.remarks if one.kind == "missing"} >= {"design.study_type", "dates.completion"}


def test_outcomes_whose_level_is_not_told_are_left_out_with_their_words():
    carried = carry(records()["fsgs"], "ctgov")
    found = [one for one in carried.left_out if one.code == "level_not_told" and one.key.endswith(".title")]
    assert [one.words for one in found][:2] == ["Liver function", "Serum creatinine"]
    assert len(found) == 6


def test_a_month_stays_a_month():
    record = records()["invented"]
    for to in ("irct", "ictrp", "prs"):
        carried = carry(record, to)
        assert "2015-05" in carried.text
        assert "2015-05-01" not in carried.text
        assert "01/05/2015" not in carried.text
    assert any(one.kind == "imprecise" and one.key == "dates.actual_start" for one in carry(record, "irct").remarks)


def test_the_iranian_form_has_both_calendars_and_both_languages():
    text = carry(records()["lupus"], "irct").text
    assert (
        "-- Expected recruitment start date | تاریخ شروع بیمار گیری مورد انتظار [dates.expected_start]\n2016-07-22, 1395/05/01"
        in text
    )
    assert text.index("[titles.scientific]") < text.index("[outcomes.primary.1.title]") < text.index("[sharing.participant_data]")
    assert {one.key for one in carry(records()["lupus"], "irct").remarks if one.code == "cut_before"} == {
        "contacts.scientific.position",
        "contacts.updating.position",
    }


def test_an_american_trial_in_the_iranian_form_keeps_its_number_among_the_secondary_ones():
    carried = carry(records()["invented"], "irct")
    again = irct_update.read(carried.text, name="again")
    assert again.words("ids.secondary.1.number") == "NCT09990001"
    assert again.words("ids.registry") == ""
    assert again.words("design.phase") == "1-2"
    assert again.words("eligibility.age") == "From 18 years old to 65 years old"
    assert again.get("sharing.protocol").value is True
    assert again.words("summary.text") == "Cells are given once.\n\nIn two wards."
    assert again.words("arms.1.description") == "Cells: One infusion\nCells: Two million a kilogram"
    assert {one.key for one in carried.left_out} >= {"design.masking", "design.model", "outcomes.other.1.title"}


def test_the_form_of_who_has_the_elements_of_its_document_type_in_their_order():
    elements = set(re.findall(r"<!ELEMENT (\w+)", DOCUMENT_TYPE))
    used = set()
    for record in records().values():
        tree = etree.fromstring(carry(record, "ictrp").data)
        used |= {one.tag for one in tree.iter()} - elements
    declared = DOCUMENT_TYPE + "".join(f"<!ELEMENT {name} (#PCDATA)>" for name in sorted(used))
    document_type = etree.DTD(io.StringIO(declared))
    for record in records().values():
        tree = etree.fromstring(carry(record, "ictrp").data)
        assert document_type.validate(tree), document_type.error_log


def test_the_upload_has_the_elements_that_public_programs_write():
    tree = etree.fromstring(carry(records()["invented"], "prs").data)
    said = {
        path: tree.findtext(f"clinical_study/{path}")
        for path in (
            "id_info/org_study_id",
            "overall_status",
            "start_date",
            "start_date_type",
            "primary_compl_date_type",
            "study_design/interventional_design/phase",
            "study_design/interventional_design/no_masking",
            "study_design/interventional_design/masked_assessor",
            "primary_outcome/outcome_description/textblock",
            "enrollment_type",
            "intervention/intervention_type",
            "eligibility/healthy_volunteers",
            "oversight_info/has_dmc",
            "ipd_sharing_statement/ipd_info_type_sap",
        )
    }
    assert said == {
        "id_info/org_study_id": "INV-1",
        "overall_status": "Completed",
        "start_date": "2015-05",
        "start_date_type": "Actual",
        "primary_compl_date_type": "Anticipated",
        "study_design/interventional_design/phase": "Phase 1/Phase 2",
        "study_design/interventional_design/no_masking": "No",
        "study_design/interventional_design/masked_assessor": "Yes",
        "primary_outcome/outcome_description/textblock": "In g/day",
        "enrollment_type": "Anticipated",
        "intervention/intervention_type": "Biological/Vaccine",
        "eligibility/healthy_volunteers": "No",
        "oversight_info/has_dmc": "Yes",
        "ipd_sharing_statement/ipd_info_type_sap": "true",
    }
    assert "NCT09990001" not in carry(records()["invented"], "prs").text


@pytest.mark.parametrize("to", TARGETS)
@pytest.mark.parametrize("name", ["lupus", "invented"])
def test_a_public_copy_has_no_phone_or_mail_and_says_so(name, to):
    record = records()[name]
    private = [one.text for one in record.fields if one.private and len(one.text) > 5]
    whole, public = carry(record, to), carry(record, to, public=True)
    assert private
    assert any(words in whole.text for words in private)
    assert not any(words in public.text for words in private)
    assert not any(words in one.words for one in public.remarks for words in private)
    assert any(one.code == "private" for one in public.left_out)


def test_what_is_too_long_is_written_whole_and_listed():
    content = json.loads(json.dumps(INVENTED))
    content["protocolSection"]["identificationModule"]["briefTitle"] = "x" * 301
    print_form = carry(read_record(json.dumps(content).encode()), "prs")
    found = [one for one in print_form.remarks if one.kind == "too_long"]
    assert [one.key for one in found] == ["titles.public"]
    assert "301" in found[0].reason.en
    assert "300" in found[0].reason.en
    assert "x" * 301 in print_form.text


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).map(lambda text: f"a{text}z")


@st.composite
def drawn_records(draw):
    """An Iranian print with drawn words, dates and counts in it."""
    text = LUPUS.decode()
    for before in ("proteinuria\n", "Severe and Refractory Lupus Nephritis\n", "1 week, 1, 3, 6, 9 and 12 months", "Mashhad\n"):
        words = " ".join(draw(TEXTS).split())
        text = text.replace(before, words + ("\n" if before.endswith("\n") else ""), 1)
    text = text.replace("Target sample size: **20**", f"Target sample size: **{draw(st.integers(0, 9999))}**")
    day = draw(st.dates(min_value=date(1990, 1, 1), max_value=date(2040, 1, 1)))
    return text.replace("2016-07-22, 1395/05/01", draw(st.sampled_from([day.isoformat(), f"{day:%Y-%m}"])))


@pytest.mark.parametrize("to", READERS)
@settings(max_examples=30, deadline=None)
@given(text=drawn_records())
def test_drawn_records_keep_what_is_said_to_be_kept(to, text):
    assert_kept_is_kept(read_record(text.encode()), to)


def test_the_update_text_is_read_as_a_record_of_its_own_and_written_again_as_the_same_bytes():
    carried = carry(records()["lupus"], "irct")
    again = read_record(carried.data)
    assert (again.form, again.registry, again.identifier) == ("irct-update", "IRCT", "IRCT2016090729747N1")
    assert again.unknown == ()
    assert carry(again, "irct").data == carried.data
