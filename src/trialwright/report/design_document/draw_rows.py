"""Rows with a label each: intervals around an estimate, or bars against limits. In Persian the labels are at the right."""

from dataclasses import dataclass

from trialwright.analysis.design.figures import Bars, Ranges
from trialwright.report.design_document.describe import describe_figure
from trialwright.report.design_document.scales import across, along, written
from trialwright.report.document import Language
from trialwright.report.figures.axis import Axis
from trialwright.report.figures.svg import INK, PENS, QUIET, WASH, Drawing, wrap
from trialwright.terms.sentences import Text

WIDTH, LABELS, VALUES, ROW = 520.0, 190.0, 54.0, 22.0
SHORT_LABELS = 84.0
_SHORT, _LEVEL, _EDGE = 12, 15.0, 20.0


@dataclass(frozen=True, kw_only=True)
class _Board:
    """Units: pixels. `left` and `right` end the axis; labels stand before it where a line begins, values behind it."""

    drawing: Drawing
    language: Language
    axis: Axis
    left: float
    right: float
    top: float

    def middle(self, row: int) -> float:
        return self.top + ROW * (row + 0.5)

    def label(self, row: int, text: Text) -> None:
        mirrored = self.language == "fa"
        x, anchor = (WIDTH, "end") if mirrored else (0.0, "start")
        room = WIDTH - self.right if mirrored else self.left
        lines = wrap(text.in_language(self.language), room - 8, 11)[:2]
        first = self.middle(row) + 4 - 5.5 * (len(lines) - 1)
        for place, line in enumerate(lines):
            self.drawing.words(x, first + 11 * place, line, anchor=anchor, size=11 if len(lines) == 1 else 10)


def draw_ranges(figure: Ranges, language: Language, *, name: str) -> str:
    """Intervals with their estimate, one row each."""
    highest = [high if high is not None else estimate for _, estimate, _, high in figure.rows]
    board = _board(figure, [*highest, *(low for _, _, low, _ in figure.rows)], language, name, top=8.0, behind=_EDGE)
    _grid(board, figure, len(figure.rows))
    for row, (label, estimate, low, high) in enumerate(figure.rows):
        y = board.middle(row)
        end = across(board.axis, high) if high is not None else board.right
        board.label(row, label)
        board.drawing.line([(across(board.axis, low), y), (end, y)], colour=PENS[0].colour, width=2)
        board.drawing.mark(across(board.axis, estimate), y, PENS[0], size=3.4)
    return board.drawing.render(board.top + ROW * len(figure.rows) + 40, mark="")


def draw_bars(figure: Bars, language: Language, *, name: str) -> str:
    """Bars with their value; the inner part, where there is one, is dark."""
    top = 8.0 + _LEVEL * len(figure.levels)
    values = [value for _, value in figure.rows] + [level for level, _ in figure.levels]
    board = _board(figure, values, language, name, top=top, behind=VALUES)
    foot = _grid(board, figure, len(figure.rows))
    start = across(board.axis, 0.0)
    for row, (label, value) in enumerate(figure.rows):
        y, end = board.middle(row), across(board.axis, value)
        board.label(row, label)
        fill = WASH if figure.inner else PENS[0].colour
        board.drawing.box(start, y - 7, max(end - start, 0.5), 14, fill=fill, stroke=PENS[0].colour)
        if figure.inner:
            inside = across(board.axis, figure.inner[row])
            board.drawing.box(start, y - 7, max(inside - start, 0.5), 14, fill=PENS[0].colour, stroke=PENS[0].colour)
        board.drawing.words(end + 4, y + 4, written(value, figure.x_scale, language, exact=True), size=11)
    for place, (level, words) in enumerate(figure.levels):
        x = across(board.axis, level)
        y = _LEVEL * (place + 1) - 2
        anchor = "end" if x > (board.left + board.right) / 2 else "start"
        board.drawing.line([(x, y + 3), (x, foot)], colour=INK, width=1.2, dash="6 3")
        board.drawing.words(x + (-3 if anchor == "end" else 3), y, words.in_language(language), anchor=anchor, size=11, bold=True)
    return board.drawing.render(_legend(board, figure, foot + 36), mark="")


def _board(figure: Ranges | Bars, values: list[float], language: Language, name: str, *, top: float, behind: float) -> _Board:
    longest = max(len(row[0].in_language(language)) for row in figure.rows)
    labels = SHORT_LABELS if longest <= _SHORT else LABELS
    left, right = (_EDGE, WIDTH - labels - behind) if language == "fa" else (labels, WIDTH - behind)
    title, description = figure.title.in_language(language), describe_figure(figure, language)
    return _Board(
        drawing=Drawing(id=name, width=WIDTH, title=title, description=description),
        language=language,
        axis=along(values, figure.x_scale, left=left, right=right, from_zero=True),
        left=left,
        right=right,
        top=top,
    )


def _grid(board: _Board, figure: Ranges | Bars, rows: int) -> float:
    """The lines of the axis with their values and its name; gives the height at which they end."""
    foot = board.top + ROW * rows
    for tick in board.axis.ticks:
        x = across(board.axis, tick)
        board.drawing.line([(x, board.top), (x, foot)], width=0.6)
        board.drawing.words(x, foot + 14, written(tick, figure.x_scale, board.language), anchor="middle", size=11, colour=QUIET)
    x, anchor = (WIDTH, "end") if board.language == "fa" else (board.left, "start")
    board.drawing.words(x, foot + 31, figure.x_label.in_language(board.language), anchor=anchor, size=12)
    return foot


def _legend(board: _Board, figure: Bars, y: float) -> float:
    """What the dark and the light part of a bar are; gives the height of the whole."""
    if figure.inner_label is None or figure.outer_label is None:
        return y
    mirrored = board.language == "fa"
    for fill, label in ((PENS[0].colour, figure.inner_label), (WASH, figure.outer_label)):
        y += 18
        x = board.right - 14 if mirrored else board.left
        board.drawing.box(x, y - 11, 14, 12, fill=fill, stroke=PENS[0].colour)
        words_x, anchor = (x - 6, "end") if mirrored else (x + 20, "start")
        board.drawing.words(words_x, y, label.in_language(board.language), anchor=anchor, size=12)
    return y + 8
