"""What did not arrive as it stood, piece by piece: nothing of a foreign file is dropped in silence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from trialwright.exchange.errors import SENTENCES
from trialwright.terms.sentences import Text, fill, read_sentences

Kind = Literal["refused", "left_out", "question", "changed", "extension"]


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One piece: where it stands in the file, its words, and why it did not arrive as it stood.

    `refused` may not be carried at all (identities); `left_out` has no home; `question` is for a person to decide; `changed`
    arrived in another shape; `extension` is kept beside the standard, where only this program reads it.
    """

    kind: Kind
    place: str
    words: str
    reason: Text


def remark(kind: Kind, code: str, place: str, words: str = "", **facts: object) -> Remark:
    """Make a remark from the sentence `<kind>.<code>` of the room's sentences."""
    said = fill(read_sentences(SENTENCES)[f"{kind}.{code}"], **facts)
    return Remark(kind=kind, place=place, words=" ".join(words.split()), reason=said)


def remarks_as_json(remarks: Sequence[Remark]) -> list[Mapping[str, Any]]:
    return [
        {"kind": one.kind, "place": one.place, "words": one.words, "reason": {"en": one.reason.en, "fa": one.reason.fa}}
        for one in remarks
    ]
