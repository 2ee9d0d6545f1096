"""The custodian's side of allocation: draw and seal a list, and open the one slot that was taken.

The list never leaves this module and the custodian's sealed file; `decide` sees a slot only as a number and a commitment.
"""

from collections.abc import Sequence
from random import Random

from trialwright.conduct.allocation_list import AllocationError as AllocationError  # what the opener raises
from trialwright.conduct.allocation_list import (
    Nonces,
    draw_blocks,
    draw_by_procedure,
    open_block_sizes,
    open_procedure,
    open_slot,
    seal_list,
)
from trialwright.conduct.commands import CommitAllocation
from trialwright.conduct.commitments import Slot
from trialwright.study.allocation_procedures import (
    AllocationProcedureError,
    BigStick,
    FairCoin,
    MaximalProcedure,
    TwoArmProcedure,
)
from trialwright.study.model import Study


def prepare_allocation(
    study: Study, *, rng: Random, key: bytes, nonces: Nonces, block_sizes: Sequence[int] = (), largest_lead: int | None = None
) -> CommitAllocation:
    """Draw, seal and commit to the list of a randomised study, as the command that the custodian sends.

    `block_sizes` belong to permuted blocks, `largest_lead` to the big stick and the maximal procedure: the custodian's secrets.
    `rng` is the system's generator in a live trial (`random.SystemRandom`) and a seeded one only in a rehearsal.
    Raises: AllocationError when the parameters do not fit the study's method and ratio.
    """
    blocks, procedure = draw_allocation(study, rng=rng, block_sizes=block_sizes, largest_lead=largest_lead)
    sealed = seal_list(blocks, key=key, nonces=nonces, procedure=procedure)
    return CommitAllocation(root=sealed.root, commitments=sealed.commitments, sealed=sealed.sealed)


def draw_allocation(
    study: Study, *, rng: Random, block_sizes: Sequence[int] = (), largest_lead: int | None = None
) -> tuple[tuple[tuple[str, ...], ...], TwoArmProcedure | None]:
    """The arms of the list, block by block, and the procedure where it was not blocks; the same generator gives the same list.

    Raises: AllocationError when the parameters do not fit the study's method and ratio.
    """
    ratio, slots = study.allocation.ratio, study.sample_size
    procedure = _procedure(study, block_sizes, largest_lead)
    if procedure is None:
        return draw_blocks(ratio, slots, block_sizes=block_sizes, rng=rng), None
    return (draw_by_procedure(ratio, slots, procedure=procedure, rng=rng),), procedure


def _procedure(study: Study, block_sizes: Sequence[int], largest_lead: int | None) -> TwoArmProcedure | None:
    """The procedure with its parameters; None for permuted blocks, whose sizes are drawn on the way."""
    method = study.allocation.method
    wants_lead = method in {"big_stick", "maximal_procedure"}
    if wants_lead != (largest_lead is not None) or (method == "permuted_blocks") != bool(block_sizes):
        raise AllocationError(
            f"The method is {method}. Give block sizes for permuted blocks, the largest lead for a big stick or maximal procedure."
        )
    try:
        match method:
            case "permuted_blocks":
                return None
            case "big_stick":
                return BigStick(largest_lead=largest_lead or 0)
            case "maximal_procedure":
                return MaximalProcedure(slots=study.sample_size, largest_lead=largest_lead or 0)
            case "complete":
                return FairCoin()
    except AllocationProcedureError as error:
        raise AllocationError(str(error)) from error
    raise AllocationError(f"A list cannot be sealed for the method {method}.")


class SlotOpener:
    """Opens taken slots with the custodian's key, which lies outside the database."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def open(self, number: int, sealed: str) -> Slot:
        """Raises: AllocationError when the slot does not open."""
        return open_slot(number, sealed, key=self._key)

    def block_sizes(self, sealed: Sequence[str]) -> tuple[int, ...]:
        """The sizes of the blocks, in the order of the slots. Raises: AllocationError when a slot does not open."""
        return open_block_sizes(sealed, key=self._key)

    def procedure(self, sealed: Sequence[str]) -> TwoArmProcedure | None:
        """The procedure of the list, None for blocks. Raises: AllocationError when a slot does not open."""
        return open_procedure(sealed, key=self._key)
