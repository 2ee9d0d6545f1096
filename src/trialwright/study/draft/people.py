"""Who takes part and what is given: arms with their sizes, interventions, allocation, blinding."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trialwright.registry import Arm as RecordArm
from trialwright.registry import Record
from trialwright.study.draft.names import slug, unique
from trialwright.study.draft.questions import Asked, Question
from trialwright.terms.sentences import Text

_CELLS = re.compile(
    r"\b(?:stem|stromal|progenitor|mononuclear|CAR-?T|NK) cells?\b|\bMSCs?\b|سلول‌? ?های? (?:بنیادی|استرومایی)", re.IGNORECASE
)
_NOT_CELLS = re.compile(r"\b(?:exosomes?|conditioned medium|secretome|extracellular vesicles?)\b", re.IGNORECASE)
_PER_KG = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:[x×*]\s*10\s*\^?\s*(\d{1,2})|(millions?))?\s*(?:cells?)?\s*/\s*(?:kg|kilogram)", re.IGNORECASE
)
_CONTROL = re.compile(
    r"\b(?:control|placebo|sham|usual care|standard (?:of )?care|comparator|no[ _]intervention|no treatment)\b|کنترل|دارونما|شاهد",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[:：]\s*(\d{1,7})")
_ARM_KEYS = frozenset({"id", "label", "kind", "planned"})
_STAND_IN = 20
_DOSE = {
    "tolerance_percent": 10,
    "weight_max_age_days": 7,
    "weight_change_percent": 10,
    "infusion_minutes": 60,
    "thaw_limit_minutes": 90,
    "endotoxin_limit_eu_kg_h": 5,
    "minimum_viability_percent": 80,
}


@dataclass(frozen=True, kw_only=True)
class DraftArm:
    """`cells_per_kg` is set where the arm is given a cell product. Units: cells per kg of body weight."""

    id: str
    label: Text
    kind: str
    planned: int
    treatment: Text
    place: str
    assumed: str
    asked: tuple[Question, ...]
    cells_per_kg: Decimal | None = None
    dose_asked: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class People:
    """`groups` are the record's own where they are not formed by chance: they are recorded of each person, not allocated."""

    arms: tuple[DraftArm, ...]
    sample_size: int
    method: str
    blinded: bool
    groups: tuple[Text, ...]
    asked: tuple[Question, ...]
    assumed: str

    @property
    def gives_cells(self) -> bool:
        return any(arm.cells_per_kg is not None for arm in self.arms)


def read_people(record: Record, asked: Asked) -> People:
    """Arms, sizes and allocation. Raises: StudyError for an answer that cannot be used."""
    size = _sample_size(record, asked)
    told = _told(record)
    formed = _formed(record, len(told), asked)
    crossover = _crossover(record, asked)
    by_chance = formed.value == "by_chance"
    groups = () if by_chance or len(told) < 2 else tuple(label for label, _, _, _ in told)
    rows = told if by_chance and len(told) > 1 else [_everyone(record, told)]
    question = asked.ask(
        "arms",
        "arms",
        "arms",
        place="arms",
        proposal=None,
        is_gap=not record.arms and not record.items("interventions"),
        is_safe=False,
    )
    arms = _sized(_arms(rows, record, question, asked), int(size.value), question, asked)
    return People(
        arms=arms,
        sample_size=sum(arm.planned for arm in arms),
        method="permuted_blocks" if len(arms) > 1 else "single_arm",
        blinded=_is_blinded(record),
        groups=groups,
        asked=tuple(one for one in (size, formed, crossover) if one is not None),
        assumed=_assumed(len(arms)),
    )


def dose_table(arm: DraftArm) -> Mapping[str, Any]:
    """The dose of a cell product with the limits of the bedside gate, which no record states."""
    return {"cells_per_kg": arm.cells_per_kg, **_DOSE}


Told = tuple[Text, str, str, str]
"""An arm as the record tells it: label, category, what is given, place."""


def _told(record: Record) -> list[Told]:
    if record.arms:
        return [_of_arm(record, arm) for arm in record.arms]
    paths = record.items("interventions")
    found = []
    for path in paths:
        words = record.words(f"{path}.description") or record.words(f"{path}.name")
        if words:
            head, colon, rest = words.partition(":")
            name = head if colon and len(head) < 60 else words
            found.append((_both(name), "", rest.strip() or words, path))
    return found


