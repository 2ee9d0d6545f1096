"""Structure-aware and blind mutations of every form: a record with the same bytes, or a refusal in words; never anything else."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.registry import twins

from trialwright.registry import RecordError, find_damage, read_record, record_as_json, write_record
from trialwright.registry.xml_text import read_xml

REPOSITORY = Path(__file__).parents[2]
PIECES = {form: re.findall(r"<[^<>]*>|[^<>\n]+|\n|.", data.decode()) for form, data in twins.TEXTS.items()}
ODD = ["", "<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "&", "&amp;", "&#0;", "&#x110000;", "<?", "?>", "<!DOCTYPE x []>"]
ODD += ["'", '"', "{", "}", "[", "]", ",", ":", "\\", "\\u0000", "NaN", "1e999", "**", "\r", "\r\n", "\x0c", "\u202e", "\u200c"]
ODD += ["\ufeff", "\ud7ff", "😀", "۱۳۹۹/۰۱/۱۳", "2020-13-45", "empty", "1", "Description", "<dt>Age</dt>", "<dd>", "</dd>"]
ODD += ['<div class="subsection">', "<h3>Sharing plan</h3>"]


@st.composite
def mutated(draw):
    """A sample of a form with pieces lost, doubled, swapped, cut, or replaced by odd ones, or by those of another form."""
    pieces = list(PIECES[draw(st.sampled_from(sorted(PIECES)))])
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(pieces) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "odd", "text", "cut", "other", "flood"])):
            case "drop" if len(pieces) > 1:
                del pieces[at]
            case "double":
                pieces.insert(at, pieces[at])
            case "swap":
                other = draw(st.integers(0, len(pieces) - 1))
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case "odd":
                pieces[at] = draw(st.sampled_from(ODD))
            case "text":
                pieces[at] = draw(st.text(max_size=30))
            case "cut":
                pieces[at] = pieces[at][: draw(st.integers(0, len(pieces[at])))]
            case "other":
                pieces.insert(at, draw(st.sampled_from(PIECES[draw(st.sampled_from(sorted(PIECES)))])))
            case "flood":
                pieces[at] *= draw(st.integers(2, 300))
    return "".join(pieces)


def check(data):
    """Read once: a record that is the same bytes, or a refusal in one sentence of both languages."""
    try:
        record = read_record(data, name="fuzzed")
    except RecordError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert "\n" not in str(refusal)
        assert refusal.fa
        return
    assert write_record(record) == data
    assert record.text.encode() == data.removeprefix(b"\xef\xbb\xbf")
    assert len({one.path for one in record.fields}) == len(record.fields)
    assert all(0 <= one.span.start <= one.span.end <= len(record.text) for one in record.fields)
    list(find_damage(record))
    record_as_json(record)


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_a_mutated_record_is_read_without_loss_or_refused(text):
    check(text.encode("utf-8", errors="ignore"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_flipped_bytes_are_read_without_loss_or_refused(data):
    sample = bytearray(twins.TEXTS[data.draw(st.sampled_from(sorted(twins.TEXTS)))])
    for _ in range(data.draw(st.integers(1, 6))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    check(bytes(sample))


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_a_broken_pdf_is_read_without_loss_or_refused(data):
    sample = bytearray(twins.as_pdf())
    for _ in range(data.draw(st.integers(1, 40))):
        sample[data.draw(st.integers(8, len(sample) - 1))] = data.draw(st.integers(0, 255))
    try:
        record = read_record(bytes(sample), name="broken.pdf")
    except RecordError as error:
        refused = str(error)
    else:
        refused = ""
        assert write_record(record) == bytes(sample)
    assert "\n" not in refused


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12)
TREES = st.recursive(
    st.tuples(st.sampled_from("abc"), WORDS, st.just([])),
    lambda inside: st.tuples(st.sampled_from("abc"), WORDS, st.lists(inside, max_size=3)),
    max_leaves=12,
)


def element_of(tree):
    name, words, inside = tree
    element = etree.Element(name, {"k": words} if words.isascii() else {})
    element.text = words
    element.extend(map(element_of, inside))
    return element


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_xml_is_read_as_another_reader_reads_it(tree):
    element = element_of(tree)
    _, leaves = read_xml(etree.tostring(element, encoding="unicode"), name="x")
    theirs = [one.text or "" for one in element.iter() if len(one) == 0]
    mine = [leaf.text for leaf in leaves if "@" not in leaf.path]
    assert [one for one in mine if one.strip()] == [one for one in _texts(element) if one.strip()]
    assert len(mine) >= len(theirs)
    assert sorted(leaf.text for leaf in leaves if "@" in leaf.path) == sorted(
        one.get("k") for one in element.iter() if "k" in one.attrib
    )


def _texts(element):
    """Give the texts in the order in which their elements end, as the reader gives them."""
    for one in element:
        yield from _texts(one)
    yield element.text or ""


def test_a_fuzzer_guided_by_coverage_finds_nothing_for_some_seconds():
    pytest.importorskip("atheris", reason="atheris has no build for this system, so the fuzzer guided by coverage cannot run here")
    command = [
        *(
            "sh",
            "-c",
            '"$@"; exit $?',
            "sh",
        ),  # between: a child starts with the peak memory of who forked it
        sys.executable,
        "-m",
        "tests.registry.fuzz_reading",
        "-max_total_time=8",
        "-max_len=8192",
        "-timeout=5",
        "-rss_limit_mb=400",
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    runs = re.search(r"Done (\d+) runs", done.stderr)
    assert runs, done.stderr[-3000:]
    assert int(runs[1]) > 50
