"""What the documents are made from: a definition as facts with their places, and the registered record that it came from."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from trialwright.registry import Record, RecordError, read_record
from trialwright.study.facts import NO_BASIS, Basis
from trialwright.study.model import Drug, PermittedChange, Rescue, Study
from trialwright.study.named_facts import named_facts
from trialwright.study.places import Path, find_line, print_path

_HEADS: Mapping[str, Path] = {
    "title": ("title",),
    "sample_size": ("sample_size",),
    "age_limits": ("minimum_age_years",),
}
"""The keys of facts that are no tables."""


@dataclass(frozen=True, kw_only=True)
class HeldFact:
    """One fact of the definition: `file` with `line` is where it stands, `said` holds its fields that are not empty."""

    name: str
    file: str
    line: int
    key: str
    said: frozenset[str]
    basis: Basis = NO_BASIS

    @property
    def anchor(self) -> str:
        """Give the id of its line on the page of the definition."""
        return line_anchor(self.file, self.line)

    @property
    def slug(self) -> str:
        """Give its name as part of an id."""
        return "".join(c if c.isascii() and (c.isalnum() or c in "._") else "-" for c in self.name)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A study with its facts by name and the newest of its records that can be read, None where none can."""

    study: Study
    facts: Mapping[str, HeldFact]
    record: Record | None
    record_file: str = ""

    @classmethod
    def of(cls, study: Study) -> "Held":
        """Hold a study. The same study gives the same."""
        file, record = _newest_record(study)
        return cls(study=study, facts={fact.name: fact for fact in _facts(study)}, record=record, record_file=file)

    def without(self, names: frozenset[str]) -> "Held":
        """Give the same without some facts, as if they had never been written."""
        return replace(self, facts={name: fact for name, fact in self.facts.items() if name not in names})

    def of_area(self, area: str) -> tuple[HeldFact, ...]:
        """Give the facts of an area in the order of the definition: `arm` gives every arm."""
        return tuple(fact for name, fact in self.facts.items() if name == area or name.startswith(f"{area} "))

    @cached_property
    def open_facts(self) -> tuple[HeldFact, ...]:
        """Every fact with an unanswered question; the place in this list is the question's number, less one."""
        return tuple(fact for fact in self.facts.values() if fact.basis.is_open)

    @cached_property
    def question_numbers(self) -> Mapping[str, int]:
        return {fact.name: number for number, fact in enumerate(self.open_facts, 1)}

    @property
    def day(self) -> date:
        """The newest day that the definition itself names: the documents' own day, so that they are the same whenever made."""
        study = self.study
        days = [consent.approved_on for consent in study.consents]
        days += [reference.effective_on for reference in study.safety_references]
        days += [limits.valid_from for laboratory in study.laboratories for limits in laboratory.ranges]
        days += [day for path in study.records if (day := _day_of(path)) is not None]
        return max(days, default=date(2000, 1, 1))


def line_anchor(file: str, line: int) -> str:
    return f"{''.join(c if c.isascii() and c.isalnum() else '-' for c in file.removesuffix('.toml'))}-{line}"


def _day_of(path: str) -> date | None:
    try:
        return date.fromisoformat(PurePosixPath(path).name[:10])
    except ValueError:
        return None


def _newest_record(study: Study) -> tuple[str, Record | None]:
    """The record of the latest day, and among undated ones of the last name, that can be read."""
    for path in sorted(study.records, key=lambda one: (_day_of(one) or date.min, one), reverse=True):
        name = PurePosixPath(path).name
        try:
            return name, read_record(study.records[path], name=name)
        except RecordError:
            continue
    return "", None


