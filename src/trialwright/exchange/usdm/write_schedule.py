"""Encounters, and one timeline that says when they are: an anchor each for screening, allocation and infusion, and the encounters
that count from them with their windows.
"""

from datetime import timedelta
from itertools import pairwise
from typing import Any

from trialwright.exchange.usdm.durations import duration_words, write_duration
from trialwright.exchange.usdm.objects import Object, Objects, take
from trialwright.exchange.usdm.write_people import link
from trialwright.study.model import Encounter, Study

_ZERO = timedelta(0)


def write_schedule(study: Study, rows: list[dict[str, Any]], objects: Objects) -> tuple[list[Object], Object]:
    """The encounters, and the main timeline with their instances and timings."""
    encounters = link([_encounter(row, objects) for row in rows])
    instances: list[Object] = []
    timings: list[Object] = []
    anchors: dict[str, str] = {}
    for encounter in study.encounters:
        anchor = _anchor(encounter)
        if anchor not in anchors:
            instances.append(_anchor_instance(anchor, encounter, objects))
            anchors[anchor] = instances[-1]["id"]
            timings.append(_fixed(anchor, anchors[anchor], objects))
        instances.append(_instance(encounter, objects))
        timings.append(_timing(encounter, anchors[anchor], objects))
    for first, second in pairwise(instances):
        first["defaultConditionId"] = second["id"]
    end = objects.make("ScheduleTimelineExit", "end")
    instances[-1]["timelineExitId"] = end["id"]
    timeline = objects.make(
        "ScheduleTimeline",
        "main",
        name="main",
        label="Schedule of activities",
        mainTimeline=True,
        entryCondition="A person is screened",
        plannedDuration=_duration(study, objects),
        entryId=instances[0]["id"],
        exits=[end],
        instances=instances,
        timings=timings,
    )
    return encounters, timeline


def _encounter(row: dict[str, Any], objects: Objects) -> Object:
    """Epoch, forms, time and window are said by its instance and its timing."""
    name, label = take(row, "id"), take(row, "label", "en")
    for key in ("epoch", "forms", "anchor", "dose", "target", "before", "after"):
        take(row, key)
    return objects.make(
        "Encounter",
        name,
        rest=row,
        name=name,
        label=label,
        type=objects.term("fixed", "visit"),
        scheduledAtId=f"Timing_{name}",
    )


def _anchor(encounter: Encounter) -> str:
    return f"infusion_{encounter.dose}" if encounter.anchor == "infusion" else encounter.anchor


def _anchor_instance(anchor: str, first: Encounter, objects: Objects) -> Object:
    """The moment that encounters count from; it belongs to the epoch of the first of them."""
    name = f"anchor_{anchor}"
    return objects.make(
        "ScheduledActivityInstance", name, name=name, label=anchor.replace("_", " "), epochId=f"StudyEpoch_{first.epoch}"
    )


def _instance(encounter: Encounter, objects: Objects) -> Object:
    return objects.make(
        "ScheduledActivityInstance",
        encounter.id,
        name=encounter.id,
        label=encounter.label.en,
        epochId=f"StudyEpoch_{encounter.epoch}",
        activityIds=[f"Activity_{form}" for form in encounter.forms],
        encounterId=f"Encounter_{encounter.id}",
    )


def _duration(study: Study, objects: Objects) -> Object:
    """To the last visit; its days count from another anchor than the first, so the whole is not one number."""
    last = study.encounters[-1]
    return objects.make(
        "Duration",
        "main",
        text=f"Until {last.label.en}",
        durationWillVary=True,
        reasonDurationWillVary=f"{last.label.en} counts from {last.anchor}, the first visit from {study.encounters[0].anchor}",
    )


def _fixed(anchor: str, instance: str, objects: Objects) -> Object:
    return objects.make(
        "Timing",
        f"anchor_{anchor}",
        name=f"anchor_{anchor}",
        label=anchor.replace("_", " "),
        type=objects.term("timing", "fixed"),
        relativeToFrom=objects.term("fixed", "start_to_start"),
        value="P0D",
        valueLabel="0 days",
        relativeFromScheduledInstanceId=instance,
    )


def _timing(encounter: Encounter, anchor: str, objects: Objects) -> Object:
    window = encounter.before != _ZERO or encounter.after != _ZERO
    limits = (encounter.before, encounter.after)
    return objects.make(
        "Timing",
        encounter.id,
        name=encounter.id,
        label=encounter.label.en,
        type=objects.term("timing", "before" if encounter.target < _ZERO else "after"),
        relativeToFrom=objects.term("fixed", "start_to_start"),
        value=write_duration(encounter.target),
        valueLabel=duration_words(abs(encounter.target)),
        windowLower=write_duration(limits[0]) if window else None,
        windowUpper=write_duration(limits[1]) if window else None,
        windowLabel=" to ".join(f"{sign}{duration_words(one)}" for sign, one in zip("-+", limits, strict=True)) if window else None,
        relativeFromScheduledInstanceId=f"ScheduledActivityInstance_{encounter.id}",
        relativeToScheduledInstanceId=anchor,
    )
