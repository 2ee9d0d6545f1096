"""What one simulated trial looks like: its visits, its arms, its reference lists, read once from the definition.

The trial's own block sizes are with the custodian and are not used: the simulation assumes blocks of four (or of the smallest size
that the ratio allows), and says so. Characteristics of the re-randomisation test hardly depend on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trialwright.analysis.methods.allocation_lists import draw_permuted_blocks, permuted_block_lists
from trialwright.simulate.scenario import DAYS_A_MONTH, ScenarioError, days_from_allocation
from trialwright.study.model import Endpoint, Form, Study

MOST_LISTS = 8_000
SAMPLED_LISTS = 1_999


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visit with a measurement of the primary concept. Units: days from allocation; months from the qualifying visit."""

    id: str
    day: float
    month: float


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Shapes: lists (lists, participants) of 1 for the experimental arm; None in a single-arm trial."""

    study: Study
    endpoint: Endpoint
    form: Form
    participants: int
    treated: str
    control: str
    visits: tuple[Visit, ...]
    baseline: tuple[int, ...]
    primary: int
    lists: NDArray[np.int8] | None
    block_sizes: tuple[int, ...]

    @property
    def samples(self) -> int:
        return self.form.repeats_planned if self.form.repeat_rule == "mean" else 1


def read_plan(study: Study) -> Plan:
    """Read the design that is simulated.

    Raises: ScenarioError where the primary endpoint has no baseline or is not of protein in urine, or the trial has more than two
    arms.
    """
    primary = study.analysis.primary
    endpoint = next(e for e in study.endpoints if e.id == primary.endpoint)
    form = study.forms[_form_of(study, endpoint.concept)]
    if "proteinuria" not in study.simulation:
        raise ScenarioError(
            f"{study.id}: many trials are simulated for protein in urine only; {endpoint.concept} can be rehearsed."
        )
    if endpoint.baseline is None or len(study.arms) > 2:
        raise ScenarioError(f"{study.id}: the simulation needs a primary endpoint with a baseline and one or two arms.")
    visits = _visits(study, form)
    places = {visit.id: place for place, visit in enumerate(visits)}
    treated = next(arm.id for arm in study.arms if arm.kind == "experimental")
    sizes = _block_sizes(study) if len(study.arms) == 2 else ()
    return Plan(
        study=study,
        endpoint=endpoint,
        form=form,
        participants=sum(arm.planned for arm in study.arms),
        treated=treated,
        control=next((arm.id for arm in study.arms if arm.id != treated), ""),
        visits=visits,
        baseline=tuple(places[e] for e in endpoint.baseline.encounters),
        primary=places[primary.encounter],
        lists=_lists(study, treated, sizes) if sizes else None,
        block_sizes=sizes,
    )


def _form_of(study: Study, concept: str) -> str:
    derived = next((d.form for d in study.derivations if d.id == concept), "")
    return derived or next(f.id for f in study.forms.values() if f.item(concept) is not None)


def _visits(study: Study, form: Form) -> tuple[Visit, ...]:
    """Every encounter that measures, in order of days; months count from the first encounter of all."""
    start = min(days_from_allocation(study, e.id) for e in study.encounters if e.anchor == "screening")
    days = sorted((days_from_allocation(study, e.id), e.id) for e in study.encounters if form.id in e.forms)
    return tuple(Visit(id=name, day=day, month=(day - start) / DAYS_A_MONTH) for day, name in days if day > start)


def _block_sizes(study: Study) -> tuple[int, ...]:
    unit = sum(study.allocation.ratio.values())
    size = unit if unit > 3 else 2 * unit
    total = sum(arm.planned for arm in study.arms)
    return (size,) * -(-total // size)


def _lists(study: Study, treated: str, sizes: Sequence[int]) -> NDArray[np.int8]:
    """All lists of the blocks where they are few, else a fixed sample of them; each is as likely as any other."""
    ratio = study.allocation.ratio
    share = (ratio[treated], sum(ratio.values()) - ratio[treated])
    total = sum(arm.planned for arm in study.arms)
    rng = np.random.Generator(np.random.Philox(key=0))
    in_block = [size * share[0] // sum(share) for size in sizes]
    used = [min(size, total - sum(sizes[:i])) for i, size in enumerate(sizes)]
    blocks = list(zip(sizes, in_block, used, strict=True))
    sample = draw_permuted_blocks(blocks, SAMPLED_LISTS + 1, rng)
    if sum(sizes) != total:
        return sample
    found = permuted_block_lists(sample[0].tolist(), sizes, share, rng=rng) if len(sizes) <= 5 else None
    return found.lists if found is not None and found.enumerated and len(found.lists) <= MOST_LISTS else sample
