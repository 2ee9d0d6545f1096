"""How often each method errs at the number of participants at hand, to be printed beside its result.

Counted where every outcome or every allocation list can be gone through, held by construction where the method inverts or
enumerates its own test, and said to be unmeasured otherwise. A 95 % interval that is right in 90 % of such trials is told as that.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import floor, isfinite
from pathlib import Path

from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.level_over_lists import survival_exact_coverage, t_level
from trialwright.analysis.methods.outcome_tables import boschloo_table
from trialwright.analysis.methods.proportion import clopper_pearson, mid_p_interval
from trialwright.analysis.methods.refit import RefitStatistic
from trialwright.analysis.methods.rerandomisation import smallest_p
from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.methods.true_level import (
    Coverage,
    Level,
    proportion_coverage,
    rank_sum_level,
    signed_rank_level,
    table_level,
)
from trialwright.analysis.operating import Measured, OperatingRow, operating_of
from trialwright.analysis.results import Reliability, What
from trialwright.analysis.values import Values
from trialwright.study.model import Study
from trialwright.terms.sentences import Text, fill, read_sentences

WORDS = read_sentences(Path(__file__).with_name("reliability.toml"))
MOST_COUNTED = 60  # participants of a proportion; counting takes about a second there
MOST_TABLES = 400  # two by two tables; as many take about a second


def of_rerandomisation(reference: ReferenceSet, values: Values, *, known: bool) -> tuple[Reliability, ...]:
    """The test over the trial's own lists, and the interval that inverts it. `known`: whether these are the trial's own."""
    coverage = _constructed("coverage", values.confidence, "inverted")
    if not known:
        return (_constructed("size", values.alpha, "rerandomisation_unknown"), coverage)
    if not reference.enumerated or not _alike(reference):
        return (_constructed("size", values.alpha, "rerandomisation_weighted"), coverage)
    step = smallest_p(reference)
    found = floor(values.alpha / step * (1 + 1e-12)) * step
    statement = fill(WORDS["rerandomisation"], lists=len(reference.lists), alpha=f"{values.alpha:g}", found=_share(found))
    return (Reliability(what="size", kind="counted", asked=values.alpha, found=found, statement=statement), coverage)


def of_t_form(
    values: Values, reference: ReferenceSet, statistic: RefitStatistic, estimate: Interval | NotEstimable
) -> tuple[Reliability, ...]:
    """A t form beside it: its size over the lists with these values, and how often its interval holds the estimated effect."""
    baseline = values.baseline if values.has_baseline else None
    level = t_level(values.outcome, baseline, reference, statistic, values.alpha)
    if isinstance(level, NotEstimable) or isinstance(estimate, NotEstimable):
        return ()
    untreated = [y - estimate.estimate * arm for y, arm in zip(values.outcome, values.treated, strict=True)]
    missed = t_level(untreated, baseline, reference, statistic, 1 - values.confidence)
    if isinstance(missed, NotEstimable):
        return (_counted_size(level),)
    found = 1 - missed.true
    statement = fill(WORDS["t_coverage"], found=_share(found), lists=len(reference.lists))
    coverage = Reliability(what="coverage", kind="counted", asked=values.confidence, found=found, statement=statement)
    return (_counted_size(level), coverage)


def of_rank_sum(first: int, second: int, estimate: Interval | NotEstimable, alpha: float) -> tuple[Reliability, ...]:
    if min(first, second) == 0:
        return ()
    return (_counted_size(rank_sum_level(first, second, alpha)), *_exact_level(first + second, estimate))


def of_signed_rank(participants: int, estimate: Interval | NotEstimable, alpha: float) -> tuple[Reliability, ...]:
    return (_counted_size(signed_rank_level(participants, alpha)), *_exact_level(participants, estimate)) if participants else ()


def of_sign_flip(test: Test | NotEstimable, estimate: Interval | NotEstimable, alpha: float) -> tuple[Reliability, ...]:
    if isinstance(test, NotEstimable) or test.p.smallest is None:
        return ()
    found = floor(alpha / test.p.smallest * (1 + 1e-12)) * test.p.smallest
    facts = {"n": test.participants, "alpha": f"{alpha:g}", "found": _share(found), "step": f"{test.p.smallest:.4g}"}
    size = Reliability(what="size", kind="counted", asked=alpha, found=found, statement=fill(WORDS["sign_flip"], **facts))
    return (size, *_exact_level(test.participants, estimate))


def of_permutation(alpha: float, participants: int, confidence: float, *, has_interval: bool) -> tuple[Reliability, ...]:
    """A permutation test, and an approximate interval beside it."""
    size = _constructed("size", alpha, "permutation")
    return (size, _unmeasured(confidence, participants)) if has_interval else (size,)


@cache
def of_boschloo(first: int, second: int, alpha: float, confidence: float) -> tuple[Reliability, ...]:
    """Boschloo's test of two proportions and the exact unconditional interval of their difference."""
    coverage = _constructed("coverage", confidence, "unconditional")
    if (first + 1) * (second + 1) > MOST_TABLES:
        return (_constructed("size", alpha, "at_most"), coverage)
    return (_counted_size(table_level(boschloo_table(first, second), alpha)), coverage)


