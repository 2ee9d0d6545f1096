"""The text of an update for the Iranian registry (IRCT), as this program writes it: read again, so that it can be checked first.

A line `-- English label | Persian label [key]` opens a field; what follows until the next such line is its value. The words
of the registry's closed lists, the dates in both calendars and the types are those of its print form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from trialwright.registry.builder import Builder, Meaning
from trialwright.registry.irct_form import load_form
from trialwright.registry.record import Record
from trialwright.registry.text import lines_of

ID = "irct-update"
NAME = "the update text for the Iranian registry (IRCT)"

_FIELD = re.compile(r"-- (?P<label>[^\[\]]{1,300}) \[(?P<key>[a-z][a-z0-9_.]{1,80})\](?: \{[^{}]{0,200}\})?")
_HEADING = re.compile(r"== [^=]{1,300} ==")
_TITLE = "Update for the Iranian Registry of Clinical Trials (IRCT)"


def recognises(text: str) -> bool:
    """Say whether a text is in this form: it begins with its title."""
    return text.lstrip().startswith(_TITLE)


def read(text: str, *, name: str, byte_order_mark: bool = False) -> Record:
    """Read a text in this form."""
    builder = Builder(text)
    begun = False
    for line in lines_of(text):
        words = line.words.strip()
        start = line.start + line.words.index(words) if words else line.start
        found = _FIELD.fullmatch(line.words)
        if found:
            begun = True
            builder.open(_meaning(found["key"]), found["key"], (line.start, line.end))
        elif _HEADING.fullmatch(line.words) or (words and not begun):
            builder.close()
            builder.piece("heading", start, start + len(words))
        elif words:
            builder.fill(start, start + len(words))
    return builder.finish(name=name, form=ID, registry="IRCT", byte_order_mark=byte_order_mark)


def _meaning(key: str) -> Meaning:
    """Give the type of a key, as the registry's form has it."""
    return load_meanings().get(re.sub(r"\.\d+(?=\.|$)", ".N", key), Meaning(key=key, type="text"))


@cache
def load_meanings() -> Mapping[str, Meaning]:
    """Load the types once, by key with N for each number; the words of a closed list are known in both languages."""
    found: dict[str, Meaning] = {}
    for block in load_form().blocks.values():
        stem = f"{block.key}.N" if block.numbered else block.key
        for meaning in block.labels.values():
            key = f"{stem}{meaning.key}" if meaning.key.startswith(".") else meaning.key
            found.setdefault(key, meaning)
    return found
