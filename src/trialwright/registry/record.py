"""A registry record as a tree of fields that still knows every character it came from.

A field has the label as printed, a key that stays the same between registries
(`outcomes.primary.1.timepoint`), the raw text, its place, and a typed value where it has one.
Nothing printed, the word "empty" and no such field are three different things: the first two are
answers of the registrant, the third may be a limit of the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal, overload

from trialwright.terms.dates import DatePair, PartialDate

Level = Literal["primary", "secondary", "other"]
Language = Literal["en", "fa"]
TypedValue = PartialDate | DatePair | int | bool | str | None
TokenKind = Literal["heading", "ordinal", "label", "value", "markup", "space", "other"]

_LATIN = re.compile("[A-Za-z]")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~])")


class State(StrEnum):
    """What a record says at a key."""

    VALUE = "value"
    EMPTY = "empty"
    """The label is printed and nothing follows it."""
    SAYS_EMPTY = "says_empty"
    """The word "empty" is printed."""
    ABSENT = "absent"
    """There is no such field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A place in the file: first line (from 1) and character offsets, end exclusive."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A piece of the file. All tokens of a record, one after the other, are the file."""

    kind: TokenKind
    text: str
    span: Span


class MadeOnDemand(Sequence[Token]):
    """Tokens that are made when somebody asks for them; the text is known without them. Who only checks never asks."""

    def __init__(self, text: Callable[[], str], pieces: Callable[[], Iterable[Token]]) -> None:
        self._text = text
        self._pieces = pieces

    @cached_property
    def text(self) -> str:
        """The whole file as text."""
        return self._text()

    @cached_property
    def _made(self) -> tuple[Token, ...]:
        return tuple(self._pieces())

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Token]: ...
    def __getitem__(self, at: int | slice) -> Token | Sequence[Token]:
        return self._made[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MadeOnDemand) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing a record says. `path` is unique in the record; `key` may be printed twice.

    `problem` tells why a value that should be a date or a number could not be read as one.
    `private` marks a person's phone or e-mail, which public pages leave out.
    """

    key: str
    path: str
    label: str | None
    raw: str
    span: Span
    state: State
    value: TypedValue = None
    problem: str | None = None
    private: bool = False

    @cached_property
    def text(self) -> str:
        r"""The raw text trimmed, without Markdown escapes: `\<200` is `<200`."""
        return _ESCAPE.sub(r"\1", self.raw).strip() if self.state is State.VALUE else ""

    @property
    def language(self) -> Language | None:
        """The language of the value by its letters; None where it has none (a number, nothing printed)."""
        if self.text.isascii():
            return "en" if _LATIN.search(self.text) else None
        letters = [one for one in self.text if one.isalpha()]
        persian = sum("\u0600" <= one <= "\u06ff" for one in letters)
        return None if not letters else "fa" if persian * 2 > len(letters) else "en"

    @property
    def date(self) -> PartialDate | None:
        """The date in the calendar of its source (Gregorian where both are printed), if it is one."""
        if isinstance(self.value, DatePair):
            return self.value.gregorian
        return self.value if isinstance(self.value, PartialDate) else None

    @property
    def number(self) -> int | None:
        """The value if it is a whole number."""
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A registered outcome with the fields that say what, when and how.

    `level` is None where the text does not tell primary from secondary.
    """

    path: str
    level: Level | None
    title: Field
    description: Field | None = None
    time_frame: Field | None = None
    method: Field | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields in the order what, how described, when, how measured."""
        every = (self.title, self.description, self.time_frame, self.method)
        return tuple(one for one in every if one is not None)

    @property
    def text(self) -> str:
        """All its words, one field a line."""
        return "\n".join(one.text for one in self.fields if one.text)


@dataclass(frozen=True, kw_only=True)
class Arm:
    """A registered intervention group."""

    path: str
    description: Field
    category: Field | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """A registry record read from a file. `form` is the id of the form it was printed in."""

    name: str
    form: str
    registry: str
    fields: tuple[Field, ...]
    tokens: Sequence[Token]
    byte_order_mark: bool = False
    source: bytes | None = field(default=None, repr=False)
    """The file's bytes where the text was taken out of them (a PDF); else the text is the file."""
    _by_key: Mapping[str, tuple[Field, ...]] = field(init=False, repr=False, compare=False)
    _by_block: Mapping[str, list[Field]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key: dict[str, list[Field]] = {}
        by_block: dict[str, list[Field]] = {}
        for one in self.fields:
            by_key.setdefault(one.key, []).append(one)
            by_block.setdefault(one.key.partition(".")[0], []).append(one)
        object.__setattr__(self, "_by_block", by_block)
        object.__setattr__(self, "_by_key", {key: tuple(found) for key, found in by_key.items()})

    @property
    def text(self) -> str:
        """The whole file as text."""
        if isinstance(self.tokens, MadeOnDemand):
            return self.tokens.text
        return "".join(token.text for token in self.tokens)

    @property
    def identifier(self) -> str | None:
        """The registry's number, or None where the text does not contain it or cannot be trusted for it."""
        found = self.get("ids.registry")
        return found.text if found is not None and found.state is State.VALUE and not found.problem else None

    @property
    def unknown(self) -> tuple[Field, ...]:
        """Lines that no label claims. They are kept, printed again, and shown to the reader."""
        return self.all("unknown")

    def get(self, key: str) -> Field | None:
        """Give the first field with this key, or None."""
        found = self._by_key.get(key)
        return found[0] if found else None

    def state(self, key: str) -> State:
        """Say what the record has at a key; `absent` where there is no field."""
        found = self.get(key)
        return found.state if found else State.ABSENT

    def words(self, key: str) -> str:
        """Give the text at a key, or an empty string."""
        found = self.get(key)
        return found.text if found else ""

    def date_at(self, key: str) -> PartialDate | None:
        """Give the date at a key, if there is one that could be read."""
        found = self.get(key)
        return found.date if found else None

    def all(self, prefix: str) -> tuple[Field, ...]:
        """Give the fields at a key and under it, in the order of the file."""
        inside = prefix + "."
        near = self._by_block.get(prefix.partition(".")[0], ())
        return tuple(one for one in near if one.key == prefix or one.key.startswith(inside))

    def items(self, prefix: str) -> tuple[str, ...]:
        """Give the keys of a repeated block in order: `arms.1`, `arms.2`."""
        depth = prefix.count(".") + 2
        found = (".".join(one.key.split(".")[:depth]) for one in self.all(prefix))
        return tuple(dict.fromkeys(key for key in found if key.rpartition(".")[2].isdigit()))

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes in the order of the file. One without a title stands under its first words."""
        blocks: list[tuple[str, Level | None]] = [
            ("outcomes.primary", "primary"),
            ("outcomes.secondary", "secondary"),
            ("outcomes.other", "other"),
            ("outcomes.listed", None),
        ]
        return tuple(outcome for prefix, level in blocks for outcome in self._outcomes(prefix, level))

    @cached_property
    def arms(self) -> tuple[Arm, ...]:
        """The intervention groups: described, or with no more than a label."""
        found = ((path, self.get(f"{path}.description") or self.get(f"{path}.label")) for path in self.items("arms"))
        return tuple(
            Arm(path=path, description=described, category=self.get(f"{path}.category"))
            for path, described in found
            if described is not None
        )

    @property
    def sample_size(self) -> int | None:
        """The target number of participants."""
        found = self.get("design.sample_size.target")
        return found.number if found else None

    @property
    def start(self) -> Field | None:
        """The actual start of recruitment where it is known, else the expected start."""
        return self._first_dated("dates.actual_start", "dates.expected_start")

    @property
    def end(self) -> Field | None:
        """The actual end of recruitment where it is known, else the expected end."""
        return self._first_dated("dates.actual_end", "dates.expected_end")

    def _first_dated(self, *keys: str) -> Field | None:
        found = (self.get(key) for key in keys)
        return next((one for one in found if one is not None and one.date is not None), None)

    def _outcomes(self, prefix: str, level: Level | None) -> Iterator[Outcome]:
        for path in self.items(prefix):
            title = self.get(f"{path}.title") or next(iter(self.all(path)))
            yield Outcome(
                path=path,
                level=level,
                title=title,
                description=self.get(f"{path}.description"),
                time_frame=self.get(f"{path}.timepoint"),
                method=self.get(f"{path}.method"),
            )


def record_as_json(record: Record) -> dict[str, object]:
    """Give the record as one plain object: what `read --json` prints."""
    return {
        "name": record.name,
        "form": record.form,
        "registry": record.registry,
        "identifier": record.identifier,
        "fields": [_field_as_json(one) for one in record.fields],
        "unknown": [one.path for one in record.unknown],
    }


def _field_as_json(one: Field) -> dict[str, object]:
    found: dict[str, object] = {
        "path": one.path,
        "label": one.label,
        "state": one.state.value,
        "raw": one.raw,
        "place": {"line": one.span.line, "start": one.span.start, "end": one.span.end},
    }
    if one.language == "fa":
        found["language"] = "fa"
    if one.value is not None:
        found["value"] = _value_as_json(one.value)
    if one.problem:
        found["problem"] = one.problem
    if one.private:
        found["private"] = True
    return found


def _value_as_json(value: TypedValue) -> object:
    if isinstance(value, DatePair):
        return {"gregorian": str(value.gregorian), "jalali": str(value.jalali)}
    if isinstance(value, PartialDate):
        return {value.calendar: str(value), "precision": value.precision}
    return str(value) if isinstance(value, date) else value
