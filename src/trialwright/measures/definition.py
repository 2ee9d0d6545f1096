"""What a measure is: its formula, and everything a reader needs to trust it or to refuse it.

A measure has an id and a version, inputs with units and ranges, a result with unit and decimals, a source, worked values from
that source or another program, what it refuses and what it cannot know. The formula itself is a plain function of numbers whose
argument names carry their units.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from trialwright.terms.sentences import Text

InputKind = Literal["quantity", "whole", "sex", "yes_no", "choice", "text"]


@dataclass(frozen=True, kw_only=True)
class Input:
    """One thing a measure is computed from.

    Units: `unit` is the UCUM code in which `argument` of the function is given and in which `low` and `high` stand. The bounds
    belong to the range unless marked excluded; `why` says why they are where they are and what to use instead. `also` lists other
    names under which a file may give the input.
    """

    name: str
    argument: str
    kind: InputKind
    label: Text
    unit: str = ""
    analyte: str | None = None
    low: float | None = None
    high: float | None = None
    low_excluded: bool = False
    high_excluded: bool = False
    why: Text | None = None
    required: bool = True
    options: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.argument, *self.also)


@dataclass(frozen=True, kw_only=True)
class Worked:
    """A worked value: inputs as written ("1.09 mg/dL", "F", "yes"), the result as its source prints it, and that source."""

    inputs: Mapping[str, str]
    result: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """A contested edge, named: the readings in use, the default, and who prints which.

    A `selectable` option may be asked for by its name, and the function takes it as a keyword; another only tells the reader what
    other versions or programs do.
    """

    name: str
    default: str
    readings: Mapping[str, Text]
    selectable: bool = True


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A class instead of a number (a grade, a response, a completeness), with the reason it was reached.

    `value` is None when it cannot be decided; `code` then says why to a program.
    """

    value: str | int | None
    reason: Text
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A clinical measure with its provenance and its proof."""

    id: str
    version: str
    label: Text
    inputs: tuple[Input, ...]
    result_unit: str
    decimals: int
    valid: Text
    source: str
    refuses: Text
    cannot_know: Text
    worked: tuple[Worked, ...]
    function: Callable[..., Any]
    formula: str = ""
    options: tuple[Option, ...] = field(default=())

    @cached_property
    def owners(self) -> Mapping[str, Input]:
        """Every name under which an input may be given, with the input it belongs to; an input's own name wins."""
        owners = {name: entry for entry in reversed(self.inputs) for name in entry.names}
        return owners | {entry.name: entry for entry in self.inputs}

    @property
    def room(self) -> str:
        """The organ or subject it belongs to, which is also its folder."""
        whole = getattr(self.function, "func", self.function)
        return str(whole.__module__).rpartition(".")[0].rpartition(".")[2]
