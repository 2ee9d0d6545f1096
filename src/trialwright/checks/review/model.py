"""The parts of a review, before any of them is markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.checks.findings import Finding, Severity
from trialwright.checks.scores import Completeness

Kind = Literal["heading", "label", "text", "hidden"]
Group = Literal["error", "warning", "note", "damage"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """Some words of the record that are marked alike. `ends` are the findings whose marked words end here."""

    text: str
    kind: Kind = "text"
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the record, or one of its fields. `notes` are the findings that are told beside it.

    `number` is the line in the file, 0 where the file has no lines to speak of; `label` stands before a field's words. `anchor` is
    the line's id in the copy, so that other documents can lead to it.
    """

    number: int
    segments: tuple[Segment, ...]
    label: str = ""
    notes: tuple[int, ...] = ()
    is_persian: bool = False
    anchor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Lines that belong together: an outcome with its time frame, an arm. `key` is empty where the text has its own headings."""

    key: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A finding with its number in the review; `group` is where it is listed."""

    number: int
    group: Group
    finding: Finding

    @property
    def severity(self) -> Severity:
        return self.finding.severity


@dataclass(frozen=True, kw_only=True)
class Review:
    """A record with its findings, ready to be shown in either language. `hidden` counts phones and e-mails that are left out.

    `left_out` counts fields of results and other sections without a finding, which a review does not print.
    """

    name: str
    title: str
    identifier: str
    registry: str
    today: date
    findings: tuple[Numbered, ...]
    blocks: tuple[Block, ...]
    unknown: tuple[Line, ...]
    completeness: Completeness
    left_out: int
    hidden: int

    def group(self, group: Group) -> tuple[Numbered, ...]:
        """Give the findings listed under one heading."""
        return tuple(one for one in self.findings if one.group == group)
