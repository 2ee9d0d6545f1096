"""The content of a minimisation's slot: a random number and the parameters, from which the arm follows with the record so far.

The number alone says nothing of an arm before it is known who comes. The parameters are the custodian's and the same in every slot;
they are part of what is committed to, so that nobody can choose them once a participant's levels are known.
"""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from trialwright.conduct.commitments import Slot
from trialwright.conduct.states import AllocationState
from trialwright.study.allocation_procedures import AllocationProcedureError, Minimisation, chosen_arm
from trialwright.study.model import Study
from trialwright.study.stratification import Profile

NAME = "minimisation"
_NUMBERS = 2**64


class SlotContentError(ValueError):
    """An opened slot that does not hold a random number and the parameters of a minimisation."""


def draw_number(rng: Random) -> str:
    """The number of one slot, below 2^64 and drawn evenly."""
    return str(rng.randrange(_NUMBERS))


def slot_content(number: str, parameters: str) -> str:
    """What a slot is committed to: its number and the parameters."""
    return f"{number} {parameters}"


def procedure_text(procedure: Minimisation) -> str:
    weights = ",".join(str(weight) for weight in procedure.weights)
    return f"{NAME} {procedure.preferred} {weights}"


def read_procedure(text: str, arms: int) -> Minimisation:
    """Raises: SlotContentError when the text holds no parameters of a minimisation over so many arms."""
    try:
        name, preferred, weights = text.split(" ")
        procedure = Minimisation(
            arms=arms, preferred=Fraction(preferred), weights=tuple(Fraction(weight) for weight in weights.split(","))
        )
    except (ValueError, ZeroDivisionError) as error:
        raise SlotContentError("The slot does not hold the parameters of a minimisation.") from error
    if name != NAME:
        raise SlotContentError("The slot was sealed for another procedure.")
    return procedure


def arm_of_slot(slot: Slot, allocation: AllocationState, study: Study) -> str:
    """The arm to which an opened slot leads after the slots before it.

    Raises: SlotContentError when it leads to none, or a slot before it is not opened.
    """
    if len(allocation.arms) < slot.number:
        raise SlotContentError(f"Slot {len(allocation.arms)} before it is not opened.")
    before = list(zip(allocation.profiles[: slot.number], allocation.arms[: slot.number], strict=True))
    return minimised_arm(slot.content, study, allocation.profiles[slot.number], before)


def minimised_arm(content: str, study: Study, profile: Profile, before: Sequence[tuple[Profile, str]]) -> str:
    """The arm of a participant with these levels, after those with (levels, arm) in `before`, by the number in the slot.

    Raises: SlotContentError when the content is not of a minimisation, or not over these factors.
    """
    number, _, parameters = content.partition(" ")
    arms = tuple(study.allocation.ratio)
    procedure = read_procedure(parameters, len(arms))
    try:
        chances = procedure.chances(profile, [(levels, arms.index(arm)) for levels, arm in before])
        return arms[chosen_arm(chances, Fraction(int(number), _NUMBERS))]
    except (AllocationProcedureError, ValueError) as error:
        raise SlotContentError("The slot's number and factors do not lead to an arm.") from error
