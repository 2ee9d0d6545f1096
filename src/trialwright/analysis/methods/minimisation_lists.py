"""Reference sets of a minimisation: the lists that its coins could have made of the same participants in the same order.

Only the coins are random; who came when, and with which levels, is taken as it was. The lists are far from equally likely. With a
preferred arm of chance 1 only ties are random, few lists remain, and hardly any p value can be small: the result says how small.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods import allocation_lists
from trialwright.analysis.methods.allocation_lists import AllocationListError, Lists, ReferenceSet, observed_first, with_draws
from trialwright.study.allocation_procedures import Minimisation
from trialwright.terms.sentences import Text

Profiles = Sequence[Sequence[str]]
Chances = NDArray[np.float64]


def minimisation_lists(
    observed: Sequence[int], profiles: Profiles, procedure: Minimisation, *, rng: np.random.Generator
) -> ReferenceSet:
    """Every list that the minimisation could have made with its chance, or a sample where they are too many to count.

    Shapes: observed (slots,), 1 for the first arm (number 0 of the procedure); profiles (slots, factors), both in the order of
    allocation and of everyone allocated, also of those without a value.
    Raises: AllocationListError for more than two arms, or a list that the procedure cannot have made.
    """
    if procedure.arms != 2:
        raise AllocationListError(f"The comparison is of two arms; this minimisation has {procedure.arms}.")
    if len(profiles) != len(observed):
        raise AllocationListError(f"{len(observed)} slots were used and {len(profiles)} profiles given; give one for each slot.")
    _require_possible(observed, profiles, procedure)
    counted = enumerate_minimisation(profiles, procedure)
    if counted is not None:
        return observed_first(observed, *counted, _counted_text(procedure, len(counted[0])))
    drawn = draw_minimisation(profiles, procedure, allocation_lists.SAMPLE, rng)
    return with_draws(observed, drawn, _drawn_text(procedure))


def enumerate_minimisation(profiles: Profiles, procedure: Minimisation) -> tuple[Lists, Chances] | None:
    """All lists and their chances (summing to 1); None where there are more than can be counted."""
    lists, chances = np.zeros((1, 0), np.int8), np.ones(1)
    for done in range(len(profiles)):
        first = chances_of_first(lists, profiles[: done + 1], procedure)
        grown = [np.flatnonzero(first > 0), np.flatnonzero(first < 1)]
        if len(grown[0]) + len(grown[1]) > allocation_lists.LARGEST_ENUMERATION:
            return None
        arms = np.repeat(np.array([1, 0], np.int8), [len(grown[0]), len(grown[1])])
        rows = np.concatenate(grown)
        chances = chances[rows] * np.where(arms == 1, first[rows], 1 - first[rows])
        lists = np.column_stack([lists[rows], arms])
    return lists, chances


def draw_minimisation(profiles: Profiles, procedure: Minimisation, number: int, rng: np.random.Generator) -> Lists:
    """Draw lists with the procedure's own law. Shapes: result (number, slots)."""
    lists = np.empty((number, len(profiles)), np.int8)
    for done in range(len(profiles)):
        first = chances_of_first(lists[:, :done], profiles[: done + 1], procedure)
        lists[:, done] = rng.random(number) < first
    return lists


def chances_of_first(before: Lists, profiles: Profiles, procedure: Minimisation) -> Chances:
    """The chance of the first arm for the last profile after each row of `before`.

    Shapes: before (lists, done); profiles (done + 1, factors); result (lists,). With a lead L of the first arm among those alike,
    the first arm would leave the range |L + 1| and the second |L - 1|.
    """
    whole = np.lcm.reduce([weight.denominator for weight in procedure.weights])  # whole numbers, so that ties are ties
    signs, own = 2 * before.astype(np.int64) - 1, profiles[-1]
    gain = np.zeros(len(before), np.int64)
    for factor, weight in enumerate(procedure.weights):
        alike = np.array([levels[factor] == own[factor] for levels in profiles[:-1]], dtype=np.int64)
        lead = signs @ alike
        gain += int(weight * whole) * (np.abs(lead - 1) - np.abs(lead + 1))
    preferred = float(procedure.preferred)
    return np.where(gain > 0, preferred, np.where(gain < 0, 1 - preferred, 0.5))


def _require_possible(observed: Sequence[int], profiles: Profiles, procedure: Minimisation) -> None:
    given = np.asarray([observed], np.int8)
    for done in range(len(profiles)):
        first = float(chances_of_first(given[:, :done], profiles[: done + 1], procedure)[0])
        if not (first if observed[done] else 1 - first):
            raise AllocationListError(
                f"Slot {done + 1} was given to an arm that this minimisation cannot give there; "
                "check the factors, their levels at allocation and the order of the slots."
            )


def _counted_text(procedure: Minimisation, count: int) -> Text:
    named = _describe(procedure)
    return Text(
        en=f"all {count:,} lists of {named.en}, each counted by its chance.",
        fa=f"همهٔ {count} فهرست ممکن با {named.fa}، هر یک به اندازهٔ احتمال آن شمرده شده.",
    )


def _drawn_text(procedure: Minimisation) -> Text:
    named, number = _describe(procedure), allocation_lists.SAMPLE
    return Text(
        en=f"{number:,} lists drawn at random by {named.en}, and the observed one.",
        fa=f"{number} فهرست که به‌تصادف با {named.fa} کشیده شده، به‌علاوهٔ فهرست مشاهده‌شده.",
    )


def _describe(procedure: Minimisation) -> Text:
    factors, preferred = len(procedure.weights), float(procedure.preferred)
    return Text(
        en=f"minimisation over {factors} factors (range, preferred arm with chance {preferred:.3g}), participants in their order",
        fa=f"کمینه‌سازی روی {factors} عامل (با دامنه؛ بازوی ترجیحی با احتمال {preferred:.3g}) و با همان ترتیب شرکت‌کنندگان",
    )
