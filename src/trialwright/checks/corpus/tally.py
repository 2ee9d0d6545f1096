"""Counts of a part of a corpus, and its findings as rows of a table.

A part is checked wherever an engine puts it; parts are put together again in the order of the corpus, so that the result is the
same bytes for any number of processes.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from trialwright.checks import find_findings
from trialwright.checks.corpus.asked import asked_of
from trialwright.checks.findings import Finding
from trialwright.checks.review.masking import Mask
from trialwright.registry import Record, RecordError, Row, find_damage, read_row

Item: TypeAlias = Row | Record | RecordError
Group: TypeAlias = tuple[str, str]

MOST_REFUSALS = 100
MOST_REGISTRIES = 100
COLUMNS = (
    "source",
    "identifier",
    "registry",
    "year",
    "code",
    "severity",
    "message",
    "path",
    "words",
    "places",
    "wording",
)
REFUSAL_COLUMNS = ("code", "sentence", "sentence_fa")
OTHER, UNKNOWN = "other", "unknown"
_LONGEST_WORDS, _LONGEST_NAME = 300, 60


@dataclass(kw_only=True, slots=True)
class Tally:
    """Counts of records, by registry and year; of records a check can speak of; and of records that have its finding."""

    records: Counter[Group] = field(default_factory=Counter)
    asked: Counter[tuple[Group, str]] = field(default_factory=Counter)
    found: Counter[tuple[Group, str]] = field(default_factory=Counter)
    severities: Counter[tuple[str, str]] = field(default_factory=Counter)
    damage: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    refused: int = 0
    refusals: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the counts of another part of the corpus; a registry beyond the hundredth name is counted as "other"."""
        names = {registry for registry, _ in self.records}
        for group, count in other.records.items():
            self.records[_within(group, names)] += count
        for mine, theirs in ((self.asked, other.asked), (self.found, other.found)):
            for (group, code), count in theirs.items():
                mine[_within(group, names), code] += count
        self.severities.update(other.severities)
        self.damage.update(other.damage)
        self.findings += other.findings
        self.refused += other.refused
        self.refusals = (self.refusals + other.refusals)[:MOST_REFUSALS]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of a corpus after its checks: counts, and findings and refusals as lines of CSV."""

    tally: Tally
    findings: str
    refusals: str


def check_part(items: Iterable[Item], *, today: date, with_rows: bool = True) -> Part:
    """Run every check on some records."""
    counted, findings, refusals = Tally(), io.StringIO(), io.StringIO()
    rows, refused = csv.writer(findings, lineterminator="\n"), csv.writer(refusals, lineterminator="\n")
    for item in items:
        record = _read(item)
        if isinstance(record, RecordError):
            counted.refused += 1
            counted.refusals = [*counted.refusals, str(record)][:MOST_REFUSALS]
            refused.writerow((record.code, record.text.en, record.text.fa))
            continue
        found = find_findings(record, today=today)
        group = _group(record)
        _count(counted, record, group, found)
        if with_rows and found:
            mask = Mask.of(record, shows_all=False)
            rows.writerows(_row(record, group, mask.hide_in(one)) for one in found)
    return Part(tally=counted, findings=findings.getvalue(), refusals=refusals.getvalue())


def _read(item: Item) -> Record | RecordError:
    try:
        return read_row(item) if isinstance(item, Row) else item
    except RecordError as error:
        return error


def _group(record: Record) -> Group:
    registered = record.date_at("dates.registration")
    return record.registry[:_LONGEST_NAME], str(registered.earliest.year) if registered else UNKNOWN


def _within(group: Group, names: set[str]) -> Group:
    if group[0] not in names:
        if len(names) >= MOST_REGISTRIES:
            return OTHER, group[1]
        names.add(group[0])
    return group


def _count(counted: Tally, record: Record, group: Group, findings: Iterable[Finding]) -> None:
    every = tuple(findings)
    counted.records[group] += 1
    counted.findings += len(every)
    counted.severities.update({(one.code, one.severity) for one in every})
    counted.found.update((group, code) for code in {one.code for one in every})
    counted.asked.update((group, code) for code in asked_of(record))
    counted.damage.update({one.code for one in find_damage(record)})


def _row(record: Record, group: Group, one: Finding) -> tuple[object, ...]:
    """A finding as a row: blanks and line ends are one space, words are the first 300 characters of the first place."""
    first = one.places[0]
    texts = (one.message.en, first.path, first.text[: 4 * _LONGEST_WORDS])
    message, path, words = (" ".join(text.split()) for text in texts)
    wording = " ".join((one.wording or "").split())
    who = (record.name, record.identifier or "", *group)
    return (*who, one.code, one.severity, message, path, words[:_LONGEST_WORDS], len(one.places), wording)
