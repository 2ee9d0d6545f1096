"""Computing one measure from values as they were collected: units converted, numbers read, result rounded, or refused with
words."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from trialwright.measures.catalogue import find_measure
from trialwright.measures.definition import Finding, Input, Measure
from trialwright.measures.errors import MeasureError, refuse
from trialwright.measures.measured import check_input
from trialwright.terms.numbers import read_measured
from trialwright.terms.quantity import Quantity
from trialwright.terms.sentences import SentenceError, Text
from trialwright.terms.sex import read_sex

YES = {"yes", "true", "1", "y", "present", "بله", "بلی", "دارد"}
NO = {"no", "false", "0", "n", "absent", "خیر", "نه", "ندارد"}
SIGNIFICANT = 12  # digits kept before rounding, so that 0.28499999999999998 is the 0.285 that was meant


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why there is no value: a code for programs, a sentence for people, the input it concerns."""

    code: str
    sentence: Text
    input: str = ""


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A result with its provenance: the rounded value (or class), unit, measure and version; or the refusal.

    `unrounded` is the value before rounding; rules and response definitions compare `value`. `note` says how a class was reached.
    `options` holds the readings of contested edges that were asked for; without one the default of the definition holds.
    """

    value: Decimal | str | None
    unit: str
    measure: str
    version: str
    refusal: Refusal | None = None
    note: Text | None = None
    unrounded: Decimal | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def quantity(self) -> Quantity:
        """The result as a quantity, for conversion; only a numeric result has one."""
        if not isinstance(self.value, Decimal):
            raise refuse("change.not_a_number", measure=self.measure)
        return Quantity(value=self.value, unit=self.unit)


Given = Mapping[str, "Quantity | str | int | bool | Decimal | None"]


def compute(measure_id: str, inputs: Given, options: Mapping[str, str] | None = None) -> Computed:
    """Compute a measure; whatever stands in the way comes back as a refusal, not as an exception.

    Units: quantities are converted to the unit of each input. A bare number is taken only under an argument name that carries
    its unit, such as `creatinine_mg_dl`; under `creatinine` it is refused. `options` chooses the reading of a contested edge.
    Raises: MeasureError when there is no such measure.
    """
    measure = find_measure(measure_id)
    try:
        result = evaluate(measure, inputs, options)
    except InputRefusedError as error:
        return _refused(measure, error.cause, error.name)
    except SentenceError as error:
        return _refused(measure, error, "")
    return replace(_computed(measure, result), options=dict(options or {}))


def evaluate(measure: Measure, inputs: Given, options: Mapping[str, str] | None = None) -> Any:
    """Give what the formula gives, unrounded: a float, or a Finding.

    Raises: InputRefusedError naming the input, or MeasureError.
    """
    named = _by_input(measure, inputs)
    arguments = {}
    for entry in measure.inputs:
        name, raw = named.get(entry.name, (entry.name, None))
        try:
            arguments[entry.argument] = _argument(measure, entry, name, raw)
        except SentenceError as error:
            raise InputRefusedError(entry.name, error) from error
    known = {name: value for name, value in arguments.items() if value is not None}
    return measure.function(**known, **chosen_options(measure, options or {}))


class InputRefusedError(MeasureError):
    """One input was refused; `cause` holds the words, `name` the input."""

    def __init__(self, name: str, cause: SentenceError) -> None:
        super().__init__(cause.code, cause.sentence, cause.fa)
        self.name = name
        self.cause = cause


def rounded(value: float, decimals: int) -> Decimal:
    """Round half up, on the decimal that the float stands for."""
    shown = Decimal(f"{value:.{SIGNIFICANT}g}")
    result = shown.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return result or abs(result)


def chosen_options(measure: Measure, options: Mapping[str, str]) -> Mapping[str, str]:
    """The options asked for, each a reading that the measure has.

    Raises: MeasureError for any other name or reading.
    """
    selectable = {option.name: option.readings for option in measure.options if option.selectable}
    for name, reading in options.items():
        if name not in selectable:
            known = ", ".join(selectable) or "no options"
            raise refuse("input.unknown", measure=measure.id, name=name[:60], known=known)
        if reading not in selectable[name]:
            raise refuse("input.choice", label=name, label_fa=name, options=", ".join(selectable[name]), found=reading[:60])
    return options


def _by_input(measure: Measure, inputs: Given) -> dict[str, tuple[str, Any]]:
    """Sort what was given by the input it belongs to; a name nobody knows is refused."""
    owners = measure.owners
    named: dict[str, tuple[str, Any]] = {}
    for name, raw in inputs.items():
        entry = owners.get(name)
        if entry is None:
            known = ", ".join(entry.name for entry in measure.inputs)
            raise refuse("input.unknown", measure=measure.id, name=name[:60], known=known)
        if entry.name in named:
            other = named[entry.name][0]
            raise refuse("input.twice", label=entry.label.en, label_fa=entry.label.fa, name=name, other=other)
        named[entry.name] = (name, raw)
    return named


def _argument(measure: Measure, entry: Input, name: str, raw: Any) -> Any:
    """Turn one given value into what the formula takes.

    Raises: SentenceError of any kind: missing, unit, number, range.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        if entry.required:
            raise refuse("input.missing", label=entry.label.en, label_fa=entry.label.fa, measure=measure.id)
        return None
    if entry.kind in ("quantity", "whole"):
        return check_input(entry, _number(entry, name, raw), measure.id)
    if entry.kind == "sex":
        return check_input(entry, read_sex(str(raw)) or raw, measure.id)
    if entry.kind == "yes_no":
        return check_input(entry, _yes_no(raw), measure.id)
    return check_input(entry, str(raw).strip(), measure.id)


def _number(entry: Input, name: str, raw: Any) -> float:
    if isinstance(raw, Quantity):
        return float(raw.to(entry.unit, entry.analyte).value if entry.unit else raw.value)
    number = raw if isinstance(raw, Decimal) else read_measured(str(raw))
    carries_its_unit = name == entry.argument and entry.argument != entry.name
    if entry.unit and entry.kind == "quantity" and not carries_its_unit:
        unit = "a (years)" if entry.unit == "a" else entry.unit
        raise refuse("input.unit_missing", label=entry.label.en, label_fa=entry.label.fa, unit=unit)
    return float(number)


def _yes_no(raw: Any) -> Any:
    text = str(raw).strip().lower()
    return True if text in YES else False if text in NO else raw


def _computed(measure: Measure, result: Any) -> Computed:
    if isinstance(result, Finding):
        return _from_finding(measure, result)
    if isinstance(result, str):
        return Computed(value=result, unit=measure.result_unit, measure=measure.id, version=measure.version)
    return Computed(
        value=rounded(float(result), measure.decimals),
        unrounded=Decimal(repr(float(result))),
        unit=measure.result_unit,
        measure=measure.id,
        version=measure.version,
    )


def _from_finding(measure: Measure, finding: Finding) -> Computed:
    refusal = None if finding.value is not None else Refusal(code=finding.code, sentence=finding.reason)
    value = Decimal(finding.value) if isinstance(finding.value, int) else finding.value
    return Computed(
        value=value,
        unit=measure.result_unit,
        measure=measure.id,
        version=measure.version,
        refusal=refusal,
        note=finding.reason if refusal is None else None,
    )


def _refused(measure: Measure, error: SentenceError, name: str) -> Computed:
    refusal = Refusal(code=error.code, sentence=error.text, input=name)
    return Computed(value=None, unit=measure.result_unit, measure=measure.id, version=measure.version, refusal=refusal)
