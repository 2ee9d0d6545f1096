"""The page of a design as data: statements with their numbers and figures, in a form that text, JSON, paper and a site share."""

from dataclasses import dataclass
from typing import Literal

from trialwright.analysis.design.figures import Figure
from trialwright.analysis.design.wording import p_value, percent, significant, whole
from trialwright.terms.sentences import Text

Kind = Literal["p", "percent", "count", "ratio", "sd", "rate", "ml"]


@dataclass(frozen=True, kw_only=True)
class Number:
    """One number of a statement; `error` is its Monte Carlo standard error, None where it was counted or computed.

    Units: by `kind`; "percent" is a share of 1, "sd" residual standard deviations, "rate" events per person-year, "ml" mL of blood.
    """

    label: Text
    value: float | None
    kind: Kind
    error: float | None = None


@dataclass(frozen=True, kw_only=True)
class NumberTable:
    """Numbers in rows: most of all, how a statement changes with the number of participants, the scheme, dropout or collection.

    Shapes: kinds (columns,); rows (label, (columns,)), None where there is no such number.
    """

    title: Text
    columns: tuple[Text, ...]
    kinds: tuple[Kind, ...]
    rows: tuple[tuple[Text, tuple[float | None, ...]], ...]

    def __post_init__(self) -> None:
        if len({len(self.columns), len(self.kinds), *(len(values) for _, values in self.rows)}) > 1:
            raise ValueError(f"A table of {len(self.columns)} columns has {len(self.kinds)} kinds and rows of another width.")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One thing that the design can or cannot show: a sentence for everyone, its numbers, how they were made and where from.

    `lay` says it to a patient, in everyday words; None where it concerns only those who plan or read trials.
    """

    id: str
    title: Text
    plain: Text
    numbers: tuple[Number, ...]
    method: Text
    source: str
    lay: Text | None = None
    figure: Figure | None = None
    tables: tuple[NumberTable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DesignPage:
    """`arms`: id, label and number of participants, planned or asked for; `asked` says how they differ from the definition."""

    study: str
    protocol_version: str
    title: Text
    arms: tuple[tuple[str, Text, int], ...]
    statements: tuple[Statement, ...]
    asked: Text | None = None
    digest: str = ""


def number(label: Text, value: float | None, kind: Kind, *, error: float | None = None) -> Number:
    return Number(label=label, value=value, kind=kind, error=error)


def shown(found: Number) -> Text:
    """A number as it is printed, in each language's digits, with its Monte Carlo error where it has one."""
    return shown_value(found.value, found.kind, found.error)


def shown_value(value: float | None, kind: Kind, error: float | None = None) -> Text:
    """Percentages to one decimal, counts without one, p values to three significant digits."""
    if value is None:
        return Text(en="–", fa="–")
    if kind == "percent":
        main, beside = percent(value, 1), percent(error, 1) if error is not None else None
    elif kind in ("count", "ml"):
        main, beside = whole(value), None
    elif kind == "p":
        main, beside = p_value(value), None
    else:
        main, beside = significant(value, 2), None
    if beside is None:
        return main
    return Text(en=f"{main.en}\u00a0±\u00a0{beside.en}", fa=f"{main.fa}\u00a0±\u00a0{beside.fa}")
