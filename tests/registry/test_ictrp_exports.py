"""Exports of WHO's portal: each row is read, each refusal has words, and damage is shown and never repaired in silence."""

import csv
import io
import re
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trialwright.checks import find_findings
from trialwright.registry import Record, RecordError, State, find_damage, read_many, write_record

ROW = {
    "TrialID": "IRCT20990101000001N1",
    "Last Refreshed on": "17 February 2020",
    "Public title": "Invented plasma",
    "Scientific title": "Invented plasma in an invented disease" + " " * 1900,
    "Acronym": "",
    "Primary sponsor": "Invented University",
    "Date registration": "2020-04-01",
    "Date registration3": "20200401",
    "Export date": "3/18/2020 6:53:35 PM",
    "Source Register": "IRCT",
    "web address": "http://example.org/1",
    "Recruitment Status": "Recruiting",
    "other records": "No",
    "Inclusion agemin": "18 years",
    "Inclusion agemax": "no limit",
    "Inclusion gender": "Both",
    "Date enrollement": "2020-04-20",
    "Target size": "40",
    "Study type": "interventional",
    "Study design": "Randomization: Randomized, Blinding: Single blinded, Placebo: Not used, Assignment: Parallel, "
    "Purpose: Treatment, Randomization description: blocks of 4 by computer, in sealed envelopes, 1:1, "
    "Blinding description: The analyst does not know the arm.",
    "Phase": "2-3",
    "Countries": "Iran (Islamic Republic of);Iraq",
    "Contact Firstname": "A. Person",
    "Contact Email": ";;a@example.org;b@example.org",
    "Contact Tel": ";;",
    "Inclusion Criteria": "Inclusion criteria: ill",
    "Exclusion Criteria": "Exclusion criteria: pregnant",
    "Condition": "Invented disease;U07.1",
    "Intervention": "Intervention 1: Plasma, 200 ml once. Intervention 2: Control group: care (bed rest).",
    "Primary outcome": "Primary outcome: Change in fever; by thermometer. Timepoint: Baseline, 7 days. "
    "Method of measurement: Thermometer; ear.;"
    "Number of deaths. Timepoint: 28 days. Method of measurement: Register.",
    "Retrospective flag": "Yes",
    "Results yes no": "",
}


def row(**changed):
    return ROW | {name.replace("_", " "): value for name, value in changed.items()}


def as_csv(rows, delimiter=","):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(rows[0])
    writer.writerows(one.values() for one in rows)
    return out.getvalue().encode("utf-8")


def as_xml(rows, head="<?xml version='1.0' encoding='UTF-8' ?>"):
    from xml.sax.saxutils import escape

    trials = "".join(
        "\n  <Trial>"
        + "".join(f"\n    <{k.replace(' ', '_')}>{escape(v)}</{k.replace(' ', '_')}>" for k, v in one.items())
        + "\n  </Trial>"
        for one in rows
    )
    return f"{head}<Trials_downloaded_from_ICTRP>{trials}\n</Trials_downloaded_from_ICTRP>".encode()


def as_xlsx(rows, change=None):
    book = openpyxl.Workbook()
    book.active.append(list(rows[0]))
    for one in rows:
        book.active.append(list(one.values()))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WRITERS = {"xml": as_xml, "csv": as_csv, "xlsx": as_xlsx}


@pytest.fixture
def read(tmp_path):
    def read(data, name="export"):
        path = tmp_path / name
        path.write_bytes(data)
        return list(read_many(path))

    return read


def damage(record):
    return {one.code: one.proposal for one in find_damage(record)}


