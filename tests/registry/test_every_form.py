"""One invented trial, in every form that is read, is the same trial: the same values at the same keys, and every byte kept."""

from datetime import date

import pytest
from lxml import etree
from tests.registry import twins

from trialwright.checks import find_findings
from trialwright.registry import RecordError, State, read_many, read_record, write_record
from trialwright.registry.xml_text import read_xml

TODAY = date(2020, 6, 1)
SHARED_DATES = {"dates.registration": "2020-04-01", "dates.expected_start": "2020-04-20"}
SHARED_VALUES = {
    "design.sample_size.target": 40,
    "design.allocation": "randomised",
    "design.masking": "single",
    "design.model": "parallel",
    "eligibility.sex": "both",
    "status.recruitment": "recruiting",
    "sharing.participant_data": False,
}
SHARED_WORDS = {
    "titles.public": "Invented cells in invented nephritis",
    "titles.scientific": "Invented cells in invented nephritis, a trial of two parallel groups",
    "outcomes.primary.1.title": "Urine protein in 24 hours, g/day",
    "outcomes.primary.1.timepoint": "Baseline, 1, 3 and 6 months",
    "outcomes.secondary.1.title": "Serious adverse events, number",
    "outcomes.secondary.1.timepoint": "6 months",
    "outcomes.secondary.2.title": "Creatinine, mg/dl",
    "arms.1.description": "Intervention group: invented cells, 2 million/kg once, intravenous.",
    "arms.2.description": "Control group: usual care.",
}
ENGLISH = [form for form in twins.TEXTS if "Persian" not in form]


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    found = {form: read_record(data, name=form) for form, data in twins.TEXTS.items()}
    found["irct-pdf"] = read_record(twins.as_pdf(), name="irct-pdf")
    export = tmp_path_factory.mktemp("export") / "export.csv"
    export.write_bytes(twins.as_export())
    (found["ictrp-csv"],) = read_many(export)
    return found


@pytest.mark.parametrize("form", [*ENGLISH, "irct-pdf", "ictrp-csv"])
def test_the_same_key_has_the_same_value_in_every_form(records, form):
    record = records[form]
    assert record.form == form
    assert {key: str(record.date_at(key)) for key in SHARED_DATES} == SHARED_DATES
    left_out = {"sharing.participant_data"} if form == "ictrp-csv" else set()
    assert {key: record.get(key).value for key in SHARED_VALUES.keys() - left_out} == {
        key: value for key, value in SHARED_VALUES.items() if key not in left_out
    }
    printed = {key: " ".join(record.words(key).split()).rstrip(".") for key in SHARED_WORDS}
    no_column = {"outcomes.secondary.1.title", "outcomes.secondary.1.timepoint", "outcomes.secondary.2.title"}
    for key, words in SHARED_WORDS.items():
        assert printed[key] == ("" if form == "ictrp-csv" and key in no_column else words.rstrip(".")), key


@pytest.mark.parametrize("form", twins.TEXTS)
def test_a_form_is_written_again_as_the_same_bytes(form):
    for ending in (b"\n", b"\r\n"):
        for mark in (b"", b"\xef\xbb\xbf"):
            data = mark + twins.TEXTS[form].replace(b"\n", ending)
            assert write_record(read_record(data)) == data


@pytest.mark.parametrize("form", twins.TEXTS)
def test_a_field_points_at_its_words(records, form):
    record, text = records[form], twins.TEXTS[form].decode()
    assert record.text == text
    assert len({one.path for one in record.fields}) == len(record.fields)
    for one in record.fields:
        assert text.count("\n", 0, one.span.start) + 1 == one.span.line
        shown = text[one.span.start : one.span.end]
        assert one.raw in (shown, shown.replace("&amp;", "&")) or "\\" in shown or "<" in shown


def test_the_checks_say_the_same_of_the_print_the_page_and_the_pdf(records):
    said = {
        form: sorted(one.code for one in find_findings(records[form], today=TODAY))
        for form in ("irct-print", "irct-html", "irct-pdf")
    }
    assert said["irct-html"] == said["irct-pdf"] == said["irct-print"]


@pytest.mark.parametrize("form", [*twins.TEXTS, "irct-pdf", "ictrp-csv"])
def test_the_checks_run_on_every_form(records, form):
    assert all(one.places for one in find_findings(records[form], today=TODAY))


def test_the_two_records_of_clinicaltrials_gov_are_one(records):
    one, other = records["ctgov-json"], records["ctgov-xml"]
    shared = {field.key for field in one.fields} & {field.key for field in other.fields}
    assert len(shared) > 30
    assert {key: one.get(key).value for key in shared} == {key: other.get(key).value for key in shared}
    assert one.date_at("dates.expected_primary_completion").precision == "month"


def test_phones_and_mails_are_private_in_every_form(records):
    for record in records.values():
        assert all(one.private for one in record.fields if "@" in one.text or one.text.startswith("+98")), record.form


