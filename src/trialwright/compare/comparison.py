"""What a comparison holds: elements in rows, and in each row what was registered, rehearsed or conducted, and reported.

A document says what it says. A reported fact is `same` or `differs`; what a document that was only partly read does not mention is
`not_in_source_read`, a document nobody obtained is `source_not_obtained`, and only a full text supports `not_reported`.
"""

from dataclasses import dataclass
from typing import Literal

from trialwright.terms.sentences import Text

Verdict = Literal["same", "differs", "not_in_source_read", "source_not_obtained", "not_reported"]

VERDICT_WORDS: dict[Verdict, Text] = {
    "same": Text(en="same", fa="همان"),
    "differs": Text(en="differs", fa="متفاوت"),
    "not_in_source_read": Text(en="not in the source read", fa="در منبع خوانده‌شده نیست"),
    "source_not_obtained": Text(en="source not obtained", fa="منبع به دست نیامد"),
    "not_reported": Text(en="not reported", fa="گزارش نشده"),
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one source says of one element: its value, the sentence or place, the verdict against the registered one, and why.

    `implied` is what the printed numbers say at the number of participants printed.
    """

    value: Text
    sentence: str
    verdict: Verdict | None = None
    because: Text | None = None
    implied: "tuple[Implied, ...]" = ()


@dataclass(frozen=True, kw_only=True)
class Implied:
    """What a printed number implies, with the calculation; the tone is that of arithmetic."""

    plain: Text
    working: Text


@dataclass(frozen=True, kw_only=True)
class Document:
    """A published document: how much of it was read, and why it is taken to belong to this registration."""

    id: str
    title: str
    citation: str
    evidence: str
    read: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One element. `registered` is None where the record says nothing; `rehearsed` where no run was given."""

    element: str
    label: Text
    registered: Cell | None
    rehearsed: Cell | None
    reported: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The whole strip. `conduct` says what is held of the real trial's conduct; a rehearsal never stands in for it."""

    study: str
    record: str
    registered_on: str
    conduct: Text
    origin: str
    documents: tuple[Document, ...]
    rows: tuple[Row, ...]
    also_reported: tuple[tuple[str, str, str, str], ...]
    """(document, element, value, sentence): results without a registered counterpart."""
    also_implied: tuple[tuple[str, str, tuple[Implied, ...]], ...] = ()
    """(document, element, implications) of those results."""
