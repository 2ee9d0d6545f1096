"""Many records: each is counted once, rates have the right denominator and interval, and processes change nothing."""

import csv
import hashlib
import re
from datetime import date
from itertools import chain

import joblib
import polars
import pytest

from trialwright.checks import ALL_CHECKS, find_findings
from trialwright.checks.corpus import find_rates, survey_corpus, tally_as_json, tally_corpus, wilson_interval, write_survey
from trialwright.checks.corpus import tally as tally_module
from trialwright.checks.corpus.asked import asked_of
from trialwright.checks.corpus.page import chosen_codes, read_published
from trialwright.registry import Row, read_record, read_row

TODAY = date(2020, 6, 1)
COLUMNS = (
    "TrialID,Public title,Scientific title,Primary sponsor,Date registration,Date enrollement,Source Register,"
    "Target size,Study design,Phase,Condition,Primary outcome"
)


def trial(number, *, registry="IRCT", registered="2020-04-01", start="2020-05-01", design="Allocation: Randomized. ", phase="3"):
    return [f"X{number}", "T", "T", "S", registered, start, registry, "40", design, phase, "C", "Death"]


@pytest.fixture
def corpus(tmp_path):
    def corpus(rows, name="export.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS.split(","))
            writer.writerows(rows)
        return path

    return corpus


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe, Stat Med 1998;17:857, table I, method 3 (Wilson score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_agrees_with_newcombe(count, of, low, high):
    assert wilson_interval(count, of) == pytest.approx((low, high), abs=5e-5)


def test_nothing_observed_excludes_nothing():
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_a_rate_is_of_the_records_that_the_check_speaks_of(corpus):
    rows = [
        trial(1, start="2020-03-01"),
        trial(2),
        trial(3, start=""),
        trial(4, registry="ChiCTR", registered="2019-04-01", start="2018-01"),
    ]
    counted = tally_corpus([corpus(rows)], today=TODAY)
    (late,) = [one for one in find_rates(counted) if one.code == "dates.registered_after_start"]
    assert (late.records, late.of) == (2, 3)
    assert late.low < late.share < late.high
    by = {one.registry: (one.records, one.of) for one in find_rates(counted, by="registry") if one.code == late.code}
    assert by == {"IRCT": (1, 2), "ChiCTR": (1, 1)}
    years = {one.year: (one.records, one.of) for one in find_rates(counted, by="year") if one.code == late.code}
    assert years == {"2020": (1, 2), "2019": (1, 1)}


def test_a_record_counts_once_whatever_the_number_of_its_findings(corpus):
    counted = tally_corpus([corpus([trial(1, phase="2020-02-01", start="2641-06-14")])], today=TODAY)
    (damaged,) = [one for one in find_rates(counted) if one.code == "record.damaged"]
    assert (damaged.records, damaged.of) == (1, 1)
    assert counted.damage == {"phase_is_date": 1, "calendar_twice": 1}


def test_what_cannot_be_read_is_counted_and_named(corpus, tmp_path):
    other = tmp_path / "letter.txt"
    other.write_text("Dear colleague")
    said = tally_as_json(tally_corpus([corpus([trial(1), ["short"]]), other], today=TODAY))
    assert (said["records"], said["refused"]) == (1, 2)
    assert "letter.txt" in said["refusals"][1]
    assert said["by_registry"] == {"IRCT": 1}


def test_two_processes_count_what_one_counts(corpus):
    rows = [trial(n, start="2020-03-01" if n % 3 else "2020-05-01") for n in range(450)]
    path = corpus(rows)
    assert tally_as_json(tally_corpus([path], today=TODAY, jobs=2)) == tally_as_json(tally_corpus([path], today=TODAY))


def mixed(number):
    """Rows with and without faults, of two registries and three years."""
    registry = "IRCT" if number % 3 else "ChiCTR"
    start = ("2020-03-01", "2020-05-01", "", "2641-06-14")[number % 4]
    return trial(
        number, registry=registry, registered=f"{2018 + number % 3}-04-01", start=start, phase=("3", "2020-02-01")[number % 2]
    )


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    folder = tmp_path_factory.mktemp("survey")
    export = folder / "export.csv"
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS.split(","), *(mixed(number) for number in range(350)), ["cut", "off"]])
    (folder / "letter.txt").write_text("Dear colleague")
    (folder / "out").mkdir()
    counted = write_survey([export, folder / "letter.txt"], folder / "out", today=TODAY)
    return folder, counted


def test_the_findings_are_the_same_in_csv_and_parquet(survey):
    folder, counted = survey
    rows = list(csv.DictReader((folder / "out" / "findings.csv").open(encoding="utf-8")))
    table = polars.read_parquet(folder / "out" / "findings.parquet")
    assert len(rows) == counted.findings > 200
    assert [{name: str(value) for name, value in row.items()} for row in table.to_dicts()] == rows
    late = [row for row in rows if row["code"] == "dates.registered_after_start"]
    assert {row["registry"] for row in late} == {"IRCT"}  # every ChiCTR row of `mixed` is of 2018
    assert late[0]["source"].endswith("export.csv, row 10")


