"""What a report is made from: one trial's definition, what was collected, its results, and the ledger head they belong to."""

from collections import Counter
from dataclasses import dataclass

from trialwright.analysis.design import DesignPage, design
from trialwright.analysis.results import Results
from trialwright.datasets.adae import AdverseEventRow, derive_adae
from trialwright.datasets.collected import Collected
from trialwright.ledger.entry import Head
from trialwright.study.model import Study


class ReportError(ValueError):
    """Parts that do not belong together, or a report that cannot be made from them; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything that a report prints, at one ledger head.

    `software` names the version that made the results. Raises: ReportError when the parts are of different trials, or when the
    participants of a rehearsal do not say so in their ids.
    """

    study: Study
    collected: Collected
    results: Results
    head: Head
    software: str

    def __post_init__(self) -> None:
        named = {self.study.id, self.collected.study, self.results.study, self.head.study}
        if len(named) > 1:
            raise ReportError(f"A report is of one trial; found {', '.join(sorted(named))}. Give the parts of one run.")
        marked = [p.id.endswith("-R") for p in self.collected.participants]
        if self.is_rehearsal and not all(marked):
            raise ReportError(f"{self.head}: a participant of a rehearsal has an id without -R; such a run is not reported.")
        if not self.is_rehearsal and any(marked):
            raise ReportError(f"{self.head}: a live trial holds a participant whose id ends in -R, the mark of a rehearsal.")

    @property
    def is_rehearsal(self) -> bool:
        return self.head.origin == "rehearsal"

    def analysed(self) -> Counter[str]:
        """How many of each arm are in the primary analysis: a worst outcome, or value and baseline, above zero where logged."""
        primary, logged = self.results.primary, self.results.primary.effect_scale == "ratio"
        held = ((i.arm, i.fate, [x for x in (i.value, i.baseline) if x is not None]) for i in primary.individuals)
        needed = 1 + primary.has_baseline
        return Counter(
            arm for arm, fate, values in held if fate == "worst" or (len(values) >= needed and (min(values) > 0 or not logged))
        )

    def design(self) -> DesignPage:
        return design(self.study)

    def adverse_events(self) -> tuple[AdverseEventRow, ...]:
        return derive_adae(self.collected, self.study)
