"""What one simulated trial looks like: its visits, its arms, its endpoints, read once from the definition.

The parameters of the trial's own procedure are with the custodian and are not used: see `allocations` for what is assumed instead.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from trialwright.datasets.measurement import GFR_BY_AGE
from trialwright.simulate.scenario import DAYS_A_MONTH, ScenarioError, days_from_allocation
from trialwright.study.model import Endpoint, Form, Study

SIMULATED = ("creatinine", "gfr", "sledai_2k", "sledai_2k_without_proteinuria", "albumin")
"""What is simulated beside the protein of the primary endpoint, where the study collects it."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit at which something simulated is measured. Units: days from allocation; months from the qualifying visit."""

    id: str
    day: float
    month: float
    forms: tuple[str, ...]
    measures_protein: bool


@dataclass(frozen=True, kw_only=True)
class SimulatedEndpoint:
    """An endpoint of the study, the visit at which it is compared and those of its baseline, as places in the plan's visits."""

    endpoint: Endpoint
    at: int
    baseline: tuple[int, ...]
    transform: str

    @property
    def id(self) -> str:
        return self.endpoint.id


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`treated` and `control` are arm ids, the control "" in a single-arm trial; `form` is that of the protein.

    `ratio` is the parameter of the ratio from the same jug, "" where there is none. `form_of`: parameter id to its form.
    """

    study: Study
    protein: Endpoint
    form: Form
    ratio: str
    form_of: dict[str, str]
    participants: int
    treated: str
    control: str
    has_product: bool
    visits: tuple[Visit, ...]
    endpoints: tuple[SimulatedEndpoint, ...]
    left_out: tuple[str, ...]

    @property
    def samples(self) -> int:
        return self.form.repeats_planned if self.form.repeat_rule == "mean" else 1

    @property
    def primary(self) -> SimulatedEndpoint:
        return next(e for e in self.endpoints if e.id == self.study.analysis.primary.endpoint)

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.form_of.values()))

    @cached_property
    def is_entry(self) -> NDArray[np.bool_]:
        """Which visit is the one that qualified people: the first. Shapes: (visits,)."""
        return np.array([visit.month == 0 for visit in self.visits])

    @property
    def gfr_decimals(self) -> int:
        return next((d.decimals for d in self.study.derivations if d.measure == GFR_BY_AGE), 0)

    def has(self, parameter: str) -> bool:
        return parameter in self.form_of

    def planned(self, parameter: str) -> NDArray[np.bool_]:
        """At which visits a parameter is collected. Shapes: (visits,)."""
        form = self.form_of.get(parameter, "")
        return np.array([form in visit.forms for visit in self.visits])


def read_plan(study: Study) -> Plan:
    """Read the design that is simulated.

    Raises: ScenarioError where the primary endpoint has no baseline or is not of protein in urine, or the trial has more than two
    arms.
    """
    primary = study.analysis.primary
    protein = next(e for e in study.endpoints if e.id == primary.endpoint)
    form_id = _form_of(study, protein.concept)
    if "proteinuria" not in study.simulation or not form_id:
        raise ScenarioError(f"{study.id}: many trials are simulated for protein in urine only; {protein.concept} can be rehearsed.")
    if protein.baseline is None or len(study.arms) > 2:
        raise ScenarioError(f"{study.id}: the simulation needs a primary endpoint with a baseline and one or two arms.")
    form = study.forms[form_id]
    ratio = next((d.id for d in study.derivations if d.form == form.id and d.measure == "upcr" and d.id != protein.concept), "")
    wanted = [name for name in (protein.concept, ratio, *SIMULATED) if name and _form_of(study, name)]
    form_of = {name: _form_of(study, name) for name in wanted}
    visits = _visits(study, form.id, set(form_of.values()))
    endpoints = [e for e in study.endpoints if e.concept in form_of and e.baseline is not None]
    treated = next(arm.id for arm in study.arms if arm.kind == "experimental")
    return Plan(
        study=study,
        protein=protein,
        form=form,
        ratio=ratio,
        form_of=form_of,
        participants=sum(arm.planned for arm in study.arms),
        treated=treated,
        control=next((arm.id for arm in study.arms if arm.id != treated), ""),
        has_product=study.cell_product(treated) is not None,
        visits=visits,
        endpoints=tuple(_endpoint(study, e, visits) for e in sorted(endpoints, key=lambda e: e.id != protein.id)),
        left_out=tuple(e.id for e in study.endpoints if e not in endpoints),
    )


def _form_of(study: Study, concept: str) -> str:
    derived = next((d.form for d in study.derivations if d.id == concept), "")
    return derived or next((f.id for f in study.forms.values() if f.item(concept) is not None), "")


def _visits(study: Study, protein_form: str, forms: set[str]) -> tuple[Visit, ...]:
    """Every encounter that measures, in order of days; months count from the first encounter of all, which qualifies people."""
    start = min(days_from_allocation(study, e.id) for e in study.encounters if e.anchor == "screening")
    days = sorted(
        (days_from_allocation(study, e.id), number) for number, e in enumerate(study.encounters) if forms.intersection(e.forms)
    )
    rows = ((day, study.encounters[number]) for day, number in days)
    return tuple(
        Visit(id=e.id, day=day, month=(day - start) / DAYS_A_MONTH, forms=tuple(e.forms), measures_protein=protein_form in e.forms)
        for day, e in rows
    )


def _endpoint(study: Study, endpoint: Endpoint, visits: tuple[Visit, ...]) -> SimulatedEndpoint:
    """The visit of the primary analysis where the endpoint has it, else its last one."""
    primary, places = study.analysis.primary, {visit.id: place for place, visit in enumerate(visits)}
    at = primary.encounter if primary.encounter in endpoint.encounters else endpoint.encounters[-1]
    logged = primary.transform == "log" if endpoint.id == primary.endpoint else endpoint.change == "ratio"
    assert endpoint.baseline is not None
    return SimulatedEndpoint(
        endpoint=endpoint,
        at=places[at],
        baseline=tuple(places[e] for e in endpoint.baseline.encounters),
        transform="log" if logged else "none",
    )
