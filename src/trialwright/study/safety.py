"""How harm is named, what is expected of the product, and which laboratory says what is normal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from trialwright.study.facts import NO_BASIS, Basis, Choice
from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class SafetyPlan:
    """Adverse events: the grading version is one for the whole trial and is printed on every table."""

    ctcae_version: Literal["5.0", "6.0"]
    terms: tuple[Choice, ...]
    special_interest: tuple[str, ...]
    serious_report_hours: int | None
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class ExpectedReaction:
    """A reaction that the safety reference expects of the product, up to a CTCAE grade; above it the event is unexpected."""

    term: str
    up_to_grade: int
    source: str


@dataclass(frozen=True, kw_only=True)
class SafetyReference:
    """What is expected of the product (reference safety information), approved on its own and in force from a day."""

    version: str
    label: Text
    effective_on: date
    expected: tuple[ExpectedReaction, ...]
    basis: Basis = NO_BASIS

    def expects(self, term: str, grade: int) -> bool:
        """Whether an event of this term and CTCAE grade is expected. Source: ICH E2A II.A.2, by the reference in force."""
        return any(reaction.term == term and grade <= reaction.up_to_grade for reaction in self.expected)


@dataclass(frozen=True, kw_only=True)
class ReferenceRange:
    """What one laboratory calls normal for a concept, by one method, from a day on, for a sex and ages.

    Units: `low` and `high` in `unit`, the unit of the concept; ages in years, `to_age_years` excluded.
    """

    concept: str
    unit: str
    valid_from: date
    method: str
    low: Decimal | None = None
    high: Decimal | None = None
    sex: Literal["", "F", "M"] = ""
    from_age_years: Decimal = Decimal(0)
    to_age_years: Decimal | None = None
    source: str = ""

    def is_for(self, sex: str, age_years: Decimal) -> bool:
        below = self.to_age_years is None or age_years < self.to_age_years
        return self.sex in {"", sex} and self.from_age_years <= age_years and below


@dataclass(frozen=True, kw_only=True)
class Laboratory:
    """A laboratory that reports values of this trial, with its reference ranges; `version` counts its approved editions."""

    id: str
    label: Text
    version: str
    ranges: tuple[ReferenceRange, ...]
    basis: Basis = NO_BASIS

    def range_for(self, concept: str, *, on: date, sex: str, age_years: Decimal) -> ReferenceRange | None:
        """Give the newest range in force on a day for a person; None where the laboratory has none."""
        fitting = [r for r in self.ranges if r.concept == concept and r.valid_from <= on and r.is_for(sex, age_years)]
        return max(fitting, key=lambda r: r.valid_from, default=None)
