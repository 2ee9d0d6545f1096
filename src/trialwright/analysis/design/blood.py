"""Blood drawn at each visit, against what may be taken from the lightest participant at once and within four weeks.

No registration says how much blood a trial takes, and visits that are each harmless add up: a child of 12 kg may give 9 mL at once
and 27 mL in four weeks for research. Tube sizes are assumed and stand beside the sum.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from trialwright.analysis.design.figures import Bars
from trialwright.analysis.design.page import NumberTable, Statement, number
from trialwright.analysis.design.wording import decimal, say, whole
from trialwright.measures.safety.blood_volume_budget import SOURCE, blood_budget_at_once, blood_budget_four_weeks
from trialwright.study.model import Encounter, Study
from trialwright.terms.sentences import Text

TUBES = Path(__file__).with_name("blood_tubes.toml")
FOUR_WEEKS = timedelta(days=28)
WEIGHTS = (0.75, 1.0, 1.5, 2.0)
_SPREADS_BELOW = 2


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What one visit takes. Units: days from allocation; mL at this visit, and in the four weeks that end with it."""

    label: Text
    day: float
    ml: float
    four_weeks_ml: float


def blood(study: Study) -> Statement | None:
    """The budget for the lightest participant whom the definition admits; None where no visit takes blood for a known test."""
    draws = draws_of(study)
    if not draws:
        return None
    weight, basis = lightest_kg(study)
    once, four_weeks = blood_budget_at_once(weight), blood_budget_four_weeks(weight)
    most, fullest = max(draws, key=lambda one: one.ml), max(draws, key=lambda one: one.four_weeks_ml)
    kept = most.ml <= once and fullest.four_weeks_ml <= four_weeks
    facts = {
        "weight": whole(weight),
        "most": decimal(most.ml, 1),
        "visit": most.label,
        "once": decimal(once, 1),
        "sum": decimal(fullest.four_weeks_ml, 1),
        "four_weeks": decimal(four_weeks, 1),
        "until": fullest.label,
    }
    return Statement(
        id="blood",
        title=say("blood.title"),
        plain=say("blood.plain.kept" if kept else "blood.plain.above", **facts),
        numbers=(
            number(say("blood.once", **facts), once, "ml"),
            number(say("blood.four_weeks", **facts), four_weeks, "ml"),
            number(say("blood.all"), sum(one.ml for one in draws), "ml"),
        ),
        method=say("blood.method", basis=basis, tubes=_tube_words(study), **facts),
        source=f"{SOURCE}; tube volumes assumed (ISO 6710:2017 sizes)",
        lay=say("blood.lay", **facts),
        figure=Bars(
            title=say("blood.figure", **facts),
            x_label=say("axis.ml"),
            rows=tuple((one.label, one.four_weeks_ml) for one in draws),
            inner=tuple(one.ml for one in draws),
            inner_label=say("blood.inner"),
            outer_label=say("blood.outer"),
            levels=((once, say("blood.level.once", **facts)), (four_weeks, say("blood.level.four_weeks", **facts))),
        ),
        tables=(
            _by_visit(draws),
            _by_weight(weight, most, fullest),
        ),
    )


def draws_of(study: Study) -> tuple[Draw, ...]:
    """Every visit that takes blood for a test of the table, in order of days."""
    child = _is_for_children(study)
    taken = sorted(
        (
            (planned_day(study, encounter), number, encounter.label, ml)
            for number, encounter in enumerate(study.encounters)
            if (ml := sum(tube["child_ml" if child else "adult_ml"] for tube in _tubes_at(study, encounter)))
        ),
        key=lambda one: one[:2],
    )
    span = FOUR_WEEKS / timedelta(days=1)
    return tuple(
        Draw(
            label=label,
            day=day,
            ml=ml,
            four_weeks_ml=sum(other for at, before, _, other in taken if day - span < at <= day and before <= place),
        )
        for day, place, label, ml in taken
    )


