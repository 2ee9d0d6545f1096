"""A definition as named facts, so that two versions can be compared by meaning and a build be held to what it may change.

A fact has fields that are *fixed* (only an amendment changes them) and fields that are *free* (labels, help, messages and where the
fact comes from: a build may change them). What is approved on its own (consents, safety references, laboratories), the publications
and the parameters of simulation are no facts of a protocol version.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from dataclasses import fields as fields_of
from datetime import timedelta
from decimal import Decimal
from typing import Any

from trialwright.study.model import Form, Intervention, Study
from trialwright.study.places import Path, find_line, print_path

FREE = frozenset({"label", "help", "message", "basis", "source", "proof"})


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact of a version. `file` (inside the protocol folder) and `path` say where it stands.

    `said` is what is fixed and not a default, so that a field that a later program adds breaks no seal.
    """

    area: str
    id: str
    fixed: Mapping[str, Any]
    said: Mapping[str, Any]
    free: Mapping[str, Any]
    file: str
    path: Path = ()

    @property
    def name(self) -> str:
        return f"{self.area} {self.id}".rstrip()

    @property
    def digest(self) -> str:
        """SHA-256 of what is said, by which a seal knows the fact again."""
        return hashlib.sha256(json.dumps(self.said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def place(self, study: Study, field: str) -> tuple[str, int, str]:
        """Give file, line and path of a field in the study's own files."""
        name = self.file if self.file in study.files else f"protocol/{study.protocol_version}/{self.file}"
        path = (*self.path, field)
        return name, find_line(study.files.get(name, ""), path), print_path(path)


def named_facts(study: Study) -> dict[str, Fact]:
    """Give every fact of the protocol version, by its name, in the order of the files."""
    parts = (_head(study), _treatment(study), _schedule(study), _people(study), _forms(study), _results(study))
    return {fact.name: fact for part in parts for fact in part}


def plain(value: Any) -> Any:
    """Make a value comparable and JSON-able: durations in days, decimals without trailing zeros, a text by language."""
    if isinstance(value, Mapping):
        return {str(key): plain(element) for key, element in value.items()}
    if isinstance(value, tuple | list):
        return [plain(element) for element in value]
    if isinstance(value, timedelta):
        return (
            f"{value / timedelta(days=1):g} d" if value % timedelta(days=1) == timedelta(0) else f"{value / timedelta(hours=1):g} h"
        )
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _fact(area: str, fact_id: str, part: Any, file: str, path: Path = ()) -> Fact:
    """A fact from a part of the definition, or from a few of its fields by name."""
    fields = part if isinstance(part, Mapping) else asdict(part)
    kept = {key for key in fields if key not in FREE | {"id"}}
    return Fact(
        area=area,
        id=fact_id,
        fixed=plain({key: _without_free(fields[key]) for key in fields if key in kept}),
        said=plain({key: _without_free(value) for key, value in _said(part).items() if key in kept}),
        free=plain({key: value for key, value in fields.items() if key not in kept and key != "id"}),
        file=file,
        path=path,
    )


def _said(part: Any) -> Any:
    """What a part says that is not its default, and so in its parts."""
    if is_dataclass(part):
        given = {f.name: getattr(part, f.name) for f in fields_of(part)}
        defaults = {f.name: f.default for f in fields_of(part)}
        return {name: _said(value) for name, value in given.items() if value != defaults[name]}
    if isinstance(part, Mapping):
        return {key: _said(value) for key, value in part.items()}
    return [_said(element) for element in part] if isinstance(part, tuple | list) else part


def _without_free(value: Any) -> Any:
    """Parts inside a fact have labels and sources too, and they are as free as its own."""
    if isinstance(value, Mapping):
        return {key: _without_free(element) for key, element in value.items() if key not in FREE}
    return [_without_free(element) for element in value] if isinstance(value, tuple | list) else value


def _listed(area: str, parts: Any, file: str, key: str = "") -> Iterator[Fact]:
    for index, part in enumerate(parts):
        yield _fact(area, part.id, part, file, (key or area, index))


def _head(study: Study) -> Iterator[Fact]:
    yield _fact("title", "", {"title": asdict(study.title), "condition": asdict(study.condition)}, "study.toml")
    yield _fact("sample_size", "", {"sample_size": study.sample_size}, "study.toml")
    ages = {name: getattr(study, name) for name in ("minimum_age_years", "maximum_age_years")}
    yield _fact("age_limits", "", ages, "study.toml")
    yield _fact("allocation", "", study.allocation, "study.toml", ("allocation",))


def _treatment(study: Study) -> Iterator[Fact]:
    yield from _listed("arm", study.arms, "study.toml")
    for index, intervention in enumerate(study.interventions):
        yield from _intervention(intervention, ("intervention", index))
    yield from _listed("stratum", study.strata, "study.toml")


def _intervention(intervention: Intervention, path: Path) -> Iterator[Fact]:
    yield _fact("intervention", intervention.id, replace(intervention, dose=None, regimen=None), "study.toml", path)
    if intervention.dose:
        yield _fact("dose", intervention.id, intervention.dose, "study.toml", (*path, "dose"))
    if intervention.regimen:
        yield _fact("regimen", intervention.id, intervention.regimen, "study.toml", (*path, "regimen"))


def _schedule(study: Study) -> Iterator[Fact]:
    if study.screening:
        yield _fact("screening", "", study.screening, "schedule.toml", ("screening",))
    yield from _listed("encounter", study.encounters, "schedule.toml")


def _people(study: Study) -> Iterator[Fact]:
    yield from _listed("criterion", study.criteria, "eligibility.toml")
    yield from _listed("washout", study.washouts, "eligibility.toml")
    if study.prior_therapy:
        yield _fact("prior_therapy", "", study.prior_therapy, "eligibility.toml", ("prior_therapy",))


def _forms(study: Study) -> Iterator[Fact]:
    for form in study.forms.values():
        own = f"protocol/{study.protocol_version}/forms/{form.id}.toml"
        file = own if own in study.files else f"library/forms/{form.id}.toml"
        yield _fact("form", form.id, _form_itself(form), file)
        for index, item in enumerate(form.items):
            fields = {"form": form.id, "concept": item.concept.id, "required": item.required}
            wording = {"label": item.label, "help": item.help, "basis": item.basis}
            words = {key: asdict(value) for key, value in wording.items() if value}
            yield _fact("item", item.id, fields | words, file, ("item", index))
        for index, check in enumerate(form.checks):
            free = Fact(
                area="check",
                id=f"{form.id}.{check.id}",
                fixed={},
                said={},
                free=plain(asdict(check)),
                file=file,
                path=("check", index),
            )
            yield free
        for derivation in (d for d in study.derivations if d.form == form.id):
            yield _fact("derivation", derivation.id, derivation, file, ("derivation",))


def _form_itself(form: Form) -> dict[str, Any]:
    kept = {name: getattr(form, name) for name in ("roles", "repeats", "repeats_planned", "repeat_rule")}
    if form.recall is not None:
        kept["recall"] = form.recall
    if form.proposals:
        kept["proposals"] = [asdict(one) for one in form.proposals]
    collection = asdict(form.collection) if form.collection else None
    return kept | {"collection": collection, "label": asdict(form.label), "basis": asdict(form.basis)}


def _results(study: Study) -> Iterator[Fact]:
    yield from _listed("outcome", study.outcomes, "endpoints.toml")
    yield from _listed("endpoint", study.endpoints, "endpoints.toml")
    yield _fact("analysis", "", study.analysis, "analysis.toml")
    safety = _said(study.safety) | {"terms": [term.code for term in study.safety.terms], "basis": asdict(study.safety.basis)}
    yield _fact("safety", "", safety, "safety.toml")
