"""The results of a trial as data: what every table, figure and comparison is made from.

Arms are named by their id; a single-arm trial has one. Values of participants are Decimals as they stand in the datasets,
statistics are floats. Whatever could not be estimated is a `NotEstimable` with its sentence in the place of the number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from trialwright.analysis.methods.beta_binomial import Belief, Posterior
from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.terms.sentences import Text

Fate = Literal["as_collected", "worst", "last_before", "nothing_before", "set_aside", "left_out"]
"""What became of a value under the estimand's strategies for intercurrent events."""


What = Literal["size", "coverage"]


@dataclass(frozen=True, kw_only=True)
class ArmFlow:
    """An arm's column of the CONSORT flow, in numbers of participants."""

    arm: str
    label: Text
    allocated: int
    received: int
    not_received: int
    withdrawn: int
    withdrawal_reasons: Mapping[str, int]
    completed: int
    ongoing: int
    analysed: int


@dataclass(frozen=True, kw_only=True)
class Disposition:
    """Who came and who stayed. `analysed` in an arm counts those with value and baseline of the primary endpoint."""

    screened: int
    consented: int
    screen_failures: int
    screen_failure_reasons: Mapping[str, int]
    allocated: int
    arms: tuple[ArmFlow, ...]


@dataclass(frozen=True, kw_only=True)
class SetCount:
    """An analysis set: its definition in words, its size by arm, and who of the allocated is outside and why."""

    id: str
    label: Text
    definition: Text
    by_arm: Mapping[str, int]
    outside: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, kw_only=True)
class Individual:
    """One participant's value at one encounter, with its change from baseline (in the endpoint's own kind) or why there is none.

    `fate` is "as_collected" unless an intercurrent event changed what the estimand takes; a "worst" outcome counts without a value.
    """

    participant: str
    arm: str
    day: int | None
    value: Decimal | None
    baseline: Decimal | None
    change: Decimal | None
    missing: Text | None
    fate: Fate = "as_collected"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Observed values of one arm at one encounter. Units: those of the endpoint; `change_*` difference or ratio to baseline."""

    encounter: str
    encounter_label: Text
    arm: str
    observed: int
    expected: int
    median: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    change_median: Decimal | None
    change_minimum: Decimal | None
    change_maximum: Decimal | None
    individuals: tuple[Individual, ...]


@dataclass(frozen=True, kw_only=True)
class EndpointResult:
    """An endpoint as observed, baseline first (`encounter` "baseline"), then at each of its encounters, by arm."""

    id: str
    label: Text
    level: str
    outcome: str
    unit: str
    change: str
    direction: str
    analysis_set: str
    measures: tuple[str, ...]
    summaries: tuple[Summary, ...]


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How often a method errs at this number of participants: a test's true size, or how often an interval holds the truth.

    `kind` says how it is known: counted over every outcome, held by construction, simulated (with `monte_carlo_error`), or not
    measured, where `found` is None.
    """

    what: What
    kind: Literal["counted", "by_construction", "simulated", "not_measured"]
    asked: float
    found: float | None
    statement: Text
    monte_carlo_error: float | None = None


