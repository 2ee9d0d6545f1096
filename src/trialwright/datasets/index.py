"""Collected values, found by participant, encounter and form: the one place that walks the long table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter

from trialwright.datasets.collected import Collected, CollectedInfusion, CollectedParticipant, CollectedValue
from trialwright.study.model import Study

Entry = Mapping[str, CollectedValue]  # the items of one repeat of one form
DAYS_A_YEAR = Decimal("365.25")
MIDDLE_OF_MONTH = 15


@dataclass(frozen=True, kw_only=True)
class Index:
    """Shapes: entries (participant, encounter, form) to repeat number to item id to value; everything in repeat order.

    `units` and `homes` give the unit and the form of every item of the study.
    """

    participants: Mapping[str, CollectedParticipant]
    entries: Mapping[tuple[str, str, str], Mapping[int, Entry]]
    judgements: Mapping[tuple[str, str, str, int], str]
    infusions: Mapping[str, tuple[CollectedInfusion, ...]]
    latest: Mapping[tuple[str, str], CollectedValue]
    units: Mapping[str, str]
    homes: Mapping[str, tuple[str, ...]]

    def repeats(self, participant: str, encounter: str, form: str) -> Mapping[int, Entry]:
        return self.entries.get((participant, encounter, form), {})

    def once(self, participant: str, item: str) -> CollectedValue | None:
        """The newest known value of something that is asked once, at whichever encounter it was asked."""
        return self.latest.get((participant, item))

    def at(self, participant: str, encounter: str, item: str) -> CollectedValue | None:
        """An item of the encounter, on whichever form it stands; of repeats the first."""
        for form in self.homes.get(item, ()):
            for entry in self.repeats(participant, encounter, form).values():
                if item in entry:
                    return entry[item]
        return None


def build_index(collected: Collected, study: Study) -> Index:
    """Sort what was collected so that every later question is a look-up."""
    entries: dict[tuple[str, str, str], dict[int, dict[str, CollectedValue]]] = {}
    latest: dict[tuple[str, str], CollectedValue] = {}
    for value in sorted(collected.values, key=attrgetter("repeat", "position")):
        key = (value.participant, value.encounter, value.form)
        repeats = entries.get(key)
        if repeats is None:
            repeats = entries[key] = {}
        entry = repeats.get(value.repeat)
        if entry is None:
            entry = repeats[value.repeat] = {}
        entry[value.item] = value
        if value.parsed:
            named = (value.participant, value.item)
            known = latest.get(named)
            if known is None or value.position >= known.position:
                latest[named] = value
    infusions: dict[str, tuple[CollectedInfusion, ...]] = {}
    for infusion in sorted(collected.infusions, key=lambda i: i.started_at):
        infusions[infusion.participant] = (*infusions.get(infusion.participant, ()), infusion)
    homes: dict[str, tuple[str, ...]] = {}
    for form in study.forms.values():
        for item in form.items:
            homes[item.id] = (*homes.get(item.id, ()), form.id)
    return Index(
        participants={p.id: p for p in collected.participants},
        entries=entries,
        judgements={(c.participant, c.encounter, c.form, c.repeat): c.judgement for c in collected.collections},
        infusions=infusions,
        latest=latest,
        units={item.id: item.concept.unit for form in study.forms.values() for item in form.items},
        homes=homes,
    )


def age_years(index: Index, participant: str, on: date) -> Decimal | None:
    """Age on a day, from year and month of birth with the day taken as the 15th; None where either is missing.

    Units: years of 365.25 days.
    """
    year, month = index.once(participant, "birth_year"), index.once(participant, "birth_month")
    if year is None or month is None:
        return None
    born = date(int(year.parsed), int(month.parsed), MIDDLE_OF_MONTH)
    return Decimal((on - born).days) / DAYS_A_YEAR


def baseline_date(participant: CollectedParticipant) -> date:
    """The day that age and equation are fixed on: allocation, or screening where that was not reached."""
    return participant.allocated_at.date() if participant.allocated_at else participant.screened_on
