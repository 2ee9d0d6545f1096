"""Registered outcomes as endpoints: what is measured, when, against which baseline, and what the record leaves open about each.

Where the words of an outcome name one thing that the library can collect, that is taken. Everything else is asked, and until there
is an answer the draft collects an item of the trial's own that is proposed from the words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trialwright.registry import Outcome, Record
from trialwright.study.draft.library import Collectable, collectables, concept_ids
from trialwright.study.draft.match import Match, find_match, known_words, plain
from trialwright.study.draft.names import slug, unique
from trialwright.study.draft.questions import Asked, Question
from trialwright.terms.sentences import Text
from trialwright.terms.time_points import TimePoints, find_time_points
from trialwright.terms.units import UnitError, find_unit

KINDS = ("decimal", "integer", "yes_no", "choice", "text")
_HEADINGS = {"primary": "Primary outcomes", "secondary": "Secondary outcomes", "other": "Other outcomes", "listed": "Outcomes"}
_LEVELS = {"primary": "primary", "secondary": "secondary", "other": "exploratory"}
_KEYS = frozenset(
    [
        "concept",
        "id",
        "kind",
        "unit",
        "decimals",
        "low",
        "high",
        "choices",
        "label",
        "when",
        "change",
        "improves",
        "baseline",
        "dropped",
        "mean",
        "sd",
        "share",
    ]
)
_UNSTATED = "not stated"
_OTHERWISE = "3 months"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One thing measured for an outcome: one endpoint. `own` describes an item that the library lacks, empty for one it has."""

    endpoint: str
    concept: str
    label: Text
    kind: str
    unit: str
    decimals: int
    points: TimePoints
    baseline: bool
    change: str
    improves: str
    own: Mapping[str, Any]
    library: Collectable | None = None

    @property
    def is_text(self) -> bool:
        return self.kind == "text"


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A registered outcome in its own words, and what answers it."""

    id: str
    level: str
    text: str
    time_frame: str
    place: str
    assumed: str
    measured: tuple[Measured, ...]
    asked: tuple[Question, ...]
    dropped: str = ""


def read_outcomes(record: Record, asked: Asked) -> tuple[Registered, ...]:
    """Every outcome of the record, in its order. Raises: StudyError for an answer that cannot be used."""
    usual = _latest(record)
    known: dict[str, str] = {}
    taken: set[str] = set()
    if not record.outcomes:
        return (_without_outcome(asked, usual, taken),)
    return tuple(_read(outcome, place, asked, usual, known, taken) for place, outcome in enumerate(record.outcomes))


def _read(outcome: Outcome, place: int, asked: Asked, usual: str, known: dict[str, str], taken: set[str]) -> Registered:
    block, number = outcome.path.split(".")[1:3]
    name = f"outcome_{block}_{number}"
    level = _level(outcome, name, place, asked)
    match = find_match(outcome.title.text) or find_match(outcome.text)
    by = _measured_by(outcome, name, match, asked)
    when = _when(outcome, name, usual, asked)
    dropped = by.value.get("dropped", "") if isinstance(by.value, dict) else ""
    rows = [] if dropped else list(_rows(by, asked))
    measured = tuple(_measure(row, key, outcome, by, when, asked, known, taken) for key, row in rows)
    words = [outcome.title.text, outcome.description.text if outcome.description else ""]
    return Registered(
        id=f"{_HEADINGS[block]} {number}",
        level=_LEVELS[str(level.value)],
        text=": ".join(one for one in dict.fromkeys(words) if one) or _UNSTATED,
        time_frame=(outcome.time_frame.text if outcome.time_frame else "") or _UNSTATED,
        place=outcome.path,
        assumed=_assumed(match, by),
        measured=measured,
        asked=(level, by, when),
        dropped=dropped or _only_text(measured),
    )


def _without_outcome(asked: Asked, usual: str, taken: set[str]) -> Registered:
    """A record that registers no outcome: one is asked for, because a trial without one has nothing to analyse."""
    by = asked.ask(
        "outcome_measured_by",
        "measures",
        "outcome_none",
        place="outcomes",
        proposal={"kind": "yes_no", "label": _BOTH},
        is_safe=False,
    )
    when = asked.ask("outcome_when", "times", "outcome_when_none", place="outcomes", proposal=usual, title="-")
    measured = tuple(
        _own_or_library(row, key, Text(en="Outcome", fa="پیامد"), "outcome", by, when, asked, {}, taken)
        for key, row in _rows(by, asked)
    )
    return Registered(
        id="Outcomes 1",
        level="primary",
        text="The record registers no outcome",
        time_frame=_UNSTATED,
        place="outcomes",
        assumed="",
        measured=measured,
        asked=(by, when),
        dropped=_only_text(measured),
    )


_BOTH = {"en": "Treatment succeeded", "fa": "درمان موفق بود"}


def _level(outcome: Outcome, name: str, place: int, asked: Asked) -> Question:
    said = outcome.level
    proposal = said or ("primary" if place == 0 else "secondary")
    return asked.ask(
        f"{name}_level",
        "choice",
        "outcome_level",
        place=outcome.path,
        proposal=proposal,
        is_gap=said is None,
        choices=("primary", "secondary", "other"),
        title=_short(outcome.title.text),
    )


def _measured_by(outcome: Outcome, name: str, match: Match | None, asked: Asked) -> Question:
    """Settled only where the words of the title are a concept of the library and nothing more."""
    whole = match is not None and match.is_whole
    if match is not None and match.measures:
        proposal: Any = match.measures[0] if len(match.measures) == 1 else list(match.measures)
    else:
        proposal = {key: value for key, value in (match.own if match else {"kind": "decimal"}).items() if key in _KEYS}
    return asked.ask(
        f"{name}_measured_by",
        "measures",
        "outcome_measured_by" if match is None or not match.measures else "outcome_measured_by_this",
        place=f"{outcome.path}.title",
        proposal=proposal,
        is_gap=not whole,
        is_safe=match is not None,
        title=_short(outcome.title.text),
        measure=", ".join(match.measures) if match else "",
    )


def _when(outcome: Outcome, name: str, usual: str, asked: Asked) -> Question:
    """The time frame's words where they name points and the description names no others; else it is asked."""
    framed = outcome.time_frame.text if outcome.time_frame else ""
    others = " ".join(one.text for one in (outcome.description, outcome.title) if one is not None)
    points, elsewhere = find_time_points(framed), find_time_points(others)
    if points.points:
        differs = bool(elsewhere.beyond(points)) or bool(points.series)
        return _ask_when(outcome, name, asked, framed, "outcome_when_differs", is_gap=differs)
    if elsewhere.points:
        return _ask_when(outcome, name, asked, others, "outcome_when_in_words", is_gap=bool(elsewhere.series) or bool(framed))
    return _ask_when(outcome, name, asked, usual, "outcome_when_none", is_gap=True)


