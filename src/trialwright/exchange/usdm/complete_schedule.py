"""Days of visits from a timeline of others: each instance counts from another, the anchor from itself.

Visits up to the anchor count from screening, the anchor and what follows count from allocation. Several instances of one
encounter are one visit, on the first of their days. Where windows would touch, they are made smaller, because one visit must not
count as two.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

from trialwright.exchange.definition import Row, Tables
from trialwright.exchange.usdm.durations import read_duration
from trialwright.exchange.usdm.nodes import Node

_ZERO = timedelta(0)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def complete_schedule(tables: Tables, main: Node, gap: Mapping[str, str]) -> None:
    """Give every encounter an epoch, a day and a window; the first counts from screening. Epochs without a visit stay."""
    if not tables["epoch"]:
        tables["epoch"] = [{"id": "screening", "label": {"en": "Screening", "fa": "غربالگری"}}]
    rows = tables["encounter"]
    if not any("anchor" not in row for row in rows):
        return
    times = _times(main)
    _gather(rows, main, tables)
    known = [row for row in rows if row["usdm"] in times]
    for row in rows:
        offset, before, after = times.get(row["usdm"], (None, _ZERO, _ZERO))
        row.update({"offset": offset, "before": before, "after": after})
        row.setdefault("epoch", tables["epoch"][0]["id"])
        if offset is None:
            row.update(gap)
    _place(rows, known, gap)
    rows.sort(key=lambda row: (row["anchor"] != "screening", row["target"]))
    for anchor in ("screening", "allocation"):
        _make_room([row for row in rows if row["anchor"] == anchor], gap)
    _first_epoch(tables)


def _gather(rows: list[Row], main: Node, tables: Tables) -> None:
    """The forms of every instance of an encounter, and the first instance as its place in time."""
    of_activity = {row["usdm"]: row["id"] for row in tables["form"]}
    for row, encounter in zip(rows, _encounters(rows, main), strict=True):
        instances = [one for one in main.many("instances") if encounter and one.text("encounterId") == encounter]
        forms = [of_activity[one.id] for instance in instances for one in instance.all_to("activityIds") if one.id in of_activity]
        row["forms"] = list(dict.fromkeys(forms))


def _encounters(rows: list[Row], main: Node) -> list[str]:
    of_instance = {one.id: one.text("encounterId") for one in main.many("instances")}
    return [of_instance.get(row["usdm"], "") for row in rows]


def _times(main: Node) -> dict[str, tuple[timedelta, timedelta, timedelta]]:
    """Instance -> time from the first anchor, with its window; only those that a chain of timings leads to."""
    timings = {one.text("relativeFromScheduledInstanceId"): one for one in main.many("timings")}
    found: dict[str, tuple[timedelta, timedelta, timedelta]] = {}
    for _ in range(len(timings) + 1):
        for instance, timing in timings.items():
            if instance not in found and (time := _time(timing, found)) is not None:
                window = [read_duration(timing.text(key)) or _ZERO for key in ("windowLower", "windowUpper")]
                found[instance] = (time, window[0], window[1])
    return found


def _time(timing: Node, found: Mapping[str, tuple[timedelta, timedelta, timedelta]]) -> timedelta | None:
    kind, other = timing.word("type", "timing"), timing.text("relativeToScheduledInstanceId")
    if kind == "fixed":
        return _ZERO
    value = read_duration(timing.text("value"))
    if value is None or other not in found:
        return None
    return found[other][0] + (value if kind == "after" else -value)


def _place(rows: list[Row], known: list[Row], gap: Mapping[str, str]) -> None:
    """Screening begins with the earliest day; a visit without a day comes one day after the one before it."""
    begin = min((row["offset"] for row in known), default=_ZERO)
    begin = min(begin, -_DAY)
    last = begin
    for row in rows:
        offset = row.pop("offset")
        offset = last + _DAY if offset is None else offset
        last = offset
        before = offset < _ZERO
        row.update({"anchor": "screening" if before else "allocation", "target": offset - begin if before else offset})
    if all(row["anchor"] == "allocation" for row in rows):
        rows[0].update({"anchor": "screening", "target": _ZERO} | dict(gap))


def _make_room(rows: list[Row], gap: Mapping[str, str]) -> None:
    for first, second in pairwise(rows):
        if second["target"] <= first["target"]:
            second.update({"target": first["target"] + _HOUR} | dict(gap))
        room = second["target"] - first["target"]
        if first["after"] + second["before"] >= room:
            first["after"] = min(first["after"], _whole(room / 3))
            second["before"] = min(second["before"], _whole(room / 3))
            second.update(gap)


def _whole(time: timedelta) -> timedelta:
    """Down to whole hours, or nothing."""
    return timedelta(hours=time // _HOUR)


def _first_epoch(tables: Tables) -> None:
    """Eligibility is decided on the first epoch's values, so it is that of the first visit."""
    first = tables["encounter"][0]["epoch"]
    tables["epoch"].sort(key=lambda row: row["id"] != first)
