"""Values of a trial's own items: what `[value.<item>]` of its simulation.toml says of an item that no form here knows.

A number has a level for each person and noise from visit to visit; a yes or a class comes from the same standing of the person, so
that who has once improved does not waver without a reason. An effect moves the level of everyone alike: in standard deviations
between persons, downwards where it is negative, unless the item improves upwards. Whoever is screened has a level that the trial's
criteria on this item alone allow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import exp, log
from random import Random
from statistics import NormalDist
from typing import Any

from trialwright.simulate.rehearse_parameters import Parameters
from trialwright.study.model import Item, Study
from trialwright.study.rules import Rule, compile_rule

_TRIES = 200
_NORMAL = NormalDist()


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Where a person's own values come from. `person` gives a generator for a purpose, the same at every visit; `effect` as in the
    scenario; `is_selected` says that this is a visit whose values decide on eligibility."""

    study: Study
    person: Callable[..., Random]
    effect: float
    is_selected: bool


def draw_value(item: Item, draws: Draws, parameters: Parameters, rng: Random) -> str | None:
    """The value of an item at one visit as plain text; None for an item without parameters of its own."""
    model: Mapping[str, Any] | None = parameters.table.get("value", {}).get(item.id)
    if model is None:
        return None
    match item.concept.kind:
        case "decimal" | "integer":
            return _number(item, model, draws, rng)
        case "boolean":
            return "yes" if _standing(item, draws, model) < _chance(model, draws) else "no"
        case "choice":
            codes = [choice.code for choice in item.concept.choices]
            return codes[min(int(_standing(item, draws, model) * len(codes)), len(codes) - 1)]
    return None


def _number(item: Item, model: Mapping[str, Any], draws: Draws, rng: Random) -> str:
    level = _level(item, model, draws)
    if not draws.is_selected:
        level += _shift(model, draws) * float(model["sd"]) + rng.gauss(0, float(model.get("within_sd", 0)))
    return _written(item, level)


def _level(item: Item, model: Mapping[str, Any], draws: Draws) -> float:
    """The person's own level, drawn until the criteria on this item alone allow it; the last draw where none of many does."""
    rules = _criteria_on(draws.study, item.id)
    level = float(model["mean"])
    for attempt in range(_TRIES):
        spread = 1.0 + attempt / 40  # a criterion may lie far out in the tail
        level = draws.person("level", item.id, attempt).gauss(float(model["mean"]), float(model["sd"]) * spread)
        value = Decimal(_written(item, level))
        if all(rule.evaluate({item.id: value}).holds == wanted for rule, wanted in rules):
            return level
    return level


@lru_cache(maxsize=256)
def _rules_on(criteria: tuple[tuple[str, str], ...], item: str, kind: Any) -> tuple[tuple[Rule, bool], ...]:
    return tuple((compile_rule(text, {item: kind}), sort == "inclusion") for sort, text in criteria)


def _criteria_on(study: Study, item: str) -> tuple[tuple[Rule, bool], ...]:
    """The criteria that read this item and nothing else, with what each has to give."""
    from trialwright.simulate.rehearse_eligible import names_read

    alone = tuple((c.kind, c.rule) for c in study.criteria if names_read(study, c) == (item,))
    kind = next(i.concept.kind for form in study.forms.values() for i in form.items if i.id == item)
    return _rules_on(alone, item, kind)


def _written(item: Item, value: float) -> str:
    concept = item.concept
    low = float(concept.low) if concept.low is not None else float("-inf")
    high = float(concept.high) if concept.high is not None else float("inf")
    decimals = concept.decimals if concept.kind == "decimal" else 0
    return f"{min(max(value, low), high):.{decimals}f}"


def _standing(item: Item, draws: Draws, model: Mapping[str, Any]) -> float:
    """Where the person stands among all, from 0 to 1; for a class the effect moves it."""
    drawn = draws.person("standing", item.id).random()
    if item.concept.kind == "boolean":
        return drawn
    moved = _NORMAL.inv_cdf(min(max(drawn, 1e-6), 1 - 1e-6)) + (0.0 if draws.is_selected else _shift(model, draws))
    return _NORMAL.cdf(moved)


def _chance(model: Mapping[str, Any], draws: Draws) -> float:
    """The chance of a yes, moved on the scale of log odds. Source: a standard deviation is about 1.81 of ln odds (Cox)."""
    share = min(max(float(model.get("share", 0.5)), 1e-6), 1 - 1e-6)
    return 1 / (1 + exp(-(log(share / (1 - share)) + 1.81 * _shift(model, draws))))


def _shift(model: Mapping[str, Any], draws: Draws) -> float:
    return draws.effect * {"up": -1.0, "none": 0.0}.get(str(model.get("improves", "down")), 1.0)
