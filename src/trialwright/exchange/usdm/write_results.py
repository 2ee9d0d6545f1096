"""Registered outcomes as objectives, endpoints below them, estimands, and the analysis sets that they speak of.

USDM's endpoint is a sentence; ours can be run. The sentence is written for the reader of the file, the executable parts go to the
extension.
"""

from typing import Any

from trialwright.exchange.usdm.objects import Object, Objects, take, to_html
from trialwright.study.estimands import estimand_words, render_endpoint
from trialwright.study.model import Study

STRATEGIES = {
    "treatment_policy": "Treatment policy strategy",
    "composite": "Composite variable strategy",
    "hypothetical": "Hypothetical strategy",
    "while_on_treatment": "While on treatment strategy",
    "principal_stratum": "Principal stratum strategy",
}
"""ICH E9(R1), A.3.2."""
_SETS = {
    "full": "All participants who were allocated",
    "per_protocol": "Participants without a deviation that bears on the endpoint",
    "safety": "All participants who received a treatment of the study",
}


def write_objectives(study: Study, tables: dict[str, Any], objects: Objects) -> list[Object]:
    """One objective a level, as USDM wants one primary objective; the registered outcomes of the level are its words.

    Number and time frame of a registered outcome, and the order of endpoints, have no home.
    """
    made = []
    for level in dict.fromkeys(row["level"] for row in tables["outcome"] + tables["endpoint"]):
        outcomes = [row for row in tables["outcome"] if row["level"] == level]
        endpoints = [_endpoint(study, row, objects) for row in tables["endpoint"] if row["level"] == level]
        words = "; ".join(row["text"] for row in outcomes) or f"Endpoints of the level {level}"
        rest = {"outcome": [row | {"order": tables["outcome"].index(row)} for row in outcomes]}
        term = objects.term("objective", _named_level(level))
        made.append(
            objects.make("Objective", level, rest=rest, name=level, text=to_html(words), level=term, endpoints=endpoints or None)
        )
    return made


def _named_level(level: str) -> str:
    """Safety is no level of USDM: it is a secondary objective there, and named safety."""
    return "secondary" if level == "safety" else level


def _endpoint(study: Study, row: dict[str, Any], objects: Objects) -> Object:
    name, label = take(row, "id"), take(row, "label", "en")
    endpoint = next(one for one in study.endpoints if one.id == name)
    rest = {key: value for key, value in row.items() if key not in ("level", "estimand")}
    rest["order"] = [one.id for one in study.endpoints].index(endpoint.id)
    return objects.make(
        "Endpoint",
        name,
        rest=rest,
        name=name,
        label=label,
        text=to_html(render_endpoint(endpoint, study).en),
        purpose="Safety" if endpoint.level == "safety" else "Efficacy",
        level=objects.term("endpoint", _named_level(endpoint.level)),
    )


def write_estimands(study: Study, tables: dict[str, Any], objects: Objects) -> list[Object]:
    """One estimand an endpoint with intercurrent events, which USDM demands; any other endpoint keeps its own in the extension."""
    events = {row["id"]: row for row in tables["intercurrent_event"]}
    made = []
    for row in tables["endpoint"]:
        estimand = row["estimand"]
        ids = estimand.get("intercurrent_events", [])
        if not ids:
            row["no_estimand"] = estimand
            continue
        take(estimand, "intercurrent_events")
        analysis_set = take(estimand, "analysis_set")
        endpoint = next(one for one in study.endpoints if one.id == row["id"])
        made.append(
            objects.make(
                "Estimand",
                row["id"],
                rest=estimand,
                name=row["id"],
                label=endpoint.label.en,
                populationSummary=estimand_words(endpoint, study).population.en,
                analysisPopulationId=f"AnalysisPopulation_{analysis_set}",
                variableOfInterestId=f"Endpoint_{row['id']}",
                interventionIds=[f"StudyIntervention_{one.id}" for one in study.interventions],
                intercurrentEvents=[_event(dict(events[one]), row["id"], objects) for one in ids],
            )
        )
    return made


def _event(row: dict[str, Any], endpoint: str, objects: Objects) -> Object:
    row = {key: dict(value) if isinstance(value, dict) else value for key, value in row.items()}
    name, label, strategy = take(row, "id"), take(row, "label", "en"), take(row, "strategy")
    return objects.make(
        "IntercurrentEvent",
        f"{endpoint}.{name}",
        rest=row,
        name=f"{endpoint}.{name}",
        label=label,
        text=to_html(label),
        strategy=STRATEGIES[strategy],
    )


def write_populations(study: Study, objects: Objects) -> list[Object]:
    used = dict.fromkeys(one.estimand.analysis_set for one in study.endpoints)
    return [
        objects.make("AnalysisPopulation", name, name=name, text=_SETS[name], subsetOfIds=[f"StudyDesignPopulation_{study.id}"])
        for name in used
    ]
