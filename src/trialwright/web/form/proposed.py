"""What results propose for the items of the form on the page, and the fields filled with it when the person asks for that."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from trialwright.conduct.proposals import proposals_for
from trialwright.datasets.proposals import Proposal, Result
from trialwright.study.model import Encounter
from trialwright.web.fields import FieldError
from trialwright.web.form.sheet import Sheet
from trialwright.web.form.typed import Cell, Typed, read_date
from trialwright.web.format import quantity, unit_text, words


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """One proposal as the page shows it: the answer, and each result with its visit and day."""

    proposal: Proposal
    encounter: Encounter
    answered: str

    @property
    def differs(self) -> bool:
        """The field holds another answer than the results give."""
        return self.answered not in ("", self.proposal.answer)

    @property
    def results(self) -> tuple[tuple[Markup, Markup], ...]:
        return tuple((words(one.label), _shown(one)) for one in self.proposal.results)


def find_proposed(sheet: Sheet, typed: Typed) -> Mapping[str, Proposed]:
    """Give the proposals for the day in the date field, by item; while it holds none, for today or the end of the window before."""
    if not sheet.form.proposals:
        return {}
    try:
        on = read_date(typed.collected_on)
    except FieldError:
        today = sheet.now.date()
        on = min(today, sheet.window.closes) if sheet.window else today
    found = proposals_for(sheet.study, sheet.state, sheet.encounter, sheet.form, on=on, role=sheet.desk.role)
    visits = {encounter.id: encounter for encounter in sheet.study.encounters}
    return {one.item: Proposed(proposal=one, encounter=visits[one.encounter], answered=typed.cell(one.item).raw) for one in found}


def take_proposed(sheet: Sheet, typed: Typed) -> Typed:
    """Put the proposed answers into the fields that are empty; what was answered stays, and nothing is saved."""
    found = find_proposed(sheet, typed)
    return typed.with_cells({item: Cell(raw=one.proposal.answer) for item, one in found.items() if typed.cell(item).is_empty})


def _shown(result: Result) -> Markup:
    return quantity(result.value, unit_text(result.unit))
