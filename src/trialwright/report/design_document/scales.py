"""Numbers along an axis and beside a bar, in the digits of a language; and axes for chances and small p values."""

from dataclasses import replace
from math import ceil, floor, log10

from trialwright.analysis.design.wording import p_value, percent, significant
from trialwright.report.document import Language
from trialwright.report.figures.axis import Axis, make_axis

SMALLEST_DRAWN = 1e-6
_MOST_POWERS = 6


def written(value: float, scale: str, language: Language, *, exact: bool = False) -> str:
    """A value as it stands in a figure: a percentage, or a short number."""
    if scale == "percent":
        found = percent(value, 1 if exact and value < 0.1 else 0) if value else percent(0.0)
    elif value == round(value) and abs(value) < 1e6:
        found = significant(value, len(str(abs(round(value)))))
    else:
        found = p_value(value) if abs(value) < 1 else significant(value, 2)
    return found.in_language(language)


def upright(values: list[float], scale: str, *, top: float, bottom: float, logarithmic: bool) -> Axis:
    """The axis at the side: all of 0 to 100 % for chances, powers of ten for p values."""
    if logarithmic:
        low = max(min(values), SMALLEST_DRAWN) / 1.3
        powers = range(floor(log10(low)), 1)
        step = ceil(len(powers) / _MOST_POWERS)
        ticks = tuple(10.0**power for power in reversed(powers) if power % step == 0 and 10.0**power >= low)
        return Axis(low=low, high=1.0, top=top, bottom=bottom, logarithmic=True, ticks=ticks)
    if scale == "percent":
        return _shares(max(values), top=top, bottom=bottom)
    return make_axis([0.0, *values], top=top, bottom=bottom, logarithmic=False)


def along(values: list[float], scale: str, *, left: float, right: float, from_zero: bool) -> Axis:
    """The axis below, from left to right in every language: use `across` for a place on it."""
    if scale == "percent":
        return _shares(max(values), top=-right, bottom=-left)
    axis = make_axis([0.0, *values] if from_zero else values, top=-right, bottom=-left, logarithmic=False)
    if all(value == round(value) for value in values):  # people are whole
        return replace(axis, ticks=tuple(tick for tick in axis.ticks if tick == round(tick)))
    return axis


def across(axis: Axis, value: float) -> float:
    return -axis.place(value)


def _shares(most: float, *, top: float, bottom: float) -> Axis:
    """From nothing to a round share that holds the most, to everything where that is near."""
    high = next(end for end in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if most <= end + 1e-9)
    step = high / (4 if high in (0.4, 0.8) else 5 if high in (0.1, 1.0) else 4 if high == 0.2 else 3)
    ticks = tuple(round(step * k, 6) for k in range(round(high / step) + 1))
    return Axis(low=0.0, high=high, top=top, bottom=bottom, logarithmic=False, ticks=ticks)
