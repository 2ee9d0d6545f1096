"""The value of one concept in one entry: an item as entered, or a derivation computed by its measure; or why there is none.

One equation for kidney function a participant, fixed by the age at baseline: a child who turns 18 in the trial keeps the equation
for children, because a change of equation looks like a change of the kidneys.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import NamedTuple

from trialwright.datasets.collected import CollectedValue
from trialwright.datasets.index import Entry, Index, age_years, baseline_date
from trialwright.datasets.missing import Missing, missing_entry, missing_input
from trialwright.measures import Computed, MeasureError, compute, find_measure
from trialwright.measures.kidney.choice import choose_gfr_equation
from trialwright.study.model import Concept, Derivation, Form, Study
from trialwright.terms.quantity import Quantity
from trialwright.terms.sentences import Text

GFR_BY_AGE = "gfr_by_age"
UPPER_LIMIT, LOWER_LIMIT = "_uln", "_lln"  # the items that hold the limits of normal printed on the same report
NUMERIC = ("decimal", "integer")
COUNTED = ("boolean", "choice")  # as an endpoint: yes is 1 and no is 0; a class counts by its place, the first being 0


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """What a row of the laboratory dataset measures: a numeric item of a form, or a derivation of the study."""

    id: str
    label: Text
    unit: str
    form: Form
    derivation: Derivation | None = None

    @cached_property
    def shown(self) -> str:
        """The name with its unit, as PARAM."""
        return f"{self.label.en} ({self.unit})" if self.unit else self.label.en

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The answers of an item that is counted by its place among them; none for a number."""
        item = self.form.item(self.id)
        if item is None or item.concept.kind not in COUNTED:
            return ()
        return ("no", "yes") if item.concept.kind == "boolean" else tuple(choice.code for choice in item.concept.choices)


class Measurement(NamedTuple):
    """A value with its day and provenance; either `value` or `missing` is set.

    `measure` and `version` name what computed the value; both are empty for a value as entered. A named tuple, because tens of
    thousands are made.
    """

    value: Decimal | None
    on: date | None
    missing: Missing | None = None
    measure: str = ""
    version: str = ""


def parameters(study: Study) -> tuple[Parameter, ...]:
    """Every numeric laboratory item, every derivation and whatever else an endpoint measures, in the order of the forms."""
    wanted = {endpoint.concept for endpoint in study.endpoints}
    found: dict[str, Parameter] = {}
    for form in study.forms.values():
        for item in form.items:
            kind = item.concept.kind
            if (kind in NUMERIC and (item.id in wanted or _is_laboratory(item.concept))) or (kind in COUNTED and item.id in wanted):
                found.setdefault(item.id, Parameter(id=item.id, label=item.label, unit=item.concept.unit, form=form))
        for derivation in (d for d in study.derivations if d.form == form.id):
            parameter = Parameter(id=derivation.id, label=derivation.label, unit=derivation.unit, form=form, derivation=derivation)
            found.setdefault(derivation.id, parameter)
    return tuple(found.values())


def measure(index: Index, participant: str, encounter: str, parameter: Parameter, entry: Entry) -> Measurement:
    """The value of a parameter in one entry of its form."""
    if parameter.derivation is None:
        return _entered(index, participant, parameter, entry)
    return _derived(index, participant, encounter, parameter.derivation, entry)


def find_input(index: Index, participant: str, encounter: str, source: str, entry: Entry) -> CollectedValue | None:
    """The collected value that a derivation's input names: asked once, of this entry, or of another form of the encounter."""
    asked_once, _, item = source.rpartition(".")
    return index.once(participant, item) if asked_once else entry.get(item) or index.at(participant, encounter, item)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _is_laboratory(concept: Concept) -> bool:
    return concept.sdtm.startswith("LB.") and not concept.id.endswith((UPPER_LIMIT, LOWER_LIMIT))


def _entered(index: Index, participant: str, parameter: Parameter, entry: Entry) -> Measurement:
    value = entry.get(parameter.id)
    if value is not None and value.parsed:
        return Measurement(_number(parameter, value.parsed), value.collected_on)
    on = value.collected_on if value else None
    return Measurement(value=None, on=on, missing=missing_entry(index.participants[participant], value))


def _number(parameter: Parameter, parsed: str) -> Decimal:
    return Decimal(parameter.codes.index(parsed)) if parameter.codes else Decimal(parsed)


def _derived(index: Index, participant: str, encounter: str, derivation: Derivation, entry: Entry) -> Measurement:
    """Compute from this entry, other forms of the same encounter, and what is asked once."""
    on = max((value.collected_on for value in entry.values()), default=None)
    try:
        chosen = _equation(index, participant, derivation)
    except MeasureError as error:
        return Measurement(value=None, on=on, missing=Missing(code=error.code, reason=error.text))
    if chosen is None:
        return Measurement(value=None, on=on, missing=missing_input("birth_year, birth_month"))
    given: dict[str, Quantity | str | int | bool | Decimal | None] = {}
    for needed in find_measure(chosen).inputs:
        source = derivation.inputs.get(needed.name)
        if source is None:
            continue
        found = _input(index, participant, encounter, source, entry, on)
        if not isinstance(found, Missing):
            given[needed.name] = found
        elif needed.required:
            return Measurement(value=None, on=on, missing=found, measure=chosen)
    return _from_computed(compute(chosen, given), derivation, on)


def _equation(index: Index, participant: str, derivation: Derivation) -> str | None:
    """The measure of this participant for the whole trial; None where the age that decides is unknown."""
    if derivation.measure != GFR_BY_AGE:
        return derivation.measure
    age = age_years(index, participant, baseline_date(index.participants[participant]))
    return choose_gfr_equation(float(age)) if age is not None else None


def _input(index: Index, participant: str, encounter: str, source: str, entry: Entry, on: date | None) -> Quantity | str | Missing:
    if source == "age_years":
        age = age_years(index, participant, on) if on else None
        return Quantity(value=age, unit="a") if age is not None else missing_input("birth_year, birth_month")
    item = source.rpartition(".")[2]
    value = find_input(index, participant, encounter, source, entry)
    if value is None or not value.parsed:
        return missing_input(item, value)
    unit = index.units.get(item, "")
    return Quantity(value=Decimal(value.parsed), unit=unit) if unit else value.parsed


def _from_computed(computed: Computed, derivation: Derivation, on: date | None) -> Measurement:
    """The result in the unit and decimals of the derivation, or the refusal of the measure."""
    if computed.refusal is not None or not isinstance(computed.value, Decimal):
        refusal = computed.refusal
        words = refusal.sentence if refusal else Text(en="the measure gives a class, not a number", fa="نتیجه عدد نیست")
        missing = Missing(code=refusal.code if refusal else "not_a_number", reason=words)
        return Measurement(value=None, on=on, missing=missing, measure=computed.measure, version=computed.version)
    exact = computed.value if computed.unrounded is None else computed.unrounded
    if derivation.unit and computed.unit and derivation.unit != computed.unit:
        exact = Quantity(value=exact, unit=computed.unit).to(derivation.unit).value
    shown = Decimal(f"{exact:.12g}")  # so that 0.28499999999999998 is the 0.285 that was meant
    value = round_half_up(shown, derivation.decimals)
    return Measurement(value=value, on=on, measure=computed.measure, version=computed.version)
