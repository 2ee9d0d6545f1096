"""A study from the texts of its files: pure, so that a definition can be rebuilt from the bytes that an approval kept."""

from collections.abc import Mapping
from dataclasses import MISSING
from decimal import Decimal
from typing import Any

from trialwright.study.agreement import check_agreement
from trialwright.study.concepts import ADVERSE_EVENTS_FILE, CONCEPTS_FILE, library_text, read_concepts, with_own_concepts
from trialwright.study.digest import files_digest
from trialwright.study.forms import ReadForm, library_form_file, read_form, read_library_form
from trialwright.study.model import (
    AllocationRule,
    AnalysisPlan,
    Arm,
    Choice,
    Concept,
    Consent,
    Criterion,
    Drug,
    Encounter,
    Endpoint,
    Epoch,
    Estimand,
    IntercurrentEvent,
    Intervention,
    Laboratory,
    PermittedChange,
    PrimaryAnalysis,
    PriorTherapy,
    PublishedDocument,
    PublishedFact,
    ReferenceRange,
    Regimen,
    RegisteredOutcome,
    Rescue,
    ResponseUse,
    SafetyPlan,
    SafetyReference,
    ScreeningRule,
    Stratum,
    Study,
    Washout,
)
from trialwright.study.sources import Sources, sort_files
from trialwright.study.tables import BASIS_KEYS, Table, build, parse_table, read_basis, read_fields
from trialwright.terms.sentences import Text

TOP_KEYS = {
    "study": {"arm", "intervention", "allocation", "stratum", "plain", "minimum_age_years", "maximum_age_years"}
    | {"id", "registry", "prefix", "title", "short_title", "condition", "rehearsal_only", "sample_size", "permits", "build"},
    "schedule": {"library_forms", "screening", "epoch", "encounter"},
    "eligibility": {"criterion", "prior_therapy", "washout"},
    "endpoints": {"outcome", "intercurrent_event", "estimand", "endpoint"},
    "analysis": {"confidence", "primary", "response"},
    "safety": {"ctcae_version", "terms", "library_terms", "special_interest", "serious_report_hours", *BASIS_KEYS},
}
"""What may stand at the top of the files that are read in parts; what is none of it is refused before anything is missed."""


def read_study(files: Mapping[str, str], *, records: Mapping[str, bytes] | None = None) -> Study:
    """Build one protocol version from path -> text (paths inside the study folder, one protocol version among them).

    `library/...` files may be among them; those missing are taken from the package and kept in `Study.files`. `records` are the
    registered records by path, kept as they are. Raises: StudyError with file, line and remedy.
    """
    sources = sort_files(files)
    for name, keys in TOP_KEYS.items():
        sources.tables[name].only(keys)
    concepts_text = library_text(CONCEPTS_FILE, files) or ""
    concepts = with_own_concepts(read_concepts(concepts_text), sources.tables.get("concepts"))
    forms = _read_forms(sources, files, concepts)
    used = {CONCEPTS_FILE: concepts_text}
    used |= {file: text for file in _library_files(forms, sources) if (text := library_text(file, files)) is not None}
    terms = _library_terms(sources.tables["safety"], files, used)
    kept = {path: text for path, text in files.items() if not path.startswith("library/")} | used
    study = _build_study(sources, forms, terms, files=dict(sorted(kept.items())), records=dict(sorted((records or {}).items())))
    check_agreement(study, sources, {form.form.id: form for form in forms})
    return study


def _read_forms(sources: Sources, files: Mapping[str, str], concepts: Mapping[str, Concept]) -> tuple[ReadForm, ...]:
    schedule = sources.tables["schedule"]
    shared: tuple[str, ...] = schedule.read("library_forms", tuple[str, ...], ())
    forms = [read_library_form(form_id, schedule, ("library_forms", i), files, concepts) for i, form_id in enumerate(shared)]
    forms += [read_form(table, files, concepts) for table in sources.forms]
    seen: set[str] = set()
    for form in forms:
        if form.form.id in seen:
            raise form.table.error("id", found=f'two forms "{form.form.id}"', todo="Rename one, or take it out of library_forms.")
        seen.add(form.form.id)
    return tuple(forms)


def _library_files(forms: tuple[ReadForm, ...], sources: Sources) -> set[str]:
    bases = {library_form_file(table.read("use", str)) for table in sources.forms if "use" in table.values}
    return {form.table.file for form in forms if form.table.file.startswith("library/")} | bases


def _library_terms(table: Table, files: Mapping[str, str], used: dict[str, str]) -> tuple[Choice, ...]:
    """The adverse events that trials have in common, where the safety plan asks for them."""
    if not table.read("library_terms", bool, False):
        return ()
    used[ADVERSE_EVENTS_FILE] = library_text(ADVERSE_EVENTS_FILE, files) or ""
    whole = parse_table(ADVERSE_EVENTS_FILE, used[ADVERSE_EVENTS_FILE])
    whole.only({"terms"})
    terms: tuple[Choice, ...] = whole.read("terms", tuple[Choice, ...])
    return terms


def _build_study(
    sources: Sources,
    forms: tuple[ReadForm, ...],
    terms: tuple[Choice, ...],
    *,
    files: Mapping[str, str],
    records: Mapping[str, bytes],
) -> Study:
    tables = sources.tables
    given = {
        "protocol_version": sources.version,
        "arms": _all(Arm, tables["study"], "arm"),
        "interventions": _interventions(tables["study"]),
        "allocation": build(AllocationRule, tables["study"].table("allocation")),
        "strata": tuple(build(Stratum, row) for row in tables["study"].tables("stratum")),
        "plain": tables["study"].read("plain", Mapping[str, Text]),
        "epochs": _all(Epoch, tables["schedule"], "epoch"),
        "encounters": _all(Encounter, tables["schedule"], "encounter"),
        "forms": {form.form.id: form.form for form in forms},
        "derivations": tuple(derivation for form in forms for derivation in form.derivations),
        "criteria": _all(Criterion, tables["eligibility"], "criterion"),
        "screening": _optional(ScreeningRule, tables["schedule"], "screening"),
        "prior_therapy": _optional(PriorTherapy, tables["eligibility"], "prior_therapy"),
        "washouts": tuple(_washout(row) for row in tables["eligibility"].tables("washout")),
        "analysis": _read_analysis(tables["analysis"]),
        "safety": _read_safety(tables["safety"], terms),
        "consents": tuple(_versioned(Consent, version, table) for version, table in sources.consents),
        "safety_references": tuple(_versioned(SafetyReference, version, table) for version, table in sources.safety_references),
        "laboratories": tuple(_read_laboratory(name, table) for name, table in sources.laboratories),
        "simulation": _plain_numbers(tables["simulation"].values),
        "published": tuple(_read_published(table) for table in sources.published),
        "records": records,
        "files": files,
        "digest": files_digest(files),
        "minimum_age_years": tables["study"].read("minimum_age_years", Decimal, None),
        "maximum_age_years": tables["study"].read("maximum_age_years", Decimal, None),
        **_read_endpoints(tables["endpoints"]),
    }
    return build(Study, tables["study"], given=given, also=TOP_KEYS["study"])


def _all(cls: type[Any], table: Table, key: str) -> tuple[Any, ...]:
    rows = table.tables(key)
    if not rows:
        raise table.error(found=f"no [[{key}]]", todo=f"Add at least one [[{key}]].")
    return tuple(build(cls, row) for row in rows)


def _optional(cls: type[Any], table: Table, key: str) -> Any:
    return build(cls, table.table(key)) if key in table.values else None


def _interventions(table: Table) -> tuple[Intervention, ...]:
    rows = table.tables("intervention")
    if not rows:
        raise table.error(found="no [[intervention]]", todo="Add at least one [[intervention]].")
    return tuple(build(Intervention, row, given=_regimen(row), also={"regimen"}) for row in rows)


def _regimen(row: Table) -> dict[str, Any]:
    if "regimen" not in row.values:
        return {"regimen": None}
    table = row.table("regimen")
    parts = {"drugs": (Drug, "drug"), "changes": (PermittedChange, "change"), "rescue": (Rescue, "rescue")}
    given: dict[str, Any] = {field: tuple(build(cls, part) for part in table.tables(key)) for field, (cls, key) in parts.items()}
    return {"regimen": build(Regimen, table, given=given, also={key for _, key in parts.values()})}


def _washout(row: Table) -> Washout:
    """How long has no default: absent is open, and needs a question beside it."""
    washout = build(Washout, row)
    if washout.at_least is None and not washout.basis.question:
        raise row.error(found="`at_least` is missing", todo="Add `at_least`, or a `question` that says it is open.")
    return washout


