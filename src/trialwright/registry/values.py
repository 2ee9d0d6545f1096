"""Typed values of fields: dates, whole numbers, yes or no, and the registries' closed lists.

A value that does not fit its type is kept as text, and the field says why. Nothing is corrected here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trialwright.registry.record import State, TypedValue
from trialwright.registry.words import plain_words
from trialwright.terms.dates import DateError, DatePair, parse_date
from trialwright.terms.digits import NumberError, parse_number

TYPES = ("text", "line", "date", "count", "yes_no", "choice", "identifier", "phone", "email")
MANY_LINES = frozenset({"text"})
PRIVATE = frozenset({"phone", "email"})

_SAYS_EMPTY = frozenset({"empty", "[empty]", "(empty)", "خالی"})
_TRUTHS = {"yes": True, "no": False, "بله": True, "بلی": True, "خیر": False}


def state_of(raw: str) -> State:
    """Tell a value from nothing printed and from the word "empty"."""
    words = raw.strip().casefold()
    if not words:
        return State.EMPTY
    return State.SAYS_EMPTY if words in _SAYS_EMPTY else State.VALUE


def typed(kind: str, text: str, choices: Mapping[str, str | bool]) -> tuple[TypedValue, str | None]:
    """Read a text as a type; give the value, or None and the reason."""
    if kind == "choice":
        return choices.get(plain_words(text)), None
    try:
        return _READERS.get(kind, _as_it_is)(text), None
    except (DateError, NumberError) as error:
        return None, str(error)


def _date(text: str) -> TypedValue:
    """Read a date, or a pair in both calendars in either order; a Persian page prints the Jalali one first."""
    parts = text.replace("،", ",").split(",")
    if len(parts) != 2 or "/" not in text:
        return parse_date(text)
    first, second = map(parse_date, parts)
    return DatePair(gregorian=second, jalali=first) if first.calendar == "jalali" else DatePair(gregorian=first, jalali=second)


def _count(text: str) -> TypedValue:
    number = parse_number(text)
    if number != int(number) or number < 0:
        raise NumberError(f'"{text}" is not a count: a whole number, 0 or more, was expected.')
    return int(number)


def _yes_no(text: str) -> TypedValue:
    first = text.casefold().split()[0].strip(".,;:-،؛") if text.split() else ""
    return _TRUTHS.get(first)


def _as_it_is(_text: str) -> TypedValue:
    return None


_READERS: Mapping[str, Callable[[str], TypedValue]] = {"date": _date, "count": _count, "yes_no": _yes_no}
