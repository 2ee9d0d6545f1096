"""Purpose, overall design, arms, and who learns which arm: sentences from the definition's first file."""

from decimal import Decimal

from trialwright.report.document import Block
from trialwright.report.study_documents.told import Told
from trialwright.study.model import Arm


def purpose(told: Told) -> tuple[Block, ...]:
    return _plain(told, "2.1", "what")


def risks(told: Told) -> tuple[Block, ...]:
    return _plain(told, "2.2", "risks")


def overall(told: Told) -> tuple[Block, ...]:
    """Arms, allocation, blinding, number and kind of people, duration: each in a sentence."""
    study, wording = told.study, told.wording
    arms = wording.listed([told.text(arm.label) for arm in study.arms])
    model = "parallel" if len(study.arms) > 1 else "single"
    low, high = told.encounters([study.encounters[0].id]), told.encounters([study.encounters[-1].id])
    return (
        *told.statement(
            "1.1.2",
            "allocation",
            told.say(f"design.{model}", n=wording.count(len(study.arms)), arms=arms),
            _allocation(told),
            _blinding(told),
        ),
        *told.statement("1.1.2", "title", told.say("design.population", condition=told.text(study.condition))),
        *told.statement("1.1.2", "age_limits", _ages(told)),
        *told.statement("1.1.2", "sample_size", told.say("design.size", n=wording.count(study.sample_size))),
        *told.statement("1.1.2", f"encounter {study.encounters[-1].id}", told.say("design.duration", first=low, last=high)),
    )


def schema(told: Told) -> tuple[Block, ...]:
    """The order of epochs, and which arm goes through which."""
    study, wording = told.study, told.wording
    arrow = " ← " if told.language == "fa" else " → "
    blocks: list[Block] = []
    for arm in study.arms:
        reached = {e.epoch for e in study.encounters if not e.arms or arm.id in e.arms}
        epochs = arrow.join(told.text(epoch.label) for epoch in study.epochs if epoch.id in reached)
        planned = wording.count(arm.planned)
        blocks += told.statement(
            "1.2", f"arm {arm.id}", f"{told.text(arm.label)} ({planned}): {told.say('design.epochs', epochs=epochs)}"
        )
    return tuple(blocks)


def description(told: Told) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for arm in told.study.arms:
        blocks += told.statement("4.1", f"arm {arm.id}", _arm(told, arm))
    for stratum in told.study.strata:
        levels = told.wording.listed([told.text(level.label) for level in stratum.levels])
        said = told.say("design.stratum", stratum=told.text(stratum.label), levels=levels)
        blocks += told.statement("4.1", f"stratum {stratum.id}", said)
    return tuple(blocks)


def assignment(told: Told) -> tuple[Block, ...]:
    return told.statement("6.7", "allocation", _allocation(told), _stratified(told), _blinding(told))


def _arm(told: Told, arm: Arm) -> str:
    given = told.wording.listed([told.text(told.study.intervention(one).label) for one in arm.interventions])
    planned = told.wording.count(arm.planned)
    return told.say("design.arm", arm=told.text(arm.label), planned=planned, interventions=given)


def _allocation(told: Told) -> str:
    rule = told.study.allocation
    ratio = ":".join(str(share) for share in rule.ratio.values())
    return told.say(f"allocation.{rule.method}", ratio=told.wording.code(ratio))


def _stratified(told: Told) -> str:
    labels = {stratum.id: told.text(stratum.label) for stratum in told.study.strata}
    strata = [labels.get(one, told.wording.code(one)) for one in told.study.allocation.stratified_by]
    return told.say("allocation.stratified", strata=told.wording.listed(strata)) if strata else ""


def _blinding(told: Told) -> str:
    roles = [told.wording.name("role", role) for role in told.study.allocation.blinded_roles]
    return told.say("blinding.roles", roles=told.wording.listed(roles)) if roles else told.say("blinding.open")


def _ages(told: Told) -> str:
    low, high = told.study.minimum_age_years, told.study.maximum_age_years
    shown = {name: told.wording.measured(value) for name, value in (("low", low), ("high", high)) if isinstance(value, Decimal)}
    code = {("low", "high"): "between", ("low",): "from", ("high",): "to"}.get(tuple(shown))
    return told.say(f"design.age_{code}", **shown) if code else ""


def _plain(told: Told, section: str, key: str) -> tuple[Block, ...]:
    text = told.study.plain.get(key)
    return told.statement(section, f"plain {key}", told.text(text)) if text else ()
