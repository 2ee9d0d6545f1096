"""Forms from TOML: a trial's own, or a shared one of the library taken as it is (`library_forms` of the schedule) or with changes
(`use = "vitals"`, then `without`, further items, or an item of the same id that replaces it)."""

from collections.abc import Mapping
from dataclasses import dataclass

from trialwright.study.concepts import library_forms, library_text
from trialwright.study.declared import check_rule
from trialwright.study.findings import finding_inputs, findings
from trialwright.study.model import Concept, Derivation, EditCheck, Form, Item, ItemKind, ProposalRule
from trialwright.study.tables import BASIS_KEYS, Table, build, parse_table, suggest


@dataclass(frozen=True, kw_only=True)
class ReadForm:
    """A form, its derivations, and the tables that items, checks and derivations were read from (for errors found later)."""

    form: Form
    derivations: tuple[Derivation, ...]
    table: Table
    places: Mapping[tuple[str, str], Table]


def library_form_file(form_id: str) -> str:
    return f"library/forms/{form_id}.toml"


def read_library_form(
    form_id: str, asked_by: Table, key: tuple[str | int, ...], files: Mapping[str, str], concepts: Mapping[str, Concept]
) -> ReadForm:
    """Read a shared form. Raises: StudyError at `asked_by` when the library has none of that name."""
    file = library_form_file(form_id)
    text = library_text(file, files)
    if text is None:
        raise asked_by.error(
            *key,
            found=f'the library has no form "{form_id}"',
            todo=suggest(form_id, library_forms(), f"Correct the name or write forms/{form_id}.toml", ()),
        )
    return read_form(parse_table(file, text), files, concepts)


def read_form(table: Table, files: Mapping[str, str], concepts: Mapping[str, Concept]) -> ReadForm:
    """Read one form file with its items, checks and derivations."""
    if "use" in table.values:
        return _read_changed(table, files, concepts)
    own = _own_parts(table, concepts)
    form = build(
        Form,
        table,
        given={"items": tuple(own.items.values()), "checks": tuple(own.checks.values()), "proposals": own.proposals},
        also={"item", "check", "derivation", "proposal"},
    )
    derivations = _derivations(own.derivation_tables, form.id)
    if not form.items:
        raise table.error(found="a form without items", todo="Add [[item]].")
    return _checked(ReadForm(form=form, derivations=derivations, table=table, places=own.places))


def _read_changed(table: Table, files: Mapping[str, str], concepts: Mapping[str, Concept]) -> ReadForm:
    base = read_library_form(table.read("use", str), table, ("use",), files, concepts)
    without: tuple[str, ...] = table.read("without", tuple[str, ...], ())
    items = {item.id: item for item in base.form.items}
    for index, item_id in enumerate(without):
        if items.pop(item_id, None) is None:
            raise table.error("without", index, found=f'"{item_id}" is no item of {base.form.id}', todo="Correct the name.")
    own = _own_parts(table, concepts)
    items |= own.items
    checks = {c.id: c for c in base.form.checks if set(c.items) <= set(items)} | own.checks
    taken = ("id", "label", "roles", "repeats", "repeats_planned", "repeat_rule", "collection", "recall", "basis")
    kept = {name: getattr(base.form, name) for name in taken}
    changed = {name for name in kept if name in table.values} | _basis_given(table)
    given = {name: value for name, value in kept.items() if name not in changed}
    proposals = tuple(one for one in base.form.proposals if {one.item, one.cause} <= {*items, ""}) + own.proposals
    given |= {"items": tuple(items.values()), "checks": tuple(checks.values()), "proposals": proposals}
    form = build(Form, table, given=given, also={"use", "without", "item", "check", "derivation", "proposal"})
    derivations = {d.id: d for d in base.derivations} | {d.id: d for d in _derivations(own.derivation_tables, form.id)}
    places = {**base.places, **own.places}
    return _checked(ReadForm(form=form, derivations=tuple(derivations.values()), table=table, places=places))


def _basis_given(table: Table) -> set[str]:
    return {"basis"} if {"from", "assumed", "question", "answer"} & set(table.values) else set()


_ITEM_KEYS = {"id", "concept", "label", "unit", "required", "help", *BASIS_KEYS}


@dataclass(frozen=True, kw_only=True)
class _OwnParts:
    items: dict[str, Item]
    checks: dict[str, EditCheck]
    proposals: tuple[ProposalRule, ...]
    derivation_tables: tuple[Table, ...]
    places: dict[tuple[str, str], Table]


