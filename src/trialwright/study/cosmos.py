"""The library of concepts in the column layout of CDISC COSMoS, so that others can take it up: one row a data element of a concept.

The columns of COSMoS stand first and unchanged; ours follow (labels in two languages, unit, limits, CDASH and SDTM, where it is
asked, where its codes were checked). Beside what forms ask stand what they derive by a measure and what a command of conduct
records. A code that was not found in a public source is blank.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from trialwright.study.concepts import CONCEPTS_FILE, library_forms, library_text, read_concepts
from trialwright.study.forms import ReadForm, library_form_file, read_form
from trialwright.study.model import Choice, Concept, Derivation, Item
from trialwright.study.tables import parse_table
from trialwright.terms.sentences import Text

COSMOS_COLUMNS = (
    *("package_date", "short_name", "bc_id", "ncit_code", "parent_bc_id", "bc_categories", "synonyms", "result_scales"),
    *("definition", "system", "system_name", "code", "dec_id", "ncit_dec_code", "dec_label", "data_type", "example_set"),
)
OWN_COLUMNS = (
    *("concept", "origin", "label_en", "label_fa", "unit", "decimals", "low", "high", "choices", "cdash", "sdtm_domain"),
    *("sdtm_testcd", "sdtm_variable", "sdtm_test", "specimen", "vlm_group_id", "checked", "loinc_checked"),
)
COLUMNS = COSMOS_COLUMNS + OWN_COLUMNS
CODES_FILE, RECORDED_FILE = "library/biomedical_concepts.toml", "library/recorded.toml"
_DATA_TYPES = {"choice": "string", "text": "string"}
_ITEM_CONCEPTS = frozenset({"sledai_item"})
"""Concepts whose meaning is in each item that uses them; the row of an item has the item's own definition."""


@dataclass(frozen=True, kw_only=True)
class Codes:
    """What CDISC and NCI call a concept; every field is empty where nothing was found."""

    bc: str = ""
    name: str = ""
    scale: str = ""
    test: str = ""
    specimen: str = ""
    vlm: str = ""
    sdtm: str = ""
    unit_dec: str = ""
    checked: str = ""
    loinc_checked: str = ""


@dataclass(frozen=True, kw_only=True)
class Described:
    """One concept as it is asked, derived or recorded. `origin` says where: "form vitals", "measure upcr", "command Withdraw"."""

    concept: str
    origin: str
    label: Text
    kind: str
    codes: Codes
    unit: str = ""
    decimals: int = 0
    low: str = ""
    high: str = ""
    choices: tuple[Choice, ...] = ()
    loinc: str = ""
    cdash: str = ""
    sdtm: str = ""
    definition: str = field(default="")


@cache
def biomedical_codes() -> Mapping[str, Codes]:
    """Give the codes of the library's concepts and derivations, by id."""
    table = _read(CODES_FILE)
    return {name: Codes(**row) for kind in ("concept", "derivation") for name, row in table[kind].items()}


@cache
def described_concepts() -> tuple[Described, ...]:
    """Give everything that the library describes: what forms ask, what is derived, what commands record."""
    concepts = read_concepts(library_text(CONCEPTS_FILE, {}) or "")
    forms = tuple(_library_form(name, concepts) for name in library_forms())
    derived = (_derived(one) for form in forms for one in form.derivations)
    return (*_asked(concepts, forms), *derived, *_recorded())


def cosmos_rows() -> Iterator[Mapping[str, str]]:
    """Give the rows in the columns of `COLUMNS`: for each concept its result, and its unit and specimen where it has them."""
    elements = _read(CODES_FILE)["data_element"]
    for one in described_concepts():
        whole = _row(one)
        examples = ";".join(choice.label.en for choice in one.choices)
        data_type = _DATA_TYPES.get(one.kind, one.kind)
        yield whole | _element(elements["result"]["id"], elements["result"]["label"], data_type, examples)
        if one.unit:
            yield whole | _element(one.codes.unit_dec, elements["unit"].get(one.codes.unit_dec, "Unit"), "string", one.unit)
        if one.codes.specimen:
            yield whole | _element(elements["specimen"]["id"], elements["specimen"]["label"], "string", one.codes.specimen)


def render_concepts(described: Iterable[Described]) -> str:
    """Print the library for a person: by origin, each concept with its codes, and how many codes were checked."""
    lines: list[str] = []
    listed = tuple(described)
    by_origin: dict[str, list[Described]] = {}
    for one in listed:
        by_origin.setdefault(one.origin.partition(",")[0], []).append(one)
    for origin, group in by_origin.items():
        lines += ["", origin]
        for one in group:
            codes = ", ".join(code for code in (one.codes.bc, one.loinc and f"LOINC {one.loinc}", one.sdtm) if code)
            unit = f" [{one.unit}]" if one.unit else ""
            lines.append(f"  {one.label.en} · {one.label.fa}{unit}{f'  {codes}' if codes else ''}")
    return "\n".join([_counted(listed), *lines])


