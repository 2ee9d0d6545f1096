"""What a USDM document says, as the tables of a definition. Where nothing is said, a key is missing: completing is another step."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from trialwright.exchange.definition import Row, Tables
from trialwright.exchange.foreign_forms import make_id
from trialwright.exchange.usdm.durations import read_duration
from trialwright.exchange.usdm.nodes import Node
from trialwright.exchange.usdm.objects import LOINC, UCUM
from trialwright.exchange.usdm.write_capture import DATATYPES
from trialwright.exchange.usdm.write_results import STRATEGIES
from trialwright.study.tables import ID

_KINDS = {datatype: kind for kind, datatype in DATATYPES.items()}
_WORDS = {words: strategy for strategy, words in STRATEGIES.items()}


def merged(rest: Mapping[str, Any], native: Mapping[str, Any]) -> Row:
    """What the standard says over what stands beside it, table within table; None says nothing."""
    found = dict(native)
    for key, value in rest.items():
        if isinstance(value, Mapping) and isinstance(found.get(key), Mapping):
            found[key] = merged(value, found[key])
        elif found.get(key) is None:
            found[key] = value
    return {key: value for key, value in found.items() if value is not None}


def text_of(words: str, rest: Row, key: str) -> dict[str, str] | None:
    """A text in both languages: English from its home, Persian from beside it, or the English once more."""
    beside = rest.pop(key, None) or {}
    english = words or beside.get("en", "")
    return {"en": english, "fa": beside.get("fa", english)} if english else None


def native_tables(version: Node, design: Node, study: Node) -> Tables:
    """The tables of a version and its design, with what our writer kept beside them."""
    names = Names()
    rest = version.rest()
    head = _head(version, design, study, rest.pop("head", {}))
    allocation = _allocation(version, design, rest.pop("allocation", {}))
    interventions = [_intervention(one, names) for one in version.many("studyInterventions")]
    tables: Tables = {
        "version": re.sub(r"[^A-Za-z0-9._-]+", "-", version.text("versionIdentifier")).strip(".-") or "1",
        "study": head,
        "intervention": interventions,
        "arm": [_arm(one, design, names) for one in design.many("arms")],
        "epoch": [_named(one, names, "epoch") for one in design.many("epochs")],
        "concept": dict(_concept(one, names) for one in version.many("biomedicalConcepts")),
        "form": [_form(one, names) for one in design.many("activities")],
        "criterion": [_criterion(one, names) for one in design.many("eligibilityCriteria")],
        "outcome": [],
        "endpoint": [],
        "allocation": allocation,
    }
    tables["encounter"] = _encounters(design, names)
    _results(design, tables, names)
    return tables | rest


class Names:
    """Ids of ours for USDM's: its `name` where it is one, otherwise made from it; each once a kind."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._taken: dict[str, set[str]] = {}

    def of(self, node: Node, kind: str) -> str:
        if node.key not in self._found:
            taken = self._taken.setdefault(kind, set())
            name = node.text("name") or node.text("label")
            made = name if ID.fullmatch(name) and name not in taken else make_id(name, taken, kind)
            taken.add(made)
            self._found[node.key] = made
        return self._found[node.key]


def _head(version: Node, design: Node, study: Node, rest: Row) -> Row:
    titles = {one.code("type").text("code"): one.words("text") for one in version.many("titles")}
    official, brief = titles.get("C207616", ""), titles.get("C207615", "")
    population = design.one("population")
    ages = population.one("plannedAge")
    years = {f"{name}_age_years": _years(ages.one(key)) for name, key in (("minimum", "minValue"), ("maximum", "maxValue"))}
    size = population.one("plannedEnrollmentNumber").number("value")
    native = {
        "id": study.words("name") or "unnamed",
        "title": text_of(official or next(iter(titles.values()), "") or study.called, rest, "title"),
        "short_title": text_of(brief or study.called, rest, "short_title"),
        "condition": text_of(population.words("description"), rest, "condition"),
        "sample_size": int(size) if size is not None and size == int(size) and 0 < size < 1_000_000 else None,
    }
    return merged(rest, native | years)


def _years(quantity: Node) -> Decimal | None:
    """An age in years; of another unit nothing, a person converts it."""
    value, unit = quantity.number("value"), quantity.code("unit").text("code")
    if value is None or unit not in ("", "C29848"):
        return None
    return Decimal(int(value)) if value == int(value) else value


def _allocation(version: Node, design: Node, rest: Row) -> Row:
    """Which roles do not know the arm; method and ratio have no home in USDM."""
    roles = [one for one in version.many("roles") if one.one("masking").is_true("isMasked")]
    known = [word for one in roles if (word := one.word("code", "role"))]
    codes = {one.text("code") for one in design.many("characteristics")}
    native: Row = {"blinded_roles": [*known, *rest.pop("blinded_roles", ())] or None}
    if "C46079" in codes and len(design.many("arms")) > 1 and "method" not in rest:
        native["from"] = "USDM: characteristics, Randomized"
    return merged(rest, native)


