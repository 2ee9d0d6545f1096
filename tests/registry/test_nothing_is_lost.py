"""Whatever happens to a record's text on its way, reading it loses nothing and never crashes."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.registry import RecordError, read_record, write_record

STUDIES = Path(__file__).parents[2] / "studies"
TEXTS = [
    (STUDIES / "IRCT2016090729747N1/registered/2017-06-03.txt").read_text(encoding="utf-8"),
    (STUDIES / "NCT02382874/registered/undated-1.txt").read_text(encoding="utf-8"),
]
WORDS = ["**", "\n", "\r\n", "1", "Description", "Primary outcomes", "Time frame:", "empty", "Contact", "۱۳۹۶/۰۳/۱۳"]


@st.composite
def damaged(draw):
    """A record with lines lost, doubled, moved or mixed with odd ones."""
    lines = draw(st.sampled_from(TEXTS)).split("\n")
    for _ in range(draw(st.integers(0, 12))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "insert", "glue", "swap"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "insert":
                lines.insert(at, draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=20))))
            case "glue" if at + 1 < len(lines):
                lines[at : at + 2] = [lines[at] + draw(st.sampled_from(["", "**", " "])) + lines[at + 1]]
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
    ending = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return draw(st.sampled_from(["", "\ufeff"])) + ending.join(lines)


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_a_damaged_record_prints_again_as_the_same_bytes(text):
    data = text.encode("utf-8", errors="ignore")
    try:
        record = read_record(data)
    except RecordError:
        return
    assert write_record(record) == data
    assert len({one.path for one in record.fields}) == len(record.fields)
    spans = [token.span for token in record.tokens]
    assert all(before.end == after.start for before, after in pairwise(spans))


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_every_word_is_in_a_field_or_is_a_known_word_of_the_form(text):
    try:
        record = read_record(text.encode("utf-8", errors="ignore"))
    except RecordError:
        return
    held = sum(token.span.end - token.span.start for token in record.tokens if token.kind in ("value", "other"))
    assert held <= sum(one.span.end - one.span.start for one in record.fields)
    assert all(not token.text.replace("*", "").replace(":", "").strip() for token in record.tokens if token.kind == "markup")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_words(data):
    with pytest.raises(RecordError):
        read_record(data)
