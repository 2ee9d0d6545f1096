"""A review shows the record's own words, each finding at its words, and nobody's telephone unless its registrant asks."""

import json
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.registry import twins

from trialwright.checks import find_findings, score_completeness
from trialwright.checks.findings import Finding, Place
from trialwright.checks.review import make_review, render_fragment, render_page
from trialwright.registry import read_record
from trialwright.terms.sentences import Text

DAY = date(2026, 6, 12)
PHONE, EMAIL = "+98 51 3884 2981", "matin@um.ac.ir"


class Reader(HTMLParser):
    """What a page shows and what it loads."""

    def __init__(self, page):
        super().__init__()
        self.words, self.ids, self.links, self.tags = [], [], [], set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data):
        self.words.append(data)


def review_of(text, **options):
    record = read_record(text.encode(), name="record.txt")
    return record, make_review(record, find_findings(record, today=DAY), today=DAY, **options)


def words_of(line):
    return "".join(part.text for part in line.segments)


def a_finding(*places, code="x.y"):
    said = Text(en="Something.", fa="چیزی.")
    return Finding(code=code, severity="note", places=places, sentence=said, rule=said, source="S", todo=said)


@pytest.mark.parametrize("name", ["lupus", "fsgs"])
def test_the_copy_is_the_record_line_by_line(name, registered):
    _, review = review_of(registered[name], shows_contacts=True)
    expected = [line for line in registered[name].splitlines() if line.strip()]
    assert [words_of(line) for block in review.blocks for line in block.lines] == expected


@pytest.mark.parametrize("name", ["lupus", "fsgs"])
def test_a_line_has_the_number_that_an_editor_gives_it(name, registered):
    _, review = review_of(registered[name], shows_contacts=True)
    lines = registered[name].splitlines()
    assert all(words_of(line) == lines[line.number - 1] for block in review.blocks for line in block.lines)


@pytest.mark.parametrize("name", ["lupus", "fsgs"])
def test_every_finding_is_told_once_beside_the_copy(name, registered):
    _, review = review_of(registered[name])
    told = [number for block in review.blocks for line in block.lines for number in line.notes]
    assert sorted(told) == [one.number for one in review.findings]
    assert len(told) > 20


def test_the_marked_words_are_the_words_of_the_finding(registered):
    _, review = review_of(registered["lupus"])
    (late,) = [one for one in review.findings if one.finding.code == "dates.registered_after_start"]
    marked = [part.text for block in review.blocks for line in block.lines for part in line.segments if late.number in part.numbers]
    assert marked == ["2017-06-03, 1396/03/13", "2016-07-22, 1395/05/01"]


def test_findings_are_numbered_in_the_order_in_which_they_are_listed(registered):
    _, review = review_of(registered["lupus"])
    listed = [one.number for group in ("error", "warning", "note", "damage") for one in review.group(group)]
    assert listed == list(range(1, len(review.findings) + 1))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_phones_and_addresses_are_left_out_of_what_is_passed_on(language, registered):
    _, review = review_of(registered["lupus"])
    page = render_page(review, language)
    assert "•••" in page
    for private in (PHONE, EMAIL, "@"):
        assert private not in page.replace("@media", "").replace("@page", "")
    _, own = review_of(registered["lupus"], shows_contacts=True)
    assert own.hidden == 0
    assert all(private in render_page(own, language) for private in (PHONE, EMAIL))


def test_an_address_in_free_text_is_left_out_too(registered):
    text = registered["lupus"].replace(
        "In the present study", "Write to someone@example.org or +49 30 1234567. In the present study"
    )
    _, review = review_of(text)
    page = render_fragment(review, "en")
    assert "Write to ••• or •••. " in page.replace('<span class="r-hidden">•••</span>', "•••")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_page_needs_nothing_from_elsewhere_and_its_links_lead_somewhere(language, registered):
    _, review = review_of(registered["lupus"])
    read = Reader(render_page(review, language))
    assert not read.tags & {"script", "img", "link", "iframe", "object", "form"}
    assert {link for link in read.links if not link.startswith("#")} == set()
    assert {link[1:] for link in read.links} <= set(read.ids)
    assert len(read.ids) == len(set(read.ids))
    assert f'dir="{"rtl" if language == "fa" else "ltr"}"' in render_page(review, language)


def test_markup_in_a_record_is_shown_and_never_obeyed(registered):
    planted = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    _, review = review_of(registered["lupus"].replace("Recruitment complete", planted))
    read = Reader(render_page(review, "en"))
    assert "script" not in read.tags
    assert "img" not in read.tags
    assert "<script>alert(1)</script>" in "".join(read.words)


def test_a_persian_sentence_isolates_every_date(registered):
    _, review = review_of(registered["lupus"])
    page = render_fragment(review, "fa")
    assert '<bdi dir="ltr"><span class="r-run">2017-06-03</span>, <span class="r-run">1396/03/13</span></bdi>' in page
    sentences = re.findall(r"<h3>(.*?)</h3>", page, flags=re.DOTALL)
    outside = re.sub(r'<bdi dir="ltr">.*?</bdi>', "", " ".join(sentences))
    assert re.findall(r"\d{4}-\d\d-\d\d", outside) == []
    assert len(sentences) > 20