def _facts(study: Study) -> Iterator[HeldFact]:
    """The facts of the protocol version, then what stands in parts of them or is approved on its own."""
    yield _held(study, "version", "study.toml", (), frozenset(["version"]))
    yield _held(study, "registration", "study.toml", ("id",), frozenset(["id", "registry"]))
    for name, fact in named_facts(study).items():
        said = frozenset(key for key, value in {**fact.fixed, **fact.free}.items() if value not in (None, "", [], {}))
        derived = fact.area == "derivation"
        path = _listed(study, fact.file, "derivation", fact.id) if derived else fact.path or _HEADS.get(name, ())
        yield _held(study, name, fact.file, path, said, _basis_of(fact.free.get("basis")))
    yield from _protocol_parts(study)
    yield from _regimens(study)
    yield from _approved_apart(study)


def _protocol_parts(study: Study) -> Iterator[HeldFact]:
    if study.permits:
        yield _held(study, "permits", "study.toml", ("permits",), frozenset(["permits"]))
    for key in study.plain:
        yield _held(study, f"plain {key}", "study.toml", ("plain", key), frozenset(["en", "fa"]))
    primary = study.analysis.primary
    yield _held(study, "primary_analysis", "analysis.toml", ("primary",), _said(primary), primary.basis)
    for index, response in enumerate(study.analysis.responses):
        yield _held(study, f"response {response.definition}", "analysis.toml", ("response", index), _said(response), response.basis)
    events = dict.fromkeys(event for endpoint in study.endpoints for event in endpoint.estimand.intercurrent_events)
    for event in events:
        path = _listed(study, "endpoints.toml", "intercurrent_event", event.id)
        yield _held(study, f"intercurrent_event {event.id}", "endpoints.toml", path, _said(event), event.basis)
    if study.simulation:
        yield _held(study, "simulation", "simulation.toml", (), frozenset(study.simulation))


def _regimens(study: Study) -> Iterator[HeldFact]:
    """The drugs, permitted changes and rescue of each intervention."""
    for at, intervention in enumerate(study.interventions):
        if intervention.regimen is None:
            continue
        parts: tuple[tuple[str, tuple[Drug | PermittedChange | Rescue, ...]], ...] = (
            ("drug", intervention.regimen.drugs),
            ("change", intervention.regimen.changes),
            ("rescue", intervention.regimen.rescue),
        )
        for kind, listed in parts:
            for index, part in enumerate(listed):
                path = ("intervention", at, "regimen", kind, index)
                yield _held(study, f"{kind} {intervention.id}.{part.id}", "study.toml", path, _said(part), part.basis)


def _approved_apart(study: Study) -> Iterator[HeldFact]:
    for consent in study.consents:
        file = f"consent/{consent.version}/consent.toml"
        yield _held(study, f"consent {consent.version}", file, (), _said(consent), consent.basis)
    for reference in study.safety_references:
        file = f"safety_reference/{reference.version}/safety_reference.toml"
        yield _held(study, f"safety_reference {reference.version}", file, (), _said(reference), reference.basis)
    for laboratory in study.laboratories:
        yield _held(
            study, f"laboratory {laboratory.id}", f"laboratories/{laboratory.id}.toml", (), _said(laboratory), laboratory.basis
        )


def _held(study: Study, name: str, file: str, path: Path, said: frozenset[str], basis: Basis = NO_BASIS) -> HeldFact:
    inside = f"protocol/{study.protocol_version}/{file}"
    where = file if file in study.files else inside
    text = study.files.get(where, "")
    return HeldFact(name=name, file=where, line=find_line(text, path), key=print_path(path), said=said, basis=basis)


def _listed(study: Study, file: str, key: str, part_id: str) -> Path:
    """Where the table with this id stands in a list of tables."""
    inside = f"protocol/{study.protocol_version}/{file}"
    tables = tomllib.loads(study.files.get(file if file in study.files else inside, "")).get(key, ())
    index = next((at for at, table in enumerate(tables) if table.get("id") == part_id), None)
    return () if index is None else (key, index)


def _said(part: Any) -> frozenset[str]:
    return frozenset(name for name in part.__dataclass_fields__ if getattr(part, name) not in (None, "", (), NO_BASIS))


def _basis_of(kept: Any) -> Basis:
    return Basis(**kept) if kept else NO_BASIS
