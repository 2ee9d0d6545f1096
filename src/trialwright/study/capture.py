"""What is asked and how: concepts, items, forms with their edit checks, timed collections, and what is derived from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from trialwright.study.facts import NO_BASIS, Basis, Choice, Proof
from trialwright.terms.sentences import Text

ItemKind = Literal["decimal", "integer", "choice", "boolean", "date", "datetime", "text"]
RepeatRule = Literal["last", "first_complete", "mean"]


@dataclass(frozen=True, kw_only=True)
class Concept:
    """A biomedical concept: what is measured, apart from the form that asks.

    Units: `unit` is a UCUM code of `terms.units`; `low` and `high` bound what is possible in a living person (outside: refused),
    not what is normal.
    """

    id: str
    label: Text
    kind: ItemKind
    unit: str = ""
    decimals: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    loinc: str = ""
    cdash: str = ""
    sdtm: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question of a form; it takes label, kind, unit and limits from its concept."""

    id: str
    concept: Concept
    label: Text
    required: bool = True
    help: Text | None = None
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class EditCheck:
    """A rule over a form's items that must be true; `hard` refuses the save, `soft` asks for a reason, kept with the save."""

    id: str
    rule: str
    severity: Literal["hard", "soft"]
    message: Text
    items: tuple[str, ...]
    source: str = ""
    proof: tuple[Proof, ...] = ()


COUNTS_AS_COMPLETE = ("complete", "accepted_with_reason")
"""The judgements of a timed collection with which its values count."""


@dataclass(frozen=True, kw_only=True)
class Collection:
    """A timed urine collection, judged complete or not before the items in `opens` may be entered or seen."""

    volume: str
    hours: str
    creatinine: str
    opens: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProposalRule:
    """An item whose answer is proposed from results: nothing is filled in, whoever fills the form confirms it or says why not.

    `finding` names the function that decides ("sledai_2k.haematuria", of `study.findings`); `inputs` gives, for each of its
    arguments, the item or derivation that holds it. `cause` is the item that says what else the finding is due to.
    """

    item: str
    finding: str
    inputs: Mapping[str, str]
    cause: str = ""


@dataclass(frozen=True, kw_only=True)
class Form:
    """An eCRF. `repeat_rule` says which of several entries at one encounter counts, decided before any result is seen.

    Units: `recall` is how far back the form looks, the day of the visit included; an encounter may shorten it.
    """

    id: str
    label: Text
    items: tuple[Item, ...]
    checks: tuple[EditCheck, ...] = ()
    roles: tuple[str, ...] = ("coordinator", "investigator")
    repeats: bool = False
    repeats_planned: int = 1
    repeat_rule: RepeatRule = "last"
    collection: Collection | None = None
    recall: timedelta | None = None
    proposals: tuple[ProposalRule, ...] = ()
    basis: Basis = NO_BASIS

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """A value computed from collected ones by a measure of the `measures` room.

    `inputs` names, for each input of the measure, an item id of the same encounter, or `demographics.<item>` collected once,
    or `age_years` (at the encounter). `measure` may be "gfr_by_age": one equation a participant, fixed at baseline.
    """

    id: str
    label: Text
    measure: str
    inputs: Mapping[str, str]
    form: str
    unit: str
    decimals: int
    basis: Basis = NO_BASIS