def test_the_persian_print_and_page_have_the_keys_of_the_english(records):
    for form in ("irct-print, Persian", "irct-html, Persian"):
        record, english = records[form], records["irct-print"]
        assert {one.text for one in record.unknown} <= {"IRCT"}
        assert {str(record.get(key).value) for key in SHARED_DATES} == {str(english.get(key).value) for key in SHARED_DATES}
        shared = SHARED_VALUES | {"design.placebo": "not_used", "design.registration_timing": "prospective", "updates.count": 1}
        assert {key: record.get(key).value for key in shared} == shared
        assert record.words("ethics.1.reference") == "IR.INV.REC.1398.001"
        assert record.state("dates.actual_start") is State.SAYS_EMPTY
        assert record.get("titles.scientific").language == "fa"
        assert english.get("titles.scientific").language == "en"
        assert record.get("design.sample_size.target").language is None


def test_letters_and_spaces_of_another_keyboard_make_no_difference_to_a_label():
    text = twins.as_print(twins.PERSIAN).decode()
    typed = text.replace("بیمار گیری", "بيمار‌گیری").replace("کور سازی", "كورسازي")
    record = read_record(typed.encode())
    assert record.get("status.recruitment").value == "recruiting"
    assert record.get("design.masking").value == "single"
    assert record.unknown == ()


def test_calendars_that_disagree_are_seen_in_either_order():
    data = twins.as_print(twins.PERSIAN).replace("۱۳۹۹/۰۱/۱۳".encode(), "۱۳۹۹/۰۱/۱۴".encode())
    registered = read_record(data).get("dates.registration")
    assert registered.value is None
    assert "2020-04-02" in registered.problem


def test_a_value_that_looks_like_a_label_is_a_value_on_the_page():
    data = twins.as_page(twins.ENGLISH.replace("Description: Creatinine, mg/dl", "Description: Age"))
    record = read_record(data)
    assert record.words("outcomes.secondary.2.title") == "Age"
    assert record.words("eligibility.age") == "From 18 years old"


def test_what_stands_around_the_record_is_kept_and_a_script_is_no_text(records):
    data = twins.as_page().replace(b"</body>", b"<footer>Contact us &amp; more</footer></body>")
    record = read_record(data)
    assert [one.text for one in record.unknown] == ["IRCT", "Contact us & more"]
    assert write_record(record) == data


def test_an_element_that_no_list_knows_is_kept_and_results_are_kept_apart(records):
    record = records["ctgov-xml"]
    assert {one.key: one.text for one in record.unknown} == {
        "unknown.something_new.inside.@kind": "odd",
        "unknown.something_new.inside": "kept",
    }
    assert [one.text for one in record.all("results")] == ["B1", "Cells"]


def test_whether_a_date_happened_is_read_beside_it():
    started = twins.WHO.replace(b"<type_enrolment>anticipated", b"<type_enrolment>actual")
    assert str(read_record(started).date_at("dates.actual_start")) == "2020-04-20"
    begun = twins.CTGOV_XML.replace(b'<enrollment type="Anticipated">', b'<enrollment type="Actual">')
    assert read_record(begun).sample_size is None
    assert read_record(begun).get("design.sample_size.actual").number == 40


def test_the_design_of_the_data_set_is_taken_apart():
    record = read_record(twins.WHO)
    assert record.get("design.placebo").value == "not_used"
    assert record.words("design.allocation_description") == "Permuted blocks by computer; sealed envelopes."
    assert record.words("design.masking_description") == "The assessor does not know the group."
    assert record.words("design.design").startswith("Randomization: Randomized, Blinding")


def test_an_older_record_with_its_design_in_one_sentence_is_read():
    data = twins.CTGOV_XML.replace(b"<study_design_info>", b"<unused>").replace(b"</study_design_info>", b"</unused>")
    old = b"<study_design>Allocation: Non-Randomized, Intervention Model: Parallel Assignment, Masking: Open Label</study_design>"
    record = read_record(data.replace(b"<condition>", old + b"<condition>"))
    assert record.get("design.allocation").value == "not_randomised"
    assert record.get("design.masking").value == "none"


def test_whose_contact_it_is_its_type_tells():
    second = b"<contact><type>scientific</type><firstname>B. Person</firstname></contact></contacts>"
    record = read_record(twins.WHO.replace(b"</contacts>", second))
    assert record.words("contacts.general.person") == "A. Person"
    assert record.words("contacts.scientific.person") == "B. Person"


def test_the_registry_is_known_by_its_number_whatever_the_file_calls_it():
    named = twins.WHO.replace(b"<reg_name>IRCT", b"<reg_name>Iranian Registry of Clinical Trials")
    assert read_record(named).registry == "IRCT"
    assert read_record(named.replace(b"<trial_id>IRCT", b"<trial_id>XX")).registry == "Iranian Registry of Clinical Trials"


def test_several_trials_in_one_file_are_refused_with_their_number():
    trial = twins.WHO[twins.WHO.index(b"<trial>") : twins.WHO.index(b"</trials>")]
    with pytest.raises(RecordError, match="holds 2 trials"):
        read_record(twins.WHO.replace(b"</trials>", trial + b"</trials>"))


@pytest.mark.parametrize("data", [twins.WHO, twins.CTGOV_XML], ids=["who", "ctgov"])
def test_another_reader_of_xml_finds_the_same_words_in_the_same_order(data):
    _, leaves = read_xml(data.decode(), name="x")
    tree = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    theirs = [one.text or "" for one in tree.iter(etree.Element) if len(one) == 0]
    assert [leaf.text for leaf in leaves if "@" not in leaf.path] == theirs
