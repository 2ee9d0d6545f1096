"""Where each reason of a refusal is shown: at its field, at the date, at the reason box, or above the form."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from trialwright.conduct.decision import Reason
from trialwright.study.model import Form, Text

_AT_DATE = {"form.window", "form.date_change", "form.future", "form.consent", "form.withdrawn"}
_DIFFERS = "proposal."
_ASK_REASON = {"form.window", "form.date_change", "form.correction"}


@dataclass(frozen=True, kw_only=True)
class Problems:
    """Reasons by place. `date_error` is a date that could not be read at all; `needs_reason` opens the reason box."""

    items: dict[str, tuple[Reason, ...]] = field(default_factory=dict)
    date: tuple[Reason, ...] = ()
    box: tuple[Reason, ...] = ()
    elsewhere: tuple[Reason, ...] = ()
    date_error: str = ""
    needs_reason: bool = False

    @property
    def count(self) -> int:
        return sum(map(len, self.items.values())) + len(self.date) + len(self.box) + len(self.elsewhere) + bool(self.date_error)


def place_reasons(form: Form, reasons: Iterable[Reason]) -> Problems:
    """Put each reason where it is read; one whose place is not known stands above the form, never nowhere."""
    items: dict[str, tuple[Reason, ...]] = {}
    date: list[Reason] = []
    box: list[Reason] = []
    elsewhere: list[Reason] = []
    soft = {f"check.{check.id}" for check in form.checks if check.severity == "soft"}
    needs_reason = False
    for reason in reasons:
        item = _item_of(form, reason.rule)
        needs_reason = needs_reason or reason.rule in _ASK_REASON or reason.rule in soft or reason.rule.startswith(_DIFFERS)
        if item:
            items[item] = (*items.get(item, ()), reason)
        elif reason.rule in _AT_DATE:
            date.append(reason)
        elif reason.rule == "form.correction":
            box.append(reason)
        else:
            elsewhere.append(reason)
    return Problems(items=items, date=tuple(date), box=tuple(box), elsewhere=tuple(elsewhere), needs_reason=needs_reason)


def _item_of(form: Form, rule: str) -> str:
    """The item at which a rule of an item or of a check is shown, "" where there is none."""
    kind, _dot, name = rule.partition(".")
    if kind in ("item", "proposal"):
        return name if form.item(name) else ""
    check = next((check for check in form.checks if kind == "check" and check.id == name), None)
    return next((item for item in check.items if form.item(item)), "") if check else ""


def asked_of(form: Form, item: str) -> tuple[Text, ...]:
    """What the checks of a form ask of an item, in their own words."""
    return tuple(check.message for check in form.checks if item in check.items)
