"""The custodian's side of allocation: draw and seal the lists, and open the one slot that was taken.

The lists never leave this module and the custodian's sealed file; `decide` sees a slot only as a number and a commitment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from trialwright.conduct.allocation_list import AllocationError as AllocationError  # what the opener raises
from trialwright.conduct.allocation_list import (
    DrawnList,
    Nonces,
    draw_blocks,
    draw_by_procedure,
    draw_numbers,
    open_block_sizes,
    open_procedure,
    open_slot,
    seal_lists,
)
from trialwright.conduct.commands import CommitAllocation
from trialwright.conduct.commitments import Slot
from trialwright.conduct.states import AllocationState
from trialwright.study.allocation_procedures import (
    AllocationProcedureError,
    BigStick,
    FairCoin,
    MaximalProcedure,
    Minimisation,
    PermutedBlocks,
    TwoArmProcedure,
)
from trialwright.study.model import Study
from trialwright.study.stratification import MinimisedList, Misplacement, StratifiedLists, UsedList, factors_of, list_names


@dataclass(frozen=True, kw_only=True)
class ListSecrets:
    """What the custodian alone knows: the parameters of the study's method, and of no other.

    `block_sizes` belong to permuted blocks, `largest_lead` to the big stick and the maximal procedure; `preferred` (the chance of
    the arm that balances best) and `weights` (one a factor; all 1 if not given) to minimisation.
    """

    block_sizes: tuple[int, ...] = ()
    largest_lead: int | None = None
    preferred: Fraction | None = None
    weights: tuple[Fraction, ...] = ()

    def named(self) -> set[str]:
        return {name for name, value in vars(self).items() if value not in (None, ())}


_SECRETS_OF: Mapping[str, tuple[set[str], set[str]]] = {
    "permuted_blocks": ({"block_sizes"}, set()),
    "big_stick": ({"largest_lead"}, set()),
    "maximal_procedure": ({"largest_lead"}, set()),
    "complete": (set(), set()),
    "minimisation": ({"preferred"}, {"weights"}),
}
"""By method: what must be given, and what may be."""


def prepare_allocation(study: Study, *, rng: Random, key: bytes, nonces: Nonces, secrets: ListSecrets) -> CommitAllocation:
    """Draw, seal and commit to the lists of a randomised study, as the command that the custodian sends.

    `rng` is the system's generator in a live trial (`random.SystemRandom`) and a seeded one only in a rehearsal.
    Raises: AllocationError when the parameters do not fit the study's method, ratio and strata.
    """
    sealed = seal_lists(draw_lists(study, rng=rng, secrets=secrets), key=key, nonces=nonces)
    return CommitAllocation(root=sealed.root, commitments=sealed.commitments, sealed=sealed.sealed)


def draw_lists(study: Study, *, rng: Random, secrets: ListSecrets) -> tuple[DrawnList, ...]:
    """A list for every combination of the strata's levels, each long enough for everybody planned; the same generator gives the
    same lists.

    Raises: AllocationError when the parameters do not fit the study's method, ratio and strata.
    """
    names = list_names(study.allocation.method, factors_of(study))
    return tuple(_draw_list(study, rng, secrets) for _ in names)


def _draw_list(study: Study, rng: Random, secrets: ListSecrets) -> DrawnList:
    ratio, slots = study.allocation.ratio, study.sample_size
    procedure = _procedure(study, secrets)
    match procedure:
        case None:
            return DrawnList(blocks=draw_blocks(ratio, slots, block_sizes=secrets.block_sizes, rng=rng))
        case Minimisation():
            return draw_numbers(slots, procedure=procedure, rng=rng)
    return DrawnList(blocks=(draw_by_procedure(ratio, slots, procedure=procedure, rng=rng),), procedure=procedure)


def _procedure(study: Study, secrets: ListSecrets) -> TwoArmProcedure | Minimisation | None:
    """The procedure with its parameters; None for permuted blocks, whose sizes are drawn on the way."""
    method = study.allocation.method
    if method not in _SECRETS_OF:
        raise AllocationError(f"A list cannot be sealed for the method {method}.")
    needed, allowed = _SECRETS_OF[method]
    if not needed <= secrets.named() <= needed | allowed:
        raise AllocationError(
            f"The method is {method}. Give block sizes for permuted blocks, the largest lead for a big stick or maximal procedure, "
            "the chance of the preferred arm for minimisation, and nothing else."
        )
    try:
        match method:
            case "big_stick":
                return BigStick(largest_lead=secrets.largest_lead or 0)
            case "maximal_procedure":
                return MaximalProcedure(slots=study.sample_size, largest_lead=secrets.largest_lead or 0)
            case "complete":
                return FairCoin()
            case "minimisation":
                return _minimisation(study, secrets)
    except AllocationProcedureError as error:
        raise AllocationError(str(error)) from error
    return None


def _minimisation(study: Study, secrets: ListSecrets) -> Minimisation:
    factors = len(study.allocation.stratified_by)
    weights = secrets.weights or (Fraction(1),) * factors
    if len(weights) != factors:
        raise AllocationError(f"{len(weights)} weights for {factors} factors; give one for each, or none.")
    return Minimisation(arms=len(study.allocation.ratio), preferred=secrets.preferred or Fraction(0), weights=weights)


class SlotOpener:
    """Opens taken slots with the custodian's key, which lies outside the database."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def open(self, number: int, sealed: str) -> Slot:
        """Raises: AllocationError when the slot does not open."""
        return open_slot(number, sealed, key=self._key)

    def block_sizes(self, sealed: Sequence[str]) -> tuple[int, ...] | None:
        """The sizes of the blocks of the only list, in the order of the slots; None where it was not blocks.

        Raises: AllocationError when a slot does not open.
        """
        return open_block_sizes(sealed, key=self._key) if self.procedure(sealed) is None else None

    def procedure(self, sealed: Sequence[str], first: int = 0) -> TwoArmProcedure | Minimisation | None:
        """The procedure of a list that begins with slot `first`, None for blocks. Raises: AllocationError when it does not open."""
        return open_procedure(sealed, key=self._key, first=first)

    def used_list(self, allocation: AllocationState, misplaced: tuple[Misplacement, ...] = ()) -> UsedList | None:
        """What the analysis is told once everybody is allocated: procedures with parameters, and who was allocated from where.

        None for one list of blocks, of which `block_sizes` says all. Raises: AllocationError when a slot does not open.
        """
        sealed = allocation.commitment
        assert sealed is not None
        if sealed.method == "minimisation":
            procedure = self.procedure(sealed.sealed)
            assert isinstance(procedure, Minimisation)
            profiles = dict(zip(allocation.taken, allocation.profiles, strict=True))
            return MinimisedList(procedure=procedure, profiles=profiles, misplaced=misplaced)
        if not sealed.factors:
            return self._of_two_arms(sealed.sealed, 0) if self.procedure(sealed.sealed) else None
        spans = allocation.lists()
        list_of = {
            participant: next(name for name, (first, end) in spans.items() if first <= slot < end)
            for participant, slot in zip(allocation.taken, allocation.slots, strict=True)
        }
        procedures = {name: self._of_two_arms(sealed.sealed[first:end], first) for name, (first, end) in spans.items()}
        return StratifiedLists(procedures=procedures, list_of=list_of, misplaced=misplaced)

    def _of_two_arms(self, sealed: Sequence[str], first: int) -> TwoArmProcedure:
        procedure = self.procedure(sealed, first)
        if procedure is None:
            return PermutedBlocks(sizes=open_block_sizes(sealed, key=self._key, first=first))
        assert not isinstance(procedure, Minimisation)
        return procedure
