"""What the parts of a definition must agree on: that what one names, another has.

Each function looks at one subject and raises the first `StudyError`, at the line of the part that names what is not there.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from trialwright.study.agreement_treatment import check_treatment
from trialwright.study.declared import check_rule
from trialwright.study.forms import ReadForm, item_choices
from trialwright.study.model import Derivation, Encounter, Endpoint, Form, ItemKind, Study
from trialwright.study.sources import Sources
from trialwright.study.tables import Table, suggest

if TYPE_CHECKING:
    from trialwright.measures.definition import Measure

GFR_BY_AGE = "gfr_by_age"
"""The one derivation that is no single measure: an equation chosen by age at baseline and then kept."""

_GFR_UNIT = "mL/min/{1.73_m2}"
_GFR_INPUTS = frozenset({"creatinine", "age", "sex", "height"})


def check_agreement(study: Study, sources: Sources, forms: Mapping[str, ReadForm]) -> None:
    """Refuse a definition whose parts do not fit together. Raises: StudyError."""
    tables = sources.tables
    _check_unique_ids(study, tables)
    _check_people(study, tables["study"])
    _check_schedule(study, tables["schedule"])
    _check_windows(study, tables["schedule"])
    _check_items(study, forms)
    _check_derivations(study, forms)
    _check_criteria(study, tables["eligibility"])
    _check_endpoints(study, tables["endpoints"])
    _check_outcomes(study, tables["endpoints"])
    _check_analysis(study, tables["analysis"])
    _check_safety(study, tables["safety"])
    _check_scenarios(study, tables["simulation"])
    check_treatment(study, sources, screening_forms(study), criterion_names(study))


def screening_forms(study: Study) -> tuple[Form, ...]:
    """Give the forms planned in the first epoch, whose values decide on eligibility, in order, each once."""
    ids = dict.fromkeys(f for e in study.encounters if e.epoch == study.epochs[0].id for f in e.forms)
    return tuple(study.forms[form_id] for form_id in ids)


def criterion_names(study: Study) -> dict[str, ItemKind]:
    """Give the names that an eligibility rule may read, with their kinds: screening items, their derivations, `age_years`."""
    forms = screening_forms(study)
    names: dict[str, ItemKind] = {item.id: item.concept.kind for form in forms for item in form.items}
    names |= {d.id: "decimal" for d in study.derivations if d.form in {form.id for form in forms}}
    return names | {"age_years": "decimal"}


def criterion_choices(study: Study) -> dict[str, tuple[str, ...]]:
    """Give the codes that a choice in an eligibility rule may take."""
    return item_choices(*screening_forms(study))


def _check_unique_ids(study: Study, tables: Mapping[str, Table]) -> None:
    kinds: tuple[tuple[str, str, Iterable[Any]], ...] = (
        ("study", "arm", study.arms),
        ("study", "intervention", study.interventions),
        ("schedule", "epoch", study.epochs),
        ("schedule", "encounter", study.encounters),
        ("eligibility", "criterion", study.criteria),
        ("endpoints", "outcome", study.outcomes),
        ("eligibility", "washout", study.washouts),
        ("endpoints", "endpoint", study.endpoints),
    )
    for file, kind, things in kinds:
        seen: set[str] = set()
        for index, thing in enumerate(things):
            if thing.id in seen:
                raise tables[file].error(kind, index, "id", found=f'two {kind}s "{thing.id}"', todo="Rename one.")
            seen.add(thing.id)


def _check_people(study: Study, table: Table) -> None:
    """Arms, sizes, ratio and ages."""
    planned = sum(arm.planned for arm in study.arms)
    if planned != study.sample_size:
        found = f"sample size {study.sample_size}; the arms plan {planned}"
        raise table.error("sample_size", found=found, todo="Correct `sample_size` or `planned` of the arms.")
    arm_ids = {arm.id for arm in study.arms}
    if set(study.allocation.ratio) != arm_ids:
        found = f"ratio names {', '.join(study.allocation.ratio)}"
        raise table.error("allocation", "ratio", found=found, expected=", ".join(sorted(arm_ids)), todo="Name every arm once.")
    if any(share < 1 for share in study.allocation.ratio.values()):
        raise table.error("allocation", "ratio", found="a share below 1", todo="Give whole numbers from 1.")
    single = study.allocation.method == "single_arm"
    if single != (len(study.arms) == 1):
        found = f"method {study.allocation.method} with {len(study.arms)} arm(s)"
        raise table.error("allocation", "method", found=found, todo="Use single_arm for one arm, and only there.")
    _check_interventions(study, table)
    low, high = study.minimum_age_years, study.maximum_age_years
    if low is not None and high is not None and low > high:
        raise table.error("minimum_age_years", found=f"{low} is above the maximum {high}", todo="Correct one of them.")


def _check_interventions(study: Study, table: Table) -> None:
    known = {intervention.id for intervention in study.interventions}
    for index, arm in enumerate(study.arms):
        for place, name in enumerate(arm.interventions):
            table.must_know("arm", index, "interventions", place, name=name, known=known, kind="intervention")
    for index, intervention in enumerate(study.interventions):
        if (intervention.kind == "cell_product") != (intervention.dose is not None):
            found = f"{intervention.id} is a {intervention.kind} {'with' if intervention.dose else 'without'} a dose"
            raise table.error(
                "intervention", index, found=found, todo="A cell product has [intervention.dose]; background treatment has none."
            )


def _check_schedule(study: Study, table: Table) -> None:
    epochs = {epoch.id for epoch in study.epochs}
    arms = {arm.id for arm in study.arms}
    for index, encounter in enumerate(study.encounters):
        table.must_know("encounter", index, "epoch", name=encounter.epoch, known=epochs, kind="epoch")
        for place, form_id in enumerate(encounter.forms):
            table.must_know("encounter", index, "forms", place, name=form_id, known=study.forms, kind="form")
        for place, arm_id in enumerate(encounter.arms):
            table.must_know("encounter", index, "arms", place, name=arm_id, known=arms, kind="arm")
        if len(set(encounter.forms)) != len(encounter.forms):
            raise table.error(
                "encounter", index, "forms", found="a form named twice", todo="Name it once; a form may repeat by itself."
            )
    planned = {form_id for encounter in study.encounters for form_id in encounter.forms}
    for form_id in study.forms:
        if form_id not in planned:
            raise table.error(
                found=f'form "{form_id}" is planned at no encounter', todo="Add it to an encounter's forms, or remove it."
            )


def _check_windows(study: Study, table: Table) -> None:
    """Windows of consecutive encounters on one anchor must not overlap, or one visit would count as two."""
    place = {encounter.id: index for index, encounter in enumerate(study.encounters)}
    for first, second in overlapping(study.encounters, tuple(arm.id for arm in study.arms)):
        begins, ends = _days(second.target - second.before), _days(first.target + first.after)
        found = f"the window of {second.id} begins on day {begins}, that of {first.id} ends on day {ends}"
        raise table.error("encounter", place[second.id], "before", found=found, todo="Make one of the windows smaller.")


def overlapping(encounters: tuple[Encounter, ...], arm_ids: tuple[str, ...]) -> tuple[tuple[Encounter, Encounter], ...]:
    """Give the pairs of neighbours in time, on one anchor (each dose its own) and for one arm, whose windows touch or overlap."""
    pairs: dict[tuple[str, str], tuple[Encounter, Encounter]] = {}
    for arm_id in arm_ids:
        own = [e for e in encounters if not e.arms or arm_id in e.arms]
        for anchor in dict.fromkeys((e.anchor, e.dose) for e in own):
            line = [e for e in own if (e.anchor, e.dose) == anchor]
            for first, second in pairwise(sorted(line, key=lambda e: e.target)):
                if first.target + first.after >= second.target - second.before:
                    pairs[first.id, second.id] = (first, second)
    return tuple(pairs.values())


def _check_items(study: Study, forms: Mapping[str, ReadForm]) -> None:
    """An item id means one thing in the whole trial: it names a column, a rule's value and an endpoint's concept."""
    owner: dict[str, str] = {}
    for form in study.forms.values():
        derived = [d.id for d in study.derivations if d.form == form.id]
        for name, kind in [*((item.id, "item") for item in form.items), *((d, "derivation") for d in derived)]:
            if name in owner:
                row = forms[form.id].places.get((kind, name), forms[form.id].table)
                raise row.error(
                    "id", found=f'"{name}" is already in form {owner[name]}', todo="Rename one: an id is used once in a trial."
                )
            owner[name] = form.id


def _check_derivations(study: Study, forms: Mapping[str, ReadForm]) -> None:
    for derivation in study.derivations:
        row = forms[derivation.form].places["derivation", derivation.id]
        _check_measure(derivation, row)
        for key, name in derivation.inputs.items():
            for encounter in study.encounters:
                if derivation.form in encounter.forms and not _is_collected(study, name, encounter):
                    found = f'"{name}" is not collected at {encounter.id}'
                    todo = "Name an item of the same encounter, <form>.<item> collected once, or age_years."
                    raise row.error("inputs", key, found=found, todo=todo)


def _is_collected(study: Study, name: str, encounter: Encounter) -> bool:
    if name == "age_years":
        return True
    form_id, dot, item_id = name.partition(".")
    if dot:
        return form_id in study.forms and study.forms[form_id].item(item_id) is not None
    return any(study.forms[f].item(name) is not None for f in encounter.forms)


def _check_measure(derivation: Derivation, row: Table) -> None:
    """The measure exists, gives this unit, and is given the inputs that it requires and no others."""
    required, known, unit = _GFR_INPUTS, _GFR_INPUTS, _GFR_UNIT
    if derivation.measure != GFR_BY_AGE:
        measure = _measures().get(derivation.measure)
        if measure is None:
            todo = suggest(derivation.measure, _measures(), "`trialwright measures` lists them", ())
            raise row.error("measure", found=f'no measure "{derivation.measure}"', todo=todo)
        required = frozenset(i.name for i in measure.inputs if i.required)
        known = frozenset(i.name for i in measure.inputs)
        unit = measure.result_unit
    if derivation.unit != unit:
        raise row.error(
            "unit", found=f'unit "{derivation.unit}"', expected=f'"{unit}"', todo=f"{derivation.measure} gives this unit."
        )
    for key in derivation.inputs:
        if key not in known:
            wanted = ", ".join(sorted(known))
            raise row.error("inputs", key, found=f"{derivation.measure} takes no `{key}`", expected=wanted, todo="Correct it.")
    if lacking := required - set(derivation.inputs):
        found = f"{derivation.measure} also needs {', '.join(sorted(lacking))}"
        raise row.error("inputs", found=found, todo="Name the item that gives it.")


def _measures() -> "Mapping[str, Measure]":
    from trialwright.measures.catalogue import ALL_MEASURES

    return {measure.id: measure for measure in ALL_MEASURES}


def _check_criteria(study: Study, table: Table) -> None:
    names, choices = criterion_names(study), criterion_choices(study)
    for index, criterion in enumerate(study.criteria):
        check_rule(table, ("criterion", index), criterion.rule, criterion.proof, names, choices)


def _check_outcomes(study: Study, table: Table) -> None:
    """Every registered outcome is answered, or dropped with a reason; the quiet disappearance of one is what this is for."""
    answered = {endpoint.outcome for endpoint in study.endpoints}
    for index, outcome in enumerate(study.outcomes):
        if outcome.id not in answered and not outcome.dropped:
            todo = f'Give an endpoint `outcome = "{outcome.id}"`, or say here why it is `dropped`.'
            raise table.error("outcome", index, found=f'no endpoint answers "{outcome.id}"', todo=todo)
        if outcome.id in answered and outcome.dropped:
            raise table.error("outcome", index, "dropped", found="dropped and answered", todo="Remove one of the two.")


def _check_endpoints(study: Study, table: Table) -> None:
    outcomes = {outcome.id for outcome in study.outcomes}
    for index, endpoint in enumerate(study.endpoints):
        table.must_know("endpoint", index, "outcome", name=endpoint.outcome, known=outcomes, kind="outcome")
        form, unit = _source_of(study, endpoint, table, index)
        if endpoint.unit != unit:
            found = f'unit "{endpoint.unit}"; {endpoint.concept} is in "{unit}"'
            raise table.error("endpoint", index, "unit", found=found, todo=f'Give unit = "{unit}".')
        for place, encounter_id in enumerate(endpoint.encounters):
            _check_collected(study, table, ("endpoint", index, "encounters", place), encounter_id, form)
        if not endpoint.encounters:
            raise table.error("endpoint", index, "encounters", found="no encounters", todo="Name at least one.")
        for place, encounter_id in enumerate(endpoint.baseline.encounters if endpoint.baseline else ()):
            _check_collected(study, table, ("endpoint", index, "baseline", "encounters", place), encounter_id, form)
        if endpoint.change != "none" and not (endpoint.baseline and endpoint.baseline.encounters):
            raise table.error(
                "endpoint", index, found=f"a {endpoint.change} without a baseline", todo='Add `baseline`, or change = "none".'
            )


def _source_of(study: Study, endpoint: Endpoint, table: Table, index: int) -> tuple[str, str]:
    """Give the form that collects or derives the endpoint's concept, and its unit."""
    for form in study.forms.values():
        item = form.item(endpoint.concept)
        if item is not None:
            return form.id, item.concept.unit
    derivation = next((d for d in study.derivations if d.id == endpoint.concept), None)
    if derivation is None:
        todo = "Name an item or a derivation of a planned form."
        raise table.error("endpoint", index, "concept", found=f'"{endpoint.concept}" is neither collected nor derived', todo=todo)
    return derivation.form, derivation.unit


