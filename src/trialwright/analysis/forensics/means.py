"""Which totals a printed mean can stand for, and whether a printed standard deviation fits it, where each value is a whole number.

A mean of nine whole numbers is a number of ninths: most two-decimal means cannot occur. A standard deviation adds a second
condition on the same nine numbers; here it is settled by counting which sums of squares nine whole numbers with that total can
have, rather than by the necessary conditions alone.

Source: Brown and Heathers, Soc Psychol Personal Sci 2017;8:363 (GRIM); Anaya, PeerJ Preprints 2016;4:e2400v1 (GRIMMER).
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import ceil, floor, isqrt

from trialwright.analysis.forensics.printed import Printed, check_participants

WIDEST = 80  # whole numbers between the largest deviations that are counted out; beyond, size and parity alone decide


@dataclass(frozen=True, kw_only=True)
class Spread:
    """A total with a sum of squares about which mean and standard deviation are printed as they are."""

    total: int
    squares: int


def totals_behind(mean: Printed, participants: int) -> tuple[int, ...]:
    """The totals of whole numbers whose mean is printed so; empty where no total is."""
    check_participants(participants)
    low = int((mean.low * participants).to_integral_value(rounding=ROUND_CEILING))
    high = int((mean.high * participants).to_integral_value(rounding=ROUND_FLOOR))
    return tuple(range(low, high + 1))


def spreads_behind(mean: Printed, deviation: Printed, participants: int) -> tuple[Spread, ...]:
    """The totals and sums of squares of whole numbers whose mean and standard deviation (n - 1) are printed so.

    Every one returned occurs for some whole numbers, as long as the deviations span no more than `WIDEST`.
    """
    found: list[Spread] = []
    for total in totals_behind(mean, participants):
        centre = round(Fraction(total, participants))
        shifted = total - participants * centre  # of the deviations from a whole number near the mean: small numbers
        wanted = [squares for squares in _squares_between(shifted, deviation, participants) if (squares - shifted) % 2 == 0]
        occurring = _occurring(shifted, max(wanted, default=0), participants) if wanted else 0
        found += [
            Spread(total=total, squares=squares + 2 * centre * shifted + participants * centre**2)
            for squares in wanted
            if occurring is None or occurring >> squares & 1
        ]
    return tuple(found)


def _squares_between(total: int, deviation: Printed, participants: int) -> range:
    """Whole sums of squares whose standard deviation about total / participants lies in the printed range."""
    least, most = Fraction(max(deviation.low, Decimal(0))), Fraction(deviation.high)
    about = Fraction(total**2, participants)
    return range(ceil(about + (participants - 1) * least**2), floor(about + (participants - 1) * most**2) + 1)


def _occurring(total: int, most: int, participants: int) -> int | None:
    """The sums of squares up to `most` that so many whole numbers with this total can have, as set bits; None if too wide."""
    reach = isqrt(most)
    if 2 * reach > WIDEST:
        return None
    kept = (1 << (most + 1)) - 1
    sums: dict[int, int] = {0: 1}
    for _ in range(participants):
        after: dict[int, int] = {}
        for so_far, squares in sums.items():
            for value in range(-reach, reach + 1):
                after[so_far + value] = after.get(so_far + value, 0) | (squares << value**2) & kept
        sums = {so_far: squares for so_far, squares in after.items() if squares and so_far**2 <= participants * most}
    return sums.get(total, 0)
