"""The print form of the Iranian Registry of Clinical Trials (IRCT), English and Persian, old and new layout.

Every paragraph is a heading, a label, an item's number or a value, with blank lines between. In copies that went through
Markdown several labels can be glued into one line (`Postal code**Approval date**`); a label directly followed by the next
one has no value.
"""

from __future__ import annotations

import re

from trialwright.registry.builder import Builder
from trialwright.registry.irct_form import Block, FormReader, has_headings, names_registry
from trialwright.registry.record import Record
from trialwright.registry.text import Line, lines_of
from trialwright.registry.words import plain_words

ID = "irct-print"
NAME = "the print form of the Iranian registry (IRCT)"

_INLINE = re.compile(r"(?P<label>[^:*]{3,60}):(?P<gap>[ \t]*\**)(?P<value>[^*]*)(?P<tail>\**[ \t]*)")
_TURNED = re.compile(r"(?P<label>[^\d:*A-Za-z]{3,60}?)(?P<gap>\s*)(?P<value>[\dA-Za-z][^:*]*?)(?P<tail>\s*:\s*)")
_GLUE = re.compile(r"\*\*")


def recognises(text: str) -> bool:
    """Say whether a text is in this form: it names the registry and has at least two of its headings."""
    if not names_registry(text) or text.lstrip()[:1] in ("<", "{"):
        return False
    return has_headings(piece for line in lines_of(text) for piece in _GLUE.split(line.words))


def read(text: str, *, name: str, byte_order_mark: bool = False) -> Record:
    """Read a text in this form."""
    return read_lines(text).finish(name=name, form=ID, registry="IRCT", byte_order_mark=byte_order_mark)


def read_lines(text: str, *, wrapped: bool = False) -> Builder:
    """Read the lines of a print; in a wrapped one a paragraph may fill several lines, and so may a label.

    In a line from right to left a reader of PDF may print the colon of a label after its number.
    """
    lines = [line for line in lines_of(text) if line.words.strip()]
    reader = FormReader(Builder(text))
    at = 0
    while at < len(lines):
        joined = _wrapped_label(reader, lines, at) if wrapped else None
        if joined is not None:
            start, end, words = joined
            reader.read_structure(start, end, words, "")
            at += 2
            continue
        _read_line(reader, lines[at], _first_words(lines, at + 1), wrapped=wrapped)
        at += 1
    return reader.builder


def _wrapped_label(reader: FormReader, lines: list[Line], at: int) -> tuple[int, int, str] | None:
    if at + 1 >= len(lines) or reader.is_structure(lines[at].words):
        return None
    words = f"{lines[at].words.strip()} {lines[at + 1].words.strip()}"
    plain = plain_words(words)
    block = reader.block_with(plain)
    if plain not in reader.form.blocks and (block is None or plain not in block.labels):
        return None
    return _start(lines[at]), lines[at + 1].start + len(lines[at + 1].words.rstrip()), words


def _start(line: Line) -> int:
    return line.start + len(line.words) - len(line.words.lstrip())


def _read_line(reader: FormReader, line: Line, following: str, *, wrapped: bool) -> None:
    if _read_inline(reader, line, wrapped=wrapped):
        return
    pieces = _pieces(line)
    if "**" in line.words and all(reader.is_structure(words) for _, _, words in pieces):
        for at, (start, end, words) in enumerate(pieces):
            after = pieces[at + 1][2] if at + 1 < len(pieces) else following
            _read_piece(reader, start, end, words, after, wrapped=wrapped)
        return
    words = line.words.strip()
    _read_piece(reader, _start(line), _start(line) + len(words), words, following, wrapped=wrapped)


def _read_piece(reader: FormReader, start: int, end: int, words: str, following: str, *, wrapped: bool) -> None:
    if not reader.read_structure(start, end, words, following):
        reader.read_words(start, end, words, goes_on=wrapped)


def _pieces(line: Line) -> list[tuple[int, int, str]]:
    found = []
    at = 0
    for glue in [*_GLUE.finditer(line.words), None]:
        end = glue.start() if glue else len(line.words)
        words = line.words[at:end]
        if words.strip():
            start = line.start + at + len(words) - len(words.lstrip())
            found.append((start, start + len(words.strip()), words.strip()))
        at = glue.end() if glue else end
    return found


def _first_words(lines: list[Line], at: int) -> str:
    pieces = _pieces(lines[at]) if at < len(lines) else []
    return pieces[0][2] if pieces else ""


def _read_inline(reader: FormReader, line: Line, *, wrapped: bool) -> bool:
    forms = (_INLINE, _TURNED) if wrapped else (_INLINE,)
    for found in filter(None, (form.fullmatch(line.words) for form in forms)):
        plain = plain_words(found["label"])
        block = reader.block_with(plain)
        if block is not None and plain in block.inline:
            _take_inline(reader, block, line, found, wrapped=wrapped)
            return True
    return False


def _take_inline(reader: FormReader, block: Block, line: Line, found: re.Match[str], *, wrapped: bool) -> None:
    builder, at = reader.builder, line.start
    reader.open_label(block, plain_words(found["label"]), at, at + found.end("label"))
    builder.piece("markup", at + found.end("label"), at + found.end("gap"))
    if found["value"].strip():
        builder.fill(at + found.start("value"), at + found.end("value"))
    builder.piece("markup", at + found.start("tail"), at + found.end("tail"))
    if not (wrapped and builder.waits()):
        builder.close()
