"""Time points in words, as sets: "1 week, 1, 3, 6, 9 and 12 months" is six points.

A registry's time frame is prose. This reads it into durations that can be compared: lists that share
a unit, number words, "monthly until a year", "month 3" and "3 months", baseline, Persian. Months and
hours stay two families, because four weeks are not a month; both are placed on one line only to
compare them (a month is taken as 30.4375 days there).

What is not a time point is left out: a 24-hour urine collection, a rate per day, an age.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from trialwright.terms.time_phrases import hours_of_collections, tokens_of_time

Family = Literal["hour", "month"]

_SEPARATORS = frozenset(",;،؛&()+/-•")
HOURS_IN_MONTH = Fraction(487, 16) * 24
MOST_POINTS = 500

_WORDS = Path(__file__).with_name("time_words.toml")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SENTENCE = re.compile(r"(?<=[.!?؟])(?:\s+|(?=[A-Z]))|\n+")
_FOLLOW = re.compile(r"\bfollow(?:ed|[- ]?ups?)?\b|پیگیری", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Duration:
    """A time from the start, exact within its family of units."""

    amount: Fraction
    family: Family

    @property
    def hours(self) -> Fraction:
        """Hours, with a month as 30.4375 days: for order and distance only."""
        return self.amount * (HOURS_IN_MONTH if self.family == "month" else 1)

    @property
    def days(self) -> float:
        """Days, with a month as 30.4375 days: for order and distance only."""
        return float(self.hours / 24)

    def __str__(self) -> str:
        """Write it as a visit is named: week 1, month 9, hour 12."""
        unit, amount = self._named()
        return f"{unit} {_plain(amount)}"

    def in_persian(self) -> str:
        """Write it in Persian: هفتهٔ 1."""
        unit, amount = self._named()
        names = {"month": "ماه", "week": "هفتهٔ", "day": "روز", "hour": "ساعت", "minute": "دقیقهٔ"}
        return f"{names[unit]} {_plain(amount)}"

    def _named(self) -> tuple[str, Fraction]:
        if self.family == "month":
            return "month", self.amount
        for unit, hours in (("week", 168), ("day", 24)):
            if self.amount and self.amount % hours == 0:
                return unit, self.amount / hours
        minutes = self.amount * 60
        return ("minute", minutes) if self.amount.denominator > 1 and minutes.denominator == 1 else ("hour", self.amount)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimePoints:
    """The time points of a text, in order of time.

    `series` holds the steps of a repeated visit whose end the text does not give ("monthly").
    """

    points: tuple[Duration, ...] = ()
    baseline: bool = False
    series: tuple[Duration, ...] = ()

    @property
    def last(self) -> Duration | None:
        """The latest point."""
        return self.points[-1] if self.points else None

    def has(self, point: Duration) -> bool:
        """Say whether a point is among these, or within 3 % of one in other words (52 weeks, 12 months)."""
        return any(_same(point, one) for one in self.points)

    def beyond(self, other: TimePoints) -> tuple[Duration, ...]:
        """Give the points that the other text does not have."""
        return tuple(point for point in self.points if not other.has(point))

    def __bool__(self) -> bool:
        return bool(self.points or self.baseline or self.series)


def _same(one: Duration, other: Duration) -> bool:
    if one.family == other.family:
        return one.amount == other.amount
    return abs(one.hours - other.hours) * 100 <= 3 * max(one.hours, other.hours)


@lru_cache(maxsize=1024)
def find_time_points(text: str) -> TimePoints:
    """Read every time point of a text."""
    return _Reader(words=_load_words()).read(tokens_of_time(text))


@lru_cache(maxsize=1024)
def find_collections(text: str) -> tuple[Duration, ...]:
    """Give the durations of collections and recordings: the 24 hours of a 24-hour urine."""
    return tuple(Duration(amount=Fraction(hours), family="hour") for hours in hours_of_collections(text))


def find_follow_up(text: str) -> tuple[tuple[str, TimePoints], ...]:
    """Give the sentences that tell when participants are followed, with their time points."""
    sentences = (one.strip() for one in _SENTENCE.split(text) if _FOLLOW.search(one))
    found = ((sentence, find_time_points(sentence)) for sentence in sentences)
    return tuple((sentence, points) for sentence, points in found if points.points)


def find_collisions(times: TimePoints) -> tuple[tuple[Duration, Duration], ...]:
    """Give pairs of visits written in weeks and in months that fall within days of each other.

    Near means under 8 days and under a tenth of the time since the start: week 4 and month 1.
    """
    weeks = [one for one in times.points if one.family == "hour" and one.days >= 7]
    months = [one for one in times.points if one.family == "month"]
    return tuple((week, month) for week in weeks for month in months if _collide(week, month))


def _collide(one: Duration, other: Duration) -> bool:
    apart = abs(one.days - other.days)
    return apart < 8 and apart * 10 < max(one.days, other.days)


@dataclass(frozen=True, kw_only=True)
class _Words:
    units: Mapping[str, Duration]
    series: Mapping[str, Duration]
    numbers: Mapping[str, Fraction]
    marks: Mapping[str, frozenset[str]]


@cache
def _load_words() -> _Words:
    data = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return _Words(
        units=_durations(data["units"]),
        series=_durations(data["series"]),
        numbers={word: Fraction(number) for word, number in data["numbers"].items()},
        marks={name: frozenset(words) for name, words in data["marks"].items()},
    )


def _durations(rows: Mapping[str, tuple[str, Family]]) -> Mapping[str, Duration]:
    return {word: Duration(amount=Fraction(amount), family=family) for word, (amount, family) in rows.items()}


@dataclass(kw_only=True)
class _Reader:
    """Walks over the tokens; numbers wait until their unit is known."""

    words: _Words
    points: set[Duration] = field(default_factory=set)
    series: list[Duration] = field(default_factory=list)
    baseline: bool = False
    added: list[Duration] = field(default_factory=list)
    waiting: list[Fraction] = field(default_factory=list)
    unit_before: Duration | None = None
    unit_is_plural: bool = False
    step: Duration | None = None
    every: bool = False
    until: bool = False
    last: str = ""

    def read(self, tokens: Iterable[str]) -> TimePoints:
        for token in tokens:
            kind = self._kind(token)
            if kind == "filler":
                continue  # "5 consecutive days"
            getattr(self, f"_take_{kind}")(token)
            self.last = kind
        self._settle()
        self._end_series(None)
        points = tuple(sorted(self.points, key=lambda one: (one.hours, one.family)))[:MOST_POINTS]
        return TimePoints(points=points, baseline=self.baseline, series=tuple(dict.fromkeys(self.series)))

    def _kind(self, token: str) -> str:
        words = self.words
        if token in words.units:
            return "unit"
        if token in words.numbers or _NUMBER.fullmatch(token) or _ORDINAL.fullmatch(token):
            return "number"
        if token in words.series:
            return "series"
        if token in _SEPARATORS:
            return "separator"
        return next((mark for mark, members in words.marks.items() if token in members), "other")

    def _take_number(self, token: str) -> None:
        ordinal = _ORDINAL.fullmatch(token)
        named = self.words.numbers.get(token)
        number = named if named is not None else Fraction(ordinal[1] if ordinal else token)
        if self.last == "number" and self.waiting[-1:] and self.waiting[-1] in (20, 30) and number < 10:
            self.waiting[-1] += number  # twenty four
        else:
            self.waiting.append(number)

    def _take_unit(self, token: str) -> None:
        unit = self.words.units[token]
        if self.last == "every":
            self._begin_series(unit)
        elif self.last == "number" and not self._belongs_before():
            self._give_unit_before()
            self._assign(unit)
        elif self.last == "article":
            self.waiting = [Fraction(1)]
            self._assign(unit)
        else:
            self._settle()
            self.unit_before, self.unit_is_plural = unit, token.endswith("s")

    def _belongs_before(self) -> bool:
        return self.unit_before is not None and len(self.waiting) == 1

    def _give_unit_before(self) -> None:
        """Split "week 12 and 1 year" and "weeks 2, 4 and 1 year": the unit named first takes its own."""
        if self.unit_before is None:
            return
        own = len(self.waiting) - 1 if self.unit_is_plural else 1
        rest, self.waiting = self.waiting[own:], self.waiting[:own]
        self._assign(self.unit_before)
        self.waiting = rest

    def _take_series(self, token: str) -> None:
        self._settle()
        self._begin_series(self.words.series[token])

    def _take_every(self, _token: str) -> None:
        self._settle()
        self.every = True

    def _take_until(self, _token: str) -> None:
        if self.step is not None and not self.waiting:
            self.until = True

    def _take_baseline(self, _token: str) -> None:
        self._settle()
        self.baseline = True

    def _take_before(self, _token: str) -> None:
        """Take back "2 weeks" when "before" follows it: that is baseline."""
        if self.last == "unit":
            self.points.difference_update(self.added)
        self._take_baseline(_token)

    def _take_separator(self, _token: str) -> None:
        """Leave numbers waiting: a list goes on."""

    def _take_article(self, _token: str) -> None:
        """Leave "a" to the unit after it."""

    def _take_other(self, _token: str) -> None:
        self._settle()

    def _assign(self, unit: Duration) -> None:
        found = [Duration(amount=number * unit.amount, family=unit.family) for number in self.waiting]
        self.waiting, self.unit_before, self.added = [], None, []
        if self.every and found:
            self._begin_series(found[-1])
            found = found[:-1]
        if self.until and found:
            self._end_series(found.pop())
        for point in found:
            self._add(point)

    def _settle(self) -> None:
        """Give waiting numbers the unit named before them ("months 1, 3"), or forget them."""
        if self.waiting and self.unit_before is not None:
            self._assign(self.unit_before)
        self._forget()

    def _forget(self) -> None:
        self.waiting, self.unit_before, self.every = [], None, False

    def _add(self, point: Duration) -> None:
        if point.amount == 0:
            self.baseline = True
        elif point not in self.points:
            self.points.add(point)
            self.added.append(point)

    def _begin_series(self, step: Duration) -> None:
        self._end_series(None)
        self.step, self.every = (step if step.amount > 0 else None), False

    def _end_series(self, end: Duration | None) -> None:
        step, self.step, self.until = self.step, None, False
        if end is not None:
            self._add(end)
        if step is None:
            return
        if end is None:
            self.series.append(step)
            return
        count = min(int(end.hours / step.hours), MOST_POINTS)
        for times in range(1, count + 1):
            point = Duration(amount=step.amount * times, family=step.family)
            if not _same(point, end):
                self._add(point)


def _plain(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else f"{float(number):g}"
