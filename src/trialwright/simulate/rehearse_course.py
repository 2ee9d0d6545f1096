"""A participant's way through the trial: screened, consented, judged, allocated, treated, followed, and locked at the end."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from trialwright.conduct import commands as cmd
from trialwright.conduct.events import ScreeningNumberGiven
from trialwright.conduct.schedule import applies, window_of
from trialwright.simulate.rehearse_arrivals import Arrival
from trialwright.simulate.rehearse_biology import Body
from trialwright.simulate.rehearse_calendar import Story, next_open
from trialwright.simulate.rehearse_character import Character
from trialwright.simulate.rehearse_eligible import BY_CRITERION
from trialwright.simulate.rehearse_facts import pregnancy_test
from trialwright.simulate.rehearse_infusion import infuse
from trialwright.simulate.rehearse_people import draw_nature
from trialwright.simulate.rehearse_product import Chain, has_left, make_product
from trialwright.simulate.rehearse_safety import adverse_events, fever_after_infusion, leaves, rescue_from, serious_event
from trialwright.simulate.rehearse_stage import Stage
from trialwright.simulate.rehearse_visits import come_to_visit, hold_visit, sign_all, visit_day, watch_infusion
from trialwright.simulate.scenario import read_scenario
from trialwright.study.model import Encounter, Intervention

_ASSENT_FROM = 7
_NEARLY = 0.1  # years: the study knows the month of birth and takes its middle
_LOCKED_AFTER_DAYS = 60
_INFUSION = "infusion"
_REASONS = {
    "protein": "Protein in the urine not above the threshold",
    "hbsag": "Hepatitis B surface antigen positive",
    "judgement": "Active infection at screening",
    "score": "SLEDAI-2K not above 8",
}


def screening(stage: Stage, arrival: Arrival) -> Story:
    """From the door to allocation, or to the screening failure."""
    person = _arrive(stage, arrival)
    yield stage.agenda.in_minutes(40)
    _consent(person)
    yield stage.agenda.in_minutes(10)
    first, *others = [e for e in stage.study.encounters if e.anchor == "screening"]
    yield from hold_visit(person, first, stage.today)
    yield stage.agenda.on_open_day(1, person.rng("judged"))
    if arrival.fails:
        stage.refused("investigator", cmd.ConfirmEligibility(**person.who()), _excluded_by(person))
        stage.do("investigator", cmd.FailScreening(**person.who(), reason=_why_failed(person)))
        stage.agenda.spawn(closing(person), stage.agenda.on_open_day(_LOCKED_AFTER_DAYS, person.rng("close")), background=True)
        return
    stage.do("investigator", cmd.ConfirmEligibility(**person.who()))
    for encounter in others:
        yield from _baseline(person, encounter)
    yield _allocation_day(person, arrival)
    stage.do("coordinator", cmd.Allocate(**person.who()))
    begin(person)


def begin(person: Character) -> None:
    """After allocation: the product's chain, the visits, what happens between them, and the lock at the end."""
    stage = person.stage
    state = person.state
    person.order, person.arm, person.allocated_at = stage.nth("allocated"), state.arm or "", state.allocated_at
    person.rescue_on = rescue_from(person)
    product = stage.study.cell_product(person.arm)
    if product is not None:
        chain = Chain(
            stage=stage,
            participant=person.id,
            number=stage.nth("chain"),
            product=product,
            weight_kg=Decimal(f"{person.nature.weight_kg:.1f}"),
        )
        stage.agenda.spawn(treatment(person, chain, product))
    followed = [e for e in _after_screening(person) if e.anchor == "allocation" and e.id != _INFUSION]
    for encounter in followed:
        stage.agenda.spawn(come_to_visit(person, encounter))
    ends = _last_day(person)
    stage.agenda.spawn(adverse_events(person, ends), background=True)
    stage.agenda.spawn(serious_event(person), background=True)
    stage.agenda.spawn(leaves(person, ends, after_days=_leaves_after(person)), background=True)
    stage.agenda.spawn(closing(person), stage.agenda.at(next_open(ends + timedelta(days=_LOCKED_AFTER_DAYS)), 11), background=True)


def treatment(person: Character, chain: Chain, product: Intervention) -> Story:
    """The cell product, from the donor to the end of the infusion; in one chain it ends before."""
    stage = person.stage
    yield from make_product(chain, stage.now)
    if chain.is_never_infused:
        yield stage.agenda.on_open_day(9, person.rng("no product"))
        if person.state.withdrawal is None:
            reason = "The lot failed its mycoplasma test and no second product could be made in time"
            stage.do("investigator", cmd.Withdraw(**person.who(), on=stage.today, extent="intervention", reason=reason))
        return
    encounter = stage.study.encounter(_INFUSION)
    if encounter is None or has_left(chain):
        return
    yield _infusion_moment(person, encounter)
    if has_left(chain):
        return
    yield from hold_visit(person, encounter, stage.today)
    weight = person.state.forms[(encounter.id, "vitals", 1)].values["weight"].parsed
    test = pregnancy_test(person.nature, person.condition(encounter, stage.today).age)
    yield from infuse(chain, weight_kg=Decimal(weight), pregnancy_test=test)
    yield from watch_infusion(person, encounter)
    person.is_infused = True
    stage.agenda.spawn(fever_after_infusion(person, is_first=stage.nth("infused") == 1), background=True)
    for following in (e for e in _after_screening(person) if e.anchor == "infusion"):
        stage.agenda.spawn(
            _after_hours(person, following) if following.target < timedelta(days=1) else come_to_visit(person, following)
        )


