"""Draft: a first study definition from a registry record, valid at once, with a question for every gap.

What the record says is taken with its place; what it leaves open is assumed, with the reason, and asked. Answers close questions;
the same record and the same answers give the same folder to the last byte.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trialwright.registry import Record
from trialwright.study.draft.criteria import read_ages, read_criteria
from trialwright.study.draft.definition import (
    Identity,
    Parts,
    write_analysis,
    write_consent,
    write_eligibility,
    write_endpoints,
    write_safety,
    write_schedule,
    write_study,
)
from trialwright.study.draft.forms import plan_forms
from trialwright.study.draft.outcomes import read_outcomes
from trialwright.study.draft.pages import write_questions, write_readme
from trialwright.study.draft.people import read_people
from trialwright.study.draft.questions import Asked, Question, read_answers
from trialwright.study.draft.story import write_simulation
from trialwright.study.draft.visits import plan_visits
from trialwright.study.model import Study
from trialwright.study.read import read_study
from trialwright.terms.sentences import Text

__all__ = ["Draft", "Question", "draft_study"]

VERSION = "1.0"
_REGISTRIES = {"ClinicalTrials.gov": "ctgov", "IRCT": "irct"}
_EARLIEST = date(2000, 1, 1)
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)  # an id is a folder and part of a ledger's name
_LONGEST_ID = 100


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`files` are the texts of the study folder by path, `record` the registered record's path and bytes."""

    study: Study
    files: Mapping[str, str]
    record: tuple[str, bytes]
    questions: tuple[Question, ...]

    @property
    def open(self) -> tuple[Question, ...]:
        return tuple(question for question in self.questions if question.is_open)


def draft_study(record: Record, content: bytes, *, suffix: str = ".txt", answers: str = "", answers_file: str = "") -> Draft:
    """Draft a study from a record and its bytes; `answers` is the text of a file of answers.

    Raises: StudyError for an answer that cannot be used, with its line.
    """
    asked = Asked(answers=read_answers(answers, file=answers_file or "answers.toml"))
    parts = _read(record, asked)
    protocol = {
        "study": write_study(parts),
        "schedule": write_schedule(parts),
        "eligibility": write_eligibility(parts),
        "endpoints": write_endpoints(parts),
        "analysis": write_analysis(parts),
        "simulation": write_simulation(parts),
        "safety": write_safety(parts),
        **({"concepts": parts.forms.concepts} if parts.forms.concepts else {}),
    }
    files = {f"protocol/{VERSION}/{name}.toml": text for name, text in protocol.items()}
    files |= {f"protocol/{VERSION}/{path}": text for path, text in parts.forms.files.items()}
    files[f"consent/{VERSION}/consent.toml"] = write_consent(parts)
    asked.refuse_unknown()
    path = f"registered/{_day_of(record) or 'undated-1'}{suffix}"
    study = read_study(files, records={path: content})
    pages = {"README.md": write_readme(parts, path), "questions.toml": write_questions(asked)}
    return Draft(study=study, files=files | pages, record=(path, content), questions=tuple(asked))


def _read(record: Record, asked: Asked) -> Parts:
    identity = _identity(record, asked)
    people = read_people(record, asked)
    ages = read_ages(record, asked)
    criteria = read_criteria(record, ages, identity.condition, asked)
    outcomes = read_outcomes(record, asked)
    used = [one for outcome in outcomes for one in outcome.measured]
    start = _start(asked, arms=len(people.arms)) if people.gives_cells else ()
    visits = plan_visits((one.points for one in used), asked)
    return Parts(
        record=record,
        identity=identity,
        people=people,
        ages=ages,
        criteria=criteria,
        outcomes=outcomes,
        visits=visits,
        forms=plan_forms(people, criteria, tuple(used), visits),
        start=start,
        asked=asked,
    )


def _start(asked: Asked, *, arms: int) -> tuple[Question, Question]:
    """With a cell product: from where visits count, and how long after allocation it is given."""
    proposal = "allocation" if arms > 1 else "infusion"
    choices = ("allocation", "infusion")
    zero = asked.ask("time_zero", "choice", "time_zero", place="outcomes", proposal=proposal, choices=choices)
    day = asked.ask("treatment_day", "whole_number", "treatment_day", place="arms", proposal=35)
    return zero, day


def _identity(record: Record, asked: Asked) -> Identity:
    number = asked.ask(
        "registry_number",
        "text",
        "registry_number",
        place="ids.registry",
        proposal=record.identifier or "UNREGISTERED",
        is_gap=record.identifier is None,
        is_safe=False,
    )
    title = (
        record.words("titles.scientific")
        or record.words("titles.public")
        or record.words("summary.text")[:200]
        or str(number.value)
    )
    listed = [record.words(f"{path}.description") for path in record.items("conditions")[:3]]
    condition = asked.ask(
        "condition",
        "text",
        "condition",
        place="conditions",
        proposal="; ".join(one for one in listed if one) or title,
        is_gap=not any(listed),
    )
    prefix = asked.ask("prefix", "text", "prefix", place="conditions", proposal=_prefix(str(condition.value)), is_gap=False)
    language = asked.ask("other_language", "text", "other_language", place="titles", proposal="as_in_the_record")
    return Identity(
        id=_NOT_IN_AN_ID.sub("-", str(number.value))[:_LONGEST_ID],
        registry=_REGISTRIES.get(record.registry, "".join(c for c in record.registry.lower() if c.isalnum()) or "none"),
        prefix=str(prefix.value),
        title=_both(title),
        short_title=_both(_shortened(record.words("titles.public") or title)),
        condition=_both(str(condition.value)),
        day=_first_day(record),
        asked=(number, condition, language),
    )


def _prefix(condition: str) -> str:
    words = [word for word in condition.split() if word[:1].isascii() and word[:1].isalpha()]
    letters = "".join(word[0].upper() for word in words)[:3]
    return letters if len(letters) > 1 else "TW"


def _shortened(words: str) -> str:
    if len(words) <= 90:
        return words
    return f"{words[:89].rsplit(' ', 1)[0]}…"


def _both(words: str) -> Text:
    shown = " ".join(words.split())
    return Text(en=shown, fa=shown)


def _day_of(record: Record) -> str:
    found = record.date_at("dates.registration")
    return str(found.earliest) if found is not None and found.precision == "day" else ""


def _first_day(record: Record) -> date:
    dated = (
        record.date_at(key)
        for key in ("ethics.1.approval_date", "dates.registration", "dates.expected_start", "dates.actual_start")
    )
    return next((one.earliest for one in dated if one is not None), _EARLIEST)
