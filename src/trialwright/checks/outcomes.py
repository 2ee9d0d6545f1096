"""Checks over the set of outcomes: levels, doubles, bundles, safety, multiplicity."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from trialwright.checks.findings import Evidence, Severity, check, place
from trialwright.checks.reading import (
    frame_times,
    is_export,
    is_observational,
    is_one_cell,
    listed,
    narrative,
    outcome_times,
    outcome_words,
)
from trialwright.checks.vocabulary import (
    DIRECTION,
    INTERLEUKIN_LIST,
    LABORATORY_SAFETY,
    SAFETY_MEASURED,
    SAFETY_PROMISED,
    find_measures,
    load_measures,
    named,
)
from trialwright.registry import Outcome, Record
from trialwright.terms.sentences import Text

_MULTIPLICITY = re.compile(
    r"multiplicity|bonferroni|hochberg|\bholm\b|hierarch|co-?primary|gatekeep|family-?wise|multiple (?:test|compar)"
    r"|primary time ?point|at the (?:primary|main) time",
    re.IGNORECASE,
)
_UNTIL_AN_EVENT = re.compile(r"\btime (?:to|until)\b|\bsurvival\b", re.IGNORECASE)
_OF_SUBSCALES = re.compile(
    r"questionnaire|\bqlq|\bsf-?(?:12|36)|\beq-?5d|\bscales?\b|\binstrument|\bsubscale|\bdomains?\b|\bwhoqol|\blcss\b",
    re.IGNORECASE,
)
_BROAD = frozenset({"pain", "quality_of_life"})
"""Names of many things: pain here and there, now and before. Only the same title is the same measure."""
_COMPARES_NOTHING = re.compile(
    r"\badverse (?:event|effect|reaction)|\bside[- ]effects?\b|\bsafety\b|\btolerab\w+|\bfeasib\w+|\bacceptab\w+|\btoxicit\w+"
    r"|\bcmax\b|\btmax\b|\bauc\b|\bpharmacokinetic|\bplasma concentration|\bhalf-?life\b|\bC\d+ ?h(?:rs?|ours?)?\b",
    re.IGNORECASE,
)
"""Harms, feasibility and concentrations are watched; no hypothesis stands or falls by them: there is no error to share out."""
_PROMISE = re.compile(
    r"\bstud(?:y|ies|ied)\b|\btrial\b|\bpurpose\b|\bobjective|\baims?\b"
    r"|\bevaluat|\bassess|\banaly[sz]|\bdetermin|\binvestigat|\bexamin|\bcompar"
    r"|\befficacy\b|\beffectiveness\b|\bprimary\b|\bsecondary\b|مطالعه|بررسی|ارزیابی",
    re.IGNORECASE,
)
_ALREADY_SAFE = re.compile(
    r"\b(?:has|have|had|with|no|few|fewer|minimal|without|less|is|are|be)\s+(?:\w+\s+){0,2}"
    r"(?:side[- ]effects?|safe\b|(?:well[- ])?tolerat\w+)|\bsafety (?:lab\w*|margins?|profile of|reasons?)",
    re.IGNORECASE,
)
_COURSE = re.compile(
    r"\bdaily\b|\bhourly\b|\bweekly\b|\bmonthly\b|\bannually\b|\byearly\b"
    r"|\bevery\b|\beach\b|\bper day\b|\btimes a\b|روزانه|هر",
    re.IGNORECASE,
)
_FIRST_DAY = 24
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@check(
    code="outcome.direction_differs",
    severity="error",
    rule="Title and description of an outcome expect the same direction.",
    source="ICH E9(R1), variable; read within one outcome",
)
def direction_differs(record: Record, today: date) -> Iterator[Evidence]:
    """A title that says up where its description says down, or the other way."""
    for outcome in record.outcomes:
        title, told = DIRECTION.match(outcome.title.text), outcome.description
        other = DIRECTION.search(told.text) if told else None
        if title and told and other and title.lastgroup != other.lastgroup:
            facts = {"title": outcome.title.text, "word": title.group(), "other": other.group()}
            yield Evidence(places=(place(outcome.title), place(told)), facts=facts)


@check(
    code="outcome.direction_without_amount",
    severity="warning",
    rule="An outcome that expects a rise or a fall says from what, and how much counts.",
    source="SPIRIT-Outcomes 2022 12.2 (important change) and 12.3 (cut-off values); WHO TRDS 1.3.1 items 19 and 20",
)
def direction_without_amount(record: Record, today: date) -> Iterator[Evidence]:
    """A description that expects a direction and gives neither a change from baseline nor a threshold."""
    seen = [
        (outcome, told, found)
        for outcome in record.outcomes
        if (told := outcome.description)
        and (found := DIRECTION.match(told.text))
        and not re.search(r"baseline|chang|differen|%|percent", told.text, re.IGNORECASE)
        and not _has_threshold(told.text)
    ]
    if seen:
        facts = {"titles": "; ".join(f'{one.title.text}: "{found.group()}"' for one, _, found in seen)}
        yield Evidence(places=tuple(place(told) for _, told, _ in seen), facts=facts)


@check(
    code="outcome.same_measure_twice",
    severity="warning",
    rule="A measure is one outcome, at one level, with one set of time points.",
    source="WHO TRDS 1.3.1 items 19 and 20; SPIRIT 2025 item 16, outcomes",
)
def same_measure_twice(record: Record, today: date) -> Iterator[Evidence]:
    """One measure, or one title, in outcomes of different levels, or whose levels are not told."""
    by_measure: dict[str, list[Outcome]] = {}
    by_title: dict[str, list[Outcome]] = {}
    for outcome in record.outcomes:
        for measure in find_measures(outcome.title.text) or find_measures(outcome_words(outcome)):
            if measure not in _BROAD:
                by_measure.setdefault(measure, []).append(outcome)
        by_title.setdefault(outcome.title.text.casefold(), []).append(outcome)
    for measure, outcomes in by_measure.items():
        if _are_of_two_levels(outcomes):
            yield _twice(outcomes, load_measures()[measure].name, None)
    named_already = [set(_paths(outcomes)) for outcomes in by_measure.values()]
    for outcomes in by_title.values():
        if (
            _are_of_two_levels(outcomes)
            and _share_time(outcomes)
            and not any(set(_paths(outcomes)) <= seen for seen in named_already)
        ):
            yield _twice(outcomes, outcomes[0].title.text, "note")


def _are_of_two_levels(outcomes: list[Outcome]) -> bool:
    levels = {one.level for one in outcomes}
    return len(outcomes) > 1 and (len(levels) > 1 or None in levels)


def _share_time(outcomes: list[Outcome]) -> bool:
    """Say whether two of them are for one time: a title again at a later time is another outcome."""
    frames = [one.time_frame.text.casefold() if one.time_frame else "" for one in outcomes]
    return "" in frames or len(set(frames)) < len(frames)


def _paths(outcomes: list[Outcome]) -> list[str]:
    return [one.path for one in outcomes]


def _twice(outcomes: list[Outcome], measure: object, severity: Severity | None) -> Evidence:
    places = tuple(place(one.description or one.title) for one in outcomes)
    times = [listed(outcome_times(one).points) for one in outcomes]
    told = Text(en=" / ".join(one.en or "no time" for one in times), fa=" / ".join(one.fa or "بی‌زمان" for one in times))
    return Evidence(places=places, facts={"measure": measure, "count": len(outcomes), "times": told}, severity=severity)


@check(
    code="outcome.score_contains_other",
    severity="note",
    rule="A score that contains another outcome is not independent of it.",
    source="SLEDAI-2K (Gladman et al., J Rheumatol 2002;29:288): proteinuria above 0.5 g/24 h scores 4",
)
def score_contains_other(record: Record, today: date) -> Iterator[Evidence]:
    """An outcome that is a score with another registered outcome among its items, and no word on which of them decides."""
    for score in record.outcomes:
        for measure in find_measures(outcome_words(score)):
            for other in record.outcomes:
                shared = [one for one in find_measures(outcome_words(other)) if one in load_measures()[measure].parts]
                if shared and other is not score and not _MULTIPLICITY.search(record.text):
                    facts = {"score": load_measures()[measure].name, "part": named(shared)}
                    yield Evidence(places=(place(score.title), place(other.title)), facts=facts)


@check(
    code="outcome.bundle",
    severity="warning",
    rule="One outcome is one measure; several measures are several outcomes, or a composite with a rule.",
    source="WHO TRDS 1.3.1 items 19 and 20; SPIRIT-Outcomes 2022 12.5 (composite outcomes)",
)
def bundle(record: Record, today: date) -> Iterator[Evidence]:
    """Several measures in one outcome, and no word of how they make one result."""
    for outcome in record.outcomes:
        words = outcome_words(outcome)
        measures = find_measures(words)
        if "quality_of_life" in measures and _OF_SUBSCALES.search(words):
            continue
        interleukins = INTERLEUKIN_LIST.search(words)
        if re.search(r"\bcomposite\b|\ball of\b|\beither\b", words, re.IGNORECASE) or is_one_cell(record):
            continue
        shown = place(outcome.description or outcome.title)
        if len(measures) > 1:
            yield Evidence(places=(shown,), facts={"measures": named(measures)})
        elif interleukins:
            yield Evidence(places=(shown,), facts={"measures": interleukins.group()})


@check(
    code="outcome.no_safety",
    severity="error",
    rule="A trial that sets out to study safety registers how harm is measured.",
    source="SPIRIT 2025 item 17, harms; ICH E6(R3), safety assessment; CONSORT Harms 2022",
)
def no_safety(record: Record, today: date) -> Iterator[Evidence]:
    """Safety or side effects promised in title or summary, and no outcome that measures them."""
    promised = [
        (one, sentence)
        for one in narrative(record)
        for sentence in _SENTENCE_END.split(one.text)
        if SAFETY_PROMISED.search(sentence) and (one.key.startswith("titles") or _is_promise(sentence))
    ]
    outcomes = record.outcomes
    if not promised or not outcomes or is_export(record) or any(SAFETY_MEASURED.search(one.text) for one in outcomes):
        return
    laboratory = [one for one in outcomes if LABORATORY_SAFETY.search(one.text)]
    shown = laboratory or list(outcomes)
    yield Evidence(
        places=(*(place(one, sentence) for one, sentence in promised), *(place(one.title) for one in shown)),
        variant="laboratory_only" if laboratory else "",
        severity="warning" if laboratory else None,
        wording="Number of participants with adverse events by CTCAE grade, and number of serious adverse events, "
        "from the intervention to the last visit",
    )


@check(
    code="outcome.level_not_told",
    severity="note",
    rule="A record tells its primary outcome from the others.",
    source="WHO TRDS 1.3.1 items 19 and 20",
)
def level_not_told(record: Record, today: date) -> Iterator[Evidence]:
    """Outcomes printed in one list."""
    found = [one for one in record.outcomes if one.level is None]
    if len(found) > 1:
        yield Evidence(places=tuple(place(one.title) for one in found), facts={"count": len(found)})


@check(
    code="outcome.many_primaries",
    severity="warning",
    rule="With several primary comparisons the record names the one that decides, or how error is shared out.",
    source="ICH E9 2.2.2 and 2.2.5; SPIRIT-Outcomes 2022 12.4 (time points used for analysis); CONSORT 2010 6a",
)
def many_primaries(record: Record, today: date) -> Iterator[Evidence]:
    """Several primary outcomes or time points, and no word on the one that decides."""
    primary = [one for one in record.outcomes if one.level == "primary" and not _COMPARES_NOTHING.search(one.text)]
    if is_one_cell(record) or is_observational(record) or (is_export(record) and any(one.time_frame is None for one in primary)):
        return
    points = Counter({one.path: _comparisons(one) for one in primary})
    if points.total() < 2 or _MULTIPLICITY.search(record.text):
        return
    facts = {"outcomes": len(primary), "comparisons": points.total()}
    places = [place(one) for outcome in primary for one in (outcome.title, outcome.time_frame) if one is not None]
    yield Evidence(places=tuple(places), facts=facts, wording="Primary time point: month …")


def _is_promise(sentence: str) -> bool:
    """Say whether a sentence sets out to study harm, and does not praise the treatment for having little."""
    return bool(_PROMISE.search(sentence)) and bool(SAFETY_PROMISED.search(_ALREADY_SAFE.sub(" ", sentence)))


def _comparisons(outcome: Outcome) -> int:
    """Count the times at which an outcome is compared. Time to an event, or a visit at a fixed step, counts once."""
    if _UNTIL_AN_EVENT.search(outcome.title.text) or (outcome.time_frame is not None and _COURSE.search(outcome.time_frame.text)):
        return 1
    points = frame_times(outcome).points or outcome_times(outcome).points
    return max(1, sum(point.hours > _FIRST_DAY for point in points))


def _has_threshold(text: str) -> bool:
    plain = re.sub(r"\d+\s*(?:st|nd|rd|th)?\s*(?:hours?|hrs?|h|days?|weeks?|months?|years?)\b", " ", text)
    plain = _without_names(plain)
    return bool(re.search(r"\d", plain))


def _without_names(text: str) -> str:
    """Take out digits that belong to a name, such as IL-2 or CD4."""
    return re.sub(r"\b(?:il|cd|c|ca|t|hba)[- ]?\d+\w*", " ", text, flags=re.IGNORECASE)


OUTCOME_CHECKS = (
    direction_differs,
    direction_without_amount,
    same_measure_twice,
    score_contains_other,
    bundle,
    no_safety,
    level_not_told,
    many_primaries,
)
