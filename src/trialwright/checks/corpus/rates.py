"""Rates with their intervals from the counts of a corpus."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trialwright.checks.corpus.tally import Group, Tally

_Z = 1.959964
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How many of how many records have a finding, with the 95 % interval after Wilson. Units: shares from 0 to 1."""

    code: str
    registry: str
    year: str
    records: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself; 0 of 0 is 0."""
        return self.records / self.of if self.of else 0.0


def find_rates(counted: Tally, *, by: str = ALL) -> tuple[Rate, ...]:
    """Give the rates of a tally: over all records, or `by` "registry", "year" or "both"; the most frequent finding first."""
    place = _PLACES[by]
    asked: Counter[tuple[Group, str]] = Counter()
    found: Counter[tuple[Group, str]] = Counter()
    for (group, code), count in counted.asked.items():
        asked[place(group), code] += count
    for (group, code), count in counted.found.items():
        found[place(group), code] += count
    rates = [_rate(code, group, count, asked[group, code]) for (group, code), count in found.items()]
    return tuple(sorted(rates, key=lambda one: (one.registry, one.year, -one.share, one.code)))


def find_groups(counted: Tally, code: str, *, by: str) -> tuple[Rate, ...]:
    """Give the rate of one finding in every registry or year that the check can speak of, those without a finding too."""
    place = _PLACES[by]
    found: Counter[Group] = Counter()
    asked: Counter[Group] = Counter()
    for (group, one), count in counted.asked.items():
        if one == code:
            asked[place(group)] += count
            found[place(group)] += counted.found[group, code]
    return tuple(_rate(code, group, found[group], asked[group]) for group in sorted(asked))


def wilson_interval(count: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share without continuity correction; 0 to 1 where nothing was observed.

    Source: Wilson, J Am Stat Assoc 1927;22:209; Newcombe, Stat Med 1998;17:857, method 3.
    """
    if of == 0:
        return 0.0, 1.0
    share, square = count / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (0.0 if count == 0 else middle - half, 1.0 if count == of else middle + half)


def tally_as_json(counted: Tally) -> dict[str, object]:
    """Give a tally with its rates as one plain object: what `check --corpus --json` prints."""
    groups: dict[str, Counter[str]] = {"registry": Counter(), "year": Counter()}
    for (registry, year), count in counted.records.items():
        groups["registry"][registry] += count
        groups["year"][year] += count
    return {
        "records": counted.records.total(),
        "findings": counted.findings,
        "refused": counted.refused,
        "refusals": counted.refusals,
        "by_registry": dict(sorted(groups["registry"].items())),
        "by_year": dict(sorted(groups["year"].items())),
        "severities": {f"{code}: {severity}": count for (code, severity), count in sorted(counted.severities.items())},
        "damage": dict(sorted(counted.damage.items(), key=lambda one: (-one[1], one[0]))),
        "rates": [_rate_as_json(one) for by in (ALL, "registry", "year") for one in find_rates(counted, by=by)],
    }


_PLACES: Mapping[str, Callable[[Group], Group]] = {
    ALL: lambda group: (ALL, ALL),
    "registry": lambda group: (group[0], ALL),
    "year": lambda group: (ALL, group[1]),
    "both": lambda group: group,
}


def _rate_as_json(one: Rate) -> dict[str, object]:
    interval = {"low": round(one.low, 4), "high": round(one.high, 4)}
    counts = {"records": one.records, "of": one.of, "share": round(one.share, 4)}
    return {"code": one.code, "registry": one.registry, "year": one.year, **counts, **interval}


def _rate(code: str, group: Group, count: int, of: int) -> Rate:
    low, high = wilson_interval(count, of)
    return Rate(code=code, registry=group[0], year=group[1], records=count, of=of, low=low, high=high)
