"""Words compared as a reader compares them: case, spaces, letter variants and marks that nobody sees make no difference.

Persian text reaches a record from two keyboards (ی or ي, ک or ك), with or without half-spaces and marks of direction.
"""

from __future__ import annotations

import re

from trialwright.terms.digits import ascii_digits

DIRECTION_MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
ARABIC_LETTERS = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا"}

_LETTERS = str.maketrans(
    ARABIC_LETTERS | dict.fromkeys(DIRECTION_MARKS + "\u200b\u200d\u0640\u064b\u064c\u064d\u064e\u064f\u0650", "")
)
_SPACES = re.compile("[\\s\u200c]+")
_UNSTEADY = re.compile("[\\s\u200c()]+")
"""What a keyboard or a reader of PDF puts elsewhere in Persian words; such a reader also turns "لا" into "ال"."""


def plain_words(words: str) -> str:
    """Give words for comparing: lower case and single spaces; in Persian no spaces or brackets at all, one kind of letters."""
    if words.isascii():
        return " ".join(words.casefold().split()).rstrip(":")
    bare = ascii_digits(words.translate(_LETTERS)).replace("’", "'").casefold()
    if not any("\u0600" <= one <= "\u06ff" for one in bare):
        return _SPACES.sub(" ", bare.strip()).rstrip(":")
    return _UNSTEADY.sub("", bare).rstrip(":").replace("لا", "ال")