def test_the_files_are_the_same_bytes_for_any_number_of_processes_and_any_engine(survey, tmp_path):
    folder, _ = survey
    paths = [folder / "export.csv", folder / "letter.txt"]
    for name, jobs, backend in (("two", 2, "loky"), ("three", 3, "threading")):
        (tmp_path / name).mkdir()
        with joblib.parallel_config(backend=backend):
            write_survey(paths, tmp_path / name, today=TODAY, jobs=jobs)
        assert digests(tmp_path / name) == digests(folder / "out")


def test_an_engine_that_hands_back_only_lists_gives_the_same(survey, monkeypatch):
    from joblib._parallel_backends import ThreadingBackend

    folder, counted = survey
    monkeypatch.setattr(ThreadingBackend, "supports_return_generator", False)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        parts = list(survey_corpus([folder / "export.csv"], today=TODAY, jobs=None))
    assert len(parts) == 4
    assert sum(part.tally.findings for part in parts) == counted.findings


def test_what_was_refused_stands_in_a_table_of_its_own(survey):
    folder, counted = survey
    refused = list(csv.DictReader((folder / "out" / "refused.csv").open(encoding="utf-8")))
    assert counted.refused == len(refused) == 2
    assert "2 cells where the heading has 12" in refused[0]["sentence"]
    assert "letter.txt" in refused[1]["sentence"]
    assert re.search("[\u0600-\u06ff]", refused[1]["sentence_fa"])


@pytest.mark.parametrize(("name", "direction"), [("rates.html", "ltr"), ("rates.fa.html", "rtl")])
def test_the_page_of_rates_needs_nothing_and_says_its_sources(survey, name, direction):
    page = (survey[0] / "out" / name).read_text("utf-8")
    assert f'dir="{direction}"' in page
    assert not re.search(r"<script|<link|<img|https?://", page)
    assert "Arch Iran Med 2013;16:671" in page
    assert page.count('<svg class="rate"') > 10
    assert "letter.txt" in page


def test_the_drawn_interval_is_the_interval(survey):
    """On a scale of 232 pixels that begins at 4: the share of all records that were registered late."""
    (late,) = [one for one in find_rates(survey[1]) if one.code == "dates.registered_after_start"]
    page = (survey[0] / "out" / "rates.html").read_text("utf-8")
    drawn = f'd="M{4 + 232 * late.low:.1f} 9.0H{4 + 232 * late.high:.1f}"/><circle class="point" cx="{4 + 232 * late.share:.1f}"'
    assert drawn in page
    assert f"{late.records} of {late.of}" in page


def test_an_address_does_not_reach_the_table(tmp_path):
    cells = [*COLUMNS.split(","), "Contact Email", "Contact Tel"]
    row = [*trial(1), "no mail here@example.org", "12"]
    export = tmp_path / "export.csv"
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([cells, row])
    (tmp_path / "out").mkdir()
    write_survey([export], tmp_path / "out", today=TODAY)
    table = (tmp_path / "out" / "findings.csv").read_text("utf-8")
    assert "contact.email" in table
    assert "here@example.org" not in table


def test_whoever_has_a_finding_could_have_it(registered):
    """A rate is never above one: a check that finds something speaks of that record."""
    names = COLUMNS.split(",")
    rows = (Row(name="e", form="ictrp-csv", number=n, cells=tuple(zip(names, mixed(n), strict=True))) for n in range(24))
    records = chain((read_record(text.encode()) for text in registered.values()), map(read_row, rows))
    for record in records:
        assert {one.code for one in find_findings(record, today=TODAY)} <= set(asked_of(record))


def test_a_row_of_an_export_is_not_asked_for_what_no_column_carries():
    names = COLUMNS.split(",")
    record = read_row(Row(name="e", form="ictrp-csv", number=1, cells=tuple(zip(names, trial(1), strict=True))))
    assert not set(asked_of(record)) & {"outcome.no_safety", "record.items_missing", "design.blinding_undescribed"}


def test_what_is_told_by_itself_and_what_is_compared_are_checks_that_exist():
    codes = {one.code for one in ALL_CHECKS}
    assert set(chosen_codes()) <= codes
    assert {one.code for one in read_published()} <= set(chosen_codes())


def test_registries_beyond_the_hundredth_are_counted_together(monkeypatch, corpus):
    monkeypatch.setattr(tally_module, "MOST_REGISTRIES", 3)
    counted = tally_corpus([corpus([trial(n, registry=f"R{n}") for n in range(9)])], today=TODAY)
    assert tally_as_json(counted)["by_registry"] == {"R0": 1, "R1": 1, "R2": 1, "other": 6}