def test_a_careful_record_has_no_list_and_says_so(corrected):
    record = read_record(corrected["lupus"].encode())
    page = render_fragment(make_review(record, (), today=DAY), "en")
    assert "Nothing was found." in page
    assert "r-finding " not in page


def test_json_is_shown_field_by_field_and_a_place_is_found_in_its_field():
    protocol = {
        "identificationModule": {"nctId": "NCT09990002", "briefTitle": 'Invented "cells"\nfor one'},
        "statusModule": {"overallStatus": "COMPLETED"},
        "contactsLocationsModule": {"centralContacts": [{"name": "A. Person", "phone": "0511234567", "email": "a@example.org"}]},
    }
    text = json.dumps({"protocolSection": protocol, "resultsSection": {"more": {"value": "7"}}})
    record = read_record(text.encode(), name="r.json")
    title = record.get("titles.public")
    place = Place(path=title.path, text='"cells"', line=1, start=title.span.start, end=title.span.end)
    review = make_review(record, [a_finding(place)], today=DAY)
    lines = [line for block in review.blocks for line in block.lines]
    (marked,) = [part.text for line in lines for part in line.segments if part.numbers]
    assert marked == '"cells"'
    assert 'Invented "cells"\nfor one' in [words_of(line) for line in lines]
    assert "NCT09990002" in [words_of(line) for line in lines]
    assert review.left_out == 1
    page = render_fragment(review, "en")
    assert "0511234567" not in page
    assert "a@example.org" not in page
    assert "A. Person" in page


def test_a_row_of_an_export_is_shown_column_by_column():
    from trialwright.registry import Row, read_row

    cells = (("TrialID", "NCT09990002"), ("Public title", "T"), ("Phase", "2020-02-01"), ("Contact Email", "a@example.org"))
    record = read_row(Row(name="e.xlsx", form="ictrp-xlsx", number=7, cells=cells))
    review = make_review(record, find_findings(record, today=DAY), today=DAY)
    lines = [words_of(line) for block in review.blocks for line in block.lines]
    assert lines == ["TrialID: NCT09990002", "Public title: T", "Phase: 2020-02-01", "Contact Email: •••"]
    (damage,) = review.group("damage")
    assert damage.finding.wording == "1-2"


def test_a_mark_over_a_whole_long_line_does_not_drown_the_others(registered):
    record = read_record(registered["lupus"].encode())
    summary = record.get("summary.text")
    whole = Place(path=summary.path, text=summary.text, line=15, start=summary.span.start, end=summary.span.end)
    review = make_review(record, [a_finding(whole)], today=DAY)
    (line,) = [line for block in review.blocks for line in block.lines if 1 in line.notes]
    assert [part.numbers for part in line.segments] == [()]
    assert line.segments[-1].ends == (1,)


@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 200)), max_size=12))
def test_however_marks_overlap_the_words_stay_as_they_are(registered, spans):
    record = read_record(registered["fsgs"].encode())
    marks = [a_finding(Place(path="x", text="", line=1, start=start, end=start + length)) for start, length in spans]
    review = make_review(record, marks, today=DAY, shows_contacts=True)
    expected = [line for line in registered["fsgs"].splitlines() if line.strip()]
    assert [words_of(line) for block in review.blocks for line in block.lines] == expected


@pytest.mark.parametrize("name", ["lupus", "fsgs"])
def test_completeness_stands_beside_the_findings(name, registered):
    record, review = review_of(registered[name])
    scores = score_completeness(record)
    page = render_fragment(review, "en")
    for score in (scores.trds, scores.spirit):
        assert f"{score.counts['given']} of {score.asked} items that apply are given." in page
        assert all(item.name.en in unescape(page) for item in score.items if item.answer == "missing")


@pytest.mark.parametrize("form", [*twins.TEXTS, "irct-pdf"])
def test_every_form_that_is_read_is_reviewed(form):
    data = twins.as_pdf() if form == "irct-pdf" else twins.TEXTS[form]
    record = read_record(data, name=form)
    review = make_review(record, find_findings(record, today=date(2020, 6, 1)), today=date(2020, 6, 1))
    told = [number for block in review.blocks for line in block.lines for number in line.notes]
    assert sorted(told) == [one.number for one in review.findings]
    assert told
    assert review.left_out >= 0
    shown = {words_of(line) for block in review.blocks for line in block.lines}
    assert any((record.words("titles.public") or "?") in words for words in shown)


def test_a_date_inside_a_persian_line_of_the_record_is_not_turned_round():
    (form,) = [name for name in twins.TEXTS if name == "irct-print, Persian"]
    record = read_record(twins.TEXTS[form], name=form)
    page = render_fragment(make_review(record, (), today=DAY), "fa")
    assert '<bdi dir="ltr"><span class="r-run">2020-04-01</span></bdi>' in page
    assert not re.search(r'dir="rtl" lang="fa">[^<]*2020-04-01', page)
