"""One REDCap field as items of ours: its type, its validation and its choices."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from trialwright.exchange.foreign_forms import ForeignItem
from trialwright.exchange.plain_text import both, plain
from trialwright.exchange.redcap.rows import Row
from trialwright.study.facts import Choice
from trialwright.study.model import ItemKind

IDENTITY_VALIDATIONS = ("email", "phone", "zipcode", "postalcode", "mrn", "vmrn", "ssn")
_DECIMALS = re.compile(r"number_(\d)dp(?:_comma_decimal)?")
_NO_ANSWER = {"descriptive": "descriptive", "file": "file", "sql": "sql", "calc": "calc"}
_MOST_DECIMALS = 4


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a field becomes: a kind with its decimals, and the code of a remark where something of it changes."""

    kind: ItemKind
    decimals: int = 0
    changed: str = ""


def left_out(row: Row) -> str:
    """The code of the reason why a field is no item, or nothing where it becomes one."""
    if row.type in _NO_ANSWER:
        return _NO_ANSWER[row.type]
    if row.type == "text" and row.validation.startswith("signature"):
        return "file"
    return "" if row.type in (*_SHAPES, *_CHOOSING, "text") else "unknown_type"


_SHAPES = {
    "notes": Shape(kind="text"),
    "slider": Shape(kind="integer"),
    "yesno": Shape(kind="boolean"),
    "truefalse": Shape(kind="boolean"),
}
_CHOOSING = ("dropdown", "select", "radio", "checkbox")


def shape_of(row: Row) -> Shape:
    """The kind of a field that is no choice."""
    if row.type != "text":
        return _SHAPES[row.type]
    validation = row.validation.lower()
    if validation.startswith(("datetime",)):
        return Shape(kind="datetime")
    if validation.startswith("date"):
        return Shape(kind="date")
    if validation == "integer":
        return Shape(kind="integer")
    if found := _DECIMALS.fullmatch(validation):
        return Shape(kind="decimal", decimals=int(found.group(1)))
    if validation.startswith("number"):
        return Shape(kind="decimal", decimals=_MOST_DECIMALS, changed="decimals")
    known_as_text = ("", "alpha_only", "autocomplete")
    return Shape(kind="text", changed="" if validation in known_as_text else "validation")


def choices_of(row: Row) -> tuple[Choice, ...]:
    """The choices `code, label | code, label`; a label may hold commas. Those without a code or a label are left out."""
    found: dict[str, Choice] = {}
    for part in row.choices.split("|"):
        code, _, label = part.partition(",")
        if code.strip() and plain(label) and plain(code) == code.strip():
            found.setdefault(code.strip(), Choice(code=code.strip(), label=both(plain(label))))
    return tuple(found.values())


def has_lost_choices(row: Row) -> bool:
    """Whether a piece of the choices has no code, no label, or a code that came before."""
    return len(choices_of(row)) != sum(1 for part in row.choices.split("|") if part.strip())


def limits_of(row: Row) -> tuple[Decimal | None, Decimal | None, bool]:
    """The least and greatest number that REDCap asks about, and whether a limit is there that is no plain number."""
    numbers = [_number(row.low), _number(row.high)]
    unread = any(text and number is None for text, number in zip((row.low, row.high), numbers, strict=True))
    return numbers[0], numbers[1], unread


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(number.as_tuple().digits) <= 15 else None  # exact in a rule


def items_of(row: Row, item: ForeignItem) -> Iterator[tuple[str, ForeignItem]]:
    """The items of a field with REDCap's name for each: one, or for a checkbox one a choice."""
    if row.type == "checkbox":
        for choice in choices_of(row):
            label = both(f"{item.label.en}: {choice.label.en}")
            yield f"{row.variable}({choice.code})", replace(item, label=label, kind="boolean", required=False)
    elif row.type in _CHOOSING:
        yield row.variable, replace(item, kind="choice", choices=choices_of(row))
    else:
        shape = shape_of(row)
        low, high = (Decimal(0), Decimal(100)) if row.type == "slider" else (None, None)
        yield row.variable, replace(item, kind=shape.kind, decimals=shape.decimals, low=low, high=high)
