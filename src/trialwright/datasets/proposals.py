"""What the results of a participant propose for the items of a form, with the result that says so, and its day.

A score such as SLEDAI-2K asks whether a finding is present at the visit or in the time before it that the score recalls. So every
result of that time is looked at: one that shows the finding is enough, and the newest of those is named; otherwise the newest
result. A timed collection counts once it was judged complete, and a limit of normal is that of the same report. Nothing is filled
in.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from trialwright.datasets.adlb import LaboratoryRow, derive_adlb
from trialwright.datasets.collected import Collected
from trialwright.datasets.index import Index, build_index
from trialwright.study.findings import findings
from trialwright.study.model import Encounter, Form, ProposalRule, Study
from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class Result:
    """One value that a proposal rests on. Units: `value` in `unit`."""

    id: str
    label: Text
    value: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The answer that results give to an item, where and when they were collected; `cause` is the item for another cause."""

    item: str
    is_present: bool
    encounter: str
    on: date
    results: tuple[Result, ...]
    cause: str = ""

    @property
    def answer(self) -> str:
        return "yes" if self.is_present else "no"


def find_proposals(
    collected: Collected,
    study: Study,
    participant: str,
    encounter: Encounter,
    form: Form,
    *,
    on: date,
    shows: Callable[[Encounter], bool] = lambda _: True,
) -> tuple[Proposal, ...]:
    """Propose answers for one form of one visit on a day; an item without a result in time gets none.

    `shows` says from which visits results may be named to the person who fills in the form.
    """
    if form.recall is None or not form.proposals:
        return ()
    recall = min(form.recall, encounter.recall or form.recall)
    visits = [one for one in study.encounters if shows(one)]
    names = {name for rule in form.proposals for name in rule.inputs.values()}
    index = build_index(collected, study)
    derived = {name: derive_adlb(collected, study, only=name) for name in sorted(names - set(index.homes))}
    records = _Records(study=study, participant=participant, index=index, derived=derived)
    proposed = (_propose(rule, records, visits, on - recall, on) for rule in form.proposals)
    return tuple(one for one in proposed if one is not None)


@dataclass(frozen=True, kw_only=True)
class _Records:
    study: Study
    participant: str
    index: Index
    derived: Mapping[str, tuple[LaboratoryRow, ...]]

    def of(self, visit: Encounter, names: tuple[str, ...]) -> Iterator[tuple[date, Mapping[str, Result]]]:
        """Each entry of a visit that has some of the named values; derivations stand by the entry that counts."""
        for name in names:
            for row in self.derived.get(name, ()):
                is_counted = (row.usubjid, row.avisit, row.anl01fl) == (self.participant, visit.id, "Y")
                if is_counted and row.aval is not None and row.adt is not None:
                    yield row.adt, {name: Result(id=name, label=self._label(name), value=str(row.aval), unit=row.avalu)}
        homes = dict.fromkeys(form for name in names for form in self.index.homes.get(name, ()))
        for form in homes:
            for entry in self.index.repeats(self.participant, visit.id, form).values():
                found = {name: entry[name] for name in names if name in entry and entry[name].parsed}
                if found:
                    results = {
                        n: Result(id=n, label=self._label(n), value=v.parsed, unit=self.index.units[n]) for n, v in found.items()
                    }
                    yield max(value.collected_on for value in found.values()), results

    def _label(self, name: str) -> Text:
        items = (item.label for form in self.study.forms.values() for item in form.items if item.id == name)
        derivations = (one.label for one in self.study.derivations if one.id == name)
        return next(chain(items, derivations), Text(en=name, fa=name))


def _propose(rule: ProposalRule, records: _Records, visits: list[Encounter], first: date, last: date) -> Proposal | None:
    """The newest result of the time that shows the finding, else the newest that rules it out; None where nothing is known."""
    decide, names = findings()[rule.finding], tuple(rule.inputs.values())
    found: list[tuple[bool, date, int, Proposal]] = []
    for place, visit in enumerate(visits):
        for on, results in records.of(visit, names):
            given = {key: float(results[name].value) if name in results else None for key, name in rule.inputs.items()}
            is_present = decide(**given)
            if is_present is not None and first <= on <= last:
                shown = tuple(results.values())
                proposal = Proposal(
                    item=rule.item, is_present=is_present, encounter=visit.id, on=on, results=shown, cause=rule.cause
                )
                found.append((is_present, on, place, proposal))
    return max(found, key=lambda one: one[:3])[3] if found else None
