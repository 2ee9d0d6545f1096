"""A foreign file that cannot be used, said in both languages: the place, what was found, what to do."""

from pathlib import Path

from trialwright.terms.sentences import SentenceError, fill, read_sentences

SENTENCES = Path(__file__).with_name("sentences.toml")


class ExchangeError(SentenceError):
    """The file as a whole cannot be read; what it says piece by piece and has no home here is a `Remark` instead."""


def refuse(code: str, **facts: object) -> ExchangeError:
    """Make the error of a sentence `refused.<code>` of the room's sentences, with the facts found."""
    said = fill(read_sentences(SENTENCES)[f"refused.{code}"], **{key: _short(fact) for key, fact in facts.items()})
    return ExchangeError(code, said.en, said.fa)


def _short(fact: object) -> object:
    """A fact of a foreign file may be long or hold line ends; a sentence stays a line."""
    text = " ".join(str(fact).split())
    return text if len(text) <= 120 else text[:119] + "…"  # what one line of a sentence holds
