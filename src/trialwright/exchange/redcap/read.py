"""A REDCap data dictionary as forms.

A dictionary holds forms and fields; events, repeats and who may enter what are not in it. REDCap asks again where a number is
outside its limits and lets it stand, so limits become soft checks. A field that shows only in a case becomes an item that need not
be answered, with a check that it is empty in every other case.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from trialwright.exchange.foreign_forms import ForeignCheck, ForeignForm, ForeignItem, WrittenForms, make_id, write_forms
from trialwright.exchange.identities import asks_identity
from trialwright.exchange.plain_text import both, plain
from trialwright.exchange.redcap.branching import Known, UncertainError, translate
from trialwright.exchange.redcap.fields import (
    IDENTITY_VALIDATIONS,
    choices_of,
    has_lost_choices,
    items_of,
    left_out,
    limits_of,
    shape_of,
)
from trialwright.exchange.redcap.rows import Row, read_rows
from trialwright.exchange.remarks import Remark, remark
from trialwright.exchange.wording import say
from trialwright.terms.sentences import Text

_YES = ("y", "yes", "1", "true")


@dataclass(frozen=True, kw_only=True)
class Dictionary:
    """What a data dictionary gives: the forms as files, and everything that did not arrive as it stood."""

    written: WrittenForms
    remarks: tuple[Remark, ...]


@dataclass(kw_only=True)
class _Reading:
    forms: dict[str, ForeignForm] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    known: dict[str, dict[str, Known]] = field(default_factory=dict)
    section: str = ""
    matrix: str = ""


def read_dictionary(content: bytes, *, name: str = "dictionary.csv") -> Dictionary:
    """Read a data dictionary. Raises: ExchangeError where the file as a whole cannot be read."""
    rows, unknown = read_rows(content, name=name)
    reading = _Reading()
    if rows[0].type == "text":  # REDCap's first field is always the record's own id
        reading.remarks.append(remark("left_out", "redcap_record_id", _place(rows[0]), rows[0].label))
        rows = rows[1:]
    fields = [(row, items) for row in rows if (items := _read_field(row, reading))]
    for row, items in fields:
        _read_limits(row, items, reading)
        _read_branching(row, items, reading)
    reading.remarks += [remark("left_out", "redcap_column", name, column) for column in unknown]
    reading.remarks += [remark("question", "redcap_schedule", name), remark("changed", "one_language", name)]
    return Dictionary(written=write_forms(reading.forms.values()), remarks=tuple(reading.remarks))


def _read_field(row: Row, reading: _Reading) -> list[ForeignItem]:
    """Make the items of one field in its form; none where it is refused or has no home, which is remarked."""
    form = _form(row, reading)
    if row.section:
        reading.section = plain(row.section)
    label = plain(row.label) or row.variable
    if reason := _identity(row, label):
        reading.remarks.append(remark("refused", reason, _place(row), label))
        return []
    if code := left_out(row) or _unusable_choices(row):
        reading.remarks.append(remark("left_out", f"redcap_{code}", _place(row), f"{label} {row.choices}".strip(), type=row.type))
        return []
    return _add_items(row, form, _base(row, label, reading), reading)


def _form(row: Row, reading: _Reading) -> ForeignForm:
    if row.form not in reading.forms:
        form_id = make_id(row.form, {form.id for form in reading.forms.values()}, "form")
        reading.forms[row.form] = ForeignForm(id=form_id, label=both(plain(row.form).replace("_", " ").capitalize() or form_id))
        reading.known[row.form] = {}
        reading.section = ""
    return reading.forms[row.form]


def _identity(row: Row, label: str) -> str:
    if row.identifier.lower() in _YES:
        return "redcap_identifier"
    if row.validation.lower().startswith(IDENTITY_VALIDATIONS):
        return "identity"
    return "identity" if asks_identity(row.variable, label) else ""


def _unusable_choices(row: Row) -> str:
    chooses = row.type in ("dropdown", "select", "radio", "checkbox")
    return "no_choices" if chooses and not choices_of(row) else ""


def _base(row: Row, label: str, reading: _Reading) -> ForeignItem:
    """What all items of a field share; kind and choices come after."""
    heading, reading.section = reading.section, ""
    if row.matrix and row.matrix != reading.matrix:
        heading = " · ".join(words for words in (heading, plain(row.matrix)) if words)
    reading.matrix = row.matrix
    note = " · ".join(words for words in (plain(row.note), plain(row.choices) if row.type == "slider" else "") if words)
    annotation = plain(row.annotation)
    return ForeignItem(
        id=row.variable,
        label=both(label),
        kind="text",
        source=f"REDCap {row.variable}" + (f"; annotation: {annotation}" if annotation else ""),
        required=row.required.lower() in _YES and not row.branching,
        help=both(note) if note else None,
        heading=heading,
    )


def _add_items(row: Row, form: ForeignForm, base: ForeignItem, reading: _Reading) -> list[ForeignItem]:
    items: list[ForeignItem] = []
    for redcap_name, item in items_of(row, base):
        made = replace(item, id=make_id(redcap_name, reading.taken), heading="" if items else item.heading)
        reading.taken.add(made.id)
        reading.known[row.form][redcap_name] = Known(id=made.id, kind=made.kind, choices=made.choices)
        items.append(made)
    form.items += items
    reading.remarks += _changes(row, items)
    return items


def _changes(row: Row, items: list[ForeignItem]) -> list[Remark]:
    """What arrived in another shape, field by field."""
    place, found = _place(row), []
    plainly = row.type not in ("dropdown", "select", "radio", "checkbox")
    if [item.id for item in items] != [row.variable]:
        found.append(remark("changed", "name", place, row.variable, ids=", ".join(item.id for item in items)))
    if plainly and (code := shape_of(row).changed):
        found.append(remark("changed", f"redcap_{code}", place, row.validation))
    if not plainly and has_lost_choices(row):
        found.append(remark("left_out", "redcap_choice", place, row.choices))
    if row.annotation:
        found.append(remark("changed", "redcap_annotation", place, row.annotation))
    if row.matrix:
        found.append(remark("changed", "redcap_matrix", place, row.matrix))
    found += [remark("left_out", "redcap_setting", place, words) for words in (row.alignment, row.number, row.ranking) if words]
    return found


def _read_limits(row: Row, items: list[ForeignItem], reading: _Reading) -> None:
    low, high, unread = limits_of(row)
    numeric = items[0].kind in ("decimal", "integer")
    if not (row.low or row.high):
        return
    if unread or not numeric:
        reading.remarks.append(remark("question", "redcap_limit", _place(row), f"{row.low} … {row.high}"))
    if not numeric:
        return
    tests = [(">=", low), ("<=", high)]
    parts = [f"{items[0].id} {sign} {_as_double(limit)}" for sign, limit in tests if limit is not None]
    if parts:
        shown = " … ".join(str(limit) if limit is not None else "" for limit in (low, high))
        message = say("check_limits", label=items[0].label, limits=shown)
        _add_check(row, items[0], " && ".join(parts), (items[0].id,), message, reading)


def _as_double(limit: Decimal) -> str:
    text = f"{limit:f}"
    return text if "." in text else f"{text}.0"


def _read_branching(row: Row, items: list[ForeignItem], reading: _Reading) -> None:
    if not row.branching:
        return
    try:
        found = translate(row.branching, reading.known[row.form])
    except UncertainError as error:
        reading.remarks.append(remark("question", "redcap_branching", _place(row), row.branching, piece=str(error)))
        _ask(row, items, reading)
        return
    for item in items:
        message = say("check_only_when", label=item.label, condition=plain(row.branching))
        _add_check(row, item, f"({found.rule}) || !known({item.id})", (item.id, *found.items), message, reading)
    if row.required.lower() in _YES and row.type != "checkbox":
        message = say("check_needed_when", label=items[0].label, condition=plain(row.branching))
        _add_check(row, items[0], f"!({found.rule}) || known({items[0].id})", (items[0].id, *found.items), message, reading)


def _add_check(row: Row, item: ForeignItem, rule: str, items: tuple[str, ...], message: Text, reading: _Reading) -> None:
    names = tuple(dict.fromkeys(items))
    check = ForeignCheck(item=item.id, rule=rule, severity="soft", message=message, items=names, source=f"REDCap {row.variable}")
    reading.forms[row.form].checks.append(check)


def _ask(row: Row, items: list[ForeignItem], reading: _Reading) -> None:
    """Put the original words as a question beside each item that they are about."""
    ids = {item.id for item in items}
    question = say("ask_branching", condition=plain(row.branching)).en
    form = reading.forms[row.form]
    form.items = [replace(item, question=question) if item.id in ids else item for item in form.items]


def _place(row: Row) -> str:
    return f"{row.form}.{row.variable} (line {row.line})"