def _own_parts(table: Table, concepts: Mapping[str, Concept]) -> _OwnParts:
    items: dict[str, Item] = {}
    checks: dict[str, EditCheck] = {}
    places: dict[tuple[str, str], Table] = {}
    for row in table.tables("item"):
        item = _item(row, concepts)
        if item.id in items:
            raise row.error("id", found=f'two items "{item.id}"', todo="Rename one.")
        items[item.id] = item
        places["item", item.id] = row
    for row in table.tables("check"):
        check = build(EditCheck, row)
        if check.id in checks:
            raise row.error("id", found=f'two checks "{check.id}"', todo="Rename one.")
        checks[check.id] = check
        places["check", check.id] = row
    proposals = [build(ProposalRule, row) for row in table.tables("proposal")]
    places |= {("proposal", one.item): row for one, row in zip(proposals, table.tables("proposal"), strict=True)}
    rows = table.tables("derivation")
    places |= {("derivation", row.read("id", str)): row for row in rows}
    return _OwnParts(items=items, checks=checks, proposals=tuple(proposals), derivation_tables=rows, places=places)


def _derivations(rows: tuple[Table, ...], form_id: str) -> tuple[Derivation, ...]:
    return tuple(build(Derivation, row, given={"form": form_id}) for row in rows)


def _item(row: Table, concepts: Mapping[str, Concept]) -> Item:
    row.only(_ITEM_KEYS)
    name = row.read("concept", str)
    if name not in concepts:
        todo = suggest(name, concepts, "Correct the name or add it to library/concepts.toml", ())
        raise row.error("concept", found=f'no concept "{name}" in the library', todo=todo)
    concept = concepts[name]
    label = row.read("label", type(concept.label), concept.label)
    item = build(Item, row, given={"concept": concept, "label": label}, also={"concept", "label", "unit"})
    if (unit := row.read("unit", str, concept.unit)) != concept.unit:
        found = f'item {item.id} has unit "{unit}"; the concept {name} is in {concept.unit or "no unit"}'
        todo = f'Give unit = "{concept.unit}" or choose another concept.'
        raise row.error("unit", found=found, todo=todo)
    return item


def _checked(read: ReadForm) -> ReadForm:
    """Refuse checks, proposals and collections that name what the form does not have."""
    form = read.form
    names = check_names(form)
    for check in form.checks:
        row = read.places["check", check.id]
        for index, item_id in enumerate(check.items):
            if form.item(item_id) is None:
                raise row.error("items", index, found=f'"{item_id}" is no item of {form.id}', todo="Correct the name.")
        check_rule(row, (), check.rule, check.proof, names, item_choices(form))
    for proposal in form.proposals:
        _check_proposal(form, proposal, read.places["proposal", proposal.item])
    if form.collection:
        wanted = {
            "volume": (form.collection.volume,),
            "hours": (form.collection.hours,),
            "creatinine": (form.collection.creatinine,),
        }
        for key, item_ids in (wanted | {"opens": form.collection.opens}).items():
            for item_id in item_ids:
                if form.item(item_id) is None:
                    raise read.table.error(
                        "collection", key, found=f'"{item_id}" is no item of {form.id}', todo="Correct the name."
                    )
    return read


def _check_proposal(form: Form, proposal: ProposalRule, row: Table) -> None:
    """A proposal answers a yes-or-no item by a finding that exists, from all of its inputs; the cause is an item of choices."""
    if proposal.finding not in findings():
        todo = suggest(proposal.finding, findings(), "Correct the name", ())
        raise row.error("finding", found=f'no finding "{proposal.finding}"', todo=todo)
    wanted = finding_inputs(proposal.finding)
    if set(proposal.inputs) != set(wanted):
        found = f"inputs {', '.join(sorted(proposal.inputs))}"
        raise row.error("inputs", found=found, expected=", ".join(wanted), todo="Name the item that gives each.")
    for key, name, kind in (("item", proposal.item, "boolean"), ("cause", proposal.cause, "choice")):
        item = form.item(name)
        if name and (item is None or item.concept.kind != kind):
            raise row.error(key, found=f'"{name}" is no {kind} item of {form.id}', todo="Correct the name.")


def check_names(form: Form) -> dict[str, ItemKind]:
    """Give the names that an edit check of this form may read, with their kinds: its items, age and sex."""
    names: dict[str, ItemKind] = {item.id: item.concept.kind for item in form.items}
    return names | {"age_years": "decimal", "sex": "choice"}


def item_choices(*forms: Form) -> dict[str, tuple[str, ...]]:
    """Give the codes that each choice item may take."""
    return {i.id: tuple(c.code for c in i.concept.choices) for form in forms for i in form.items if i.concept.choices}
