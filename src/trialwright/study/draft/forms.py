"""Which form is filled in at which visit: the library's where it has what is measured, forms of the trial's own elsewhere."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trialwright.study.draft.criteria import DraftCriterion, JudgedItem
from trialwright.study.draft.library import Collectable, collectables
from trialwright.study.draft.names import slug, unique
from trialwright.study.draft.outcomes import Measured
from trialwright.study.draft.people import People
from trialwright.study.draft.visits import Visit, visit_of
from trialwright.study.draft.write import write_table, write_tables

_NAME = re.compile(r"\b[a-z][a-z0-9_]*\b", re.ASCII)
_ORDER = ("demographics", "eligibility", "registered_group")
_CONCEPTS_OF_KIND = {"yes_no": "boolean", "integer": "integer", "decimal": "decimal", "choice": "choice", "text": "text"}


@dataclass(frozen=True, kw_only=True)
class Forms:
    """`at` names the forms of each encounter, `library` those taken as they are; `files` are the texts of the trial's own."""

    at: Mapping[str, tuple[str, ...]]
    library: tuple[str, ...]
    files: Mapping[str, str]
    concepts: str


def plan_forms(
    people: People, criteria: Iterable[DraftCriterion], measured: tuple[Measured, ...], visits: tuple[Visit, ...]
) -> Forms:
    """The forms of every encounter: screening, baseline, the start of treatment, and each visit after it."""
    criteria = tuple(criteria)
    own = _own_forms(measured, visits, people)
    at: dict[str, list[str]] = {"screening": ["demographics"], "baseline": [], _start(people): []}
    at |= {visit.id: [] for visit in visits}
    judged = tuple({item.id: item for criterion in criteria for item in criterion.items}.values())
    if judged:
        at["screening"].append("eligibility")
    for found in _named_in_rules(criteria):
        _add(at, "screening", found)
    places = visit_of(visits)
    for one in measured:
        held = ["baseline"] if one.baseline else []
        for encounter in dict.fromkeys([*held, *(places[point].id for point in one.points.points)]):
            if one.library is not None:
                _add(at, encounter, one.library)
            else:
                at[encounter].append(own.form_of[one.concept])
    _add_usual(at, people, visits)
    if not at["baseline"]:
        at["baseline"].append("vitals")
    files = {f"forms/{name}.toml": text for name, text in own.texts.items()}
    files |= _usual_files(people, judged)
    return Forms(
        at={encounter: tuple(dict.fromkeys(forms)) for encounter, forms in at.items()},
        library=tuple(sorted({form for forms in at.values() for form in forms if f"forms/{form}.toml" not in files})),
        files=files,
        concepts=_concepts(measured, people),
    )


def _start(people: People) -> str:
    return "infusion" if people.gives_cells else "treatment_start"


def _add(at: dict[str, list[str]], encounter: str, found: Collectable) -> None:
    at[encounter] += [*found.needs, found.form]
    at["screening"] += [form for form in found.once if form not in at["screening"]]


def _named_in_rules(criteria: Iterable[DraftCriterion]) -> list[Collectable]:
    known = collectables()
    names = dict.fromkeys(name for criterion in criteria for name in _NAME.findall(criterion.rule))
    return [known[name] for name in names if name in known]


def _add_usual(at: dict[str, list[str]], people: People, visits: tuple[Visit, ...]) -> None:
    """What every trial collects: how treatment began, and at each visit whether anything happened; with cells, vital signs."""
    if people.groups:
        at["baseline"].append("registered_group")
    if people.gives_cells:
        at["screening"] += ["vitals", "pregnancy"]
        at["baseline"].append("vitals")
        at["infusion"] += ["vitals", "pregnancy"]
    else:
        at["treatment_start"].append("treatment_start")
    for visit in visits:
        at[visit.id] += ["vitals", "safety"] if people.gives_cells else ["safety"]


@dataclass(frozen=True, kw_only=True)
class _Own:
    form_of: Mapping[str, str]
    texts: Mapping[str, str]


def _own_forms(measured: tuple[Measured, ...], visits: tuple[Visit, ...], people: People) -> _Own:
    """One form for the items that are asked at the same visits, so that none asks for what is not due."""
    places = visit_of(visits)
    when: dict[str, set[str]] = {}
    labels: dict[str, Measured] = {}
    for one in (one for one in measured if one.library is None):
        labels.setdefault(one.concept, one)
        when.setdefault(one.concept, set()).update(places[point].id for point in one.points.points)
        if one.baseline:
            when[one.concept].add("baseline")
    groups: dict[frozenset[str], list[Measured]] = {}
    for concept, encounters in when.items():
        groups.setdefault(frozenset(encounters), []).append(labels[concept])
    roles = ["assessor"] if people.blinded else ["coordinator", "investigator"]
    form_of: dict[str, str] = {}
    texts: dict[str, str] = {}
    for number, rows in enumerate(groups.values(), start=1):
        name = f"assessment_{number}"
        form_of |= {row.concept: name for row in rows}
        texts[name] = _own_form(name, number, rows, roles)
    return _Own(form_of=form_of, texts=texts)


