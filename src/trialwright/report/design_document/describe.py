"""A figure of the page in words, for whoever cannot see it."""

from trialwright.analysis.design.figures import Bars, Curves, Figure, Ranges
from trialwright.report.design_document.scales import written
from trialwright.report.document import Language


def describe_figure(figure: Figure, language: Language) -> str:
    """Its title and the values that it draws, a few of each curve."""

    def say(value: float, scale: str) -> str:
        return written(value, scale, language)

    between = "؛ " if language == "fa" else "; "
    match figure:
        case Curves():
            parts = [
                f"{curve.label.in_language(language)}: "
                + between.join(f"{say(x, figure.x_scale)} → {say(y, figure.y_scale)}" for x, y in _some(curve.points))
                for curve in figure.curves
            ]
        case Ranges():
            parts = [
                f"{label.in_language(language)}: {say(low, figure.x_scale)} → {'∞' if high is None else say(high, figure.x_scale)}"
                for label, _, low, high in figure.rows
            ]
        case Bars():
            parts = [f"{label.in_language(language)}: {say(value, figure.x_scale)}" for label, value in figure.rows]
    return f"{figure.title.in_language(language)}. {between.join(parts)}."


def _some(points: tuple[tuple[float, float], ...], most: int = 6) -> tuple[tuple[float, float], ...]:
    """Points spread over the curve, its ends among them."""
    if len(points) <= most:
        return points
    return tuple(points[round(k * (len(points) - 1) / (most - 1))] for k in range(most))
