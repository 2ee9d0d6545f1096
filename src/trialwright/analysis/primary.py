"""The primary analysis at its one named time point, as the analysis plan of the study asks for it.

Two arms: the later value adjusted for baseline (both logged where the plan says so), tested by re-randomisation over the trial's
own allocation and estimated with the interval of the same test. One arm: the exact signed-rank test of the change from baseline
with the Hodges-Lehmann interval. Logged values come back as ratios. Missing values stay missing; the participants are listed with
the reason. An endpoint without a baseline is compared as it is; with more than two arms the first experimental one is compared with
the first control, over the slots that went to these two.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import exp, isfinite, log, nan

import numpy as np

from trialwright.analysis.endpoints import individual
from trialwright.analysis.methods import hodges_lehmann
from trialwright.analysis.methods.allocation_lists import ReferenceSet, permuted_block_lists, unrestricted_lists
from trialwright.analysis.methods.ancova import Ancova, ancova, ancova_hc2
from trialwright.analysis.methods.attainable import smallest_signed_rank_p
from trialwright.analysis.methods.rank_sum import mann_whitney
from trialwright.analysis.methods.rerandomisation import Rerandomisation, rerandomisation_test
from trialwright.analysis.methods.result import Interval, NotEstimable, Test, not_estimable
from trialwright.analysis.methods.sequential_lists import procedure_lists
from trialwright.analysis.methods.signed_rank import pratt_signed_rank, wilcoxon_signed_rank
from trialwright.analysis.results import Individual, Primary, Support
from trialwright.analysis.tables import Tables, arm_of, find_endpoint, members
from trialwright.study.allocation_procedures import TwoArmProcedure
from trialwright.study.model import Endpoint, Study
from trialwright.terms.sentences import Text

Found = tuple[Interval | NotEstimable, Test | NotEstimable, tuple[Support, ...], tuple[Text, ...]]


@dataclass(frozen=True, kw_only=True)
class _Data:
    """Shapes: individuals, treated, outcome, baseline (participants,) in the order of allocation; transformed, NaN where
    missing."""

    individuals: tuple[Individual, ...]
    treated: tuple[int, ...]
    outcome: tuple[float, ...]
    baseline: tuple[float, ...]
    logged: bool
    confidence: float
    has_baseline: bool

    def observed(self) -> list[int]:
        return [i for i, (y, x) in enumerate(zip(self.outcome, self.baseline, strict=True)) if isfinite(y) and isfinite(x)]


Drawn = Sequence[int] | TwoArmProcedure | None
"""How the custodian's list was drawn: the sizes of its blocks in order, another procedure, or None where it is not told."""


def analyse_primary(
    tables: Tables, *, rng: np.random.Generator, block_sizes: Sequence[int] | None, procedure: TwoArmProcedure | None = None
) -> Primary:
    """Run the primary analysis of the plan. `block_sizes` or `procedure` are those of the custodian's list; None where not held."""
    study, plan = tables.study, tables.study.analysis.primary
    endpoint, encounter = find_endpoint(study, plan.endpoint), study.encounter(plan.encounter)
    if encounter is None:
        raise ValueError(f"The primary analysis names the encounter {plan.encounter!r}, which the schedule does not have.")
    data = _collect(tables, endpoint)
    drawn: Drawn = block_sizes if procedure is None else procedure
    found = _two_arms(data, study, rng, drawn) if plan.method == "rerandomisation" else _one_arm(data)
    estimate, test, supports, notes = found
    return Primary(
        endpoint=endpoint.id,
        label=endpoint.label,
        encounter=encounter.id,
        encounter_label=encounter.label,
        method=plan.method,
        transform=plan.transform,
        alpha=float(plan.alpha),
        analysis_set=endpoint.estimand.analysis_set,
        effect_scale="ratio" if data.logged else "difference",
        unit="" if data.logged else endpoint.unit,
        compared=_compared(study),
        estimate=_back(estimate, data.logged) if isinstance(estimate, Interval) else estimate,
        test=test,
        supports=tuple(
            replace(s, estimate=_back(s.estimate, data.logged)) if isinstance(s.estimate, Interval) else s for s in supports
        ),
        individuals=data.individuals,
        notes=(*_notes(data), *notes),
        has_baseline=data.has_baseline,
    )


