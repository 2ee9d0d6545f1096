"""Who may take part, what is given, how harm is recorded, and what must be approved."""

from datetime import timedelta
from typing import Literal

from trialwright.report.document import Block, Statement
from trialwright.report.study_documents.told import Told
from trialwright.study.model import Dose, Drug, Intervention

_DAY = timedelta(days=1)


def population(told: Told) -> tuple[Block, ...]:
    """The people in plain words, what they were treated with before, and what must have ended."""
    study, wording = told.study, told.wording
    blocks: list[Block] = []
    if "who" in study.plain:
        blocks += told.statement("5.1", "plain who", told.text(study.plain["who"]))
    if study.prior_therapy:
        months = study.prior_therapy.minimum_months
        said = told.say("prior.plain") if months is None else told.say("prior.months", months=wording.measured(months))
        blocks += told.statement("5.1", "prior_therapy", said)
    for washout in study.washouts:
        days = washout.at_least
        facts = {"treatment": told.text(washout.label)}
        said = (
            told.say("washout.unknown", **facts)
            if days is None
            else told.say("washout.known", **facts, days=wording.code(f"{days / _DAY:g}"))
        )
        blocks += told.statement("5.1", f"washout {washout.id}", said)
    return tuple(blocks)


def inclusion(told: Told) -> tuple[Block, ...]:
    return _criteria(told, "5.2", "inclusion")


def exclusion(told: Told) -> tuple[Block, ...]:
    return _criteria(told, "5.3", "exclusion")


def screening(told: Told) -> tuple[Block, ...]:
    rule = told.study.screening
    if rule is None:
        return ()
    days = told.wording.code(f"{rule.valid_for / _DAY:g}")
    return told.statement("5.6", "screening", told.say("screening.valid", days=days, times=told.wording.count(rule.repeats)))


def products(told: Told) -> tuple[Block, ...]:
    return _described(told, "6.1", "cell_product")


def background(told: Told) -> tuple[Block, ...]:
    return _described(told, "6.9", "background")


def administration(told: Told) -> tuple[Block, ...]:
    """Dose, weight and time of each product."""
    wording = told.wording
    blocks: list[Block] = []
    for intervention, dose in _doses(told):
        cells = wording.code(
            f"{dose.cells_per_kg:,f}".rstrip("0").rstrip(".") if "." in f"{dose.cells_per_kg:f}" else f"{dose.cells_per_kg:,f}"
        )
        limit = "" if dose.maximum_weight_kg is None else told.say("dose.weight_limit", kg=wording.measured(dose.maximum_weight_kg))
        minutes, thaw = (wording.code(number) for number in (dose.infusion_minutes, dose.thaw_limit_minutes))
        at = told.say("dose.at", encounters=told.encounters(dose.encounters)) if dose.encounters else ""
        blocks += told.statement(
            "6.3",
            f"dose {intervention.id}",
            told.say(
                "dose.cells", label=told.text(intervention.label), cells=cells, tolerance=_percent(told, dose.tolerance_percent)
            ),
            told.say("dose.weight", days=wording.code(dose.weight_max_age_days), change=_percent(told, dose.weight_change_percent)),
            limit,
            told.say("dose.given", minutes=minutes, thaw=thaw),
            at,
        )
    return tuple(blocks)


def handling(told: Told) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for intervention, dose in _doses(told):
        viability = _percent(told, dose.minimum_viability_percent)
        endotoxin = told.wording.measured(dose.endotoxin_limit_eu_kg_h)
        said = told.say("dose.release", viability=viability, endotoxin=endotoxin)
        blocks += told.statement("6.6", f"dose {intervention.id}", said)
    return tuple(blocks)


def concomitant(told: Told) -> tuple[Block, ...]:
    """The regimen beside the product: drugs, permitted changes, rescue."""
    blocks: list[Block] = []
    for one in (one for one in told.study.interventions if one.regimen):
        assert one.regimen is not None
        blocks += told.statement("6.10", f"regimen {one.id}", f"{told.text(one.label)}.")
        for drug in one.regimen.drugs:
            blocks += told.statement("6.10", f"drug {one.id}.{drug.id}", _drug(told, drug))
        for change in one.regimen.changes:
            said = told.say("regimen.change", change=told.text(change.label))
            blocks += told.statement("6.10", f"change {one.id}.{change.id}", said)
        for rescue in one.regimen.rescue:
            said = told.say("regimen.rescue", rescue=told.text(rescue.label), when=told.text(rescue.when))
            blocks += told.statement("6.10", f"rescue {one.id}.{rescue.id}", said)
    return tuple(blocks)


def safety(told: Told) -> tuple[Block, ...]:
    """How events are graded and reported, which are watched for, and which are expected of the product."""
    plan, wording = told.study.safety, told.wording
    labels = {term.code: told.text(term.label) for term in plan.terms}
    hours = plan.serious_report_hours
    reported = told.say("safety.hours_unknown") if hours is None else told.say("safety.hours", hours=wording.code(hours))
    watched = [labels.get(code, wording.code(code)) for code in plan.special_interest]
    interest = told.say("safety.interest", terms=wording.listed(watched)) if watched else ""
    blocks: list[Block] = [
        *told.statement("9.2", "safety", told.say("safety.grading", version=wording.code(plan.ctcae_version)), reported, interest)
    ]
    for reference in told.study.safety_references:
        terms = [
            told.say("safety.term", term=labels.get(r.term, wording.code(r.term)), grade=wording.count(r.up_to_grade))
            for r in reference.expected
        ]
        said = told.say("safety.expected", label=told.text(reference.label), terms=wording.listed(terms))
        blocks += told.statement("9.2", f"safety_reference {reference.version}", said)
    return tuple(blocks)


def permits(told: Told) -> tuple[Block, ...]:
    named = [told.wording.name("permit", kind) for kind in told.study.permits]
    return told.statement("11.1", "permits", told.say("permits", permits=told.wording.listed(named)))


def consent(told: Told) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for one in told.study.consents:
        age = one.guardian_below_age
        guardian = "" if age is None else told.say("consent.guardian", age=told.wording.count(age))
        said = told.say("consent", label=told.text(one.label), day=told.wording.day(one.approved_on))
        blocks += told.statement("11.3", f"consent {one.version}", said, guardian)
    return tuple(blocks)


def laboratories(told: Told) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for one in told.study.laboratories:
        said = told.say("laboratory", label=told.text(one.label), n=told.wording.count(len(one.ranges)))
        blocks += told.statement("12.1", f"laboratory {one.id}", said)
    return tuple(blocks)


def _criteria(told: Told, section: str, kind: Literal["inclusion", "exclusion"]) -> tuple[Statement, ...]:
    listed = [one for one in told.study.criteria if one.kind == kind]
    return tuple(
        statement for one in listed for statement in told.statement(section, f"criterion {one.id}", f"{told.text(one.text)}.")
    )


def _described(told: Told, section: str, kind: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for one in (one for one in told.study.interventions if one.kind == kind):
        said = told.say("intervention", label=told.text(one.label), description=told.text(one.description))
        blocks += told.statement(section, f"intervention {one.id}", said)
    return tuple(blocks)


def _doses(told: Told) -> tuple[tuple[Intervention, Dose], ...]:
    return tuple((one, one.dose) for one in told.study.interventions if one.dose)


def _drug(told: Told, drug: Drug) -> str:
    more = " ".join(f"{told.text(part)}." for part in (drug.dose, drug.taper) if part)
    return told.say("regimen.drug", drug=told.text(drug.label), more=more).strip()


def _percent(told: Told, value: object) -> str:
    return told.wording.code(f"{value}\u00a0%")
