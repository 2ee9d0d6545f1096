"""The same item at the visit before, and how far the value in the field is from it."""

from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from django.utils.translation import gettext as _
from markupsafe import Markup

from trialwright.conduct.commands import Entered
from trialwright.conduct.events import ValueEntered
from trialwright.conduct.states import FormState
from trialwright.conduct.values import parse_value
from trialwright.study.model import Encounter, Item
from trialwright.web.form.sheet import Sheet
from trialwright.web.form.typed import Cell
from trialwright.web.format import quantity, words
from trialwright.web.participants.visits import seen_encounters


@dataclass(frozen=True, kw_only=True)
class Before:
    """The newest earlier visit at which the form was saved, with the entry of it that counts."""

    encounter: Encounter
    saved: FormState


def find_before(sheet: Sheet) -> Before | None:
    """The visit before this one in the schedule that has the form, among those the person may see."""
    earlier = []
    for encounter in seen_encounters(sheet.desk, sheet.study):
        if encounter.id == sheet.encounter.id:
            break
        earlier.append(encounter)
    for encounter in reversed(earlier):
        if (saved := _counting(sheet, encounter.id)) is not None:
            return Before(encounter=encounter, saved=saved)
    return None


def read_cell(item: Item, cell: Cell) -> ValueEntered | None:
    """The value of a field as the machine reads it, None where it has none or cannot be read."""
    if cell.is_empty or cell.missing_code:
        return None
    read = parse_value(item, Entered(item=item.id, raw=cell.raw, unit=cell.unit))
    return read if isinstance(read, ValueEntered) else None


def show_change(item: Item, before: ValueEntered | None, now: ValueEntered | None) -> Markup:
    """The change since the visit before: in percent for a number, a word for a choice, nothing where either is missing."""
    if before is None or now is None or not before.parsed or not now.parsed:
        return Markup("")
    match item.concept.kind:
        case "decimal" | "integer":
            return _relative(Decimal(before.parsed), Decimal(now.parsed))
        case "choice" | "boolean":
            return words("" if before.parsed == now.parsed else _("changed"))
    return Markup("")


def _relative(before: Decimal, now: Decimal) -> Markup:
    if before == now:
        return quantity("0", "%")
    if before == 0:
        return words(_("was 0"))
    percent = ((now - before) / abs(before) * 100).quantize(Decimal(1))
    return quantity(f"{percent:+f}", "%")


def _counting(sheet: Sheet, encounter: str) -> FormState | None:
    """Of several entries the newest that was not judged incomplete."""
    mine = ((r, s) for (e, f, r), s in sheet.state.forms.items() if (e, f) == (encounter, sheet.form.id))
    found = sorted(mine, key=itemgetter(0))
    kept = [saved for _repeat, saved in found if saved.judgement is None or saved.judgement.counts]
    return kept[-1] if kept else None
