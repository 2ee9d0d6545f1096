"""Invented people: what each brings along before anything is measured.

Every person is drawn from their own generator, keyed by seed, study and number, so that one person more moves nobody else. Who is
included was *measured* above the threshold once: that selection alone makes later values fall (regression to the mean).
"""

from dataclasses import dataclass
from datetime import date
from math import exp, log1p, sqrt
from random import Random

from trialwright.simulate.rehearse_eligible import draw_failing
from trialwright.simulate.rehearse_parameters import Parameters
from trialwright.simulate.scenario import ProteinModel, read_scenario
from trialwright.study.model import Study

_MONTHS = 36
_ADULT_GROWN = 18.0
_NEVER = 10_000.0
WAYS_TO_FAIL = ("protein", "hbsag", "judgement", "score")


@dataclass(frozen=True, kw_only=True)
class Nature:
    """One invented person.

    Units: kg and cm at screening (`relative_*`: a child's share of the usual growth); protein as ln g/day or ln g/g; GFR
    mL/min/1.73 m2; `drift` is a random walk of ln protein by month from screening. Shapes: `noise` (samples of a visit, visits that
    measure protein), standard normal, the first of each series at screening.
    """

    number: int
    sex: str
    born: date
    is_child: bool
    weight_kg: float
    height_cm: float
    relative_weight: float
    relative_height: float
    log_protein: float
    screening_jug: float
    drift: tuple[float, ...]
    noise: tuple[tuple[float, ...], ...]
    gfr: float
    excretion: float
    score: float
    is_graft: bool
    steroid_mg: float
    raas_inhibitor: str
    fails: str
    leaves_after_days: float


def draw_nature(study: Study, parameters: Parameters, number: int, on: date, *, fails: bool, rng: Random) -> Nature:
    """Draw one person who is screened on a day; `fails` is someone whom a criterion will exclude."""
    is_child = parameters.has("participant", "weight_kg_at_2")
    sex = "F" if rng.random() < parameters.number("participant", "female", 0.5) else "M"
    born = _born(on, _draw_age(parameters, rng, is_child=is_child), rng)
    age = (on - born).days / 365.25
    relative_weight, relative_height, weight, height = _draw_size(parameters, rng, sex, age, is_child=is_child)
    way = _draw_failure(study, parameters, rng) if fails else ""
    excretion = _within(rng.gauss(1.0, 0.06), 0.88, 1.12)
    model = read_scenario(study).protein
    jug = rng.uniform(0.9, 1.1) / excretion
    counted = jug if parameters.has("sledai") else 1.0
    log_protein, first = _draw_protein(model, samples_a_visit(study), counted, rng, is_above=way != "protein")
    return Nature(
        number=number,
        sex=sex,
        born=born,
        is_child=is_child,
        weight_kg=weight,
        height_cm=height,
        relative_weight=relative_weight,
        relative_height=relative_height,
        log_protein=log_protein,
        screening_jug=jug,
        drift=_random_walk(rng, model.drift_sd),
        noise=tuple(_autocorrelated(rng, z, len(study.encounters), model.autocorrelation) for z in first),
        gfr=_draw_gfr(parameters, rng),
        excretion=excretion,
        score=_draw_score(parameters, rng, is_low=way == "score"),
        is_graft=rng.random() < parameters.number("participant", "graft"),
        steroid_mg=rng.choice((7.5, 10.0, 12.5, 15.0, 20.0)),
        raas_inhibitor=rng.choice(("acei", "arb", "acei", "none")),
        fails=way,
        leaves_after_days=rng.expovariate(rate / 365.25) if (rate := parameters.number("dropout", "per_year")) else _NEVER,
    )


def day_to_day_sd(model: ProteinModel, log_level: float) -> float:
    """The SD of ln protein from one day to the next, larger at lower levels. Source: fitted to Naresh 2012 (PMID 22591781)."""
    cv = min(model.cv_at_reference * (exp(log_level) / model.cv_reference) ** model.cv_exponent, model.cv_cap)
    return sqrt(log1p(cv**2))


def samples_a_visit(study: Study) -> int:
    """How many samples make one value of the primary endpoint's protein: three first-morning urines, or one jug."""
    form = study.forms.get(protein_form(study))
    return form.repeats_planned if form is not None and form.repeat_rule == "mean" else 1


def protein_form(study: Study) -> str:
    """The form whose values the primary endpoint is derived from."""
    endpoint = next(e for e in study.endpoints if e.id == study.analysis.primary.endpoint)
    return next((d.form for d in study.derivations if d.id == endpoint.concept), "")


