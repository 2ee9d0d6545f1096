"""Checks over times read together: outcome against outcome, outcome against the length of follow-up, and time zero."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations

from trialwright.checks.findings import Evidence, Place, check, place
from trialwright.checks.reading import (
    FollowUp,
    follow_ups,
    frame_times,
    is_export,
    listed,
    narrative,
    outcome_times,
    titles_of,
    union,
)
from trialwright.checks.vocabulary import LABORATORY_SAFETY, SAFETY_MEASURED
from trialwright.registry import Arm, Outcome, Record, State
from trialwright.terms.time_points import TimePoints

_SHARED, _FEW, _SHORTER, _LONG_DAYS = 3, 2, 20, 80
_COUNTED_FROM = re.compile(
    r"\b(?:before and after|after|following|since|post[- ]?)\s*(?:the |cell |first |1st )*"
    r"(?P<event>transplantation|injection|infusion|surgery|operation|implantation)\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(r"\b(?:no|without|not receive|did not|will not)\b[^.;]{0,40}", re.IGNORECASE)
_ZERO = re.compile(
    r"\b(?:from|after|since|of) (?:the )?(?:randomi[sz]ation|allocation|enrol\w+)\b|\bday 0\b|\bbaseline\b|\btime zero\b",
    re.IGNORECASE,
)
_COMPLETIONS = ("dates.completion", "dates.expected_completion")
_AT_MOST = re.compile(r"up to|approx|about|around|at most|at least|maximum|until|through|average|estimated|~", re.IGNORECASE)
_TOLERANCE = 1.05
_OF_EVENTS = re.compile(r"\bkaplan|\btime to\b|\bsurvival\b|\bduration of\b", re.IGNORECASE)
_NO_EFFECT = re.compile(r"\breactions?\b|pharmacokin|tolerab|feasib|\bduring\b|hospital|dose[- ]limiting", re.IGNORECASE)


@check(
    code="time.outcomes_crossed",
    severity="note",
    rule="Outcomes that share a schedule are measured at the same visits, or the record says why not.",
    source="SPIRIT 2025 items 16 and 18, time points of each outcome and schedule of assessments",
)
def outcomes_crossed(record: Record, today: date) -> Iterator[Evidence]:
    """Two schedules that agree in three visits or more, where each has a visit that the other skips."""
    groups: dict[TimePoints, list[Outcome]] = {}
    for outcome in record.outcomes:
        if _OF_EVENTS.search(outcome.title.text):
            continue
        groups.setdefault(outcome_times(outcome), []).append(outcome)
    for (times, outcomes), (others, other_outcomes) in combinations(groups.items(), 2):
        mine, theirs = times.beyond(others), others.beyond(times)
        few = 0 < len(mine) <= _FEW and 0 < len(theirs) <= _FEW
        if few and len(times.points) - len(mine) >= _SHARED:
            facts = {
                "first": titles_of(outcomes),
                "mine": listed(mine),
                "second": titles_of(other_outcomes),
                "theirs": listed(theirs),
            }
            shown = (one.time_frame or one.title for one in (*outcomes, *other_outcomes))
            yield Evidence(places=tuple(map(place, shown)), facts=facts)


@check(
    code="time.outcome_ends_early",
    severity="note",
    rule="An effect is looked for as long as it may appear, or the record says why it is looked for only at once.",
    source="SPIRIT 2025 items 16 and 18, time points of each outcome and schedule of assessments",
)
def outcome_ends_early(record: Record, today: date) -> Iterator[Evidence]:
    """The last time of an outcome lies before a twentieth of the follow-up. Harms may be early."""
    told = follow_ups(record)
    end = union(one.times for one in told).last
    if end is None or end.days < _LONG_DAYS or is_export(record):
        return
    found = [
        one
        for one in record.outcomes
        if (last := outcome_times(one).last) is not None
        and last.hours * _SHORTER < end.hours
        and not any(words.search(one.text) for words in (SAFETY_MEASURED, LABORATORY_SAFETY, _NO_EFFECT))
    ]
    if found:
        names = "; ".join(f"{one.title.text} ({outcome_times(one).last})" for one in found)
        facts = {"titles": names, "end": listed([end])}
        places = (*(place(one.time_frame or one.title) for one in found), *_sentences(told))
        yield Evidence(places=places, facts=facts)


@check(
    code="time.zero_open",
    severity="warning",
    rule="Time zero exists in every arm: it is the same event, such as allocation, for all participants.",
    source="ICH E9(R1), population and variable; SPIRIT 2025 item 18, participant timeline",
)
def zero_open(record: Record, today: date) -> Iterator[Evidence]:
    """Times counted from an intervention that one arm does not receive, and no other zero named."""
    texts = (*narrative(record), *(one for outcome in record.outcomes for one in outcome.fields))
    counted = [(one, found) for one in texts if (found := _COUNTED_FROM.search(one.text))]
    if not counted or any(_ZERO.search(one.text) for one in texts):
        return
    event = counted[0][1]["event"].casefold()
    spared = next((arm for arm in record.arms if _is_spared(arm, event)), None)
    if spared and len(record.arms) > 1:
        one, found = counted[0]
        facts = {"words": found.group(), "arm": spared.description.text}
        yield Evidence(places=(place(one, found.group()), place(spared.description)), facts=facts)


@check(
    code="dates.follow_up_over",
    severity="note",
    rule="Once the last participant's follow-up is over, the record gives the completion date and what became of the results.",
    source="WHO TRDS 1.3.1 items 22 and 23",
)
def follow_up_over(record: Record, today: date) -> Iterator[Evidence]:
    """End of recruitment plus follow-up lies a year back, and the completion date is printed empty."""
    completion, end = record.get("dates.completion"), record.end
    told = follow_ups(record)
    last = union((*(one.times for one in told), *map(outcome_times, record.outcomes))).last
    if completion is None or completion.state is State.VALUE or end is None or end.date is None or last is None:
        return
    over = end.date.latest + timedelta(days=round(last.days))
    if over + timedelta(days=365) < today:
        facts = {"end": end.text, "last": listed([last]), "over": over}
        yield Evidence(places=(place(completion), place(end), *_sentences(told)), facts=facts)


@check(
    code="time.outcome_outlasts_trial",
    severity="error",
    rule="No participant is measured later than the trial lasts, from the first enrolment to the completion.",
    source="WHO TRDS 1.3.1 items 16, 19, 20 and 22; arithmetic",
)
def outcome_outlasts_trial(record: Record, today: date) -> Iterator[Evidence]:
    """A time frame longer than the whole time between the start and the completion of a trial that ran its course."""
    start = record.start
    end = next((one for one in map(record.get, _COMPLETIONS) if one is not None and one.date is not None), None)
    if start is None or start.date is None or end is None or end.date is None or _looks_back_or_stopped(record):
        return
    days = (end.date.latest - start.date.earliest).days + 1
    for outcome in record.outcomes if days > 0 else ():
        last = frame_times(outcome).last
        frame = outcome.time_frame
        if frame and last and last.days > days * _TOLERANCE + 1 and not _AT_MOST.search(frame.text):
            facts = {"last": listed([last]), "days": days, "start": start.text, "end": end.text}
            yield Evidence(places=(place(frame), place(start), place(end)), facts=facts)


def _looks_back_or_stopped(record: Record) -> bool:
    status, perspective = record.get("status.recruitment"), record.get("design.time_perspective")
    stopped = status is not None and status.value in ("terminated", "withdrawn", "suspended", "unknown")
    return stopped or (perspective is not None and perspective.text.casefold() != "prospective")


def _is_spared(arm: Arm, event: str) -> bool:
    return any(event in found.group().casefold() for found in _WITHOUT.finditer(arm.description.text))


def _sentences(told: tuple[FollowUp, ...]) -> tuple[Place, ...]:
    return tuple(place(one.field, one.sentence) for one in told)


SCHEDULE_CHECKS = (outcomes_crossed, outcome_ends_early, zero_open, follow_up_over, outcome_outlasts_trial)