@pytest.mark.parametrize("form", WRITERS)
def test_every_cell_of_a_row_is_kept_as_it_came(read, form):
    record, again = read(WRITERS[form]([ROW, row(TrialID="IRCT20990101000001N2")]))
    assert (record.form, record.registry, record.identifier) == (f"ictrp-{form}", "IRCT", "IRCT20990101000001N1")
    assert again.identifier == "IRCT20990101000001N2"
    labels = [token.text for token in record.tokens if token.kind == "label"]
    assert [one.replace("_", " ") for one in labels] == list(ROW)
    assert {token.text for token in record.tokens if token.kind == "value"} == {value for value in ROW.values() if value}
    assert record.get("titles.scientific").raw == ROW["Scientific title"]
    assert record.words("titles.scientific") == "Invented plasma in an invented disease"
    assert all(record.text[one.span.start : one.span.end] == one.raw for one in record.fields)
    assert record.unknown == ()


def test_what_stands_in_a_cell_is_taken_apart_and_points_into_it(read):
    (record,) = read(as_csv([ROW]))
    assert [one.text for one in record.all("countries")] == ["Iran (Islamic Republic of)", "Iraq"]
    assert [one.text for one in record.all("conditions")] == ["Invented disease", "U07.1"]
    assert [one.description.text for one in record.arms] == ["Plasma, 200 ml once.", "Control group: care (bed rest)."]
    assert [(one.title.text, one.time_frame.text, one.method.text) for one in record.outcomes] == [
        ("Change in fever; by thermometer.", "Baseline, 7 days.", "Thermometer; ear."),
        ("Number of deaths.", "28 days.", "Register."),
    ]
    assert record.get("design.allocation").value == "randomised"
    assert record.get("design.masking").value == "single"
    assert record.words("design.allocation_description") == "blocks of 4 by computer, in sealed envelopes, 1:1"
    assert [one.text for one in record.fields if one.private and one.text] == ["a@example.org", "b@example.org"]
    assert record.state("contacts.general.phone") is State.EMPTY


def test_lists_without_structure_are_parted_at_semicolons(read):
    (record,) = read(
        as_csv([row(Primary_outcome="Fever;Death;", Intervention="Drug: A;Drug: B", Source_Register="ClinicalTrials.gov")])
    )
    assert [one.title.text for one in record.outcomes] == ["Fever", "Death"]
    assert [one.text for one in record.all("interventions")] == ["Drug: A", "Drug: B"]


def test_a_european_end_point_is_told_from_the_objectives(read):
    text = (
        "Main Objective: To see;Secondary Objective: More;Primary end point(s): Death;"
        "Timepoint(s) of evaluation of this end point: 28 days"
    )
    (record,) = read(as_csv([row(Primary_outcome=text)]))
    assert [(one.title.text, one.time_frame.text) for one in record.outcomes] == [("Death", "28 days")]
    assert "Secondary Objective" in record.words("outcomes.primary.1.objectives")


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("2020-02-17", "2020-02-17"),
        ("27/01/2020", "2020-01-27"),
        ("20200217", "2020-02-17"),
        ("January 25, 2020", "2020-01-25"),
        ("January 1996", "1996-01"),
        ("17 February 2020", "2020-02-17"),
        ("2020-02-17 00:00:00", "2020-02-17"),
    ],
)
def test_the_forms_of_dates_are_read_without_a_day_invented(read, text, read_as):
    (record,) = read(as_csv([row(Date_enrollement=text)]))
    assert str(record.date_at("dates.expected_start")) == read_as
    assert record.get("dates.expected_start").raw == text


