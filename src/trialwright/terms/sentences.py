"""Sentences in the two languages of the site, kept beside the code as data.

What a person reads when something is refused is data, not program: a TOML file of `code = {en, fa}` with named gaps, so that a
translator can mend a sentence without reading Python, and an error carries its code for programs and its words for people.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Text:
    """One label or sentence in English and Persian."""

    en: str
    fa: str

    def in_language(self, language: str) -> str:
        return self.fa if language.startswith("fa") else self.en


class SentenceError(ValueError):
    """Base of errors that carry a code for programs and a sentence in both languages for people."""

    def __init__(self, code: str, sentence: str, fa: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.fa = fa or sentence

    def __reduce__(self) -> tuple[type["SentenceError"], tuple[str, str, str]]:
        """Let it pass between processes whole."""
        return type(self), (self.code, self.sentence, self.fa)

    @property
    def text(self) -> Text:
        return Text(en=self.sentence, fa=self.fa)


@cache
def read_sentences(path: Path) -> dict[str, Text]:
    """Read a file of sentences once; each entry has `en` and `fa`."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: Text(en=entry["en"], fa=entry["fa"]) for code, entry in entries.items()}


def fill(text: Text, **facts: object) -> Text:
    """Put the facts found into the gaps of a sentence, in both languages."""
    return Text(en=text.en.format(**facts), fa=text.fa.format(**facts))
