"""The sealed allocation lists: drawn, committed to, encrypted, and opened one slot at a time.

Only `conduct.allocation` and `simulate` import this. A slot is committed to by SHA-256 over its number, its content and a nonce of
32 bytes (see `commitments`). With strata the lists follow one another, all of one length, and slots are numbered through. Everyone
sees commitments and ciphertexts of equal length; the key lies outside the database, with the custodian.
"""

import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trialwright.conduct.commitments import Slot, commitment, root_of
from trialwright.conduct.minimised import NAME as MINIMISATION
from trialwright.conduct.minimised import draw_number, procedure_text, read_procedure, slot_content
from trialwright.study.allocation_procedures import (
    AllocationProcedureError,
    BigStick,
    FairCoin,
    MaximalProcedure,
    Minimisation,
    TwoArmProcedure,
    draw_list,
)

_PADDED = 128
_CONTENT, _NONCE, _BLOCK, _PROCEDURE = range(4)
_BLOCKS = "permuted_blocks"
Nonces = Callable[[int], bytes]


class AllocationError(ValueError):
    """The sealed list does not hold what was committed to, or cannot be opened here."""


@dataclass(frozen=True, kw_only=True)
class DrawnList:
    """One list as it was drawn: the arms block by block, and the procedure where it was not blocks.

    Of a minimisation the one block holds random numbers in place of arms.
    """

    blocks: tuple[tuple[str, ...], ...]
    procedure: TwoArmProcedure | Minimisation | None = None


@dataclass(frozen=True, kw_only=True)
class SealedList:
    """What leaves the custodian's hands: a root, a commitment and a ciphertext for each slot."""

    root: str
    commitments: tuple[str, ...]
    sealed: tuple[str, ...]