def _counted(listed: tuple[Described, ...]) -> str:
    concepts = {one.concept: one for one in listed}
    named = sum(1 for one in concepts.values() if one.codes.checked)
    loinc = sum(1 for one in concepts.values() if one.loinc)
    return (
        f"{len(concepts)} concepts. Checked in public sources: {named} biomedical concepts and {loinc} LOINC codes. "
        "What was not found is blank."
    )


def _asked(concepts: Mapping[str, Concept], forms: tuple[ReadForm, ...]) -> Iterator[Described]:
    """Each concept once, and once for each item that gives it a label of its own."""
    used: dict[tuple[str, str], tuple[Item, list[str]]] = {}
    for form in forms:
        for item in form.form.items:
            where = used.setdefault((item.concept.id, item.label.en), (item, []))[1]
            where.insert(0 if item.id == item.concept.id else len(where), f"form {form.form.id}")
    for concept in concepts.values():
        here = [(item, where) for (name, _), (item, where) in used.items() if name == concept.id]
        if not here:
            yield _concept(concept, concept.label, "forms of a trial")
        for item, where in here:
            yield _concept(concept, item.label, ", ".join(dict.fromkeys(where)), item)


def _concept(concept: Concept, label: Text, origin: str, item: Item | None = None) -> Described:
    return Described(
        concept=concept.id,
        origin=origin,
        label=label,
        kind=concept.kind,
        codes=biomedical_codes().get(concept.id, Codes()),
        unit=concept.unit,
        decimals=concept.decimals,
        low="" if concept.low is None else str(concept.low),
        high="" if concept.high is None else str(concept.high),
        choices=concept.choices,
        loinc=concept.loinc,
        cdash=concept.cdash,
        sdtm=concept.sdtm,
        definition=_definition(item) if item and concept.id in _ITEM_CONCEPTS else "",
    )


def _definition(item: Item) -> str:
    """The item's definition in our own words, from the score that it belongs to."""
    from trialwright.measures.lupus.sledai_2k import read_items

    name = item.id.removeprefix("sledai_")
    return next((one.definition.en for one in read_items() if one.id == name), "")


def _derived(derivation: Derivation) -> Described:
    codes = biomedical_codes().get(derivation.id, Codes(scale="Quantitative"))
    return Described(
        concept=derivation.id,
        origin=f"measure {derivation.measure}",
        label=derivation.label,
        kind="decimal",
        codes=codes,
        unit=derivation.unit,
        decimals=derivation.decimals,
        sdtm=codes.sdtm,
    )


def _recorded() -> Iterator[Described]:
    for command, rows in _read(RECORDED_FILE).items():
        for name, row in rows.items():
            own = Codes(bc=row.get("bc", ""), name=row.get("name", ""), checked="cosmos" if "bc" in row else "")
            codes = biomedical_codes()[row["same_as"]] if "same_as" in row else own
            yield Described(
                concept=f"{command}.{name}",
                origin=f"command {command}",
                label=Text(**row["label"]),
                kind=row["kind"],
                codes=codes,
                unit=row.get("unit", ""),
                cdash=row.get("cdash", ""),
                sdtm=row.get("sdtm", ""),
            )


def _row(one: Described) -> dict[str, str]:
    domain, _, name = one.sdtm.partition(".")
    is_test = bool(one.codes.test)
    blank = dict.fromkeys(COLUMNS, "")
    return blank | {
        "short_name": one.codes.name or one.label.en,
        "bc_id": one.codes.bc,
        "ncit_code": one.codes.bc,
        "result_scales": one.codes.scale,
        "definition": one.definition,
        "system": "http://loinc.org/" if one.loinc else "",
        "system_name": "LOINC" if one.loinc else "",
        "code": one.loinc,
        "concept": one.concept,
        "origin": one.origin,
        "label_en": one.label.en,
        "label_fa": one.label.fa,
        "unit": one.unit,
        "decimals": str(one.decimals) if one.kind == "decimal" else "",
        "low": one.low,
        "high": one.high,
        "choices": "; ".join(f"{choice.code} = {choice.label.en}" for choice in one.choices),
        "cdash": one.cdash,
        "sdtm_domain": domain,
        "sdtm_testcd": name if is_test else "",
        "sdtm_variable": "" if is_test else name,
        "sdtm_test": one.codes.test,
        "specimen": one.codes.specimen,
        "vlm_group_id": one.codes.vlm,
        "checked": one.codes.checked,
        "loinc_checked": one.codes.loinc_checked,
    }


def _element(dec_id: str, label: str, data_type: str, examples: str) -> dict[str, str]:
    return {"dec_id": dec_id, "ncit_dec_code": dec_id, "dec_label": label, "data_type": data_type, "example_set": examples}


def _library_form(name: str, concepts: Mapping[str, Concept]) -> ReadForm:
    file = library_form_file(name)
    return read_form(parse_table(file, library_text(file, {}) or ""), {}, concepts)


def _read(file: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(library_text(file, {}) or "")