def _ask_when(outcome: Outcome, name: str, asked: Asked, proposal: str, sentence: str, *, is_gap: bool) -> Question:
    question = asked.ask(
        f"{name}_when",
        "times",
        sentence,
        place=f"{outcome.path}.timepoint",
        proposal=proposal,
        is_gap=is_gap,
        title=_short(outcome.title.text),
    )
    if question.is_answered and not find_time_points(str(question.answer)).points:
        raise asked.error(
            question.id, found=f'no time point in "{question.answer}"', todo='Write for instance "1 week, 3 and 6 months".'
        )
    return question


def _latest(record: Record) -> str:
    """The latest time that the record names anywhere among its outcomes, for an outcome without one of its own."""
    points = [point for outcome in record.outcomes for point in find_time_points(outcome.text).points]
    return str(max(points, key=lambda point: point.hours)) if points else _OTHERWISE


def _rows(question: Question, asked: Asked) -> Iterator[tuple[tuple[int, ...], Mapping[str, Any]]]:
    """The answer as tables, each with its place in the answer."""
    value = question.value
    for index, row in enumerate(value if isinstance(value, list) else [value]):
        key = (index,) if isinstance(value, list) else ()
        if not isinstance(row, str | dict):
            raise asked.error(question.id, *key, found="no name and no table", todo='Write "creatinine" or { kind = "decimal" }.')
        table: Mapping[str, Any] = {"concept": row} if isinstance(row, str) else row
        for name in table:
            if name not in _KEYS:
                known = ", ".join(sorted(_KEYS))
                raise asked.error(question.id, *key, found=f'unknown key "{name}"', expected=known, todo="Correct the spelling.")
        yield key, table


def _measure(
    row: Mapping[str, Any],
    key: tuple[int, ...],
    outcome: Outcome,
    by: Question,
    when: Question,
    asked: Asked,
    known: dict[str, str],
    taken: set[str],
) -> Measured:
    title = outcome.title.text or _UNSTATED
    block, number = outcome.path.split(".")[1:3]
    return _own_or_library(row, key, Text(en=title, fa=title), f"outcome_{block}_{number}", by, when, asked, known, taken)


