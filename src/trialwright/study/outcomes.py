"""What is to be shown and how it is judged: registered outcomes, endpoints with their estimands, and the analysis plan."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.study.facts import NO_BASIS, Basis
from trialwright.terms.sentences import Text

EndpointLevel = Literal["primary", "secondary", "safety", "exploratory"]
Strategy = Literal["treatment_policy", "composite", "hypothetical", "while_on_treatment", "principal_stratum"]


@dataclass(frozen=True, kw_only=True)
class IntercurrentEvent:
    id: str
    label: Text
    strategy: Strategy
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Estimand:
    """ICH E9(R1): treatment, population, variable, intercurrent events with their strategies, and summary, in data.

    `treatment` and `population` are said from the arms and the condition where they are not given; the variable is the endpoint.
    """

    analysis_set: Literal["full", "per_protocol", "safety"]
    summary: str
    summary_fa: str = ""
    treatment: Text | None = None
    population: Text | None = None
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Baseline:
    encounters: tuple[str, ...]
    rule: Literal["last", "mean", "geometric_mean"]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What is compared, executable: the same object drives form, derivation, analysis, registry time frame and table.

    `concept` is an item id or a derivation id; `change` says how a later value is set against baseline.
    """

    id: str
    level: EndpointLevel
    outcome: str
    label: Text
    concept: str
    unit: str = ""
    decimals: int
    encounters: tuple[str, ...]
    baseline: Baseline | None = None
    change: Literal["difference", "ratio", "none"]
    direction: Literal["lower_is_better", "higher_is_better", "none"]
    estimand: Estimand
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class RegisteredOutcome:
    """An outcome in the record's own words. It is answered by an endpoint, or `dropped` with the reason."""

    id: str
    level: EndpointLevel
    text: str
    time_frame: str
    dropped: str = ""


@dataclass(frozen=True, kw_only=True)
class ResponseUse:
    """A response definition of the measures room, applied in this trial up to an encounter."""

    definition: str
    by: str
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class PrimaryAnalysis:
    endpoint: str
    encounter: str
    method: Literal["rerandomisation", "signed_rank"]
    transform: Literal["log", "none"]
    alpha: Decimal
    two_sided: bool = True
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class AnalysisPlan:
    primary: PrimaryAnalysis
    responses: tuple[ResponseUse, ...] = ()
    confidence: Decimal = Decimal("0.95")
