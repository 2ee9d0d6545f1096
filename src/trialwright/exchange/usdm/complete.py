"""What a definition needs and USDM does not say, filled in so that it loads, each with its question.

Of a document that our writer made nothing is missing and nothing is changed. Of any other the tables become a draft: capture-ready
where concepts and timings are said, and otherwise with an assumption and a question beside it.
"""

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from math import gcd
from pathlib import Path
from typing import Any

from trialwright.exchange.definition import Row, Tables
from trialwright.exchange.foreign_forms import make_id
from trialwright.exchange.usdm.complete_schedule import complete_schedule
from trialwright.exchange.usdm.nodes import Node

_GAPS = Path(__file__).with_name("complete.toml")
ELIGIBILITY, RESULTS = "eligibility", "endpoint_results"


def complete_tables(tables: Tables, main: Node) -> Tables:
    """Fill what is missing. `main` is the timeline from which days are told where our writer did not say them."""
    done = deepcopy(tables)
    _complete_head(done)
    _complete_people(done)
    complete_schedule(done, main, _gap("encounter"))
    _complete_forms(done)
    _complete_criteria(done)
    _complete_endpoints(done)
    _complete_rest(done)
    for row in (*done["form"], *done["encounter"]):
        row.pop("usdm", None)
    return done


@cache
def _gaps() -> Mapping[str, Any]:
    return tomllib.loads(_GAPS.read_text(encoding="utf-8"))


def _gap(name: str) -> Row:
    return deepcopy(_gaps()[name])


def _complete_head(tables: Tables) -> None:
    head = tables["study"]
    for key, value in _gap("study").items():
        head.setdefault(key, value)
    head.setdefault("registry", "ctgov" if head["id"].startswith("NCT") else "irct" if head["id"].startswith("IRCT") else "other")
    head.setdefault("condition", head["title"])
    head.setdefault("sample_size", max(2, len(tables["arm"])))


