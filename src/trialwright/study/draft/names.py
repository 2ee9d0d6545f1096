"""Ids out of words: small letters, digits and _, unique in what they name."""

import re
import unicodedata
from collections.abc import Collection

_LONGEST = 32
_ARTICLES = frozenset(["a", "an", "the", "of", "in", "to", "and", "with", "for", "from", "on", "at", "by", "change", "changes"])


def slug(words: str, otherwise: str) -> str:
    """An id from the first words of a text; `otherwise` where it has no letters that an id may have."""
    ascii_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    parts = [part for part in re.findall(r"[a-z0-9]+", ascii_words) if part not in _ARTICLES]
    name = ""
    for part in parts:
        if len(name) + len(part) > _LONGEST:
            break
        name = f"{name}_{part}" if name else part
    name = re.sub(r"^[0-9_]+", "", name)
    return name or otherwise


def unique(name: str, taken: Collection[str]) -> str:
    """The name, or the first of name_2, name_3 ... that nobody has."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found
