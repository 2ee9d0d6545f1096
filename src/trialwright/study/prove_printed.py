"""The proofs of a study's rules as a table for a terminal, and as one object for a program."""

from collections.abc import Iterator, Mapping
from typing import Any

from trialwright.study.prove import Case, Proofs
from trialwright.study.rules import Value


def render_proofs(proofs: Proofs) -> str:
    """Print every rule with its cases, what came out, and what a slip would pass unnoticed."""
    return "\n".join(_lines(proofs)) + "\n"


def describe_proofs(proofs: Proofs) -> dict[str, Any]:
    """Describe the proofs as one JSON-able object."""
    return {
        "hold": proofs.hold,
        "cases": [
            {
                "kind": case.rule.kind,
                "rule": case.rule.id,
                "text": case.rule.text,
                "origin": case.origin,
                "about": case.about,
                "given": {name: _shown(value) for name, value in case.given.items()},
                "expected": case.expected,
                "found": case.found,
                "right": case.is_right,
            }
            for case in proofs.cases
        ],
        "unnoticed": [
            {"rule": slip.rule.id, "comparison": slip.comparison, "would_be": slip.would_be} for slip in proofs.unnoticed
        ],
    }


def _lines(proofs: Proofs) -> Iterator[str]:
    printed = ""
    for case in proofs.cases:
        rule = case.rule
        if f"{rule.kind} {rule.id}" != printed:
            printed = f"{rule.kind} {rule.id}"
            yield from ("", f"{printed}: {rule.text}")
        yield _line(case)
    yield ""
    for slip in proofs.unnoticed:
        yield f"{slip.rule.kind} {slip.rule.id}: `{slip.comparison}` has no declared case on its boundary; add one to its `proof`."
    wrong = sum(not case.is_right for case in proofs.cases)
    declared = sum(case.origin == "declared" for case in proofs.cases)
    rules = len({(case.rule.kind, case.rule.id) for case in proofs.cases})
    yield f"{rules} rules, {len(proofs.cases)} cases ({declared} declared), {wrong} wrong, {len(proofs.unnoticed)} slips unnoticed"


def _line(case: Case) -> str:
    """What came out, whether it should, and of what: the longest last."""
    should = (
        "WRONG: expected " + case.expected if not case.is_right else "as declared" if case.origin == "declared" else "as reckoned"
    )
    return f"  {case.found:<10} {should if case.expected else 'for reading':<12} {case.about:<42} {_given(case.given)}".rstrip()


def _given(given: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {_shown(value)}" for name, value in given.items()) or "nothing"


def _shown(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