def _read_endpoints(table: Table) -> dict[str, Any]:
    events = {event.id: event for event in (build(IntercurrentEvent, row) for row in table.tables("intercurrent_event"))}
    common = _read_estimand(table.table("estimand"), events) if "estimand" in table.values else {}
    if not table.tables("endpoint"):
        raise table.error(found="no [[endpoint]]", todo="Add at least one [[endpoint]].")
    endpoints = tuple(_read_endpoint(row, events, common) for row in table.tables("endpoint"))
    return {"endpoints": endpoints, "outcomes": _all(RegisteredOutcome, table, "outcome")}


def _read_endpoint(row: Table, events: Mapping[str, IntercurrentEvent], common: Mapping[str, Any]) -> Endpoint:
    """An endpoint; what its estimand does not say is said by the [estimand] that all have in common."""
    own = row.table("estimand") if "estimand" in row.values or not common else None
    fields = {**common, **(_read_estimand(own, events) if own else {})}
    for name in ("analysis_set", "summary"):
        if name not in fields:
            raise (own or row).error(found=f"`{name}` is missing", todo=f"Add `{name}` here or to the common [estimand].")
    return build(Endpoint, row, given={"estimand": Estimand(**fields)}, also={"estimand"})


def _read_estimand(table: Table, events: Mapping[str, IntercurrentEvent]) -> dict[str, Any]:
    fields = read_fields(Estimand, table, also={"intercurrent_events"}, without={"intercurrent_events"})
    if "intercurrent_events" in table.values:
        ids: tuple[str, ...] = table.read("intercurrent_events", tuple[str, ...])
        for index, event_id in enumerate(ids):
            table.must_know("intercurrent_events", index, name=event_id, known=events, kind="intercurrent event")
        fields["intercurrent_events"] = tuple(events[event_id] for event_id in ids)
    return fields


def _read_analysis(table: Table) -> AnalysisPlan:
    primary = build(PrimaryAnalysis, table.table("primary"))
    responses = tuple(build(ResponseUse, row) for row in table.tables("response"))
    return build(AnalysisPlan, table, given={"primary": primary, "responses": responses}, also={"primary", "response"})


def _report_hours(table: Table) -> dict[str, Any]:
    """The reporting clock has no default: absent is open, and needs a question or an answer beside it."""
    hours = table.read("serious_report_hours", int, None)
    if hours is None and not read_basis(table).question:
        todo = "Add `serious_report_hours`, or a `question` that says it is open."
        raise table.error(found="`serious_report_hours` is missing", todo=todo)
    return {"serious_report_hours": hours}


def _read_safety(table: Table, terms: tuple[Choice, ...]) -> SafetyPlan:
    own: tuple[Choice, ...] = table.read("terms", tuple[Choice, ...], () if terms else MISSING)
    given: dict[str, Any] = _report_hours(table) | {"terms": (*own, *terms)}
    return build(SafetyPlan, table, given=given, also={"serious_report_hours", "terms", "library_terms"})


def _versioned(cls: type[Any], version: str, table: Table) -> Any:
    """What is approved on its own; its version is also the name of its folder."""
    built = build(cls, table)
    if built.version != version:
        folder = table.file.split("/", maxsplit=1)[0]
        todo = "Rename the folder or correct the version."
        raise table.error("version", found=f'version "{built.version}" in the folder {folder}/{version}', todo=todo)
    return built


def _read_laboratory(name: str, table: Table) -> Laboratory:
    ranges = tuple(build(ReferenceRange, row) for row in table.tables("range"))
    laboratory = build(Laboratory, table, given={"ranges": ranges}, also={"range"})
    if laboratory.id != name:
        todo = "Rename the file or correct the id."
        raise table.error("id", found=f'laboratory "{laboratory.id}" in the file laboratories/{name}.toml', todo=todo)
    return laboratory


def _read_published(table: Table) -> PublishedDocument:
    facts = tuple(build(PublishedFact, row) for row in table.tables("fact"))
    return build(PublishedDocument, table, given={"facts": facts}, also={"fact"})


def _plain_numbers(value: Any) -> Any:
    """Scenario parameters are for arithmetic: decimals become floats."""
    if isinstance(value, dict):
        return {key: _plain_numbers(element) for key, element in value.items()}
    if isinstance(value, list):
        return [_plain_numbers(element) for element in value]
    return float(value) if isinstance(value, Decimal) else value
