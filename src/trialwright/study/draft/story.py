"""simulation.toml: parameters of invented people, so that the draft can be rehearsed. None of them is a finding about anybody."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from trialwright.study.draft.definition import Parts
from trialwright.study.draft.outcomes import Measured
from trialwright.study.draft.write import write_table

_CHILD_UNTIL = 18
_MOST_REHEARSED = 40  # a rehearsal shows how a trial runs; its number of people shows nothing
_OLDEST, _YOUNGEST = 85.0, 0.02
_PROTEIN = ("protein_24h", "upcr", "upcr_24h")
_LIMIT = re.compile(r"\b(protein_24h|upcr|gfr) >=? (\d+(?:\.\d+)?)")
_ASSUMED = "Invented, so that the draft can be rehearsed; no source"
_PROTEINURIA = {
    "log_mean": 0.7,
    "log_sd": 0.7,
    "day_to_day_cv_at_reference": 0.18,
    "day_to_day_reference_g_g": 1.77,
    "day_to_day_exponent": -0.51,
    "day_to_day_cv_cap": 0.6,
    "drift_sd_per_month": 0.15,
    "autocorrelation": 0.5,
    "source": "Day-to-day variation fitted to Naresh 2012, PMID 22591781",
    "assumed": "Level, drift and autocorrelation",
}


def write_simulation(parts: Parts) -> str:
    """Enrolment, people, the items of the trial's own, dates of the story, and two scenarios."""
    sections = {
        "enrolment": _enrolment(parts),
        "participant": _participant(parts),
        **_kidney(parts),
        **{f"value.{one.concept}": _value(one) for one in parts.measured if one.library is None},
        **_usual_values(parts),
        "dropout": {"per_year": 0.1, "assumed": _ASSUMED},
        "missing": {"item": 0.02, "form": 0.02, "visit": 0.03, "assumed": _ASSUMED},
        "visits": {"late": 0.1, "late_days_mean": 3.0, "early": 0.05, "correction": 0.04, "query": 0.05, "assumed": _ASSUMED},
        "adverse_events": _adverse_events(parts),
        "rehearsal": _rehearsal(parts),
        **_scenarios(parts),
    }
    head = "# Parameters of invented people; effects are in standard deviations, downwards, between persons (ln for protein).\n"
    tables = [write_table(values, name) for name, values in sections.items()]
    return head + write_table({"default_scenario": "modest"}) + "\n" + "\n".join(tables)


def _enrolment(parts: Parts) -> Mapping[str, Any]:
    return {
        "participants_per_month": max(round(parts.people.sample_size / 10, 1), 0.5),
        "screen_failure": 0.15,
        "ways_to_fail": ["criteria"],
        "assumed": "Enrolled within ten months; one in seven screened is not eligible by a criterion that the investigator judges",
    }


def _participant(parts: Parts) -> Mapping[str, Any]:
    low = float(parts.ages.low) if parts.ages.low is not None else 18.0
    high = float(parts.ages.high) + 0.9 if parts.ages.high is not None else _OLDEST
    low, high = max(min(low, high - 0.1), _YOUNGEST), min(high, 90.0)
    people: dict[str, Any] = {"female": _female(parts), "age_years_low": low, "age_years_high": high}
    if high <= _CHILD_UNTIL + 1 and low < _CHILD_UNTIL:
        growth = {"weight_kg_at_2": 12.0, "weight_kg_at_14": 48.0, "height_cm_at_2": 86.0, "height_cm_at_14": 158.0}
        return people | growth | {"relative_sd": 0.12, "assumed": _ASSUMED}
    mean = min(max((low + min(high, 75.0)) / 2, low + 0.5), high - 0.5)
    adult = {
        "age_years_mean": mean,
        "age_years_sd": max((high - low) / 5, 0.5),
        "weight_kg_mean": 70.0,
        "weight_kg_sd": 12.0,
        "height_cm_female": 161.0,
        "height_cm_male": 174.0,
        "height_cm_sd": 6.5,
    }
    return people | adult | {"assumed": _ASSUMED}


def _female(parts: Parts) -> float:
    rules = " ".join(one.rule for one in parts.criteria)
    return 1.0 if "sex == 'F'" in rules else 0.0 if "sex == 'M'" in rules else 0.5


