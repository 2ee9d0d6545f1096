"""Many invented participants at once: what is true of each body on the plan's visits, and what is collected of it.

The same course as in the rehearsal: protein from a person's own level, the arm's effect, a slow drift and day-to-day noise; GFR
follows protein and creatinine follows GFR; organs fill the person's SLEDAI score in the order in which lupus nephritis shows them.
Relapse, rescue treatment, withdrawal and a product that never came change the course, each with a hazard that is drawn before the
arm is looked at: the same seed with everyone in one arm and then in the other gives each person's two possible courses.

Shapes: `visits` are those of the plan's grid; `people` one axis over all trials.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from trialwright.measures.arrays import compute_array
from trialwright.simulate import derived
from trialwright.simulate.between import Between, read_between
from trialwright.simulate.courses import Entry, day_to_day_sd, draw_entry, fairly_filled, fill_jugs
from trialwright.simulate.plan import Plan, SimulatedEndpoint
from trialwright.simulate.rehearse_biology import PROTEINURIA_ITEM, USUAL_ITEMS
from trialwright.simulate.rehearse_parameters import Parameters, value_at
from trialwright.simulate.rehearse_people import child_size
from trialwright.simulate.scenario import CollectionModel, Scenario

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
DAYS_A_YEAR = 365.25
_SLEDAI_ABOVE_G = 0.5  # SLEDAI-2K: more than 0.5 g in 24 hours


@dataclass(frozen=True, kw_only=True)
class Nature:
    """What each person brings. Units: years, cm, mL/min/1.73 m2, g creatinine a day. Shapes: (people,)."""

    age: Array
    sex: NDArray[np.str_]
    height: Callable[[Array], Array]
    gfr: Array
    creatinine_g_day: Array
    score: Array


@dataclass(frozen=True, kw_only=True)
class Course:
    """Shapes: level (visits, people), ln protein without noise; noisy (visits, samples, people), protein; the rest (people,), days
    from allocation, infinite where it never happens."""

    level: Array
    noisy: Array
    infused: Flags
    relapsed_on: Array
    rescued_on: Array
    left_on: Array


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What a trial holds of these people. `values`: parameter id to (visits, people), NaN where missing or not planned."""

    values: Mapping[str, Array]
    nature: Nature
    course: Course


def draw_collected(
    plan: Plan, scenario: Scenario, collection: str, treated: Flags, rng: Generator, *, missing: bool = True
) -> Collected:
    """Draw people and what is collected of them. Shapes: treated (people,). `missing` False keeps every planned value."""
    people = len(treated)
    model = _jugs(plan, scenario, collection)
    entry = draw_entry(scenario.protein, model, people, plan.samples, rng)
    nature = _draw_nature(plan, people, rng)
    course = draw_course(plan, scenario, read_between(plan.study), entry, treated, rng)
    values = _protein(plan, entry, course, nature, model, rng)
    values |= _blood(plan, entry, course, nature, values, rng)
    if plan.has("sledai_2k"):
        values |= _sledai(plan, scenario, nature, course, treated, values, rng)
    gone = _missing(plan, scenario, course, people, rng)
    planned = {name: plan.planned(name)[:, None] & ~(gone(name) & missing) for name in values}
    return Collected(
        values={name: np.where(planned[name], value, np.nan) for name, value in values.items()}, nature=nature, course=course
    )


def outcome_and_baseline(endpoint: SimulatedEndpoint, values: Mapping[str, Array]) -> tuple[Array, Array]:
    """The value at the compared visit and the baseline, both logged where the endpoint is a ratio. Shapes: one visit's."""
    course, rule = values[endpoint.endpoint.concept], endpoint.endpoint.baseline
    baseline = derived.baseline_of(course[list(endpoint.baseline)], rule.rule if rule else "last", endpoint.endpoint.decimals)
    if endpoint.transform != "log":
        return course[endpoint.at], baseline
    with np.errstate(divide="ignore", invalid="ignore"):
        return tuple(np.where(v > 0, np.log(v), np.nan) for v in (course[endpoint.at], baseline))  # type: ignore[return-value]  # two


