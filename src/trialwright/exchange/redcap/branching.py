"""REDCap's branching logic as a rule in CEL, where that can be said with certainty; anything else is left to a person.

What is certain: fields of the same form compared with literals, and their and/or/not. What is not: other events, instances and
forms, functions, arithmetic, and text compared by order. Where a value is missing our rule is undecided and stays silent; REDCap
takes a missing value for an empty text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from trialwright.study.facts import Choice
from trialwright.study.model import ItemKind

MOST_TOKENS = 500
DEEPEST = 30
_TOKEN = re.compile(
    r"\s*(?:(?P<field>\[[^\[\]]*\](?:\[[^\[\]]*\])*)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<sign><>|!=|<=|>=|=|<|>)|(?P<open>\()|(?P<close>\))|(?P<word>[A-Za-z_]+)(?=[\s(\[\])]|$))"
)
_FIELD = re.compile(r"\[([a-z][a-z0-9_]*)(?:\(([^()\[\]]+)\))?\]")
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_CEL = {"=": "==", "!=": "!=", "<>": "!=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


class UncertainError(ValueError):
    """The logic says something that has no certain translation; the text names the piece."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a rule may read by REDCap's name: our id, kind and choices. A checkbox has one for each code, named `variable(code)`."""

    id: str
    kind: ItemKind
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Translated:
    rule: str
    items: tuple[str, ...]


def translate(logic: str, known: Mapping[str, Known]) -> Translated:
    """Translate a whole condition. Raises: UncertainError where any piece of it is not certain."""
    reader = _Reader(tokens=_tokens(logic), known=known)
    rule = reader.any_of(0)
    if reader.place != len(reader.tokens):
        raise UncertainError(reader.tokens[reader.place][1])
    return Translated(rule=rule, items=tuple(dict.fromkeys(reader.read)))


def _tokens(logic: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    logic = logic.strip()
    while place < len(logic):
        match = _TOKEN.match(logic, place)
        if match is None or len(found) >= MOST_TOKENS:
            raise UncertainError(logic[place : place + 40])
        found.append((match.lastgroup or "", match.group(match.lastgroup or 0)))
        place = match.end()
    return found


class _Reader:
    """Recursive descent: any_of -> all_of -> one -> comparison; `and` binds closer than `or`, as in REDCap."""

    def __init__(self, tokens: list[tuple[str, str]], known: Mapping[str, Known]) -> None:
        self.tokens = tokens
        self.known = known
        self.place = 0
        self.read: list[str] = []

    def any_of(self, depth: int) -> str:
        parts = [self._all_of(depth)]
        while self._takes_word("or"):
            parts.append(self._all_of(depth))
        return " || ".join(parts) if len(parts) > 1 else parts[0]

    def _all_of(self, depth: int) -> str:
        parts = [self._one(depth)]
        while self._takes_word("and"):
            parts.append(self._one(depth))
        return " && ".join(parts) if len(parts) > 1 else parts[0]

    def _one(self, depth: int) -> str:
        if depth > DEEPEST:
            raise UncertainError("(")
        if self._takes_word("not"):
            return f"!({self._one(depth + 1)})"
        if self._peek()[0] != "open":
            return self._comparison()
        self.place += 1
        inner = self.any_of(depth + 1)
        if self._peek()[0] != "close":
            raise UncertainError("(")
        self.place += 1
        return f"({inner})"

    def _comparison(self) -> str:
        first, sign, second = self._take(), self._take(), self._take()
        if sign[0] != "sign":
            raise UncertainError(sign[1] or first[1])
        if first[0] != "field" and second[0] == "field":
            first, second = second, first
            sign = (sign[0], _TURNED.get(sign[1], sign[1]))
        if first[0] != "field" or second[0] not in ("text", "number"):
            raise UncertainError(f"{first[1]} {sign[1]} {second[1]}")
        literal = second[1].strip("'\"") if second[0] == "text" else second[1]
        item = self._item(first[1])
        self.read.append(item.id)
        return _compare(item, _CEL[sign[1]], literal.strip())

    def _item(self, words: str) -> Known:
        match = _FIELD.fullmatch(words)
        if match is None:
            raise UncertainError(words)
        name = f"{match.group(1)}({match.group(2).strip()})" if match.group(2) else match.group(1)
        if name not in self.known:
            raise UncertainError(words)
        return self.known[name]

    def _takes_word(self, word: str) -> bool:
        kind, text = self._peek()
        if kind == "word" and text.lower() == word:
            self.place += 1
            return True
        return False

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self.place += 1
        return token


def _compare(item: Known, sign: str, literal: str) -> str:
    if literal == "":
        if sign not in ("==", "!="):
            raise UncertainError(f"{item.id} {sign} ''")
        return f"!known({item.id})" if sign == "==" else f"known({item.id})"
    if item.kind == "boolean":
        return _yes_no(item, sign, literal)
    if item.kind == "choice":
        return _choice(item, sign, literal)
    if item.kind in ("decimal", "integer"):
        return f"{item.id} {sign} {_number(literal)}"
    if item.kind == "text" and sign in ("==", "!=") and literal.isprintable() and not set(literal) & set("'\\"):
        return f"{item.id} {sign} '{literal}'"
    raise UncertainError(f"{item.id} {sign} {literal}")


def _yes_no(item: Known, sign: str, literal: str) -> str:
    if literal not in ("0", "1") or sign not in ("==", "!="):
        raise UncertainError(f"{item.id} {sign} {literal}")
    return item.id if (literal == "1") == (sign == "==") else f"!{item.id}"


def _choice(item: Known, sign: str, literal: str) -> str:
    """A choice by its code; an order of codes is said as the codes that fulfil it, where all of them are numbers."""
    codes = [choice.code for choice in item.choices]
    if sign in ("==", "!="):
        if literal not in codes or set(literal) & set("'\\"):
            raise UncertainError(f"{item.id} {sign} {literal}")
        return f"{item.id} {sign} '{literal}'"
    limit = Decimal(_number(literal))
    tests = {"<": lambda n: n < limit, ">": lambda n: n > limit, "<=": lambda n: n <= limit, ">=": lambda n: n >= limit}
    fitting = [code for code in codes if tests[sign](Decimal(_number(code)))]  # a code that is no number is refused on the way
    if not fitting:
        raise UncertainError(f"{item.id} {sign} {literal}")
    return "(" + " || ".join(f"{item.id} == '{code}'" for code in fitting) + ")"


def _number(literal: str) -> str:
    try:
        number = Decimal(literal)
    except InvalidOperation:
        raise UncertainError(literal) from None
    if not number.is_finite() or len(number.as_tuple().digits) > 15:  # what a rule compares exactly
        raise UncertainError(literal)
    text = f"{number:f}"
    return text if "." in text else f"{text}.0"
