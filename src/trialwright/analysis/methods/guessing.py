"""How well someone who has seen all past allocations guesses the next: the price of balance in an open-label trial.

A recruiter who guesses the next arm can choose whom to enrol. The guesser here bets on the arm that has fallen behind and tosses a
coin when both are level (the convergence strategy); someone who knows the block size also knows some slots for certain, when the
rest of a block is forced. Everything is counted exactly; two arms in equal shares.

Source: Blackwell and Hodges, Ann Math Stat 1957;28:449 (convergence strategy); Soares and Wu, Commun Stat A 1983;12:2017 (big
stick); Berger, Ivanova and Deloria Knoll, Stat Med 2003;22:3017 (maximal procedure).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import comb

from trialwright.study.allocation_procedures import BigStick, MaximalProcedure, Minimisation, TwoArmProcedure


@dataclass(frozen=True, kw_only=True)
class Guessing:
    """`right` is the expected share of slots guessed right; `certain` the expected number known for certain.

    `certain` is None where this guesser cannot be certain of any slot.
    """

    slots: int
    right: float
    certain: float | None


@dataclass(frozen=True, kw_only=True)
class MinimisationGuessing:
    """Two guessers of a minimisation: one who knows everybody's levels and the rule, one who only counts the arms so far."""

    knowing_levels: Guessing
    counting_arms: Guessing


def guess_blocks(block_size: int, slots: int) -> Guessing:
    """Permuted blocks of one size that the guesser knows; the last block may be unfinished."""
    right = certain = 0.0
    for position in range(slots):
        place = position % block_size
        for treated in range(place + 1):
            chance = _hypergeometric(treated, place, block_size)
            left = (block_size // 2 - treated, block_size // 2 - (place - treated))
            if chance and any(left):
                right += chance * max(left) / sum(left)
                certain += chance * (min(left) == 0)
    return Guessing(slots=slots, right=right / slots, certain=certain)


def guess_random_blocks(block_sizes: Sequence[int], slots: int) -> Guessing:
    """Permuted blocks whose sizes are drawn at random with equal chance and are not known to the guesser.

    Between blocks the arms are level, so the chance of being right depends only on the slots left and the block drawn.
    """

    @cache
    def expected_right(left: int) -> float:
        if left <= 0:
            return 0.0
        return sum(_right_in_block(size, min(size, left)) + expected_right(left - size) for size in block_sizes) / len(block_sizes)

    return Guessing(slots=slots, right=expected_right(slots) / slots, certain=None)


def guess_big_stick(largest_imbalance: int, slots: int) -> Guessing:
    """A fair coin until one arm leads by `largest_imbalance`; then the other arm is forced."""
    return guess_procedure(BigStick(largest_lead=largest_imbalance), slots)


def guess_maximal_procedure(largest_imbalance: int, slots: int) -> Guessing:
    """All lists that end level and never let an arm lead by more than `largest_imbalance`, each equally likely."""
    return guess_procedure(MaximalProcedure(slots=slots, largest_lead=largest_imbalance), slots)


def guess_fair_coin(slots: int) -> Guessing:
    """Each slot by a fair coin: nothing can be guessed, and the arms may end unequal."""
    return Guessing(slots=slots, right=0.5, certain=0.0)


def guess_procedure(procedure: TwoArmProcedure, slots: int) -> Guessing:
    """Any two-arm procedure that the guesser knows with its parameters, by following the lead of one arm over the slots."""
    leads, right, certain = {0: 1.0}, 0.0, 0.0
    for done in range(slots):
        moved: dict[int, float] = {}
        for lead, chance in leads.items():
            treated = float(procedure.chance(done, lead))
            behind = 0.5 if lead == 0 else (treated if lead < 0 else 1 - treated)
            right += chance * behind
            certain += chance * (treated in (0.0, 1.0))
            for step, share in ((1, treated), (-1, 1 - treated)):
                if share:
                    moved[lead + step] = moved.get(lead + step, 0.0) + chance * share
        leads = moved
    return Guessing(slots=slots, right=right / slots, certain=certain)


def guess_strata(within: Sequence[Guessing]) -> Guessing:
    """Strata with lists of their own: a guesser who follows each stratum guesses in each as if it were alone."""
    slots = sum(one.slots for one in within)
    known = [one.certain for one in within if one.certain is not None]
    right = sum(one.right * one.slots for one in within) / slots
    return Guessing(slots=slots, right=right, certain=sum(known) if len(known) == len(within) else None)


def guess_minimisation(procedure: Minimisation, profiles: Sequence[Sequence[str]]) -> MinimisationGuessing:
    """Two arms minimised over participants who come with these levels in this order.

    What comes next depends on the past only by the lead of one arm at each level, so the courses are counted by their leads.
    Shapes: profiles (slots, factors).
    """
    kinds = sorted({(factor, level) for profile in profiles for factor, level in enumerate(profile)})
    place = {kind: number for number, kind in enumerate(kinds)}
    first_factor = [number for (factor, _), number in place.items() if factor == 0]  # its levels hold everybody once
    going: dict[tuple[int, ...], float] = {(0,) * len(kinds): 1.0}
    knowing = counting = certain = 0.0
    for profile in profiles:
        own = [place[kind] for kind in enumerate(profile)]
        moved: dict[tuple[int, ...], float] = {}
        for leads, chance in going.items():
            first = float(procedure.chance_of_first([leads[number] for number in own]))
            lead = sum(leads[number] for number in first_factor)
            knowing += chance * max(first, 1 - first)
            counting += chance * (0.5 if lead == 0 else first if lead < 0 else 1 - first)
            certain += chance * (first in (0.0, 1.0))
            for step, share in ((1, first), (-1, 1 - first)):
                if share:
                    after = tuple(value + step * (number in own) for number, value in enumerate(leads))
                    moved[after] = moved.get(after, 0.0) + chance * share
        going = moved
    slots = len(profiles)
    return MinimisationGuessing(
        knowing_levels=Guessing(slots=slots, right=knowing / slots, certain=certain),
        counting_arms=Guessing(slots=slots, right=counting / slots, certain=None),
    )


def _right_in_block(size: int, used: int) -> float:
    """Expected right guesses in the first `used` slots of a block whose size the guesser does not know."""
    total = 0.0
    for place in range(used):
        for treated in range(place + 1):
            left = (size // 2 - treated, size // 2 - (place - treated))
            if min(left) >= 0 and any(left):
                behind = 0.5 if left[0] == left[1] else max(left) / sum(left)
                total += _hypergeometric(treated, place, size) * behind
    return total


def _hypergeometric(treated: int, place: int, size: int) -> float:
    """P(`treated` of the first `place` slots of a block are treated)."""
    half = size // 2
    if treated > half or place - treated > half:
        return 0.0
    return comb(half, treated) * comb(half, place - treated) / comb(size, place)
