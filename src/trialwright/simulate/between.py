"""What happens between the visits: relapse, rescue treatment, withdrawal; a product that never came; events after a lot.

A hazard depends on how protein has gone since entry: whoever worsens is rescued, and leaves, sooner.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from trialwright.simulate.scenario import parameter_table
from trialwright.study.model import Study

Array = NDArray[np.float64]
_FARTHEST = 2.0  # ln protein: hazards do not grow beyond an eightfold rise


@dataclass(frozen=True, kw_only=True)
class Between:
    """Units: hazards per year; effects in ln protein; albumin g/dL; rates of events per year."""

    relapse_per_year: float
    remission_below: float
    relapse_rise: float
    rescue_per_year: float
    rescue_per_ln: float
    rescue_effect: float
    leave_per_year: float
    leave_per_ln: float
    never_infused: float
    lot_log_sd: float
    participants_per_lot: int
    events_per_year: float
    serious_share: float
    fever_after_infusion: float
    albumin_shape: tuple[float, float, float, float]

    def hazards(self, rise: Array, level: Array) -> Array:
        """Relapse, rescue and withdrawal. Shapes: rise since entry and level (people,) in ln protein; result (3, people)."""
        rise = np.clip(rise, -_FARTHEST, _FARTHEST)
        relapse = self.relapse_per_year * (level < np.log(self.remission_below))
        rescue = self.rescue_per_year * np.exp(self.rescue_per_ln * rise)
        leave = self.leave_per_year * np.exp(self.leave_per_ln * rise)
        return np.stack([relapse, rescue, leave])

    def moved(self, happened: Array) -> Array:
        """How far what has happened moves ln protein. Shapes: happened (3, people), infinite where it has not."""
        relapsed, rescued, _ = np.isfinite(happened)
        return np.asarray(relapsed * self.relapse_rise + rescued * self.rescue_effect)

    def albumin(self, protein: Array, noise: Array) -> Array:
        at_none, fall, exponent, sd = self.albumin_shape
        return np.asarray(np.clip(at_none - fall * protein**exponent + sd * noise, 1.4, 4.9))


@dataclass(frozen=True, kw_only=True)
class Events:
    """Adverse events of each person. Shapes: (people,); `years` under observation."""

    events: NDArray[np.int64]
    serious: NDArray[np.int64]
    fever: NDArray[np.bool_]
    years: Array


def read_between(study: Study) -> Between:
    """The study's own tables, and the usual ones where it is silent."""
    relapse, rescue, product = (parameter_table(study, name) for name in ("relapse", "rescue", "product"))
    events, albumin = parameter_table(study, "adverse_events"), parameter_table(study, "albumin")
    dropout, withdrawal = parameter_table(study, "dropout"), parameter_table(study, "withdrawal")
    return Between(
        relapse_per_year=relapse["per_year"],
        remission_below=relapse["remission_below"],
        relapse_rise=relapse["rise_ln_protein"],
        rescue_per_year=events.get("rescue_per_year", 0.0),
        rescue_per_ln=rescue["per_ln_protein"],
        rescue_effect=rescue["effect_ln_protein"],
        leave_per_year=float(-np.log1p(-dropout["per_year"])),
        leave_per_ln=withdrawal["per_ln_protein"],
        never_infused=product["never_infused"],
        lot_log_sd=product["lot_log_sd"],
        participants_per_lot=product["participants_per_lot"],
        events_per_year=events.get("per_year", 0.0),
        serious_share=events.get("serious_share", 0.0),
        fever_after_infusion=events.get("fever_after_infusion", 0.0),
        albumin_shape=(albumin["at_no_protein"], albumin["fall"], albumin["exponent"], albumin["sd"]),
    )


def draw_events(between: Between, infused: NDArray[np.bool_], left_on: Array, last_day: float, rng: Generator) -> Events:
    """Events until the last visit or withdrawal; the rate after an infusion is that of the lot.

    Shapes: infused (trials, participants), each trial with its own lots; left_on the same, days from allocation.
    """
    order = np.cumsum(infused, axis=1) - 1
    lots = np.maximum(order, 0) // between.participants_per_lot
    frailty = np.exp(between.lot_log_sd * rng.normal(size=infused.shape) - between.lot_log_sd**2 / 2)
    rate = between.events_per_year * np.where(infused, np.take_along_axis(frailty, lots, axis=1), 1.0)
    years = np.minimum(left_on, last_day) / 365.25
    fever = infused & (rng.random(infused.shape) < between.fever_after_infusion)
    events = rng.poisson(rate * years)
    serious = rng.binomial(events, between.serious_share)
    return Events(events=events + fever, serious=serious, fever=fever, years=years)
