"""Who goes where in simulated trials, and the lists over which each is analysed: by the study's own method of allocation.

Parameters are the custodian's secret and are not used. Assumed are blocks of four (or the smallest that the ratio allows), a lead
of three for big stick and maximal procedure, and for minimisation equal weights and a preferred arm of 0.8; the levels of a stratum
are taken to be equally frequent and to have nothing to do with the outcome. Few lists are counted with their chances; where there
are many, or where they depend on who came, a sample stands for them, the drawn list among it, which keeps the test exact.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import draw_permuted_blocks
from trialwright.analysis.methods.sequential_lists import draw_procedure, enumerate_procedure
from trialwright.simulate.scenario import ScenarioError
from trialwright.study.allocation_procedures import (
    BigStick,
    FairCoin,
    MaximalProcedure,
    Minimisation,
    PermutedBlocks,
    TwoArmProcedure,
)
from trialwright.study.model import Study
from trialwright.terms.sentences import Text

Lists = NDArray[np.int8]
MOST_LISTS = 8_000
SAMPLED_LISTS = 1_999
OWN_LISTS = 499
LARGEST_LEAD = 3
PREFERRED = Fraction(4, 5)


@dataclass(frozen=True, kw_only=True)
class Allocations:
    """The drawn lists of some trials and what each is compared with.

    Shapes: treated (trials, slots); either `common` (lists, slots) with `weights` (lists,) and `place` (trials,) of the drawn one,
    or `own` (trials, lists, slots), in which the drawn list comes first.
    """

    treated: NDArray[np.bool_]
    common: Lists | None = None
    weights: NDArray[np.float64] | None = None
    place: NDArray[np.intp] | None = None
    own: Lists | None = None


@dataclass(frozen=True, kw_only=True)
class AllocationPlan:
    """How lists are drawn. `draw` gives the lists of some trials; `assumed` says what was assumed about the procedure."""

    draw: Callable[[int, Generator], Allocations]
    assumed: Text


def plan_allocation(study: Study) -> AllocationPlan:
    """The study's method of allocation with assumed parameters.

    Raises: ScenarioError for a method that needs arms in equal shares where they are not.
    """
    rule, slots = study.allocation, sum(arm.planned for arm in study.arms)
    treated = next(arm.id for arm in study.arms if arm.kind == "experimental")
    if len(study.arms) == 1:
        return AllocationPlan(draw=lambda trials, _: Allocations(treated=np.ones((trials, slots), dtype=bool)), assumed=_ONE_ARM)
    share, every = rule.ratio[treated], sum(rule.ratio.values())
    strata = {s.id: len(s.levels) for s in study.strata if s.id in rule.stratified_by}
    if rule.method == "permuted_blocks":
        size = every if every > 3 else 2 * every
        lists = _Blocks(size=size, treated=size * share // every)
        words = Text(en=f"permuted blocks of {size}", fa=f"بلوک‌های جایگشتی {size} نفره")
        return _listed(lists.draw, lists.reference, slots, strata, words)
    if 2 * share != every:
        raise ScenarioError(f"{study.id}: {rule.method} is simulated for arms in equal shares; use permuted_blocks for this ratio.")
    if rule.method == "minimisation":
        factors = list(strata.values()) or [1]
        procedure = Minimisation(arms=2, preferred=PREFERRED, weights=(Fraction(1),) * len(factors))
        return AllocationPlan(
            draw=lambda trials, rng: _minimised(procedure, factors, slots, trials, rng), assumed=_minimised_text()
        )
    sequential, words = _sequential(rule.method, slots)
    return _listed(
        lambda slots, number, rng: draw_procedure(sequential, slots, number, rng),
        lambda slots: enumerate_procedure(sequential, slots) if slots <= _MOST_ENUMERATED else None,
        slots,
        strata,
        words,
    )


_MOST_ENUMERATED = 16  # slots: beyond it every procedure has more lists than are counted here
_ONE_ARM = Text(en="one arm: nothing is allocated", fa="تک‌بازویی: تخصیصی در کار نیست")
_Draw = Callable[[int, int, Generator], Lists]
_Reference = Callable[[int], tuple[Lists, NDArray[np.float64]] | None]


@dataclass(frozen=True, kw_only=True)
class _Blocks:
    """Permuted blocks of one size, the last one cut to the slots."""

    size: int
    treated: int

    def draw(self, slots: int, number: int, rng: Generator) -> Lists:
        starts = range(0, slots, self.size)
        return draw_permuted_blocks([(self.size, self.treated, min(self.size, slots - at)) for at in starts], number, rng)

    def reference(self, slots: int) -> tuple[Lists, NDArray[np.float64]] | None:
        if 2 * self.treated != self.size or slots % self.size or slots > 5 * self.size:
            return None
        return enumerate_procedure(PermutedBlocks(sizes=(self.size,) * (slots // self.size)), slots)


def _sequential(method: str, slots: int) -> tuple[TwoArmProcedure, Text]:
    match method:
        case "big_stick":
            words = Text(en=f"big stick with a lead of at most {LARGEST_LEAD}", fa=f"چوب بزرگ با اختلاف حداکثر {LARGEST_LEAD}")
            return BigStick(largest_lead=LARGEST_LEAD), words
        case "maximal_procedure":
            words = Text(
                en=f"maximal procedure with a lead of at most {LARGEST_LEAD}", fa=f"روش بیشینه با اختلاف حداکثر {LARGEST_LEAD}"
            )
            return MaximalProcedure(slots=slots + slots % 2, largest_lead=LARGEST_LEAD), words
    return FairCoin(), Text(en="a fair coin for each", fa="سکهٔ سالم برای هر نفر")


def _listed(draw: _Draw, reference: _Reference, slots: int, strata: dict[str, int], words: Text) -> AllocationPlan:
    """A list for everyone, or one for each combination of the strata's levels."""
    levels = int(np.prod(list(strata.values()))) if strata else 1
    if levels > 1:
        said = Text(
            en=f"{words.en}, in each of {levels} strata of equal frequency", fa=f"{words.fa}، در هر یک از {levels} طبقهٔ هم‌فراوانی"
        )
        return AllocationPlan(draw=lambda trials, rng: _stratified(draw, levels, slots, trials, rng), assumed=said)
    counted = reference(slots)
    if counted is None or len(counted[0]) > MOST_LISTS:
        sample = draw(slots, SAMPLED_LISTS + 1, Generator(Philox(key=0)))
        counted = sample, np.full(len(sample), 1 / len(sample))
    lists, weights = counted[0], counted[1] / counted[1].sum()

    def choose(trials: int, rng: Generator) -> Allocations:
        place = np.searchsorted(np.cumsum(weights), rng.random(trials), side="right").clip(max=len(lists) - 1)
        return Allocations(treated=lists[place].astype(bool), common=lists, weights=weights, place=place)

    return AllocationPlan(draw=choose, assumed=words)


