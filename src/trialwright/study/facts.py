"""The small parts that every fact of a definition is made of: where it comes from, and a coded choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Where a fact comes from: the record (`from`), our own choice (`assumed`), or still open (`question`).

    A question with an `answer` is closed; approval for a live study needs every question answered.
    """

    record: str = ""  # TOML key `from`; an outcome or section of the registered record
    assumed: str = ""
    question: str = ""
    answer: str = ""

    @property
    def is_open(self) -> bool:
        return bool(self.question) and not self.answer


NO_BASIS = Basis()
"""Of a fact that needs no word about where it comes from."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    code: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a rule should say of a person of whom this is known, declared beside the rule; what is not given is missing."""

    given: Mapping[str, Any]
    expect: Literal["true", "false", "undecided"]