def _kidney(parts: Parts) -> dict[str, Mapping[str, Any]]:
    """Protein and kidney function only where the trial measures them or selects by them."""
    limits = {name: float(limit) for one in parts.criteria for name, limit in _LIMIT.findall(one.rule)}
    used = {one.concept for one in parts.measured} | set(limits)
    found: dict[str, Mapping[str, Any]] = {}
    if used & set(_PROTEIN):
        limit = next((limits[name] for name in _PROTEIN if name in limits), 0.0)
        found["proteinuria"] = _PROTEINURIA | {"inclusion_above": limit}
    if "gfr" in used:
        low = limits.get("gfr", 20.0) * 1.25 + 5
        found["gfr"] = {"mean": max(75.0, low + 15), "sd": 22.0, "low": low, "within_person_cv": 0.052, "assumed": _ASSUMED}
    if "sledai_2k" in used:
        found["sledai"] = {"baseline_mean": 15.0, "baseline_sd": 4.0, "fall_without_cells_by_year": 4.0, "assumed": _ASSUMED}
    return found


def _value(one: Measured) -> Mapping[str, Any]:
    """The spread of an item of the trial's own: from its entry, else in the middle of its limits."""
    shared = {"improves": one.improves, "assumed": _ASSUMED}
    if one.kind == "yes_no":
        return {"share": float(one.own.get("share", 0.4))} | shared
    if one.kind == "choice":
        return shared
    low, high = float(one.own.get("low", 0)), float(one.own.get("high", 100))
    mean = float(one.own.get("mean", low + (high - low) * 0.4))
    sd = float(one.own.get("sd", min(mean - low, high - mean) / 3 or 1.0))
    return {"mean": mean, "sd": sd, "within_sd": round(sd / 2, 6)} | shared


def _usual_values(parts: Parts) -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    if not parts.people.gives_cells:
        found["value.treatment_began"] = {"share": 0.97, "improves": "none", "assumed": _ASSUMED}
    if parts.people.groups:
        found["value.registered_group"] = {"improves": "none", "assumed": _ASSUMED}
    return found


def _adverse_events(parts: Parts) -> Mapping[str, Any]:
    fever = {"fever_after_infusion": 0.12, "infusion_reaction": 0.05} if parts.people.gives_cells else {}
    return {"per_year": 1.5, "serious_share": 0.06, **fever, "grades": [0.55, 0.33, 0.1, 0.02], "assumed": _ASSUMED}


def _rehearsal(parts: Parts) -> Mapping[str, Any]:
    record = parts.record
    registered, started = _day(parts, "dates.registration"), _day(parts, "dates.expected_start", "dates.actual_start")
    approval = record.date_at("ethics.1.approval_date")
    approved = approval.earliest if approval is not None else max(registered, started) + timedelta(days=20)
    return {
        "site": "site_1",
        "time_zone": "Asia/Tehran",
        "attempted_start": min(started, approved),
        "registered_on": registered,
        "ethics_committee": record.words("ethics.1.name") or "REHEARSAL committee (the record names none)",
        "ethics_reference": record.words("ethics.1.reference") or "REHEARSAL-ETHICS-1",
        "ethics_approved": approved,
        "activated_on": _working_day(max(registered, started, approved) + timedelta(days=21)),
        "participants": _MOST_REHEARSED if parts.people.sample_size > _MOST_REHEARSED else None,
        "assumed": "Dates of the record where it has them; the rest is invented, and a part of a date is its first day",
    }


def _working_day(day: date) -> date:
    """A day before which twelve days of preparation do not fall into the holidays of Nowruz."""
    return date(day.year, 4, 17) if date(day.year, 3, 15) <= day <= date(day.year, 4, 16) else day


def _day(parts: Parts, *keys: str) -> date:
    found = (parts.record.date_at(key) for key in keys)
    return next((one.earliest for one in found if one is not None), parts.identity.day)


def _scenarios(parts: Parts) -> dict[str, Mapping[str, Any]]:
    last = max(parts.visits, key=lambda visit: visit.offset).id
    treated = [arm.id for arm in parts.people.arms if arm.kind == "experimental"]
    modest = {
        "label": {"en": "Modest effect", "fa": "اثر اندک"},
        "assumed": "Half a standard deviation at the last visit; no source",
    }
    null = {"label": {"en": "No effect", "fa": "بدون اثر"}, "source": "Selection and day-to-day variation alone"}
    return {
        "scenario.modest": modest | {arm: {last: -0.5} for arm in treated},
        "scenario.null": null | {arm: {last: 0.0} for arm in treated},
    }
