"""What several checks ask of a record: its narrative, its schedule, the times of an outcome."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from trialwright.registry import Field, Outcome, Record, State
from trialwright.terms.sentences import Text
from trialwright.terms.time_points import (
    Duration,
    TimePoints,
    find_follow_up,
    find_time_points,
)

CHILDREN = re.compile(r"\b(?:child(?:ren)?|pa?ediatric|infants?|adolescents?)\b|کودک|اطفال", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """A sentence of the narrative that tells when participants are followed."""

    field: Field
    sentence: str
    times: TimePoints


def is_export(record: Record) -> bool:
    """Say whether the record is a row of WHO's public export, which leaves out most of what a registry asks.

    What stands in no column of it (secondary outcomes, descriptions, most time frames) is not missing in the record.
    """
    return record.form.startswith("ictrp-")


def is_one_cell(record: Record) -> bool:
    """Say whether outcomes and their times come in one cell of prose, as all registries but Iran's do in WHO's export."""
    return is_export(record) and record.registry != "IRCT"


def is_observational(record: Record) -> bool:
    """Say whether nothing is allocated: a cohort, a survey, a registry of patients."""
    kind = record.get("design.study_type")
    return kind is not None and kind.text.casefold().startswith("observational")


def has_value(one: Field | None) -> bool:
    """Say whether a field is there and says something."""
    return one is not None and one.state is State.VALUE


def said(record: Record, prefix: str) -> tuple[Field, ...]:
    """Give the fields under a key that say something."""
    return tuple(one for one in record.all(prefix) if one.state is State.VALUE)


def summaries(record: Record) -> tuple[Field, ...]:
    """Give the paragraphs that tell the trial as a story."""
    return said(record, "summary")


def narrative(record: Record) -> tuple[Field, ...]:
    """Give titles and summaries."""
    titles = (record.get(key) for key in ("titles.scientific", "titles.public"))
    return (*(one for one in titles if one is not None and has_value(one)), *summaries(record))


def words_of(fields: Iterable[Field]) -> str:
    """Give the words of several fields, one a line."""
    return "\n".join(one.text for one in fields)


def titles_of(outcomes: Iterable[Outcome]) -> str:
    """Give the titles of several outcomes as a list, each without its full stop."""
    return "; ".join(one.title.text.rstrip(" .") for one in outcomes)


def outcome_words(outcome: Outcome) -> str:
    """Give what an outcome says of itself, without how it is measured."""
    return words_of(one for one in (outcome.title, outcome.description) if one is not None)


def follow_ups(record: Record) -> tuple[FollowUp, ...]:
    """Give every sentence of the summaries that tells the follow-up."""
    return tuple(
        FollowUp(field=one, sentence=sentence, times=times)
        for one in summaries(record)
        for sentence, times in find_follow_up(one.text)
    )


def frame_times(outcome: Outcome) -> TimePoints:
    """Give the times of an outcome's time frame."""
    return find_time_points(outcome.time_frame.text) if outcome.time_frame else TimePoints()


def described_times(outcome: Outcome) -> TimePoints:
    """Give the times that an outcome's description names."""
    return find_time_points(outcome.description.text) if outcome.description else TimePoints()


def outcome_times(outcome: Outcome) -> TimePoints:
    """Give all times that an outcome names."""
    return union((frame_times(outcome), described_times(outcome)))


def union(many: Iterable[TimePoints]) -> TimePoints:
    """Give the time points of several texts together."""
    every = tuple(many)
    points = {point for times in every for point in times.points}
    return TimePoints(
        points=tuple(sorted(points, key=lambda one: (one.hours, one.family))),
        baseline=any(times.baseline for times in every),
        series=tuple(dict.fromkeys(step for times in every for step in times.series)),
    )


def listed(points: Iterable[Duration]) -> Text:
    """Write time points as a list in both languages."""
    english: list[str] = []
    persian: list[str] = []
    for run in _runs(tuple(points)):
        if len(run) < 4:
            english.extend(str(one) for one in run)
            persian.extend(one.in_persian() for one in run)
        else:
            english.append(f"monthly from {run[0]} to {run[-1]}")
            persian.append(f"ماهانه از {run[0].in_persian()} تا {run[-1].in_persian()}")
    return Text(en=", ".join(english), fa="، ".join(persian))


def _runs(points: tuple[Duration, ...]) -> list[list[Duration]]:
    """Group months that follow one another; every other point is a group of its own."""
    runs: list[list[Duration]] = []
    for point in points:
        before = runs[-1][-1] if runs else None
        if before and point.family == before.family == "month" and point.amount == before.amount + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs
