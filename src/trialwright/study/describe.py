"""A definition as one JSON-able object: arms, schedule, endpoints, criteria, derivations, what is assumed and what is open.

`render_study_text` of `printed` prints the same for a terminal; the site and the reports read this object too.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from trialwright.study.model import Basis, Dose, Encounter, Endpoint, Form, Study, Text
from trialwright.terms.sentences import fill, read_sentences

_SENTENCES = Path(__file__).with_name("sentences.toml")


def describe_study(study: Study) -> dict[str, Any]:
    """Describe everything that a definition says, with texts in both languages and numbers as they are written."""
    return {
        "id": study.id,
        "registry": study.registry,
        "prefix": study.prefix,
        "title": asdict(study.title),
        "short_title": asdict(study.short_title),
        "condition": asdict(study.condition),
        "protocol_version": study.protocol_version,
        "build": study.build,
        "digest": study.digest,
        "rehearsal_only": study.rehearsal_only,
        "sample_size": study.sample_size,
        "age_years": [_number(study.minimum_age_years), _number(study.maximum_age_years)],
        "arms": [_describe_arm(study, arm.id) for arm in study.arms],
        "interventions": [_plain(asdict(intervention)) for intervention in study.interventions],
        "allocation": _plain(asdict(study.allocation)),
        "strata": [_plain(asdict(stratum)) for stratum in study.strata],
        "permits": list(study.permits),
        "screening": _plain(asdict(study.screening)) if study.screening else None,
        "prior_therapy": _plain(asdict(study.prior_therapy)) if study.prior_therapy else None,
        "washouts": [_plain(asdict(washout)) for washout in study.washouts],
        "schedule": _describe_schedule(study),
        "forms": [_describe_form(form) for form in study.forms.values()],
        "derivations": [_plain(asdict(derivation)) for derivation in study.derivations],
        "criteria": [_plain(asdict(criterion)) for criterion in study.criteria],
        "outcomes": [asdict(outcome) for outcome in study.outcomes],
        "endpoints": [_describe_endpoint(study, endpoint) for endpoint in study.endpoints],
        "analysis": _plain(asdict(study.analysis)),
        "safety": _plain(asdict(study.safety)),
        "consents": [_plain(asdict(consent)) for consent in study.consents],
        "safety_references": [_plain(asdict(reference)) for reference in study.safety_references],
        "laboratories": [_plain(asdict(laboratory)) for laboratory in study.laboratories],
        "published": [_plain(asdict(document)) for document in study.published],
        "records": sorted(study.records),
        "assumptions": [{"what": what, "text": basis.assumed} for what, basis in study.assumptions()],
        "questions": [{"what": what, "text": basis.question} for what, basis in study.open_questions()],
    }


def endpoint_sentence(study: Study, endpoint: Endpoint) -> Text:
    """Say an endpoint in one sentence: variable, baseline, time points, analysis set and summary measure."""
    sentences = read_sentences(_SENTENCES)
    analysis_set = sentences[f"set.{endpoint.estimand.analysis_set}"]
    template = sentences[f"endpoint.{endpoint.change}"]
    said = {}
    for language in ("en", "fa"):
        said[language] = template.in_language(language).format(
            label=endpoint.label.in_language(language),
            baseline=baseline_words(study, endpoint).in_language(language),
            encounters=encounter_words(study, endpoint.encounters).in_language(language),
            set=analysis_set.in_language(language),
            summary=(endpoint.estimand.summary_fa if language == "fa" else "") or endpoint.estimand.summary,
        )
    return Text(en=said["en"], fa=said["fa"])


def baseline_words(study: Study, endpoint: Endpoint) -> Text:
    """Say what an endpoint's values are set against; empty where against nothing."""
    if endpoint.baseline is None:
        return Text(en="", fa="")
    template = read_sentences(_SENTENCES)[f"baseline.{endpoint.baseline.rule}"]
    words = encounter_words(study, endpoint.baseline.encounters)
    return Text(en=fill(template, encounters=words.en).en, fa=fill(template, encounters=words.fa).fa)


def encounter_words(study: Study, encounter_ids: Iterable[str]) -> Text:
    """List encounters by their labels, in the order of the schedule."""
    wanted = set(encounter_ids)
    said = {}
    for language, comma, last in (("en", ", ", " and "), ("fa", "، ", " و ")):
        labels = [e.label.in_language(language) for e in study.encounters if e.id in wanted]
        said[language] = last.join([comma.join(labels[:-1]), labels[-1]]) if len(labels) > 1 else "".join(labels)
    return Text(**said)


def window_days(encounter: Encounter) -> tuple[float, float, float]:
    """Give the target and the first and last moment of the window, in days from the anchor."""
    day = timedelta(days=1)
    moments = (encounter.target, encounter.target - encounter.before, encounter.target + encounter.after)
    target, opens, closes = (moment / day for moment in moments)
    return target, opens, closes


def _describe_arm(study: Study, arm_id: str) -> dict[str, Any]:
    arm = study.arm(arm_id)
    product = study.cell_product(arm_id)
    dose: Dose | None = product.dose if product else None
    return {**_plain(asdict(arm)), "dose": _plain(asdict(dose)) if dose else None}


def _describe_schedule(study: Study) -> dict[str, Any]:
    planned = {form_id: [e.id for e in study.encounters if form_id in e.forms] for form_id in study.forms}
    return {
        "epochs": [_plain(asdict(epoch)) for epoch in study.epochs],
        "encounters": [_describe_encounter(encounter) for encounter in study.encounters],
        "activities": [
            {"form": form_id, "label": asdict(study.forms[form_id].label), "encounters": encounters}
            for form_id, encounters in planned.items()
        ],
    }


def _describe_encounter(encounter: Encounter) -> dict[str, Any]:
    target, opens, closes = window_days(encounter)
    shown = {"target_days": target, "opens_days": opens, "closes_days": closes}
    kept = {key: value for key, value in asdict(encounter).items() if key not in {"target", "before", "after"}}
    described: dict[str, Any] = _plain(kept | shown)
    return described


def _describe_form(form: Form) -> dict[str, Any]:
    items = [
        {
            "id": item.id,
            "label": asdict(item.label),
            "concept": item.concept.id,
            "kind": item.concept.kind,
            "unit": item.concept.unit,
            "decimals": item.concept.decimals,
            "required": item.required,
            "choices": [choice.code for choice in item.concept.choices],
            "loinc": item.concept.loinc,
            "sdtm": item.concept.sdtm,
        }
        for item in form.items
    ]
    checks = [_plain(asdict(check)) for check in form.checks]
    return {
        "id": form.id,
        "label": asdict(form.label),
        "roles": list(form.roles),
        "repeats": form.repeats,
        "repeat_rule": form.repeat_rule,
        "items": items,
        "checks": checks,
        "basis": _plain(asdict(form.basis)),
    }


def _describe_endpoint(study: Study, endpoint: Endpoint) -> dict[str, Any]:
    return {**_plain(asdict(endpoint)), "sentence": asdict(endpoint_sentence(study, endpoint))}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _plain(value: Any) -> Any:
    """Make a value JSON-able: decimals and dates as text, tuples as lists, an empty basis as nothing, `record` as `from`."""
    if isinstance(value, dict):
        if set(value) == set(Basis.__dataclass_fields__):
            return {("from" if key == "record" else key): text for key, text in value.items() if text}
        return {key: _plain(element) for key, element in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(element) for element in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
