"""Checks over time points: do outcomes, follow-up and collections fit each other?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from trialwright.checks.findings import Evidence, Place, check, place
from trialwright.checks.reading import (
    FollowUp,
    described_times,
    follow_ups,
    frame_times,
    is_export,
    is_observational,
    is_one_cell,
    listed,
    narrative,
    outcome_times,
    outcome_words,
    titles_of,
    union,
)
from trialwright.checks.vocabulary import SCORED, find_measures
from trialwright.registry import Field, Outcome, Record
from trialwright.terms.time_points import (
    Duration,
    TimePoints,
    find_collections,
    find_collisions,
    find_time_points,
)

_EVENTS = re.compile(
    r"discharg|surger|operat|deliver|death|hospital|\bicu\b|\bend of\b|during|immediate|relapse|progress|event"
    r"|\bdoses?\b|session|course|recover|intra|extubat|cycle|ovulat|transfer|birth|throughout|whole|duration|ترخیص|عمل|زایمان|پایان|بلافاصله",
    re.IGNORECASE,
)
_NEEDS_NO_BASELINE = re.compile(
    r"adverse|safety|toxic|complication|side effect|surviv|mortal|death|time to|relapse|incidence|occurrence"
    r"|percentage of|proportion of|number of|rate of|duration|length of|recover|clearance|conversion|need for|admission"
    r"|hospitali[sz]|response|remission|failure|success|feasib|acceptab|satisfact|complian|adheren"
    r"|pharmacokinet|auc|cmax|plasma concentration|investigational product|infect|\boccurs?\b|\bheal|epitheli|cure"
    r"|relative to baseline|abnormalit|toleran|glasgow outcome|rankin|technical|procedur\w* (?:time|success)",
    re.IGNORECASE,
)
_HAS_A_START = re.compile(
    r"\bchang|\bdifferen|\bincreas|\bdecreas|\breduc|\bimprov|\bserum\b|\bplasma\b|\burin|\bblood\b|\blevels?\b|\bconcentrations?\b"
    r"|\bpain\b|\bweight\b|\bbmi\b|body mass|\bfev|\bpressure\b|\bsaturation\b|\bspo2\b|pao2|\bquality of (?:life|sleep)\b"
    r"|\bfunctions?\b"
    r"|\bseverity\b|\bsymptoms?\b|\bintensity\b|\bstatus\b|\bc-?peptide\b|\bcrp\b|\btolerance\b|\bmarkers?\b|\bcounts?\b",
    re.IGNORECASE,
)
"""What a participant already has when the trial begins, so that a later value is read against it."""
_LENGTH_UNTOLD = re.compile(
    r"(?:during|throughout|through|until|at|by|in)?\s*(?:the )?(?:end of |whole |course of )*(?:the )?study"
    r"(?: period| completion)?\W*",
    re.IGNORECASE,
)
_AT_BASELINE = re.compile(r"\bat baseline\W*\Z", re.IGNORECASE)
_AT_ONE_TIME = re.compile(r"\bsingle\b|\bonly\b|\bonce\b|cross-?section", re.IGNORECASE)
_OPEN_END = re.compile(r"(?:daily|weekly|monthly|quarterly|yearly|annually|every \w+(?: \w+)?)\W*\Z", re.IGNORECASE)
_STARTS_AT_ONCE = re.compile(
    r"\bbaseline\b|\bdaily\b|\bevery day\b|\bhourly\b|^primary and\b|\binitial\b|\bfirst (?:day|visit)\b|\bday (?:1|one)\b"
    r"|\bstart of\b|\btime of (?:positive|diagnos\w*|admission|arrival|enrol\w*|entry)|\bon admission\b|\bbeginning\b"
    r"|\bvisit 1\b|\bstudy onset\b|\bonset of (?:the )?(?:study|treatment)\b",
    re.IGNORECASE | re.MULTILINE,
)
_OF_HARM = re.compile(r"\badverse\b|\breactions?\b|\btoxicit\w+|\bcomplications?\b|\bside[- ]effects?", re.IGNORECASE)
"""Harms are collected over a span of time, and not at visits."""
_COURSE = 3
_TELLS_BASELINE = re.compile(r"\bbaseline (?:values?|assessments?|measure\w*|scores?|visits?)\b", re.IGNORECASE)
_TELLS_END = re.compile(
    r"follow(?:ed)?[- ]?(?:up)?\s+(?:for|over|until|till|to)\b|follow-?up (?:period|time|duration|of)|course of|پیگیری",
    re.IGNORECASE,
)


@check(
    code="time.outcome_not_in_schedule",
    severity="error",
    rule="Every time point of an outcome is a visit of the follow-up that the record describes.",
    source="SPIRIT 2025 item 18, participant timeline; WHO TRDS 1.3.1 items 19 and 20",
)
def outcome_not_in_schedule(record: Record, today: date) -> Iterator[Evidence]:
    """A time point within the follow-up at which the described schedule has no visit."""
    told, schedule = _schedule(record)
    last = schedule.last
    if last is None or not _is_a_plan(told):
        return
    missing: dict[tuple[Duration, ...], list[Outcome]] = {}
    for outcome in record.outcomes:
        if _OF_HARM.search(outcome.title.text) or _is_as_observed(outcome):
            continue
        beyond = outcome_times(outcome).beyond(schedule)
        inside = tuple(point for point in beyond if point.hours <= last.hours)
        if inside:
            missing.setdefault(inside, []).append(outcome)
    for points, outcomes in missing.items():
        facts = {"points": listed(points), "schedule": listed(schedule.points)}
        within_a_day = all(point.hours < 24 for point in points)
        yield Evidence(
            places=(*map(_when, outcomes), *_sentences(told)),
            facts=facts,
            severity="warning" if within_a_day else None,
        )


@check(
    code="time.follow_up_not_measured",
    severity="warning",
    rule="The primary outcome is measured as long as participants are followed, or the record says why not.",
    source="SPIRIT 2025 item 18, participant timeline; SPIRIT-Outcomes 2022 12.4 (time points used for analysis)",
)
def follow_up_not_measured(record: Record, today: date) -> Iterator[Evidence]:
    """Visits after the last time a primary outcome (an outcome, where none is called primary) is measured."""
    told, schedule = _schedule(record)
    primary = [one for one in record.outcomes if one.level in ("primary", None)]
    measured = union(map(outcome_times, primary))
    last = measured.last
    if last is None or len(schedule.points) < 2 or len(measured.points) < _COURSE:
        return
    names = {one.title.text.casefold() for one in primary}
    again = union(outcome_times(one) for one in record.outcomes if one.title.text.casefold() in names)
    left = tuple(point for point in schedule.beyond(again) if point.hours > last.hours)
    if left:
        facts = {"points": listed(left), "measured": listed(measured.points)}
        yield Evidence(places=(*_sentences(told), *map(_when, primary)), facts=facts)


@check(
    code="time.outcome_after_follow_up",
    severity="error",
    rule="No outcome is measured later than participants are followed.",
    source="SPIRIT 2025 item 18, participant timeline",
)
def outcome_after_follow_up(record: Record, today: date) -> Iterator[Evidence]:
    """An outcome later than the last visit of the described follow-up."""
    told, schedule = _schedule(record)
    tells_end = len(schedule.points) > 1 or any(_TELLS_END.search(one.sentence) for one in told)
    last = schedule.last if tells_end and not any(one.times.series for one in told) else None
    for outcome in record.outcomes if last else ():
        if _is_as_observed(outcome):
            continue
        late = tuple(point for point in outcome_times(outcome).beyond(schedule) if last and point.hours > last.hours)
        if late:
            facts = {"points": listed(late), "last": listed([last] if last else [])}
            yield Evidence(places=(_when(outcome), *_sentences(told)), facts=facts)


@check(
    code="time.no_baseline",
    severity="warning",
    rule="An outcome that is compared with its start value names baseline among its time points.",
    source="SPIRIT 2025 item 16, analysis metric (such as change from baseline) and time point; ICH E9(R1), variable",
)
def no_baseline(record: Record, today: date) -> Iterator[Evidence]:
    """Measured outcomes with later time points and no baseline. Events and safety need none."""
    if any(_TELLS_BASELINE.search(one.text) for one in narrative(record)) or is_one_cell(record):
        return
    found = [
        outcome
        for outcome in record.outcomes
        if outcome_times(outcome).points
        and not outcome_times(outcome).baseline
        and not _NEEDS_NO_BASELINE.search(outcome.text)
        and _has_a_start(outcome)
        and not _STARTS_AT_ONCE.search(f"{outcome.title.text}\n{_frame_text(outcome)}")
    ]
    if found:
        facts = {"count": len(found), "all": len(record.outcomes)}
        frames = {_frame_text(one) for one in found}
        wording = f"Baseline, {frames.pop()}" if len(frames) == 1 else None
        yield Evidence(places=tuple(map(_when, found)), facts=facts, wording=wording)


@check(
    code="time.collection_too_long",
    severity="error",
    rule="A collection fits into the time frame in which it is measured.",
    source="Arithmetic: a 24-hour collection takes 24 hours",
)
def collection_too_long(record: Record, today: date) -> Iterator[Evidence]:
    """A timed collection longer than the whole time frame of its outcome."""
    for outcome in record.outcomes:
        frame, collections = frame_times(outcome).last, find_collections(outcome.text)
        longest = max(collections, key=lambda one: one.hours, default=None)
        if frame and longest and longest.hours > frame.hours:
            facts = {"collection": round(longest.days * 24, 3), "frame": _frame_text(outcome)}
            yield Evidence(places=_both(outcome), facts=facts)


@check(
    code="time.frame_contradicts_text",
    severity="error",
    rule="The time frame of an outcome covers every time point that its description names.",
    source="WHO TRDS 1.3.1 items 19 and 20: each outcome has one time frame",
)
def frame_contradicts_text(record: Record, today: date) -> Iterator[Evidence]:
    """A description that names later time points than the time frame beside it."""
    for outcome in record.outcomes:
        frame, told = frame_times(outcome), described_times(outcome)
        later = tuple(point for point in told.beyond(frame) if frame.last and point.hours > frame.last.hours)
        if later:
            facts = {"frame": _frame_text(outcome), "points": listed(later)}
            wording = f"Time frame: {listed(told.points).en}"
            yield Evidence(places=_both(outcome), facts=facts, wording=wording)


@check(
    code="time.visits_collide",
    severity="warning",
    rule="Two visits of one schedule are far enough apart to be two visits.",
    source="Arithmetic: four weeks are 28 days, a month is 30.4 on average",
)
def visits_collide(record: Record, today: date) -> Iterator[Evidence]:
    """A visit counted in weeks and one counted in months that fall within days of each other."""
    told = [(one, pair) for one in follow_ups(record) for pair in find_collisions(one.times)[:1]]
    places: list[Place] = [place(one.field, one.sentence) for one, _ in told]
    pairs = [pair for _, pair in told]
    for outcome in record.outcomes:
        for pair in find_collisions(outcome_times(outcome))[:1]:
            places.append(_when(outcome))
            pairs.append(pair)
    if pairs:
        (week, month), apart = pairs[0], abs(pairs[0][0].days - pairs[0][1].days)
        facts = {"week": listed([week]), "month": listed([month]), "days": round(apart, 1)}
        yield Evidence(places=tuple(places), facts=facts)


@check(
    code="time.no_time_point",
    severity="warning",
    rule="Each outcome says when it is measured: a time, or an event that sets it.",
    source="WHO TRDS 1.3.1 items 19 and 20; Viergever et al. 2014, specific and timed primary outcomes",
)
def no_time_point(record: Record, today: date) -> Iterator[Evidence]:
    """An outcome without any time, or with "before and after" alone."""
    untimed: dict[str, list[Outcome]] = {}
    for outcome in record.outcomes:
        frame = outcome.time_frame
        if is_export(record) and (frame is None or is_one_cell(record) or find_time_points(outcome.title.text).points):
            continue
        times = outcome_times(outcome)
        told = times.points or times.series or _is_told_by_event(frame) or _AT_BASELINE.search(outcome.title.text)
        if told or (times.baseline and _is_seen_once(record, frame)):
            continue
        untimed.setdefault("baseline_only" if times.baseline else "", []).append(outcome)
    for variant, outcomes in untimed.items():
        places = [place(part) for one in outcomes for part in (one.title, one.time_frame) if part is not None]
        facts = {"titles": titles_of(outcomes), "frame": _frame_text(outcomes[0])}
        yield Evidence(places=tuple(dict.fromkeys(places)), facts=facts, variant=variant)


@check(
    code="time.series_without_end",
    severity="warning",
    rule="A repeated visit says until when it is repeated.",
    source="SPIRIT 2025 item 18, participant timeline",
)
def series_without_end(record: Record, today: date) -> Iterator[Evidence]:
    """ "Monthly" without "until"."""
    frames = [
        one.time_frame
        for one in record.outcomes
        if one.time_frame is not None
        and find_time_points(one.time_frame.text).series
        and not _EVENTS.search(one.time_frame.text)
        and (not find_time_points(one.time_frame.text).points or _OPEN_END.search(one.time_frame.text))
    ]
    if frames:
        yield Evidence(places=tuple(map(place, frames)), facts={"frame": frames[0].text})


def _is_told_by_event(frame: Field | None) -> bool:
    """Say whether an event sets the time. "During the study", whose length is not told, is none."""
    return frame is not None and bool(_EVENTS.search(frame.text)) and not _LENGTH_UNTOLD.fullmatch(frame.text)


def _is_seen_once(record: Record, frame: Field | None) -> bool:
    """Say whether participants are looked at once, at the beginning, by design."""
    seen = frame is not None and _AT_ONE_TIME.search(frame.text)
    return bool(seen) or is_observational(record)


def _has_a_start(outcome: Outcome) -> bool:
    """Say whether what is measured is there before the trial: a known measure, a score, a value of blood or of function."""
    words = outcome_words(outcome)
    return bool(_HAS_A_START.search(words) or SCORED.search(words) or find_measures(words))


def _is_a_plan(told: tuple[FollowUp, ...]) -> bool:
    """Say whether one sentence lists the visits: several, and none repeated without an end."""
    return any(len(one.times.points) >= _COURSE for one in told) and not any(one.times.series for one in told)


def _is_as_observed(outcome: Outcome) -> bool:
    """Say whether the time is one that results were found at, such as 18.3 months, and not a plan."""
    return any(point.family == "month" and (point.amount * 2).denominator != 1 for point in frame_times(outcome).points)


def _schedule(record: Record) -> tuple[tuple[FollowUp, ...], TimePoints]:
    told = follow_ups(record)
    return told, union(one.times for one in told)


def _sentences(told: Iterable[FollowUp]) -> tuple[Place, ...]:
    return tuple(place(one.field, one.sentence) for one in told)


def _when(outcome: Outcome) -> Place:
    described, frame = described_times(outcome), frame_times(outcome)
    if outcome.description is not None and len(described.points) > len(frame.points):
        return place(outcome.description)
    return place(outcome.time_frame or outcome.title)


def _both(outcome: Outcome) -> tuple[Place, ...]:
    return tuple(place(one) for one in (outcome.description or outcome.title, outcome.time_frame) if one is not None)


def _frame_text(outcome: Outcome) -> str:
    return outcome.time_frame.text if outcome.time_frame else ""


TIMING_CHECKS = (
    outcome_not_in_schedule,
    follow_up_not_measured,
    outcome_after_follow_up,
    no_baseline,
    collection_too_long,
    frame_contradicts_text,
    visits_collide,
    no_time_point,
    series_without_end,
)
