"""A study as plain tables and back: the neutral middle between a definition and a standard that has its own idea of one.

`study_tables` gives what a study says as the keys and values of its TOML files, whichever file or library a fact came from and
without what is a default. `definition_files` writes such tables as the files of a study folder. Going there and back gives the
same study; the files differ (comments, order, what came from the library), and so does their digest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from trialwright.study.concepts import ADVERSE_EVENTS_FILE, CONCEPTS_FILE, library_text, read_concepts
from trialwright.study.draft.write import write_table, write_tables
from trialwright.study.model import Basis, Concept, Form, Intervention, Item, Study
from trialwright.study.tables import BASIS_KEYS

Row = dict[str, Any]
Tables = dict[str, Any]
_HEAD = ("id", "registry", "prefix", "title", "short_title", "condition", "rehearsal_only", "sample_size", "permits", "build")
_AGES = ("minimum_age_years", "maximum_age_years")
_LISTS = {"arms": "arm", "epochs": "epoch", "encounters": "encounter", "strata": "stratum", "criteria": "criterion"}
_MORE_LISTS = {"washouts": "washout", "outcomes": "outcome"}
_SINGLE = ("allocation", "screening", "prior_therapy", "safety")
_OWN = {"consents": "consent", "safety_references": "safety_reference"}


def study_tables(study: Study) -> Tables:
    """Give everything a study says, but its registered records, as TOML keys and values."""
    tables: Tables = {name: as_row(getattr(study, name)) for name in _SINGLE if getattr(study, name) is not None}
    tables |= {key: [as_row(one) for one in getattr(study, name)] for name, key in (_LISTS | _MORE_LISTS | _OWN).items()}
    head = {name: as_value(getattr(study, name)) for name in (*_HEAD, *_AGES)}
    return tables | {
        "version": study.protocol_version,
        "study": {key: value for key, value in head.items() if value is not None and not (key == "build" and value == 0)},
        "plain": as_value(study.plain),
        "intervention": [_intervention(one) for one in study.interventions],
        "concept": {concept.id: _concept(concept) for concept in _concepts(study)},
        "form": [_form(study.forms[name], study) for name in sorted(study.forms)],
        "intercurrent_event": _events(study),
        "endpoint": [_endpoint(one) for one in study.endpoints],
        "analysis": _renamed(as_row(study.analysis), {"responses": "response"}),
        "laboratory": [_renamed(as_row(one), {"ranges": "range"}) for one in study.laboratories],
        "published": [_renamed(as_row(one), {"facts": "fact"}) for one in study.published],
        "simulation": as_value(study.simulation),
    }


def definition_files(tables: Mapping[str, Any]) -> dict[str, str]:
    """Write tables as path -> text of one protocol version with what is approved on its own."""
    folder = f"protocol/{tables['version']}"
    return {
        f"{folder}/study.toml": _study_text(tables),
        f"{folder}/schedule.toml": _join(_one(tables, "screening"), _many(tables, "epoch"), _many(tables, "encounter")),
        f"{folder}/eligibility.toml": _join(_one(tables, "prior_therapy"), _many(tables, "washout"), _many(tables, "criterion")),
        f"{folder}/endpoints.toml": _join(
            _many(tables, "outcome"),
            _many(tables, "intercurrent_event"),
            write_tables("endpoint", tables["endpoint"], below="estimand"),
        ),
        f"{folder}/analysis.toml": _analysis_text(tables["analysis"]),
        f"{folder}/safety.toml": write_table(tables["safety"]),
        f"{folder}/simulation.toml": write_table(tables["simulation"]),
        **{f"{folder}/forms/{form['id']}.toml": _form_text(form) for form in tables["form"]},
        **_concept_files(tables["concept"], folder),
        **{f"consent/{one['version']}/consent.toml": write_table(one) for one in tables["consent"]},
        **{
            f"safety_reference/{one['version']}/safety_reference.toml": write_table(one)
            for one in tables.get("safety_reference", [])
        },
        **{f"laboratories/{one['id']}.toml": write_table(one) for one in tables.get("laboratory", [])},
        **{f"published/{one['id']}.toml": write_table(one) for one in tables.get("published", [])},
    }


def as_row(part: Any) -> Row:
    """A dataclass as the keys of its table: without defaults, the basis as the four words beside the fact."""
    row: Row = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, Basis):
            row |= {key: getattr(value, name) for key, name in BASIS_KEYS.items() if getattr(value, name)}
        elif value != field.default:
            row[field.name] = as_value(value)
    return row


def as_value(value: Any) -> Any:
    if is_dataclass(value):
        return as_row(value)
    if isinstance(value, Mapping):
        return {key: as_value(one) for key, one in value.items()}
    return [as_value(one) for one in value] if isinstance(value, tuple | list) else value


def _renamed(row: Row, names: Mapping[str, str]) -> Row:
    return {names.get(key, key): value for key, value in row.items()}


def _intervention(intervention: Intervention) -> Row:
    row = as_row(intervention)
    if "regimen" in row:
        row["regimen"] = _renamed(row["regimen"], {"drugs": "drug", "changes": "change"})
    return row


def _concepts(study: Study) -> Iterable[Concept]:
    return {item.concept.id: item.concept for form in study.forms.values() for item in form.items}.values()


def _concept(concept: Concept) -> Row:
    return {key: value for key, value in as_row(concept).items() if key != "id"}


def _form(form: Form, study: Study) -> Row:
    row = {key: value for key, value in as_row(form).items() if key not in ("items", "checks")}
    row = _renamed(row, {"proposals": "proposal"})
    derivations = [as_row(one) for one in study.derivations if one.form == form.id]
    return row | {
        "item": [_item(one) for one in form.items],
        "check": [as_row(one) for one in form.checks],
        "derivation": [{key: value for key, value in one.items() if key != "form"} for one in derivations],
    }


def _item(item: Item) -> Row:
    row = as_row(item) | {"concept": item.concept.id}
    if item.label == item.concept.label:
        del row["label"]
    return row


def _events(study: Study) -> list[Row]:
    events = {event.id: event for endpoint in study.endpoints for event in endpoint.estimand.intercurrent_events}
    return [as_row(event) for event in events.values()]


def _endpoint(endpoint: Any) -> Row:
    row = as_row(endpoint)
    ids = [event.id for event in endpoint.estimand.intercurrent_events]
    row["estimand"] = {key: value for key, value in row["estimand"].items() if key != "intercurrent_events"}
    return row | {"estimand": row["estimand"] | ({"intercurrent_events": ids} if ids else {})}


def _join(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _one(tables: Mapping[str, Any], key: str) -> str:
    return write_table(tables[key], key) if key in tables else ""


def _many(tables: Mapping[str, Any], key: str) -> str:
    return write_tables(key, tables.get(key, []))


def _study_text(tables: Mapping[str, Any]) -> str:
    return _join(
        write_table(tables["study"]),
        _many(tables, "arm"),
        _many(tables, "intervention"),
        _one(tables, "allocation"),
        _many(tables, "stratum"),
        *(write_table(text, f"plain.{name}") for name, text in tables["plain"].items()),
    )


def _analysis_text(analysis: Mapping[str, Any]) -> str:
    head = {key: value for key, value in analysis.items() if key not in ("primary", "response")}
    return _join(write_table(head), _one(analysis, "primary"), _many(analysis, "response"))


def _form_text(form: Mapping[str, Any]) -> str:
    parts = ("item", "check", "proposal", "derivation")
    head = {key: value for key, value in form.items() if key not in parts}
    return _join(write_table(head), *(_many(form, part) for part in parts))


def _concept_files(concepts: Mapping[str, Row], folder: str) -> dict[str, str]:
    """Those of the shared library are taken from it; where that means something else by an id, all stand beside the trial."""
    text = library_text(CONCEPTS_FILE, {}) or ""
    library = {name: _concept(concept) for name, concept in read_concepts(text).items()}
    own = {name: row for name, row in concepts.items() if library.get(name) != row}
    if not own:
        return {}
    if set(own) & set(library):
        return {CONCEPTS_FILE: _concepts_text(concepts), ADVERSE_EVENTS_FILE: library_text(ADVERSE_EVENTS_FILE, {}) or ""}
    return {f"{folder}/concepts.toml": _concepts_text(own)}


def _concepts_text(concepts: Mapping[str, Row]) -> str:
    lists = {name: row["choices"] for name, row in concepts.items() if row.get("choices")}
    rows = {name: row | ({"choices": name} if name in lists else {}) for name, row in concepts.items()}
    return _join(
        "[code_list]\n" if not lists else "",
        *(write_table({"choices": choices}, f"code_list.{name}") for name, choices in lists.items()),
        *(write_table(row, f"concept.{name}") for name, row in rows.items()),
    )
