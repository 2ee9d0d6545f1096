"""What the treatment side of a definition must agree on: doses, regimen, allocation, strata, screening, earlier treatment, and what
is approved on its own (safety references, laboratories)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from trialwright.study.capture import Concept
from trialwright.study.declared import check_rule
from trialwright.study.forms import item_choices
from trialwright.study.model import Form, ItemKind, Study
from trialwright.study.sources import Sources
from trialwright.study.tables import Table

TWO_ARM_METHODS = ("big_stick", "maximal_procedure", "complete", "minimisation")
"""The methods whose law is for two arms in equal shares; so are strata, whose blocks may be left unfinished."""
SITE = "site"
"""The one name that a stratum's rule may read beside screening values: the site, which is known and not collected."""


def check_treatment(study: Study, sources: Sources, screened: tuple[Form, ...], names: dict[str, ItemKind]) -> None:
    """Raise the first `StudyError`. `screened` are the forms of the first epoch, `names` what a rule over them may read."""
    _check_doses(study, sources.tables["study"], sources.tables["schedule"])
    _check_regimens(study, sources.tables["study"])
    _check_strata(study, sources.tables["study"], screened, names)
    _check_allocation(study, sources.tables["study"])
    _check_screening(study, sources.tables["schedule"])
    _check_prior_therapy(study, sources.tables["eligibility"], screened)
    for index, washout in enumerate(study.washouts):
        if washout.criterion:
            path = ("washout", index, "criterion")
            sources.tables["eligibility"].must_know(*path, name=washout.criterion, known=_ids(study.criteria), kind="criterion")
    _check_references(study, sources)
    _check_laboratories(study, sources)


def _ids(parts: Iterable[Any]) -> set[str]:
    return {part.id for part in parts}


def _check_doses(study: Study, table: Table, schedule: Table) -> None:
    """Each dose is planned at an encounter of an arm that gets it; an encounter counts from a dose that is planned."""
    planned = 1
    for index, intervention in enumerate(study.interventions):
        for place, name in enumerate(intervention.dose.encounters if intervention.dose else ()):
            path = ("intervention", index, "dose", "encounters", place)
            table.must_know(*path, name=name, known=_ids(study.encounters), kind="encounter")
        planned = max(planned, len(intervention.dose.encounters) if intervention.dose else 0)
    for index, encounter in enumerate(study.encounters):
        if encounter.dose != 1 and encounter.anchor != "infusion":
            found = f"dose {encounter.dose} with the anchor {encounter.anchor}"
            raise schedule.error("encounter", index, "dose", found=found, todo='Remove it, or give anchor = "infusion".')
        if not 1 <= encounter.dose <= planned:
            found = f"dose {encounter.dose}; {planned} planned"
            todo = "Name an encounter for each dose in `encounters` of [intervention.dose]."
            raise schedule.error("encounter", index, "dose", found=found, todo=todo)
    if planned > 1:
        index = next(i for i, x in enumerate(study.interventions) if x.dose and len(x.dose.encounters) > 1)
        todo = "Plan one dose, or wait for a version that conducts several."
        found = f"{planned} doses; this version of the program conducts one infusion a participant"
        raise table.error("intervention", index, "dose", "encounters", found=found, todo=todo)


def _check_regimens(study: Study, table: Table) -> None:
    events = {event.id for endpoint in study.endpoints for event in endpoint.estimand.intercurrent_events}
    for index, intervention in enumerate(study.interventions):
        regimen = intervention.regimen
        if regimen is None:
            continue
        if intervention.kind != "background":
            todo = "Move it to the intervention that is background treatment."
            raise table.error("intervention", index, "regimen", found="a cell product with a regimen", todo=todo)
        for key, parts in (("drug", regimen.drugs), ("change", regimen.changes), ("rescue", regimen.rescue)):
            _check_once(table, ("intervention", index, "regimen", key), parts, key)
        named = [("change", place, part.intercurrent_event) for place, part in enumerate(regimen.changes)]
        named += [("rescue", place, part.intercurrent_event) for place, part in enumerate(regimen.rescue)]
        for key, place, event in named:
            if event:
                path = ("intervention", index, "regimen", key, place, "intercurrent_event")
                table.must_know(*path, name=event, known=events, kind="intercurrent event of an endpoint")


def _check_once(table: Table, path: tuple[str | int, ...], parts: Iterable[Any], kind: str) -> None:
    seen: set[str] = set()
    for place, part in enumerate(parts):
        if part.id in seen:
            raise table.error(*path, place, "id", found=f'two of the kind {kind} "{part.id}"', todo="Rename one.")
        seen.add(part.id)


