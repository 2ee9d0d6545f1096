"""Reference sets: every allocation list that a trial's own procedure could have drawn, or a sample of them.

The block sizes come from the custodian's file, opened after lock. Where they are not handed over, the only set that can be formed
is "all ways of giving this many participants the treatment", and its description says that this is not the trial's own procedure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from trialwright.terms.sentences import Text

Lists = NDArray[np.int8]
LARGEST_ENUMERATION = 400_000
SAMPLE = 99_999


class AllocationListError(ValueError):
    """The block sizes and the ratio or the list do not belong together."""


@dataclass(frozen=True, kw_only=True)
class ReferenceSet:
    """Lists of 0 and 1 over the slots in order; the first is the observed one.

    Shapes: lists (lists, slots); weights (lists,), proportional to how often the procedure draws each list.
    """

    lists: Lists
    weights: NDArray[np.float64]
    enumerated: bool
    description: Text


def permuted_block_lists(
    observed: Sequence[int], block_sizes: Sequence[int], treated_share: tuple[int, int] = (1, 1), *, rng: np.random.Generator
) -> ReferenceSet:
    """All lists of permuted blocks of these sizes in this order, or a sample where there are more than 400,000.

    `treated_share` is (treated, other) of the ratio. The last block may be unfinished. `rng` is used only where lists are sampled.
    Raises: AllocationListError where the blocks do not hold the list or do not divide by the ratio.
    """
    blocks = _blocks_in_use(observed, block_sizes, treated_share)
    count = prod(_number_of_arrangements(*block) for block in blocks)
    if count <= LARGEST_ENUMERATION:
        return observed_first(observed, *_enumerate(blocks), _blocks_text(block_sizes, count))
    return with_draws(observed, draw_permuted_blocks(blocks, SAMPLE, rng), _sample_text(block_sizes))


def unrestricted_lists(observed: Sequence[int], *, rng: np.random.Generator) -> ReferenceSet:
    """All ways of giving as many participants the treatment as received it: the set to use where the block sizes are not held."""
    n, treated = len(observed), int(sum(observed))
    count = comb(n, treated)
    if count <= LARGEST_ENUMERATION:
        lists, weights = _arrangements(n, treated, n)
        return observed_first(observed, lists, weights, _unrestricted_text(n, treated))
    drawn = rng.permuted(np.tile(np.asarray(observed, np.int8), (SAMPLE, 1)), axis=1)
    return with_draws(observed, drawn, _unrestricted_text(n, treated))


def draw_permuted_blocks(blocks: Sequence[tuple[int, int, int]], number: int, rng: np.random.Generator) -> Lists:
    """Draw lists of permuted blocks, each block (size, treated in it, slots used). Shapes: result (number, slots)."""
    columns = []
    for size, treated, used in blocks:
        block = np.tile((np.arange(size) < treated).astype(np.int8), (number, 1))
        columns.append(rng.permuted(block, axis=1)[:, :used])
    return np.concatenate(columns, axis=1)


def _blocks_in_use(observed: Sequence[int], sizes: Sequence[int], share: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Each block as (size, treated in it, slots used), checked against the list."""
    blocks, position = [], 0
    for size in sizes:
        if position >= len(observed):
            break
        if size < 1 or size * share[0] % sum(share):
            raise AllocationListError(
                f"A block of {size} cannot hold the ratio {share[0]}:{share[1]}; give a multiple of {sum(share)}."
            )
        treated, used = size * share[0] // sum(share), min(size, len(observed) - position)
        given = sum(observed[position : position + used])
        if given > treated or used - given > size - treated:
            raise AllocationListError(
                f"Slots {position + 1} to {position + used} hold {given} treated of {used}, which a block of {size} cannot give; "
                "check the block sizes against the allocation list, in the order of the slots."
            )
        blocks.append((size, treated, used))
        position += used
    if position < len(observed):
        raise AllocationListError(
            f"The blocks hold {position} slots and {len(observed)} were used; give every block that was opened."
        )
    return blocks


def _possible_numbers(size: int, treated: int, used: int) -> range:
    """How many of the first `used` slots of a block can be treated."""
    return range(max(0, used - (size - treated)), min(treated, used) + 1)


def _number_of_arrangements(size: int, treated: int, used: int) -> int:
    return sum(comb(used, given) for given in _possible_numbers(size, treated, used))


def _arrangements(size: int, treated: int, used: int) -> tuple[Lists, NDArray[np.float64]]:
    """The possible first `used` slots of one block, and in how many ways the rest of the block can follow each."""
    rows, ways = [], []
    for given in _possible_numbers(size, treated, used):
        places = np.array(list(combinations(range(used), given)), dtype=np.intp).reshape(comb(used, given), given)
        block = np.zeros((len(places), used), np.int8)
        np.put_along_axis(block, places, 1, axis=1)
        rows.append(block)
        ways.append(np.full(len(block), float(comb(size - used, treated - given))))
    return np.concatenate(rows), np.concatenate(ways)


def _enumerate(blocks: Sequence[tuple[int, int, int]]) -> tuple[Lists, NDArray[np.float64]]:
    lists, weights = _arrangements(*blocks[0])
    for block in blocks[1:]:
        more, ways = _arrangements(*block)
        lists = np.hstack([np.repeat(lists, len(more), axis=0), np.tile(more, (len(lists), 1))])
        weights = np.repeat(weights, len(more)) * np.tile(ways, len(weights))
    return lists, weights


def observed_first(observed: Sequence[int], lists: Lists, weights: NDArray[np.float64], text: Text) -> ReferenceSet:
    """A counted set, with the observed list moved to its head."""
    place = int(np.flatnonzero((lists == np.asarray(observed, np.int8)).all(axis=1))[0])
    order = np.r_[place, np.delete(np.arange(len(lists)), place)]
    return ReferenceSet(lists=lists[order], weights=weights[order], enumerated=True, description=text)


def with_draws(observed: Sequence[int], drawn: Lists, text: Text) -> ReferenceSet:
    """A sampled set: the observed list and the draws, so that b as extreme among m draws give p = (b + 1) / (m + 1)."""
    lists = np.concatenate([np.asarray([observed], np.int8), drawn])
    return ReferenceSet(lists=lists, weights=np.ones(len(lists)), enumerated=False, description=text)


def _blocks_text(sizes: Sequence[int], count: int) -> Text:
    named = ", ".join(map(str, sizes))
    return Text(
        en=f"all {count:,} lists of permuted blocks of {named}, each counted.",
        fa=f"همهٔ {count} فهرست ممکن با بلوک‌های جایگشتی {named}، شمارش کامل.",
    )


def _sample_text(sizes: Sequence[int]) -> Text:
    named = ", ".join(map(str, sizes))
    return Text(
        en=f"a random sample of {SAMPLE:,} lists of permuted blocks of {named}, and the observed one.",
        fa=f"نمونهٔ تصادفی {SAMPLE} فهرست با بلوک‌های جایگشتی {named}، به‌علاوهٔ فهرست مشاهده‌شده.",
    )


def _unrestricted_text(n: int, treated: int) -> Text:
    return Text(
        en=f"the ways of treating {treated} of {n} participants without blocks. The block sizes were not handed over, so this "
        f"is not the "
        "trial's own procedure and the p value is not exact for it.",
        fa=f"راه‌های دادن درمان به {treated} نفر از {n} شرکت‌کننده بدون بلوک. اندازهٔ بلوک‌ها در اختیار تحلیل نبود؛ پس این روند "
        f"تخصیص خود "
        "کارآزمایی نیست و مقدار p برای آن دقیق نیست.",
    )
