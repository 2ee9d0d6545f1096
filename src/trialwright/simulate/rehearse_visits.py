"""A visit from the first form to the signature: what is done on the day, what the laboratory sends, what the assessor scores."""

from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil
from random import Random

from trialwright.conduct import commands as cmd
from trialwright.conduct.schedule import Window, window_of
from trialwright.simulate.rehearse_calendar import Story, is_closed, last_open, next_open
from trialwright.simulate.rehearse_character import Character
from trialwright.simulate.rehearse_eligible import make_eligible, names_of_criteria
from trialwright.simulate.rehearse_entry import save_form, save_with_slips
from trialwright.simulate.rehearse_facts import Facts, Moment, draw_facts
from trialwright.simulate.rehearse_scoring import score, try_without_cause, type_causes
from trialwright.simulate.rehearse_typing import type_form
from trialwright.simulate.rehearse_urine import Measured, collect_urine
from trialwright.simulate.rehearse_values import Draws
from trialwright.study.model import Encounter, Form

_FROM_LABORATORY = (
    *("blood_safety", "chemistry", "urinalysis", "lupus_serology", "immunology", "treg", "screening_labs", "spot_urine"),
    *("hla", "hla_antibodies"),
)
_NEVER_MISSING = ("demographics", "eligibility", "sledai", "treg", "prior_therapy", "biopsy", "hla", "infusion_signs")
_WATCHED = "infusion_signs"
_WATCHED_FOR_MINUTES = 240
_FEVER = ("Fever: recorded as an adverse event",)
_TREATMENT = "treatment"
_MISSES_A_VISIT = 1
_PRIOR_DRUGS = 2


def visit_day(person: Character, encounter: Encounter, window: Window, rng: Random) -> date:
    """The day on which the participant comes: near the target, now and then late or early, on an open day where one fits."""
    parameters = person.stage.parameters
    drawn = rng.random()
    if encounter.epoch == _TREATMENT:
        off = 0
    elif drawn < parameters.number("visits", "late"):
        off = (
            ceil(rng.expovariate(1 / parameters.number("visits", "late_days_mean", 5))) + (window.closes - window.target).days // 2
        )
    elif drawn < parameters.number("visits", "late") + parameters.number("visits", "early"):
        off = (window.opens - window.target).days
    else:
        off = rng.randint(max((window.opens - window.target).days, -2), min((window.closes - window.target).days, 3))
    day = window.target + timedelta(days=off)
    if is_closed(day) and not window.holds(next_open(day)) and window.holds(last_open(day)):
        return last_open(day)
    return next_open(day)


def come_to_visit(person: Character, encounter: Encounter) -> Story:
    """A planned visit of follow-up: held, missed, or (with a present day to look at) still owed by the site."""
    stage, rng = person.stage, person.rng("visit", encounter.id)
    window = window_of(encounter, person.state)
    if window is None:
        return
    if _is_missed(person, encounter, rng):
        yield stage.agenda.at(next_open(window.closes + timedelta(days=9)), 12, rng.randrange(60))
        if not person.has_left(window.closes):
            said = f"{encounter.label.en} was missed; the participant could not be reached."
            stage.do("coordinator", cmd.RecordDeviation(**person.who(), on=window.closes, kind="missed_visit", description=said))
        return
    day = visit_day(person, encounter, window, rng)
    if _is_owed(person, window, day):
        day = next_open(stage.until.date() + timedelta(days=3)) if stage.until else day
    yield stage.agenda.at(day, 8, rng.randrange(10, 59))
    if not person.has_left(day):
        yield from hold_visit(person, encounter, day)


def hold_visit(person: Character, encounter: Encounter, day: date) -> Story:
    """Every form of one visit, in the order in which people fill them in; the signature follows later."""
    stage, rng = person.stage, person.rng("hold", encounter.id)
    needed = encounter.anchor == "screening" or encounter.epoch == _TREATMENT
    forms = [stage.study.forms[form] for form in encounter.forms if not (form == _WATCHED and encounter.epoch == _TREATMENT)]
    kept = [form for form in forms if needed or rng.random() >= stage.parameters.number("missing", "form")]
    measured = Measured()
    for form in _only(kept, is_on_the_day=True):
        yield from _fill(person, encounter, form, day, measured)
    jugs = [collect_urine(person, encounter, form, day, measured) for form in kept if form.collection]
    for jug in jugs:
        yield from jug
    yield stage.agenda.in_minutes(20) if jugs else stage.agenda.on_open_day(1, rng, from_hour=10, to_hour=13)
    for form in _only(kept, is_on_the_day=False):
        yield from _fill(person, encounter, form, day, measured)
    for form in (form for form in kept if "assessor" in form.roles):
        yield stage.agenda.on_open_day(rng.randrange(1, 3), rng)
        yield from _fill(person, encounter, form, day, measured)
        _sign_scores(person, encounter, form)
    stage.agenda.spawn(_sign_later(person, encounter), stage.agenda.on_open_day(rng.randrange(4, 16), rng), background=True)


def watch_infusion(person: Character, encounter: Encounter) -> Story:
    """The nurse's vital signs around an infusion, entered when the last of them has been taken."""
    form = person.stage.study.forms.get(_WATCHED)
    if form is None or form.id not in encounter.forms:
        return
    day = person.stage.today
    yield person.stage.agenda.in_minutes(_WATCHED_FOR_MINUTES)
    yield from _fill(person, encounter, form, day, Measured())


