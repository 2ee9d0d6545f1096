"""An endpoint in words: one sentence for the protocol, one for the analysis plan, and title and time frame for the registry.

All three are said from the same object, so they cannot drift apart. The five attributes of an estimand are those of ICH E9(R1),
section A.3.3; treatment and population are said from the arms and the condition where the definition does not give them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from trialwright.study.describe import baseline_words, encounter_words, endpoint_sentence
from trialwright.study.model import Endpoint, Study, Text
from trialwright.terms.sentences import fill, read_sentences

_SENTENCES = Path(__file__).with_name("sentences.toml")
TITLE_LIMIT = 254
"""Characters of an outcome's title, and of its time frame, at ClinicalTrials.gov.

Source: Protocol Registration Data Element Definitions, Outcome Measures; exports of WHO's portal are cut there too.
"""
Purpose = Literal["protocol", "analysis_plan"]


@dataclass(frozen=True, kw_only=True)
class EstimandWords:
    """The attributes of an estimand (ICH E9(R1) A.3.3), each in both languages."""

    treatment: Text
    population: Text
    variable: Text
    intercurrent_events: Text
    summary: Text


@dataclass(frozen=True, kw_only=True)
class RegistryOutcome:
    """An endpoint as a registry's outcome: each text within `TITLE_LIMIT` characters."""

    title: Text
    time_frame: Text


def render_endpoint(endpoint: Endpoint, study: Study, purpose: Purpose = "protocol") -> Text:
    """Say an endpoint in one sentence: for the protocol what is compared, for the analysis plan the whole estimand."""
    if purpose == "protocol":
        return endpoint_sentence(study, endpoint)
    words = estimand_words(endpoint, study)
    given = {name: getattr(words, name) for name in EstimandWords.__dataclass_fields__}
    return _say("estimand.plan", label=endpoint.label, **given)


def estimand_words(endpoint: Endpoint, study: Study) -> EstimandWords:
    """Say each attribute of an endpoint's estimand."""
    estimand = endpoint.estimand
    analysis_set = _sentences()[f"set.{estimand.analysis_set}"]
    summary = Text(en=estimand.summary, fa=estimand.summary_fa or estimand.summary)
    return EstimandWords(
        treatment=estimand.treatment or _treatment(study),
        population=estimand.population or _say("estimand.population", condition=study.condition, set=analysis_set),
        variable=_variable(endpoint, study),
        intercurrent_events=_events(endpoint),
        summary=summary,
    )


def render_registry_outcome(endpoint: Endpoint, study: Study) -> RegistryOutcome:
    """Say title and time frame as a registry takes them; a list of visits too long for it is given by its first and last."""
    title = _say(f"registry.{endpoint.change}", label=endpoint.label)
    baseline = endpoint.baseline.encounters if endpoint.baseline else ()
    whole = Text(**{code: _time_frame(endpoint, study, baseline, code) for code in ("en", "fa")})
    if max(len(whole.en), len(whole.fa)) > TITLE_LIMIT:
        ends = (endpoint.encounters[0], endpoint.encounters[-1])
        first, last = (encounter_words(study, (encounter_id,)) for encounter_id in ends)
        whole = _say("registry.from_to", first=first, last=last, number=len(endpoint.encounters), anchor=_anchor(endpoint, study))
    return RegistryOutcome(title=_cut(title), time_frame=_cut(whole))


def _treatment(study: Study) -> Text:
    tested = [arm.label for arm in study.arms if arm.kind == "experimental"]
    controls = [arm.label for arm in study.arms if arm.kind == "control"]
    if not controls:
        return _say("estimand.one_arm", arm=_joined(tested))
    return _say("estimand.against", arm=_joined(tested), control=_joined(controls))


def _variable(endpoint: Endpoint, study: Study) -> Text:
    encounters, baseline = encounter_words(study, endpoint.encounters), baseline_words(study, endpoint)
    return _say(f"variable.{endpoint.change}", label=endpoint.label, unit=endpoint.unit, encounters=encounters, baseline=baseline)


def _events(endpoint: Endpoint) -> Text:
    """The intercurrent events by the strategy that each is handled with."""
    grouped: dict[str, list[Text]] = {}
    for event in endpoint.estimand.intercurrent_events:
        grouped.setdefault(event.strategy, []).append(event.label)
    if not grouped:
        return _sentences()["estimand.no_events"]
    said = [_say("estimand.event", labels=_joined(labels), strategy=_sentences()[f"strategy.{s}"]) for s, labels in grouped.items()]
    return _joined(said)


def _time_frame(endpoint: Endpoint, study: Study, baseline: tuple[str, ...], code: str) -> str:
    planned = encounter_words(study, (*baseline, *endpoint.encounters)).in_language(code)
    return _say("registry.time_frame", encounters=planned, anchor=_anchor(endpoint, study)).in_language(code)


def _anchor(endpoint: Endpoint, study: Study) -> Text:
    """From what the last time point counts; all time points of an endpoint count from one anchor in the trials so far."""
    last = study.encounter(endpoint.encounters[-1])
    return _sentences()[f"anchor.{last.anchor if last else 'allocation'}"]


def _cut(text: Text) -> Text:
    return Text(en=_shortened(text.en), fa=_shortened(text.fa))


def _shortened(words: str) -> str:
    return words if len(words) <= TITLE_LIMIT else words[: TITLE_LIMIT - 1].rstrip() + "…"


def _joined(texts: list[Text]) -> Text:
    return Text(en="; ".join(t.en for t in texts), fa="؛ ".join(t.fa for t in texts))


def _say(code: str, **facts: object) -> Text:
    """Fill a sentence; a fact that is a text is put in in the sentence's language."""
    template = _sentences()[code]
    english, persian = ({key: _said(fact, language) for key, fact in facts.items()} for language in ("en", "fa"))
    return Text(en=fill(template, **english).en, fa=fill(template, **persian).fa)


def _said(fact: object, language: str) -> object:
    return fact.in_language(language) if isinstance(fact, Text) else fact


@cache
def _sentences() -> Mapping[str, Text]:
    return read_sentences(_SENTENCES)
