"""A ClinicalTrials.gov record in JSON: every leaf is read, nothing is corrected, and what is not strict JSON is refused."""

import copy
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.registry import RecordError, State, read_record, write_record

INVENTED = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT09990001",
            "orgStudyIdInfo": {"id": "INV-1"},
            "secondaryIdInfos": [{"id": "2020-000001-11", "type": "EUDRACT_NUMBER"}],
            "organization": {"fullName": "Invented Hospital", "class": "OTHER"},
            "briefTitle": "Cells in an Invented Disease",
            "officialTitle": "Safety of Invented Cells in an Invented Disease",
        },
        "statusModule": {
            "statusVerifiedDate": "2021-03",
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2015-05", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2022-10", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2023-01-31", "type": "ESTIMATED"},
            "studyFirstSubmitDate": "2015-03-03",
            "lastUpdateSubmitDate": "2021-03-04",
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented Hospital", "class": "OTHER"}},
        "oversightModule": {"oversightHasDmc": True},
        "descriptionModule": {"briefSummary": "Cells are given once.\n\nProtein \\>1 g is treated."},
        "conditionsModule": {"conditions": ["Invented Disease"], "keywords": []},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"]},
            },
            "enrollmentInfo": {"count": 20, "type": "ESTIMATED"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {
                    "label": "Cells",
                    "type": "EXPERIMENTAL",
                    "description": "One infusion",
                    "interventionNames": ["Biological: Cells"],
                },
                {"label": "Usual care", "type": "NO_INTERVENTION"},
            ],
            "interventions": [{"type": "BIOLOGICAL", "name": "Cells", "armGroupLabels": ["Cells"]}],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Change in protein", "description": "g/day", "timeFrame": "Baseline, 6 months"}],
            "secondaryOutcomes": [{"measure": "Adverse events", "timeFrame": "6 months"}],
            "otherOutcomes": [{"measure": "Cell count", "timeFrame": "6 months"}],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion: ill",
            "sex": "ALL",
            "minimumAge": "18 Years",
            "stdAges": ["ADULT"],
        },
        "contactsLocationsModule": {
            "centralContacts": [{"name": "A. Person", "role": "CONTACT", "phone": "+1 555 010 0000", "email": "a@example.org"}],
            "locations": [{"facility": "Ward", "city": "Town", "country": "Iran", "contacts": [{"phone": "+98 21 0000 0000"}]}],
        },
        "ipdSharingStatementModule": {"ipdSharing": "NO"},
    },
    "resultsSection": {"moreInfoModule": {"pointOfContact": {"title": "Head", "email": "b@example.org"}}},
    "annotationSection": {"annotationModule": {"unpostedAnnotation": {"unpostedResponsibleParty": "Invented Hospital"}}},
    "documentSection": {"largeDocumentModule": {"largeDocs": [{"typeAbbrev": "Prot", "date": "2021-01-01", "size": 123}]}},
    "derivedSection": {"miscInfoModule": {"versionHolder": "2021-04-01"}},
    "hasResults": False,
}


def as_bytes(content, **how):
    return json.dumps(content, ensure_ascii=False, **how).encode("utf-8")


def record_with(**changed):
    """The invented record with modules of its protocol section changed."""
    content = copy.deepcopy(INVENTED)
    for name, members in changed.items():
        content["protocolSection"].setdefault(name, {}).update(members)
    return read_record(as_bytes(content), name="invented.json")


@pytest.mark.parametrize("how", [{}, {"indent": 2}, {"separators": (",", ":")}, {"indent": "\t"}])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_it_is_written_again_as_the_same_bytes(how, ending, mark):
    data = mark + as_bytes(INVENTED, **how).replace(b"\n", ending.encode()) + ending.encode()
    record = read_record(data)
    assert (record.form, record.registry, record.identifier) == ("ctgov-json", "ClinicalTrials.gov", "NCT09990001")
    assert write_record(record) == data


def test_a_month_stays_a_month_and_the_type_of_a_date_says_whether_it_happened():
    record = record_with()
    assert str(record.date_at("dates.actual_start")) == "2015-05"
    assert record.date_at("dates.actual_start").precision == "month"
    assert record.get("dates.expected_start") is None
    assert str(record.date_at("dates.expected_primary_completion")) == "2022-10"
    assert record.words("dates.start_type") == "ACTUAL"


def test_the_fields_have_the_keys_of_every_other_registry():
    record = record_with()
    assert record.sample_size == 20
    assert record.get("design.allocation").value == "randomised"
    assert record.get("design.masking").value == "double"
    assert record.get("status.recruitment").value == "recruiting"
    assert [one.text for one in record.all("design.phase")] == ["PHASE1", "PHASE2"]
    assert [(one.level, one.title.text) for one in record.outcomes] == [
        ("primary", "Change in protein"),
        ("secondary", "Adverse events"),
        ("other", "Cell count"),
    ]
    assert record.outcomes[0].time_frame.text == "Baseline, 6 months"
    assert [one.description.text for one in record.arms] == ["One infusion", "Usual care"]
    assert record.get("oversight.monitoring_committee").value is True
    assert record.unknown == ()


