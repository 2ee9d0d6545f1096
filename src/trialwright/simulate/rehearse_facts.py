"""What would be written on each form: plain values by item id, in the units of their concepts.

A form that is not known here is filled by its items' kinds (the first choice, "no", a middle number), so that the rehearsal of a
trial with a form of its own still runs. Limits of normal are those of one invented laboratory.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp
from random import Random

from trialwright.simulate.rehearse_biology import Condition
from trialwright.simulate.rehearse_parameters import Parameters
from trialwright.simulate.rehearse_people import Nature
from trialwright.simulate.rehearse_values import Draws, draw_value
from trialwright.study.model import Form, Item

Facts = dict[str, str]
NOTHING = "-"  # an item that this person has no answer for, and leaves out


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One form being filled: who, what is true, when, and what this visit has found so far."""

    nature: Nature
    parameters: Parameters
    condition: Condition
    on: date
    encounter: str
    repeat: int
    rng: Random
    fever: bool = False
    jug_share: float = 1.0
    jug_hours: float = 24.0
    rescue: bool = False
    measured_protein: float | None = None
    draws: Draws | None = None

    @property
    def is_screening(self) -> bool:
        return self.encounter == "screening"

    @property
    def is_before_cells(self) -> bool:
        return self.encounter in ("screening", "baseline", "baseline_2")


def draw_facts(form: Form, moment: Moment) -> Facts:
    """Every item's value for one form, as plain text."""
    known = _FORMS[form.id](moment) if form.id in _FORMS else {}
    facts = {item.id: known.get(item.id) or _own(item, moment) or _by_kind(item, moment) for item in form.items}
    return {item: value for item, value in facts.items() if value != NOTHING}


def _own(item: Item, moment: Moment) -> str | None:
    return draw_value(item, moment.draws, moment.parameters, moment.rng) if moment.draws is not None else None


def _by_kind(item: Item, moment: Moment) -> str:
    concept = item.concept
    match concept.kind:
        case "choice":
            return concept.choices[0].code
        case "boolean":
            return "no"
        case "date":
            return str(moment.on)
        case "datetime":
            return f"{moment.on} 07:00"
        case "text":
            return "REHEARSAL"
    low, high = concept.low or 0, concept.high or (concept.low or 0) + 100
    return f"{(low + high) / 2:.{concept.decimals}f}"


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def _positive(truth: bool) -> str:
    return "positive" if truth else "negative"


def _around(rng: Random, middle: float, spread: float, decimals: int = 0, *, low: float = 0.0, high: float = 1e9) -> str:
    """A log-normal value around a middle, inside what a laboratory prints."""
    return f"{min(max(middle * exp(rng.gauss(0, spread)), low), high):.{decimals}f}"


def _demographics(moment: Moment) -> Facts:
    born = moment.nature.born
    return {"sex": moment.nature.sex, "birth_year": str(born.year), "birth_month": str(born.month)}


def _eligibility(moment: Moment) -> Facts:
    fails = moment.nature.fails == "judgement"
    return {
        "prior_months": str(moment.rng.randrange(4, 40)),
        "treatment_resistant": "yes",
        "biopsy_proven": "yes",
        "active_infection": _yes(fails),
        "organ_failure": "no",
        "steroid_resistant": "yes",
        "immunosuppression_resistant": "yes",
        "guardian_consent": "yes",
        "genetic_mutation": "negative",
    }


_DRUGS_OF_ADULTS = (
    ("Prednisolone", "1 mg/kg/day, then taper"),
    ("Mycophenolate mofetil", "2 g/day"),
    ("Cyclophosphamide", "500 mg/2 weeks"),
)
_DRUGS_OF_CHILDREN = (
    ("Prednisolone", "60 mg/m2/day, then taper"),
    ("Tacrolimus", "0.1 mg/kg/day in two doses"),
    ("Mycophenolate mofetil", "1200 mg/m2/day"),
)


def _prior_therapy(moment: Moment) -> Facts:
    drugs = _DRUGS_OF_CHILDREN if moment.nature.is_child else _DRUGS_OF_ADULTS
    drug, dose = drugs[(moment.repeat - 1) % len(drugs)]
    months = str(moment.rng.randrange(3, 24))
    return {"prior_drug": drug, "prior_dose": dose, "prior_drug_months": months, "prior_drug_response": "no"}


def _screening_labs(moment: Moment) -> Facts:
    facts = dict.fromkeys(("hiv_serology", "hcv_serology", "ppd", "anti_hbc", "htlv1_serology"), "negative")
    return facts | {"hbsag": _positive(moment.nature.fails == "hbsag")}