@pytest.mark.parametrize(
    ("changed", "code", "proposal"),
    [
        ({"Phase": "2020-02-01"}, "phase_is_date", "1-2"),
        ({"Phase": "2020-03-02"}, "phase_is_date", "2-3"),
        ({"Phase": "1-Feb"}, "phase_is_date", "1-2"),
        ({"Phase": "2020-07-15"}, "phase_is_date", None),
        ({"Date_enrollement": "2641-06-14"}, "calendar_twice", "2020-03-24"),  # the registry's own page has 2020-03-24
        ({"Retrospective_flag": "No", "Date_enrollement": "2020-03-01"}, "flag_inverted", "Yes"),
        ({"Target_size": "Experimental group:9;Control group:9;"}, "size_by_group", "18"),
        ({"Date_registration": "2020-01-04"}, "dates_differ", "2020-04-01"),
        ({"TrialID": "IRCT20990101000001N1\u202e"}, "direction_mark", "IRCT20990101000001N1"),
        ({"Primary_sponsor": "Assistance Publique H√¥pitaux"}, "letters_misread", "Hôpitaux"),
    ],
)
def test_damage_is_shown_with_a_proposal_and_the_value_stays(read, changed, code, proposal):
    (record,) = read(as_csv([row(**changed)]))
    assert damage(record)[code] == proposal
    name, value = next(iter(changed.items()))
    cells = dict(zip([t.text for t in record.tokens if t.kind == "label"], [c for c in record.text.split("\n") if c], strict=False))
    assert cells[name.replace("_", " ")] == f"{name.replace('_', ' ')}: {value}"
    told = any(one.code == "record.damaged" for one in find_findings(record, today=date(2020, 5, 1)))
    assert told is (code != "flag_inverted")  # true of every such row of an export, so no finding about one record


def test_a_flag_that_the_dates_do_not_contradict_is_left_alone(read):
    for flag, start in (("Yes", "2020-04-20"), ("Yes", "2020-03-01"), ("No", "2020-04-20"), ("No", "2020-04")):
        (record,) = read(as_csv([row(Retrospective_flag=flag, Date_enrollement=start)]))
        assert "flag_inverted" not in damage(record)


def test_a_row_without_damage_shows_none(read):
    one = "Number of deaths. Timepoint: 28 days. Method of measurement: Register."
    (record,) = read(as_csv([row(Retrospective_flag="No", Primary_outcome=one, Target_size="400")]))
    assert damage(record) == {}
    assert find_findings(record, today=date(2020, 5, 1)) == ()


def test_a_spreadsheet_that_took_a_phase_for_a_date_is_seen(read):
    (record,) = read(as_xlsx([row(Phase=datetime(2020, 2, 1), Target_size=40)]))  # noqa: DTZ001  # a cell has no zone
    assert record.words("design.phase") == "2020-02-01"
    assert damage(record)["phase_is_date"] == "1-2"
    assert record.sample_size == 40


def test_a_planned_first_of_the_month_in_a_spreadsheet_may_be_a_month(read):
    changed = {"Source_Register": "ClinicalTrials.gov", "Date_enrollement": datetime(2020, 5, 1)}  # noqa: DTZ001  # a cell has no zone
    assert damage(read(as_xlsx([row(**changed)]))[0])["day_invented"] == "2020-05"
    in_words = {"Source_Register": "ClinicalTrials.gov", "Date_enrollement": "May 1, 2020"}
    assert "day_invented" not in damage(read(as_xlsx([row(**in_words)]))[0])
    assert "day_invented" not in damage(read(as_csv([row(**in_words)]))[0])


def test_cut_and_wordy_sizes_are_no_number(read):
    for size in ("A:1;" * 63 + "BB", "Medical students group; others:1300;x", "many"):
        (record,) = read(as_csv([row(Target_size=size)]))
        assert record.sample_size is None
        assert record.get("design.sample_size.target").problem


