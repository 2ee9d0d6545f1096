"""Courses of protein as arrays: a person's own level, slow drift, day-to-day variation, and how the jug was filled.

People enter because one measured value was above the limit, so that value is too high on average and the next ones fall without any
treatment: regression to the mean. Miscollected jugs then make "responses" out of nothing.

Source: day-to-day variation by level fitted to Naresh 2012 (PMID 22591781); miscollection Christopher-Stine, J Rheumatol
2004;31:1557.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from trialwright.simulate.scenario import CollectionModel, ProteinModel

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """People as they enter. Shapes: level, measured (people,), `noise` (samples, people) in standard deviations."""

    level: Array
    noise: Array
    measured: Array


def draw_entry(model: ProteinModel, collection: CollectionModel | None, people: int, samples: int, rng: Generator) -> Entry:
    """Draw people until this many have a first measured value above the inclusion limit. Units: level in logarithms."""
    kept: list[Entry] = []
    found = 0
    while found < people:
        level = rng.normal(model.log_mean, model.log_sd, people)
        noise = rng.normal(size=(samples, people))
        measured = _measure(model, collection, level, noise, rng)
        inside = measured > model.inclusion_above
        kept.append(Entry(level=level[inside], noise=noise[:, inside], measured=measured[inside]))
        found += int(inside.sum())
    return Entry(
        level=np.concatenate([e.level for e in kept])[:people],
        noise=np.concatenate([e.noise for e in kept], axis=1)[:, :people],
        measured=np.concatenate([e.measured for e in kept])[:people],
    )


def draw_courses(
    model: ProteinModel, collection: CollectionModel | None, entry: Entry, months: Sequence[float], effect: Array, rng: Generator
) -> Array:
    """Measured protein at the visits after entry; without a `collection` no jug is miscollected.

    Units: months since entry, increasing; protein in the endpoint's unit. Shapes: effect (visits, people), the mean change of the
    logarithm; result (visits, people).
    """
    level, noise, before = entry.level, entry.noise, 0.0
    stay = model.autocorrelation
    measured = []
    for month, change in zip(months, effect, strict=True):
        level = level + rng.normal(size=level.shape) * model.drift_sd * np.sqrt(month - before)
        noise = stay * noise + np.sqrt(1 - stay**2) * rng.normal(size=noise.shape)
        measured.append(_measure(model, collection, level + change, noise, rng))
        before = month
    return np.stack(measured)


def fairly_filled(collection: CollectionModel) -> CollectionModel:
    """The same jugs when every miscollected one is recognised and repeated: only fairly filled ones count."""
    return CollectionModel(
        under=0.0,
        over=0.0,
        under_factor=collection.under_factor,
        over_factor=collection.over_factor,
        fair_factor=collection.fair_factor,
    )


def day_to_day_sd(model: ProteinModel, level: Array) -> Array:
    """The standard deviation of ln(protein) from one day to the next, larger at lower levels. Units: level in logarithms."""
    cv = np.minimum(model.cv_at_reference * (np.exp(level) / model.cv_reference) ** model.cv_exponent, model.cv_cap)
    return np.asarray(np.sqrt(np.log1p(cv**2)))


def _measure(model: ProteinModel, collection: CollectionModel | None, level: Array, noise: Array, rng: Generator) -> Array:
    """What the laboratory reports: the mean of the samples, times how the jug was filled."""
    protein = np.exp(level + day_to_day_sd(model, level) * noise).mean(axis=0)
    return np.asarray(protein if collection is None else protein * fill_jugs(collection, protein.shape[0], rng))


def fill_jugs(collection: CollectionModel, people: int, rng: Generator) -> Array:
    """The share of the day's urine in each jug. Shapes: result (people,)."""
    kind = rng.random(people)
    under, over, fair = (
        rng.uniform(*ends, people) for ends in (collection.under_factor, collection.over_factor, collection.fair_factor)
    )
    return np.where(kind < collection.under, under, np.where(kind < collection.under + collection.over, over, fair))