def _complete_people(tables: Tables) -> None:
    """Arms of equal planned size, interventions, and who goes where."""
    interventions = tables["intervention"]
    if not interventions:
        words = _gap("labels")["treatment"]
        interventions.append({"id": "treatment", "label": words, "description": words})
    for row in interventions:
        if "kind" not in row:
            row.update({"kind": "background"} | _gap("intervention"))
    ids = [row["id"] for row in interventions]
    missing = [row for row in tables["arm"] if "planned" not in row]
    left = tables["study"]["sample_size"] - sum(row.get("planned", 0) for row in tables["arm"])
    for number, row in enumerate(missing):
        share = max(1, left // len(missing) + (1 if number < left % len(missing) else 0))
        row.update({"planned": share} | _gap("arm"))
    for number, row in enumerate(tables["arm"]):
        row.setdefault("kind", "experimental" if number == 0 else "control")
        row["interventions"] = row.get("interventions") or ids
    tables["study"]["sample_size"] = sum(row["planned"] for row in tables["arm"])
    _complete_allocation(tables)


def _complete_allocation(tables: Tables) -> None:
    allocation, sizes = tables["allocation"], {row["id"]: row["planned"] for row in tables["arm"]}
    if "method" not in allocation:
        allocation |= {"method": "permuted_blocks" if len(sizes) > 1 else "single_arm"} | _gap("allocation")
    if set(allocation.get("ratio", {})) != set(sizes):
        common = gcd(*sizes.values())
        allocation["ratio"] = {arm: size // common for arm, size in sizes.items()}


def _complete_forms(tables: Tables) -> None:
    """An item of each concept, an answer "done" where an activity names none; only forms that are planned, each item once."""
    planned = {name for row in tables["encounter"] for name in row["forms"]}
    tables["form"] = [row for row in tables["form"] if row["id"] in planned]
    taken = {item["id"] for form in tables["form"] for item in form["item"] if "id" in item}
    for form in tables["form"]:
        for item in form["item"]:
            if "id" not in item:
                item["id"] = make_id(item["concept"], taken)
                item.update(_gap("item") if tables["concept"][item["concept"]]["kind"] == "decimal" else {})
                taken.add(item["id"])
        if not form["item"]:
            form["item"].append(_done(form, taken, tables))
    used = {item["concept"] for form in tables["form"] for item in form["item"]}
    tables["concept"] = {name: row for name, row in tables["concept"].items() if name in used}


def _done(form: Row, taken: set[str], tables: Tables) -> Row:
    name = make_id(f"{form['id']}_done", taken)
    taken.add(name)
    return _own_item(tables, name, {"label": form["label"], "kind": "boolean"}) | _gap("done")


def _own_item(tables: Tables, name: str, concept: Row) -> Row:
    """An item with a concept of its own; the library's ids keep their meaning."""
    concept_id = make_id(name, {*tables["concept"], *_library()})
    tables["concept"][concept_id] = concept
    return {"id": name, "concept": concept_id}


@cache
def _library() -> frozenset[str]:
    from trialwright.study.concepts import CONCEPTS_FILE, library_text, read_concepts

    return frozenset(read_concepts(library_text(CONCEPTS_FILE, {}) or ""))


def _items(tables: Tables) -> set[str]:
    return {item["id"] for form in tables["form"] for item in form["item"]}


def _form_at(tables: Tables, name: str, encounter: Row) -> Row:
    """A form of our own at an encounter, made where it is not there yet."""
    form: Row | None = next((row for row in tables["form"] if row["id"] == name), None)
    if form is None:
        form = {"id": name, "label": _gap("labels")[name], "item": []}
        tables["form"].append(form)
    if name not in encounter["forms"]:
        encounter["forms"].append(name)
    return form


def _complete_criteria(tables: Tables) -> None:
    """A criterion without a rule is the investigator's yes or no, at the first encounter."""
    for row in tables["criterion"]:
        row.setdefault("kind", "inclusion")
        if "rule" in row:
            continue
        item = make_id(f"meets_{row['id']}", _items(tables))
        form = _form_at(tables, ELIGIBILITY, tables["encounter"][0])
        form["item"].append(_own_item(tables, item, {"label": row["text"], "kind": "boolean"}))
        row.update({"rule": item} | _gap("criterion"))


def _complete_endpoints(tables: Tables) -> None:
    """An endpoint without a concept is a number on a form of its own at the last encounter."""
    last = tables["encounter"][-1]
    for row in tables["intercurrent_event"]:
        if "strategy" not in row:
            row.update({"strategy": "treatment_policy"} | _gap("event"))
    for row in tables["endpoint"]:
        row.setdefault("level", "exploratory")
        row.setdefault("estimand", {})
        row["estimand"] = {"analysis_set": "full"} | _summary() | row["estimand"]
        if "concept" not in row:
            item = make_id(row["id"], _items(tables))
            concept = {"label": row["label"], "kind": "decimal", "decimals": 2}
            _form_at(tables, RESULTS, last)["item"].append(_own_item(tables, item, concept))
            row.update({"concept": item, "decimals": 2, "encounters": [last["id"]], "change": "none", "direction": "none"})
            row.update(_gap("endpoint"))
    answered = {row["outcome"] for row in tables["endpoint"]}
    for row in tables["outcome"]:
        row.setdefault("level", "exploratory")
        row.setdefault("time_frame", "not stated")
        row.setdefault("text", row["id"])
        if row["id"] not in answered and "dropped" not in row:
            row.update(_gap("outcome"))


def _summary() -> Row:
    words = _gap("labels")["full_summary"]
    return {"summary": words["en"], "summary_fa": words["fa"]}


def _complete_rest(tables: Tables) -> None:
    """Analysis, safety, consent, plain words and simulation, which USDM has no place for."""
    if "analysis" not in tables:
        tables["analysis"] = {"primary": _primary(tables)}
    tables.setdefault("safety", _gap("safety"))
    tables.setdefault("consent", [_gap("consent")])
    tables.setdefault("simulation", {})
    if "plain" not in tables:
        head = tables["study"]
        facts = {"title": head["title"], "condition": head["condition"]}
        facts["arms"] = {language: ", ".join(row["label"][language] for row in tables["arm"]) for language in ("en", "fa")}
        facts["size"] = {"en": str(head["sample_size"]), "fa": str(head["sample_size"])}
        tables["plain"] = {name: _said(text, facts) for name, text in _gap("plain").items()}


def _said(text: Row, facts: Mapping[str, Mapping[str, str]]) -> Row:
    return {language: words.format(**{key: fact[language] for key, fact in facts.items()}) for language, words in text.items()}


def _primary(tables: Tables) -> Row:
    endpoints = tables["endpoint"]
    chosen = next((row for row in endpoints if row["level"] == "primary"), endpoints[0])
    single = tables["allocation"]["method"] == "single_arm"
    return {
        "endpoint": chosen["id"],
        "encounter": chosen["encounters"][-1],
        "method": "signed_rank" if single else "rerandomisation",
        "transform": "none",
        "alpha": 0.05,
    } | _gap("primary")