def _named(node: Node, names: Names, kind: str) -> Row:
    rest = node.rest()
    name = names.of(node, kind)
    return merged(rest, {"id": name, "label": text_of(node.called, rest, "label")})


def _arm(node: Node, design: Node, names: Names) -> Row:
    cells = [one for one in design.many("studyCells") if one.text("armId") == node.id]
    given = [one for cell in cells for element in cell.all_to("elementIds") for one in element.all_to("studyInterventionIds")]
    kind = node.word("type", "arm") or None
    return _named(node, names, "arm") | _said(kind=kind, interventions=[*dict.fromkeys(names.of(o, "intervention") for o in given)])


def _said(**values: Any) -> Row:
    return {key: value for key, value in values.items() if value not in (None, [])}


def _intervention(node: Node, names: Names) -> Row:
    rest = node.rest()
    kind = node.word("role", "intervention_role")
    minutes = next((one.one("duration").one("quantity").number("value") for one in node.many("administrations")), None)
    native = {
        "id": names.of(node, "intervention"),
        "label": text_of(node.called, rest, "label"),
        "description": text_of(node.words("description") or node.called, rest, "description"),
        "kind": kind if kind == "background" or "dose" in rest else None,
    }
    if "dose" in rest and minutes is not None:
        rest["dose"]["infusion_minutes"] = int(minutes)
    return merged(rest, native)


def _concept(node: Node, names: Names) -> tuple[str, Row]:
    rest = node.rest()
    label = node.called
    code = node.one("code")
    aliases = code.many("standardCodeAliases")
    result, unit = _result(node), _unit(node)
    choices = [_choice(one, rest.get("choices_fa", {})) for one in result.many("responseCodes")]
    rest.pop("choices_fa", None)
    kind = _KINDS.get(result.text("datatype"), _FOREIGN.get(result.text("datatype"), "text"))
    native = {
        "label": text_of(label, rest, "label"),
        "kind": "choice" if choices and kind in ("text", "choice") else "text" if kind == "choice" else kind,
        "choices": choices if kind in ("text", "choice") and choices else None,
        "loinc": next((one.text("code") for one in aliases if one.text("codeSystem") == LOINC), None),
        "unit": unit,
    }
    return names.of(node, "concept"), merged(rest, native)


_FOREIGN = {
    "float": "decimal",
    "double": "decimal",
    "integer": "integer",
    "int": "integer",
    "boolean": "boolean",
    "datetime": "datetime",
}


def _result(node: Node) -> Node:
    """The property that holds the finding: ours, or SDTM's --ORRES or --TERM, or the one named like the concept, or the first."""
    properties = node.many("properties")
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name.endswith(".result"),
        lambda name: name.endswith(("ORRES", "TERM", "TRT")),
        lambda name: name.lower() == node.text("name").lower(),
        lambda name: not name.endswith(("TESTCD", "TEST", "ORRESU", "CAT", "DTC", ".unit")),
    )
    found = (one for test in tests for one in properties if test(one.text("name")))
    return next(found, Node(None, node.reading))


def _unit(node: Node) -> str | None:
    """Our unit by its UCUM code; units of others are C-codes, mostly several, and a person chooses."""
    unit = next((one for one in node.many("properties") if one.text("name").endswith(".unit")), Node(None, node.reading))
    codes = [one.one("code") for one in unit.many("responseCodes")]
    return next((one.text("code") for one in codes if one.text("codeSystem") == UCUM), None)


def _choice(node: Node, persian: Mapping[str, str]) -> Row:
    code = node.one("code")
    label = node.words("label") or code.words("decode") or code.words("code") or node.called
    return {"code": code.words("code") or label, "label": {"en": label, "fa": persian.get(code.text("code"), label)}}


def _form(node: Node, names: Names) -> Row:
    """An activity with the items that our writer kept, as far as their concepts are still there; others become items."""
    rest = node.rest()
    concepts = [names.of(one, "concept") for one in node.all_to("biomedicalConceptIds")]
    kept = [row for row in rest.get("item", []) if row.get("concept") in concepts]
    asked = {row["concept"] for row in kept}
    rest["item"] = [*kept, *({"concept": one} for one in concepts if one not in asked)]
    name = names.of(node, "form")
    return merged(rest, {"id": name, "label": text_of(node.called, rest, "label"), "usdm": node.id})


def _criterion(node: Node, names: Names) -> Row:
    rest = node.rest()
    item = node.to("criterionItemId")
    words = item.paragraph("text") or node.called
    native = {
        "id": names.of(node, "criterion"),
        "kind": node.word("category", "criterion") or None,
        "text": text_of(words, rest, "text"),
    }
    return merged(rest, native)


