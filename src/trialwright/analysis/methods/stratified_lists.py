"""Reference sets of a stratified allocation: every stratum has a list of its own, drawn independently of the others."""

from collections.abc import Callable, Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods import allocation_lists
from trialwright.analysis.methods.allocation_lists import AllocationListError, Lists, ReferenceSet, with_draws
from trialwright.terms.sentences import Text

StratumLists = Callable[[str, Sequence[int]], ReferenceSet]


def stratified_lists(
    observed: Sequence[int], strata: Sequence[str], within: StratumLists, *, rng: np.random.Generator
) -> ReferenceSet:
    """All combinations of the strata's lists, or a sample of them where there are more than can be counted.

    `within(stratum, observed there)` gives the reference set of one stratum, in its own order of slots.
    Shapes: observed, strata (slots,) in the order of allocation over all strata.
    Raises: AllocationListError where the two do not belong together.
    """
    if len(observed) != len(strata):
        raise AllocationListError(
            f"{len(observed)} slots were used and {len(strata)} strata named; give one stratum for each slot."
        )
    places = {stratum: np.flatnonzero([own == stratum for own in strata]) for stratum in sorted(set(strata))}
    sets = {stratum: within(stratum, [observed[int(i)] for i in own]) for stratum, own in places.items()}
    counted = all(one.enumerated for one in sets.values())
    count = prod(len(one.lists) for one in sets.values())
    if counted and count <= allocation_lists.LARGEST_ENUMERATION:
        lists, weights = _combine(len(observed), places, sets)
        return ReferenceSet(lists=lists, weights=weights, enumerated=True, description=_text(sets, count, counted=True))
    drawn = np.empty((allocation_lists.SAMPLE, len(observed)), np.int8)
    for stratum, own in places.items():
        drawn[:, own] = _draw(sets[stratum], len(drawn), rng)
    return with_draws(observed, drawn, _text(sets, len(drawn), counted=False))


def _combine(slots: int, places: dict[str, NDArray[np.intp]], sets: dict[str, ReferenceSet]) -> tuple[Lists, NDArray[np.float64]]:
    """Every combination; as each set begins with its observed list, so does the product."""
    lists, weights = np.zeros((1, slots), np.int8), np.ones(1)
    for stratum, own in places.items():
        more = sets[stratum]
        lists, weights = np.repeat(lists, len(more.lists), axis=0), np.repeat(weights, len(more.lists))
        times = len(lists) // len(more.lists)
        lists[:, own] = np.tile(more.lists, (times, 1))
        weights = weights * np.tile(more.weights, times)
    return lists, weights


def _draw(reference: ReferenceSet, number: int, rng: np.random.Generator) -> Lists:
    """Lists of one stratum with the chances of its procedure."""
    if reference.enumerated:
        return reference.lists[rng.choice(len(reference.lists), number, p=reference.weights / reference.weights.sum())]
    return reference.lists[rng.integers(1, len(reference.lists), number)]  # without the observed list, which was not drawn


def _text(sets: dict[str, ReferenceSet], count: int, *, counted: bool) -> Text:
    parts_en = " ".join(f"{stratum}: {one.description.en}" for stratum, one in sets.items())
    parts_fa = " ".join(f"{stratum}: {one.description.fa}" for stratum, one in sets.items())
    if counted:
        en, fa = f"all {count:,} combinations of the strata's lists", f"همهٔ {count} ترکیب فهرست‌های طبقه‌ها"
    else:
        en = f"{count:,} random combinations of the strata's lists, and the observed one"
        fa = f"{count} ترکیب تصادفی از فهرست‌های طبقه‌ها، به‌علاوهٔ فهرست مشاهده‌شده"
    return Text(en=f"{en} ({parts_en})", fa=f"{fa} ({parts_fa})")
