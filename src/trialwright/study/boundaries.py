"""The plain comparisons of a rule, and the values on either side of each: where a slip between `>` and `>=` shows.

Only `name OP number` and `name OP name` are plain. What a rule computes before it compares has its cases declared beside it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product

from trialwright.study.rules import Rule, Value

_STRINGS = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_NUMBER = r"\d+(?:\.\d+)?"
_NAME = r"[a-z][a-z0-9_]*"
_PLAIN = re.compile(rf"(?<![\w.*/+(-])\s*\b({_NAME})\s*(<=|>=|<|>)\s*({_NUMBER}|{_NAME})\b(?!\s*[*/+(.-])", re.ASCII)
_ANY = re.compile(r"<=|>=|<|>")
_MOST_SETTINGS = 4096
NEIGHBOUR = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}
"""The operator that differs from another only on the boundary itself."""


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a rule may read: each name's kind, the step of its last decimal, and the codes of a choice."""

    kinds: Mapping[str, str]
    steps: Mapping[str, Decimal]
    choices: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`left OP right`, where right is a number or a name. `at` is the place of the operator in the rule's text."""

    left: str
    operator: str
    right: str
    at: int

    @property
    def text(self) -> str:
        return f"{self.left} {self.operator} {self.right}"

    @property
    def bound(self) -> Decimal | None:
        return Decimal(self.right) if self.right[0].isdigit() else None

    def holds(self, left: Decimal, right: Decimal) -> bool:
        """Whether it holds of two exact decimals: reckoned here, not by the engine that runs the rule."""
        return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[self.operator]


@dataclass(frozen=True, kw_only=True)
class Boundary:
    """A value around a comparison, among settings of the other names in which the rule turns on it."""

    place: str
    comparison: Comparison
    given: Mapping[str, Value]


def plain_comparisons(rule: str) -> tuple[Comparison, ...]:
    """Give the plain comparisons of a rule, in order."""
    masked = _STRINGS.sub(lambda found: "'" * len(found.group()), rule)
    return tuple(
        Comparison(left=found.group(1), operator=found.group(2), right=found.group(3), at=found.start(2))
        for found in _PLAIN.finditer(masked)
    )


def slips(rule: str) -> tuple[tuple[str, str], ...]:
    """Give, for every comparison, its clause and the rule with its operator's neighbour, which differs on the boundary only."""
    masked = _STRINGS.sub(lambda found: "'" * len(found.group()), rule)
    return tuple(
        (_clause(rule, masked, found), rule[: found.start()] + NEIGHBOUR[found.group()] + rule[found.end() :])
        for found in _ANY.finditer(masked)
    )


def _clause(rule: str, masked: str, operator: re.Match[str]) -> str:
    """The part of a rule around an operator, up to the next `&&`, `||` or parenthesis."""
    begins = [found + len(mark) for mark in ("&&", "||", "(") if (found := masked.rfind(mark, 0, operator.start())) >= 0]
    ends = [masked.find(mark, operator.end()) for mark in ("&&", "||", ")")]
    return rule[max(begins, default=0) : min((end for end in ends if end >= 0), default=len(rule))].strip()


def boundaries(rule: Rule, comparison: Comparison, names: Names) -> tuple[Boundary, ...]:
    """Give just below, on and just above, with the others set so that the rule turns here; empty where it never does."""
    step = names.steps[comparison.left]
    around = {"just below": -step, "on": Decimal(0), "just above": step}
    for others in islice(_settings(rule, comparison, names), _MOST_SETTINGS):
        bound = comparison.bound if comparison.bound is not None else Decimal(str(others[comparison.right]))
        cases = {place: {**others, comparison.left: bound + by} for place, by in around.items()}
        if len({rule.evaluate(given).outcome for given in cases.values()}) == 2:
            return tuple(Boundary(place=place, comparison=comparison, given=given) for place, given in cases.items())
    return ()


def _settings(rule: Rule, comparison: Comparison, names: Names) -> Iterator[dict[str, Value]]:
    """Every setting of the other names that could matter: both answers, every code, numbers around what they are compared with."""
    others = [name for name in rule.names if name != comparison.left]
    for chosen in product(*(_candidates(rule, name, names) for name in others)):
        yield dict(zip(others, chosen, strict=True))


def _candidates(rule: Rule, name: str, names: Names) -> tuple[Value, ...]:
    kind = names.kinds.get(name, "decimal")
    if kind == "boolean":
        return (False, True)
    if name in names.choices:
        return names.choices[name]
    bounds = {c.bound for c in plain_comparisons(rule.text) if c.left == name and c.bound is not None} or {Decimal(10)}
    return tuple(sorted({bound + by for bound in bounds for by in (-names.steps[name], Decimal(0), names.steps[name])}))
