"""Puts tokens and fields together while a form is read, so that no character can get lost.

A reader of a form names the pieces it recognises, in order; what lies between two pieces becomes
`space` (or `markup`, where there are marks). The tokens of the finished record are therefore the file, whatever the reader does.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trialwright.registry.record import Field, Record, Span, State, Token, TokenKind
from trialwright.registry.text import lines_of
from trialwright.registry.values import MANY_LINES, PRIVATE, state_of, typed


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What a printed label stands for: the key in a record and the type of its value."""

    key: str
    type: str = "line"
    choices: Mapping[str, str | bool] = field(default_factory=dict)

    @property
    def may_go_on(self) -> bool:
        """Say whether further paragraphs belong to the same value."""
        return self.type in MANY_LINES


@dataclass(kw_only=True, slots=True)
class _Open:
    meaning: Meaning
    key: str
    label: str | None
    start: int
    end: int
    filled: bool = False


def _as_it_is(text: str) -> str:
    return text


class Builder:
    """Collects the pieces of one text; `finish` gives the record. `decode` turns a piece of the file into what it says."""

    def __init__(self, text: str, *, decode: Callable[[str], str] = _as_it_is) -> None:
        self._text = text
        self._decode = decode
        self._line_starts = [line.start for line in lines_of(text)] or [0]
        self._pieces: list[tuple[int, int, TokenKind]] = []
        self._fields: list[Field] = []
        self._times: dict[str, int] = {}
        self._open: _Open | None = None

    def piece(self, kind: TokenKind, start: int, end: int) -> None:
        """Name a piece of the text: a heading, an ordinal, a mark."""
        if start < end:
            self._pieces.append((start, end, kind))

    def open(self, meaning: Meaning, key: str, label: tuple[int, int] | None) -> None:
        """Begin a field at its label; the value may follow."""
        self.close()
        shown = self._decode(self._text[label[0] : label[1]]).strip() if label else None
        at = label[1] if label else 0
        if label:
            self.piece("label", *label)
        self._open = _Open(meaning=meaning, key=key, label=shown, start=at, end=at)

    def fill(self, start: int, end: int) -> None:
        """Give the open field its value, or one more paragraph of it."""
        if self._open is None:
            self.unknown(start, end)
            return
        if not self._open.filled:
            self._open.start = start
        self._open.end, self._open.filled = end, True
        self.piece("value", start, end)

    def takes_more(self) -> bool:
        """Say whether a paragraph now would be the value of the open field, or go on with it."""
        return self._open is not None and (not self._open.filled or self._open.meaning.may_go_on)

    def waits(self) -> bool:
        """Say whether a label has been printed and its value has not."""
        return self._open is not None and not self._open.filled

    def is_open(self) -> bool:
        """Say whether a field has begun and not ended."""
        return self._open is not None

    def close(self) -> None:
        """End the open field."""
        if self._open is None:
            return
        done, self._open = self._open, None
        self._add(done.meaning, done.key, done.label, done.start, done.end)

    def add(self, meaning: Meaning, key: str, start: int, end: int) -> None:
        """Add a field that has a value and no label."""
        self.open(meaning, key, None)
        self.fill(start, end)
        self.close()

    def unknown(self, start: int, end: int) -> None:
        """Keep a piece that no label claims as a field of its own."""
        self.close()
        count = self._times.get("unknown", 0) + 1
        self._times["unknown"] = count
        self.piece("other", start, end)
        self._add(Meaning(key="unknown"), f"unknown.{count}", None, start, end)

    def finish(self, *, name: str, form: str, registry: str, byte_order_mark: bool) -> Record:
        """Give the record."""
        self.close()
        return Record(
            name=name,
            form=form,
            registry=registry,
            fields=tuple(self._fields),
            tokens=self._tokens(),
            byte_order_mark=byte_order_mark,
        )

    def _add(self, meaning: Meaning, key: str, label: str | None, start: int, end: int) -> None:
        raw = self._decode(self._text[start:end])
        state = state_of(raw)
        value, problem = typed(meaning.type, raw.strip(), meaning.choices) if state is State.VALUE else (None, None)
        times = self._times[key] = self._times.get(key, 0) + 1
        self._fields.append(
            Field(
                key=key,
                path=key if times == 1 else f"{key}#{times}",
                label=label,
                raw=raw,
                span=self._span(start, end),
                state=state,
                value=value,
                problem=problem,
                private=meaning.type in PRIVATE,
            )
        )

    def _tokens(self) -> tuple[Token, ...]:
        tokens: list[Token] = []
        at = 0
        for start, end, kind in [*sorted(self._pieces), (len(self._text), len(self._text), "space")]:
            if at < start:
                between: TokenKind = "markup" if self._text[at:start].strip() else "space"
                tokens.append(self._token(between, at, start))
            if max(at, start) < end:
                tokens.append(self._token(kind, max(at, start), end))
            at = max(at, end)
        return tuple(tokens)

    def _token(self, kind: TokenKind, start: int, end: int) -> Token:
        return Token(kind=kind, text=self._text[start:end], span=self._span(start, end))

    def _span(self, start: int, end: int) -> Span:
        return Span(line=bisect_right(self._line_starts, start), start=start, end=end)
