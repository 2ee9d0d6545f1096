"""What a person reads beside the definition: the form of questions to fill in, and a page about the folder."""

from textwrap import wrap

from trialwright.study.draft.definition import Parts
from trialwright.study.draft.match import known_measures
from trialwright.study.draft.questions import Asked, Question, describe_kind
from trialwright.study.draft.write import write_value

_HEAD = """\
# Questions that the record leaves open. Fill in this form and draft again with it:
#     trialwright draft RECORD --out NEW-FOLDER --answers THIS-FILE
# A line that begins with "# " and the name of a question is what the draft takes until you answer. Remove the "# " to confirm it,
# or write your own answer instead. Questions marked "no safe default" have to be answered by who knows the trial.
#
# What is measured is a name of the library ("creatinine"), or an item of the trial's own:
#     {{ kind = "decimal", unit = "mg/dL", decimals = 1, low = 0, high = 500 }}    a number; unit = "{{score}}" for points
#     {{ kind = "yes_no" }}      {{ kind = "choice", choices = ["none", "mild", "severe"] }}      {{ kind = "text" }}
#     {{ dropped = "why it is not measured" }}
# or a list of them. Beside them may stand: id, label = {{ en = "...", fa = "..." }}, when = "3 and 6 months", improves = "up" or
# "down", baseline = false; mean and sd, or share (of yes), are for the rehearsal alone.
# The library has, among others:
{library}
"""
_WIDTH, _MARGIN = 128, "#   "
_SETTLED = """\
# What the record says plainly. No answer is needed; one that is given takes its place.
"""


def write_questions(asked: Asked) -> str:
    """The form: open questions, then those answered, then what the record settles."""
    answered = [one for one in asked if one.is_answered]
    still_open = [one for one in asked if one.is_open]
    settled = [one for one in asked if not one.is_gap and not one.is_answered and one.proposal is not None]
    parts = [_head(), *(_open(one) for one in still_open), *(f"{one.id} = {write_value(one.answer)}\n" for one in answered)]
    if settled:
        parts += [_SETTLED, *(f"# {one.id} = {write_value(one.proposal)}\n" for one in settled)]
    return "\n".join(parts)


def _head() -> str:
    names = ", ".join(sorted({name for names in known_measures() for name in names}))
    return _HEAD.format(library="\n".join(wrap(names, _WIDTH, initial_indent=_MARGIN, subsequent_indent=_MARGIN)))


def write_readme(parts: Parts, record: str) -> str:
    """README.md of the folder."""
    identity, people = parts.identity, parts.people
    open_ones = [one for one in parts.asked if one.is_open]
    arms = ", ".join(f"{arm.label.en} ({arm.planned})" for arm in people.arms)
    return "\n".join(
        [
            f"# {identity.id}: {identity.short_title.en}",
            "",
            f"Drafted from the registry record. Planned: {people.sample_size} participants; {arms}.",
            "",
            f"- `{record}` is the record as it came.",
            "- `protocol/1.0/` is a rehearsal version: `from` says where in the record a fact stands, `assumed` is the draft's",
            "  choice where the record is silent, `question` is for the investigator. While one is open no real participant can be",
            "  enrolled.",
            f"- `questions.toml` lists the {len(open_ones)} open questions as a form to fill in.",
            "- `consent/1.0/` holds a plain text of the draft; the record holds none.",
            "",
            "Words of the record stand as they are, in its own language, also where the other language is shown.",
            "",
        ]
    )


def _open(question: Question) -> str:
    safe = "" if question.is_safe else " No safe default."
    below = (question.text.fa, f"In the record: {question.place}. Answer: {describe_kind(question.kind, question.choices)}.{safe}")
    lines = wrap(f"{question.id}: {question.text.en}", _WIDTH, initial_indent="# ", subsequent_indent=_MARGIN)
    lines += [line for words in below for line in wrap(words, _WIDTH, initial_indent=_MARGIN, subsequent_indent=_MARGIN)]
    taken = f"# {question.id} = {write_value(question.proposal)}" if question.proposal is not None else f"# {question.id} ="
    return "\n".join([*lines, taken, ""])
