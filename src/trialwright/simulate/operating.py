"""Operating characteristics: how often a trial of this design finds an effect that is there, and one that is not.

Bias, size, power and coverage of every method and endpoint, the response rates that arise without any effect and what happens to
people, each with its Monte Carlo error. `simulate` runs all blocks or one shard of them; `merge` puts shards together, and the
result is bit for bit that of one run.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from pathlib import Path
from typing import Any

from trialwright.simulate.allocations import plan_allocation
from trialwright.simulate.blocks import BLOCK, Tally
from trialwright.simulate.notes import notes_on
from trialwright.simulate.plan import Plan, SimulatedEndpoint, read_plan
from trialwright.simulate.running import Job, Progress, Store, read_tally, run_jobs
from trialwright.simulate.scenario import Scenario, ScenarioError, read_scenario, scenario_names
from trialwright.simulate.truth import Truth, find_truth
from trialwright.study.model import Study
from trialwright.terms.sentences import Text

METHODS = ("rerandomisation", "ancova", "ancova_hc2", "ancova_hc3", "rank_sum", "signed_rank", "signed_rank_pratt")
"""In the order in which they are given; the first that a design has is the primary one, whose estimate is reported."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A share of trials or of participants. `monte_carlo_error` is its standard error; None where it is not over trials."""

    value: float
    count: int
    of: int
    monte_carlo_error: float | None


@dataclass(frozen=True, kw_only=True)
class MethodResult:
    """One method: `rejected` over all trials (one without an estimate rejects nothing), `coverage` over those with an interval."""

    method: str
    rejected: Rate
    coverage: Rate | None
    not_estimable: int


@dataclass(frozen=True, kw_only=True)
class EndpointOperating:
    """What the design does with one endpoint at the visit where it is compared.

    `question` is "size" where the treatment does nothing, else "power". `scale`: "log" (effects are differences of logarithms) or
    "difference". `true_effect` is that of the policy, never infused and rescued included; in a one-arm trial the bias of the mean
    estimate against it is what everything but the treatment does. `failures`: trials without an estimate, by reason.
    """

    endpoint: str
    encounter: str
    question: str
    scale: str
    true_effect: float
    true_effect_error: float
    mean_estimate: float | None
    estimate_error: float | None
    mean_analysed: float
    methods: tuple[MethodResult, ...]
    failures: Mapping[str, int]

    def method(self, name: str) -> MethodResult:
        return next(result for result in self.methods if result.method == name)


@dataclass(frozen=True, kw_only=True)
class ResponseRate:
    """Participants of an arm who respond by a definition at any visit up to its encounter."""

    definition: str
    arm: str
    complete: Rate
    any_response: Rate


@dataclass(frozen=True, kw_only=True)
class ResponseTest:
    """How often a test of responders finds a difference. `kind`: "complete" or "any"."""

    definition: str
    kind: str
    method: str
    rejected: Rate


@dataclass(frozen=True, kw_only=True)
class ArmCourse:
    """What happens to the participants of an arm, as shares of them; events a year under observation."""

    arm: str
    infused: float
    withdrawn: float
    rescued: float
    relapsed: float
    with_serious: float
    events_per_year: float
    fever: float


@dataclass(frozen=True, kw_only=True)
class ScenarioResult:
    """What the design does in one scenario, with one way of collecting, the primary endpoint first.

    `collection`: "judged" (miscollected jugs are recognised and repeated), "as_collected" (every jug counts) or "samples" (none).
    """

    scenario: str
    label: Text
    collection: str
    trials: int
    endpoints: tuple[EndpointOperating, ...]
    responses: tuple[ResponseRate, ...]
    response_tests: tuple[ResponseTest, ...]
    arms: tuple[ArmCourse, ...]

    @property
    def primary(self) -> EndpointOperating:
        return self.endpoints[0]

    @property
    def question(self) -> str:
        return self.primary.question

    @property
    def rejected(self) -> Rate:
        """How often the primary analysis rejects."""
        return self.primary.methods[0].rejected

    @property
    def coverage(self) -> Rate | None:
        """How often the interval of the primary analysis holds the truth."""
        return self.primary.methods[0].coverage


@dataclass(frozen=True, kw_only=True)
class Operating:
    """The operating characteristics of one design. `shard` is "" for a complete run, else "i/N" and the results are of that
    part."""

    study: str
    protocol_version: str
    digest: str
    trials: int
    seed: int
    shard: str
    method: str
    alpha: float
    results: tuple[ScenarioResult, ...]
    notes: tuple[Text, ...]
    tallies: tuple[Tally, ...]