def closing(person: Character) -> Story:
    """Weeks after the last visit: queries answered and closed, forms signed, the data locked."""
    stage = person.stage
    if person.state.locked:
        return
    for query in person.state.open_queries():
        if query.status == "open":
            answer = cmd.AnswerQuery(**person.who(), number=query.opened.number, text="Checked before the lock: right as entered.")
            stage.do("coordinator", answer)
            yield stage.agenda.in_minutes(4)
        stage.do("data_manager", cmd.CloseQuery(**person.who(), number=query.opened.number))
        yield stage.agenda.in_minutes(4)
    sign_all(person)
    yield stage.agenda.in_minutes(30)
    if not person.state.open_queries() and not person.state.locked:
        stage.do("data_manager", cmd.LockParticipant(**person.who()))


def _arrive(stage: Stage, arrival: Arrival) -> Character:
    given = stage.do("coordinator", cmd.ScreenParticipant(site=stage.site)).events[0]
    assert isinstance(given, ScreeningNumberGiven)
    rng = stage.rng("nature", arrival.number)
    nature = draw_nature(stage.study, stage.parameters, arrival.number, stage.today, fails=arrival.fails, rng=rng)
    body = Body(study=stage.study, scenario=read_scenario(stage.study), parameters=stage.parameters, nature=nature)
    return Character(stage=stage, nature=nature, body=body, id=given.participant, screened_on=stage.today)


def _consent(person: Character) -> None:
    stage, is_child = person.stage, person.nature.is_child
    age = (stage.today - person.nature.born).days / 365.25
    needs_guardian = is_child or age < (stage.study.consents[-1].guardian_below_age or 0) + _NEARLY
    command = cmd.RecordConsent(
        **person.who(),
        consent_version=stage.study.consents[-1].version,
        signed_at=stage.now - timedelta(minutes=5),
        given_by="guardian" if needs_guardian else "participant",
        assent=is_child and age >= _ASSENT_FROM,
    )
    stage.do("coordinator", command)


def _why_failed(person: Character) -> str:
    """The reason in words: the criterion's own, or that of the kidney trials."""
    fails = person.nature.fails
    if not fails.startswith(BY_CRITERION):
        return _REASONS[fails]
    criterion = next(c for c in person.stage.study.criteria if c.id == fails.removeprefix(BY_CRITERION))
    return f"{'Not met' if criterion.kind == 'inclusion' else 'Excluded'}: {criterion.text.en}"


def _excluded_by(person: Character) -> str:
    """The rule by which the machine refuses this person, found by what is wrong with them."""
    if person.nature.fails.startswith(BY_CRITERION):
        return f"criterion.{person.nature.fails.removeprefix(BY_CRITERION)}"
    words = {
        "protein": ("protein", "upcr"),
        "hbsag": ("infection", "viral", "serology"),
        "judgement": ("infection",),
        "score": ("sledai",),
    }[person.nature.fails]
    ids = [criterion.id for criterion in person.stage.study.criteria]
    return next(
        f"criterion.{i}" for word in words for i in ids if word in i and not (word == "infection" and _has_viral(person, ids))
    )


def _has_viral(person: Character, ids: Iterable[str]) -> bool:
    """Where serology has a criterion of its own, it is that one which excludes."""
    return person.nature.fails == "hbsag" and any("viral" in criterion for criterion in ids)


def _baseline(person: Character, encounter: Encounter) -> Story:
    window = window_of(encounter, person.state)
    if window is None:
        return
    rng = person.rng("visit", encounter.id)
    yield person.stage.agenda.at(visit_day(person, encounter, window, rng), 8, rng.randrange(10, 59))
    yield from hold_visit(person, encounter, person.stage.today)


def _allocation_day(person: Character, arrival: Arrival) -> datetime:
    stage, rng = person.stage, person.rng("allocation")
    if arrival.allocate_on is not None:
        return max(stage.agenda.at(next_open(arrival.allocate_on), 10, 5), stage.now)
    return stage.agenda.on_open_day(rng.randrange(1, 4), rng)


def _infusion_moment(person: Character, encounter: Encounter) -> datetime:
    window = window_of(encounter, person.state)
    assert window is not None
    day = next_open(window.target + timedelta(days=person.rng("infusion").randrange(2)))
    return max(person.stage.agenda.at(day, 7, 40), person.stage.now)


def _after_screening(person: Character) -> list[Encounter]:
    return [e for e in person.stage.study.encounters if e.anchor != "screening" and applies(e, person.state)]


def _after_hours(person: Character, encounter: Encounter) -> Story:
    """A visit some hours after the infusion, at its own clock time."""
    given = person.state.infusion
    yield (given.started_at if given else person.stage.now) + encounter.target
    yield from hold_visit(person, encounter, person.stage.today)


def _last_day(person: Character) -> date:
    """The end of the last window; visits counted from an infusion are taken from its planned day."""
    study, began = person.stage.study, person.stage.today
    planned = study.encounter(_INFUSION)
    infusion = planned.target if planned and planned.anchor == "allocation" else timedelta(0)
    ends = [e.target + e.after + (infusion if e.anchor == "infusion" else timedelta(0)) for e in _after_screening(person)]
    return began + timedelta(days=max(ends, default=timedelta(0)).days + 7)


def _leaves_after(person: Character) -> float:
    """One participant leaves in every rehearsal, the others at the study's rate."""
    sample = person.stage.study.sample_size
    return 160.0 if person.order == (6 if sample >= 10 else 3) else person.nature.leaves_after_days
