"""A sentence of ours is good English and good Persian: plurals, digits, and the record's own words as they stand."""

import re
from datetime import date

import pytest

from trialwright.checks import find_findings
from trialwright.checks.history.changes import load_rules
from trialwright.checks.wording import fill_facts, in_persian_digits
from trialwright.registry import read_record
from trialwright.terms.dates import parse_date
from trialwright.terms.sentences import Text

DAYS = Text(en="{days:day|days} after {start}.", fa="{days} روز پس از {start}.")


@pytest.mark.parametrize(
    ("days", "english"), [(1, "1 day after"), (2, "2 days after"), (0, "0 days after"), (1.6, "1.6 days after")]
)
def test_english_writes_the_form_that_fits_the_number(days, english):
    assert fill_facts(DAYS, {"days": days, "start": "the start"}).en.startswith(english)


@pytest.mark.parametrize(
    ("fact", "persian"),
    [
        (24, "۲۴"),
        (7.5, "۷٫۵"),
        (date(2017, 6, 3), "۲۰۱۷-۰۶-۰۳"),
        (parse_date("1396/03/13"), "۱۳۹۶/۰۳/۱۳"),
        (Text(en="week 1", fa="هفتهٔ 1"), "هفتهٔ ۱"),
        (Text(en="IL-6", fa="اینترلوکین IL-6 و CD4"), "اینترلوکین IL-6 و CD4"),
        ("2017-06-03", "2017-06-03"),
        ("1 week, 12hours", "1 week, 12hours"),
    ],
    ids=str,
)
def test_persian_writes_our_numbers_in_persian_digits_and_quotes_the_record_as_it_stands(fact, persian):
    assert fill_facts(Text(en="{fact}", fa="«{fact}»"), {"fact": fact}).fa == f"«{persian}»"


def test_a_sentence_without_facts_keeps_its_braces():
    assert fill_facts(Text(en="{a}", fa="{a}"), {}).en == "{a}"


def test_names_keep_their_digits():
    assert in_persian_digits("ICD-10 و 25-OH در 12 ماه، HbA1c") == "ICD-10 و 25-OH در ۱۲ ماه، HbA1c"


@pytest.mark.parametrize("name", ["lupus", "fsgs"])
def test_no_finding_of_a_record_writes_a_bracketed_plural_or_a_latin_number_of_ours(name, registered, today):
    found = find_findings(read_record(registered[name].encode()), today=today)
    assert found
    for one in found:
        assert "(s)" not in one.message.en
        assert one.rule.fa != one.rule.en
        quoted = {number for place in one.places for number in re.findall(r"\d+", place.text)}
        alone = re.findall(
            r"(?<![A-Za-z\d+.,/-])\d+(?![A-Za-z\d])", re.sub(r"«[^»]*»|[A-Za-z][^،؛:«»\u0600-\u06ff]*", "", one.message.fa)
        )
        assert {number for number in alone if number.isascii()} <= quoted, one.message.fa


def test_every_rule_of_a_history_is_told_in_both_languages():
    for code, row in load_rules()["codes"].items():
        assert re.search(r"[\u0600-\u06ff]", row["rule"]["fa"]), code
        assert row["rule"]["en"].endswith(".")
