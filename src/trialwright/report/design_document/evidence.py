"""What a simulation knows of a design: size and power of the planned test, and responses that arise without any effect."""

from dataclasses import replace

from trialwright.analysis.design import Evidence, FalseResponses, Simulated
from trialwright.analysis.design.wording import say
from trialwright.report.design_document.build import SENTENCES
from trialwright.simulate.no_effect import no_effect_table
from trialwright.simulate.operating import ScenarioResult, simulate
from trialwright.simulate.responders import rules_on_protein
from trialwright.simulate.scenario import ScenarioError
from trialwright.study.model import Study, Text
from trialwright.terms.sentences import read_sentences

TRIALS, PEOPLE, SEED = 500, 40_000, 1
MOST_SIMULATED = 50
"""Participants of all arms; above it the re-randomisation of every simulated trial takes longer than a reader waits."""


def gather_evidence(study: Study, *, n: int | None = None, trials: int = TRIALS, people: int = PEOPLE) -> Evidence:
    """Simulate every scenario of the study, with `n` participants in each arm where asked for.

    A study that cannot be simulated gives evidence that says why.
    """
    sized = study if n is None else replace(study, arms=tuple(replace(arm, planned=n) for arm in study.arms))
    try:
        responses = _responses(sized, people)
        if sum(arm.planned for arm in sized.arms) > MOST_SIMULATED:
            return Evidence(responses=responses, missing=read_sentences(SENTENCES)["evidence.large"])
        found = simulate(_primary_alone(sized), trials=trials, seed=SEED, scenario=None)
    except ScenarioError as error:
        return Evidence(missing=Text(en=str(error), fa=str(error)))
    return Evidence(power=tuple(_simulated(one) for one in found.results), responses=responses)


def _primary_alone(study: Study) -> Study:
    """The same trial with nothing compared but its primary endpoint, which is all that the page asks.

    It has a digest of its own, because what is remembered of a study goes by its digest.
    """
    primary = tuple(one for one in study.endpoints if one.id == study.analysis.primary.endpoint)
    analysis = replace(study.analysis, responses=())
    return replace(study, endpoints=primary, analysis=analysis, digest=f"{study.digest}, primary endpoint alone")


def _simulated(found: ScenarioResult) -> Simulated:
    collection = say(f"collection.{found.collection}")
    label = say(f"test.scenario.{found.question}", scenario=found.label, collection=collection)
    error = found.rejected.monte_carlo_error or 0.0
    return Simulated(label=label, rejected=found.rejected.value, error=error, trials=found.trials)


def _responses(study: Study, people: int) -> tuple[FalseResponses, ...]:
    """For the first response definition of the study that looks at protein alone; none where there is no such definition."""
    unit = next(e.unit for e in study.endpoints if e.id == study.analysis.primary.endpoint)
    use = next((use for use in study.analysis.responses if rules_on_protein(use.definition, unit) is not None), None)
    by = study.encounter(use.by) if use else None
    if use is None or by is None:
        return ()
    return tuple(
        FalseResponses(
            definition=one.definition,
            by=by.label,
            drift_sd=one.drift_sd,
            collected=one.jugs,
            complete=one.complete,
            partial=one.partial,
            any_response=one.any_response,
            people=one.people,
        )
        for one in no_effect_table(study, use.definition, people=people, seed=SEED)
    )