@cache
def of_clopper_pearson(participants: int, confidence: float) -> Reliability:
    if participants > MOST_COUNTED:
        return _constructed("coverage", confidence, "at_least")
    return _counted_coverage(proportion_coverage(clopper_pearson, participants, confidence))


@cache
def of_mid_p(participants: int, confidence: float) -> Reliability:
    if participants > MOST_COUNTED:
        return _unmeasured(confidence, participants)
    return _counted_coverage(proportion_coverage(mid_p_interval, participants, confidence))


@cache
def of_survival(participants: int, confidence: float) -> Reliability:
    """The exact limits of a Kaplan-Meier curve at one time, were everyone followed so far."""
    if participants > MOST_COUNTED:
        return _constructed("coverage", confidence, "at_least")
    return _counted_coverage(survival_exact_coverage(participants, confidence))


def with_design(found: tuple[Reliability, ...], study: Study, *methods: str, endpoint: str = "") -> tuple[Reliability, ...]:
    """What is known at these participants, then what was measured at the design as planned, in place of "not measured"."""
    rows = [row for method in methods if (row := operating_of(method, study, endpoint)) is not None]
    stored = [one for row in rows for one in _of_row(row)]
    told = {one.what for one in stored}
    return (*(one for one in found if one.kind != "not_measured" or one.what not in told), *stored)


def _of_row(row: OperatingRow) -> Iterator[Reliability]:
    parts: tuple[tuple[What, Measured | None, float, OperatingRow], ...] = (
        ("size", row.size, row.alpha, replace(row, coverage=None)),
        ("coverage", row.coverage, row.confidence, replace(row, size=None)),
    )
    for what, measured, asked, alone in parts:
        if measured is not None:
            yield Reliability(
                what=what,
                kind="counted" if measured.error is None else "simulated",
                asked=asked,
                found=measured.value,
                statement=alone.sentence(),
                monte_carlo_error=measured.error,
            )


def unmeasured_coverage(participants: int, confidence: float) -> Reliability:
    return _unmeasured(confidence, participants)


def _exact_level(participants: int, estimate: Interval | NotEstimable) -> tuple[Reliability, ...]:
    if isinstance(estimate, NotEstimable) or not isfinite(estimate.level):
        return ()
    facts = {"n": participants, "found": _share(estimate.level), "confidence": _share(estimate.asked)}
    statement = fill(WORDS["exact_level"], **facts)
    return (Reliability(what="coverage", kind="counted", asked=estimate.asked, found=estimate.level, statement=statement),)


def _counted_size(level: Level) -> Reliability:
    return Reliability(what="size", kind="counted", asked=level.asked, found=level.true, statement=level.statement)


def _counted_coverage(coverage: Coverage) -> Reliability:
    return Reliability(what="coverage", kind="counted", asked=coverage.asked, found=coverage.lowest, statement=coverage.statement)


def _constructed(what: What, asked: float, code: str) -> Reliability:
    statement = _filled(code, {"alpha": f"{asked:g}", "confidence": _share(asked)})
    return Reliability(what=what, kind="by_construction", asked=asked, found=None, statement=statement)


def _unmeasured(asked: float, participants: int) -> Reliability:
    statement = _filled("not_measured", {"n": str(participants)})
    return Reliability(what="coverage", kind="not_measured", asked=asked, found=None, statement=statement)


def _filled(code: str, facts: dict[str, str]) -> Text:
    return fill(WORDS[code], **facts)


def _alike(reference: ReferenceSet) -> bool:
    return float(reference.weights.max() - reference.weights.min()) <= 1e-12 * float(reference.weights.max())


def _share(value: float) -> str:
    return f"{value:.3g}" if value > 1 else f"{100 * value:.4g} %"
