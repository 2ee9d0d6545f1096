"""The width of every interval that the design can give: a response rate, a mean, a rate of events."""

from collections.abc import Mapping
from math import exp, sqrt

from trialwright.analysis.design.figures import Curve, Curves, Ranges
from trialwright.analysis.design.page import Number, NumberTable, Statement, number
from trialwright.analysis.design.sizes import Sizes, changed
from trialwright.analysis.design.wording import decimal, of_hundred, percent, say, significant, whole
from trialwright.analysis.methods.poisson_rate import poisson_rate
from trialwright.analysis.methods.proportion import clopper_pearson, mid_p_interval, wilson
from trialwright.analysis.methods.result import Interval
from trialwright.analysis.methods.true_level import proportion_coverage

CONFIDENCE = 0.95
MOST_ROWS = 16
MOST_COVERED = 100
LOG_SPREADS = (0.3, 0.5, 0.7)
COUNTED_EVENTS = (0, 1, 2, 3, 5, 8)
DRAWN_BEYOND = 15


def response_rate(sizes: Sizes) -> Statement | None:
    """Limits for every number of responders; None where nobody has a value."""
    n = sizes.observed[0]
    if not n:
        return None
    half = n // 2
    low, high = _limits(half, n)
    facts = {"x": whole(half), "n": whole(n), "low": percent(low), "high": percent(high)}
    lay = {"x": whole(half), "n": whole(n), "low": of_hundred(low), "high": of_hundred(high)}
    return Statement(
        id="responders",
        title=say("responders.title"),
        plain=say("responders.plain", **facts),
        numbers=_coverages(n),
        method=say("responders.method"),
        source="Clopper and Pearson, Biometrika 1934;26:404; Brown, Cai and DasGupta, Stat Sci 2001;16:101",
        lay=say("responders.lay", **lay),
        figure=Ranges(
            title=say("responders.figure", n=whole(n)),
            x_label=say("axis.true_rate"),
            rows=tuple((say("responders.row", x=whole(x), n=whole(n)), x / n, *_limits(x, n)) for x in _drawn(n)),
            x_scale="percent",
        ),
        tables=(
            _limit_table(n),
            changed(sizes, (say("column.low"), say("column.high")), ("percent", "percent"), _half_limits),
        ),
    )


def mean_width(sizes: Sizes, *, logarithmic: bool) -> Statement | None:
    """Half the width of the interval of a mean, in standard deviations; None where too few have a value for any."""
    half = half_width(sizes)
    if half is None:
        return None
    code = "two" if sizes.control else "one"
    numbers = [number(say(f"mean.{code}.number"), half, "sd")]
    if logarithmic:
        numbers += [number(say("mean.ratio", spread=decimal(spread, 1)), exp(half * spread), "ratio") for spread in LOG_SPREADS]
    n = sizes.observed[0]
    return Statement(
        id="mean_width",
        title=say("mean.title"),
        plain=say(f"mean.{code}.plain", half=decimal(half, 2)),
        numbers=tuple(numbers),
        method=say(f"mean.{code}.method"),
        source="Student, Biometrika 1908;6:1",
        figure=Curves(
            title=say("mean.figure"),
            x_label=say("axis.participants_each" if sizes.control else "axis.participants"),
            y_label=say("axis.half_width"),
            curves=(Curve(label=say("mean.curve"), points=_widths(sizes, n), dots=True),),
            here=n,
        )
        if sizes.observed[0] == sizes.observed[1] or not sizes.control
        else None,
        tables=(changed(sizes, (say("column.half_width"),), ("sd",), lambda one: (half_width(one),)),),
    )