def _stratified(draw: _Draw, levels: int, slots: int, trials: int, rng: Generator) -> Allocations:
    """A list of its own in each stratum, participants coming to the strata in random order."""
    stratum = rng.integers(levels, size=(trials, slots))
    own = np.empty((trials, OWN_LISTS + 1, slots), np.int8)
    for level in range(levels):
        inside = stratum == level
        lists = draw(slots, trials * (OWN_LISTS + 1), rng).reshape(trials, OWN_LISTS + 1, slots)
        turn = np.maximum(np.cumsum(inside, axis=1) - 1, 0)
        given = np.take_along_axis(lists, np.broadcast_to(turn[:, None], lists.shape), axis=2)
        own = np.where(inside[:, None], given, own)
    return Allocations(treated=own[:, 0].astype(bool), own=own)


def _minimised(procedure: Minimisation, factors: list[int], slots: int, trials: int, rng: Generator) -> Allocations:
    """Lists that the coins of a minimisation make of the same participants in the same order."""
    own = np.empty((trials, OWN_LISTS + 1, slots), np.int8)
    leads = [np.zeros((trials, levels, OWN_LISTS + 1), np.int64) for levels in factors]
    rows = np.arange(trials)
    for slot in range(slots):
        levels = [rng.integers(count, size=trials) for count in factors]
        ours = np.stack([lead[rows, level] for lead, level in zip(leads, levels, strict=True)])
        own[:, :, slot] = rng.random(ours.shape[1:]) < _chances(procedure, ours)
        for lead, level in zip(leads, levels, strict=True):
            lead[rows, level] += 2 * own[:, :, slot].astype(np.int64) - 1
    return Allocations(treated=own[:, 0].astype(bool), own=own)


def _chances(procedure: Minimisation, leads: NDArray[np.int64]) -> NDArray[np.float64]:
    """The chance of the first arm. With ranges as imbalances only the sign of each lead matters, so the law is asked once for each
    pattern of signs. Shapes: leads (factors, trials, lists)."""
    patterns = list(product((-1, 0, 1), repeat=len(leads)))
    table = np.array([float(procedure.chance_of_first(pattern)) for pattern in patterns])
    places = 3 ** np.arange(len(leads))[::-1]
    return np.asarray(table[np.tensordot(places, np.sign(leads) + 1, axes=1)])


def _minimised_text() -> Text:
    return Text(
        en=f"minimisation with equal weights and a preferred arm of {float(PREFERRED):g}",
        fa=f"کمینه‌سازی با وزن‌های برابر و احتمال {float(PREFERRED):g} برای بازوی ترجیحی",
    )