def test_a_column_that_no_list_knows_is_kept_and_reported(read):
    (record,) = read(as_csv([ROW | {"New column": "new"}]))
    assert [(one.key, one.text) for one in record.unknown] == [("unknown.new_column", "new")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_usual_delimiters_and_a_byte_order_mark_are_read(read, delimiter):
    (record,) = read(b"\xef\xbb\xbf" + as_csv([ROW], delimiter))
    assert record.identifier == ROW["TrialID"]


def test_a_row_is_not_a_file_and_cannot_be_written_as_one(read):
    with pytest.raises(RecordError, match="one row of an export"):
        write_record(read(as_csv([ROW]))[0])


def test_a_bad_row_is_refused_and_the_next_is_read(read):
    lines = as_csv([ROW, ROW]).split(b"\r\n")
    found = read(
        b"\r\n".join([lines[0], b"only,three,cells", lines[1], lines[2].replace(b"Invented plasma,", b"Inv\x00,", 1), b""])
    )
    assert [type(one).__name__ for one in found] == ["RecordError", "Record", "RecordError"]
    assert "3 cells where the heading has" in str(found[0])
    assert "U+0000" in str(found[2])


def test_a_file_of_one_record_is_read_among_the_many(read):
    (record,) = read(b'{"protocolSection": {"identificationModule": {"nctId": "NCT09990003"}}}')
    assert isinstance(record, Record)
    assert record.identifier == "NCT09990003"


def zipped(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def from_1904(book):
    book.epoch = openpyxl.utils.datetime.MAC_EPOCH


LAUGHS = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 10}'>" for n in range(9)) + "]>"
OUTSIDE = "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (as_xml([row(TrialID="&f;")], OUTSIDE), "document type"),
        (as_xml([ROW], LAUGHS), "document type"),
        (
            as_xml([ROW], "<?xml version='1.0' encoding='UTF-8'?>" + " " * 70_000 + OUTSIDE.partition("?>")[2]),
            "document type|looks like XML",
        ),
        (as_xml([ROW])[:-40], "XML is broken"),
        (as_xml([ROW]).replace(b"<Acronym>", b"<Acronym>" + b"<a>" * 5000 + b"</a>" * 5000), "XML is broken|elements"),
        (as_xml([ROW]).replace(b"</Acronym>", b"</Acronym>" + b"<x/>" * 5000), "elements"),
        (as_csv([ROW]) + b'"open quote,1,2\r\nx,y\r\n', "quote may be open"),
        (as_csv([row(Acronym="x" * 140_000)]), "field larger than field limit"),
        (as_csv([ROW]) + "\u06f1,é".encode("cp1256", errors="replace"), "not UTF-8|cells where"),
        (as_csv([ROW]).decode().encode("utf-16"), "UTF-16"),
        (zipped([("xl/workbook.xml", b"0" * 300_000_000)]), "unpacks to 286 MB"),
        (zipped([(f"{n}.xml", b"") for n in range(1500)]), "1500 parts"),
        (zipped([("xl/workbook.xml", OUTSIDE.encode())]), "document type"),
        (zipped([("a.txt", b"hello")]), "no readable workbook"),
        (as_xlsx([ROW])[:3000], "no readable workbook"),
        (as_xlsx([ROW], from_1904), "from 1904"),
        (as_xlsx([{"a": 1}]), "no sheet with the columns"),
        (b"TrialID,b\r\n1,2\r\n", "not in a form that is read"),
    ],
)
def test_hostile_files_end_in_one_sentence_at_once(read, data, words):
    began = time.perf_counter()
    found = read(data)
    assert time.perf_counter() - began < 2
    refusal = found[-1]
    assert isinstance(refusal, RecordError)
    assert re.search(words, str(refusal)), str(refusal)
    assert "\n" not in str(refusal)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(list(ROW)), st.text(max_size=60), max_size=6))
def test_whatever_stands_in_the_cells_is_kept_or_refused_and_can_be_checked(read, changed):
    (found,) = read(as_csv([ROW | changed]).replace(b"\xef\xbb\xbf", b"")) or [None]
    if isinstance(found, RecordError):
        return
    values = [token.text for token in found.tokens if token.kind == "value"]
    assert values == [value.replace("\ufeff", "") for value in (ROW | changed).values() if value.replace("\ufeff", "")]
    assert all(found.text[one.span.start : one.span.end] == one.raw for one in found.fields)
    assert len({one.path for one in found.fields}) == len(found.fields)
    assert all(one.places for one in find_findings(found, today=date(2020, 5, 1)))
