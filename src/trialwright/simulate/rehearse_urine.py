"""The 24-hour urine: hours, volume and creatinine first, then the judgement, and only then the protein.

A third of the jugs is short and some hold too much (Christopher-Stine 2004). One judged incomplete is repeated by the rule, three
jugs at most, and every jug is kept with its protein; whoever repeats one has been shown again how, and errs less often (assumed).
The first jug of a trial lasted too few hours.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from trialwright.conduct import commands as cmd
from trialwright.conduct.collections import assess_collection
from trialwright.conduct.commands import Entered
from trialwright.simulate.rehearse_calendar import Story, next_open
from trialwright.simulate.rehearse_character import Character
from trialwright.simulate.rehearse_entry import save_form
from trialwright.simulate.rehearse_facts import Facts, Moment, draw_facts
from trialwright.simulate.rehearse_typing import type_items
from trialwright.study.model import Encounter, Form

_MOST_JUGS = 3
_ERRS_AGAIN = 0.35
_SHORT_HOURS = 16.5
_SHORT_REASON = "The collection was ended early by mistake; kept, and judged"


Judgement = Literal["complete", "incomplete", "accepted_with_reason"]
_JUDGEMENTS: dict[str, Judgement] = {"complete": "complete", "incomplete": "incomplete"}


class Measured:
    """What this visit's counting jug held, for the assessor who scores after it. Units: g."""

    def __init__(self) -> None:
        self.protein_g: float | None = None


def collect_urine(person: Character, encounter: Encounter, form: Form, day: date, found: Measured) -> Story:
    """Collect until a jug is judged complete, or the rule's number of jugs is reached."""
    stage = person.stage
    if person.nature.is_child and _age(person, day) < stage.parameters.number("urine", "not_feasible_below_age"):
        yield from _not_feasible(person, encounter, form, day)
        return
    for repeat in range(1, _MOST_JUGS + 1):
        rng = person.rng(encounter.id, form.id, repeat)
        facts = _draw_jug(person, encounter, form, day, repeat, rng)
        yield from _hand_in(person, encounter, form, day, repeat, facts, rng)
        judged = person.state.form(encounter.id, form.id, repeat)
        if judged is None or judged.judgement is None or judged.judgement.counts:
            found.protein_g = float(Decimal(facts["urine_volume"]) * Decimal(facts["urine_protein"])) / 100_000
            return
        if repeat == _MOST_JUGS:
            return
        day = next_open(stage.today + timedelta(days=rng.randrange(2, 4)))
        yield stage.agenda.at(day, 9, rng.randrange(50))
        if person.has_left(day):
            return


def _hand_in(person: Character, encounter: Encounter, form: Form, day: date, repeat: int, facts: Facts, rng: Random) -> Story:
    """One jug: what is known before the judgement, the judgement, and the protein a working day later."""
    stage = person.stage
    opens = form.collection.opens if form.collection else ()
    reasons = (_SHORT_REASON,) if not 20 <= float(facts["urine_hours"]) <= 28 else ()
    if repeat > 1:
        reasons = (*reasons, "Repeated after an incomplete jug")
    first = [item.id for item in form.items if item.id not in opens]
    save_form(person, encounter, form, type_items(form, facts, first, rng), day, repeat=repeat, reasons=reasons)
    yield stage.agenda.in_minutes(rng.randrange(10, 60))
    _judge(person, encounter, form, repeat)
    yield stage.agenda.on_open_day(1, rng, from_hour=12)
    save_form(person, encounter, form, type_items(form, facts, opens, rng), day, repeat=repeat, reasons=reasons)


def _judge(person: Character, encounter: Encounter, form: Form, repeat: int) -> None:
    """Judge as hours, volume and creatinine say; where they say nothing (a child's first jugs), with a reason."""
    suggested = assess_collection(person.stage.study, person.state, encounter.id, form.id, repeat).suggested
    reason = "" if suggested else "The guardian reports a whole day without losses; nothing to compare with at this age"
    judged = cmd.JudgeCollection(
        site=person.stage.site,
        participant=person.id,
        encounter=encounter.id,
        form=form.id,
        repeat=repeat,
        judgement=_JUDGEMENTS.get(suggested, "accepted_with_reason"),
        reason=reason,
    )
    person.stage.do("coordinator", judged)


def _draw_jug(person: Character, encounter: Encounter, form: Form, day: date, repeat: int, rng: Random) -> Facts:
    hours, share = 24.0 + rng.choice((-0.5, 0.0, 0.0, 0.5)), _share(person, repeat, rng)
    if person.stage.nth("jug") == 1:
        hours, share = _SHORT_HOURS, 0.65
    elif encounter.id == "screening":
        share = _at_screening(person, share, is_last=repeat == _MOST_JUGS)
    moment = Moment(
        nature=person.nature,
        parameters=person.stage.parameters,
        condition=person.condition(encounter, day),
        on=day,
        encounter=encounter.id,
        repeat=repeat,
        rng=rng,
        jug_hours=hours,
        jug_share=share,
    )
    return draw_facts(form, moment)


def _at_screening(person: Character, share: float, *, is_last: bool) -> float:
    """A jug that is clearly short or long, or the one that was measured when this person was drawn."""
    if is_last or 0.8 <= share <= 1.2:
        return person.nature.screening_jug
    return (0.7 if share < 1 else 1.35) / person.nature.excretion


def _share(person: Character, repeat: int, rng: Random) -> float:
    """The share of the day's urine that is in the jug."""
    parameters = person.stage.parameters
    errs = 1.0 if repeat == 1 else _ERRS_AGAIN
    under, over = errs * parameters.number("urine", "under_collected"), errs * parameters.number("urine", "over_collected")
    drawn = rng.random()
    if drawn < under:
        return rng.uniform(*parameters.pair("urine", "under_factor", (0.5, 0.8)))
    if drawn < under + over:
        return rng.uniform(*parameters.pair("urine", "over_factor", (1.2, 1.5)))
    return rng.uniform(*parameters.pair("urine", "fair_factor", (0.8, 1.2)))


def _not_feasible(person: Character, encounter: Encounter, form: Form, day: date) -> Story:
    """A child too young to collect: every item says so, and the judgement gives the reason."""
    stage = person.stage
    opens = form.collection.opens if form.collection else ()
    first = tuple(Entered(item=item.id, missing_code="not_done") for item in form.items if item.id not in opens)
    save_form(person, encounter, form, first, day)
    yield stage.agenda.in_minutes(5)
    why = "A 24-hour collection is not feasible at this age"
    judged = cmd.JudgeCollection(
        site=stage.site, participant=person.id, encounter=encounter.id, form=form.id, judgement="incomplete", reason=why
    )
    stage.do("coordinator", judged)
    yield stage.agenda.in_minutes(5)
    save_form(person, encounter, form, tuple(Entered(item=item, missing_code="not_applicable") for item in opens), day)


def _age(person: Character, on: date) -> float:
    return (on - person.nature.born).days / 365.25
