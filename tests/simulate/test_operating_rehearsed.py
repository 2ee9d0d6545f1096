"""One model, two speeds: what was collected in a rehearsal, put through the arrays, gives the endpoint values of the datasets."""

import numpy as np
import pytest

from trialwright.conduct.queries import find_collected
from trialwright.datasets.adlb import COUNTS_AS_COMPLETE, derive_adlb
from trialwright.datasets.adrs import BEST, derive_adrs
from trialwright.datasets.index import age_years, baseline_date, build_index
from trialwright.measures.lupus.sledai_2k import read_items
from trialwright.simulate import derived
from trialwright.simulate.plan import read_plan
from trialwright.simulate.responders import respond

from .rehearsed import LUPUS, Rehearsed, study_of

MOST_REPEATS = 3


class Desk:
    """A rehearsal's collected values, laid out as the arrays want them: (repeats, visits, participants), NaN where missing."""

    def __init__(self, run: Rehearsed) -> None:
        self.study = study_of(run.summary.study)
        self.plan = read_plan(self.study)
        self.collected = find_collected(run.trial)
        self.index = build_index(self.collected, self.study)
        self.people = [p for p in self.collected.participants if p.allocated_at is not None]

    def item(self, form: str, item: str) -> np.ndarray:
        return self._each(form, lambda entry: float(entry[item].parsed) if item in entry and entry[item].parsed else np.nan)

    def said_yes(self, form: str, item: str) -> np.ndarray:
        return self._each(form, lambda entry: float(entry[item].parsed == "yes"))

    def _each(self, form: str, read) -> np.ndarray:
        found = np.full((MOST_REPEATS, len(self.plan.visits), len(self.people)), np.nan)
        for v, visit in enumerate(self.plan.visits):
            for p, person in enumerate(self.people):
                for repeat, entry in self.index.repeats(person.id, visit.id, form).items():
                    found[repeat - 1, v, p] = read(entry)
        return found

    def complete(self, form: str) -> np.ndarray:
        found = np.zeros((MOST_REPEATS, len(self.plan.visits), len(self.people)), dtype=bool)
        for v, visit in enumerate(self.plan.visits):
            for p, person in enumerate(self.people):
                for repeat in range(1, MOST_REPEATS + 1):
                    judged = self.index.judgements.get((person.id, visit.id, form, repeat), "")
                    found[repeat - 1, v, p] = judged in COUNTS_AS_COMPLETE
        return found

    def age(self, form: str) -> np.ndarray:
        found = np.full((len(self.plan.visits), len(self.people)), np.nan)
        for v, visit in enumerate(self.plan.visits):
            for p, person in enumerate(self.people):
                days = [x.collected_on for e in self.index.repeats(person.id, visit.id, form).values() for x in e.values()]
                if days:
                    found[v, p] = float(age_years(self.index, person.id, max(days)))
        return found

    def values(self) -> dict[str, np.ndarray]:
        """Every simulated parameter by the arrays' own derivation."""
        found = self._lupus() if self.study.id == LUPUS else self._children()
        creatinine = self.item("blood_safety", "creatinine")[0]
        sex = np.array([self.index.once(p.id, "sex").parsed for p in self.people])
        at_allocation = np.array([float(age_years(self.index, p.id, baseline_date(p))) for p in self.people])
        found["gfr"] = derived.gfr(
            creatinine,
            self.age("blood_safety"),
            np.broadcast_to(sex, creatinine.shape),
            self.item("vitals", "height")[0],
            np.broadcast_to(at_allocation, creatinine.shape),
            0,
        )
        return found | {"creatinine": creatinine, "albumin": self.item("blood_safety", "albumin")[0]}

    def _lupus(self) -> dict[str, np.ndarray]:
        complete = self.complete("urine_24h")
        protein, volume, hours, creatinine = (
            self.item("urine_24h", f"urine_{name}") for name in ("protein", "volume", "hours", "creatinine")
        )
        items = {item.id: self.said_yes("sledai", f"sledai_{item.id}")[0] for item in read_items()}
        scored = np.isfinite(items["seizure"])
        score = derived.sledai_2k({name: present == 1 for name, present in items.items()})
        return {
            "protein_24h": derived.first_complete(derived.protein_24h(protein, volume, hours, 2), complete),
            "upcr_24h": derived.first_complete(derived.upcr(protein, creatinine, 2), complete),
            "sledai_2k": np.where(scored, score, np.nan),
        }

    def _children(self) -> dict[str, np.ndarray]:
        samples = derived.upcr(self.item("spot_urine", "spot_protein"), self.item("spot_urine", "spot_creatinine"), 2)
        return {"upcr": derived.mean_of_samples(samples, 2)}


@pytest.fixture
def desk(finished: Rehearsed) -> Desk:
    return Desk(finished)


def test_every_endpoint_value_baseline_and_change_is_that_of_the_datasets(desk):
    """Exactly, to the last digit; a value that is missing in one is missing in the other."""
    values, compared = desk.values(), 0
    visits, people = [v.id for v in desk.plan.visits], {p.id: place for place, p in enumerate(desk.people)}
    for endpoint in desk.plan.endpoints:
        course, rule = values[endpoint.endpoint.concept], endpoint.endpoint.baseline
        base = derived.baseline_of(course[list(endpoint.baseline)], rule.rule, endpoint.endpoint.decimals)
        for row in derive_adlb(desk.collected, desk.study, only=endpoint.endpoint.concept):
            if row.anl01fl != "Y" or row.usubjid not in people or row.avisit not in visits:
                continue
            found = course[visits.index(row.avisit), people[row.usubjid]]
            assert (np.isnan(found) and row.aval is None) or found == float(row.aval), (endpoint.id, row)
            if row.chg is not None:
                assert base[people[row.usubjid]] == float(row.base), (endpoint.id, row)
                assert round(found - base[people[row.usubjid]], 9) == float(row.chg)
                compared += 1
    assert compared > 5 * len(people)


def test_the_best_response_of_everyone_is_that_of_the_datasets(desk):
    values, decided = desk.values(), 0
    best = {(r.usubjid, r.paramcd): r.avalc for r in derive_adrs(desk.collected, desk.study) if r.avisit == BEST}
    for use in desk.study.analysis.responses:
        found = respond(desk.plan, values, use)
        if found is None:
            continue
        for place, person in enumerate(desk.people):
            arrays = "complete" if found.complete[place] else "partial" if found.any_response[place] else "neither"
            datasets = best[person.id, use.definition]
            assert arrays == (datasets if datasets in ("complete", "partial") else "neither"), (person.id, use.definition)
            decided += 1
    assert decided >= 2 * len(desk.people)
