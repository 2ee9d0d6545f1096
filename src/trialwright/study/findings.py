"""Findings that results can propose for an item of a form, by name: `sledai_2k.haematuria`. The cut-offs are in `measures`."""

from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature

Finding = Callable[..., bool | None]
_DECIDED_BY_PEOPLE = "other_cause"


@cache
def findings() -> Mapping[str, Finding]:
    """Give every finding by its name; each takes numbers (None where missing) and gives yes, no, or None for unknown."""
    from trialwright.measures.lupus import sledai_items

    decided: Mapping[str, Finding] = sledai_items.DERIVED_ITEMS  # type: ignore[assignment]  # functions of different arguments
    return {f"sledai_2k.{name}": function for name, function in decided.items()}


@cache
def finding_inputs(name: str) -> tuple[str, ...]:
    """Give the arguments of a finding that results fill; that another disease explains it is for a person to say."""
    return tuple(one for one in signature(findings()[name]).parameters if one != _DECIDED_BY_PEOPLE)
