"""The true size and power of the planned tests, and the effect that can be seen: counted where countable.

A re-randomisation test keeps its level by construction and a simulation of the whole trial shows its power; what can be counted
without one is the level of the exact rank tests, the power curve of a comparison of means, and every table of two proportions.
"""

from collections.abc import Sequence
from math import exp, isfinite

from trialwright.analysis.design.evidence import Evidence
from trialwright.analysis.design.figures import Curve, Curves
from trialwright.analysis.design.page import Number, Statement, number
from trialwright.analysis.design.sizes import Sizes, changed
from trialwright.analysis.design.wording import decimal, p_value, percent, say, whole
from trialwright.analysis.methods.power import detectable_difference, power_of_difference
from trialwright.analysis.methods.true_level import rank_sum_level, signed_rank_level
from trialwright.analysis.methods.two_by_two import (
    boschloo_rejecting_tables,
    fisher_p,
    largest_probability,
    probability_of,
    rejecting_tables,
)
from trialwright.terms.sentences import Text

POWER = 0.8
LOG_SPREADS = (0.3, 0.5, 0.7)
MOST_ENUMERATED = 30
"""Above so many in an arm, tables and rank sums are not counted one by one: that page is about small trials."""
UNCHANGED, CONTROL, BETTER = 0.4, 0.2, 0.7
_NO_OTHER = 10**12  # one arm against a mean without error

Tables = tuple[tuple[int, int], ...]


def planned_test(sizes: Sizes, *, logarithmic: bool, evidence: Evidence) -> Statement | None:
    """What the test of the primary endpoint can find; None where too few have a value for any test of means."""
    found = _detectable(sizes)
    if found is None:
        return None
    code = "two" if sizes.control else ("one.hopeless" if _level(sizes) == 0 else "one")
    numbers = [number(say(f"test.level.{'two' if sizes.control else 'one'}"), _level(sizes), "percent")]
    numbers += [number(say("test.detectable"), found, "sd")]
    if logarithmic:
        numbers += [number(say("test.ratio", spread=decimal(s, 1)), exp(-found * s), "ratio") for s in LOG_SPREADS]
    numbers += [number(one.label, one.rejected, "percent", error=one.error) for one in evidence.power]
    first, second = sizes.observed
    facts = {"found": decimal(found), "alpha": p_value(sizes.alpha), "df": whole(_df(sizes)), "n": whole(first)}
    if evidence.power:
        drawn = say("test.simulated", trials=whole(evidence.power[0].trials))
    else:
        drawn = say("test.not_simulated", why=evidence.missing or say("evidence.none"))
    return Statement(
        id="detectable",
        title=say("test.title"),
        plain=say(f"test.plain.{code}", **facts),
        numbers=tuple(numbers),
        method=say(f"test.method.{'two' if second else 'one'}", drawn=drawn, **facts),
        source="Cohen, Statistical Power Analysis, 2nd ed. 1988; Wilcoxon, Biometrics Bulletin 1945;1:80",
        lay=say("test.lay" if sizes.control else "test.lay.one"),
        figure=_power_figure(sizes),
        tables=(
            changed(
                sizes,
                (say("column.level"), say("column.detectable"), say("column.power_one")),
                ("percent", "sd", "percent"),
                lambda one: (_level(one), _detectable(one), _power(one, 1.0)),
            ),
        ),
    )


def two_proportions(sizes: Sizes) -> Statement | None:
    """Fisher's and Boschloo's test over every table; None in one arm, or where there are too many tables."""
    first, second = sizes.observed
    if not (first and second) or max(first, second) > MOST_ENUMERATED:
        return None
    tests = _tests(sizes)
    seen = probability_of(tests["Boschloo"], first, second, BETTER, CONTROL)
    used = probability_of(tests["Fisher"], first, second, UNCHANGED, UNCHANGED)
    facts = {"seen": percent(seen), "used": percent(used, 1), "alpha": p_value(sizes.alpha)}
    rates = [k / 40 for k in range(41)]
    return Statement(
        id="two_proportions",
        title=say("proportions.title"),
        plain=say("proportions.plain", better=percent(BETTER), control=percent(CONTROL), level=percent(sizes.alpha), **facts),
        numbers=tuple(one for name, tables in tests.items() for one in _proportion_numbers(_name(name), tables, first, second)),
        method=say("proportions.method", tables=whole((first + 1) * (second + 1)), alpha=facts["alpha"]),
        source="Lydersen, Fagerland and Laake, Stat Med 2009;28:1159; Boschloo, Stat Neerl 1970;24:1",
        figure=Curves(
            title=say("proportions.figure", control=percent(CONTROL)),
            x_label=say("axis.rate_treated"),
            y_label=say("axis.power"),
            curves=tuple(
                Curve(label=say("proportions.curve", name=_name(name)), points=_powers(tables, first, second, rates))
                for name, tables in tests.items()
            ),
            x_scale="percent",
            y_scale="percent",
            level=(POWER, say("axis.level_power", power=percent(POWER))),
        ),
        tables=(
            changed(
                sizes,
                (say("column.fisher_size"), say("column.boschloo_size"), say("column.boschloo_power")),
                ("percent", "percent", "percent"),
                _proportion_change,
            ),
        ),
    )