def _check_collected(study: Study, table: Table, path: tuple[str | int, ...], encounter_id: str, form: str) -> None:
    table.must_know(*path, name=encounter_id, known={e.id for e in study.encounters}, kind="encounter")
    encounter = study.encounter(encounter_id)
    if encounter is not None and form not in encounter.forms:
        found = f"form {form}, which holds it, is not planned at {encounter_id}"
        raise table.error(*path, found=found, todo=f'Add "{form}" to the forms of {encounter_id}, or take the encounter out here.')


def _check_analysis(study: Study, table: Table) -> None:
    primary = study.analysis.primary
    endpoints = {endpoint.id: endpoint for endpoint in study.endpoints}
    table.must_know("primary", "endpoint", name=primary.endpoint, known=endpoints, kind="endpoint")
    planned = endpoints[primary.endpoint].encounters
    table.must_know("primary", "encounter", name=primary.encounter, known=planned, kind="encounter of this endpoint")
    if not 0 < primary.alpha < 1:
        raise table.error(
            "primary", "alpha", found=f"alpha {primary.alpha}", expected="between 0 and 1", todo="Give for instance 0.05."
        )
    if not 0 < study.analysis.confidence < 1:
        raise table.error(
            "confidence", found=f"{study.analysis.confidence}", expected="between 0 and 1", todo="Give for instance 0.95."
        )
    if (primary.method == "rerandomisation") != (study.allocation.method != "single_arm"):
        found = f"{primary.method} with allocation {study.allocation.method}"
        raise table.error(
            "primary", "method", found=found, todo="A single arm has signed_rank; a randomised comparison has rerandomisation."
        )
    for index, response in enumerate(study.analysis.responses):
        table.must_know("response", index, "by", name=response.by, known={e.id for e in study.encounters}, kind="encounter")
        if response.definition not in _measures():
            found = f'no response definition "{response.definition}"'
            todo = suggest(response.definition, _measures(), "`trialwright measures` lists them", ())
            raise table.error("response", index, "definition", found=found, todo=todo)


