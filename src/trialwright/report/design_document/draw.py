"""The figures of the page as SVG: curves, intervals and bars, narrow enough for a telephone, nothing told by colour alone."""

from trialwright.analysis.design.figures import Bars, Curves, Figure, Ranges
from trialwright.report.design_document.draw_curves import draw_curves
from trialwright.report.design_document.draw_rows import draw_bars, draw_ranges
from trialwright.report.document import Language


def draw_figure(figure: Figure, language: Language, *, name: str) -> str:
    """One figure; `name` is unique on its page."""
    match figure:
        case Curves():
            return draw_curves(figure, language, name=name)
        case Ranges():
            return draw_ranges(figure, language, name=name)
        case Bars():
            return draw_bars(figure, language, name=name)
