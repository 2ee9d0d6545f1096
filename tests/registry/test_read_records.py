"""Both registered records are read into fields, and every character is kept."""

from pathlib import Path

import pytest

from trialwright.registry import RecordError, State, read_record, record_as_json, write_record

STUDIES = Path(__file__).parents[2] / "studies"
LUPUS = STUDIES / "IRCT2016090729747N1/registered/2017-06-03.txt"
FSGS = STUDIES / "NCT02382874/registered/undated-1.txt"


@pytest.fixture(scope="module")
def lupus():
    return read_record(LUPUS.read_bytes(), name=LUPUS.name)


@pytest.fixture(scope="module")
def fsgs():
    return read_record(FSGS.read_bytes(), name=FSGS.name)


@pytest.mark.parametrize("path", [LUPUS, FSGS], ids=lambda path: path.parts[-3])
def test_the_record_prints_again_as_the_same_bytes(path):
    data = path.read_bytes()
    assert write_record(read_record(data)) == data


@pytest.mark.parametrize("path", [LUPUS, FSGS], ids=lambda path: path.parts[-3])
def test_every_line_finds_its_label(path):
    assert read_record(path.read_bytes()).unknown == ()


def test_the_lupus_record_says_who_it_is(lupus):
    assert (lupus.registry, lupus.identifier) == ("IRCT", "IRCT2016090729747N1")
    assert str(lupus.date_at("dates.registration")) == "2017-06-03"
    assert str(lupus.get("ethics.1.approval_date").value) == "2016-12-11, 1395/09/21"
    assert lupus.sample_size == 20
    assert lupus.get("design.allocation").value == "randomised"
    assert lupus.get("updates.count").value == 0


def test_three_kinds_of_emptiness_are_three_things(lupus):
    assert lupus.state("design.allocation_description") is State.EMPTY
    assert lupus.state("dates.actual_start") is State.SAYS_EMPTY
    assert lupus.state("results.posted") is State.ABSENT
    assert lupus.state("dates.expected_start") is State.VALUE


def test_glued_labels_are_told_apart(lupus):
    assert lupus.words("design.masking") == "Not blinded"
    assert lupus.state("design.other") is State.EMPTY
    assert lupus.state("ids.secondary") is State.SAYS_EMPTY
    assert lupus.words("ethics.1.name") == "Iran ACECR Biomedical Research Ethics Committee"
    assert lupus.words("contacts.updating.phone") == "00"


def test_outcomes_come_with_level_title_time_and_method(lupus):
    found = [(one.path, one.title.text, one.time_frame.text) for one in lupus.outcomes]
    assert found == [
        ("outcomes.primary.1", "proteinuria", "1 week, 1, 3, 6, 9 and 12 months"),
        ("outcomes.primary.2", "Glomerular filtration rate", "1 week, 1, 3, 6, 9 and 12 months"),
        (
            "outcomes.secondary.1",
            "Systemic lupus erythematosus disease activity index score",
            "1 week, 1, 3, 6, 12 and 18 months",
        ),
    ]
    assert {one.method.text for one in lupus.outcomes} == {"clinical tests"}


def test_repeated_blocks_are_kept_apart(lupus):
    assert lupus.items("sponsors") == ("sponsors.1", "sponsors.2", "sponsors.3")
    assert lupus.words("sponsors.3.name") == "Ferdowsi Uiniversity of Mashhad"
    people = [lupus.words(f"contacts.{role}.person") for role in ("general", "scientific", "updating")]
    assert people == ["Zhaleh Shariati-Sarabi", "Maryam Moghaddam-Matin", "Halimeh Hassanzadeh"]


def test_a_date_printed_twice_is_two_fields_with_two_places(lupus):
    found = lupus.all("dates.registration")
    assert [one.path for one in found] == ["dates.registration", "dates.registration#2"]
    assert [one.span.line for one in found] == [25, 35]


def test_phones_and_mails_are_private_and_nothing_else_is(lupus):
    private = {one.key.rpartition(".")[2] for one in lupus.fields if one.private}
    assert private == {"phone", "fax", "email"}
    assert all("@" not in one.text for one in lupus.fields if not one.private)


def test_a_place_leads_back_to_the_words(lupus, fsgs):
    for record, path in ((lupus, LUPUS), (fsgs, FSGS)):
        text = path.read_text(encoding="utf-8")
        assert all(text[one.span.start : one.span.end] == one.raw for one in record.fields)
        assert all(token.text for token in record.tokens)


