"""Rules as they stand in a table: compiled where they are read; the cases declared beside them may give only what they read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trialwright.study.capture import ItemKind
from trialwright.study.facts import Proof
from trialwright.study.places import Path
from trialwright.study.rules import RuleError, compile_rule
from trialwright.study.tables import Table


def check_rule(
    table: Table,
    path: Path,
    rule: str,
    proof: tuple[Proof, ...],
    kinds: Mapping[str, ItemKind],
    choices: Mapping[str, tuple[str, ...]],
) -> None:
    """Refuse a rule that cannot be, or a declared case about what it does not read. `path` is that of the table with the rule.

    Raises: StudyError at the rule, or at the case.
    """
    try:
        compiled = compile_rule(rule, kinds, choices)
    except RuleError as error:
        raise table.error(*path, "rule", found=error.found, todo=error.todo) from None
    for number, case in enumerate(proof):
        for name, value in case.given.items():
            place = (*path, "proof", number, "given", name)
            table.must_know(*place, name=name, known=compiled.names, kind="name in this rule")
            expected = _unfit(value, kinds.get(name, "decimal"), choices.get(name, ()))
            if expected:
                raise table.error(*place, found=f"found {value}", expected=expected, todo="Give a value that the rule can read.")


def _unfit(value: Any, kind: ItemKind, codes: tuple[str, ...]) -> str:
    """Say what was expected where a value does not fit its kind; nothing where it does."""
    if codes:
        return "" if value in codes else f"one of {', '.join(codes)}"
    if kind in ("decimal", "integer"):
        return "" if type(value) in (int, Decimal) else "a number"
    if kind == "boolean":
        return "" if type(value) is bool else "true or false"
    return ""
