"""Forms of other builders as files of a study folder: forms/*.toml and concepts.toml, held to the study's own reader.

Every item brings a concept of its own: two systems mean the same only when a person has looked (unit, method, codes), so nothing is
matched to the shared library by name. Items, choices and checks keep the order of the source.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from trialwright.study.concepts import CONCEPTS_FILE, library_text, read_concepts, with_own_concepts
from trialwright.study.draft.names import unique
from trialwright.study.draft.write import write_table, write_tables
from trialwright.study.facts import Choice
from trialwright.study.forms import read_form
from trialwright.study.model import Concept, Form, ItemKind, Text
from trialwright.study.tables import ID, parse_table

_RULE_WORDS = """
age_years sex known at baseline days_between timestamp duration true false null in has all exists exists_one map filter size matches
contains int uint double string bool bytes type dyn list as break const continue else for function if import let loop package
namespace return var void while
"""
_RESERVED = frozenset(re.findall(r"\w+", _RULE_WORDS))
"""Words that a rule would read as its own; an item of that name could not be spoken of."""


@dataclass(frozen=True, kw_only=True)
class ForeignCheck:
    """A rule over the form's items that must be true. `item` is the one that it belongs to, which gives it its name."""

    item: str
    rule: str
    severity: Literal["hard", "soft"]
    message: Text
    items: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignItem:
    """One question as another builder asked it. Units: `unit` is a UCUM code of `terms.units`, or empty."""

    id: str
    label: Text
    kind: ItemKind
    source: str
    unit: str = ""
    decimals: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    cdash: str = ""
    sdtm: str = ""
    required: bool = False
    help: Text | None = None
    assumed: str = ""
    question: str = ""
    heading: str = ""


@dataclass(kw_only=True)
class ForeignForm:
    id: str
    label: Text
    items: list[ForeignItem] = field(default_factory=list)
    checks: list[ForeignCheck] = field(default_factory=list)
    repeats: bool = False


@dataclass(frozen=True, kw_only=True)
class WrittenForms:
    """The files, by their path in the protocol's folder, and what the study's reader makes of them."""

    files: Mapping[str, str]
    forms: tuple[Form, ...]
    concepts: Mapping[str, Concept]


def make_id(name: str, taken: Collection[str], otherwise: str = "item") -> str:
    """An id of ours for a foreign name: the same where it can be, else its letters and digits, and unique in `taken`."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or otherwise
    if not ID.fullmatch(plain):
        plain = f"{otherwise}_{plain}"
    return unique(plain, {*taken, *_RESERVED})


def write_forms(forms: Iterable[ForeignForm]) -> WrittenForms:
    """Write the files and read them back. Raises: StudyError where a form would not be read, which is a fault of the reader."""
    filled = [form for form in forms if form.items]
    library = read_concepts(library_text(CONCEPTS_FILE, {}) or "")
    names = _concept_names(filled, library)
    files = {"concepts.toml": _concepts(filled, names)} if filled else {}
    files |= {f"forms/{form.id}.toml": _form(form, names) for form in filled}
    concepts: Mapping[str, Concept] = {}
    if filled:
        own = parse_table("concepts.toml", files["concepts.toml"])
        concepts = with_own_concepts(library, own)
    read = [read_form(parse_table(path, text), {}, concepts).form for path, text in files.items() if path != "concepts.toml"]
    return WrittenForms(files=files, forms=tuple(read), concepts={n: concepts[n] for n in names.values()})


def _concept_names(forms: list[ForeignForm], library: Collection[str]) -> dict[str, str]:
    """The concept of each item: its own id, or the next free name where the library gives that id another meaning."""
    names: dict[str, str] = {}
    for item in (item for form in forms for item in form.items):
        if item.id not in names:
            names[item.id] = unique(item.id, {*library, *names.values()})
    return names


def _concepts(forms: list[ForeignForm], names: Mapping[str, str]) -> str:
    items = {item.id: item for form in forms for item in form.items}
    parts = ["# Concepts as another builder's forms define them. Unit, method and codes are theirs."]
    lists: dict[tuple[Choice, ...], str] = {}
    for item in items.values():
        if item.choices and item.choices not in lists:
            lists[item.choices] = names[item.id]
            parts.append(write_table({"choices": [_choice(one) for one in item.choices]}, f"code_list.{names[item.id]}"))
    parts += [write_table(_concept(item, lists), f"concept.{names[item.id]}") for item in items.values()]
    return "\n".join(parts if lists else [*parts[:1], "[code_list]\n", *parts[1:]])


def _choice(choice: Choice) -> dict[str, Any]:
    return {"code": choice.code, "label": vars(choice.label)}


def _concept(item: ForeignItem, lists: Mapping[tuple[Choice, ...], str]) -> dict[str, Any]:
    return {
        "label": vars(item.label),
        "kind": item.kind,
        "unit": item.unit,
        "decimals": item.decimals or None,
        "low": item.low,
        "high": item.high,
        "choices": lists.get(item.choices) if item.choices else None,
        "cdash": item.cdash,
        "sdtm": item.sdtm,
        "source": item.source,
    }


def _form(form: ForeignForm, names: Mapping[str, str]) -> str:
    head = write_table({"id": form.id, "label": vars(form.label), "repeats": form.repeats or None})
    parts = [head]
    for item in form.items:
        if item.heading:
            parts.append(f"# {' '.join(item.heading.split())}")
        parts.append(write_tables("item", [_item(item, names)]))
    taken: set[str] = set()
    for check in form.checks:
        name = unique(f"{check.item}_check", taken)
        taken.add(name)
        parts.append(write_tables("check", [_check(name, check)]))
    return "\n".join(parts)


def _item(item: ForeignItem, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": item.id,
        "concept": names[item.id],
        "required": item.required,
        "help": vars(item.help) if item.help else None,
        "from": item.source,
        "assumed": item.assumed,
        "question": item.question,
    }


def _check(name: str, check: ForeignCheck) -> dict[str, Any]:
    return {
        "id": name,
        "rule": check.rule,
        "severity": check.severity,
        "message": vars(check.message),
        "items": list(check.items),
        "source": check.source,
    }