def _of_arm(record: Record, arm: RecordArm) -> Told:
    label = record.words(f"{arm.path}.label")
    names = [field.text.partition(":")[2].strip() or field.text for field in record.all(f"{arm.path}.interventions")]
    text = arm.description.text
    head, colon, rest = text.partition(":")
    name = label or (head if colon and len(head) < 60 else text)
    given = f"{', '.join(names)}: {text}" if names and names != [text] else rest.strip() if colon and not label else text
    return _both(name), arm.category.text if arm.category else "", given or text, arm.path


def _everyone(record: Record, told: list[Told]) -> Told:
    if len(told) == 1:
        return told[0]
    given = "; ".join(dict.fromkeys(words for _, _, words, _ in told)) or record.words("titles.public") or "Not stated"
    return Text(en="All participants", fa="همهٔ شرکت‌کنندگان"), "EXPERIMENTAL", given, told[0][3] if told else "arms"


def _sample_size(record: Record, asked: Asked) -> Question:
    found = record.get("design.sample_size.target") or record.get("design.sample_size.actual")
    number = found.number if found is not None else None
    if number is None and found is not None:
        number = sum(int(size) for size in _SIZE.findall(found.text)) or None
    proposal = number or _STAND_IN
    return asked.ask(
        "sample_size",
        "whole_number",
        "sample_size",
        place="design.sample_size.target",
        proposal=proposal,
        is_gap=not number,
        is_safe=bool(number),
    )


def _formed(record: Record, arms: int, asked: Asked) -> Question:
    """Whether chance forms the groups; where it does not, nothing can be allocated and everyone is followed in one arm."""
    said = record.get("design.allocation")
    words = " ".join(
        (record.words("design.design"), record.words("design.allocation_description"), record.words("titles.scientific"))
    )
    chance = said.value == "randomised" if said is not None and said.value else None
    if chance is None and re.search(r"\bnon-? ?randomi[sz]ed|\bobservational|\bcohort|case-control", words, re.IGNORECASE):
        chance = False
    if chance is None and re.search(r"\brandomi[sz]ed|تصادفی", words, re.IGNORECASE):
        chance = True
    settled = arms < 2 or chance is True
    return asked.ask(
        "groups_formed",
        "choice",
        "groups_formed",
        place="design.allocation",
        proposal="by_chance" if settled and arms > 1 else "not_by_chance",
        is_gap=not settled,
        choices=("by_chance", "not_by_chance"),
        groups=arms,
    )


def _crossover(record: Record, asked: Asked) -> Question | None:
    model = record.get("design.model")
    words = f"{record.words('titles.scientific')} {record.words('design.design')}".lower()
    if (model is None or model.value != "crossover") and "crossover" not in words and "cross-over" not in words:
        return None
    return asked.ask("crossover", "choice", "crossover", place="design.model", proposal="first_period", choices=("first_period",))


def _arms(rows: list[Told], record: Record, question: Question, asked: Asked) -> list[dict[str, Any]]:
    """The record's arms, with what the answer says of each, by position."""
    answered = question.answer or []
    for index, row in enumerate(answered):
        _check_arm(row, (question.id, index), asked)
    if answered and len(answered) != len(rows) and len(rows) > 1:
        raise asked.error(
            question.id,
            found=f"{len(answered)} arms",
            expected=str(len(rows)),
            todo="Name every arm of the record once, in its order.",
        )
    if len(answered) > 1 and len(rows) == 1:
        rows = rows * len(answered)
    kinds = _kinds(rows)
    taken: set[str] = set()
    made = []
    for index, ((label, _, given, place), kind) in enumerate(zip(rows, kinds, strict=True)):
        row = answered[index] if answered else {}
        name = unique(str(row.get("id") or _arm_id(label.en, kind, index)), taken)
        taken.add(name)
        shown = Text(**row["label"]) if "label" in row else label
        made.append(
            {
                "id": name,
                "label": shown,
                "kind": row.get("kind", kind),
                "planned": row.get("planned"),
                "given": given,
                "place": place,
            }
        )
    if all(one["kind"] == "control" for one in made):
        made[0]["kind"] = "experimental"
    return [one | _cells(one, number, asked) for number, one in enumerate(made, start=1)]


