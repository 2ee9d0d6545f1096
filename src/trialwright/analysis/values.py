"""The values of one endpoint at one time point, as its estimand takes them: what every comparison of the room begins with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite, log, nan

from trialwright.analysis.handling import WORDS, handled_individual
from trialwright.analysis.methods.result import Interval, NotEstimable, not_estimable
from trialwright.analysis.results import Individual
from trialwright.analysis.tables import Tables, arm_of, members
from trialwright.study.model import Endpoint, Study
from trialwright.terms.sentences import Text

WORST = 1e9
"""Stands for a worst outcome among changes, which are compared by order alone where there is one; no clinical value comes near."""
_UNBOUNDED = WORST / 100  # a mean of two such means, one of them with a worst value, still lies beyond


@dataclass(frozen=True, kw_only=True)
class Values:
    """Shapes: individuals, treated, outcome, baseline (participants,) in the order of allocation; transformed, NaN where missing.

    `outcome` of a worst outcome is NaN; `worst` is its rank's side, +1 where more is worse and -1 where less is, else 0.
    """

    endpoint: Endpoint
    arms: int
    individuals: tuple[Individual, ...]
    treated: tuple[int, ...]
    outcome: tuple[float, ...]
    baseline: tuple[float, ...]
    worst: tuple[int, ...]
    logged: bool
    confidence: float
    alpha: float

    @property
    def participants(self) -> tuple[str, ...]:
        return tuple(row.participant for row in self.individuals)

    @property
    def has_baseline(self) -> bool:
        return self.endpoint.baseline is not None

    @property
    def has_worst(self) -> bool:
        return any(self.worst)

    @property
    def scale(self) -> str:
        return "ratio" if self.logged else "difference"

    @property
    def unit(self) -> str:
        return "" if self.logged else self.endpoint.unit

    def observed(self) -> list[int]:
        """The places of those with a value and a baseline."""
        return [i for i, (y, x) in enumerate(zip(self.outcome, self.baseline, strict=True)) if isfinite(y) and isfinite(x)]

    def changes(self) -> list[float]:
        """Shapes: (participants,): later value less baseline, a worst outcome beyond all others, NaN where there is neither."""
        pairs = zip(self.outcome, self.baseline, self.worst, strict=True)
        return [side * WORST if side else y - x for y, x, side in pairs]

    def split(self) -> tuple[list[float], list[float]]:
        """The changes that are there: of the experimental arm, and of the other."""
        found = [(change, arm) for change, arm in zip(self.changes(), self.treated, strict=True) if isfinite(change)]
        return [change for change, arm in found if arm], [change for change, arm in found if not arm]


def collect_values(tables: Tables, endpoint: Endpoint, encounter: str, *, logged: bool) -> Values:
    """The members of the endpoint's analysis set in the arms that are compared."""
    analysis_set, study = endpoint.estimand.analysis_set, tables.study
    compared = compared_arms(study)
    people = [person for person in members(tables, analysis_set) if arm_of(person, analysis_set) in compared]
    rows = tuple(handled_individual(tables, endpoint, encounter, person) for person in people)
    scale: Callable[[float], float] = _log if logged else float
    side = -1 if endpoint.direction == "higher_is_better" else 1
    return Values(
        endpoint=endpoint,
        arms=len(compared),
        individuals=rows,
        treated=tuple(int(row.arm == compared[0]) for row in rows),
        outcome=tuple(scale(float(row.value)) if row.value is not None else nan for row in rows),
        baseline=tuple(scale(float(row.baseline)) if row.baseline is not None else nan for row in rows)
        if endpoint.baseline is not None
        else (0.0,) * len(rows),
        worst=tuple(side * (row.fate == "worst") for row in rows),
        logged=logged,
        confidence=float(study.analysis.confidence),
        alpha=float(study.analysis.primary.alpha),
    )


def experimental_arm(study: Study) -> str:
    return next(arm.id for arm in study.arms if arm.kind == "experimental")


def compared_arms(study: Study) -> tuple[str, ...]:
    """The two arms in the order of the comparison, the experimental one first; one where there is one."""
    first = experimental_arm(study)
    others = sorted((arm for arm in study.arms if arm.id != first), key=lambda arm: arm.kind != "control")
    return (first, *(arm.id for arm in others[:1]))


def bounded(found: Interval | NotEstimable) -> Interval | NotEstimable:
    """An interval of changes without the numbers that only stand for a worst outcome."""
    if isinstance(found, NotEstimable):
        return found
    if abs(found.estimate) > _UNBOUNDED:
        return not_estimable(
            "The median change is a worst outcome, which has no size; only its rank is known.",
            "میانهٔ تغییر، بدترین نتیجه است که اندازه ندارد؛ تنها رتبهٔ آن دانسته است.",
        )
    low, high = (None if limit is None or abs(limit) > _UNBOUNDED else limit for limit in (found.low, found.high))
    return replace(found, low=low, high=high)


def on_scale(estimate: Interval | NotEstimable, values: Values) -> Interval | NotEstimable:
    """An interval of logged values as a ratio; others as they are."""
    if isinstance(estimate, NotEstimable) or not values.logged:
        return estimate
    low, high = (None if limit is None else exp(limit) for limit in (estimate.low, estimate.high))
    return replace(estimate, estimate=exp(estimate.estimate), low=low, high=high)


def notes_of(values: Values) -> tuple[Text, ...]:
    """What a reader must know of who is in the comparison and who is not."""
    return (*_absent(values), *_zeros(values), *_worst(values))


def _log(value: float) -> float:
    """The logarithm; a value of zero has none and is missing for a logged analysis (a note says so)."""
    return log(value) if value > 0 else nan


def _absent(values: Values) -> Sequence[Text]:
    whole = len(values.individuals)
    absent = whole - sum(isfinite(change) for change in values.changes())
    if not absent:
        return ()
    return (
        Text(
            en=f"{absent} of {whole} participants have no value or no baseline here and are left out of the estimate; nothing is "
            "imputed, and each is listed with the reason.",
            fa=f"{absent} نفر از {whole} شرکت‌کننده در این‌جا مقدار یا مقدار پایه ندارند و در برآورد نیامده‌اند؛ هیچ مقداری "
            "جایگزین نشده و هر یک با دلیل فهرست شده است.",
        ),
    )


def _zeros(values: Values) -> Sequence[Text]:
    zeros = [row.participant for row in values.individuals if values.logged and (row.value == 0 or row.baseline == 0)]
    if not zeros:
        return ()
    return (
        Text(
            en=f"A value of zero has no logarithm; left out of the logged analysis: {', '.join(zeros)}.",
            fa=f"مقدار صفر لگاریتم ندارد؛ در تحلیل لگاریتمی نیامده است: {'، '.join(zeros)}.",
        ),
    )


def _worst(values: Values) -> Sequence[Text]:
    who = [row.participant for row in values.individuals if row.fate == "worst"]
    if not who:
        return ()
    words = WORDS["worst_note" if values.arms > 1 else "worst_note_one_arm"]
    facts = {"n": len(who), "whole": len(values.individuals)}
    return (Text(en=words.en.format(who=", ".join(who), **facts), fa=words.fa.format(who="، ".join(who), **facts)),)
