"""Simon's two-stage design: a single arm that stops after a first part when too few respond.

`first_stop` of `first` responders or fewer end the trial; otherwise it goes on to `total`, and the treatment is held promising with
more than `final_stop` responders. The optimal design treats the fewest on average if the treatment does nothing, the minimax design
the fewest at most. Probabilities are exact binomial sums.

Source: Simon, Control Clin Trials 1989;10:1.
"""

from dataclasses import dataclass
from functools import cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.result import NotEstimable, not_estimable

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TwoStage:
    """A design. Stop early with `first_stop` responders of `first` or fewer; promising with more than `final_stop` of `total`."""

    first_stop: int
    first: int
    final_stop: int
    total: int


@dataclass(frozen=True, kw_only=True)
class TwoStageCharacteristics:
    """What a design does at one true response rate."""

    rate: float
    stops_early: float
    promising: float
    expected_participants: float


@dataclass(frozen=True, kw_only=True)
class TwoStageDesigns:
    """Both of Simon's designs."""

    optimal: TwoStage
    minimax: TwoStage


def two_stage_characteristics(design: TwoStage, rate: float) -> TwoStageCharacteristics:
    """Count over all numbers of responders in both parts."""
    first, second = _masses(design.first, rate), _masses(design.total - design.first, rate)
    early = float(first[: design.first_stop + 1].sum())
    promising = sum(
        first[x] * second[max(design.final_stop - x + 1, 0) :].sum() for x in range(design.first_stop + 1, design.first + 1)
    )
    expected = design.first + (1 - early) * (design.total - design.first)
    return TwoStageCharacteristics(rate=rate, stops_early=early, promising=float(promising), expected_participants=expected)


def simon_designs(useless: float, worthwhile: float, alpha: float, beta: float, most: int = 100) -> TwoStageDesigns | NotEstimable:
    """The optimal and the minimax design among all with at most `most` participants.

    At rate `useless` the treatment is held promising with chance at most `alpha`; at `worthwhile` it is missed with at most `beta`.
    """
    if not 0 < useless < worthwhile < 1:
        return not_estimable(
            f"Rates of {useless:g} and {worthwhile:g} make no design; give two between 0 and 1, the worthwhile rate the larger.",
            f"با نرخ‌های {useless:g} و {worthwhile:g} طرحی ساخته نمی‌شود؛ نرخ ارزشمند باید بزرگ‌تر باشد و هر دو میان صفر و یک.",
        )
    found: list[tuple[float, TwoStage]] = []
    for total in range(2, most + 1):
        fewest = found[-1][0] if found else float(most)
        found += [best for best in _best_with(total, useless, worthwhile, alpha, beta, fewest) if best[0] < fewest]
    if not found:
        return not_estimable(
            f"No two-stage design with at most {most} participants keeps these error chances.",
            f"هیچ طرح دومرحله‌ای با حداکثر {most} شرکت‌کننده این احتمال‌های خطا را حفظ نمی‌کند.",
        )
    return TwoStageDesigns(optimal=found[-1][1], minimax=found[0][1])


def _best_with(
    total: int, useless: float, worthwhile: float, alpha: float, beta: float, fewest: float
) -> list[tuple[float, TwoStage]]:
    """The design of this size that treats the fewest on average at the useless rate, where it can be fewer than `fewest`."""
    found = []
    for first in range(1, min(total, ceil(fewest))):  # the first part alone is treated in any case
        promising = _promising(first, total - first, useless), _promising(first, total - first, worthwhile)
        possible = (promising[0] <= alpha) & (promising[1] >= 1 - beta)
        stops = np.flatnonzero(possible.any(axis=1))
        if len(stops):
            first_stop = int(stops[-1])  # the more stop early the fewer are treated
            final_stop = int(np.flatnonzero(possible[first_stop])[0])
            design = TwoStage(first_stop=first_stop, first=first, final_stop=final_stop, total=total)
            early = float(_masses(first, useless)[: first_stop + 1].sum())
            found.append((first + (1 - early) * (total - first), design))
    return sorted(found, key=lambda one: one[0])[:1]


def _promising(first: int, second: int, rate: float) -> Array:
    """P(promising) for every pair of stopping numbers. Shapes: (first, first + second), by first_stop and final_stop."""
    one, two = _masses(first, rate), _masses(second, rate)
    above = np.r_[two[::-1].cumsum()[::-1], 0.0]  # P(k or more in the second part)
    responders, stops = np.arange(first + 1)[:, None], np.arange(first + second)[None, :]
    needed = np.clip(stops - responders + 1, 0, second + 1)
    joint = one[:, None] * above[needed]
    return np.asarray(joint[::-1].cumsum(axis=0)[::-1][1:])


@cache
def _masses(n: int, rate: float) -> Array:
    from scipy.special import bdtr  # scipy is slow to import; only a design page pays for it

    return np.diff(np.r_[0.0, bdtr(np.arange(n + 1), n, rate)])