def experimental_arm(study: Study) -> str:
    return next(arm.id for arm in study.arms if arm.kind == "experimental")


def _compared(study: Study) -> tuple[str, ...]:
    """The two arms in the order of the comparison, the experimental one first; one where there is one."""
    first = experimental_arm(study)
    others = sorted((arm for arm in study.arms if arm.id != first), key=lambda arm: arm.kind != "control")
    return (first, *(arm.id for arm in others[:1]))


def _collect(tables: Tables, endpoint: Endpoint) -> _Data:
    plan, analysis_set = tables.study.analysis.primary, endpoint.estimand.analysis_set
    compared = _compared(tables.study)
    people = [person for person in members(tables, analysis_set) if arm_of(person, analysis_set) in compared]
    has_baseline = endpoint.baseline is not None
    rows = tuple(individual(tables, endpoint, plan.encounter, person, arm_of(person, analysis_set)) for person in people)
    scale: Callable[[float], float] = _log if plan.transform == "log" else float
    experimental = experimental_arm(tables.study)
    return _Data(
        individuals=rows,
        treated=tuple(int(row.arm == experimental) for row in rows),
        outcome=tuple(scale(float(row.value)) if row.value is not None else nan for row in rows),
        baseline=tuple(scale(float(row.baseline)) if row.baseline is not None else nan for row in rows)
        if has_baseline
        else (0.0,) * len(rows),
        logged=plan.transform == "log",
        confidence=float(tables.study.analysis.confidence),
        has_baseline=has_baseline,
    )


def _log(value: float) -> float:
    """The logarithm; a value of zero has none and is missing for a logged analysis (a note says so)."""
    return log(value) if value > 0 else nan


def _two_arms(data: _Data, study: Study, rng: np.random.Generator, drawn: Drawn) -> Found:
    if not data.treated:
        nobody = not_estimable("Nobody has been allocated yet.", "هنوز کسی تخصیص نیافته است.")
        return nobody, nobody, (), ()
    reference = _reference(data, study, rng, drawn)
    found = rerandomisation_test(data.outcome, data.baseline if data.has_baseline else None, reference, data.confidence)
    seen = data.observed()
    adjusted = (_adjusted(data, seen), _adjusted_hc2(data, seen)) if data.has_baseline else ()
    supports = (*adjusted, _ranks(data, seen))
    if isinstance(found, Rerandomisation):
        return found.interval, found.test, supports, ()
    return found, found, supports, ()


