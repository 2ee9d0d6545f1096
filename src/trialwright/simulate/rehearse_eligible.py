"""What an eligible person's screening looks like in any trial: values of a form set so that the trial's criteria hold.

Only what is drawn without regard to the criteria is changed, and as little as it takes: where a criterion does not hold on the
values of a form, the first combination of other answers that makes it hold is taken. One person in several fails by one criterion
that the investigator judges, and only by that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, product
from random import Random

from trialwright.study.model import Criterion, Form, Item, ItemKind, Study
from trialwright.study.rules import Rule, Value, compile_rule

BY_CRITERION = "criterion:"
_LITERAL = re.compile(r"\b(\d+\.\d+)\b")
_NUMERIC = ("decimal", "integer")
_MOST = 4096


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    rule: Rule
    holds: bool


def names_read(study: Study, criterion: Criterion) -> tuple[str, ...]:
    """The names that a criterion reads, age and sex left out."""
    rule = compile_rule(criterion.rule, _kinds(study))
    return tuple(name for name in rule.names if name not in ("age_years", "sex"))


def names_of_criteria(study: Study) -> frozenset[str]:
    """Every name that some criterion reads, age and sex left out."""
    return frozenset(name for criterion in study.criteria for name in names_read(study, criterion))


def failable(study: Study) -> tuple[str, ...]:
    """The criteria by which someone can fail alone: a single answer of the investigator, yes or no."""
    kinds = _kinds(study)
    found = []
    for criterion in study.criteria:
        names = names_read(study, criterion)
        shared = sum(names[0] in names_read(study, other) for other in study.criteria) if names else 0
        if len(names) == 1 and shared == 1 and kinds[names[0]] == "boolean":
            found.append(criterion.id)
    return tuple(found)


def draw_failing(study: Study, rng: Random) -> str:
    """The criterion that excludes a person; "" where the trial has none that can fail alone."""
    ids = failable(study)
    return f"{BY_CRITERION}{rng.choice(ids)}" if ids else ""


def make_eligible(
    study: Study, form: Form, facts: Mapping[str, str], *, age: float, sex: str, fails: str, known: Mapping[str, str]
) -> dict[str, str]:
    """Change a form's drawn values, as few as it takes, so that every criterion on them has the outcome that the story wants.

    `known` are values of forms filled in before at this visit. A criterion that reads a derivation or a form still to come is left
    alone. Units: age in years.
    """
    wanted = _wanted(study, form, fails, {*known, *(item.id for item in form.items)})
    context: dict[str, Value] = {**_typed(study, known), "age_years": Decimal(f"{age:.2f}"), "sex": sex}
    chosen = dict(facts)
    for one in wanted:
        names = [name for name in one.rule.names if form.item(name) is not None]
        if names and not _all_hold([one], context | _typed(study, chosen)):
            chosen |= _first_that_holds(study, form, chosen, names, [w for w in wanted if set(names) & set(w.rule.names)], context)
    return chosen


def _wanted(study: Study, form: Form, fails: str, known: set[str]) -> list[_Wanted]:
    found = []
    for criterion in study.criteria:
        rule = compile_rule(criterion.rule, _kinds(study))
        names = set(rule.names) - {"age_years", "sex"}
        if names and names <= known and any(form.item(name) is not None for name in names):
            met = (criterion.kind == "inclusion") != (fails == f"{BY_CRITERION}{criterion.id}")
            found.append(_Wanted(rule=rule, holds=met))
    return found


def _first_that_holds(
    study: Study,
    form: Form,
    facts: Mapping[str, str],
    names: list[str],
    wanted: list[_Wanted],
    context: Mapping[str, Value],
) -> dict[str, str]:
    items = [item for name in names if (item := form.item(name)) is not None]
    choices = [list(_candidates(item, facts[item.id], wanted)) for item in items]
    for values in islice(product(*choices), _MOST):
        tried = dict(zip((item.id for item in items), values, strict=True))
        if _all_hold(wanted, {**context, **_typed(study, {**facts, **tried})}):
            return tried
    return {}


def _candidates(item: Item, drawn: str, wanted: list[_Wanted]) -> Iterator[str]:
    """The drawn value first, then every other answer; for a number those at and beside the numbers of the rules."""
    yield drawn
    concept = item.concept
    if concept.kind == "boolean":
        yield "no" if drawn == "yes" else "yes"
    elif concept.kind == "choice":
        yield from (choice.code for choice in concept.choices if choice.code != drawn)
    elif concept.kind in _NUMERIC:
        decimals = concept.decimals if concept.kind == "decimal" else 0
        step = Decimal(1).scaleb(-decimals)
        for literal in sorted({Decimal(text) for one in wanted for text in _LITERAL.findall(one.rule.text)}):
            for value in (literal + 3 * step, literal - 3 * step, literal, literal + step, literal - step):
                if (concept.low is None or value >= concept.low) and (concept.high is None or value <= concept.high):
                    yield f"{value:.{decimals}f}"


def _all_hold(wanted: list[_Wanted], values: Mapping[str, Value]) -> bool:
    return all((verdict := one.rule.evaluate(values)).outcome != "undecided" and verdict.holds == one.holds for one in wanted)


def _typed(study: Study, facts: Mapping[str, str]) -> dict[str, Value]:
    kinds = _kinds(study)
    typed: dict[str, Value] = {}
    for name, text in facts.items():
        kind = kinds.get(name)
        if kind == "boolean":
            typed[name] = text == "yes"
        elif kind in _NUMERIC:
            typed[name] = Decimal(text)
        elif kind in ("choice", "text"):
            typed[name] = text
    return typed


def _kinds(study: Study) -> dict[str, ItemKind]:
    names: dict[str, ItemKind] = {item.id: item.concept.kind for form in study.forms.values() for item in form.items}
    names |= {derivation.id: "decimal" for derivation in study.derivations}
    return names | {"age_years": "decimal", "sex": "choice"}
