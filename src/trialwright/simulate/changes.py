"""One arm against its own baseline, in every trial at once: the exact signed-rank tests and the Hodges-Lehmann interval.

With five participants there are few values to a trial, so each goes through the functions of the analysis themselves.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods import hodges_lehmann
from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.methods.signed_rank import pratt_signed_rank, wilcoxon_signed_rank
from trialwright.simulate.comparisons import Verdict

Array = NDArray[np.float64]
_DIGITS = 11


def compare_with_baseline(
    change: Array, centre: float, alpha: float, confidence: float
) -> tuple[dict[str, Verdict], Mapping[str, int]]:
    """Verdicts on the change of each trial; `centre` is that of the changes of everybody, which the interval is about.

    Shapes: change (trials, participants), NaN where missing.
    """
    rows = [np.round(row[np.isfinite(row)], _DIGITS).tolist() for row in change]
    wilcoxon, pratt = ([test(row) for row in rows] for test in (wilcoxon_signed_rank, pratt_signed_rank))
    intervals = [hodges_lehmann.one_sample(row, confidence) for row in rows]
    covered = np.array([_holds(interval, centre) for interval in intervals])
    estimate = np.array([i.estimate if isinstance(i, Interval) else np.nan for i in intervals])
    verdicts = {
        "signed_rank": _verdict(wilcoxon, alpha, covered, estimate),
        "signed_rank_pratt": _verdict(pratt, alpha),
    }
    why = Counter(_why(row) for row, test in zip(rows, wilcoxon, strict=True) if isinstance(test, NotEstimable))
    return verdicts, why


def _verdict(
    tests: list[Test | NotEstimable], alpha: float, covered: NDArray[np.bool_] | None = None, estimate: Array | None = None
) -> Verdict:
    p = np.array([test.p.value if isinstance(test, Test) else np.nan for test in tests])
    fine = np.isfinite(p)
    return Verdict(
        estimable=fine,
        rejected=fine & (np.nan_to_num(p, nan=2.0) <= alpha),
        covered=None if covered is None else fine & covered,
        estimate=None if estimate is None else np.where(fine, estimate, np.nan),
    )


def _holds(interval: Interval | NotEstimable, centre: float) -> bool:
    if isinstance(interval, NotEstimable):
        return False
    low = interval.low is None or interval.low <= centre + 1e-9
    return low and (interval.high is None or centre <= interval.high + 1e-9)


def _why(row: list[float]) -> str:
    return "too_few" if len(row) < 2 else "no_change"
