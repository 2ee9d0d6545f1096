"""Facts put into a sentence of both languages: an English plural, Persian digits in Persian, a record's own words as they stand.

A gap may name two forms, `{count:day|days}`: English writes the number with the form that fits it, Persian the number alone.
A number, a date and a `Text` are ours and are written in the digits of the language; a string is quoted from the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trialwright.terms.dates import PartialDate
from trialwright.terms.digits import persian_digits
from trialwright.terms.sentences import Text

_OURS = (int, float, date, PartialDate)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?<![A-Za-z][- ])(?P<whole>\d+)(?:\.(?P<part>\d+))?(?![A-Za-z0-9])(?![- ][A-Za-z])", re.ASCII
)


@dataclass(frozen=True, slots=True)
class _English:
    fact: object

    def __format__(self, forms: str) -> str:
        fact = self.fact.en if isinstance(self.fact, Text) else self.fact
        written = f"{fact:g}" if isinstance(fact, float) else str(fact)
        if not forms:
            return written
        one, many = forms.split("|")
        return f"{written} {one if fact == 1 else many}"


@dataclass(frozen=True, slots=True)
class _Persian:
    fact: object

    def __format__(self, forms: str) -> str:
        if isinstance(self.fact, Text):
            return in_persian_digits(self.fact.fa)
        if isinstance(self.fact, _OURS):
            return in_persian_digits(f"{self.fact:g}" if isinstance(self.fact, float) else str(self.fact))
        return str(self.fact)


def fill_facts(sentence: Text, facts: Mapping[str, object]) -> Text:
    """Fill the gaps of a sentence; without facts it is whole already."""
    if not facts:
        return sentence
    return Text(
        en=sentence.en.format_map({name: _English(fact) for name, fact in facts.items()}),
        fa=sentence.fa.format_map({name: _Persian(fact) for name, fact in facts.items()}),
    )


def in_persian_digits(text: str) -> str:
    """Write the numbers of a text of ours in Persian digits; those of a name, such as IL-6 or CD4, stay."""
    return _NUMBER.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    part = f"٫{found['part']}" if found["part"] else ""
    return persian_digits(found["whole"] + part)
