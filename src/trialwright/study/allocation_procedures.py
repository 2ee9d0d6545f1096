"""The procedures that decide who goes where, each as the exact chance of the next arm given what has gone before.

Conduct draws and seals its list with them; the analysis counts the lists that they could have drawn. Both must mean the same law,
and neither knows the other, so the law is here and is exact: chances are fractions. Parameters (block sizes, the tolerated lead,
the coin of a minimisation) are the custodian's secret and are always handed in.

A two-arm procedure with equal shares needs only how many slots are done and by how many the first arm leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from random import Random
from typing import Protocol

HALF = Fraction(1, 2)


class AllocationProcedureError(ValueError):
    """The parameters do not make a procedure, or a state was asked for that the procedure never reaches."""


class TwoArmProcedure(Protocol):
    """A procedure for two arms in equal shares."""

    def chance(self, done: int, lead: int) -> Fraction:
        """The chance that the next slot is the first arm's, after `done` slots with the first arm ahead by `lead`.

        Raises: AllocationProcedureError where the procedure cannot have come here.
        """


@dataclass(frozen=True, kw_only=True)
class FairCoin:
    """Each slot by a fair coin (complete randomisation): nothing to guess, and the arms may end unequal."""

    def chance(self, done: int, lead: int) -> Fraction:
        _require(abs(lead) <= done and (done - lead) % 2 == 0, "a fair coin", done, lead)
        return HALF


@dataclass(frozen=True, kw_only=True)
class PermutedBlocks:
    """Blocks of these sizes in this order, half of each to each arm in random order.

    One block over all slots is the random allocation rule.
    Source: Rosenberger and Lachin, Randomization in Clinical Trials, 2nd ed. 2016, sections 3.3 and 3.6.
    """

    sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.sizes or any(size < 2 or size % 2 for size in self.sizes):
            raise AllocationProcedureError(f"Block sizes {list(self.sizes)} cannot halve; give even sizes from 2.")

    def chance(self, done: int, lead: int) -> Fraction:
        size, place = self._block_at(done)
        left = Fraction(size - place - lead, 2)
        _require(left.denominator == 1 and 0 <= left <= size - place, f"blocks of {list(self.sizes)}", done, lead)
        return left / (size - place)

    def _block_at(self, done: int) -> tuple[int, int]:
        """The size of the block that the next slot lies in, and how many of its slots are done."""
        place = done
        for size in self.sizes:
            if place < size:
                return size, place
            place -= size
        raise AllocationProcedureError(f"Blocks of {list(self.sizes)} hold {done - place} slots; slot {done + 1} has no block.")


@dataclass(frozen=True, kw_only=True)
class BigStick:
    """A fair coin until one arm leads by `largest_lead`; then the other arm is given.

    Source: Soares and Wu, Commun Stat Theory Methods 1983;12:2017.
    """

    largest_lead: int

    def __post_init__(self) -> None:
        _require_lead(self.largest_lead)

    def chance(self, done: int, lead: int) -> Fraction:
        reached = abs(lead) <= min(done, self.largest_lead) and (done - lead) % 2 == 0
        _require(reached, f"a big stick of {self.largest_lead}", done, lead)
        return HALF if abs(lead) < self.largest_lead else Fraction(int(lead < 0))


@dataclass(frozen=True, kw_only=True)
class MaximalProcedure:
    """All lists that end level and never let an arm lead by more than `largest_lead`, each equally likely.

    Source: Berger, Ivanova and Deloria Knoll, Stat Med 2003;22:3017.
    """

    slots: int
    largest_lead: int

    def __post_init__(self) -> None:
        _require_lead(self.largest_lead)
        if self.slots < 2 or self.slots % 2:
            raise AllocationProcedureError(f"{self.slots} slots cannot end level; give an even number from 2.")

    @property
    def lists(self) -> int:
        """How many lists there are, each with chance 1 / lists."""
        return _endings(self.slots, self.largest_lead)[0][0]

    def chance(self, done: int, lead: int) -> Fraction:
        endings = _endings(self.slots, self.largest_lead)
        here = endings[done].get(lead, 0) if done < self.slots else 0
        possible = here > 0 and abs(lead) <= done
        _require(possible, f"the maximal procedure over {self.slots} slots with a lead of {self.largest_lead}", done, lead)
        return Fraction(endings[done + 1].get(lead + 1, 0), here)


@dataclass(frozen=True, kw_only=True)
class Minimisation:
    """Each participant most likely to the arm that keeps the factors most alike (two or more arms in equal shares).

    For each arm in turn the participant is counted there; the imbalance is the weighted sum over the factors of the range, over
    the arms, of the numbers at the participant's own level. The arm with the least has chance `preferred`, the others share the
    rest; arms that tie share the chances of the places they tie for.
    Source: Pocock and Simon, Biometrics 1975;31:103, with D the range.
    """

    arms: int
    preferred: Fraction
    weights: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if self.arms < 2 or not self.weights or any(weight <= 0 for weight in self.weights):
            raise AllocationProcedureError("Minimisation needs two arms or more, and a weight above 0 for each factor.")
        if not Fraction(1, self.arms) <= self.preferred <= 1:
            found = f"{float(self.preferred):.3g}"
            raise AllocationProcedureError(f"The preferred arm has chance {found}; give one from 1/{self.arms} to 1.")

    def chances(self, profile: Sequence[str], before: Sequence[tuple[Sequence[str], int]]) -> tuple[Fraction, ...]:
        """The chance of each arm for a participant with these levels, after those with (levels, arm) in `before`."""
        imbalances = self.imbalances(profile, before)
        places = [self.preferred] + [(1 - self.preferred) / (self.arms - 1)] * (self.arms - 1)
        ranked = sorted(imbalances)
        found = []
        for own in imbalances:
            first, tied = ranked.index(own), ranked.count(own)
            found.append(sum(places[first : first + tied], Fraction(0)) / tied)
        return tuple(found)

    def chance_of_first(self, leads: Sequence[int]) -> Fraction:
        """Two arms: the chance of the first, from its lead over the second at the participant's own level of each factor."""
        gain = sum(weight * (abs(lead - 1) - abs(lead + 1)) for weight, lead in zip(self.weights, leads, strict=True))
        return HALF if not gain else self.preferred if gain > 0 else 1 - self.preferred

    def imbalances(self, profile: Sequence[str], before: Sequence[tuple[Sequence[str], int]]) -> tuple[Fraction, ...]:
        """The imbalance that each arm would leave."""
        if len(profile) != len(self.weights):
            raise AllocationProcedureError(f"{len(profile)} levels were given for {len(self.weights)} factors.")
        totals = [Fraction(0)] * self.arms
        for factor, weight in enumerate(self.weights):
            alike = [arm for levels, arm in before if levels[factor] == profile[factor]]
            for arm in range(self.arms):
                counts = [alike.count(other) + (other == arm) for other in range(self.arms)]
                totals[arm] += weight * (max(counts) - min(counts))
        return tuple(totals)