def draw_blocks(ratio: Mapping[str, int], slots: int, *, block_sizes: Sequence[int], rng: Random) -> tuple[tuple[str, ...], ...]:
    """Draw a list of arms by randomly permuted blocks whose sizes are themselves drawn from `block_sizes`.

    The last block is cut so that `slots` are filled and the planned ratio is kept exactly. Block sizes are the custodian's secret.
    Source: Rosenberger and Lachin, Randomization in Clinical Trials, 2nd ed., section 3.6.
    Raises: AllocationError when a block size is no multiple of the ratio's sum, or the slots are not.
    """
    unit = sum(ratio.values())
    if not block_sizes or any(size <= 0 or size % unit for size in block_sizes):
        raise AllocationError(f"Block sizes {list(block_sizes)} must be multiples of {unit}, the sum of the ratio.")
    if slots % unit:
        raise AllocationError(f"{slots} slots cannot keep the ratio exactly; give a multiple of {unit}.")
    blocks: list[tuple[str, ...]] = []
    left = slots
    while left:
        size = min(rng.choice(list(block_sizes)), left)
        block = [arm for arm, share in ratio.items() for _ in range(share * size // unit)]
        rng.shuffle(block)
        blocks.append(tuple(block))
        left -= size
    return tuple(blocks)


def draw_permuted_blocks(ratio: Mapping[str, int], slots: int, *, block_sizes: Sequence[int], rng: Random) -> tuple[str, ...]:
    """The arms of `draw_blocks`, slot by slot."""
    return tuple(arm for block in draw_blocks(ratio, slots, block_sizes=block_sizes, rng=rng) for arm in block)


def draw_by_procedure(ratio: Mapping[str, int], slots: int, *, procedure: TwoArmProcedure, rng: Random) -> tuple[str, ...]:
    """Draw a list by a procedure of two arms in equal shares, with exactly its law.

    Raises: AllocationError for other arms, or where the procedure ends before the slots do.
    """
    if len(ratio) != 2 or len(set(ratio.values())) != 1:
        named = ":".join(str(share) for share in ratio.values())
        raise AllocationError(f"The ratio is {named}; this procedure is for two arms in equal shares. Use permuted blocks.")
    first, second = ratio
    try:
        return tuple(first if arm else second for arm in draw_list(procedure, slots, rng))
    except AllocationProcedureError as error:
        raise AllocationError(f"{error} Give parameters that fill {slots} slots.") from error


def draw_numbers(slots: int, *, procedure: Minimisation, rng: Random) -> DrawnList:
    """The numbers of a minimisation's slots."""
    return DrawnList(blocks=(tuple(draw_number(rng) for _ in range(slots)),), procedure=procedure)


def seal_lists(lists: Sequence[DrawnList], *, key: bytes, nonces: Nonces) -> SealedList:
    """Commit to every slot and encrypt it with the number of its block and, where it was not blocks, the procedure that drew it.

    Raises: AllocationError for an arm id or parameters too long to pad.
    """
    drawn = [(one.procedure, content, block) for one in lists for block, contents in enumerate(one.blocks) for content in contents]
    slots = [
        Slot(number=number, content=_committed(content, procedure), nonce=nonces(32).hex())
        for number, (procedure, content, _) in enumerate(drawn)
    ]
    commitments = tuple(commitment(slot) for slot in slots)
    sealed = tuple(
        _seal(slot.number, f"{content}\n{slot.nonce}\n{block}\n{_name_of(procedure)}", key, nonces)
        for slot, (procedure, content, block) in zip(slots, drawn, strict=True)
    )
    return SealedList(root=root_of(commitments), commitments=commitments, sealed=sealed)


def open_slot(number: int, sealed: str, *, key: bytes) -> Slot:
    """Decrypt one slot. Raises: AllocationError with a wrong key or a changed ciphertext."""
    parts = _open(number, sealed, key)
    minimised = parts[_PROCEDURE].startswith(MINIMISATION)
    content = slot_content(parts[_CONTENT], parts[_PROCEDURE]) if minimised else parts[_CONTENT]
    return Slot(number=number, content=content, nonce=parts[_NONCE])


def open_block_sizes(sealed: Sequence[str], *, key: bytes, first: int = 0) -> tuple[int, ...]:
    """The sizes of the blocks of one list, whose first slot is `first`, for the analysis once no slot is left to guess.

    Raises: AllocationError with a wrong key or a changed ciphertext.
    """
    blocks = Counter(int(_open(number, slot, key)[_BLOCK]) for number, slot in enumerate(sealed, first))
    return tuple(blocks[block] for block in sorted(blocks))


def open_procedure(sealed: Sequence[str], *, key: bytes, first: int = 0, arms: int = 2) -> TwoArmProcedure | Minimisation | None:
    """The procedure that drew one list, with its parameters, for the analysis once no slot is left; None where it was blocks.

    Raises: AllocationError with a wrong key or a changed ciphertext.
    """
    text = _open(first, sealed[0], key)[_PROCEDURE]
    name, _, parameter = text.partition(" ")
    match name:
        case "big_stick":
            return BigStick(largest_lead=int(parameter))
        case "maximal_procedure":
            return MaximalProcedure(slots=len(sealed), largest_lead=int(parameter))
        case "complete":
            return FairCoin()
        case "minimisation":
            return read_procedure(text, arms)
    return None


def _committed(content: str, procedure: TwoArmProcedure | Minimisation | None) -> str:
    """What a slot is committed to: a minimisation's number together with the parameters."""
    return slot_content(content, _name_of(procedure)) if isinstance(procedure, Minimisation) else content


def _name_of(procedure: TwoArmProcedure | Minimisation | None) -> str:
    match procedure:
        case BigStick(largest_lead=lead):
            return f"big_stick {lead}"
        case MaximalProcedure(largest_lead=lead):
            return f"maximal_procedure {lead}"
        case FairCoin():
            return "complete"
        case Minimisation():
            return procedure_text(procedure)
    return _BLOCKS


def _open(number: int, sealed: str, key: bytes) -> list[str]:
    try:
        raw = base64.b64decode(sealed)
        content = AESGCM(key).decrypt(raw[:12], raw[12:], str(number).encode()).rstrip(b"\x00").decode()
    except Exception as error:  # the library raises InvalidTag or ValueError; both mean that this is not the slot
        raise AllocationError(f"Slot {number} does not open with this key; ask the custodian for the right key.") from error
    parts = content.split("\n")
    if len(parts) == _PROCEDURE:  # sealed before there were procedures other than blocks
        parts.append(_BLOCKS)
    if len(parts) != _PROCEDURE + 1:
        raise AllocationError(f"Slot {number} was sealed in another shape; open it with the software that sealed it.")
    return parts


def _seal(number: int, content: str, key: bytes, nonces: Nonces) -> str:
    raw = content.encode()
    if len(raw) > _PADDED:
        raise AllocationError(
            f"Slot {number} is too long to be sealed at equal length; give shorter ids of arms, or plainer weights."
        )
    iv = nonces(12)
    ciphertext = AESGCM(key).encrypt(iv, raw.ljust(_PADDED, b"\x00"), str(number).encode())
    return base64.b64encode(iv + ciphertext).decode()
