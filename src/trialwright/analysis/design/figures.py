"""What a figure of the page shows, without how it is drawn: curves, intervals or bars."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from trialwright.terms.sentences import Text

Scale = Literal["number", "percent"]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Shapes: points (x, y), joined by straight lines unless `dots`."""

    label: Text
    points: tuple[tuple[float, float], ...]
    dots: bool = False


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Curves over one axis. `level` is a horizontal line with its words, `here` the x of this design."""

    title: Text
    x_label: Text
    y_label: Text
    curves: tuple[Curve, ...]
    x_scale: Scale = "number"
    y_scale: Scale = "number"
    logarithmic: bool = False
    level: tuple[float, Text] | None = None
    here: float | None = None


@dataclass(frozen=True, kw_only=True)
class Ranges:
    """One interval a row: label, estimate, low and high, `high` None where it has no end."""

    title: Text
    x_label: Text
    rows: tuple[tuple[Text, float, float, float | None], ...]
    x_scale: Scale = "number"


@dataclass(frozen=True, kw_only=True)
class Bars:
    """One bar a row; `inner`, where there is one, is the darker part of it. `levels` are vertical lines with their words."""

    title: Text
    x_label: Text
    rows: tuple[tuple[Text, float], ...]
    x_scale: Scale = "number"
    levels: tuple[tuple[float, Text], ...] = ()
    inner: tuple[float, ...] = ()
    inner_label: Text | None = None
    outer_label: Text | None = None


Figure: TypeAlias = Curves | Ranges | Bars