def _reference(data: _Data, study: Study, rng: np.random.Generator, drawn: Drawn) -> ReferenceSet:
    if drawn is None:
        return unrestricted_lists(data.treated, rng=rng)
    if not isinstance(drawn, Sequence):
        return procedure_lists(data.treated, drawn, rng=rng)  # equal shares, so it does not matter which arm is first
    first, second = (study.allocation.ratio[arm] for arm in _compared(study))
    every = sum(study.allocation.ratio.values())
    sizes = [size * (first + second) // every for size in drawn]  # of each block, the slots of these two arms
    return permuted_block_lists(data.treated, sizes, (first, second), rng=rng)


def _adjusted(data: _Data, seen: Sequence[int]) -> Support:
    label = Text(en="Analysis of covariance, classical standard error", fa="تحلیل کوواریانس با خطای معیار کلاسیک")
    return _support("ancova", label, ancova(*_columns(data, seen), data.confidence))


def _adjusted_hc2(data: _Data, seen: Sequence[int]) -> Support:
    label = Text(en="Analysis of covariance, HC2 standard error", fa="تحلیل کوواریانس با خطای معیار HC2")
    return _support("ancova_hc2", label, ancova_hc2(*_columns(data, seen), data.confidence))


def _columns(data: _Data, seen: Sequence[int]) -> tuple[list[float], list[float], list[int]]:
    return [data.outcome[i] for i in seen], [data.baseline[i] for i in seen], [data.treated[i] for i in seen]


def _support(name: str, label: Text, found: Ancova | NotEstimable) -> Support:
    if isinstance(found, NotEstimable):
        return Support(id=name, label=label, estimate=found, test=found)
    return Support(id=name, label=label, estimate=found.interval, test=found.test)


def _ranks(data: _Data, seen: Sequence[int]) -> Support:
    """Change from baseline, or the value where there is none, compared by ranks: no model, and no adjustment either."""
    changes = [(data.outcome[i] - data.baseline[i], data.treated[i]) for i in seen]
    first, second = [c for c, t in changes if t], [c for c, t in changes if not t]
    return Support(
        id="rank_sum",
        label=_BY_RANKS if data.has_baseline else _VALUES_BY_RANKS,
        estimate=hodges_lehmann.two_sample(first, second, data.confidence),
        test=mann_whitney(first, second),
    )


_BY_RANKS = Text(en="Change from baseline by ranks", fa="مقایسهٔ رتبه‌ای تغییر از مقدار پایه")
_VALUES_BY_RANKS = Text(en="Values by ranks", fa="مقایسهٔ رتبه‌ای مقادیر")


def _one_arm(data: _Data) -> Found:
    if not data.has_baseline:
        return _one_arm_as_it_is(data)
    changes = [data.outcome[i] - data.baseline[i] for i in data.observed()]
    pratt = Support(
        id="signed_rank_pratt",
        label=Text(en="The same with zero changes ranked (Pratt)", fa="همان آزمون با رتبه‌دادن به تغییرهای صفر (پرت)"),
        estimate=None,
        test=pratt_signed_rank(changes),
    )
    estimate = hodges_lehmann.one_sample(changes, data.confidence)
    return estimate, wilcoxon_signed_rank(changes), (pratt,), _smallest_p_note(len(changes))


def _one_arm_as_it_is(data: _Data) -> Found:
    """Without a baseline and without another arm there is something to estimate and nothing to test against."""
    nothing = not_estimable(
        "There is no baseline and no other arm, so there is nothing to test this against.",
        "نه مقدار پایه‌ای هست و نه بازوی دیگری؛ چیزی برای آزمودن در برابر آن وجود ندارد.",
    )
    return hodges_lehmann.one_sample([data.outcome[i] for i in data.observed()], data.confidence), nothing, (), ()


def _smallest_p_note(participants: int) -> tuple[Text, ...]:
    """With so few participants some p values cannot occur; whoever reads the p must be told."""
    smallest = smallest_signed_rank_p(participants)
    if participants < 2 or smallest <= 0.05:
        return ()
    return (
        Text(
            en=f"With {participants} participants the smallest two-sided p of this test is {smallest:.4g}: no result of any "
            f"treatment could "
            "have given p below 0.05. The absence of a small p says nothing here; read the participants one by one.",
            fa=f"با {participants} شرکت‌کننده کوچک‌ترین p دوطرفهٔ این آزمون {smallest:.4g} است: هیچ درمانی نمی‌توانست p کمتر از "
            f"۰٫۰۵ بدهد. "
            "نبودِ p کوچک در این‌جا چیزی را نشان نمی‌دهد؛ نتایج را شرکت‌کننده به شرکت‌کننده بخوانید.",
        ),
    )


def _notes(data: _Data) -> tuple[Text, ...]:
    notes = []
    absent = len(data.individuals) - len(data.observed())
    if absent:
        notes.append(
            Text(
                en=f"{absent} of {len(data.individuals)} participants have no value or no baseline here and are left out of the "
                f"estimate; "
                "nothing is imputed, and each is listed with the reason.",
                fa=f"{absent} نفر از {len(data.individuals)} شرکت‌کننده در این‌جا مقدار یا مقدار پایه ندارند و در برآورد "
                f"نیامده‌اند؛ هیچ مقداری "
                "جایگزین نشده و هر یک با دلیل فهرست شده است.",
            )
        )
    zeros = [row.participant for row in data.individuals if data.logged and (row.value == 0 or row.baseline == 0)]
    if zeros:
        notes.append(
            Text(
                en=f"A value of zero has no logarithm; left out of the logged analysis: {', '.join(zeros)}.",
                fa=f"مقدار صفر لگاریتم ندارد؛ در تحلیل لگاریتمی نیامده است: {'، '.join(zeros)}.",
            )
        )
    return tuple(notes)


def _back(estimate: Interval, logged: bool) -> Interval:
    """An interval of logged values as a ratio; other intervals as they are."""
    if not logged:
        return estimate
    low, high = (None if limit is None else exp(limit) for limit in (estimate.low, estimate.high))
    return replace(estimate, estimate=exp(estimate.estimate), low=low, high=high)
