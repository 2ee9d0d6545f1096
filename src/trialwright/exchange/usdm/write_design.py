"""The design: arms, epochs and cells, criteria, objectives with endpoints and estimands, population; and the interventions."""

from typing import Any

from trialwright.exchange.usdm.objects import Object, Objects, take
from trialwright.exchange.usdm.write_people import link, write_criteria
from trialwright.exchange.usdm.write_results import write_estimands, write_objectives, write_populations
from trialwright.exchange.usdm.write_schedule import write_schedule
from trialwright.study.model import Study


def write_design(study: Study, tables: dict[str, Any], objects: Objects, activities: list[Object]) -> Object:
    """The one design of the study. What it takes out of `tables` has a home; the rest is in the extensions of its objects."""
    given = {row["id"]: list(take(row, "interventions") or []) for row in tables["arm"]}
    arms = [_arm(row, objects) for row in tables["arm"]]
    epochs = link([_epoch(row, number, objects) for number, row in enumerate(tables["epoch"])])
    encounters, timeline = write_schedule(study, tables["encounter"], objects)
    elements, cells = _cells(study, given, objects)
    estimands = write_estimands(study, tables, objects)
    objectives = write_objectives(study, tables, objects)
    return objects.make(
        "InterventionalStudyDesign",
        study.id,
        name=study.id,
        label=study.short_title.en,
        rationale=next((text.en for text in study.plain.values()), study.title.en),
        studyType=objects.term("fixed", "interventional"),
        model=objects.term("fixed", "single_group" if len(study.arms) == 1 else "parallel"),
        characteristics=_characteristics(study, objects) or None,
        blindingSchema=objects.alias(objects.term("fixed", _blinding(study))),
        arms=arms,
        epochs=epochs,
        elements=elements,
        studyCells=cells,
        encounters=encounters,
        activities=activities,
        scheduleTimelines=[timeline],
        eligibilityCriteria=write_criteria(tables["criterion"], objects),
        objectives=objectives,
        estimands=estimands or None,
        analysisPopulations=write_populations(study, objects),
        population=_population(study, tables["study"], objects),
        studyInterventionIds=[f"StudyIntervention_{one.id}" for one in study.interventions],
        documentVersionIds=None,
    )


def _arm(row: dict[str, Any], objects: Objects) -> Object:
    name, label, kind = take(row, "id"), take(row, "label", "en"), take(row, "kind")
    return objects.make(
        "StudyArm",
        name,
        rest=row,
        name=name,
        label=label,
        type=objects.term("arm", kind),
        dataOriginType=objects.term("fixed", "within_study"),
        dataOriginDescription="Collected in this study",
    )


def _epoch(row: dict[str, Any], number: int, objects: Objects) -> Object:
    name, label = take(row, "id"), take(row, "label", "en")
    return objects.make("StudyEpoch", name, rest=row, name=name, label=label, type=objects.term("epoch", _epoch_type(name, number)))


def _epoch_type(name: str, number: int) -> str:
    """By the words of its id; without any, the first epoch is screening and every other one treatment."""
    for word in ("follow_up", "baseline", "treatment", "screening"):
        if word in name:
            return word
    return "screening" if number == 0 else "treatment"


def _cells(study: Study, given: dict[str, list[str]], objects: Objects) -> tuple[list[Object], list[Object]]:
    """An element for each arm in each epoch. What the arm is given stands from the epoch of the first visit after allocation on."""
    planned = [encounter.epoch for encounter in study.encounters if encounter.anchor != "screening"]
    order = [epoch.id for epoch in study.epochs]
    first = order.index(planned[0]) if planned else len(order)
    elements, cells = [], []
    for arm in study.arms:
        for number, epoch in enumerate(study.epochs):
            name = f"{arm.id}.{epoch.id}"
            treated = [f"StudyIntervention_{one}" for one in given[arm.id]] if number >= first else None
            label = f"{arm.label.en}: {epoch.label.en}"
            elements.append(objects.make("StudyElement", name, name=name, label=label, studyInterventionIds=treated))
            cells.append(
                objects.make(
                    "StudyCell",
                    name,
                    armId=f"StudyArm_{arm.id}",
                    epochId=f"StudyEpoch_{epoch.id}",
                    elementIds=[f"StudyElement_{name}"],
                )
            )
    return elements, cells


def _characteristics(study: Study, objects: Objects) -> list[Object]:
    words = ["randomised"] if study.allocation.method != "single_arm" else []
    words += ["stratified"] if study.allocation.stratified_by else []
    return [objects.term("fixed", word) for word in words]


def _blinding(study: Study) -> str:
    """By how many roles do not know the arm; who they are stands with the roles."""
    return (
        ("open_label", "single_blind")[len(study.allocation.blinded_roles)]
        if len(study.allocation.blinded_roles) < 2
        else "double_blind"
    )


def _population(study: Study, head: dict[str, Any], objects: Objects) -> Object:
    """Who is sought. An age range needs both ends; a limit on one side alone stays in the extension."""
    ages = None
    if study.minimum_age_years is not None and study.maximum_age_years is not None:
        low, high = (
            objects.quantity(take(head, f"{end}_age_years"), objects.term("fixed", "year")) for end in ("minimum", "maximum")
        )
        ages = objects.make("Range", "planned_age", minValue=low, maxValue=high, isApproximate=False)
    return objects.make(
        "StudyDesignPopulation",
        study.id,
        name=study.id,
        label="Participants",
        description=take(head, "condition", "en"),
        includesHealthySubjects=False,
        plannedEnrollmentNumber=objects.quantity(take(head, "sample_size")),
        plannedAge=ages,
        plannedSex=_sexes(study, objects),
        criterionIds=[f"EligibilityCriterion_{one.id}" for one in study.criteria],
    )


def _sexes(study: Study, objects: Objects) -> list[Object] | None:
    """Both, where no criterion asks for a sex; a rule that does is not interpreted."""
    asked = any("sex" in criterion.rule for criterion in study.criteria)
    return None if asked else [objects.term("fixed", "female"), objects.term("fixed", "male")]


def write_interventions(rows: list[dict[str, Any]], objects: Objects) -> list[Object]:
    """What is given. A dose in USDM needs a dose form and a frequency, which a definition does not hold: it stays in the extension,
    and its administration says how long it takes."""
    made = []
    for row in rows:
        name, label, text = take(row, "id"), take(row, "label", "en"), take(row, "description", "en")
        kind = take(row, "kind")
        minutes = take(row, "dose", "infusion_minutes")
        made.append(
            objects.make(
                "StudyIntervention",
                name,
                rest=row,
                name=name,
                label=label,
                description=text,
                role=objects.term("intervention_role", kind),
                type=objects.term("intervention_type", kind),
                administrations=[_administration(name, minutes, objects)] if minutes is not None else None,
            )
        )
    return made


def _administration(name: str, minutes: int, objects: Objects) -> Object:
    duration = objects.make(
        "Duration",
        name,
        text=f"{minutes} minutes",
        quantity=objects.quantity(minutes, objects.term("fixed", "minute")),
        durationWillVary=False,
    )
    return objects.make("Administration", name, name=name, label="Infusion", duration=duration)
