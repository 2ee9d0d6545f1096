"""A timed collection beside the participant's own earlier ones: the panel in which it is judged, and the drawing of its creatinine.

The machine assesses; the drawing only sets the numbers side by side.
"""

from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from trialwright.conduct.collections import Assessment, assess_collection
from trialwright.conduct.commands import JudgeCollection
from trialwright.conduct.sentences import word
from trialwright.conduct.states import FormState
from trialwright.measures.urine.collection_completeness import TOLERANCE
from trialwright.study.model import Text
from trialwright.web.form.sheet import Sheet
from trialwright.web.participants.visits import seen_encounters

_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 292, 10, 84
_MOST_JUGS = 8


@dataclass(frozen=True, kw_only=True)
class Jug:
    """One collection in the drawing. Units: mg of creatinine a day; places on a drawing of 300 by 110."""

    visit: Text
    milligrams: int
    x: float
    y: float
    is_this: bool
    is_incomplete: bool


@dataclass(frozen=True, kw_only=True)
class Chart:
    """`low` and `high` bound what is expected of a complete jug, 0 where nothing can be expected."""

    jugs: tuple[Jug, ...]
    low: int
    high: int
    low_y: float
    high_y: float


@dataclass(frozen=True, kw_only=True)
class Panel:
    """What the panel shows: the machine's assessment, or the judgement that was made."""

    assessment: Assessment
    chart: Chart | None
    may_judge: bool
    judged: Text | None


def build_panel(sheet: Sheet) -> Panel | None:
    """The panel of a collection that was saved; None for other forms and before the first save."""
    if sheet.form.collection is None or sheet.saved is None:
        return None
    assessment = assess_collection(sheet.study, sheet.state, sheet.encounter.id, sheet.form.id, sheet.repeat)
    can = sheet.is_mine and sheet.may(JudgeCollection) and sheet.saved.judgement is None and assessment.reason is None
    made = sheet.saved.judgement
    judged = word("judgement", made.judgement) if made else None
    return Panel(assessment=assessment, chart=_chart(sheet, assessment), may_judge=can, judged=judged)


def _chart(sheet: Sheet, assessment: Assessment) -> Chart | None:
    found = [*_earlier(sheet), (sheet.encounter.label, _mg(assessment.creatinine_mg_per_day), True, False)]
    shown = [one for one in found if one[1]][-_MOST_JUGS:]
    if not shown:
        return None
    expected = _mg(assessment.expected_mg_per_day)
    low, high = round(expected * (1 - TOLERANCE)), round(expected * (1 + TOLERANCE))
    top = max([milligrams for _label, milligrams, _this, _incomplete in shown] + [high]) * 1.1
    step = (_RIGHT - _LEFT) / len(shown)

    def y(milligrams: int) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * milligrams / top, 1)

    jugs = tuple(
        Jug(
            visit=label,
            milligrams=milligrams,
            x=round(_LEFT + step * (place + 0.5), 1),
            y=y(milligrams),
            is_this=is_this,
            is_incomplete=is_incomplete,
        )
        for place, (label, milligrams, is_this, is_incomplete) in enumerate(shown)
    )
    return Chart(jugs=jugs, low=low, high=high, low_y=y(low), high_y=y(high))


def _earlier(sheet: Sheet) -> list[tuple[Text, int, bool, bool]]:
    """The judged jugs of earlier visits and repeats, in the order of the schedule."""
    found = []
    for encounter in seen_encounters(sheet.desk, sheet.study):
        saved = sorted(
            ((r, s) for (e, f, r), s in sheet.state.forms.items() if (e, f) == (encounter.id, sheet.form.id)), key=itemgetter(0)
        )
        for repeat, one in saved:
            if (encounter.id, repeat) == (sheet.encounter.id, sheet.repeat):
                return found
            found.append((encounter.label, *_judged(one)))
    return found


def _judged(saved: FormState) -> tuple[int, bool, bool]:
    judged = saved.judgement
    return (_mg(judged.creatinine_mg_per_day) if judged else 0, False, judged is not None and not judged.counts)


def _mg(text: str) -> int:
    return int(Decimal(text).to_integral_value()) if text else 0
