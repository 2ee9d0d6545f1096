"""What a record leaves open, as questions with stable ids, and the answers that close them.

A question says where in the record the gap is, which kind of answer closes it, and what the draft assumes meanwhile. An answer of
another kind, or to a question that nobody asked, is refused with its line. What the record says plainly is no question, and may be
answered all the same: that is how a reading of ours is corrected.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from trialwright.study.errors import StudyError
from trialwright.study.tables import Table, parse_table
from trialwright.terms.sentences import Text, fill, read_sentences

Kind = Literal["whole_number", "number", "yes_no", "choice", "text", "date", "times", "measures", "arms", "criteria"]
ANSWERS = "answers.toml"

_SENTENCES = Path(__file__).with_name("sentences.toml")
_WRITTEN: Mapping[Kind, tuple[type, ...]] = {
    "whole_number": (int,),
    "number": (int, Decimal),
    "yes_no": (bool,),
    "choice": (str,),
    "text": (str,),
    "date": (date,),
    "times": (str,),
    "measures": (str, dict, list),
    "arms": (list,),
    "criteria": (list,),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """`proposal` is what the draft takes until there is an answer; `is_safe` says whether it may be confirmed as it stands.

    `is_open` is False where the record says it plainly, or where it has been answered.
    """

    id: str
    text: Text
    place: str
    kind: Kind
    proposal: Any
    is_safe: bool
    is_gap: bool
    choices: tuple[str, ...] = ()
    answer: Any = None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None

    @property
    def is_open(self) -> bool:
        return self.is_gap and not self.is_answered

    @property
    def value(self) -> Any:
        return self.proposal if self.answer is None else self.answer


@dataclass(kw_only=True)
class Asked:
    """The questions of one draft as they come up, each with its answer where there is one."""

    answers: Table
    questions: dict[str, Question] = field(default_factory=dict)

    def ask(
        self,
        question_id: str,
        kind: Kind,
        sentence: str,
        *,
        place: str,
        proposal: Any,
        is_gap: bool = True,
        is_safe: bool = True,
        choices: tuple[str, ...] = (),
        **facts: object,
    ) -> Question:
        """Put a question, or note what the record says where `is_gap` is False. Raises: StudyError for an ill-typed answer."""
        question = Question(
            id=question_id,
            text=fill(read_sentences(_SENTENCES)[sentence], **facts),
            place=place,
            kind=kind,
            proposal=proposal,
            is_gap=is_gap,
            is_safe=is_safe,
            choices=choices,
            answer=self._answer(question_id, kind, choices),
        )
        self.questions[question_id] = question
        return question

    def refuse_unknown(self) -> None:
        """Raises: StudyError for an answer to a question that the draft does not have."""
        for name in self.answers.values:
            if name not in self.questions:
                near = _nearest(name, tuple(self.questions))
                raise self.answers.error(name, found="no question of this draft", todo=f"Remove it or correct its name{near}.")

    def error(self, question_id: str, *keys: str | int, found: str, expected: str = "", todo: str) -> StudyError:
        """An error at the answer that was given, or at the record's own words where none was."""
        if question_id in self.answers.values:
            return self.answers.error(question_id, *keys, found=found, expected=expected, todo=todo)
        return StudyError(file="questions.toml", path=question_id, found=found, expected=expected, todo=todo)

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions.values())

    def _answer(self, name: str, kind: Kind, choices: tuple[str, ...]) -> Any:
        if name not in self.answers.values:
            return None
        value = self.answers.values[name]
        written = _WRITTEN[kind]
        if not isinstance(value, written) or (isinstance(value, bool) and bool not in written):
            raise self.answers.error(name, found=f"found {_shown(value)}", expected=describe_kind(kind), todo=_TODO[kind])
        if choices and isinstance(value, str) and value not in choices:
            raise self.answers.error(name, found=f'found "{value}"', expected=f"one of {', '.join(choices)}", todo=_TODO["choice"])
        if isinstance(value, str) and not value.strip():
            raise self.answers.error(name, found="found an empty text", expected=describe_kind(kind), todo=_TODO[kind])
        return value


def read_answers(text: str, *, file: str = ANSWERS) -> Table:
    """Read a file of answers, question id = answer. Raises: StudyError with the line of a syntax error."""
    return parse_table(file, text)


def basis(asked: tuple[Question, ...] = (), *, record: str = "", assumed: str = "") -> dict[str, str]:
    """Where a fact comes from, with the questions about it: those open, or all of them with their answers once none is open."""
    gaps = [question for question in asked if question.is_gap or question.is_answered]
    open_ones = [question for question in gaps if question.is_open]
    found = {"from": record, "assumed": assumed}
    if open_ones:
        found["question"] = " ".join(f"[{one.id}] {one.text.en}" for one in open_ones)
    elif gaps:
        found |= {
            "question": " ".join(one.text.en for one in gaps),
            "answer": " ".join(f"{one.id}: {_said(one.answer)}" for one in gaps),
        }
    return {key: value for key, value in found.items() if value}


def _said(answer: Any) -> str:
    if isinstance(answer, list):
        return f"{len(answer)} given"
    if isinstance(answer, dict):
        return str(answer.get("concept") or answer.get("kind") or "given")
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)


def _nearest(name: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f', for instance "{near[0]}"' if near else ""


def _shown(value: Any) -> str:
    names = {bool: "true or false", int: "a whole number", Decimal: "a number", list: "a list", dict: "a table", str: "a text"}
    return names.get(type(value), "a date")


_EXPECTED: Mapping[Kind, str] = {
    "whole_number": "a whole number",
    "number": "a number",
    "yes_no": "true or false",
    "choice": "one of its choices, in quotes",
    "text": "a text in quotes",
    "date": "a date",
    "times": "time points in words, in quotes",
    "measures": "what is measured: a name, a table, or a list of them",
    "arms": "a list of tables, one an arm",
    "criteria": "a list of tables, one a criterion",
}
_TODO: Mapping[Kind, str] = {
    "whole_number": "Write digits without quotes",
    "number": "Write digits without quotes",
    "yes_no": "Write true or false, without quotes",
    "choice": "Choose one of them, in quotes",
    "text": 'Write it in quotes: "..."',
    "date": "Write it as 2024-05-31, without quotes",
    "times": 'Write for instance "baseline, 1, 3 and 6 months"',
    "measures": 'Write for instance "creatinine", or { kind = "decimal", unit = "mg/dL" }',
    "arms": 'Write for instance [{ id = "treated", planned = 20 }, { id = "control", planned = 20 }]',
    "criteria": 'Write for instance [{ id = "age", kind = "inclusion", text = { en = "...", fa = "..." }, rule = "..." }]',
}


def describe_kind(kind: Kind, choices: tuple[str, ...] = ()) -> str:
    """Say which kind of answer is expected, with its choices where there are any."""
    return f"one of {', '.join(choices)}, in quotes" if choices else _EXPECTED[kind]