def _kinds(rows: list[Told]) -> list[str]:
    """Experimental or control by the record's category, else by its words; without any control the last arm is one."""
    if len(rows) == 1:
        return ["experimental"]
    found = [
        "control" if _CONTROL.search(f"{label.en} {category.replace('_', ' ')}") else "experimental"
        for label, category, _, _ in rows
    ]
    if "control" not in found:
        by_given = ["control" if _CONTROL.search(given) else "experimental" for _, _, given, _ in rows]
        found = by_given if len(set(by_given)) > 1 else [*found[:-1], "control"]
    if "experimental" not in found:
        found[0] = "experimental"
    return found


def _arm_id(label: str, kind: str, index: int) -> str:
    return "control" if kind == "control" and len(label) > 24 else slug(label, f"arm_{index + 1}")[:24].rstrip("_")


def _cells(row: Mapping[str, Any], number: int, asked: Asked) -> dict[str, Any]:
    """The dose of a cell product, from the words or asked; nothing for any other intervention."""
    words = f"{row['label'].en} {row['given']}"
    if row["kind"] == "control" or not _CELLS.search(words) or _NOT_CELLS.search(words):
        return {"cells_per_kg": None, "dose_asked": ()}
    per_kg = _PER_KG.search(words)
    proposal = _cells_per_kg(per_kg) if per_kg else Decimal(1_000_000)
    question = asked.ask(
        f"arm_{number}_cells_per_kg",
        "number",
        "cells_per_kg",
        place=row["place"],
        proposal=proposal,
        is_gap=per_kg is None,
        is_safe=False,
        arm=row["label"].en,
        arm_fa=row["label"].fa,
    )
    limits = asked.ask(f"arm_{number}_bedside_limits", "text", "bedside_limits", place=row["place"], proposal="as_drafted")
    return {"cells_per_kg": Decimal(question.value), "dose_asked": (question, limits)}


def _cells_per_kg(found: re.Match[str]) -> Decimal:
    number = Decimal(found[1])
    if found[2]:
        return number * Decimal(10) ** int(found[2])
    return number * 1_000_000 if found[3] else number


def _sized(rows: list[dict[str, Any]], total: int, question: Question, asked: Asked) -> tuple[DraftArm, ...]:
    """Equal shares of the total where the record and the answer give none."""
    given = [row["planned"] for row in rows]
    if any(size is not None for size in given) and not all(isinstance(size, int) and size > 0 for size in given):
        raise asked.error(question.id, found="`planned` of some arms", todo="Give every arm `planned`, a whole number from 1.")
    total = max(total, len(rows))
    shares = given if given and given[0] is not None else [total // len(rows) + (i < total % len(rows)) for i in range(len(rows))]
    assumed = "" if (given and given[0] is not None) or len(rows) == 1 else "Equal sizes: the record gives the total alone"
    return tuple(
        DraftArm(
            id=row["id"],
            label=row["label"],
            kind=row["kind"],
            planned=share,
            treatment=_both(row["given"]),
            place=row["place"],
            assumed=assumed,
            asked=(question,) if question.is_gap or question.is_answered else (),
            cells_per_kg=row["cells_per_kg"],
            dose_asked=row["dose_asked"],
        )
        for row, share in zip(rows, shares, strict=True)
    )


def _check_arm(row: Any, place: tuple[str, int], asked: Asked) -> None:
    if not isinstance(row, dict):
        raise asked.error(*place, found="no table", todo='Write { id = "treated", planned = 20 }.')
    for key in row:
        if key not in _ARM_KEYS:
            raise asked.error(
                *place, found=f'unknown key "{key}"', expected=", ".join(sorted(_ARM_KEYS)), todo="Correct the spelling."
            )


def _is_blinded(record: Record) -> bool:
    found = record.get("design.masking")
    return found is not None and found.value in ("single", "double", "triple", "quadruple")


def _assumed(arms: int) -> str:
    if arms == 1:
        return "Every eligible person is assigned to the one arm; nothing is random"
    return "Random permuted blocks without strata; the block sizes are the custodian's"


def _both(words: str) -> Text:
    shown = " ".join(words.split()) or "Not stated"
    return Text(en=shown, fa=shown)
