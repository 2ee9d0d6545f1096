"""What a writer gives back: the bytes, and a word on everything that did not arrive as it stood.

Nothing of a record disappears on the way to another form without a remark, and nothing is invented to fill a gap: a word
without a counterpart is listed, a month stays a month, and what the other form asks for and the record lacks is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trialwright.terms.sentences import Text, fill, read_sentences

RemarkKind = Literal["left_out", "moved", "too_long", "imprecise", "missing"]

_SENTENCES = Path(__file__).with_name("reasons.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """One thing that is not as it was: where in the record, its words, and why.

    `left_out` was not carried; `moved` stands elsewhere or joined with something; `too_long` is carried whole beyond the
    limit of the form; `imprecise` is less exact than the form asks; `missing` is asked by the form and not in the record.
    """

    kind: RemarkKind
    code: str
    key: str
    words: str
    reason: Text
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A record in another form. `kept` are the paths of values that stand under their own key and read back as the same.

    Where the form has a closed list, its word for the same meaning is the same: "Treatment" and TREATMENT.
    """

    form: str
    data: bytes
    kept: tuple[str, ...]
    remarks: tuple[Remark, ...]

    @property
    def text(self) -> str:
        """The document as text."""
        return self.data.decode("utf-8")

    @property
    def left_out(self) -> tuple[Remark, ...]:
        """What could not be carried over."""
        return tuple(one for one in self.remarks if one.kind == "left_out")


def remark(
    kind: RemarkKind, code: str, *, key: str, words: str = "", private: bool = False, facts: Mapping[str, object] | None = None
) -> Remark:
    """Make a remark; its sentence stands in `reasons.toml` under its code."""
    reason = fill(read_sentences(_SENTENCES)[code], **(facts or {}))
    return Remark(kind=kind, code=code, key=key, words="" if private else words, reason=reason, private=private)


def carried_as_json(carried: Carried) -> dict[str, object]:
    """Give everything but the document as a plain object: what `write --json` prints beside it."""
    return {
        "form": carried.form,
        "kept": list(carried.kept),
        "remarks": [
            {
                "kind": one.kind,
                "code": one.code,
                "key": one.key,
                "words": one.words,
                "reason": one.reason.en,
                "reason_fa": one.reason.fa,
            }
            for one in carried.remarks
        ],
    }
