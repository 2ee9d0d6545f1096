"""How people type: Persian digits at times, dates of the Persian calendar, an item left out with its reason, at times a slip."""

from collections.abc import Iterable
from datetime import date
from random import Random

from trialwright.conduct.commands import Entered
from trialwright.simulate.rehearse_facts import Facts
from trialwright.study.model import Form, Item
from trialwright.terms.dates import PartialDate
from trialwright.terms.digits import persian_digits

_PERSIAN_FORMS = 0.15
_OPTIONAL_LEFT_OUT = 0.3
SLIPS = ("heart_rate", "urea", "platelets", "alp", "c3", "prednisone_equivalent", "oxygen_saturation")
"""Items in which a rehearsed slip is possible without breaking another rule of the form."""


def type_form(
    form: Form, facts: Facts, *, rng: Random, missing: float, needed: frozenset[str] = frozenset()
) -> tuple[Entered, ...]:
    """Enter a form's items as a person would; each required item, and each that is `needed`, has a value or a reason for none."""
    is_persian = rng.random() < _PERSIAN_FORMS
    typed = (
        _type_item(item, facts[item.id], rng, missing, is_persian=is_persian, is_needed=item.id in needed)
        for item in form.items
        if item.id in facts
    )
    return tuple(entered for entered in typed if entered is not None)


def type_items(form: Form, facts: Facts, items: Iterable[str], rng: Random) -> tuple[Entered, ...]:
    """Enter some items of a form, none of them missing."""
    wanted = set(items)
    is_persian = rng.random() < _PERSIAN_FORMS
    return tuple(Entered(item=i.id, raw=_raw(i, facts[i.id], rng, is_persian=is_persian)) for i in form.items if i.id in wanted)


def find_slip(form: Form, entered: tuple[Entered, ...], rng: Random) -> tuple[Entered, Entered] | None:
    """One value typed wrong and the right one for it, None where this form has no item for it."""
    places = [e for e in entered if e.item in SLIPS and e.raw.isascii() and e.raw.replace(".", "").isdigit()]
    if not places:
        return None
    right = rng.choice(places)
    item = form.item(right.item)
    if item is None:
        return None
    wrong = f"{float(right.raw) * rng.choice((0.87, 1.12)):.{item.concept.decimals}f}"
    high = item.concept.high
    if wrong == right.raw or (high is not None and float(wrong) > high):
        return None
    return Entered(item=right.item, raw=wrong), right


def _type_item(item: Item, value: str, rng: Random, missing: float, *, is_persian: bool, is_needed: bool = False) -> Entered | None:
    if not item.required and not is_needed and rng.random() < _OPTIONAL_LEFT_OUT:
        return None
    if rng.random() < missing:
        return Entered(item=item.id, missing_code=rng.choice(("not_done", "not_done", "unknown")))
    return Entered(item=item.id, raw=_raw(item, value, rng, is_persian=is_persian))


def _raw(item: Item, value: str, rng: Random, *, is_persian: bool) -> str:
    kind = item.concept.kind
    if kind in ("date", "datetime") and rng.random() < 0.4:
        day, space, rest = value.partition(" ")
        jalali = f"{PartialDate.from_date(date.fromisoformat(day)).in_jalali()}"
        return f"{persian_digits(jalali) if is_persian else jalali}{space}{rest}"
    if kind in ("decimal", "integer") and is_persian:
        return persian_digits(value).replace(".", "٫")
    return value
