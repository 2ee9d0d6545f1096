"""A number as it was printed: its value, and all the values that are printed like that.

"33.3" stands for anything from 33.25 to 33.35. Both ends belong to it, since programs round a half up, down or to even.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from trialwright.terms.digits import ascii_digits


class PrintedNumberError(ValueError):
    """A printed number that cannot be read or judged; the message quotes what was found and says what was expected."""


@dataclass(frozen=True, kw_only=True)
class Printed:
    """A printed number. `low` to `high`, both included, are the values that are printed so."""

    text: str
    value: Decimal
    low: Decimal
    high: Decimal

    def fits(self, value: float | Decimal) -> bool:
        return self.low <= Decimal(value) <= self.high


def read_printed(text: str) -> Printed:
    """Read a printed number; its decimals are those that stand in the text, so "15.0" is not "15".

    Raises: PrintedNumberError for anything but digits with at most one point (Persian digits and decimal sign are read).
    """
    plain = ascii_digits(text).replace("\u066b", ".").strip()
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise PrintedNumberError(
            f"{text!r} is not a printed number; give digits with at most one point, such as '33.3'."
        ) from error
    if not value.is_finite() or "e" in plain.lower():
        raise PrintedNumberError(f"{text!r} is not a printed number; give digits with at most one point, such as '33.3'.")
    half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    return Printed(text=text.strip(), value=value, low=value - half, high=value + half)


def check_participants(*numbers: int) -> None:
    """Refuse a number of participants below 1, of which no printed number can speak."""
    if min(numbers) < 1:
        raise PrintedNumberError(
            f"A printed number of {min(numbers)} participants says nothing; give the number analysed, at least 1."
        )
