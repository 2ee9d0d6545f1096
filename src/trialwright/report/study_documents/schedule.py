"""The schedule of activities: every visit with its window and what it rests on, and what is done at which."""

from datetime import timedelta

from trialwright.report.document import Block, Column, Link, Table
from trialwright.report.study_documents.told import Told
from trialwright.study.describe import window_days
from trialwright.study.model import Encounter

_DAY = timedelta(days=1)


def activities(told: Told) -> tuple[Block, ...]:
    return (_visits(told), _matrix(told))


def planned(told: Told, encounter: Encounter) -> tuple[str, str]:
    """When a visit is planned, and its window, in words."""
    target, opens, closes = window_days(encounter)
    wording = told.wording
    anchor = wording.name("anchor", encounter.anchor)
    if encounter.target % _DAY or (encounter.before + encounter.after) % _DAY:
        hours, first, last = (wording.code(f"{day * 24:g}".replace("-", "−")) for day in (target, opens, closes))
        when, window = told.say("when.hours", hours=hours, anchor=anchor), told.say("window.hours", opens=first, closes=last)
    else:
        day, first, last = (wording.code(f"{day:g}".replace("-", "−")) for day in (target, opens, closes))
        when, window = told.say("when.days", day=day, anchor=anchor), told.say("window.days", opens=first, closes=last)
    if encounter.dose > 1:
        when = told.say("when.dose", when=when, dose=wording.count(encounter.dose))
    if encounter.arms:
        arms = wording.listed([told.text(told.study.arm(arm).label) for arm in encounter.arms])
        when = told.say("when.arms", when=when, arms=arms)
    return when, window


def _visits(told: Told) -> Table:
    shown = [(number, encounter) for number, encounter in enumerate(told.study.encounters, 1)]
    return Table(
        id="visits",
        title=told.say("table.visits"),
        columns=(
            Column(label=told.say("column.visit"), width=1.5),
            Column(label=told.say("column.when"), width=1.6),
            Column(label=told.say("column.window"), width=1.1),
            Column(label=told.say("column.basis"), width=3.4),
        ),
        rows=tuple(
            (
                f"{told.wording.count(number)}. {told.text(encounter.label)}",
                *planned(told, encounter),
                told.short_basis(told.held.facts[f"encounter {encounter.id}"]),
            )
            for number, encounter in shown
        ),
        row_ids=tuple(f"visit-{encounter.id}" for encounter in told.study.encounters),
        stacks=True,
        small=True,
    )


def _matrix(told: Told) -> Table:
    """Forms against visits; a visit is its number in the table above."""
    asked = [form for form in told.study.forms.values() if any(form.id in e.forms for e in told.study.encounters)]
    visits = told.study.encounters
    return Table(
        id="activities",
        title=told.say("table.activities"),
        columns=(
            Column(label=told.say("column.form"), width=4),
            *(Column(label=told.wording.count(number), width=0.7) for number in range(1, len(visits) + 1)),
        ),
        rows=tuple(
            (
                (Link(text=told.text(form.label), to=f"{told.page('case_report_forms')}#form-{form.id}"),),
                *(told.say("due.yes") if form.id in visit.forms else "" for visit in visits),
            )
            for form in asked
        ),
        small=True,
    )