def planned_day(study: Study, encounter: Encounter) -> float:
    """The planned day from allocation; screening comes before it, the infusion where the schedule puts it."""
    screening = max((e.target for e in study.encounters if e.anchor == "screening"), default=timedelta(0))
    treatment = (e.target for e in study.encounters if e.epoch == "treatment" and e.anchor == "allocation")
    start = {"screening": -screening, "allocation": timedelta(0), "infusion": next(treatment, timedelta(0))}[encounter.anchor]
    return (start + encounter.target) / timedelta(days=1)


def lightest_kg(study: Study) -> tuple[float, Text]:
    """The weight of the lightest participant to expect, and where it is from.

    The study's own invented participants come first: a child of the least age, an adult two standard deviations below the mean.
    """
    body = study.simulation.get("participant")
    body = body if isinstance(body, Mapping) else {}
    if {"weight_kg_at_2", "weight_kg_at_14"} <= set(body):
        age = max(float(study.minimum_age_years or 2), 2.0)
        slope = (body["weight_kg_at_14"] - body["weight_kg_at_2"]) / 12
        return body["weight_kg_at_2"] + (age - 2) * slope, say("blood.basis.child", age=whole(age))
    if {"weight_kg_mean", "weight_kg_sd"} <= set(body):
        return body["weight_kg_mean"] - _SPREADS_BELOW * body["weight_kg_sd"], say("blood.basis.adult")
    if _is_for_children(study):
        age = float(study.minimum_age_years or 1)
        return _median_weight(age), say("blood.basis.who", age=whole(age))
    return float(_table()["adult_weight_kg"]), say("blood.basis.assumed")


def _by_visit(draws: Sequence[Draw]) -> NumberTable:
    return NumberTable(
        title=say("blood.table"),
        columns=(say("blood.inner"), say("blood.outer")),
        kinds=("ml", "ml"),
        rows=tuple((one.label, (one.ml, one.four_weeks_ml)) for one in draws),
    )


def _by_weight(weight: float, most: Draw, fullest: Draw) -> NumberTable:
    rows = []
    for factor in WEIGHTS:
        kg = round(weight * factor)
        once, four_weeks = blood_budget_at_once(float(kg)), blood_budget_four_weeks(float(kg))
        rows.append(
            (
                say("blood.weight", weight=whole(kg)),
                (once, most.ml / once, four_weeks, fullest.four_weeks_ml / four_weeks),
            )
        )
    columns = tuple(say(f"blood.column.{name}") for name in ("once", "share_once", "four_weeks", "share_four_weeks"))
    return NumberTable(title=say("part.change"), columns=columns, kinds=("ml", "percent", "ml", "percent"), rows=tuple(rows))


def _is_for_children(study: Study) -> bool:
    return study.minimum_age_years is not None and study.minimum_age_years < _table()["adult_from_years"]


def _tubes_at(study: Study, encounter: Encounter) -> list[Mapping[str, Any]]:
    concepts = {item.concept.id for form in encounter.forms for item in study.forms[form].items if item.required}
    return [tube for tube in _table()["tube"] if concepts & set(tube["concepts"])]


def _tube_words(study: Study) -> Text:
    """The tubes in use with their volumes."""
    size = "child_ml" if _is_for_children(study) else "adult_ml"
    used = {tube["id"] for encounter in study.encounters for tube in _tubes_at(study, encounter)}
    named = [
        say("blood.tube", name=Text(**tube["label"]), ml=decimal(tube[size], 1)) for tube in _table()["tube"] if tube["id"] in used
    ]
    return Text(en="; ".join(one.en for one in named), fa="؛ ".join(one.fa for one in named))


def _median_weight(age_years: float) -> float:
    """Read between the ages of the table, joined by straight lines."""
    points = sorted((float(age), float(kg)) for age, kg in _table()["weight_kg_by_age_years"].items())
    if age_years <= points[0][0]:
        return points[0][1]
    for (young, light), (old, heavy) in pairwise(points):
        if age_years <= old:
            return light + (heavy - light) * (age_years - young) / (old - young)
    return points[-1][1]


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(TUBES.read_text(encoding="utf-8"))
