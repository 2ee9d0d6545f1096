"""A rate as a small drawing: the interval as a line, the rate as a point, on a scale from 0 to 100 %.

The numbers stand beside it in the table, so the drawing is hidden from whoever has them read aloud.
"""

from __future__ import annotations

from markupsafe import Markup

from trialwright.checks.corpus.rates import Rate

WIDTH, HEIGHT = 240, 18
_EDGE = 4


def draw_rate(rate: Rate) -> Markup:
    """Draw one rate. Units: CSS pixels; 0 % and 100 % lie a little inside the edges."""
    low, share, high = (_across(value) for value in (rate.low, rate.share, rate.high))
    middle = HEIGHT / 2
    grid = "".join(f'<path class="grid" d="M{_across(tick / 4):.1f} 0V{HEIGHT}"/>' for tick in range(5))
    return Markup(
        '<svg class="rate" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true" focusable="false">'
        '{grid}<path class="interval" d="M{low:.1f} {middle}H{high:.1f}"/>'
        '<circle class="point" cx="{share:.1f}" cy="{middle}" r="3.4"/></svg>'
    ).format(width=WIDTH, height=HEIGHT, grid=Markup(grid), low=low, high=high, share=share, middle=middle)  # noqa: S704  # numbers alone


def _across(value: float) -> float:
    return _EDGE + value * (WIDTH - 2 * _EDGE)
