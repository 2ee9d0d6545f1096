"""Two versions of a definition compared by meaning: what changed, who is asked again, which visits move, what the registry is told.

Source of the rules: ICH E6(R3) 2.8 (consent is renewed when what people were told no longer holds); the registries' own limits, in
`amendment.toml` with their sources.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from trialwright.study.model import Consent, Study, Text
from trialwright.study.named_facts import Fact, named_facts

_AMENDMENT = Path(__file__).with_name("amendment.toml")
_MOVES = frozenset({"anchor", "target", "before", "after", "dose"})
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of one fact that differs; of a fact that came or went the field is empty. `fixed` needs an amendment."""

    area: str
    id: str
    kind: Kind
    field: str = ""
    before: Any = None
    after: Any = None
    fixed: bool

    @property
    def moves_a_visit(self) -> bool:
        return self.area == "encounter" and (self.kind != "changed" or self.field in _MOVES)


@dataclass(frozen=True, kw_only=True)
class Area:
    """What a change in a part of the definition means; of `untold` fields people in the trial were told nothing."""

    label: Text
    fixed: bool = False
    reconsent: bool = False
    untold: frozenset[str] = frozenset()
    registry: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RegistryUpdate:
    """Fields of a registry that no longer hold, and by when they must; `days` after the ethics committee's approval, if known."""

    registry: str
    fields: tuple[str, ...]
    days: int | None
    by: Text
    source: str


@dataclass(frozen=True, kw_only=True)
class Reconsent:
    """Whether people in the trial are asked again: because of which changes, in which arms, on which consent form.

    `consent` is None where the form for the new version is the one that people have already signed.
    """

    because: tuple[Change, ...]
    arms: tuple[str, ...]
    consent: str | None

    @property
    def needed(self) -> bool:
        return bool(self.because) or self.consent is not None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What a new version means, set against an older one."""

    old: str
    new: str
    changes: tuple[Change, ...]
    visits: tuple[str, ...]
    reconsent: Reconsent
    registry: RegistryUpdate | None

    @property
    def is_amendment(self) -> bool:
        """Whether something changed that a build may not change."""
        return any(change.fixed for change in self.changes)


def compare_versions(old: Study, new: Study) -> Comparison:
    """Compare two versions of one trial, the older first."""
    changes = find_changes(old, new)
    return Comparison(
        old=old.version,
        new=new.version,
        changes=changes,
        visits=tuple(dict.fromkeys(change.id for change in changes if change.moves_a_visit)),
        reconsent=_reconsent(old, new, changes),
        registry=_registry_update(new, changes),
    )


def find_changes(old: Study, new: Study) -> tuple[Change, ...]:
    """Give every difference of the named facts, in the order of the new version, then what is gone."""
    before, after = named_facts(old), named_facts(new)
    changes: list[Change] = []
    for name, fact in after.items():
        changes += _between(before[name], fact) if name in before else [_whole(fact, "added")]
    return (*changes, *(_whole(fact, "removed") for name, fact in before.items() if name not in after))


@cache
def areas() -> Mapping[str, Area]:
    """Give the parts of a definition and what a change in each means."""
    read = _amendment()["area"]
    return {
        name: Area(
            label=Text(**entry["label"]),
            fixed=entry.get("fixed", False),
            reconsent=entry.get("reconsent", False),
            untold=frozenset(entry.get("untold", ())),
            registry={key: entry[key] for key in ("irct", "ctgov") if key in entry},
        )
        for name, entry in read.items()
    }


@cache
def _amendment() -> Mapping[str, Any]:
    return tomllib.loads(_AMENDMENT.read_text(encoding="utf-8"))


def _between(before: Fact, after: Fact) -> list[Change]:
    found = []
    for fixed, old, new in ((True, before.fixed, after.fixed), (False, before.free, after.free)):
        for field in dict.fromkeys((*old, *new)):
            if old.get(field) != new.get(field):
                values = {"before": old.get(field), "after": new.get(field)}
                found.append(Change(area=after.area, id=after.id, kind="changed", field=field, fixed=fixed, **values))
    return found


def _whole(fact: Fact, kind: Kind) -> Change:
    return Change(area=fact.area, id=fact.id, kind=kind, fixed=areas()[fact.area].fixed)


def _reconsent(old: Study, new: Study, changes: tuple[Change, ...]) -> Reconsent:
    because = tuple(change for change in changes if _is_told(change))
    signed, wanted = _consent_for(old), _consent_for(new)
    consent = wanted.version if wanted and (signed is None or wanted.version != signed.version) else None
    return Reconsent(because=because, arms=_arms_of(new, because, everybody=consent is not None), consent=consent)


def _is_told(change: Change) -> bool:
    """Whether people in the trial were told of what changed, so that they are asked again."""
    area = areas()[change.area]
    return change.fixed and area.reconsent and change.field not in area.untold


def _consent_for(study: Study) -> Consent | None:
    """The newest consent form that is for this protocol version."""
    fitting = [c for c in study.consents if not c.protocols or study.protocol_version in c.protocols]
    return max(fitting, key=lambda consent: consent.approved_on, default=None)


def _arms_of(study: Study, because: tuple[Change, ...], *, everybody: bool) -> tuple[str, ...]:
    """The arms that the changes touch: those of an encounter, of an intervention, or all."""
    touched: set[str] = set()
    for change in because:
        touched |= _touched(study, change)
    return tuple(arm.id for arm in study.arms if everybody or arm.id in touched)


def _touched(study: Study, change: Change) -> set[str]:
    if change.area == "arm":
        return {change.id}
    if change.area in {"dose", "regimen", "intervention"}:
        return {arm.id for arm in study.arms if change.id in arm.interventions}
    encounter = study.encounter(change.id) if change.area == "encounter" else None
    return set(encounter.arms) if encounter and encounter.arms else {arm.id for arm in study.arms}


def _registry_update(study: Study, changes: tuple[Change, ...]) -> RegistryUpdate | None:
    wanted = [areas()[c.area].registry.get(study.registry, "") for c in changes if c.fixed]
    fields = tuple(dict.fromkeys(field for listed in wanted for field in listed.split("; ") if field))
    limits = _amendment()["registry"].get(study.registry)
    if not fields or limits is None:
        return None
    by = Text(**limits["label"])
    return RegistryUpdate(registry=study.registry, fields=fields, days=limits.get("days"), by=by, source=limits["source"])