def test_the_listing_has_no_number_and_no_level(fsgs):
    assert fsgs.identifier is None
    assert {one.level for one in fsgs.outcomes} == {None}
    assert [one.title.text for one in fsgs.outcomes] == [
        "Liver function",
        "Serum creatinine",
        "Proteinuria",
        "Renal function",
        "Increase in anti inflammatory factors",
        "Increase in Treg",
    ]


def test_the_status_glued_to_the_first_outcome_is_told_apart(fsgs):
    assert fsgs.get("status.recruitment").value == "recruiting"
    assert fsgs.outcomes[0].time_frame.text == "2 weeks"
    assert fsgs.words("centers.1.place") == "Tehran, Iran"


def test_a_markdown_escape_is_read_and_kept(fsgs):
    described = fsgs.get("outcomes.listed.3.description")
    assert "<200 to 300 mg/day" in described.text
    assert r"\<200" in described.raw


def test_the_plain_object_shows_every_field(lupus):
    shown = record_as_json(lupus)
    assert len(shown["fields"]) == len(lupus.fields)
    registration = next(one for one in shown["fields"] if one["path"] == "dates.registration")
    assert registration["value"] == {"gregorian": "2017-06-03", "jalali": "1396/03/13"}


def test_the_new_layout_is_read_too():
    record = read_record(
        b"Iranian Registry of Clinical Trials\n\nProtocol summary\n\nStudy aim\n\nTo measure.\n\nTwice.\n\n"
        b"Intervention groups\n\nCells\n\nGeneral information\n\nReason for update\n\nUpdate count: **2**\n\n"
        b"Intervention groups\n\n1\n\nDescription\n\nIntervention group: 2\n\n2\n\nDescription\n\nControl group"
    )
    assert record.words("summary.aim") == "To measure.\n\nTwice."
    assert record.words("summary.arms") == "Cells"
    assert record.state("updates.reason") is State.EMPTY
    assert [one.description.text for one in record.arms] == ["Intervention group: 2", "Control group"]


def test_calendars_that_disagree_leave_the_value_open_and_say_why():
    data = LUPUS.read_bytes().replace(b"2016-12-11, 1395/09/21", b"2016-12-11, 1395/09/22")
    approval = read_record(data).get("ethics.1.approval_date")
    assert approval.value is None
    assert "2016-12-12" in approval.problem


def test_unknown_lines_are_kept_and_listed():
    data = LUPUS.read_bytes().replace(b"Gender\n\nBoth", b"Gender\n\nBoth\n\nAn odd line\n\n**Another**")
    record = read_record(data)
    assert [one.text for one in record.unknown] == ["An odd line", "**Another**"]
    assert write_record(record) == data


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "record.empty", "is empty"),
        (b" \n\r\n ", "record.empty", "is empty"),
        (b"%PDF-1.7 ...", "record.pdf_broken", "is a broken PDF"),
        (b"PK\x03\x04rest", "record.not_text", "spreadsheet"),
        (b"IRCT\x00text", "record.not_text", "byte 4 is NUL"),
        (b"IRCT \xff\xfe", "record.wrong_encoding", "byte 5 is 0xff"),
        ("IRCT".encode("utf-16"), "record.not_text", "UTF-16"),
        (b'{"protocolSection": {}}', "record.unknown_form", "JSON"),
        (b"<?xml version='1.0'?><letter>" + b"word " * 20 + b"</letter>", "record.unknown_form", "XML"),
        (b"<!DOCTYPE html><html>" + b"word " * 20 + b"</html>", "record.unknown_form", "HTML"),
        (b"{}", "record.empty_answer", "no record"),
        (b'{"studies": [], "totalCount": 0}', "record.empty_answer", "no record"),
        (b"<?xml version='1.0'?><trials></trials>", "record.empty_answer", "no record"),
        (
            b"<!DOCTYPE html><html><head><title>Portal</title></head><body><div></div></body></html>",
            "record.empty_answer",
            "no record",
        ),
        (b"Dear colleague, the trial went well.", "record.unknown_form", "forms read are"),
        (b"IRCT\n" * 20_001, "record.too_many_lines", "20,000 lines"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence_with_the_name(data, code, words):
    with pytest.raises(RecordError, match=words) as refusal:
        read_record(data, name="trial.txt")
    assert refusal.value.code == code
    assert str(refusal.value).startswith("trial.txt ")
    assert "\n" not in str(refusal.value)
    assert "trial.txt" in refusal.value.fa


def test_a_record_over_fifty_megabytes_is_refused():
    with pytest.raises(RecordError, match="at most 50 MB"):
        read_record(b"x" * (50 * 1024 * 1024 + 1))