def draw_list(procedure: TwoArmProcedure, slots: int, rng: Random) -> tuple[int, ...]:
    """One list of 1 (first arm) and 0, with exactly the procedure's law: whole numbers are drawn, no rounded chances."""
    drawn: list[int] = []
    for done in range(slots):
        chance = procedure.chance(done, 2 * sum(drawn) - done)
        drawn.append(int(rng.randrange(chance.denominator) < chance.numerator))
    return tuple(drawn)


def chosen_arm(chances: Sequence[Fraction], number: Fraction) -> int:
    """The arm in whose part of [0, 1) the number falls, the parts laid out in the order of the arms."""
    if not 0 <= number < 1:
        raise AllocationProcedureError(f"{number} lies outside [0, 1).")
    below = Fraction(0)
    for arm, chance in enumerate(chances):
        below += chance
        if number < below:
            return arm
    raise AllocationProcedureError(f"The chances sum to {below}, not to 1.")


def chance_of_list(procedure: TwoArmProcedure, arms: Sequence[int]) -> Fraction:
    """The chance that the procedure begins with this list; 0 where it cannot."""
    chance, lead = Fraction(1), 0
    for done, arm in enumerate(arms):
        first = procedure.chance(done, lead)
        chance *= first if arm else 1 - first
        if not chance:
            return chance
        lead += 1 if arm else -1
    return chance


@cache
def _endings(slots: int, largest_lead: int) -> tuple[dict[int, int], ...]:
    """After each number of slots, in how many ways the list can be finished from each lead."""
    after = [{0: 1}]
    for _ in range(slots):
        last = after[-1]
        leads = range(-largest_lead, largest_lead + 1)
        after.append({lead: ways for lead in leads if (ways := last.get(lead + 1, 0) + last.get(lead - 1, 0))})
    return tuple(reversed(after))


def _require_lead(largest_lead: int) -> None:
    if largest_lead < 1:
        raise AllocationProcedureError(f"The largest lead is {largest_lead}; give a whole number from 1.")


def _require(reached: bool, procedure: str, done: int, lead: int) -> None:
    if not reached:
        raise AllocationProcedureError(f"After {done} slots a lead of {lead} cannot occur with {procedure}.")