def simulate(
    study: Study,
    *,
    trials: int,
    seed: int,
    scenario: str | None = "default",
    shard: tuple[int, int] | None = None,
    workers: int | None = 1,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Operating:
    """Simulate trials of this design; `scenario` None runs every scenario of the study.

    `shard` (i, N) runs block i, i + N, ... of the blocks, i from 1. `workers` above 1 uses joblib, None the engine that
    `joblib.parallel_config` sets; the bits are the same. `out` keeps finished blocks in a folder, where a second call goes on.
    Raises: ScenarioError for an unknown scenario, a number of trials below 1, a shard outside 1 to N, a folder of another run.
    """
    if trials < 1:
        raise ScenarioError(f"The number of trials must be at least 1; found {trials}.")
    if shard is not None and not 1 <= shard[0] <= shard[1]:
        raise ScenarioError(f"A shard is i/N with i from 1 to N; found {shard[0]}/{shard[1]}.")
    plan = read_plan(study)
    scenarios = [read_scenario(study, name) for name in (scenario_names(study) if scenario is None else (scenario,))]
    first, step = (shard[0] - 1, shard[1]) if shard is not None else (0, 1)
    blocks = range(-(-trials // BLOCK))[first::step]
    jobs = [
        Job(scenario=s, collection=c, block=b, trials=min(BLOCK, trials - b * BLOCK), truth=find_truth(plan, s, c))
        for s in scenarios
        for c in collections_of(plan)
        for b in blocks
    ]
    head = {"study": study.id, "digest": study.digest, "trials": trials, "seed": seed}
    store = Store(folder=out, head=head) if out is not None else None
    tallies = run_jobs(plan, jobs, seed, workers=workers, store=store, progress=progress)
    return _operating(plan, scenarios, tallies, trials, seed, "" if shard is None else f"{shard[0]}/{shard[1]}")


def merge(study: Study, parts: Sequence[Operating]) -> Operating:
    """Put the shards of one run together.

    Raises: ScenarioError where they are not of one run, overlap, or a block is missing.
    """
    if not parts:
        raise ScenarioError("There is no shard to merge; give at least one.")
    heads = {(p.study, p.digest, p.trials, p.seed) for p in parts}
    if len(heads) > 1 or parts[0].digest != study.digest:
        raise ScenarioError("The shards are not of one run: study, build, number of trials and seed must be the same in all.")
    tallies = [tally for part in parts for tally in part.tallies]
    keys = [(t.scenario, t.collection, t.block) for t in tallies]
    names = list(dict.fromkeys(t.scenario for t in tallies))
    plan, expected = read_plan(study), -(-parts[0].trials // BLOCK)
    wanted = len(names) * len(collections_of(plan)) * expected
    if len(set(keys)) != len(keys) or len(keys) != wanted:
        raise ScenarioError(
            f"The shards hold {len(keys)} blocks ({len(set(keys))} different) and the run has {wanted}; give each shard once."
        )
    order = [name for name in scenario_names(study) if name in names]
    return _operating(plan, [read_scenario(study, name) for name in order], tallies, parts[0].trials, parts[0].seed, "")


def read_operating(study: Study, parsed: Mapping[str, Any]) -> Operating:
    """An Operating from the JSON that a shard was written as; the results are computed again from its tallies."""
    tallies = [read_tally(tally) for tally in parsed["tallies"]]
    names = dict.fromkeys(t.scenario for t in tallies)
    scenarios = [read_scenario(study, name) for name in names]
    return _operating(read_plan(study), scenarios, tallies, parsed["trials"], parsed["seed"], parsed["shard"])


def collections_of(plan: Plan) -> tuple[str, ...]:
    """The ways of collecting that are simulated: both for timed collections, one for samples."""
    return ("judged", "as_collected") if plan.form.collection is not None else ("samples",)


def _operating(
    plan: Plan, scenarios: Sequence[Scenario], tallies: Sequence[Tally], trials: int, seed: int, shard: str
) -> Operating:
    order = {(s.name, c): i for i, (s, c) in enumerate((s, c) for s in scenarios for c in collections_of(plan))}
    ordered = sorted(tallies, key=lambda t: (order[t.scenario, t.collection], t.block))
    results = [
        _result(plan, s, c, [t for t in ordered if (t.scenario, t.collection) == (s.name, c)])
        for s in scenarios
        for c in collections_of(plan)
    ]
    primary = plan.study.analysis.primary
    return Operating(
        study=plan.study.id,
        protocol_version=plan.study.protocol_version,
        digest=plan.study.digest,
        trials=trials,
        seed=seed,
        shard=shard,
        method=primary.method,
        alpha=float(primary.alpha),
        results=tuple(results),
        notes=notes_on(plan, plan_allocation(plan.study)),
        tallies=tuple(ordered),
    )


def _result(plan: Plan, scenario: Scenario, collection: str, tallies: Sequence[Tally]) -> ScenarioResult:
    trials, counts = sum(t.trials for t in tallies), _added(t.counts for t in tallies)
    sums = {name: fsum(t.sums[name] for t in tallies) for name in (tallies[0].sums if tallies else ())}
    truth = find_truth(plan, scenario, collection)
    return ScenarioResult(
        scenario=scenario.name,
        label=scenario.label,
        collection=collection,
        trials=trials,
        endpoints=tuple(_endpoint(plan, e, truth, trials, counts, sums) for e in plan.endpoints),
        responses=_responses(plan, counts),
        response_tests=_response_tests(plan, counts, trials),
        arms=tuple(_arm(arm, counts, sums) for arm in (plan.treated, plan.control) if arm and f"arm.{arm}.participants" in counts),
    )


def _endpoint(
    plan: Plan, endpoint: SimulatedEndpoint, truth: Truth, trials: int, counts: Mapping[str, int], sums: Mapping[str, float]
) -> EndpointOperating:
    names = [name for name in METHODS if f"{endpoint.id}.{name}.estimable" in counts]
    main = f"{endpoint.id}.{names[0] if names else ''}"
    estimable = counts.get(f"{main}.estimable", 0)
    mean = sums[f"{main}.estimate"] / estimable if estimable else None
    squared = sums[f"{main}.estimate_squared"] / estimable if estimable else 0.0
    effect = truth.effects[endpoint.id]
    failed = f"{endpoint.id}.failed."
    return EndpointOperating(
        endpoint=endpoint.id,
        encounter=plan.visits[endpoint.at].id,
        question="size" if abs(effect) < 1e-12 else "power",
        scale="log" if endpoint.transform == "log" else "difference",
        true_effect=effect,
        true_effect_error=truth.errors[endpoint.id],
        mean_estimate=mean,
        estimate_error=sqrt(max(squared - mean**2, 0.0) / estimable) if mean is not None else None,
        mean_analysed=counts.get(f"{endpoint.id}.analysed", 0) / trials if trials else 0.0,
        methods=tuple(_method(f"{endpoint.id}.{name}", name, counts, trials) for name in names),
        failures={key.removeprefix(failed): count for key, count in counts.items() if key.startswith(failed)},
    )


def _method(key: str, name: str, counts: Mapping[str, int], trials: int) -> MethodResult:
    estimable, covered = counts[f"{key}.estimable"], counts.get(f"{key}.covered")
    return MethodResult(
        method=name,
        rejected=_over_trials(counts[f"{key}.rejected"], trials),
        coverage=_over_trials(covered, estimable) if covered is not None and estimable else None,
        not_estimable=trials - estimable,
    )


def _added(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for row in rows:
        for name, count in row.items():
            total[name] = total.get(name, 0) + count
    return total


def _over_trials(count: int, trials: int) -> Rate:
    value = count / trials if trials else 0.0
    return Rate(value=value, count=count, of=trials, monte_carlo_error=sqrt(value * (1 - value) / trials) if trials else None)


def _of_people(count: int, of: int) -> Rate:
    return Rate(value=count / of if of else 0.0, count=count, of=of, monte_carlo_error=None)


def _responses(plan: Plan, counts: Mapping[str, int]) -> tuple[ResponseRate, ...]:
    found = []
    for use in plan.study.analysis.responses:
        for arm in (plan.treated, plan.control):
            name, of = f"response.{use.definition}", counts.get(f"arm.{arm}.participants", 0)
            if f"{name}.any.{arm}" in counts:
                complete, either = (_of_people(counts[f"{name}.{kind}.{arm}"], of) for kind in ("complete", "any"))
                found.append(ResponseRate(definition=use.definition, arm=arm, complete=complete, any_response=either))
    return tuple(found)


def _response_tests(plan: Plan, counts: Mapping[str, int], trials: int) -> tuple[ResponseTest, ...]:
    return tuple(
        ResponseTest(definition=use.definition, kind=kind, method=method, rejected=_over_trials(counts[key], trials))
        for use in plan.study.analysis.responses
        for kind in ("complete", "any")
        for method in ("boschloo", "fisher")
        if (key := f"response.{use.definition}.{kind}.{method}.rejected") in counts
    )


def _arm(arm: str, counts: Mapping[str, int], sums: Mapping[str, float]) -> ArmCourse:
    people = max(counts[f"arm.{arm}.participants"], 1)
    shares = {
        name: counts[f"arm.{arm}.{name}"] / people for name in ("infused", "withdrawn", "rescued", "relapsed", "with_serious")
    }
    infused, years = counts[f"arm.{arm}.infused"], sums[f"arm.{arm}.years"]
    return ArmCourse(
        arm=arm,
        **shares,
        events_per_year=counts[f"arm.{arm}.events"] / years if years else 0.0,
        fever=counts[f"arm.{arm}.fever"] / infused if infused else 0.0,
    )
