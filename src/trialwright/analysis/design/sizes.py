"""How many people a design has, as planned or as asked for, and how many of them will have a value."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import floor

from trialwright.analysis.design.page import Kind, NumberTable
from trialwright.analysis.design.wording import percent, say, whole
from trialwright.study.model import Study
from trialwright.terms.sentences import Text

FEWER, MORE, LOST = -2, 10, 0.2
MOST_LOST = 0.9


class DesignError(ValueError):
    """A design that was asked for and cannot be; the sentence says what can."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Participants by arm; `control` is 0 in a trial of one arm. `dropout` is the share without a value at the primary visit.

    Raises: DesignError where no one is treated, or the dropout is no share.
    """

    treated: int
    control: int
    dropout: float
    alpha: float

    def __post_init__(self) -> None:
        if self.treated < 1 or self.control < 0:
            raise DesignError(f"A design needs at least one participant in each arm; found {self.treated} and {self.control}.")
        if not 0 <= self.dropout <= MOST_LOST:
            raise DesignError(
                f"A dropout of {self.dropout:g} was given; give the share of participants without a value, from 0 to {MOST_LOST:g}."
            )

    @property
    def observed(self) -> tuple[int, int]:
        """Participants with a value in each arm, whole people, rounded down."""
        return _kept(self.treated, self.dropout), _kept(self.control, self.dropout)

    @property
    def total(self) -> int:
        return self.treated + self.control

    @property
    def words(self) -> Text:
        """So many people, as a row of a table says it."""
        if not self.control:
            return say("size.one", n=whole(self.treated))
        if self.treated == self.control:
            return say("size.each", n=whole(self.treated))
        return say("size.two", first=whole(self.treated), second=whole(self.control))


def planned_sizes(study: Study, *, n: int | None = None, dropout: float = 0.0) -> Sizes:
    """The sizes of the definition, or with `n` participants in every arm.

    Raises: DesignError where they cannot be.
    """
    treated = sum(arm.planned for arm in study.arms if arm.kind == "experimental")
    control = sum(arm.planned for arm in study.arms) - treated
    if n is not None:
        treated, control = n, n if control else 0
    return Sizes(treated=treated, control=control, dropout=dropout, alpha=float(study.analysis.primary.alpha))


def changed(
    sizes: Sizes,
    columns: tuple[Text, ...],
    kinds: tuple[Kind, ...],
    numbers: Callable[[Sizes], tuple[float | None, ...]],
    *,
    with_dropout: bool = True,
) -> NumberTable:
    """The same numbers with two participants fewer in each arm, as it is, with ten more, and with some lost."""
    rows = [(one.words, numbers(one)) for by in (FEWER, 0, MORE) if (one := _with(sizes, by)) is not None]
    if with_dropout:
        lost = 0.0 if sizes.dropout else LOST
        code = "size.lost" if lost else "size.none_lost"
        rows.append((say(code, size=sizes.words, share=percent(lost)), numbers(replace(sizes, dropout=lost))))
    return NumberTable(title=say("part.change"), columns=columns, kinds=kinds, rows=tuple(rows))


def _with(sizes: Sizes, by: int) -> Sizes | None:
    """So many more in each arm; None where that leaves nobody."""
    control = sizes.control + by if sizes.control else 0
    if sizes.treated + by < 1 or (sizes.control and control < 1):
        return None
    return replace(sizes, treated=sizes.treated + by, control=control)


def _kept(people: int, dropout: float) -> int:
    return floor(people * (1 - dropout) + 1e-9)