def draw_course(plan: Plan, scenario: Scenario, between: Between, entry: Entry, treated: Flags, rng: Generator) -> Course:
    """Walk through the visits: drift and noise go on, and what has happened since the last visit changes the level."""
    protein, people = scenario.protein, len(treated)
    never = rng.random(people) < between.never_infused
    waits = rng.exponential(size=(3, people))
    infused = treated & ~never if plan.has_product else treated
    happened = np.full((3, people), np.inf)
    hazard, drift, noise = np.zeros((3, people)), np.zeros(people), entry.noise
    levels, noisy, before_day, before_month, last = [], [], 0.0, 0.0, entry.level
    for visit in plan.visits:
        hazard += between.hazards(last - entry.level, last) * max(visit.day - before_day, 0.0) / DAYS_A_YEAR
        happened = np.where(np.isinf(happened) & (hazard > waits), visit.day, happened)
        if visit.month > 0:
            drift = drift + rng.normal(size=people) * protein.drift_sd * np.sqrt(visit.month - before_month)
        if visit.month > 0 and visit.measures_protein:
            stay = protein.autocorrelation
            noise = stay * noise + np.sqrt(1 - stay**2) * rng.normal(size=noise.shape)
        effect = np.where(infused, scenario.effect(plan.treated, visit.day), _without(plan, scenario, visit.day))
        last = entry.level + drift + effect + between.moved(happened)
        levels.append(last)
        noisy.append(np.exp(last + day_to_day_sd(protein, last) * noise))
        before_day, before_month = max(visit.day, 0.0), visit.month
    relapsed, rescued, left = happened
    return Course(
        level=np.stack(levels), noisy=np.stack(noisy), infused=infused, relapsed_on=relapsed, rescued_on=rescued, left_on=left
    )


def _without(plan: Plan, scenario: Scenario, day: float) -> float:
    """The course of whoever is not treated: that of the control arm, or none where there is no such arm."""
    return scenario.effect(plan.control, day) if plan.control else 0.0


def _jugs(plan: Plan, scenario: Scenario, collection: str) -> CollectionModel | None:
    if collection == "samples":
        return None
    return fairly_filled(scenario.collection) if collection == "judged" else scenario.collection


def _draw_nature(plan: Plan, people: int, rng: Generator) -> Nature:
    parameters = Parameters(table=plan.study.simulation)
    number = parameters.number
    female = rng.random(people) < number("participant", "female", 0.5)
    sex = np.where(female, "F", "M")
    low, high = number("participant", "age_years_low", 18), number("participant", "age_years_high", 65)
    standing, tall, excretion = rng.random(people), rng.normal(size=people), rng.normal(size=people)
    gfr = np.clip(rng.normal(number("gfr", "mean", 90), number("gfr", "sd", 25), people), number("gfr", "low", 35), 140)
    drawn = rng.normal(number("sledai", "baseline_mean", 12), number("sledai", "baseline_sd", 4), people)
    weights = rng.normal(size=people)
    if parameters.has("participant", "weight_kg_at_2"):
        age = low + (high - low) * standing
        relative = 1 + tall * number("participant", "relative_sd", 0.1) / 3
        kg = child_size(parameters, age)[0] * np.clip(1 + weights * number("participant", "relative_sd", 0.1), 0.75, 1.3)  # type: ignore[arg-type]  # straight lines, for arrays as well
        day = number("urine", "creatinine_mg_kg_d", 15) * kg / 1000

        def height(at: Array) -> Array:
            return np.asarray(child_size(parameters, at)[1] * np.clip(relative, 0.92, 1.08))  # type: ignore[arg-type]  # straight lines, for arrays as well

    else:
        age = np.clip(
            rng.normal(number("participant", "age_years_mean", 40), number("participant", "age_years_sd", 12), people), low, high
        )
        middle = np.where(female, number("participant", "height_cm_female", 161), number("participant", "height_cm_male", 174))
        cm = np.clip(middle + tall * number("participant", "height_cm_sd", 6.5), 145, 195)
        kg = np.clip(number("participant", "weight_kg_mean", 65) + weights * number("participant", "weight_kg_sd", 12), 42, 110)
        day = compute_array("predicted_creatinine_24h", weight_kg=kg, age_years=age, sex=sex) / 1000

        def height(at: Array) -> Array:
            return np.asarray(np.broadcast_to(cm, np.shape(at)))

    creatinine = day * np.clip(1 + 0.06 * excretion, 0.88, 1.12)
    return Nature(age=age, sex=sex, height=height, gfr=gfr, creatinine_g_day=creatinine, score=np.clip(drawn, 11, 30))