def _biopsy(moment: Moment) -> Facts:
    taken = moment.on - timedelta(days=moment.rng.randrange(40, 500))
    kidney = "graft" if moment.nature.is_graft else "native"
    ln_class = moment.rng.choice(("III", "IV", "IV", "V", "IV_V"))
    variant = moment.rng.choice(("nos", "nos", "perihilar", "tip", "collapsing"))
    return {
        "biopsy_on": str(taken),
        "tubular_atrophy": str(5 * moment.rng.randrange(7)),
        "nih_activity": str(moment.rng.randrange(2, 14)),
        "nih_chronicity": str(moment.rng.randrange(6)),
        "ln_class": ln_class,
        "fsgs_variant": variant,
        "affected_kidney": kidney,
    }


def _vitals(moment: Moment) -> Facts:
    rng, condition = moment.rng, moment.condition
    systolic = rng.gauss(102 if moment.nature.is_child else 128, 9)
    temperature = rng.uniform(38.2, 38.9) if moment.fever else rng.uniform(36.3, 37.3)
    oedema = "marked" if condition.albumin < 2.2 else "mild" if condition.albumin < 3.0 else "none"
    return {
        "weight": f"{max(condition.weight_kg, 5.0):.1f}",
        "height": f"{max(condition.height_cm, 50.0):.1f}",
        "systolic_pressure": f"{systolic:.0f}",
        "diastolic_pressure": f"{systolic * rng.uniform(0.58, 0.68):.0f}",
        "heart_rate": f"{rng.gauss(96 if moment.nature.is_child else 80, 8):.0f}",
        "temperature": f"{temperature:.1f}",
        "oxygen_saturation": str(rng.randrange(95, 100)),
        "oedema": oedema,
    }


def _blood(moment: Moment) -> Facts:
    rng, condition, is_child = moment.rng, moment.condition, moment.nature.is_child
    white = min(max(rng.gauss(2.7, 0.15), 2.2), 2.9) if "sledai_leukopenia" in condition.active else rng.uniform(4.0, 9.5)
    few = "sledai_thrombocytopenia" in condition.active
    neutrophils = white * rng.uniform(0.55, 0.68)
    return {
        "creatinine": f"{condition.creatinine:.2f}",
        "creatinine_method": "enzymatic" if is_child else rng.choice(("jaffe", "jaffe", "enzymatic")),
        "creatinine_uln": "0.80" if is_child else "1.30",
        "urea": _around(rng, 32 * condition.creatinine / (0.5 if is_child else 0.9), 0.12, low=10, high=250),
        "albumin": f"{condition.albumin:.1f}",
        "alt": _around(rng, 21, 0.35, low=6, high=39),
        "alt_uln": "40",
        "ast": _around(rng, 22, 0.30, low=8, high=39),
        "ast_uln": "40",
        "alp": _around(rng, 260 if is_child else 78, 0.2, low=30, high=420 if is_child else 125),
        "alp_uln": "440" if is_child else "129",
        "bilirubin": _around(rng, 0.6, 0.25, 1, low=0.2, high=1.1),
        "bilirubin_uln": "1.2",
        "haemoglobin": f"{min(max(rng.gauss(11.8, 1.1), 8.5), 15.5):.1f}",
        "wbc": f"{white:.1f}",
        "neutrophils": f"{neutrophils:.1f}",
        "lymphocytes": f"{(white - neutrophils) * rng.uniform(0.6, 0.85):.1f}",
        "platelets": f"{rng.uniform(75, 98) if few else rng.uniform(160, 340):.0f}",
    }


def _urinalysis(moment: Moment) -> Facts:
    rng, active = moment.rng, moment.condition.active
    red = rng.randrange(7, 40) if "sledai_haematuria" in active else rng.randrange(5)
    white = rng.randrange(7, 25) if "sledai_pyuria" in active else rng.randrange(5)
    casts = "red_cell" if "sledai_urinary_casts" in active else "none"
    protein = moment.condition.protein
    dipstick = next((code for code, above in (("4", 10), ("3", 3), ("2", 1), ("1", 0.3)) if protein > above), "negative")
    return {"urine_rbc": str(red), "urine_wbc": str(white), "urine_casts": casts, "urine_dipstick_protein": dipstick}


def _serology(moment: Moment) -> Facts:
    rng, active = moment.rng, moment.condition.active
    low = "sledai_low_complement" in active
    antibodies = rng.uniform(60, 400) if "sledai_raised_anti_dsdna" in active else rng.uniform(4, 25)
    return {
        "c3": f"{rng.uniform(35, 80) if low else rng.uniform(92, 150):.0f}",
        "c3_lln": "90",
        "c4": f"{rng.uniform(3, 9) if low else rng.uniform(12, 35):.0f}",
        "c4_lln": "10",
        "anti_dsdna": f"{antibodies:.0f}",
        "anti_dsdna_uln": "30",
    }


