"""Curves over one axis, each with its own colour, line and mark; a level to reach, and where this design stands."""

from trialwright.analysis.design.figures import Curves
from trialwright.analysis.design.wording import say
from trialwright.report.design_document.describe import describe_figure
from trialwright.report.design_document.scales import SMALLEST_DRAWN, across, along, upright, written
from trialwright.report.document import Language
from trialwright.report.figures.axis import Axis
from trialwright.report.figures.svg import INK, PENS, QUIET, Drawing, wrap

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 520.0, 62.0, 12.0, 34.0, 236.0
_LEGEND = 18.0


def draw_curves(figure: Curves, language: Language, *, name: str) -> str:
    """The figure as SVG."""
    drawing = Drawing(id=name, width=WIDTH, title=figure.title.in_language(language), description=describe_figure(figure, language))
    points = [point for curve in figure.curves for point in _seen(figure, curve.points)]
    level = [figure.level[0]] if figure.level else []
    side = upright([y for _, y in points] + level, figure.y_scale, top=TOP, bottom=BOTTOM, logarithmic=figure.logarithmic)
    foot = along([x for x, _ in points], figure.x_scale, left=LEFT, right=WIDTH - RIGHT, from_zero=False)
    _draw_frame(drawing, figure, side, foot, language)
    _draw_marks(drawing, figure, side, foot, language)
    for place, curve in enumerate(figure.curves):
        pen = PENS[place % len(PENS)]
        path = [(across(foot, x), side.place(y)) for x, y in _seen(figure, curve.points)]
        drawing.line(path, colour=pen.colour, width=1.8, dash=pen.dash)
        for x, y in path if curve.dots else ():
            drawing.mark(x, y, pen, size=2.8)
    height = _draw_legend(drawing, figure, language)
    return drawing.render(height, mark="")


def _seen(figure: Curves, points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    return [(x, y) for x, y in points if not figure.logarithmic or y >= SMALLEST_DRAWN]


def _draw_frame(drawing: Drawing, figure: Curves, side: Axis, foot: Axis, language: Language) -> None:
    for tick in side.ticks:
        y = side.place(tick)
        drawing.line([(LEFT, y), (WIDTH - RIGHT, y)], width=0.6)
        drawing.words(LEFT - 6, y + 4, written(tick, figure.y_scale, language), anchor="end", size=11, colour=QUIET)
    for tick in foot.ticks:
        x = across(foot, tick)
        drawing.line([(x, BOTTOM), (x, BOTTOM + 4)], colour=QUIET)
        drawing.words(x, BOTTOM + 17, written(tick, figure.x_scale, language), anchor="middle", size=11, colour=QUIET)
    drawing.line([(LEFT, BOTTOM), (WIDTH - RIGHT, BOTTOM)], colour=QUIET)
    drawing.words(0, 13, figure.y_label.in_language(language), anchor="start", size=12, colour=QUIET)
    drawing.words((LEFT + WIDTH - RIGHT) / 2, BOTTOM + 35, figure.x_label.in_language(language), anchor="middle", size=12)


def _draw_marks(drawing: Drawing, figure: Curves, side: Axis, foot: Axis, language: Language) -> None:
    if figure.level:
        y = side.place(figure.level[0])
        drawing.line([(LEFT, y), (WIDTH - RIGHT, y)], colour=INK, width=1.2, dash="6 3")
        drawing.words(WIDTH - RIGHT - 2, y - 4, figure.level[1].in_language(language), anchor="end", size=11, bold=True)
    if figure.here is not None:
        x = across(foot, figure.here)
        drawing.line([(x, TOP - 8), (x, BOTTOM)], colour=INK, width=1, dash="2 2")
        anchor = "end" if x > WIDTH / 2 else "start"
        drawing.words(
            x + (-4 if anchor == "end" else 4), TOP - 2, say("here").in_language(language), anchor=anchor, size=11, bold=True
        )


def _draw_legend(drawing: Drawing, figure: Curves, language: Language) -> float:
    """One line a curve under the axis; gives the height of the whole."""
    y = BOTTOM + 58
    for place, curve in enumerate(figure.curves):
        pen = PENS[place % len(PENS)]
        mirrored = language == "fa"
        start = WIDTH - RIGHT - 30 if mirrored else LEFT
        drawing.line([(start, y - 4), (start + 30, y - 4)], colour=pen.colour, width=1.8, dash=pen.dash)
        if curve.dots:
            drawing.mark(start + 15, y - 4, pen, size=2.8)
        for part in wrap(curve.label.in_language(language), WIDTH - LEFT - RIGHT - 40, 12):
            drawing.words(start - 8 if mirrored else start + 38, y, part, anchor="end" if mirrored else "start", size=12)
            y += _LEGEND
    return y - 6
