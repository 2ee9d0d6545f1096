"""A record while it is being carried over: who was taken along, and what is left when the writer is done.

Whatever a writer does not take is listed at the end by itself, so that a writer cannot forget a field in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trialwright.registry.carry.carried import Remark, RemarkKind, remark
from trialwright.registry.record import Field, Record, State
from trialwright.terms.dates import DateError, PartialDate

_COPY = ("document", "unknown")
_LARGE = ("results", "annotations", "documents", "derived", "derived_ages", "results_posted")
_BY_REGISTRY = (
    "dates.registration",
    "dates.last_update",
    "updates",
    "design.registration_timing",
    "dates.first_",
    "dates.refreshed",
)
_KINDS = {
    "dates.start_type": ("dates.actual_start", "dates.expected_start"),
    "dates.primary_completion_type": ("dates.actual_primary_completion", "dates.expected_primary_completion"),
    "dates.completion_type": ("dates.completion", "dates.expected_completion"),
    "design.sample_size.type": ("design.sample_size.actual", "design.sample_size.target"),
}
_SHOWN = 200


@dataclass(kw_only=True)
class Source:
    """The record, what was taken from it, and the remarks so far."""

    record: Record
    public: bool = False
    remarks: list[Remark] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def take(self, key: str) -> Field | None:
        """Take the first field at a key along, if it says something that may be told here."""
        found = next((one for one in self.record.all(key) if one.key == key and one.state is State.VALUE), None)
        if found is None:
            return None
        self._taken.add(found.path)
        return found if self._may_be_told(found) else None

    def words(self, key: str) -> str:
        """Take the words at a key."""
        found = self.take(key)
        return found.text if found else ""

    def first(self, *keys: str) -> Field | None:
        """Take the first of several keys that says something."""
        return next((found for key in keys if (found := self.take(key)) is not None), None)

    def every(self, key: str) -> list[Field]:
        """Take all fields with exactly this key."""
        found = [one for one in self.record.all(key) if one.key == key and one.state is State.VALUE]
        self._taken.update(one.path for one in found)
        return [one for one in found if self._may_be_told(one)]

    def imply_kinds(self) -> None:
        """Note that "actual" or "estimated" is said by the field in which a date or a number now stands."""
        for key, values in _KINDS.items():
            if any(path in self._taken for path in values):
                for one in self.every(key):
                    self.say("moved", "implied", one)

    def every_under(self, prefix: str) -> list[Field]:
        """Take all fields under a key."""
        keys = dict.fromkeys(one.key for one in self.record.all(prefix) if one.state is State.VALUE)
        return [one for key in keys for one in self.every(key)]

    def is_taken(self, one: Field) -> bool:
        """Say whether a field was taken along."""
        return one.path in self._taken

    def peek(self, key: str) -> Field | None:
        """Look at a key without taking it."""
        found = self.record.get(key)
        return found if found is not None and found.state is State.VALUE else None

    def keep(self, *fields: Field) -> None:
        """Note that fields stand under their own keys with their own values."""
        self.kept.extend(one.path for one in fields)

    def say(self, kind: RemarkKind, code: str, one: Field, **facts: object) -> None:
        """Make a remark about a field."""
        self.remarks.append(
            remark(kind, code, key=one.path, words=_shortened(one.text), private=one.private and self.public, facts=facts)
        )

    def lacks(self, key: str, to: str) -> None:
        """Note that the form asks for something that the record does not hold."""
        self.remarks.append(remark("missing", "missing", key=key, facts={"to": to}))

    def leave_rest(self) -> None:
        """List everything that was not taken."""
        for block in _LARGE:
            found = list(self._left(block))
            if len(found) > 1:
                self.remarks.append(
                    remark("left_out", "no_counterpart_many", key=block, words=f"{len(found)} values", facts={"count": len(found)})
                )
                self._taken.update(one.path for one in found)
        taken = {(one.key, one.text) for one in self.record.fields if one.path in self._taken}
        for one in self.record.fields:
            if one.state is State.VALUE and one.path not in self._taken and (one.key, one.text) not in taken:
                self.say("left_out", _reason(one.key), one)

    def day(self, one: Field | None) -> PartialDate | None:
        """Give the Gregorian date of a field with the precision that it has, or say why there is none."""
        if one is None:
            return None
        if one.date is None:
            self.say("left_out", "unreadable_date", one, problem=one.problem or "it is no date.")
            return None
        try:
            return one.date.in_gregorian()
        except DateError as error:
            self.say("left_out", "unreadable_date", one, problem=error)
            return None

    def _left(self, block: str) -> Iterator[Field]:
        return (one for one in self.record.all(block) if one.state is State.VALUE and one.path not in self._taken)

    def _may_be_told(self, one: Field) -> bool:
        if not (self.public and one.private):
            return True
        if not any(said.key == one.path and said.code == "private" for said in self.remarks):
            self.say("left_out", "private", one)
        return False


def _reason(key: str) -> str:
    if key.partition(".")[0] in _COPY:
        return "copy_only"
    return "set_by_registry" if key.startswith(_BY_REGISTRY) else "no_counterpart"


def _shortened(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + "…"