def child_size(parameters: Parameters, age: float) -> tuple[float, float]:
    """A usual child's weight and height, on straight lines between 2 and 14 years. Units: kg, cm."""
    share = (age - 2) / 12
    weight = parameters.number("participant", "weight_kg_at_2") * (1 - share)
    weight += parameters.number("participant", "weight_kg_at_14") * share
    height = parameters.number("participant", "height_cm_at_2") * (1 - share)
    return weight, height + parameters.number("participant", "height_cm_at_14") * share


def _draw_age(parameters: Parameters, rng: Random, *, is_child: bool) -> float:
    low = parameters.number("participant", "age_years_low", 18)
    high = parameters.number("participant", "age_years_high", 65)
    margin = min(0.2, (high - low) / 4)
    if is_child:
        return rng.uniform(low + margin, high - margin)
    mean, sd = parameters.number("participant", "age_years_mean", 40), parameters.number("participant", "age_years_sd", 12)
    return _within(rng.gauss(mean, sd), low + margin, high - margin)


def _born(on: date, age: float, rng: Random) -> date:
    """A month of birth; the day is never known to the study."""
    months = on.year * 12 + on.month - 1 - round(age * 12)
    return date(months // 12, months % 12 + 1, 1)


def _draw_size(parameters: Parameters, rng: Random, sex: str, age: float, *, is_child: bool) -> tuple[float, float, float, float]:
    if is_child:
        spread = parameters.number("participant", "relative_sd", 0.1)
        relative = _within(rng.gauss(1, spread), 0.75, 1.3), _within(rng.gauss(1, spread / 3), 0.92, 1.08)
        weight, height = child_size(parameters, age)
        return *relative, weight * relative[0], height * relative[1]
    tall = parameters.number("participant", "height_cm_female" if sex == "F" else "height_cm_male", 168)
    height = rng.gauss(tall, parameters.number("participant", "height_cm_sd", 6.5))
    mean, sd = parameters.number("participant", "weight_kg_mean", 65), parameters.number("participant", "weight_kg_sd", 12)
    return 1.0, 1.0, _within(rng.gauss(mean, sd), 42, 110), _within(height, 145, 195)


def _draw_gfr(parameters: Parameters, rng: Random) -> float:
    drawn = rng.gauss(parameters.number("gfr", "mean", 90), parameters.number("gfr", "sd", 25))
    return _within(drawn, parameters.number("gfr", "low", 35), 140)


def _draw_failure(study: Study, parameters: Parameters, rng: Random) -> str:
    """Which criterion excludes this person; a low score only where the trial has one."""
    if parameters.fails_by_criteria:
        return draw_failing(study, rng)
    ways = WAYS_TO_FAIL if "sledai" in study.forms else WAYS_TO_FAIL[:-1]
    return rng.choices(ways, weights=(5, 1, 2, 2)[: len(ways)])[0]


def _draw_protein(
    model: ProteinModel, samples: int, counted: float, rng: Random, *, is_above: bool
) -> tuple[float, tuple[float, ...]]:
    """True ln protein and the noise of the screening day, until the *measured* value lies on the wanted side of the limit."""
    limit = model.inclusion_above
    while True:
        level = rng.gauss(model.log_mean, model.log_sd)
        noise = tuple(rng.gauss(0, 1) for _ in range(samples))
        sd = day_to_day_sd(model, level)
        measured = sum(exp(level + sd * z) for z in noise) / samples * counted
        if measured > limit * 1.02 if is_above else limit * 0.3 < measured < limit * 0.95:
            return level, noise


def _draw_score(parameters: Parameters, rng: Random, *, is_low: bool) -> float:
    if is_low:
        return rng.uniform(4.0, 6.5)
    mean = parameters.number("sledai", "baseline_mean", 12)
    return _within(rng.gauss(mean, parameters.number("sledai", "baseline_sd", 4)), 11, 30)


def _random_walk(rng: Random, sd_per_month: float) -> tuple[float, ...]:
    walk = [0.0]
    while len(walk) <= _MONTHS:
        walk.append(walk[-1] + rng.gauss(0, sd_per_month))
    return tuple(walk)


def _autocorrelated(rng: Random, first: float, count: int, correlation: float) -> tuple[float, ...]:
    """A standard normal AR(1) series that begins with `first`."""
    series = [first]
    while len(series) < count:
        series.append(correlation * series[-1] + sqrt(1 - correlation**2) * rng.gauss(0, 1))
    return tuple(series)


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)