def sign_all(person: Character, encounter: str = "") -> None:
    """The investigator signs what is saved and not signed in its newest version."""
    for (where, form, repeat), saved in person.state.forms.items():
        if saved.is_signed or (encounter and where != encounter):
            continue
        command = cmd.SignForm(
            site=person.stage.site,
            participant=person.id,
            encounter=where,
            form=form,
            repeat=repeat,
            meaning="I have reviewed these data",
            read_version=saved.version,
        )
        person.stage.do("investigator", command)


def _fill(person: Character, encounter: Encounter, form: Form, day: date, measured: Measured) -> Story:
    """Fill a form, all of its planned repeats one after the other."""
    stage, repeats = person.stage, _repeats(form)
    for repeat in range(1, repeats + 1):
        rng = person.rng(encounter.id, form.id, repeat)
        moment = _moment(person, encounter, day, repeat, measured, rng)
        missing = 0.0 if _is_complete(encounter) or form.id in _NEVER_MISSING else stage.parameters.number("missing", "item")
        facts = _facts(person, encounter, form, moment)
        reasons: tuple[str, ...] = _FEVER if moment.fever and form.id == "vitals" else ()
        if form.proposals:
            facts, reasons = score(person, encounter, form, day, facts)
        entered = type_form(form, facts, rng=rng, missing=missing, needed=_needed(person, encounter))
        entered = type_causes(form, facts, entered)
        try_without_cause(person, encounter, form, day, entered)
        if repeat == 1:
            save_with_slips(person, encounter, form, entered, day, rng=rng, reasons=reasons)
        else:
            save_form(person, encounter, form, entered, day, repeat=repeat)
        yield stage.agenda.in_minutes(rng.randrange(2, 9))


def _needed(person: Character, encounter: Encounter) -> frozenset[str]:
    """The items that decide on eligibility, which nobody leaves out at screening, optional or not."""
    study = person.stage.study
    decides = encounter.epoch == study.epochs[0].id and person.stage.parameters.fails_by_criteria
    return names_of_criteria(study) if decides else frozenset()


def _facts(person: Character, encounter: Encounter, form: Form, moment: Moment) -> Facts:
    """What is written on a form; in a trial whose people fail by its own criteria, screening is made to agree with them."""
    facts = draw_facts(form, moment)
    if encounter.epoch != person.stage.study.epochs[0].id or not person.stage.parameters.fails_by_criteria:
        return facts
    saved = person.state.forms
    known = {
        name: value.parsed for (where, _, _), one in saved.items() if where == encounter.id for name, value in one.values.items()
    }
    nature = person.nature
    return make_eligible(person.stage.study, form, facts, age=moment.condition.age, sex=nature.sex, fails=nature.fails, known=known)


def _moment(person: Character, encounter: Encounter, day: date, repeat: int, measured: Measured, rng: Random) -> Moment:
    return Moment(
        nature=person.nature,
        parameters=person.stage.parameters,
        condition=person.condition(encounter, day),
        on=day,
        encounter=encounter.id,
        repeat=repeat,
        rng=rng,
        fever=person.fever_on is not None and 0 <= (day - person.fever_on).days <= 2,
        rescue=person.has_rescue(day),
        measured_protein=measured.protein_g,
        draws=_draws(person, encounter),
    )


def _draws(person: Character, encounter: Encounter) -> Draws:
    study = person.stage.study
    return Draws(
        study=study,
        person=person.rng,
        effect=person.body.effect(encounter, person.arm, is_infused=person.is_infused) if person.arm else 0.0,
        is_selected=encounter.epoch == study.epochs[0].id,
    )


def _only(forms: Iterable[Form], *, is_on_the_day: bool) -> list[Form]:
    staff = (form for form in forms if not form.collection and "assessor" not in form.roles)
    return [form for form in staff if (form.id not in _FROM_LABORATORY) == is_on_the_day]


def _repeats(form: Form) -> int:
    if form.repeats and not form.collection:
        return form.repeats_planned if form.repeats_planned > 1 else _PRIOR_DRUGS
    return 1


def _is_complete(encounter: Encounter) -> bool:
    """Visits on which a decision rests are filled in completely."""
    return encounter.id in ("screening", "infusion")


def _is_missed(person: Character, encounter: Encounter, rng: Random) -> bool:
    followed = [e.id for e in person.stage.study.encounters if e.epoch == person.stage.study.epochs[-1].id]
    always = person.order == _MISSES_A_VISIT and len(followed) > 2 and encounter.id == followed[-3]
    misses = rng.random() < person.stage.parameters.number("missing", "visit")
    return always or (misses and encounter.epoch != _TREATMENT)


def _is_owed(person: Character, window: Window, day: date) -> bool:
    """With a present day: the first visit whose window closed in the last three weeks is one that the site still owes."""
    until = person.stage.until
    if until is None or not timedelta(days=2) <= until.date() - window.closes <= timedelta(days=21) or day > until.date():
        return False
    return person.stage.nth("owed") == 1


def _sign_scores(person: Character, encounter: Encounter, form: Form) -> None:
    saved = person.state.form(encounter.id, form.id)
    command = cmd.SignForm(
        site=person.stage.site,
        participant=person.id,
        encounter=encounter.id,
        form=form.id,
        meaning="I scored without knowing the arm",
        read_version=saved.version if saved else 0,
    )
    person.stage.do("assessor", command)


def _sign_later(person: Character, encounter: Encounter) -> Story:
    if not person.state.locked:
        sign_all(person, encounter.id)
    yield from ()
