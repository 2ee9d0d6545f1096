"""Words of a foreign file as a definition can hold them: without markup, control characters or broken characters, on one line."""

import re
from html.parser import HTMLParser

from trialwright.terms.sentences import Text

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
_LOOKS_MARKED = re.compile(r"</?[A-Za-z][^<>]*>|&(?:[A-Za-z]+|#\d+);")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # the library's signature
        self.parts.append(" ")


def plain(words: str) -> str:
    """One line of words; tags go where there are any, `<` in a label like "dose < 5 mg" stays."""
    if _LOOKS_MARKED.search(words):
        reader = _Words()
        reader.feed(words)
        reader.close()
        words = "".join(reader.parts)
    return " ".join(_UNFIT.sub(" ", words).split())


def both(words: str) -> Text:
    """A label in one language, for both: a translator mends the other."""
    return Text(en=words, fa=words)
