"""Estimates with their intervals, one line each, against the value of no effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from trialwright.report.figures.axis import make_axis, tick_label
from trialwright.report.figures.svg import INK, PENS, QUIET, Drawing, wrap

WIDTH, LABELS, VALUES, ROW = 720.0, 220.0, 200.0, 34.0
FARTHEST = 1000.0
"""A ratio farther than this from no effect, or a limit farther than this many times the largest difference, is drawn to the edge:
one boundless interval would hide all others."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One estimate; a limit is None where it does not exist, the estimate where there is none (`written` says why)."""

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    written: str
    main: bool


def draw_intervals(
    lines: Sequence[Line], *, name: str, title: str, description: str, none: float, logarithmic: bool, mirrored: bool, mark: str
) -> str:
    """The figure as SVG; `none` is where nothing would have happened: 1 for ratios, 0 for differences. `mirrored` for Persian."""
    drawing = Drawing(id=name, width=WIDTH, title=title, description=description)
    known = _values_in_sight(lines, none, logarithmic=logarithmic)
    left, right = (VALUES, WIDTH - LABELS) if mirrored else (LABELS, WIDTH - VALUES)
    axis = make_axis([*known, none], top=-right, bottom=-left, logarithmic=logarithmic)
    foot = 16 + ROW * len(lines)

    def across(value: float) -> float:
        return -axis.place(min(max(value, axis.low), axis.high))

    for tick in axis.ticks:
        drawing.line([(across(tick), 8), (across(tick), foot)], width=0.6)
        drawing.words(across(tick), foot + 13, tick_label(tick), anchor="middle", size=10, colour=QUIET)
    drawing.line([(across(none), 4), (across(none), foot)], colour=INK, width=1.2)
    for number, line in enumerate(lines):
        y = 16 + ROW * (number + 0.5)
        _draw_words(drawing, line, y, mirrored=mirrored)
        if line.estimate is not None:
            pen = PENS[0]
            low = left if line.low is None else across(line.low)
            high = right if line.high is None else across(line.high)
            drawing.line([(low, y), (high, y)], colour=pen.colour, width=2.4 if line.main else 1.2)
            drawing.mark(across(line.estimate), y, pen, size=5 if line.main else 3.4)
    return drawing.render(foot + 20, mark=mark)


def _values_in_sight(lines: Sequence[Line], none: float, *, logarithmic: bool) -> list[float]:
    every = [value for line in lines for value in (line.estimate, line.low, line.high) if value is not None]
    if logarithmic:
        return [value for value in every if none / FARTHEST <= value <= none * FARTHEST]
    reach = FARTHEST * max((abs(line.estimate - none) for line in lines if line.estimate is not None), default=0) or inf
    return [value for value in every if abs(value - none) <= reach]


def _draw_words(drawing: Drawing, line: Line, y: float, *, mirrored: bool) -> None:
    """The label where a line of text begins, the numbers where it ends."""
    begin, end = ((WIDTH, "end"), (0.0, "start")) if mirrored else ((0.0, "start"), (WIDTH, "end"))
    for (x, anchor), words, size in ((begin, wrap(line.label, LABELS - 16), 11), (end, wrap(line.written, VALUES - 10, 10), 10)):
        first = y + 4 - 6.5 * (len(words[:3]) - 1)
        for row, part in enumerate(words[:3]):
            drawing.words(x, first + 13 * row, part, anchor=anchor, size=size, bold=line.main)
