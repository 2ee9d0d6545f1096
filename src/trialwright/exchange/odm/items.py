"""One ItemDef as an item of ours: type, unit, choices and range checks."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from lxml import etree

from trialwright.exchange.foreign_forms import ForeignCheck, ForeignItem
from trialwright.exchange.odm.metadata import Metadata, label_of
from trialwright.exchange.odm.xml_text import child, children
from trialwright.exchange.plain_text import plain
from trialwright.exchange.remarks import Remark, remark
from trialwright.exchange.wording import say
from trialwright.study.facts import Choice
from trialwright.study.model import ItemKind
from trialwright.terms.units import is_known_unit

_KINDS: dict[str, ItemKind] = {
    "integer": "integer",
    "float": "decimal",
    "double": "decimal",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "partialDate": "date",
    "incompleteDate": "date",
    "datetime": "datetime",
    "partialDatetime": "datetime",
    "incompleteDatetime": "datetime",
    "text": "text",
    "string": "text",
}
_SIGNS = {"LT": "<", "LE": "<=", "GT": ">", "GE": ">=", "EQ": "==", "NE": "!="}
_BINARY = ("hexBinary", "base64Binary", "hexFloat", "base64Float")
_MOST_DECIMALS = 10


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Kind, decimals and choices of an item, and what of it did not arrive."""

    kind: ItemKind
    decimals: int
    choices: tuple[Choice, ...]
    unit: str
    remarks: tuple[Remark, ...]


def is_binary(definition: etree._Element) -> bool:
    return definition.get("DataType") in _BINARY


def shape_of(definition: etree._Element, metadata: Metadata, place: str) -> Shape:
    """What a value of the item is."""
    remarks: list[Remark] = []
    data_type = definition.get("DataType", "text")
    kind = _KINDS.get(data_type, "text")
    choices = _choices(definition, metadata, place, remarks)
    if choices:
        kind = "choice"
    elif data_type not in _KINDS:
        remarks.append(remark("changed", "odm_type", place, data_type))
    elif data_type.startswith(("partial", "incomplete")):
        remarks.append(remark("changed", "odm_partial", place, data_type))
    digits = definition.get("SignificantDigits") or definition.get("FractionDigits") or ""
    decimals = min(int(digits), _MOST_DECIMALS) if digits.isdecimal() and len(digits) < 3 and kind == "decimal" else 0
    if kind == "decimal" and not digits:
        decimals = 4
        remarks.append(remark("changed", "odm_decimals", place))
    unit = _unit(definition, metadata, place, remarks) if kind in ("decimal", "integer") else ""
    return Shape(kind=kind, decimals=decimals, choices=choices, unit=unit, remarks=tuple(remarks))


def _choices(definition: etree._Element, metadata: Metadata, place: str, remarks: list[Remark]) -> tuple[Choice, ...]:
    ref = child(definition, "CodeListRef")
    if ref is None:
        return ()
    found: dict[str, Choice] = {}
    code_list = metadata.find("CodeList", ref.get("CodeListOID"))
    for one in (*children(code_list, "CodeListItem"), *children(code_list, "EnumeratedItem")):
        code = one.get("CodedValue", "").strip()
        label, _ = label_of(one, "Decode", otherwise=code)
        if code and plain(code) == code and label.en:
            found.setdefault(code, Choice(code=code, label=label))
    if not found:
        remarks.append(remark("question", "odm_code_list", place, ref.get("CodeListOID", "")))
    return tuple(found.values())


def _unit(definition: etree._Element, metadata: Metadata, place: str, remarks: list[Remark]) -> str:
    """The unit, where there is one and its symbol is a UCUM code that is known."""
    symbols = [metadata.units.get(ref.get("MeasurementUnitOID", ""), "") for ref in children(definition, "MeasurementUnitRef")]
    if len(symbols) == 1 and is_known_unit(symbols[0]):
        return symbols[0].strip()
    if symbols:
        remarks.append(remark("question", "odm_unit", place, ", ".join(symbols)))
    return ""


def checks_of(definition: etree._Element, item: ForeignItem, place: str) -> tuple[list[ForeignCheck], list[Remark]]:
    """The range checks as edit checks, hard or soft as they say; one that is no plain comparison becomes a question."""
    checks: list[ForeignCheck] = []
    remarks: list[Remark] = []
    for one in children(definition, "RangeCheck"):
        values = [plain(value.text or "") for value in children(one, "CheckValue")]
        rule = _rule(item, one.get("Comparator", ""), values)
        if rule is None:
            remarks.append(remark("question", "odm_range", place, f"{one.get('Comparator', '')} {', '.join(values)}".strip()))
            continue
        message, _ = label_of(one, "ErrorMessage")
        said = message if message.en else say("check_odm", label=item.label, rule=rule)
        severity: Literal["hard", "soft"] = "hard" if one.get("SoftHard", "Soft") == "Hard" else "soft"
        checks.append(ForeignCheck(item=item.id, rule=rule, severity=severity, message=said, items=(item.id,), source=item.source))
    return checks, remarks


def _rule(item: ForeignItem, comparator: str, values: list[str]) -> str | None:
    if item.kind == "choice":
        codes = {choice.code for choice in item.choices}
        literals = [f"'{value}'" for value in values if value in codes and not set(value) & set("'\\")]
        known: tuple[str, ...] = ("EQ", "NE", "IN", "NOTIN")
    elif item.kind in ("decimal", "integer"):
        literals = [number for value in values if (number := _number(value))]
        known = (*_SIGNS, "IN", "NOTIN")
    else:
        return None
    if comparator not in known or not literals or len(literals) != len(values):
        return None
    if comparator in _SIGNS:
        return f"{item.id} {_SIGNS[comparator]} {literals[0]}" if len(literals) == 1 else None
    any_of = " || ".join(f"{item.id} == {literal}" for literal in literals)
    return any_of if comparator == "IN" else f"!({any_of})"


def _number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return ""
    if not number.is_finite() or len(number.as_tuple().digits) > 15 or abs(number.adjusted()) > 30:
        return ""
    shown = f"{number:f}"
    return shown if "." in shown else f"{shown}.0"
