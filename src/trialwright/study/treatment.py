"""Who is given what: arms, the cell product and its dose, the regimen beside it, washouts, strata and allocation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from trialwright.study.facts import NO_BASIS, Basis, Proof
from trialwright.terms.sentences import Text

AllocationMethod = Literal["permuted_blocks", "big_stick", "maximal_procedure", "minimisation", "complete", "single_arm"]


@dataclass(frozen=True, kw_only=True)
class Dose:
    """The planned dose of a cell product and the limits of the bedside gate.

    `encounters` are those at which it is given, one a dose, in order; each dose is the anchor of the encounters that name its
    number. Units: cells per kg of actual weight; kg; minutes; days; EU/kg/h.
    """

    cells_per_kg: Decimal
    tolerance_percent: Decimal
    weight_max_age_days: int
    weight_change_percent: Decimal
    infusion_minutes: int
    thaw_limit_minutes: int
    endotoxin_limit_eu_kg_h: Decimal
    minimum_viability_percent: Decimal
    maximum_weight_kg: Decimal | None = None
    encounters: tuple[str, ...] = ()
    basis: Basis = NO_BASIS

    def planned_million(self, weight_kg: Decimal) -> Decimal:
        """The cells for a weight, which counts up to its maximum: what is ordered, given and judged afterwards.

        Units: kg; million viable cells, to 0.1, rounded half up.
        """
        counted = weight_kg if self.maximum_weight_kg is None else min(weight_kg, self.maximum_weight_kg)
        return (self.cells_per_kg * counted / 1_000_000).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class Drug:
    """A drug of the background regimen, with its dose and taper as the protocol prescribes them."""

    id: str
    label: Text
    dose: Text | None = None
    taper: Text | None = None
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class PermittedChange:
    """A change of the regimen that is allowed and no rescue; `intercurrent_event` names what it is for the estimands, if any."""

    id: str
    label: Text
    intercurrent_event: str = ""
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Rescue:
    """When treatment is stepped up, with what, and which intercurrent event of the endpoints that is."""

    id: str
    label: Text
    when: Text
    intercurrent_event: str
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Regimen:
    """The treatment beside the product, which in a control arm is the whole treatment."""

    drugs: tuple[Drug, ...] = ()
    changes: tuple[PermittedChange, ...] = ()
    rescue: tuple[Rescue, ...] = ()
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Intervention:
    id: str
    label: Text
    kind: Literal["cell_product", "background"]
    description: Text
    dose: Dose | None = None
    regimen: Regimen | None = None
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Arm:
    id: str
    label: Text
    kind: Literal["experimental", "control"]
    planned: int
    interventions: tuple[str, ...]
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class AllocationRule:
    """Who goes where. `stratified_by` names strata: of a list, or the factors of a minimisation.

    Block sizes, tolerated imbalance, biased-coin probability and seeds are never here: they live in the custodian's sealed file.
    """

    method: AllocationMethod
    ratio: Mapping[str, int]
    stratified_by: tuple[str, ...] = ()
    blinded_roles: tuple[str, ...] = ()
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class StratumLevel:
    """A level of a stratum; its `rule` (CEL) over screening values says who belongs to it."""

    id: str
    label: Text
    rule: str
    proof: tuple[Proof, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """What participants are told apart by before treatment: for allocation, if its rule names it, and for the analysis."""

    id: str
    label: Text
    levels: tuple[StratumLevel, ...]
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class PriorTherapy:
    """Which items hold an earlier treatment (drug, dose, months, response), and the criterion that rests on them.

    Units: `minimum_months` is the least duration of a treatment that failed.
    """

    form: str
    drug: str
    dose: str
    months: str
    response: str
    criterion: str
    minimum_months: Decimal | None = None
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Washout:
    """A treatment that must have ended some time before treatment. `criterion` names the criterion that holds it to that.

    `at_least` has no default: absent is open, and needs a question.
    """

    id: str
    label: Text
    at_least: timedelta | None = None
    criterion: str = ""
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class ScreeningRule:
    """How long screening holds, from the screening visit to allocation, and how often a person may be screened again."""

    valid_for: timedelta
    repeats: int = 0
    basis: Basis = NO_BASIS