def test_the_number_reached_is_not_taken_for_the_target():
    record = record_with(designModule={"enrollmentInfo": {"count": 3, "type": "ACTUAL"}})
    assert record.sample_size is None
    assert record.get("design.sample_size.actual").number == 3


def test_phones_and_addresses_of_persons_are_private_in_every_section():
    private = {one.text for one in record_with().fields if one.private}
    assert private == {"+1 555 010 0000", "a@example.org", "+98 21 0000 0000", "b@example.org"}


def test_markdown_signs_of_the_registry_are_read_and_the_raw_text_is_kept():
    told = record_with().get("summary.text")
    assert told.text.endswith("Protein >1 g is treated.")
    assert "\\>1" in told.raw


def test_a_field_that_no_list_knows_is_kept_and_reported():
    record = record_with(designModule={"newThing": {"deep": [1, "two"]}})
    assert {one.label: one.text for one in record.unknown} == {"deep[1]": "1", "deep[2]": "two"}


def test_the_other_sections_are_kept():
    record = record_with()
    for key in ("results", "annotations", "documents", "derived", "results_posted"):
        assert record.all(key), key


def test_nothing_said_is_not_a_value():
    record = record_with(identificationModule={"acronym": None, "officialTitle": ""})
    assert record.state("titles.acronym") is State.EMPTY
    assert record.state("titles.scientific") is State.EMPTY
    assert record.state("keywords") is State.ABSENT


def test_a_value_of_another_type_is_kept_with_the_reason():
    record = record_with(
        designModule={"enrollmentInfo": {"count": "many", "type": "ESTIMATED"}},
        statusModule={"studyFirstSubmitDate": "1395-12-29"},
    )
    assert record.get("design.sample_size.target").problem
    assert "1395" in record.get("dates.registration").problem


def test_each_field_points_at_its_characters():
    data = as_bytes(INVENTED, indent=2).decode()
    record = read_record(data.encode())
    for one in record.fields:
        printed = data[one.span.start : one.span.end]
        assert json.loads(f'"{printed}"') == one.raw
        assert data.count("\n", 0, one.span.start) + 1 == one.span.line


HEAD = '{"protocolSection": {"identificationModule": {"nctId": "NCT09990001"}, "x": '


@pytest.mark.parametrize(
    ("value", "code", "words"),
    [
        ('{"arm": 1, "arm": 2}', "record.json_duplicate", '"arm" stands twice'),
        (r'{"arm": 1, "\u0061rm": 2}', "record.json_duplicate", '"arm" stands twice'),
        ("NaN", "record.json_number", "NaN is not a number"),
        ("-Infinity", "record.json_number", "-Infinity is not a number"),
        ("1e999", "record.json_number", "too large"),
        ("9" * 5000, "record.json_number", "too large"),
        ("9223372036854775808", "record.json_number", "too large"),
        ("[" * 100_000, "record.json_depth", "64 levels"),
        ('{"a":' * 100_000, "record.json_depth", "64 levels"),
        (r'"\u0000"', "record.json_character", "NUL"),
        (r'"\ud800"', "record.json_character", "half of a character"),
        ('"a\nb"', "record.json_invalid", "broken"),
        ('"open', "record.json_invalid", "broken"),
        ("[1,]", "record.json_invalid", "not a value"),
        ('{"a":1,}', "record.json_invalid", "name in quotes"),
        ("01", "record.json_invalid", "not a value"),
        ("1.", "record.json_invalid", "not a value"),
        ("'a'", "record.json_invalid", "not a value"),
        ("۱۲", "record.json_invalid", "not a value"),
        ("1}} 2", "record.json_invalid", "something follows"),
        ("", "record.json_invalid", "not a value"),
    ],
)
def test_what_is_not_strict_json_is_refused_with_words_at_once(value, code, words):
    began = time.perf_counter()
    with pytest.raises(RecordError, match=words) as refusal:
        read_record((HEAD + value + "}}").encode(), name="odd.json")
    assert time.perf_counter() - began < 2
    assert refusal.value.code == code
    assert str(refusal.value).startswith("odd.json, line 1: ")


def test_more_values_than_a_record_has_are_refused():
    with pytest.raises(RecordError, match="100,000 values"):
        read_record((HEAD + "[" + "0," * 120_000 + "0]}}").encode())


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(st.characters(codec="ascii"), max_size=8), inside, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(JSON, st.sampled_from(["designModule", "outcomesModule", "statusModule", "contactsLocationsModule", "other"]))
def test_whatever_stands_in_a_module_is_read_without_loss_or_refused(value, module):
    content = copy.deepcopy(INVENTED)
    content["protocolSection"][module] = value
    data = as_bytes(content)
    try:
        record = read_record(data)
    except RecordError:
        return
    assert write_record(record) == data
    assert len({one.path for one in record.fields}) == len(record.fields)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_crashes(data):
    text = as_bytes(INVENTED, indent=1).decode()
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 40))
    damaged = text[:at] + data.draw(st.sampled_from(["", "{", "[", '"', ",", "\\", "}", "e9", "-", "\ufeff"])) + text[at + cut :]
    try:
        record = read_record(damaged.encode())
    except RecordError:
        return
    assert write_record(record) == damaged.encode()
