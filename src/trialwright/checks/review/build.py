"""From a record and its findings to a review: findings get their numbers, and the record's words get them too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from trialwright.checks.damage import DAMAGE_CHECKS
from trialwright.checks.findings import Finding
from trialwright.checks.review.annotated import is_markup, read_fields, read_lines
from trialwright.checks.review.masking import Mask
from trialwright.checks.review.model import Group, Line, Numbered, Review, Segment
from trialwright.checks.scores import score_completeness
from trialwright.registry import Record

_DAMAGE = frozenset(one.code for one in DAMAGE_CHECKS)
_GROUPS: tuple[Group, ...] = ("error", "warning", "note", "damage")
_LONGEST_TITLE = 300


def make_review(record: Record, findings: Iterable[Finding], *, today: date, shows_contacts: bool = False) -> Review:
    """Make the review of a record. Phones and e-mail addresses are left out unless its own registrant asks for them."""
    mask = Mask.of(record, shows_all=shows_contacts)
    numbered = _number(findings)
    blocks, left_out = read_fields(record, numbered, mask) if is_markup(record) else (read_lines(record, numbered, mask), 0)
    lines = [line for block in blocks for line in block.lines]
    title = record.words("titles.public") or record.words("titles.scientific")
    return Review(
        name=mask.hide(record.name),
        title=mask.hide(title)[:_LONGEST_TITLE],
        identifier=record.identifier or "",
        registry=record.registry,
        today=today,
        findings=tuple(Numbered(number=one.number, group=one.group, finding=mask.hide_in(one.finding)) for one in numbered),
        blocks=blocks,
        unknown=tuple(Line(number=one.span.line, segments=(Segment(text=mask.hide(one.raw.strip())),)) for one in record.unknown),
        completeness=score_completeness(record),
        left_out=left_out,
        hidden=sum(segment.kind == "hidden" for line in lines for segment in line.segments),
    )


def _number(findings: Iterable[Finding]) -> tuple[Numbered, ...]:
    """Number the findings in the order in which they are listed: by severity, and damage on the way by itself."""
    grouped: list[tuple[Group, Finding]] = [("damage" if one.code in _DAMAGE else one.severity, one) for one in findings]
    grouped.sort(key=lambda pair: _GROUPS.index(pair[0]))
    return tuple(Numbered(number=number, group=group, finding=one) for number, (group, one) in enumerate(grouped, start=1))
