"""What an opened slot must match: the commitment made before the first participant.

A commitment is SHA-256 over slot number, content and a 32-byte nonce. The content of a list's slot is an arm; that of a slot of a
minimisation is a random number with the parameters by which the arm follows from it (see `minimised`). Without the nonce a list of
20 slots, 10 to 10, would be found by trying all 184,756. The root over all commitments is in the activation record, in the shape of
RFC 6962.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from trialwright.ledger.merkle import compute_root

_LEAF = b"trialwright-slot\x00"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One opened slot. `nonce` is 32 bytes, in hexadecimal."""

    number: int
    content: str
    nonce: str


def commitment(slot: Slot) -> str:
    """SHA-256 over the slot's number, content and nonce, in hexadecimal."""
    committed = b"\x00".join((str(slot.number).encode(), slot.content.encode(), bytes.fromhex(slot.nonce)))
    return hashlib.sha256(_LEAF + committed).hexdigest()


def root_of(commitments: Sequence[str]) -> str:
    """The Merkle root over the commitments, as printed in the activation record."""
    return compute_root([bytes.fromhex(leaf) for leaf in commitments]).hex()