def _level(sizes: Sizes) -> float | None:
    """The true level of the exact rank test without ties; None where there are too many to count."""
    first, second = sizes.observed
    if max(first, second) > MOST_ENUMERATED:
        return None
    if sizes.control:
        return rank_sum_level(first, second, sizes.alpha).true if first and second else None
    return signed_rank_level(first, sizes.alpha).true if first else None


def _df(sizes: Sizes) -> int:
    return sum(sizes.observed) - (3 if sizes.control else 1)


def _detectable(sizes: Sizes) -> float | None:
    first, second = sizes.observed
    if _df(sizes) < 1 or not first or (sizes.control and not second):
        return None
    return detectable_difference(POWER, first, second or _NO_OTHER, _df(sizes), sizes.alpha)


def _power(sizes: Sizes, difference: float) -> float | None:
    first, second = sizes.observed
    if _df(sizes) < 1 or not first or (sizes.control and not second):
        return None
    found = power_of_difference(difference, first, second or _NO_OTHER, _df(sizes), sizes.alpha)
    return found if isfinite(found) else None  # the noncentral t has no value far out in its tail


def _power_figure(sizes: Sizes) -> Curves:
    curves = []
    for by in (-2, 0, 10):
        first = sizes.observed[0] + by
        second = sizes.observed[1] + by if sizes.control else 0
        if first < 1 or (sizes.control and second < 1):
            continue
        one = Sizes(treated=first, control=second, dropout=0.0, alpha=sizes.alpha)
        points = [(k / 20, power) for k in range(61) if (power := _power(one, k / 20)) is not None]
        if points:
            curves.append(Curve(label=one.words, points=tuple(points)))
    return Curves(
        title=say("test.figure" if sizes.control else "test.figure.one"),
        x_label=say("axis.difference"),
        y_label=say("axis.power"),
        curves=tuple(curves),
        y_scale="percent",
        level=(POWER, say("axis.level_power", power=percent(POWER))),
    )


def _tests(sizes: Sizes) -> dict[str, Tables]:
    first, second = sizes.observed
    return {
        "Fisher": rejecting_tables(fisher_p, first, second, sizes.alpha),
        "Boschloo": boschloo_rejecting_tables(first, second, sizes.alpha),
    }


def _name(test: str) -> Text:
    return say(f"name.{test.lower()}")


def _proportion_numbers(name: Text, tables: Tables, first: int, second: int) -> tuple[Number, Number, Number]:
    return (
        number(
            say("proportions.size", name=name, rate=percent(UNCHANGED)),
            probability_of(tables, first, second, UNCHANGED, UNCHANGED),
            "percent",
        ),
        number(say("proportions.worst", name=name), largest_probability(tables, first, second) if tables else 0.0, "percent"),
        number(
            say("proportions.power", name=name, better=percent(BETTER), control=percent(CONTROL)),
            probability_of(tables, first, second, BETTER, CONTROL),
            "percent",
        ),
    )


def _powers(tables: Tables, first: int, second: int, rates: Sequence[float]) -> tuple[tuple[float, float], ...]:
    return tuple((rate, probability_of(tables, first, second, rate, CONTROL)) for rate in rates)


def _proportion_change(sizes: Sizes) -> tuple[float | None, float | None, float | None]:
    first, second = sizes.observed
    if not (first and second) or max(first, second) > MOST_ENUMERATED:
        return None, None, None
    tests = _tests(sizes)
    fisher, boschloo = (largest_probability(t, first, second) if t else 0.0 for t in (tests["Fisher"], tests["Boschloo"]))
    return fisher, boschloo, probability_of(tests["Boschloo"], first, second, BETTER, CONTROL)
