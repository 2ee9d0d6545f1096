"""Forms as activities, and what they ask as biomedical concepts."""

from typing import Any

from trialwright.exchange.usdm.objects import CHOICES, CONCEPTS, LOINC, UCUM, UNSTATED, Object, Objects, take
from trialwright.exchange.usdm.write_people import link

DATATYPES = {
    "decimal": "float",
    "integer": "integer",
    "choice": "coded",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "text": "string",
}


def write_activities(forms: list[dict[str, Any]], objects: Objects) -> list[Object]:
    """One activity a form. Its items' labels, order and demands, and its checks, have no home."""
    made = []
    for form in forms:
        name = take(form, "id")
        concepts = dict.fromkeys(f"BiomedicalConcept_{item['concept']}" for item in form["item"])
        rest = {key: value for key, value in form.items() if key == "item" or value not in ([], None)}
        label = take(rest, "label", "en")
        made.append(objects.make("Activity", name, rest=rest, name=name, label=label, biomedicalConceptIds=list(concepts)))
    return link(made)


def write_concepts(concepts: dict[str, dict[str, Any]], objects: Objects) -> list[Object]:
    """The concepts. A LOINC code is an alias of our own; a unit is a property of its own, with its UCUM code."""
    return [_concept(name, row, objects) for name, row in concepts.items()]


def _concept(name: str, row: dict[str, Any], objects: Objects) -> Object:
    label, kind, loinc = take(row, "label", "en"), take(row, "kind"), take(row, "loinc")
    own = _own(name, objects)
    aliases = [objects.code(loinc, loinc, system=LOINC, version=UNSTATED)] if loinc else []
    properties = [_property(f"{name}.result", DATATYPES[kind], objects, _responses(row, name, objects))]
    if unit := take(row, "unit"):
        response = _response(f"{name}.unit", unit, unit, UCUM, UNSTATED, objects)
        properties.append(_property(f"{name}.unit", "coded", objects, [response]))
    return objects.make(
        "BiomedicalConcept",
        name,
        rest=row,
        name=name,
        label=label,
        reference=f"{CONCEPTS}:{name}",
        code=objects.alias(own, *aliases),
        properties=properties,
    )


def _own(name: str, objects: Objects) -> Object:
    """Our code of a concept. Its decode is its id in words, because one code has one decode and labels may be alike."""
    return objects.code(name, name.replace("_", " "), system=CONCEPTS, version="1")


def _property(name: str, datatype: str, objects: Objects, responses: list[Object]) -> Object:
    return objects.make(
        "BiomedicalConceptProperty",
        name,
        name=name,
        isRequired=True,
        isEnabled=True,
        datatype=datatype,
        code=objects.alias(_own(name, objects)),
        responseCodes=responses or None,
    )


def _responses(row: dict[str, Any], name: str, objects: Objects) -> list[Object]:
    """The choices; their Persian labels stay with the concept, by code."""
    choices = row.pop("choices", [])
    persian = {choice["code"]: choice["label"]["fa"] for choice in choices if choice["label"]["fa"] != choice["label"]["en"]}
    if persian:
        row["choices_fa"] = persian
    return [
        _response(f"{name}.{number}", choice["code"], choice["label"]["en"], f"{CHOICES}:{name}", "1", objects)
        for number, choice in enumerate(choices, start=1)
    ]


def _response(name: str, code: str, label: str, system: str, version: str, objects: Objects) -> Object:
    return objects.make(
        "ResponseCode",
        name,
        name=name,
        label=label,
        isEnabled=True,
        code=objects.code(code, label, system=system, version=version),
    )
