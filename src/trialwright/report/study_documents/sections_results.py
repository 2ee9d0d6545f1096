"""Objectives with their estimands, and how the answer is computed."""

from trialwright.report.document import Block
from trialwright.report.study_documents.told import Told
from trialwright.study.estimands import estimand_words, render_endpoint
from trialwright.study.model import Endpoint, RegisteredOutcome

_FURTHER = ("exploratory", "safety")


def objectives(told: Told) -> tuple[Block, ...]:
    """Primary and secondary endpoints, each in the sentence that the protocol says it in."""
    blocks: list[Block] = []
    for endpoint in (one for one in told.study.endpoints if one.level in ("primary", "secondary")):
        sentence = told.text(render_endpoint(endpoint, told.study))
        blocks += told.statement("1.1.1", f"endpoint {endpoint.id}", sentence)
    return tuple(blocks)


def primary(told: Told) -> tuple[Block, ...]:
    return (*_estimands(told, "3.1", ("primary",)), *_events(told))


def secondary(told: Told) -> tuple[Block, ...]:
    return _estimands(told, "3.2", ("secondary",))


def exploratory(told: Told) -> tuple[Block, ...]:
    return _estimands(told, "3.3", _FURTHER)


def analysis_sets(told: Told) -> tuple[Block, ...]:
    """The set of the primary endpoint, as its estimand says it."""
    endpoint = _endpoint(told, told.study.analysis.primary.endpoint)
    population = told.text(estimand_words(endpoint, told.study).population)
    return told.statement("10.2", f"endpoint {endpoint.id}", told.say("analysis.set", sets=population))


def primary_analysis(told: Told) -> tuple[Block, ...]:
    plan = told.study.analysis.primary
    said = told.say(
        "analysis.primary",
        endpoint=told.text(_endpoint(told, plan.endpoint).label),
        encounter=told.encounters([plan.encounter]),
        method=told.say(f"method.{plan.method}"),
        scale=told.say(f"scale.{plan.transform}"),
        sides=told.say("sides.two" if plan.two_sided else "sides.one"),
        alpha=told.wording.measured(plan.alpha),
    )
    return told.statement("10.4", "primary_analysis", said)


def other_analyses(told: Told) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for response in told.study.analysis.responses:
        definition, encounter = told.wording.code(response.definition), told.encounters([response.by])
        said = told.say("analysis.response", definition=definition, encounter=encounter)
        blocks += told.statement("10.8", f"response {response.definition}", said)
    return tuple(blocks)


def sample_size(told: Told) -> tuple[Block, ...]:
    said = told.say("design.size", n=told.wording.count(told.study.sample_size))
    return told.statement("10.11", "sample_size", said)


def _estimands(told: Told, section: str, levels: tuple[str, ...]) -> tuple[Block, ...]:
    """The whole estimand of each endpoint, then the registered outcomes of that level that no endpoint answers."""
    blocks: list[Block] = []
    for endpoint in (one for one in told.study.endpoints if one.level in levels):
        sentence = told.text(render_endpoint(endpoint, told.study, "analysis_plan"))
        blocks += told.statement(section, f"endpoint {endpoint.id}", sentence)
    for outcome in (one for one in told.study.outcomes if one.level in levels and one.dropped):
        blocks += told.statement(section, f"outcome {outcome.id}", _dropped(told, outcome))
    return tuple(blocks)


def _events(told: Told) -> tuple[Block, ...]:
    """Each intercurrent event with its strategy, because each may rest on something else."""
    events = dict.fromkeys(event for endpoint in told.study.endpoints for event in endpoint.estimand.intercurrent_events)
    blocks: list[Block] = []
    for event in events:
        strategy = told.say(f"strategy.{event.strategy}")
        said = told.say("event.handled", label=told.text(event.label), strategy=strategy)
        blocks += told.statement("3.1", f"intercurrent_event {event.id}", said)
    return tuple(blocks)


def _dropped(told: Told, outcome: RegisteredOutcome) -> str:
    return told.say("outcome.dropped", outcome=told.wording.typed(outcome.text), why=told.wording.typed(outcome.dropped))


def _endpoint(told: Told, endpoint_id: str) -> Endpoint:
    return next(one for one in told.study.endpoints if one.id == endpoint_id)
