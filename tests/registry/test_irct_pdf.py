"""A PDF is read by two programs; where they differ on a number, a date or an identifier nobody's reading is taken."""

import pytest
from tests.registry import twins

from trialwright.registry import RecordError, irct_pdf, read_record, write_record
from trialwright.registry.irct_print import read_lines


@pytest.fixture(scope="module")
def texts():
    return irct_pdf._texts(twins.as_pdf(), "record.pdf")


def read_as(monkeypatch, texts):
    """Read the PDF as though its two readers had given these texts."""
    monkeypatch.setattr(irct_pdf, "_texts", lambda data, shown: texts)
    return read_record(b"%PDF-1.7", name="record.pdf")


def test_the_pdf_says_what_its_print_says():
    record, printed = read_record(twins.as_pdf(), name="record.pdf"), read_record(twins.as_print())
    assert record.form == "irct-pdf"
    assert {one.path: " ".join(one.text.split()) for one in record.fields if one.key != "document.readers"} == {
        one.path: " ".join(one.text.split()) for one in printed.fields
    }
    assert {one.path: one.value for one in record.fields if one.value is not None} == {
        one.path: one.value for one in printed.fields if one.value is not None
    }
    assert record.words("document.readers") == "pdftotext and pdfium"


def test_the_bytes_of_the_pdf_are_the_record():
    assert write_record(read_record(twins.as_pdf())) == twins.as_pdf()


def test_in_a_persian_pdf_nothing_is_filled_on_which_the_readers_differ():
    """PDFium turns the identifier round, and the two put the numbers of a list in another order (seen with both)."""
    record = read_record(twins.as_pdf(twins.PERSIAN))
    number = record.get("ids.registry")
    assert "irct20990101000001n1" in number.problem
    assert record.identifier is None
    assert record.get("design.sample_size.target").number == 40
    assert str(record.get("dates.expected_start").value) == "2020-04-20, 1399/02/01"
    assert record.get("design.masking").value == "single"
    assert record.unknown == ()


@pytest.mark.parametrize(
    ("printed", "read", "path", "both"),
    [
        ("IRCT20990101000001N1", "1N20990101000001IRCT", "ids.registry", ("irct20990101000001n1", "1n20990101000001irct")),
        (
            "2020-05-02, 1399/02/13",
            "2020-05-20, 1399/02/13",
            "dates.last_update",
            ("2020-05-02 1399/02/13", "2020-05-20 1399/02/13"),
        ),
        ("Baseline, 1, 3 and 6 months", "Baseline, 1, 8 and 6 months", "outcomes.primary.1.timepoint", ("1 3 6", "1 8 6")),
        ("2 million/kg", "5 million/kg", "arms.1.description", ("2", "5")),
        ("IR.INV.REC.1398.001", "IR.INV.REC.1398.01", "ethics.1.reference", ("ir.inv.rec.1398.001", "ir.inv.rec.1398.01")),
    ],
)
def test_a_difference_is_shown_with_both_readings_and_left_unfilled(monkeypatch, texts, printed, read, path, both):
    assert texts["pdfium"].count(printed) >= 1
    record = read_as(monkeypatch, texts | {"pdfium": texts["pdfium"].replace(printed, read, 1)})
    (doubted,) = [one for one in record.fields if one.problem]
    assert doubted.path == path
    assert doubted.value is None
    assert f'pdftotext reads "{both[0]}", PDFium reads "{both[1]}"' in doubted.problem


def test_a_number_that_only_one_reader_sees_is_a_difference(monkeypatch, texts):
    record = read_as(monkeypatch, texts | {"pdfium": texts["pdfium"].replace("\n40\n", "\n", 1).replace(": 40", ":", 1)})
    doubted = record.get("design.sample_size.target")
    assert doubted.value is None
    assert '"40"' in doubted.problem
    assert '"nothing"' in doubted.problem


def test_words_on_which_the_readers_differ_are_no_doubt(monkeypatch, texts):
    record = read_as(monkeypatch, texts | {"pdfium": texts["pdfium"].replace("nephritis", "nephrilis")})
    assert not [one for one in record.fields if one.problem]


def test_one_reader_alone_is_said(monkeypatch, texts):
    record = read_as(monkeypatch, texts | {"pdftotext": None})
    readers = record.get("document.readers")
    assert readers.text == "pdfium"
    assert "seen once" in readers.problem
    assert record.identifier == "IRCT20990101000001N1"


def test_without_the_program_the_worker_gives_no_second_text(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    record = read_record(twins.as_pdf())
    assert "seen once" in record.get("document.readers").problem


def test_a_paragraph_and_a_label_may_fill_several_lines():
    text = (
        "Sponsors / Funding sources\n1\nSponsor\nIs the source of funding the same sponsor\norganization/entity?\nYes\n"
        "Grant name\na\nlong\nname\n"
    )
    record = read_lines(text, wrapped=True).finish(name="", form="irct-pdf", registry="IRCT", byte_order_mark=False)
    assert record.get("sponsors.1.funding.same").value is True
    assert record.words("sponsors.1.grant.name") == "a\nlong\nname"
    assert record.unknown == ()


def test_another_pdf_is_refused_with_words():
    import typst

    with pytest.raises(RecordError, match="not the print of the Iranian registry"):
        read_record(bytes(typst.compile(b"A letter.")))
    with pytest.raises(RecordError, match="without text"):
        read_record(bytes(typst.compile(b"#rect()")))