def _sledai(moment: Moment) -> Facts:
    """The assessor's items agree with the laboratory of the visit; proteinuria is the visit's own jug where there is one."""
    active = set(moment.condition.active)
    if moment.measured_protein is not None:
        active.discard("sledai_proteinuria")
        active |= {"sledai_proteinuria"} if moment.measured_protein > 0.5 else set()
    return dict.fromkeys(active, "yes")


def _jug(moment: Moment) -> Facts:
    """A jug with a share of the day's urine: volume and creatinine tell the share, protein follows it."""
    rng, condition = moment.rng, moment.condition
    mean = 28.0 * condition.weight_kg if moment.nature.is_child else moment.parameters.number("urine", "volume_ml_mean", 1600)
    day_volume = max(rng.gauss(mean, 0.22 * mean), 0.45 * mean)
    volume = round(day_volume * moment.jug_share)
    start = datetime.combine(moment.on - timedelta(days=1), datetime.min.time()) + timedelta(minutes=rng.randrange(390, 480))
    protein_g = condition.protein * (_ratio_to_grams(condition) if moment.nature.is_child else 1.0)
    return {
        "urine_start": f"{start:%Y-%m-%d %H:%M}",
        "urine_hours": f"{moment.jug_hours:.1f}",
        "urine_volume": str(max(volume, 60)),
        "urine_creatinine": f"{condition.creatinine_mg_day / (day_volume / 100):.1f}",
        "urine_disturbed": "no",
        "urine_protein": f"{min(protein_g * 1000 / (day_volume / 100), 4900):.1f}",
    }


def _ratio_to_grams(condition: Condition) -> float:
    """Grams a day for a ratio of 1 g/g: the day's creatinine in grams."""
    return condition.creatinine_mg_day / 1000


def _spot(moment: Moment) -> Facts:
    rng = moment.rng
    creatinine = rng.uniform(55, 160)
    samples = moment.condition.samples
    ratio = samples[(moment.repeat - 1) % len(samples)]
    return {"spot_creatinine": f"{creatinine:.1f}", "spot_protein": f"{min(ratio * creatinine, 4900):.1f}"}


def _immunology(moment: Moment) -> Facts:
    rng, number = moment.rng, moment.parameters.number
    limit = number("immunology", "quantification_limit_pg_ml", 2)
    facts: Facts = {"assay_plate": f"P-{moment.on:%y%m}-R", "assay_lot": f"K{moment.on:%y}-R", "freeze_thaw": "1"}
    for name in ("il2", "il10"):
        value = exp(rng.gauss(number("immunology", f"{name}_log_mean", 1), number("immunology", f"{name}_log_sd", 0.7)))
        facts |= {name: f"{max(value, limit):.2f}", f"{name}_below_limit": _yes(value < limit)}
    return facts


def _treg(moment: Moment) -> Facts:
    number = moment.parameters.number
    percent = max(moment.rng.gauss(number("immunology", "treg_percent_mean", 4), number("immunology", "treg_percent_sd", 1.5)), 0.4)
    return {
        "treg_percent": f"{percent:.2f}",
        "treg_denominator": "cd4",
        "treg_count": f"{percent / 100 * moment.rng.uniform(350, 1100):.1f}",
        "treg_gate": "CD4+CD25+FoxP3+ of CD4+ (REHEARSAL panel)",
        "treg_panel": "REHEARSAL panel, whole blood, same day",
    }


def _medication(moment: Moment) -> Facts:
    steroid = moment.nature.steroid_mg * (2.0 if moment.rescue else 1.0)
    return {
        "steroid_drug": "prednisolone",
        "steroid_dose": f"{steroid:.1f}",
        "prednisone_equivalent": f"{steroid:.1f}",
        "raas_inhibitor": moment.nature.raas_inhibitor,
        "rescue_treatment": _yes(moment.rescue),
    }


def _chemistry(moment: Moment) -> Facts:
    rng, protein = moment.rng, moment.condition.protein
    lipids = 1 + 0.12 * min(protein, 6.0)  # more protein lost, more lipids: the nephrotic pattern
    return {
        "sodium": f"{rng.gauss(139, 2):.0f}",
        "potassium": f"{min(max(rng.gauss(4.3, 0.35), 3.3), 5.6):.1f}",
        "calcium": f"{rng.gauss(9.1, 0.3) - 0.6 * max(4.0 - moment.condition.albumin, 0):.1f}",
        "phosphate": f"{rng.gauss(5.0 if moment.nature.is_child else 3.8, 0.4):.1f}",
        "glucose": _around(rng, 92, 0.1, low=65, high=180),
        "ggt": _around(rng, 20, 0.35, low=6, high=60),
        "crp": _around(rng, 3, 0.7, 1, low=0.2, high=40),
        "cholesterol": _around(rng, 165 * lipids, 0.12, low=110, high=600),
        "triglycerides": _around(rng, 120 * lipids, 0.3, low=50, high=900),
        "tacrolimus_level": f"{rng.uniform(4.5, 9.5):.1f}",
        "ciclosporin_level": NOTHING,
    }