def _encounters(design: Node, names: Names) -> list[Row]:
    """The encounters of the main timeline as our writer says them: one instance, one timing to an anchor."""
    timelines = design.many("scheduleTimelines")
    main = next((one for one in timelines if one.is_true("mainTimeline")), Node(None, design.reading))
    instances: dict[str, Node] = {}
    for one in main.many("instances"):
        instances.setdefault(one.text("encounterId"), one)  # the first of several is the visit; later ones are its other hours
    found = []
    for node in design.many("encounters"):
        rest, instance, timing = node.rest(), instances.get(node.id, Node(None, design.reading)), node.to("scheduledAtId")
        anchor = timing.to("relativeToScheduledInstanceId").text("name")
        native = {
            "id": names.of(node, "encounter"),
            "label": text_of(node.called, rest, "label"),
            "epoch": names.of(instance.to("epochId"), "epoch") if instance.to("epochId") else None,
            "forms": [names.of(one, "form") for one in instance.all_to("activityIds")],
            **(_times(timing, anchor) if anchor.startswith("anchor_") else {}),
        }
        found.append(merged(rest, native) | {"usdm": instance.id})
    return found


def _times(timing: Node, anchor: str) -> Row:
    name, _, dose = anchor.removeprefix("anchor_").partition("_")
    target = read_duration(timing.text("value"))
    sign = -1 if timing.word("type", "timing") == "before" else 1
    return {
        "anchor": name,
        "dose": int(dose) if dose.isdecimal() and dose != "1" else None,
        "target": sign * target if target is not None else None,
        "before": read_duration(timing.text("windowLower")) or timedelta(0),
        "after": read_duration(timing.text("windowUpper")) or timedelta(0),
    }


def _results(design: Node, tables: Tables, names: Names) -> None:
    estimands = {one.text("variableOfInterestId"): one for one in design.many("estimands")}
    events: dict[str, Row] = {}
    outcomes: list[tuple[int, Row]] = []
    endpoints: list[tuple[int, Row]] = []
    for number, objective in enumerate(design.many("objectives"), start=1):
        level, rows = _outcomes(objective, number)
        outcomes += [(row.pop("order", number), row) for row in rows]
        for node in objective.many("endpoints"):
            row = _endpoint(node, rows, level, names)
            row["estimand"] = merged(row.pop("no_estimand", {}), _estimand(estimands.get(node.id), events, names))
            endpoints.append((row.pop("order", len(endpoints)), row))
    tables["outcome"] = [row for _, row in sorted(outcomes, key=lambda one: one[0])]
    tables["endpoint"] = [row for _, row in sorted(endpoints, key=lambda one: one[0])]
    tables["intercurrent_event"] = list(events.values())


def _outcomes(node: Node, number: int) -> tuple[str | None, list[Row]]:
    """Our level, and the registered outcomes that our writer kept; of others the objective itself is what is asked."""
    name, words = node.words("name"), node.paragraph("text") or node.words("label")
    level = node.word("level", "objective") or None
    kept = node.rest().get("outcome")
    if kept is not None:
        return ("safety" if name == "safety" else level), kept
    row = {"id": name or f"Objective {number}", "level": level, "text": words or None}
    return level, [{key: value for key, value in row.items() if value is not None}]


def _endpoint(node: Node, outcomes: list[Row], level: str | None, names: Names) -> Row:
    rest = node.rest()
    words = node.words("label") or node.paragraph("text") or node.called
    native = {
        "id": names.of(node, "endpoint"),
        "level": "safety" if level == "safety" else node.word("level", "endpoint") or None,
        "label": text_of(words, rest, "label"),
    }
    return merged({"outcome": outcomes[0]["id"]} | rest if outcomes else rest, native)


def _estimand(node: Node | None, events: dict[str, Row], names: Names) -> Row:
    if node is None:
        return {}
    ids = []
    for one in node.many("intercurrentEvents"):
        row = _event(one, names)
        events.setdefault(row["id"], row)
        ids.append(row["id"])
    analysis_set = node.to("analysisPopulationId").text("name")
    known = analysis_set if analysis_set in ("full", "per_protocol", "safety") else None
    return merged(node.rest(), {"analysis_set": known, "intercurrent_events": list(dict.fromkeys(ids)) or None})


def _event(node: Node, names: Names) -> Row:
    rest = node.rest()
    name = node.text("name").rpartition(".")[2]  # ours stands behind the id of its endpoint, as names are unique in a document
    words = node.words("label") or node.paragraph("text") or name
    native = {
        "id": name if ID.fullmatch(name) else make_id(name, (), "event"),
        "label": text_of(words, rest, "label"),
        "strategy": _strategy(node.text("strategy")),
    }
    return merged(rest, native)


def _strategy(words: str) -> str | None:
    """By the first words of ICH E9(R1)'s names, which authors follow with their own."""
    if words in _WORDS:
        return _WORDS[words]
    lower = words.lower().replace("-", " ")
    return next((strategy for strategy in STRATEGIES if strategy.split("_", maxsplit=1)[0] in lower.split()), None)
