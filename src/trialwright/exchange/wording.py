"""The sentences that this room puts into definitions: messages of checks and questions, in both languages."""

from trialwright.exchange.errors import SENTENCES
from trialwright.terms.sentences import Text, fill, read_sentences


def say(code: str, **facts: object) -> Text:
    """Fill the sentence `said.<code>`; a fact that is a text is put in in the sentence's language."""
    template = read_sentences(SENTENCES)[f"said.{code}"]
    in_english, in_persian = ({key: _said(fact, language) for key, fact in facts.items()} for language in ("en", "fa"))
    return Text(en=fill(template, **in_english).en, fa=fill(template, **in_persian).fa)


def _said(fact: object, language: str) -> object:
    return fact.in_language(language) if isinstance(fact, Text) else fact