def event_rate(sizes: Sizes, years: float) -> Statement | None:
    """Exact limits of a rate for few events over the planned follow-up of the treated. Units: events per person-year."""
    time = sizes.treated * years
    if time <= 0:
        return None
    limits = {events: _rate_limits(events, time) for events in COUNTED_EVENTS}
    one = limits[1]
    facts = {"n": whole(sizes.treated), "time": decimal(time, 1), "low": significant(one[0], 2), "high": significant(one[1], 2)}
    return Statement(
        id="event_rate",
        title=say("rate.title"),
        plain=say("rate.plain", **facts),
        numbers=(),
        method=say("rate.method", time=decimal(time, 1)),
        source="Garwood, Biometrika 1936;28:437",
        figure=Ranges(
            title=say("rate.figure", time=decimal(time, 1)),
            x_label=say("axis.rate"),
            rows=tuple((say("rate.row", x=whole(x)), x / time, *limits[x]) for x in COUNTED_EVENTS),
        ),
        tables=(
            _rate_table(limits),
            changed(
                sizes,
                (say("rate.column.none"), say("rate.column.three")),
                ("rate", "rate"),
                lambda one: (_rate_limits(0, one.treated * years)[1], _rate_limits(3, one.treated * years)[1]),
                with_dropout=False,
            ),
        ),
    )


def half_width(sizes: Sizes) -> float | None:
    """Half of the 95 % interval of the mean change, or of the adjusted difference of two arms.

    Units: standard deviations (of the change; of what is left after adjusting). None without a degree of freedom.
    """
    from scipy.special import stdtrit  # scipy is slow to import; only a design page pays for it

    first, second = sizes.observed
    df = first + second - 3 if sizes.control else first - 1
    if df < 1 or not first or (sizes.control and not second):
        return None
    share = 1 / first + (1 / second if sizes.control else 0)
    return float(stdtrit(df, (1 + CONFIDENCE) / 2)) * sqrt(share)


def _widths(sizes: Sizes, n: int) -> tuple[tuple[float, float], ...]:
    found = []
    for k in range(3, n + DRAWN_BEYOND + 1):
        half = half_width(Sizes(treated=k, control=k if sizes.control else 0, dropout=0.0, alpha=sizes.alpha))
        if half is not None:
            found.append((float(k), half))
    return tuple(found)


def _limits(events: int, n: int) -> tuple[float, float]:
    found = clopper_pearson(events, n, CONFIDENCE)
    return (found.low or 0.0, 1.0 if found.high is None else found.high) if isinstance(found, Interval) else (0.0, 1.0)


def _half_limits(sizes: Sizes) -> tuple[float | None, float | None]:
    n = sizes.observed[0]
    return _limits(n // 2, n) if n else (None, None)


def _limit_table(n: int) -> NumberTable:
    return NumberTable(
        title=say("responders.table"),
        columns=(say("limit.low"), say("limit.high")),
        kinds=("percent", "percent"),
        rows=tuple((say("responders.row", x=whole(x), n=whole(n)), _limits(x, n)) for x in _drawn(n)),
    )


def _rate_table(limits: Mapping[int, tuple[float, float]]) -> NumberTable:
    return NumberTable(
        title=say("rate.table"),
        columns=(say("limit.low"), say("limit.high")),
        kinds=("rate", "rate"),
        rows=tuple((say("rate.row", x=whole(events)), ends) for events, ends in limits.items()),
    )


def _coverages(n: int) -> tuple[Number, ...]:
    """How often each kind of interval truly holds the rate, at its worst; in large arms they hardly differ."""
    if n > MOST_COVERED:
        return ()
    kinds = (("clopper_pearson", clopper_pearson), ("wilson", wilson), ("mid_p", mid_p_interval))
    return tuple(
        number(say("responders.coverage", name=say(f"name.{name}")), proportion_coverage(kind, n, CONFIDENCE).lowest, "percent")
        for name, kind in kinds
    )


def _drawn(n: int) -> list[int]:
    """Every number of responders, or evenly chosen ones where there are too many to draw."""
    return sorted({round(k * n / min(n, MOST_ROWS)) for k in range(min(n, MOST_ROWS) + 1)})


def _rate_limits(events: int, time: float) -> tuple[float, float]:
    found = poisson_rate(events, time, CONFIDENCE)
    assert isinstance(found, Interval)
    assert found.high is not None
    return found.low or 0.0, found.high
