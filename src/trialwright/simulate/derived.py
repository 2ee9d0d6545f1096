"""Endpoint values from what is collected, for thousands of participants at once: the array form of the analysis datasets.

The same measures, the same rounding, the same rule of which repeat counts and the same baseline as for one participant; a test puts
rehearsed participants through both and finds no difference.

Shapes: the leading axis of `jugs`, `samples` or `visits` is named in each function; the rest broadcasts. NaN where missing.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trialwright.measures.arrays import compute_array
from trialwright.measures.kidney.choice import choose_gfr_equation
from trialwright.measures.lupus.sledai_2k import read_items

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_DIGITS = 12
_HALF = 1e-9


def round_half_up(values: Array, decimals: int) -> Array:
    """Round as the datasets do: first to 12 significant digits, so that 0.28499999999999998 is the 0.285 that was meant."""
    values = np.where(np.isfinite(values), values, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        places = _DIGITS - 1 - np.floor(np.log10(np.abs(values)))
    places = np.clip(np.where(np.isfinite(places), places, 0), decimals + 1, 15)
    unit = 10.0**decimals
    meant = np.rint(values * 10.0**places) / 10.0**places * unit
    halves = np.rint(2 * meant) / 2
    meant = np.where(np.abs(meant - halves) <= _HALF, halves, meant)
    return np.asarray(np.copysign(np.floor(np.abs(meant) + 0.5), meant) / unit)


def protein_24h(protein_mg_dl: Array, volume_ml: Array, hours: Array | float, decimals: int) -> Array:
    """Protein of a timed collection. Units: result g/day; NaN outside the hours that the measure accepts."""
    found = compute_array("protein_24h", urine_protein_mg_dl=protein_mg_dl, volume_ml=volume_ml, duration_hours=hours)
    return round_half_up(found, decimals)


def upcr(protein_mg_dl: Array, creatinine_mg_dl: Array, decimals: int) -> Array:
    """Protein/creatinine ratio of one sample or jug. Units: result g/g."""
    found = compute_array("upcr", urine_protein_mg_dl=protein_mg_dl, urine_creatinine_mg_dl=creatinine_mg_dl)
    return round_half_up(found, decimals)


def gfr(
    creatinine_mg_dl: Array, age_years: Array, sex: NDArray[Any], height_cm: Array, baseline_age: Array, decimals: int
) -> Array:
    """Estimated GFR by the equation that each participant's age at allocation fixes. Units: result mL/min/1.73 m2."""
    ages, place = np.unique(baseline_age, return_inverse=True)
    adult = np.array([choose_gfr_equation(float(age)) == "ckdepi_2021_cr" for age in ages])[place.reshape(np.shape(baseline_age))]
    grown = compute_array("ckdepi_2021_cr", creatinine_mg_dl=creatinine_mg_dl, age_years=age_years, sex=sex)
    if adult.all():
        return round_half_up(grown, decimals)
    child = compute_array("ckid_u25_cr", creatinine_mg_dl=creatinine_mg_dl, height_cm=height_cm, age_years=age_years, sex=sex)
    return round_half_up(np.where(adult, grown, child), decimals)


def sledai_2k(items: Mapping[str, Flags], *, without_proteinuria: bool = False) -> Array:
    """The score of the 24 items by their ids in the measure; an item that is left out is absent in everyone."""
    weights = {item.id: item.weight for item in read_items() if not (without_proteinuria and item.id == "proteinuria")}
    return np.asarray(sum(weights[name] * present.astype(float) for name, present in items.items() if name in weights))


def first_complete(jugs: Array, complete: Flags) -> Array:
    """The value of the first jug judged complete. Shapes: jugs, complete (jugs, ...); NaN where none was."""
    first = np.argmax(complete, axis=0)
    found = np.take_along_axis(jugs, first[None], axis=0)[0]
    return np.where(complete.any(axis=0), found, np.nan)


def mean_of_samples(samples: Array, decimals: int) -> Array:
    """The mean of the samples that have a value, each already rounded. Shapes: samples (samples, ...)."""
    seen = np.isfinite(samples)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(seen, samples, 0.0).sum(axis=0) / seen.sum(axis=0)
    return round_half_up(mean, decimals)


def baseline_of(visits: Array, rule: str, decimals: int) -> Array:
    """The baseline by an endpoint's rule, from the visits that were measured. Shapes: visits (visits, ...), in order."""
    if rule == "last":
        found = np.full(visits.shape[1:], np.nan)
        for visit in visits:
            found = np.where(np.isfinite(visit), visit, found)
        return found
    seen = np.isfinite(visits)
    zero = (visits == 0).any(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        usable = np.where(seen, np.log(visits) if rule == "geometric_mean" else visits, 0.0)
        mean = usable.sum(axis=0) / seen.sum(axis=0)
    if rule == "geometric_mean":
        mean = np.where(zero, 0.0, np.exp(mean))
    return round_half_up(np.where(seen.any(axis=0), mean, np.nan), decimals)
