"""Whether a USDM document is one: known classes and attributes, what is required is there, ids unique, references to what exists.

This is structure only. CDISC's own rules say more; how our output fares under them stands in validation/usdm_core.md.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_CLASSES = Path(__file__).with_name("classes.toml")
_ATTRIBUTE = re.compile(r"(\*?)([A-Za-z|]+)\[([01])(?:\.\.([0-9*]+))?\]")
_PLAIN = {"string": (str,), "boolean": (bool,), "float": (float, int), "integer": (int,), "date": (str,)}


class ConformanceError(ValueError):
    """A document that would not be USDM: a fault of the writer, with every place."""


@dataclass(frozen=True, kw_only=True)
class Attribute:
    types: tuple[str, ...]
    is_reference: bool
    is_required: bool
    is_list: bool


@cache
def classes() -> Mapping[str, Mapping[str, Attribute]]:
    """The classes that are written, with their attributes."""
    table = tomllib.loads(_CLASSES.read_text(encoding="utf-8"))
    return {name: {key: _attribute(text) for key, text in row.items()} for name, row in table.items()}


def check_conformance(document: Mapping[str, Any]) -> None:
    """Raises: ConformanceError with the faults, when there are any."""
    faults = list(find_faults(document))
    if faults:
        raise ConformanceError("; ".join(faults[:20]))


def find_faults(document: Mapping[str, Any]) -> Iterator[str]:
    """Give every fault of the structure, each with the id of its object."""
    found = list(_objects(document.get("study")))
    owners: dict[str, str] = {}
    for one in found:
        if one.get("id") in owners:
            yield f"two objects have the id {one.get('id')}"
        owners[str(one.get("id"))] = str(one.get("instanceType"))
    for one in found:
        yield from _faults_of(one, owners)


def _attribute(text: str) -> Attribute:
    match = _ATTRIBUTE.fullmatch(text)
    if match is None:
        raise ConformanceError(f"{_CLASSES.name}: {text!r} is no attribute")
    star, types, least, most = match.groups()
    return Attribute(
        types=tuple(types.split("|")), is_reference=bool(star), is_required=least == "1", is_list=most not in (None, "1")
    )


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for one in value.values():
            yield from _objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)


def _faults_of(one: Mapping[str, Any], owners: Mapping[str, str]) -> Iterator[str]:
    kind, place = one.get("instanceType"), one.get("id", "an object without an id")
    known = classes().get(str(kind))
    if known is None:
        yield f"{place}: no class {kind}"
        return
    yield from (
        f"{place}: {kind} has no attribute {key}" for key in one if key not in (*known, "extensionAttributes", "instanceType")
    )
    for name, attribute in known.items():
        value = one.get(name)
        if value in (None, [], "") and attribute.is_required:
            yield f"{place}: {name} is required"
        elif value is not None:
            yield from _faults_of_value(f"{place}.{name}", value, attribute, owners)


def _faults_of_value(place: str, value: Any, attribute: Attribute, owners: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, list) != attribute.is_list:
        yield f"{place}: {'a list' if attribute.is_list else 'one value'} is expected"
        return
    for one in value if isinstance(value, list) else [value]:
        if attribute.is_reference:
            if owners.get(str(one)) not in attribute.types:
                yield f"{place}: {one} is no {' or '.join(attribute.types)} of this document"
        elif attribute.types[0] in _PLAIN:
            if not isinstance(one, _PLAIN[attribute.types[0]]) or (isinstance(one, bool) and attribute.types[0] != "boolean"):
                yield f"{place}: {one!r} is no {attribute.types[0]}"
        elif not isinstance(one, Mapping) or one.get("instanceType") not in attribute.types:
            yield f"{place}: a {' or '.join(attribute.types)} is expected"
