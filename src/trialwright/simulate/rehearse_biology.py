"""The body behind the numbers: what is true of an invented person at an encounter, before anyone writes it down.

Protein follows the person's level, the arm's effect, a slow drift and day-to-day noise; GFR follows protein; creatinine is what the
trial's own equation makes of that GFR. Organ states of lupus are drawn first, and laboratory values agree with them.
"""

from dataclasses import dataclass
from datetime import date
from math import exp
from random import Random

from trialwright.measures.kidney.choice import ADULT_FROM, YOUNGEST, choose_gfr_equation
from trialwright.measures.kidney.ckdepi_2021_cr import ckdepi_2021_cr
from trialwright.measures.kidney.ckid_u25_cr import ckid_u25_cr
from trialwright.measures.urine.predicted_creatinine_24h import predicted_creatinine_24h
from trialwright.simulate.rehearse_parameters import Parameters, value_at
from trialwright.simulate.rehearse_people import Nature, child_size, day_to_day_sd, protein_form
from trialwright.simulate.scenario import DAYS_A_MONTH, Scenario, days_from_allocation
from trialwright.study.model import Encounter, Study
from trialwright.terms.sex import Sex

_SCREENING = "screening"
PROTEINURIA_ITEM = ("sledai_proteinuria", 4)
USUAL_ITEMS = (
    ("sledai_haematuria", 4),
    ("sledai_low_complement", 2),
    ("sledai_raised_anti_dsdna", 2),
    ("sledai_arthritis", 4),
    ("sledai_urinary_casts", 4),
    ("sledai_alopecia", 2),
    ("sledai_inflammatory_rash", 2),
    ("sledai_mucosal_ulcers", 2),
    ("sledai_pyuria", 4),
    ("sledai_leukopenia", 1),
    ("sledai_thrombocytopenia", 1),
    ("sledai_pleurisy", 2),
    ("sledai_vasculitis", 8),
)
"""Items in the order in which lupus nephritis usually shows them, with their weights (SLEDAI-2K)."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What is true at one encounter.

    Units: protein g/day or g/g, the mean of the visit's `samples`; GFR mL/min/1.73 m2; creatinine mg/dL and mg/day; albumin g/dL.
    """

    protein: float
    samples: tuple[float, ...]
    gfr: float
    creatinine: float
    creatinine_mg_day: float
    albumin: float
    weight_kg: float
    height_cm: float
    age: float
    active: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Body:
    """One person's course. `arm` is "" until the arm is known; `is_infused` decides whether the cells act."""

    study: Study
    scenario: Scenario
    parameters: Parameters
    nature: Nature

    def condition(self, encounter: Encounter, on: date, *, days: float, arm: str, is_infused: bool, rng: Random) -> Condition:
        """The condition on a day, `days` after screening."""
        nature = self.nature
        age = (on - nature.born).days / 365.25
        weight, height = self._size(age, rng)
        samples = self._protein(encounter, days, arm, is_infused=is_infused)
        protein = sum(samples) / len(samples)
        gfr = self._gfr(protein, days)
        albumin = min(max(4.4 - 0.55 * protein**0.6 + rng.gauss(0, 0.15), 1.4), 4.9)
        true_creatinine = self._creatinine(gfr, height, on)
        cv = self.parameters.number("gfr", "within_person_cv", 0.052)
        return Condition(
            protein=protein,
            samples=samples,
            gfr=gfr,
            creatinine=true_creatinine * exp(rng.gauss(0, cv)),
            creatinine_mg_day=self.creatinine_mg_day(weight, age),
            albumin=albumin,
            weight_kg=weight * (1.02 if albumin < 2.5 else 1.0),
            height_cm=height,
            age=age,
            active=self._active_items(encounter, days, arm, protein, is_infused=is_infused, rng=rng),
        )

    def creatinine_mg_day(self, weight_kg: float, age: float) -> float:
        """What a complete collection of this person holds. Units: mg/day."""
        if self.nature.is_child or age < ADULT_FROM:
            return self.parameters.number("urine", "creatinine_mg_kg_d", 15) * weight_kg * self.nature.excretion
        return float(predicted_creatinine_24h(weight_kg, age, Sex(self.nature.sex))) * self.nature.excretion

    def _size(self, age: float, rng: Random) -> tuple[float, float]:
        nature = self.nature
        if nature.is_child:
            weight, height = child_size(self.parameters, age)
            return weight * nature.relative_weight * rng.uniform(0.99, 1.01), height * nature.relative_height
        return nature.weight_kg * rng.uniform(0.985, 1.015), nature.height_cm

    def _protein(self, encounter: Encounter, days: float, arm: str, *, is_infused: bool) -> tuple[float, ...]:
        """Each sample's protein at a visit; `days` count from screening."""
        nature, model = self.nature, self.scenario.protein
        level = nature.log_protein + self.effect(encounter, arm, is_infused=is_infused) + self._drift(days)
        place = self._measurements_before(encounter)
        sd = day_to_day_sd(model, level)
        return tuple(max(exp(level + sd * series[place]), 0.03) for series in nature.noise)

    def effect(self, encounter: Encounter, arm: str, *, is_infused: bool) -> float:
        """The arm's mean effect at an encounter; whoever never got the cells has the course of the control arm."""
        acts = is_infused or not arm or self.study.cell_product(arm) is None
        return self.scenario.effect(arm if acts else "control", days_from_allocation(self.study, encounter.id))

    def _measurements_before(self, encounter: Encounter) -> int:
        """The place of a visit among those that measure protein, the first being screening."""
        form, places = protein_form(self.study), [e.id for e in self.study.encounters]
        before = self.study.encounters[: places.index(encounter.id)]
        return sum(form in e.forms for e in before)

    def _drift(self, days: float) -> float:
        if days <= 0:
            return 0.0
        month, share = divmod(days / DAYS_A_MONTH, 1)
        walk = self.nature.drift
        here = min(int(month), len(walk) - 2)
        return walk[here] + share * (walk[here + 1] - walk[here])

    def _gfr(self, protein: float, days: float) -> float:
        """More protein than at the start costs GFR year by year."""
        slope = self.parameters.number("gfr", "slope_per_ln_protein_per_year", -3.9)
        change = (protein / exp(self.nature.log_protein)) - 1
        years = max(days, 0) / 365.25
        return max(self.nature.gfr + slope * years * min(max(change, -1.0), 2.0), 18.0)

    def _creatinine(self, gfr: float, height: float, on: date) -> float:
        """The creatinine from which the trial's equation computes this GFR."""
        sex, age = Sex(self.nature.sex), max((on - self.nature.born).days / 365.25, YOUNGEST)
        if choose_gfr_equation(age) == "ckid_u25_cr":
            return float(ckid_u25_cr(1.0, height, age, sex)) / gfr
        low, high = 0.2, 15.0
        for _ in range(24):
            middle = (low + high) / 2
            low, high = (middle, high) if float(ckdepi_2021_cr(middle, age, sex)) > gfr else (low, middle)
        return (low + high) / 2

    def _active_items(
        self, encounter: Encounter, days: float, arm: str, protein: float, *, is_infused: bool, rng: Random
    ) -> frozenset[str]:
        """Which organs show lupus now: the person's target score, filled with the items that this disease shows first."""
        if not self.parameters.has("sledai"):
            return frozenset()
        target = self.nature.score + self._fall(encounter, days, arm, is_infused=is_infused)
        target += 0.0 if encounter.id == _SCREENING else rng.gauss(0, 1.2)
        active, total = set(), 0
        if protein > 0.5:  # SLEDAI-2K: more than 0.5 g in 24 hours
            active.add(PROTEINURIA_ITEM[0])
            total += PROTEINURIA_ITEM[1]
        for item, points in USUAL_ITEMS:
            if total + points <= target + 0.5:
                active.add(item)
                total += points
        return frozenset(active)

    def _fall(self, encounter: Encounter, days: float, arm: str, *, is_infused: bool) -> float:
        if days <= 0 or not arm:
            return 0.0
        if is_infused:
            points = self.parameters.effect(self.study, "sledai_cells")
            return value_at(points, days_from_allocation(self.study, encounter.id))
        return -self.parameters.number("sledai", "fall_without_cells_by_year") * min(days / 365.25, 1.0)