def _protein(
    plan: Plan, entry: Entry, course: Course, nature: Nature, model: CollectionModel | None, rng: Generator
) -> dict[str, Array]:
    """The protein of every visit as the laboratory reports it; at the qualifying visit it is the value that qualified."""
    decimals = plan.protein.decimals
    samples = derived.round_half_up(course.noisy, decimals)
    if plan.form.collection is None:
        found = derived.mean_of_samples(np.moveaxis(samples, 1, 0), decimals)
        return {plan.protein.concept: np.where(plan.is_entry[:, None], derived.round_half_up(entry.measured, decimals), found)}
    day = course.noisy.mean(axis=1)
    filled = day if model is None else day * np.stack([fill_jugs(model, day.shape[1], rng) for _ in plan.visits])
    grams = np.where(plan.is_entry[:, None], entry.measured, filled)
    ratio = derived.round_half_up(day / nature.creatinine_g_day, decimals)  # the same jug holds both: its filling cancels
    return (
        {plan.protein.concept: derived.round_half_up(grams, decimals), plan.ratio: ratio}
        if plan.ratio
        else {plan.protein.concept: derived.round_half_up(grams, decimals)}
    )


def _blood(
    plan: Plan, entry: Entry, course: Course, nature: Nature, values: Mapping[str, Array], rng: Generator
) -> dict[str, Array]:
    """Creatinine, estimated GFR and albumin of every visit."""
    parameters = Parameters(table=plan.study.simulation)
    protein = course.noisy.mean(axis=1)
    years = np.array([visit.month for visit in plan.visits])[:, None] / 12
    true = true_gfr(
        nature.gfr, protein, np.exp(entry.level), years, parameters.number("gfr", "slope_per_ln_protein_per_year", -3.9)
    )
    age = nature.age + years
    at_allocation = nature.age - plan.visits[0].day / DAYS_A_YEAR
    creatinine = creatinine_of(true, age, nature, at_allocation)
    noise = rng.normal(size=creatinine.shape) * parameters.number("gfr", "within_person_cv", 0.052)
    measured = derived.round_half_up(creatinine * np.exp(noise), 2)
    albumin = read_between(plan.study).albumin(protein, rng.normal(size=protein.shape))
    sex = np.broadcast_to(nature.sex, measured.shape)
    estimated = derived.gfr(
        measured, age, sex, nature.height(age), np.broadcast_to(at_allocation, measured.shape), plan.gfr_decimals
    )
    return {"creatinine": measured, "gfr": estimated, "albumin": derived.round_half_up(albumin, 1)}


def true_gfr(at_entry: Array, protein: Array, usual_protein: Array, years: Array, slope: float) -> Array:
    """More protein than at the start costs GFR year by year; less spares it."""
    change = np.clip(protein / usual_protein - 1, -1.0, 2.0)
    return np.asarray(np.maximum(at_entry + slope * years * change, 18.0))