def _check_strata(study: Study, table: Table, screened: tuple[Form, ...], names: dict[str, ItemKind]) -> None:
    names = {**names, SITE: "text"}
    _check_once(table, ("stratum",), study.strata, "stratum")
    for index, stratum in enumerate(study.strata):
        _check_once(table, ("stratum", index, "levels"), stratum.levels, "level")
        if len(stratum.levels) < 2:
            todo = "Give two levels or more, or remove the stratum."
            raise table.error("stratum", index, "levels", found=f"{len(stratum.levels)} level(s)", todo=todo)
        for place, level in enumerate(stratum.levels):
            check_rule(table, ("stratum", index, "levels", place), level.rule, level.proof, names, item_choices(*screened))


def _check_allocation(study: Study, table: Table) -> None:
    rule = study.allocation
    for place, name in enumerate(rule.stratified_by):
        table.must_know("allocation", "stratified_by", place, name=name, known=_ids(study.strata), kind="stratum")
    if rule.method == "minimisation" and not rule.stratified_by:
        todo = "Name its factors in `stratified_by`; they are strata."
        raise table.error("allocation", "method", found="minimisation without factors", todo=todo)
    if rule.method in {"complete", "single_arm"} and rule.stratified_by:
        todo = "Remove `stratified_by`."
        raise table.error("allocation", "stratified_by", found=f"strata with {rule.method}", todo=todo)
    if len(set(rule.stratified_by)) != len(rule.stratified_by):
        raise table.error("allocation", "stratified_by", found="a stratum named twice", todo="Name it once.")
    equal = len(study.arms) == 2 and len(set(rule.ratio.values())) == 1
    if (rule.method in TWO_ARM_METHODS or rule.stratified_by) and not equal:
        shares = " to ".join(str(share) for share in rule.ratio.values())
        what = rule.method + (" in strata" if rule.stratified_by else "")
        found = f"{what} with {len(study.arms)} arm(s), {shares}; this version of the program cannot carry it out"
        todo = "Use permuted_blocks without strata."
        raise table.error("allocation", "method", found=found, expected="two arms in equal shares", todo=todo)


def _check_screening(study: Study, table: Table) -> None:
    """Screening must hold until the last visit that counts from it may end."""
    if study.screening is None:
        return
    last = max((e.target + e.after for e in study.encounters if e.anchor == "screening"), default=timedelta(0))
    if study.screening.valid_for < last:
        days, needed = (f"{time / timedelta(days=1):g}" for time in (study.screening.valid_for, last))
        found = f"valid for {days} days; the visits before allocation may end on day {needed}"
        raise table.error("screening", "valid_for", found=found, todo="Make it longer, or a visit's window smaller.")


def _check_prior_therapy(study: Study, table: Table, screened: tuple[Form, ...]) -> None:
    prior = study.prior_therapy
    if prior is None:
        return
    forms = {form.id: form for form in screened}
    table.must_know("prior_therapy", "form", name=prior.form, known=forms, kind="form of the first epoch")
    items = {item.id for item in forms[prior.form].items}
    for key in ("drug", "dose", "months", "response"):
        table.must_know("prior_therapy", key, name=getattr(prior, key), known=items, kind=f"item of {prior.form}")
    table.must_know("prior_therapy", "criterion", name=prior.criterion, known=_ids(study.criteria), kind="criterion")


def _check_references(study: Study, sources: Sources) -> None:
    codes = {term.code for term in study.safety.terms}
    for reference, (_, table) in zip(study.safety_references, sources.safety_references, strict=True):
        for index, reaction in enumerate(reference.expected):
            table.must_know("expected", index, "term", name=reaction.term, known=codes, kind="adverse event term")
            if not 1 <= reaction.up_to_grade <= 5:
                found = f"grade {reaction.up_to_grade}"
                raise table.error("expected", index, "up_to_grade", found=found, expected="1 to 5", todo="Give a CTCAE grade.")


def _check_laboratories(study: Study, sources: Sources) -> None:
    concepts = dict(_collected(study))
    for laboratory, (_, table) in zip(study.laboratories, sources.laboratories, strict=True):
        for index, row in enumerate(laboratory.ranges):
            table.must_know("range", index, "concept", name=row.concept, known=concepts, kind="item that is collected")
            unit = concepts[row.concept].unit
            if row.unit != unit:
                found = f'unit "{row.unit}"; {row.concept} is in "{unit}"'
                raise table.error("range", index, "unit", found=found, todo=f'Give unit = "{unit}" and convert the limits.')
            if row.low is None and row.high is None:
                raise table.error("range", index, found="neither `low` nor `high`", todo="Give one of them or both.")
            if row.low is not None and row.high is not None and row.low >= row.high:
                raise table.error("range", index, "low", found=f"low {row.low} is not below high {row.high}", todo="Correct one.")


def _collected(study: Study) -> Iterator[tuple[str, Concept]]:
    for form in study.forms.values():
        yield from ((item.id, item.concept) for item in form.items)