def _own_or_library(
    row: Mapping[str, Any],
    key: tuple[int, ...],
    title: Text,
    otherwise: str,
    by: Question,
    when: Question,
    asked: Asked,
    known: dict[str, str],
    taken: set[str],
) -> Measured:
    points = _points(row, key, by, when, asked)
    if "concept" in row and "kind" not in row:
        made = _from_library(row, key, points, by, asked)
    else:
        made = _of_its_own(row, key, title, otherwise, points, by, asked, known, is_answer=by.is_answered)
    name = unique(str(row.get("id") or made.concept), taken)
    if "id" in row and name != row["id"]:
        raise asked.error(by.id, *key, found=f'two endpoints "{row["id"]}"', todo="Give this one another `id`.")
    taken.add(name)
    return replace(made, endpoint=name)


def _points(row: Mapping[str, Any], key: tuple[int, ...], by: Question, when: Question, asked: Asked) -> TimePoints:
    words = str(row.get("when", when.value))
    points = find_time_points(words)
    if not points.points:
        raise asked.error(by.id, *key, found=f'no time point in "{words}"', todo='Write for instance when = "3 and 6 months".')
    return points


def _from_library(row: Mapping[str, Any], key: tuple[int, ...], points: TimePoints, by: Question, asked: Asked) -> Measured:
    found = collectables().get(str(row["concept"]))
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(str(row["concept"]), collectables(), n=3)
        todo = f"Near it: {', '.join(near)}." if near else 'Or describe it: { kind = "decimal", unit = "mg/dL" }.'
        raise asked.error(by.id, *key, found=f'"{row["concept"]}" is not in the library', todo=todo)
    words = known_words(found.id)
    label = Text(**row["label"]) if "label" in row else found.label
    return Measured(
        endpoint=found.id,
        concept=found.id,
        label=label,
        kind=found.kind,
        unit=found.unit,
        decimals=found.decimals,
        points=points,
        baseline=bool(row.get("baseline", True)),
        change=str(row.get("change", words.get("change", "difference"))),
        improves=str(row.get("improves", words.get("improves", "none"))),
        own={},
        library=found,
    )


def _of_its_own(
    row: Mapping[str, Any],
    key: tuple[int, ...],
    title: Text,
    otherwise: str,
    points: TimePoints,
    by: Question,
    asked: Asked,
    known: dict[str, str],
    *,
    is_answer: bool,
) -> Measured:
    kind = str(row.get("kind", "decimal"))
    if kind not in KINDS:
        raise asked.error(by.id, *key, found=f'kind "{kind}"', expected=f"one of {', '.join(KINDS)}", todo="Choose one of them.")
    if (kind == "choice") != bool(row.get("choices")):
        raise asked.error(
            by.id,
            *key,
            found=f"kind {kind}",
            expected="choices for a choice, and only there",
            todo='Add choices = ["none", "some"].',
        )
    concept = _concept_id(row, title, otherwise, known)
    numeric = kind in ("decimal", "integer")
    baseline = bool(row.get("baseline", numeric))
    return Measured(
        endpoint=concept,
        concept=concept,
        label=Text(**row["label"]) if "label" in row else title,
        kind=kind,
        unit=_unit(row, key, by, asked),
        decimals=int(row.get("decimals", 1 if kind == "decimal" else 0)),
        points=points,
        baseline=baseline,
        change=str(row.get("change", "difference" if baseline else "none")),
        improves=str(row.get("improves", "none")),
        own={name: row[name] for name in ("low", "high", "choices", "mean", "sd", "share") if name in row} | {"kind": kind},
    )


def _concept_id(row: Mapping[str, Any], title: Text, otherwise: str, known: dict[str, str]) -> str:
    """The same title is the same item; a name of the library is left to the library."""
    if "concept" in row:
        return str(row["concept"])
    words = plain(title.en) + str(sorted((key, str(value)) for key, value in row.items() if key in {"kind", "label", "unit"}))
    if words not in known:
        taken = {*known.values(), *collectables(), *concept_ids(), "age_years", "sex"}
        known[words] = unique(slug(row["label"]["en"] if "label" in row else title.en, otherwise), taken)
    return known[words]


def _unit(row: Mapping[str, Any], key: tuple[int, ...], by: Question, asked: Asked) -> str:
    if not row.get("unit"):
        return ""
    try:
        return find_unit(str(row["unit"])).code
    except UnitError as error:
        todo = 'Give another unit, "{score}" for points, or none.'
        raise asked.error(by.id, *key, found=error.sentence.rstrip("."), todo=todo) from None


def _assumed(match: Match | None, by: Question) -> str:
    if by.is_answered:
        return ""
    if match is None:
        return "A number, until the question is answered"
    return f'Taken from the words "{match.words}"'


def _only_text(measured: tuple[Measured, ...]) -> str:
    """A text is collected and cannot be analysed, so it answers no outcome."""
    return "Collected as a text, which is listed and not analysed" if measured and all(one.is_text for one in measured) else ""


def _short(words: str) -> str:
    return words if len(words) <= 160 else words[:157] + "..."
