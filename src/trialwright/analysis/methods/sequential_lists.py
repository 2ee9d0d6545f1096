"""Reference sets of the two-arm procedures that decide slot by slot: big stick, maximal procedure, fair coin, blocks.

Their lists are not all equally likely (a big stick forces some slots), so each counts by the chance with which the procedure draws
it. An unfinished trial counts each beginning by the chance of that beginning.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods import allocation_lists
from trialwright.analysis.methods.allocation_lists import AllocationListError, Lists, ReferenceSet, observed_first, with_draws
from trialwright.study.allocation_procedures import (
    AllocationProcedureError,
    BigStick,
    FairCoin,
    MaximalProcedure,
    PermutedBlocks,
    TwoArmProcedure,
    chance_of_list,
)
from trialwright.terms.sentences import Text

Chances = NDArray[np.float64]


def procedure_lists(observed: Sequence[int], procedure: TwoArmProcedure, *, rng: np.random.Generator) -> ReferenceSet:
    """Every list that the procedure could have drawn, with its chance, or a sample where they are too many to count.

    Raises: AllocationListError where the procedure cannot have drawn the observed list.
    """
    _require_possible(observed, procedure)
    counted = enumerate_procedure(procedure, len(observed))
    if counted is not None:
        text = _counted_text(procedure, len(counted[0]))
        return observed_first(observed, *counted, text)
    return with_draws(observed, draw_procedure(procedure, len(observed), allocation_lists.SAMPLE, rng), _drawn_text(procedure))


def enumerate_procedure(procedure: TwoArmProcedure, slots: int) -> tuple[Lists, Chances] | None:
    """All lists and their chances (summing to 1); None where there are more than can be counted.

    Shapes: result (lists, slots) and (lists,).
    """
    lists, chances, leads = np.zeros((1, 0), np.int8), np.ones(1), np.zeros(1, np.intp)
    for done in range(slots):
        first = _chances(procedure, done, leads)
        grown = [np.flatnonzero(first > 0), np.flatnonzero(first < 1)]
        if len(grown[0]) + len(grown[1]) > allocation_lists.LARGEST_ENUMERATION:
            return None
        arms = np.repeat(np.array([1, 0], np.int8), [len(grown[0]), len(grown[1])])
        rows = np.concatenate(grown)
        chances = chances[rows] * np.where(arms == 1, first[rows], 1 - first[rows])
        lists, leads = np.column_stack([lists[rows], arms]), leads[rows] + 2 * arms - 1
    return lists, chances


def draw_procedure(procedure: TwoArmProcedure, slots: int, number: int, rng: np.random.Generator) -> Lists:
    """Draw lists with the procedure's own law. Shapes: result (number, slots)."""
    lists, leads = np.empty((number, slots), np.int8), np.zeros(number, np.intp)
    for done in range(slots):
        lists[:, done] = rng.random(number) < _chances(procedure, done, leads)
        leads += 2 * lists[:, done] - 1
    return lists


def _chances(procedure: TwoArmProcedure, done: int, leads: NDArray[np.intp]) -> Chances:
    """The chance of the first arm in the next slot of every list."""
    distinct, place = np.unique(leads, return_inverse=True)
    return np.array([float(procedure.chance(done, int(lead))) for lead in distinct])[place]


def _require_possible(observed: Sequence[int], procedure: TwoArmProcedure) -> None:
    try:
        possible = chance_of_list(procedure, observed) > 0
    except AllocationProcedureError as error:
        raise AllocationListError(f"{error} The list has {len(observed)} slots; check it against the custodian's file.") from error
    if not possible:
        at = next(i for i in range(1, len(observed) + 1) if not chance_of_list(procedure, observed[:i]))
        raise AllocationListError(
            f"Slot {at} was given to an arm that {describe(procedure).en} cannot give there; "
            "check the parameters and the order of the slots against the custodian's file."
        )


def describe(procedure: TwoArmProcedure) -> Text:
    """The procedure with its parameters, as the end of a sentence."""
    match procedure:
        case FairCoin():
            return Text(en="a fair coin for each slot", fa="سکهٔ سالم برای هر جایگاه")
        case BigStick(largest_lead=lead):
            return Text(en=f"the big stick with a lead of at most {lead}", fa=f"روش چوب بزرگ با اختلاف حداکثر {lead}")
        case MaximalProcedure(slots=slots, largest_lead=lead):
            en = f"the maximal procedure over {slots} slots with a lead of at most {lead}"
            return Text(en=en, fa=f"روش بیشینه روی {slots} جایگاه با اختلاف حداکثر {lead}")
        case PermutedBlocks(sizes=sizes):
            named = ", ".join(map(str, sizes))
            return Text(en=f"permuted blocks of {named}", fa=f"بلوک‌های جایگشتی {named}")
    return Text(en=str(procedure), fa=str(procedure))


def _counted_text(procedure: TwoArmProcedure, count: int) -> Text:
    named = describe(procedure)
    return Text(
        en=f"all {count:,} lists of {named.en}, each counted by its chance.",
        fa=f"همهٔ {count} فهرست ممکن با {named.fa}، هر یک به اندازهٔ احتمال آن شمرده شده.",
    )


def _drawn_text(procedure: TwoArmProcedure) -> Text:
    named, number = describe(procedure), allocation_lists.SAMPLE
    return Text(
        en=f"{number:,} lists drawn at random by {named.en}, and the observed one.",
        fa=f"{number} فهرست که به‌تصادف با {named.fa} کشیده شده، به‌علاوهٔ فهرست مشاهده‌شده.",
    )