def creatinine_of(gfr: Array, age: Array, nature: Nature, at_allocation: Array) -> Array:
    """The creatinine from which each participant's equation computes this GFR. Units: mg/dL."""
    sex = np.broadcast_to(nature.sex, gfr.shape)
    unit = np.ones_like(gfr)
    adult = at_allocation >= 18
    found = np.empty_like(gfr)
    if not adult.all():
        found = compute_array("ckid_u25_cr", creatinine_mg_dl=unit, height_cm=nature.height(age), age_years=age, sex=sex) / gfr
    if adult.any():
        found = np.where(adult, _inverted(gfr, age, sex), found)
    return found


def _inverted(gfr: Array, age: Array, sex: NDArray[np.str_]) -> Array:
    """CKD-EPI 2021 read backwards from its own curve: a straight line with one bend in logarithms, and age only a factor."""
    grid = np.geomspace(0.1, 20.0, 4001)
    found = np.empty_like(gfr)
    for one in ("F", "M"):
        curve = compute_array("ckdepi_2021_cr", creatinine_mg_dl=grid, age_years=40.0, sex=np.full(grid.shape, one))
        ageing = compute_array("ckdepi_2021_cr", creatinine_mg_dl=1.0, age_years=age, sex=np.full(age.shape, one))
        alike = gfr / ageing * compute_array("ckdepi_2021_cr", creatinine_mg_dl=1.0, age_years=40.0, sex=np.array(one))
        read = np.exp(np.interp(-np.log(alike), -np.log(curve), np.log(grid)))
        found = np.where(sex == one, read, found)
    return found


def _sledai(
    plan: Plan, scenario: Scenario, nature: Nature, course: Course, treated: Flags, values: Mapping[str, Array], rng: Generator
) -> dict[str, Array]:
    """The score from organ states; its proteinuria item is what the visit's own jug says, or the body where there is none."""
    falls = np.stack([_fall(plan, scenario, visit.day, visit.month, course.infused) for visit in plan.visits])
    noise = 1.2 * rng.normal(size=falls.shape) * ~plan.is_entry[:, None]
    jug = values[plan.protein.concept]
    grams = np.where(plan.planned(plan.protein.concept)[:, None], jug, course.noisy.mean(axis=1))
    items = organ_states(nature.score + falls + noise, course.noisy.mean(axis=1) > _SLEDAI_ABOVE_G)
    items[PROTEINURIA_ITEM[0]] = grams > _SLEDAI_ABOVE_G
    named = {name.removeprefix("sledai_"): present for name, present in items.items()}
    return {
        "sledai_2k": derived.sledai_2k(named),
        "sledai_2k_without_proteinuria": derived.sledai_2k(named, without_proteinuria=True),
    }


def organ_states(target: Array, proteinuria: Flags) -> dict[str, Flags]:
    """Which items are present: proteinuria by itself, then the usual ones in their order as long as the score holds them."""
    total = PROTEINURIA_ITEM[1] * proteinuria.astype(float)
    found = {PROTEINURIA_ITEM[0]: proteinuria}
    for item, points in USUAL_ITEMS:
        found[item] = total + points <= target + 0.5
        total = total + points * found[item]
    return found


def _fall(plan: Plan, scenario: Scenario, day: float, month: float, infused: Flags) -> Array:
    """The mean change of the SLEDAI score. Where a scenario has no effect on protein, it has none on the score either."""
    treated = value_at(scenario.sledai, day)
    control = -scenario.sledai_fall_by_year * min(month / 12, 1.0) if day > 0 else 0.0
    return np.where(infused, treated, treated if scenario.is_null(plan.treated, plan.control) else control)


def _missing(plan: Plan, scenario: Scenario, course: Course, people: int, rng: Generator) -> Callable[[str], Flags]:
    """Whoever has left misses every later visit; others miss a visit now and then, or one form of it."""
    days = np.array([visit.day for visit in plan.visits])[:, None]
    gone = days >= course.left_on
    visit = rng.random((len(days), people)) < scenario.missing_visit
    forms = {form: rng.random((len(days), people)) < scenario.missing_form for form in plan.forms}
    return lambda name: gone | ((visit | forms[plan.form_of[name]]) & ~plan.is_entry[:, None])
