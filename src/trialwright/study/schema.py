"""JSON Schemas of the TOML files, for editors: made by pydantic from the dataclasses that the files are read into.

A schema says what a file may hold and of what kind; that parts agree with each other only `read_study` can say. An editor takes it
from a first line such as `#:schema ../../../../schemas/study.schema.json`.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from trialwright.study.model import (
    AllocationRule,
    AnalysisPlan,
    Arm,
    Basis,
    Choice,
    Concept,
    Consent,
    Criterion,
    Derivation,
    EditCheck,
    Encounter,
    Endpoint,
    Epoch,
    Estimand,
    Form,
    IntercurrentEvent,
    Intervention,
    Item,
    Laboratory,
    PrimaryAnalysis,
    PriorTherapy,
    ProposalRule,
    PublishedDocument,
    PublishedFact,
    ReferenceRange,
    Regimen,
    RegisteredOutcome,
    ResponseUse,
    SafetyPlan,
    SafetyReference,
    ScreeningRule,
    Stratum,
    Study,
    Text,
    Washout,
)
from trialwright.study.tables import BASIS_KEYS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Keys = Mapping[str, tuple[Any, bool]]
"""The keys of a table: kind, and whether it must be there."""


def schemas() -> dict[str, dict[str, Any]]:
    """Give the schema of each kind of file, by the name of the kind."""
    return {name: _schema(name, keys) for name, keys in _file_kinds().items()}


def _file_kinds() -> dict[str, Keys]:
    regimen = _changed(Regimen, drugs="drug", changes="change")
    intervention = {**_keys(Intervention), "regimen": (_table("Regimen", regimen), False)}
    item = {**_keys(Item), "concept": (str, True), "label": (Text, False), "unit": (str, False)}
    derivation = {key: kind for key, kind in _keys(Derivation).items() if key != "form"}
    given_by_name = {"arm": list[_model(Arm)], "intervention": list[_table("Intervention", intervention)]}  # type: ignore[misc]  # models made at run time
    estimand = {**_keys(Estimand), "intercurrent_events": (list[str], False)}
    some = {key: (kind, False) for key, (kind, _) in estimand.items()}
    endpoint = {**_keys(Endpoint), "estimand": (_table("OwnEstimand", some), False)}
    form = {**_only(Form, "id", "label", "roles", "repeats", "repeats_planned", "repeat_rule", "collection", "recall", "basis")}
    rows = {"item": _rows(_table("Item", item)), "check": _rows(EditCheck), "derivation": _rows(_table("Derivation", derivation))}
    rows |= {"proposal": _rows(ProposalRule)}
    anything = {key: (kind, False) for key, (kind, _) in form.items()}
    safety = {**_keys(SafetyPlan), "serious_report_hours": (int, False), "terms": (tuple[Choice, ...], False)}
    concept = {**{key: kind for key, kind in _keys(Concept).items() if key != "id"}, "choices": (str, False)}
    return {
        "study": {
            **_only(Study, "id", "registry", "prefix", "title", "short_title", "condition", "rehearsal_only", "sample_size"),
            **_only(Study, "permits", "build"),
            **{key: (kind, True) for key, kind in given_by_name.items()},
            **dict.fromkeys(("minimum_age_years", "maximum_age_years"), (Decimal, False)),
            "allocation": (AllocationRule, True),
            "stratum": _rows(Stratum),
            "plain": (Mapping[str, Text], True),
        },
        "schedule": {
            "library_forms": (list[str], False),
            "screening": (ScreeningRule, False),
            "epoch": (list[_model(Epoch)], True),  # type: ignore[misc]  # as above
            "encounter": (list[_model(Encounter)], True),  # type: ignore[misc]  # as above
        },
        "eligibility": {
            "prior_therapy": (PriorTherapy, False),
            "washout": _rows(Washout),
            "criterion": (list[_model(Criterion)], True),  # type: ignore[misc]  # as above
        },
        "endpoints": {
            "outcome": (list[_model(RegisteredOutcome)], True),  # type: ignore[misc]  # as above
            "intercurrent_event": _rows(IntercurrentEvent),
            "estimand": (_table("CommonEstimand", some), False),
            "endpoint": (list[_table("Endpoint", endpoint)], True),  # type: ignore[misc]  # as above
        },
        "analysis": {
            **_only(AnalysisPlan, "confidence"),
            "primary": (PrimaryAnalysis, True),
            "response": _rows(ResponseUse),
        },
        "safety": {**safety, "library_terms": (bool, False)},
        "simulation": {"default_scenario": (str, False)},
        "concepts": {"code_list": (Mapping[str, Any], False), "concept": (Mapping[str, _table("Concept", concept)], False)},  # type: ignore[misc]  # as above
        "form": {**anything, **rows, "use": (str, False), "without": (list[str], False)},
        "consent": _keys(Consent),
        "safety_reference": _keys(SafetyReference),
        "laboratory": {**_only(Laboratory, "id", "label", "version", "basis"), "range": _rows(ReferenceRange)},
        "published": {
            **{key: kind for key, kind in _keys(PublishedDocument).items() if key != "facts"},
            "fact": _rows(PublishedFact),
        },
    }


def _schema(name: str, keys: Keys) -> dict[str, Any]:
    made = _table(name.capitalize(), keys).model_json_schema(by_alias=True)
    if name == "simulation":  # plain data to the study; `simulate` knows its parameters
        made["additionalProperties"] = True
    return {"$schema": DIALECT, "title": f"Trialwright: {name}.toml", **{key: part for key, part in made.items() if key != "title"}}


def _rows(kind: Any) -> tuple[Any, bool]:
    return list[_annotation(kind)], False  # type: ignore[misc]  # a model made at run time


def _only(cls: type, *names: str) -> Keys:
    wanted = {key for name in names for key in (BASIS_KEYS if name == "basis" else (name,))}
    return {key: kind for key, kind in _keys(cls).items() if key in wanted}


def _changed(cls: type, **renamed: str) -> Keys:
    return {renamed.get(key, key): kind for key, kind in _keys(cls).items()}


def _keys(cls: type) -> Keys:
    """The TOML keys of a dataclass, as `build` reads them: a basis is four words beside the fact."""
    hints = get_type_hints(cls)
    keys: dict[str, tuple[Any, bool]] = {}
    for field in fields(cls):
        if hints[field.name] is Basis:
            keys |= dict.fromkeys(BASIS_KEYS, (str, False))
        else:
            keys[field.name] = (hints[field.name], field.default is MISSING and field.default_factory is MISSING)
    return keys


@cache
def _model(cls: type) -> type[BaseModel]:
    return _table(cls.__name__, _keys(cls), (cls.__doc__ or "").split("\n", maxsplit=1)[0])


def _table(name: str, keys: Keys, doc: str = "") -> type[BaseModel]:
    """A pydantic model of a table; a name that Python keeps for itself (`from`) comes as an alias."""
    made: dict[str, Any] = {}
    for key, (kind, required) in keys.items():
        default = Field(... if required else None, alias=key)
        made[f"{key}_"] = (_annotation(kind), default)
    shown = doc if doc and not doc.startswith(f"{name}(") else None
    model: type[BaseModel] = create_model(name, __config__=ConfigDict(extra="forbid"), __doc__=shown, **made)
    return model


def _annotation(kind: Any) -> Any:
    """What stands in TOML for a Python type: a duration is a text, a decimal a number, a part a table."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Decimal:
        return float
    if kind is timedelta:
        return Annotated[str, Field(pattern=r"^\d+(\.\d+)? (h|d)$", description="a duration: 7 d, or 12 h")]
    if kind is date:
        return Annotated[date, Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}-\d{2}$"})]
    if kind is str:
        return Annotated[str, Field(min_length=1)]
    if origin is UnionType:
        return _annotation(next(one for one in inner if one is not NoneType))
    if origin is tuple:
        return list[_annotation(inner[0])]  # type: ignore[misc]  # an annotation made at run time
    if getattr(origin, "__name__", "") == "Mapping":
        return dict[str, _annotation(inner[1])]  # type: ignore[misc]  # as above
    return _model(kind) if is_dataclass(kind) and isinstance(kind, type) else kind
