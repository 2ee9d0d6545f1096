"""The house keeps its word: every check is documented, sourced, bilingual and fast."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.checks import ALL_CHECKS, find_findings
from trialwright.checks.findings import SENTENCES
from trialwright.registry import RecordError, read_record
from trialwright.terms.sentences import read_sentences


@pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: check.code)
def test_a_check_says_its_rule_its_source_and_what_to_do(check):
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", check.code)
    assert check.severity in ("error", "warning", "note")
    assert check.rule_text.en.endswith(".")
    assert check.rule_text.fa.endswith(".")
    assert len(check.source) > 10
    assert check.todo.en.endswith(".")
    assert check.todo.fa.endswith(".")
    assert check.look.__doc__


def test_codes_are_unique():
    codes = sorted(check.code for check in ALL_CHECKS)
    assert all(first != second for first, second in pairwise(codes))


def test_every_sentence_belongs_to_a_check_and_has_the_same_gaps_in_both_languages():
    codes = {check.code for check in ALL_CHECKS}
    for key, text in read_sentences(SENTENCES).items():
        assert ".".join(key.split(".")[:2]) in codes
        assert set(re.findall(r"{(\w+)[:}]", text.en)) == set(re.findall(r"{(\w+)}", text.fa)), key


def test_reading_and_checking_takes_less_than_a_third_of_a_second(registered, today):
    find_findings(read_record(registered["fsgs"].encode()), today=today)
    for text in registered.values():
        began = time.process_time()
        find_findings(read_record(text.encode()), today=today)
        assert time.process_time() - began < 0.3


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_record_with_lines_lost_or_changed_is_checked_without_a_crash(data, registered, today):
    lines = registered[data.draw(st.sampled_from(["lupus", "fsgs"]))].split("\n")
    for _ in range(data.draw(st.integers(1, 15))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(st.one_of(st.just(""), st.text(max_size=30), st.sampled_from(lines)))
    try:
        record = read_record("\n".join(lines).encode("utf-8", errors="ignore"))
    except RecordError:
        return
    for finding in find_findings(record, today=today):
        assert finding.places