def _check_safety(study: Study, table: Table) -> None:
    codes = {term.code for term in study.safety.terms}
    for index, code in enumerate(study.safety.special_interest):
        table.must_know("special_interest", index, name=code, known=codes, kind="adverse event term")
    if not study.consents:
        raise table.error(found="the study has no consent form", todo="Add consent/1.0/consent.toml.")


def _check_scenarios(study: Study, table: Table) -> None:
    """A scenario's courses, by arm, name encounters; the default is one of the scenarios. The rest is for `simulate` to know."""
    scenarios = table.values.get("scenario", {})
    default = table.values.get("default_scenario")
    if isinstance(default, str) and isinstance(scenarios, dict):
        table.must_know("default_scenario", name=default, known=scenarios, kind="scenario")
    planned, arms = {e.id for e in study.encounters}, {arm.id for arm in study.arms}
    for name, scenario in scenarios.items() if isinstance(scenarios, dict) else ():
        for key, course in scenario.items() if isinstance(scenario, dict) else ():
            if isinstance(course, dict) and key.rpartition("_")[2] in arms:
                for encounter in course:
                    table.must_know("scenario", name, key, encounter, name=encounter, known=planned, kind="encounter")


def _days(time: timedelta) -> str:
    return f"{time / timedelta(days=1):g}"
