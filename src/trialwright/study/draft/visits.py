"""Encounters from the union of the time points: one visit a point, with a window that we assume and that touches no other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from trialwright.study.draft.questions import Asked, Question
from trialwright.terms.digits import persian_digits
from trialwright.terms.sentences import Text
from trialwright.terms.time_points import Duration, TimePoints, find_collisions

_DAY = timedelta(days=1)
_HOURS_A_DAY = 24
_DAYS_A_MONTH = Fraction(487, 16)
_WINDOWS = ((2, 0), (8, 1), (16, 2), (35, 3), (120, 7), (200, 14), (400, 21))
_LAST_WINDOW = 28


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A planned visit after treatment has begun. Units: `offset` from the day of treatment; `before`, `after` the window."""

    id: str
    label: Text
    offset: timedelta
    before: timedelta
    after: timedelta
    points: tuple[Duration, ...]
    asked: tuple[Question, ...]


def plan_visits(times: Iterable[TimePoints], asked: Asked) -> tuple[Visit, ...]:
    """One visit for each point, two names of one moment together ("52 weeks", "12 months"); week 4 beside month 1 is asked."""
    points = sorted({point for one in times for point in one.points}, key=lambda point: (point.hours, point.family))
    groups = _group(tuple(points), asked)
    offsets = [_offset(group) for group, _ in groups]
    windows = _windows(offsets)
    return tuple(
        Visit(id=_id(group[-1]), label=_label(group), offset=offset, before=window, after=window, points=group, asked=questions)
        for (group, questions), offset, window in zip(groups, offsets, windows, strict=True)
    )


def visit_of(visits: Iterable[Visit]) -> Mapping[Duration, Visit]:
    """Which visit a point belongs to."""
    return {point: visit for visit in visits for point in visit.points}


def days(offset: timedelta) -> float:
    return offset / _DAY


def _group(points: tuple[Duration, ...], asked: Asked) -> list[tuple[tuple[Duration, ...], tuple[Question, ...]]]:
    near = {(week, month): _ask_collision(week, month, asked) for week, month in find_collisions(TimePoints(points=points))}
    groups: list[tuple[tuple[Duration, ...], tuple[Question, ...]]] = []
    for point in points:
        last = groups[-1][0][-1] if groups else None
        question = near.get((last, point)) or near.get((point, last)) if last is not None else None
        same = last is not None and TimePoints(points=(last,)).has(point)
        if last is not None and (same or _on_one_day(last, point) or (question is not None and question.value == "one_visit")):
            group, questions = groups[-1]
            groups[-1] = ((*group, point), (*questions, question) if question is not None else questions)
        else:
            groups.append(((point,), (question,) if question is not None else ()))
    return groups


def _on_one_day(one: Duration, other: Duration) -> bool:
    return one.days >= 1 and round(one.days) == round(other.days)


def _ask_collision(week: Duration, month: Duration, asked: Asked) -> Question:
    return asked.ask(
        f"visits_{_id(week)}_{_id(month)}",
        "choice",
        "collision",
        place="outcomes",
        proposal="one_visit",
        choices=("one_visit", "two_visits"),
        week=str(week),
        month=str(month),
        week_fa=persian_digits(week.in_persian()),
        month_fa=persian_digits(month.in_persian()),
    )


def _offset(group: tuple[Duration, ...]) -> timedelta:
    """The exact time of points in hours; months as days of 30.4375, rounded half up. Weeks come before months of the same visit."""
    exact = next((point for point in group if point.family == "hour"), group[-1])
    if exact.family == "hour":
        return timedelta(hours=float(exact.amount))
    return timedelta(days=int(exact.amount * _DAYS_A_MONTH + Fraction(1, 2)))


def _windows(offsets: list[timedelta]) -> list[timedelta]:
    """The usual window at this distance, and less where a neighbour is near: two windows never touch."""
    usual = [timedelta(days=_usual(offset)) if offset >= _DAY else offset / 4 for offset in offsets]
    gaps = [later - earlier for earlier, later in pairwise([timedelta(0), *offsets])]
    free = [min(gap, following) for gap, following in zip(gaps, [*gaps[1:], timedelta(days=400)], strict=True)]
    return [_rounded(min(window, _half(room)), offset) for window, room, offset in zip(usual, free, offsets, strict=True)]


def _half(room: timedelta) -> timedelta:
    return timedelta(days=max((room / _DAY - 1) // 2, 0)) if room >= _DAY else room / 4


def _rounded(window: timedelta, offset: timedelta) -> timedelta:
    if offset >= _DAY:
        return timedelta(days=window // _DAY)
    return timedelta(minutes=6 * (window // timedelta(minutes=6)))


def _usual(offset: timedelta) -> int:
    return next((window for limit, window in _WINDOWS if offset / _DAY < limit), _LAST_WINDOW)


def _id(point: Duration) -> str:
    return str(point).replace(" ", "_").replace(".", "_")


def _label(group: tuple[Duration, ...]) -> Text:
    names, persian = [str(point).capitalize() for point in group], [persian_digits(point.in_persian()) for point in group]
    if len(names) == 1:
        return Text(en=names[0], fa=persian[0])
    return Text(en=f"{names[-1]} ({', '.join(names[:-1])})", fa=f"{persian[-1]} ({'، '.join(persian[:-1])})")
