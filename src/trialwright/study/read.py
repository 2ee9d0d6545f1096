"""A study from the texts of its files: pure, so that a definition can be rebuilt from the bytes that an approval kept."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trialwright.study.agreement import check_agreement
from trialwright.study.canonical import files_bytes
from trialwright.study.concepts import CONCEPTS_FILE, library_text, read_concepts, with_own_concepts
from trialwright.study.errors import StudyError
from trialwright.study.forms import ReadForm, library_form_file, read_form, read_library_form
from trialwright.study.model import (
    AllocationRule,
    AnalysisPlan,
    Arm,
    Concept,
    Consent,
    Criterion,
    Encounter,
    Endpoint,
    Epoch,
    Estimand,
    IntercurrentEvent,
    Intervention,
    PrimaryAnalysis,
    PublishedDocument,
    PublishedFact,
    RegisteredOutcome,
    ResponseUse,
    SafetyPlan,
    Study,
)
from trialwright.study.tables import Table, build, parse_table, read_basis
from trialwright.terms.sentences import Text

PROTOCOL_FILES = ("study", "schedule", "eligibility", "endpoints", "analysis", "simulation", "safety")
OPTIONAL_FILES = ("concepts",)
_PROTOCOL = re.compile(r"protocol/([^/]+)/(?:([a-z_]+)|forms/([A-Za-z0-9_-]+))\.toml")
_CONSENT = re.compile(r"consent/([^/]+)/consent\.toml")
_PUBLISHED = re.compile(r"published/[^/]+\.toml")


@dataclass(frozen=True, kw_only=True)
class _Sources:
    """The parsed files of one version."""

    version: str
    tables: Mapping[str, Table]
    forms: tuple[Table, ...]
    consents: tuple[tuple[str, Table], ...]
    published: tuple[Table, ...]


def read_study(files: Mapping[str, str], *, records: Mapping[str, bytes] | None = None) -> Study:
    """Build one protocol version from path -> text (paths inside the study folder, one protocol version among them).

    `library/...` files may be among them; those missing are taken from the package and kept in `Study.files`. `records` are the
    registered records by path, kept as they are. Raises: StudyError with file, line and remedy.
    """
    sources = _sort_files(files)
    concepts_text = library_text(CONCEPTS_FILE, files) or ""
    concepts = with_own_concepts(read_concepts(concepts_text), sources.tables.get("concepts"))
    forms = _read_forms(sources, files, concepts)
    used = {CONCEPTS_FILE: concepts_text}
    used |= {file: text for file in _library_files(forms, sources) if (text := library_text(file, files)) is not None}
    kept = {path: text for path, text in files.items() if not path.startswith("library/")} | used
    study = _build_study(sources, forms, files=dict(sorted(kept.items())), records=dict(sorted((records or {}).items())))
    check_agreement(study, sources.tables, {form.form.id: form for form in forms})
    return study


def _sort_files(files: Mapping[str, str]) -> _Sources:
    tables: dict[str, Table] = {}
    forms: list[Table] = []
    consents: list[tuple[str, Table]] = []
    published: list[Table] = []
    versions: set[str] = set()
    for path, text in sorted(files.items()):
        if protocol := _PROTOCOL.fullmatch(path):
            versions.add(protocol.group(1))
            if protocol.group(3):
                forms.append(parse_table(path, text))
            else:
                tables[protocol.group(2)] = parse_table(path, text)
        elif consent := _CONSENT.fullmatch(path):
            consents.append((consent.group(1), parse_table(path, text)))
        elif _PUBLISHED.fullmatch(path):
            published.append(parse_table(path, text))
        elif not path.startswith("library/"):
            raise StudyError(file=path, found="a file that no part of a study definition", todo="Remove it or correct its name.")
    version = _the_version(versions)
    _check_protocol_files(tables, version)
    return _Sources(version=version, tables=tables, forms=tuple(forms), consents=tuple(consents), published=tuple(published))


def _the_version(versions: set[str]) -> str:
    if len(versions) != 1:
        shown = ", ".join(sorted(versions)) or "none"
        raise StudyError(
            file="protocol", found=f"protocol versions: {shown}", expected="exactly one", todo="Give the files of one version."
        )
    return versions.pop()


def _check_protocol_files(tables: Mapping[str, Table], version: str) -> None:
    for name in PROTOCOL_FILES:
        if name not in tables:
            raise StudyError(
                file=f"protocol/{version}/{name}.toml",
                found="the file is missing",
                todo="Add it; an example is in any study folder.",
            )
    for name in tables:
        if name not in PROTOCOL_FILES + OPTIONAL_FILES:
            known = ", ".join(f"{n}.toml" for n in PROTOCOL_FILES + OPTIONAL_FILES)
            raise StudyError(
                file=f"protocol/{version}/{name}.toml",
                found="no part of a protocol has this name",
                expected=known,
                todo="Rename or remove it.",
            )


def _read_forms(sources: _Sources, files: Mapping[str, str], concepts: Mapping[str, Concept]) -> tuple[ReadForm, ...]:
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


def _library_files(forms: tuple[ReadForm, ...], sources: _Sources) -> set[str]:
    bases = {library_form_file(table.read("use", str)) for table in sources.forms if "use" in table.values}
    return {form.table.file for form in forms if form.table.file.startswith("library/")} | bases


def _build_study(
    sources: _Sources, forms: tuple[ReadForm, ...], *, files: Mapping[str, str], records: Mapping[str, bytes]
) -> Study:
    tables = sources.tables
    tables["schedule"].only({"library_forms", "epoch", "encounter"})
    tables["eligibility"].only({"criterion"})
    given = {
        "protocol_version": sources.version,
        "arms": _all(Arm, tables["study"], "arm"),
        "interventions": _all(Intervention, tables["study"], "intervention"),
        "allocation": build(AllocationRule, tables["study"].table("allocation")),
        "plain": tables["study"].read("plain", Mapping[str, Text]),
        "epochs": _all(Epoch, tables["schedule"], "epoch"),
        "encounters": _all(Encounter, tables["schedule"], "encounter"),
        "forms": {form.form.id: form.form for form in forms},
        "derivations": tuple(derivation for form in forms for derivation in form.derivations),
        "criteria": _all(Criterion, tables["eligibility"], "criterion"),
        "analysis": _read_analysis(tables["analysis"]),
        "safety": build(SafetyPlan, tables["safety"], given=_report_hours(tables["safety"]), also={"serious_report_hours"}),
        "consents": tuple(_read_consent(version, table) for version, table in sources.consents),
        "simulation": _plain_numbers(tables["simulation"].values),
        "published": tuple(_read_published(table) for table in sources.published),
        "records": records,
        "files": files,
        "digest": hashlib.sha256(files_bytes(files)).hexdigest(),
        "minimum_age_years": tables["study"].read("minimum_age_years", Decimal, None),
        "maximum_age_years": tables["study"].read("maximum_age_years", Decimal, None),
        **_read_endpoints(tables["endpoints"]),
    }
    also = {"arm", "intervention", "allocation", "plain", "minimum_age_years", "maximum_age_years"}
    return build(Study, tables["study"], given=given, also=also)


def _all(cls: type[Any], table: Table, key: str) -> tuple[Any, ...]:
    rows = table.tables(key)
    if not rows:
        raise table.error(found=f"no [[{key}]]", todo=f"Add at least one [[{key}]].")
    return tuple(build(cls, row) for row in rows)


def _read_endpoints(table: Table) -> dict[str, Any]:
    table.only({"outcome", "intercurrent_event", "endpoint"})
    events = {event.id: event for event in (build(IntercurrentEvent, row) for row in table.tables("intercurrent_event"))}
    if not table.tables("endpoint"):
        raise table.error(found="no [[endpoint]]", todo="Add at least one [[endpoint]].")
    endpoints = tuple(_read_endpoint(row, events) for row in table.tables("endpoint"))
    return {"endpoints": endpoints, "outcomes": _all(RegisteredOutcome, table, "outcome")}


def _read_endpoint(row: Table, events: Mapping[str, IntercurrentEvent]) -> Endpoint:
    estimand = row.table("estimand")
    ids: tuple[str, ...] = estimand.read("intercurrent_events", tuple[str, ...], ())
    for index, event_id in enumerate(ids):
        if event_id not in events:
            todo = f"Add it as [[intercurrent_event]]; known: {', '.join(events) or 'none'}."
            raise estimand.error("intercurrent_events", index, found=f'no intercurrent event "{event_id}"', todo=todo)
    chosen = tuple(events[event_id] for event_id in ids)
    built = build(Estimand, estimand, given={"intercurrent_events": chosen}, also={"intercurrent_events"})
    given: dict[str, Any] = {"estimand": built}
    if "baseline" not in row.values:
        given["baseline"] = None
    return build(Endpoint, row, given=given, also={"estimand"})


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


def _read_consent(version: str, table: Table) -> Consent:
    consent = build(Consent, table)
    if consent.version != version:
        todo = "Rename the folder or correct the version."
        raise table.error("version", found=f'version "{consent.version}" in the folder consent/{version}', todo=todo)
    return consent


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