_CONDITIONS = (("Hypertension", True), ("Appendectomy", False), ("Hypothyroidism", True), ("Asthma", True), ("Fracture", False))


def _medical_history(moment: Moment) -> Facts:
    condition, goes_on = moment.rng.choice(_CONDITIONS)
    return {
        "history_condition": condition,
        "history_since_year": str(moment.rng.randrange(moment.nature.born.year, moment.on.year + 1)),
        "history_goes_on": _yes(goes_on),
    }


_OTHER_DRUGS = (
    ("Calcium and vitamin D", "Bone protection", "500 mg once a day"),
    ("Amlodipine", "Hypertension", "5 mg once a day"),
)


def _other_drugs(moment: Moment) -> Facts:
    drug, why, dose = _OTHER_DRUGS[(moment.repeat - 1) % len(_OTHER_DRUGS)]
    started = str(moment.on - timedelta(days=moment.rng.randrange(30, 700)))
    named = {"drug_name": drug, "drug_reason": why, "drug_dose": dose, "drug_route": "oral"}
    return named | {"drug_started": started, "drug_goes_on": "yes", "drug_stopped": NOTHING}


_HLA_GROUPS = {"a": (1, 2, 3, 11, 24, 26), "b": (7, 8, 35, 44, 51, 52), "drb1": (1, 3, 4, 7, 11, 15)}


def _hla(moment: Moment) -> Facts:
    drawn = {f"hla_{locus}_{k}": f"{moment.rng.choice(groups):02d}" for locus, groups in _HLA_GROUPS.items() for k in (1, 2)}
    return {"hla_resolution": "low", **drawn}


def _hla_antibodies(moment: Moment) -> Facts:
    first, second = (str(moment.rng.choice((0, 0, 0, 0, 4, 12))) for _ in range(2))
    specific = "not_assessable" if moment.is_before_cells else "absent"
    return {"hla_antibody_class_1": first, "hla_antibody_class_2": second, "donor_specific_antibody": specific}


_TIMES = (
    "before",
    "start",
    "minute_5",
    "minute_15",
    "minute_30",
    "minute_45",
    "end",
    "after_30",
    "after_60",
    "after_120",
    "after_240",
)


def _infusion_signs(moment: Moment) -> Facts:
    rng, is_child = moment.rng, moment.nature.is_child
    systolic = rng.gauss(102 if is_child else 126, 7)
    return {
        "signs_at": _TIMES[(moment.repeat - 1) % len(_TIMES)],
        "timed_systolic": f"{systolic:.0f}",
        "timed_diastolic": f"{systolic * rng.uniform(0.58, 0.68):.0f}",
        "timed_heart_rate": f"{rng.gauss(96 if is_child else 82, 7):.0f}",
        "timed_respiratory_rate": f"{rng.gauss(21 if is_child else 15, 1.5):.0f}",
        "timed_temperature": f"{rng.uniform(36.4, 37.5):.1f}",
        "timed_saturation": str(rng.randrange(95, 100)),
        "timed_rate": str(rng.choice((40, 60, 60))) if "minute" in _TIMES[(moment.repeat - 1) % len(_TIMES)] else NOTHING,
        "timed_reaction": "no",
    }


def _pregnancy(moment: Moment) -> Facts:
    return {"pregnancy_test": pregnancy_test(moment.nature, moment.condition.age), "lactating": "no"}


def pregnancy_test(nature: Nature, age: float) -> str:
    """A test for whoever may become pregnant: women and girls from 11 to 50."""
    return "negative" if nature.sex == "F" and 11 <= age <= 50 else "not_applicable"


_FORMS: Mapping[str, Callable[[Moment], Facts]] = {
    "demographics": _demographics,
    "eligibility": _eligibility,
    "prior_therapy": _prior_therapy,
    "screening_labs": _screening_labs,
    "biopsy": _biopsy,
    "vitals": _vitals,
    "blood_safety": _blood,
    "urinalysis": _urinalysis,
    "lupus_serology": _serology,
    "sledai": _sledai,
    "urine_24h": _jug,
    "spot_urine": _spot,
    "immunology": _immunology,
    "treg": _treg,
    "medication": _medication,
    "chemistry": _chemistry,
    "medical_history": _medical_history,
    "concomitant_medication": _other_drugs,
    "hla": _hla,
    "hla_antibodies": _hla_antibodies,
    "infusion_signs": _infusion_signs,
    "pregnancy": _pregnancy,
}
