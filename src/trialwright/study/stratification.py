"""Which list a participant belongs to where allocation has strata, and what the analysis is told of a list that is used up.

Every combination of the strata's levels has a list of its own; a minimisation has one list, and the levels are its factors. Both
conduct, which allocates, and the analysis, which counts the lists that could have been, read the same words here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from trialwright.study.allocation_procedures import Minimisation, TwoArmProcedure
from trialwright.study.model import Study
from trialwright.terms.sentences import Text

Factors = Mapping[str, tuple[str, ...]]
"""The ids of the strata that allocation names, in its order, each with the ids of its levels."""
Profile = tuple[str, ...]
"""A participant's level of each factor, in the order of the factors."""


@dataclass(frozen=True, kw_only=True)
class Misplacement:
    """A participant whose values, as corrected later, are of another level than allocation used; `now` is None where of none."""

    participant: str
    stratum: Text
    allocated: Text
    now: Text | None


@dataclass(frozen=True, kw_only=True)
class StratifiedLists:
    """The procedure of each list, and the list from which each participant was allocated, whatever was corrected later."""

    procedures: Mapping[str, TwoArmProcedure]
    list_of: Mapping[str, str]
    misplaced: tuple[Misplacement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MinimisedList:
    """The minimisation, and the levels that each participant had at allocation, in the order of allocation."""

    procedure: Minimisation
    profiles: Mapping[str, Profile]
    misplaced: tuple[Misplacement, ...] = ()


UsedList = TwoArmProcedure | StratifiedLists | MinimisedList
"""What the custodian's file says of a list once everybody is allocated, where it was not one list of blocks."""


def factors_of(study: Study) -> Factors:
    """The strata by which allocation goes, with their levels; none where it goes by none."""
    strata = {stratum.id: stratum for stratum in study.strata}
    return {name: tuple(level.id for level in strata[name].levels) for name in study.allocation.stratified_by}


def list_names(method: str, factors: Factors) -> tuple[str, ...]:
    """The lists that are sealed, in the order in which they are sealed; one without a name where there are no strata."""
    if method == "minimisation" or not factors:
        return ("",)
    return tuple(list_name(factors, levels) for levels in product(*factors.values()))


def list_name(factors: Factors, profile: Sequence[str]) -> str:
    """The list of a participant with these levels, such as "sex F, kidney graft"."""
    return ", ".join(f"{factor} {level}" for factor, level in zip(factors, profile, strict=True))