@dataclass(frozen=True, kw_only=True)
class Support:
    """A second analysis of a question, beside the first one and never in its place.

    `scale` is that of `Primary` unless the method has its own: "probability" (that the experimental arm has the larger value).
    """

    id: str
    label: Text
    estimate: Interval | NotEstimable | None
    test: Test | NotEstimable | None
    scale: str = ""
    reliability: tuple[Reliability, ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Primary:
    """The primary analysis at its one named time point.

    `effect_scale` is "ratio" (of the experimental arm to the other, or of the value to baseline, where values were logged) or
    "difference"; `estimate` and every support are on that scale. `unit` is empty for a ratio. Without a baseline the values
    themselves are compared or, in one arm, estimated.
    """

    endpoint: str
    label: Text
    encounter: str
    encounter_label: Text
    method: str
    transform: str
    alpha: float
    analysis_set: str
    effect_scale: str
    unit: str
    compared: tuple[str, ...]
    estimate: Interval | NotEstimable
    test: Test | NotEstimable
    supports: tuple[Support, ...]
    individuals: tuple[Individual, ...]
    notes: tuple[Text, ...]
    has_baseline: bool = True
    reliability: tuple[Reliability, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Secondary:
    """Another endpoint at one time point: its analyses side by side, none adjusted for their number. Fields as in `Primary`."""

    endpoint: str
    label: Text
    encounter: str
    encounter_label: Text
    analysis_set: str
    effect_scale: str
    unit: str
    compared: tuple[str, ...]
    analyses: tuple[Support, ...]
    individuals: tuple[Individual, ...]
    notes: tuple[Text, ...]
    has_baseline: bool


@dataclass(frozen=True, kw_only=True)
class ArmResponse:
    """Responders of one arm. Undecided participants stay in `participants` and count as no response; they are listed.

    `any_*` is complete or partial. The mid-p limits are narrower than the exact ones and may fall short; a posterior names its
    prior.
    """

    arm: str
    participants: int
    complete: int
    partial: int
    undecided: int
    complete_interval: Interval | NotEstimable
    any_interval: Interval | NotEstimable
    complete_mid_p: Interval | NotEstimable
    any_mid_p: Interval | NotEstimable
    complete_posterior: Posterior | NotEstimable
    any_posterior: Posterior | NotEstimable
    reliability: tuple[Reliability, ...]


@dataclass(frozen=True, kw_only=True)
class ResponseComparison:
    """The response rates of two arms, first of `compared` less second; `belief` is the chance that the first is the higher."""

    response: Literal["complete", "any"]
    label: Text
    compared: tuple[str, str]
    difference: Interval | NotEstimable
    test: Test | NotEstimable
    belief: Belief | NotEstimable
    reliability: tuple[Reliability, ...]


@dataclass(frozen=True, kw_only=True)
class ArmResponseTimes:
    """From allocation to the first response of one arm, and from it to relapse.

    `competing` counts those in whom an event that the estimand counts as failure came first. `incidence` is the share with a
    response, `without_relapse` the share of the responders still without relapse, each at its `day`. Units: days.
    """

    arm: str
    participants: int
    responded: int
    competing: int
    day: int
    incidence: Interval | NotEstimable
    relapsed: int
    relapse_day: int
    without_relapse: Interval | NotEstimable
    reliability: tuple[Reliability, ...]


@dataclass(frozen=True, kw_only=True)
class ResponseTimes:
    """Times to response and relapse by arm; `test` compares the times to response over the trial's own lists, None for one arm."""

    arms: tuple[ArmResponseTimes, ...]
    test: Test | NotEstimable | None


@dataclass(frozen=True, kw_only=True)
class IndividualResponse:
    participant: str
    arm: str
    best: str
    encounter: str
    reason: Text | None


@dataclass(frozen=True, kw_only=True)
class ResponseResult:
    """A response definition applied up to an encounter: the best response at any of its visits, by arm."""

    definition: str
    version: str
    label: Text
    by: str
    by_label: Text
    arms: tuple[ArmResponse, ...]
    individuals: tuple[IndividualResponse, ...]
    comparisons: tuple[ResponseComparison, ...]
    times: ResponseTimes


@dataclass(frozen=True, kw_only=True)
class GradeCount:
    """A term in one arm: how many participants had it at worst in each grade, and how many events there were."""

    term: str
    label: Text
    arm: str
    by_worst_grade: Mapping[int, int]
    participants: int
    events: int


@dataclass(frozen=True, kw_only=True)
class ArmSafety:
    """Treatment-emergent events of one arm in the safety set; `none_serious` says what no serious event would leave open."""

    arm: str
    participants: int
    with_event: int
    events: int
    with_serious: int
    with_related: int
    by_worst_grade: Mapping[int, int]
    serious_interval: Interval | NotEstimable


@dataclass(frozen=True, kw_only=True)
class Safety:
    ctcae: str
    arms: tuple[ArmSafety, ...]
    terms: tuple[GradeCount, ...]
    before_treatment: int


@dataclass(frozen=True, kw_only=True)
class MissingValue:
    """A planned value of an endpoint that is not there, with its reason."""

    endpoint: str
    encounter: str
    participant: str
    arm: str
    code: str
    reason: Text


@dataclass(frozen=True, kw_only=True)
class EventHandling:
    """An intercurrent event of one participant and what was done about it for one endpoint.

    `source` is the record that shows it (`position` its place in the ledger, where it is a collected value); `encounters` are those
    of the endpoint that lie after it; `strategy` is empty where the estimand does not name the event. Units: `day` days from
    allocation (its day is 1).
    """

    participant: str
    arm: str
    event: str
    label: Text
    on: date
    day: int
    source: Text
    position: int | None
    endpoint: str
    strategy: str
    encounters: tuple[str, ...]
    done: Text


@dataclass(frozen=True, kw_only=True)
class Results:
    """Everything a report prints about one trial at one ledger head. `data_until` is the newest day of any value."""

    study: str
    protocol_version: str
    digest: str
    data_until: date | None
    arms: Mapping[str, Text]
    disposition: Disposition
    sets: tuple[SetCount, ...]
    primary: Primary
    secondary: tuple[Secondary, ...]
    endpoints: tuple[EndpointResult, ...]
    responses: tuple[ResponseResult, ...]
    safety: Safety
    intercurrent: tuple[EventHandling, ...]
    missing: tuple[MissingValue, ...]
    notes: tuple[Text, ...]


def events_once(results: Results) -> tuple[tuple[EventHandling, tuple[tuple[Text, tuple[str, ...]], ...]], ...]:
    """Each event of each participant once, with the endpoints (ids) for which the same was done."""
    first: dict[tuple[str, str], EventHandling] = {}
    done: dict[tuple[str, str], dict[Text, tuple[str, ...]]] = {}
    for one in results.intercurrent:
        key = (one.participant, one.event)
        first.setdefault(key, one)
        own = done.setdefault(key, {})
        own[one.done] = (*own.get(one.done, ()), one.endpoint)
    return tuple((one, tuple(done[key].items())) for key, one in first.items())
