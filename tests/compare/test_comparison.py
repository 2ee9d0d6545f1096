"""The lupus trial in three versions, and what a document may be said to say (the record and the two abstracts in published/)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from trialwright.compare.compare import ComparisonError, compare
from trialwright.compare.comparison import Row
from trialwright.compare.elements import cells_per_kg, first_number, is_controlled, is_randomised, longest_months, quote
from trialwright.compare.strip import strip_of
from trialwright.compare.text import render_comparison_text
from trialwright.datasets.collected import Collected, CollectedParticipant
from trialwright.study.folder import load_study
from trialwright.study.model import PublishedDocument, PublishedFact, Study

STUDIES = Path(__file__).parents[2] / "studies"


@pytest.fixture(scope="module")
def lupus() -> Study:
    return load_study(STUDIES / "IRCT2016090729747N1")


def row(study: Study, element: str) -> Row:
    return next(r for r in compare(study).rows if r.element == element)


# element, conference abstract of 2018, abstract of the paper of 2022 (registries.md, section 3, read against the record)
KNOWN = [
    ("design", "differs", "differs"),
    ("allocation", "differs", "not_in_source_read"),
    ("sample_size", "differs", "differs"),
    ("dose", "differs", "same"),
    ("donor", "same", "same"),
    ("eligibility", "differs", "differs"),
    ("follow_up", "differs", "differs"),
    ("proteinuria", "not_in_source_read", "same"),
    ("gfr", "not_in_source_read", "not_in_source_read"),
    ("sledai", "not_in_source_read", "same"),
    ("response", "not_in_source_read", "differs"),
    ("safety", "not_in_source_read", "differs"),
]


@pytest.mark.parametrize(("element", "conference", "paper"), KNOWN)
def test_the_lupus_trial_differs_where_its_documents_differ(lupus: Study, element: str, conference: str, paper: str) -> None:
    assert [cell.verdict for cell in row(lupus, element).reported] == [conference, paper]


def test_every_reported_fact_carries_its_sentence(lupus: Study) -> None:
    for r in compare(lupus).rows:
        for cell in r.reported:
            assert bool(cell.value.en) == bool(cell.sentence)


def test_registered_words_name_their_place_in_the_record(lupus: Study) -> None:
    assert row(lupus, "sample_size").registered is not None
    assert row(lupus, "sample_size").registered.sentence == "design.sample_size.target, line 121"
    assert row(lupus, "response").registered is None


def test_conduct_of_the_real_trial_is_not_held(lupus: Study) -> None:
    comparison = compare(lupus)
    assert "not held" in comparison.conduct.en
    assert all(r.rehearsed is None for r in comparison.rows)


@pytest.mark.parametrize(
    ("read", "verdict"),
    [("abstract", "not_in_source_read"), ("not_obtained", "source_not_obtained"), ("full_text", "not_reported")],
)
def test_only_a_full_text_supports_not_reported(lupus: Study, read: str, verdict: str) -> None:
    document = replace(lupus.published[0], read=read, facts=())
    study = replace(lupus, published=(document,))
    assert {cell.verdict for r in compare(study).rows for cell in r.reported} == {verdict}


def test_words_without_a_reader_s_verdict_are_refused_with_the_remedy(lupus: Study) -> None:
    silent = PublishedFact(element="donor", value="Unrelated donors", sentence="methods")
    document: PublishedDocument = replace(lupus.published[0], facts=(silent,))
    with pytest.raises(ComparisonError, match="verdict"):
        compare(replace(lupus, published=(document,)))


def test_the_single_arm_trial_has_no_publication_to_differ_from() -> None:
    comparison = compare(load_study(STUDIES / "NCT02382874"))
    assert [d.read for d in comparison.documents] == ["listing"]
    size = next(r for r in comparison.rows if r.element == "sample_size")
    assert [cell.verdict for cell in size.reported] == ["same"]


def test_a_study_without_a_record_says_so(lupus: Study) -> None:
    with pytest.raises(ComparisonError, match="registered/"):
        compare(replace(lupus, records={}))


def test_the_stored_strip_has_a_cell_for_every_document(lupus: Study) -> None:
    strip = strip_of(compare(lupus))
    assert strip["format"] == 1
    assert all(len(r["reported"]) == len(strip["documents"]) for r in strip["rows"])
    assert {r["conducted"]["mark"] for r in strip["rows"]} == {"not_held"}


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("(2 millions/Kg)", 2_000_000),
        ("at the dose of 2 million cells/kilogram of body weight", 2_000_000),
        ("1000000 cells/kg", 1_000_000),
        ("2×10^6/kg", 2_000_000),
        ("۲ million cells/kg", 2_000_000),
        ("Intravenous injection of AD-MSC", None),
    ],
)
def test_a_dose_is_the_same_in_any_writing(text: str, cells: int | None) -> None:
    assert cells_per_kg(text) == (None if cells is None else Decimal(cells))


def test_designs_are_told_apart() -> None:
    assert is_controlled("Parallel") == is_controlled("Randomised, parallel, open") == "parallel groups"
    assert (
        is_controlled("Phase I, single arm")
        == is_controlled("non-controlled, before and after")
        == is_controlled("NA")
        == "one group"
    )
    assert is_randomised("Randomized") is True
    assert is_randomised("Not randomised") is False
    assert is_randomised("open label") is None
    assert first_number("Target sample size: ۲۰") == 20
    assert longest_months("3 months before against 3 months after") == 3
    assert longest_months("followed 1, 2, 4 weeks and then monthly until a year") == 12


def test_a_long_text_is_quoted_by_its_sentence() -> None:
    text = "The aim is plain. " + "Words " * 40 + "end here. Donors are family members. All patients are followed up."
    assert quote(text, ("donor",)) == "Donors are family members."
    assert quote("short", ("donor",)) == "short"


def test_a_long_quotation_is_begun_in_the_strip_and_whole_beside_it(lupus: Study) -> None:
    donor = next(r for r in strip_of(compare(lupus))["rows"] if r["element"]["en"] == "Donors")["registered"]
    assert len(donor["text"]["en"]) <= 110
    assert donor["sentence"]["en"].startswith(donor["text"]["en"].removesuffix(" …"))
    assert donor["sentence"]["en"].endswith("HLA matching.")


def test_nothing_in_the_strip_counts_by_arm(lupus: Study) -> None:
    """Two runs that differ in who went where, and in nothing else, give the same strip."""
    strips = []
    for arms in (("cells", "control"), ("control", "cells")):
        people = tuple(
            CollectedParticipant(
                id=f"LN-00{number}-R",
                site="mashhad",
                screened_on=date(2017, 7, 1),
                allocated_at=datetime(2017, 8, 1, tzinfo=UTC),
                arm=arm,
            )
            for number, arm in enumerate((*arms, "cells"), start=1)
        )
        collected = Collected(
            study=lupus.id,
            protocol_version="1.0",
            participants=people,
            values=(),
            collections=(),
            infusions=(),
            adverse_events=(),
            deviations=(),
        )
        strips.append(strip_of(compare(lupus, collected=collected, origin="rehearsal")))
    assert strips[0] == strips[1]
    assert next(r for r in strips[0]["rows"] if r["element"]["en"] == "Participants")["conducted"]["text"]["en"] == "3 of 20"


def test_what_the_printed_numbers_imply_stands_beside_them(lupus: Study) -> None:
    """P = 0.008 of nine is the large-sample signed-rank p where all nine fell (z = 22.5 / sqrt(71.25) = 2.666, p = .0077), or the
    exact one with the smallest change against them (patterns with a rank sum of 0 or 1, both sides: 4/512 = .0078). 33.3 % is 3 of
    9, and 88.9 % is 8."""
    comparison = compare(lupus)
    place = [document.id for document in comparison.documents].index("ranjbar_2022")
    beside = next(one for one in comparison.rows if one.element == "proteinuria").reported[place].implied
    said = " ".join(one.plain.en + one.working.en for one in beside)
    assert "p = 0.0077" in said
    assert "p = 0.0078" in said
    assert all(one.plain.fa != one.plain.en for one in beside)
    also = {(document, element): found for document, element, found in comparison.also_implied}
    assert [one.plain.en for one in also["conference_2018", "sex"]] == ["88.9 % is 8 of 9."]
    everywhere = [one for element in comparison.rows for cell in element.reported for one in cell.implied]
    assert any(one.plain.en == "33.3 % is 3 of 9." for one in everywhere)
    text = render_comparison_text(comparison)
    assert "this implies" in text
    for harsh in ("wrong", "false", "suspicious", "fraud", "impossible"):
        assert harsh not in " ".join(one.plain.en for one in everywhere).lower()
