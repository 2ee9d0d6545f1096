"""The rows of the form: for each item its field, what it was before, what is asked of it, and what stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from markupsafe import Markup

from trialwright.conduct.decision import Reason
from trialwright.conduct.events import ValueEntered
from trialwright.conduct.sentences import word
from trialwright.conduct.states import QueryState
from trialwright.conduct.values import MISSING_CODES
from trialwright.study.model import Criterion, Item, Text
from trialwright.web.fields import FieldError
from trialwright.web.form.before import Before, find_before, read_cell, show_change
from trialwright.web.form.problems import Problems, asked_of
from trialwright.web.form.proposed import Proposed, find_proposed
from trialwright.web.form.saves import Earlier, Save, history_of
from trialwright.web.form.sheet import Sheet
from trialwright.web.form.typed import Cell, Typed, read_date
from trialwright.web.form.why import find_criteria
from trialwright.web.format import day, quantity, said, unit_text, words
from trialwright.web.labels import label

_MOST_RADIOS = 6


@dataclass(frozen=True, kw_only=True)
class Row:
    """One item as the template draws it. `other_calendar` echoes a typed date; `theirs` is the other side of a conflict,
    `proposed` what results say of it,
    where the form has a rule for that (`has_proposal`)."""

    item: Item
    cell: Cell
    shown: Markup
    is_closed: bool
    before: Markup
    change: Markup
    other_calendar: Markup
    asked: tuple[Text, ...]
    criteria: tuple[Criterion, ...]
    errors: tuple[Reason, ...]
    theirs: Earlier | None
    proposed: Proposed | None
    has_proposal: bool
    history: tuple[Earlier, ...]
    queries: tuple[QueryState, ...]

    @property
    def control(self) -> str:
        """Which control asks it: radios, a list, a long text or a line."""
        kind = self.item.concept.kind
        if kind == "boolean":
            return "radios"
        if kind == "choice":
            return "radios" if len(self.item.concept.choices) <= _MOST_RADIOS else "select"
        return "text" if kind == "text" else "line"

    @property
    def choices(self) -> tuple[tuple[str, Text | str], ...]:
        if self.item.concept.kind == "boolean":
            return (("yes", _("yes")), ("no", _("no")))
        return tuple((choice.code, choice.label) for choice in self.item.concept.choices)

    def show(self, value: ValueEntered) -> Markup:
        """Another value of the same item in words."""
        return show_value(self.item, value)

    @property
    def unit(self) -> str:
        return self.cell.unit or self.item.concept.unit

    @property
    def missing_codes(self) -> tuple[tuple[str, Text], ...]:
        return tuple((code, word("missing", code)) for code in MISSING_CODES)

    @property
    def described_by(self) -> str:
        """The ids of what explains the field, for those who hear the page."""
        parts = (
            ("help", self.item.help or self.asked or self.criteria),
            ("proposed", self.proposed),
            ("error", self.errors or self.theirs),
        )
        return " ".join(f"{name}-{self.item.id}" for name, there in parts if there)


def build_rows(
    sheet: Sheet, typed: Typed, problems: Problems, saves: tuple[Save, ...], theirs: Mapping[str, Earlier]
) -> tuple[tuple[Row, ...], Before | None]:
    """Every row of the form, and the visit that the earlier values are from."""
    before, proposed = find_before(sheet), find_proposed(sheet, typed)
    made = (_row(sheet, item, typed, problems, saves, theirs, before, proposed.get(item.id)) for item in sheet.form.items)
    return tuple(made), before


def _row(
    sheet: Sheet,
    item: Item,
    typed: Typed,
    problems: Problems,
    saves: tuple[Save, ...],
    theirs: Mapping[str, Earlier],
    before: Before | None,
    proposed: Proposed | None,
) -> Row:
    closed, cell = sheet.is_closed(item), typed.cell(item.id)
    earlier = before.saved.values.get(item.id) if before and not closed else None
    saved = sheet.saved.values.get(item.id) if sheet.saved else None
    return Row(
        item=item,
        cell=cell,
        shown=show_value(item, saved),
        is_closed=closed,
        before=show_value(item, earlier, with_unit=False),
        change=show_change(item, earlier, read_cell(item, cell)),
        other_calendar=_other_calendar(item, cell),
        asked=asked_of(sheet.form, item.id),
        criteria=find_criteria(sheet, item.id),
        errors=problems.items.get(item.id, ()),
        theirs=theirs.get(item.id),
        proposed=proposed,
        has_proposal=any(rule.item == item.id for rule in sheet.form.proposals),
        history=history_of(saves, item.id) if not closed else (),
        queries=sheet.queries(item.id),
    )


def show_value(item: Item, value: ValueEntered | None, *, with_unit: bool = True) -> Markup:
    """A saved value in words: a choice by its label, a number as typed with the unit it was typed in, a date in both calendars."""
    if value is None:
        return Markup("")
    if value.missing_code:
        return words(word("missing", value.missing_code))
    match item.concept.kind:
        case "choice":
            return words(next((c.label for c in item.concept.choices if c.code == value.parsed), value.raw))
        case "boolean":
            return words(label(value.parsed == "yes", "yes_no"))
        case "text":
            return said(value.raw)
        case "date":
            return _show_date(value.parsed)
        case "datetime":
            date, _t, clock = value.parsed.partition("T")
            return Markup("{} {}").format(_show_date(date), quantity(clock))
    is_other = value.unit != item.concept.unit
    return quantity(value.raw.strip(), unit_text(value.unit) if with_unit or is_other else "")


def _show_date(text: str) -> Markup:
    try:
        return day(read_date(text))
    except FieldError:
        return quantity(text)


def _other_calendar(item: Item, cell: Cell) -> Markup:
    """The date that was typed, in both calendars, so that a slip of the calendar is seen at once."""
    if item.concept.kind not in {"date", "datetime"}:
        return Markup("")
    read = read_cell(item, cell)
    return _show_date(read.parsed[:10]) if read else Markup("")