def _own_form(name: str, number: int, rows: list[Measured], roles: list[str]) -> str:
    suffix, persian = (f" {number}", f" {number}") if number > 1 else ("", "")
    head = {
        "id": name,
        "label": {"en": f"Outcome assessment{suffix}", "fa": f"ارزیابی پیامدها{persian}"},
        "roles": roles,
        "assumed": "Items of the trial's own, collected together where they are due together",
    }
    return write_table(head) + "\n" + write_tables("item", [{"id": row.concept, "concept": row.concept} for row in rows])


def _usual_files(people: People, judged: tuple[JudgedItem, ...]) -> dict[str, str]:
    files = {"forms/safety.toml": _SAFETY}
    if not people.gives_cells:
        files["forms/treatment_start.toml"] = _TREATMENT_START
    if people.groups:
        files["forms/registered_group.toml"] = _GROUP
    if judged:
        files["forms/eligibility.toml"] = _eligibility(judged)
    return files


def _eligibility(judged: tuple[JudgedItem, ...]) -> str:
    head = {
        "id": "eligibility",
        "label": {"en": "Eligibility: the investigator's judgement", "fa": "شرایط ورود: نظر پژوهشگر"},
        "roles": ["investigator"],
    }
    rows = [{"id": one.id, "concept": one.concept, "label": vars(one.label)} for one in judged]
    return write_table(head) + "\n" + write_tables("item", rows)


def _concepts(measured: tuple[Measured, ...], people: People) -> str:
    """The trial's own concepts; empty where the library has everything."""
    own = {one.concept: one for one in measured if one.library is None}
    parts = []
    for name, one in own.items():
        if one.kind == "choice":
            parts.append(_code_list(name, one.own["choices"]))
        parts.append(write_table(_concept(one), f"concept.{name}"))
    if people.groups:
        parts.append(_code_list("registered_group", [group.en for group in people.groups]))
        group = {"label": {"en": "Group of the record", "fa": "گروه در ثبت"}, "kind": "choice", "choices": "registered_group"}
        parts.append(write_table(group, "concept.registered_group"))
    lists = any(part.startswith("[code_list.") for part in parts)
    return "\n".join([*([] if lists or not parts else [write_table({}, "code_list")]), *parts])


def _concept(one: Measured) -> dict[str, Any]:
    return {
        "label": vars(one.label),
        "kind": _CONCEPTS_OF_KIND[one.kind],
        "choices": one.concept if one.kind == "choice" else None,
        "unit": one.unit,
        "decimals": one.decimals or None,
        "low": one.own.get("low"),
        "high": one.own.get("high"),
        "source": "Of this trial alone",
    }


def _code_list(name: str, choices: Iterable[Any]) -> str:
    rows: list[dict[str, Any]] = []
    for choice in choices:
        given = choice if isinstance(choice, dict) else {"label": {"en": str(choice), "fa": str(choice)}}
        code = given.get("code") or slug(given["label"]["en"], f"choice_{len(rows) + 1}")
        rows.append({"code": unique(str(code), [row["code"] for row in rows]), "label": given["label"]})
    return write_table({"choices": rows}, f"code_list.{name}")


_SAFETY = """\
id = "safety"
label = { en = "Since the last visit", fa = "از ویزیت قبل تاکنون" }
assumed = "Asked at every visit; an event that is answered with yes is recorded as an adverse event"

[[item]]
id = "event_since_last_visit"
concept = "happened"
label = { en = "Anything untoward (record it as an adverse event)", fa = "هر رویداد ناخواسته (به‌عنوان عارضهٔ نامطلوب ثبت شود)" }

[[item]]
id = "treatment_changed"
concept = "happened"
label = { en = "Study treatment or other medication changed", fa = "درمان مطالعه یا داروی دیگری تغییر کرده است" }
"""
_TREATMENT_START = """\
id = "treatment_start"
label = { en = "Start of treatment", fa = "شروع درمان" }
assumed = "Whether treatment began as assigned is recorded on the day itself"

[[item]]
id = "treatment_began"
concept = "taken"
label = { en = "Treatment began as assigned", fa = "درمان طبق تخصیص آغاز شد" }
"""
_GROUP = """\
id = "registered_group"
label = { en = "Group", fa = "گروه" }

[[item]]
id = "registered_group"
concept = "registered_group"
"""
