"""Responders by each definition that the study names, side by side, with exact intervals, a test and a posterior statement.

The denominator is the full analysis set: a participant whose response could not be decided counts as no responder and is listed,
so that leaving the study can never look like a response. Intercurrent events are handled as the estimand of the endpoint that
measures the same protein says: what it counts as failure is no response, whatever earlier visits said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from trialwright.analysis import reliability
from trialwright.analysis.handling import about_event, deciding_event
from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.beta_binomial import first_exceeds_second, posterior
from trialwright.analysis.methods.proportion import clopper_pearson, mid_p_interval
from trialwright.analysis.methods.risk_difference import risk_difference
from trialwright.analysis.methods.two_by_two import boschloo
from trialwright.analysis.response_times import Course, describe_response_times, planned_days
from trialwright.analysis.results import ArmResponse, IndividualResponse, ResponseComparison, ResponseResult
from trialwright.analysis.tables import Tables, by_arm, find_endpoint, members
from trialwright.analysis.two_arms import Drawn, reference_lists
from trialwright.analysis.values import compared_arms
from trialwright.datasets.adice import IntercurrentRow
from trialwright.datasets.adrs import BEST, ORDER, UNDETERMINED, ResponseRow
from trialwright.datasets.adsl import SubjectRow
from trialwright.study.model import Endpoint, ResponseUse, Study
from trialwright.terms.sentences import Text

COMPLETE = Text(en="Complete response", fa="پاسخ کامل")
EITHER = Text(en="Complete or partial response", fa="پاسخ کامل یا نسبی")
Rows = Sequence[ResponseRow]
exact_difference = cache(risk_difference)  # a tenth of a second each, and many definitions find the same counts


def describe_responses(tables: Tables, *, rng: np.random.Generator, drawn: Drawn = None) -> tuple[ResponseResult, ...]:
    """One result a definition, in the order of the analysis plan."""
    if not tables.study.analysis.responses:
        return ()
    reference = _reference(tables, rng, drawn)
    found = (_describe(tables, use, reference) for use in tables.study.analysis.responses)
    return tuple(result for result in found if result is not None)


def _reference(tables: Tables, rng: np.random.Generator, drawn: Drawn) -> ReferenceSet | None:
    """The lists over the full set of the compared arms; None for one arm, or where nobody is allocated."""
    compared = compared_arms(tables.study)
    people = [person for person in members(tables, "full") if person.trt01p in compared]
    if len(compared) == 1 or not people:
        return None
    treated = [int(person.trt01p == compared[0]) for person in people]
    return reference_lists(treated, [person.usubjid for person in people], tables.study, drawn, rng)


def _describe(tables: Tables, use: ResponseUse, reference: ReferenceSet | None) -> ResponseResult | None:
    rows = [r for r in tables.responses if r.paramcd == use.definition and r.by == use.by]
    encounter = tables.study.encounter(use.by)
    if not rows or encounter is None:
        return None
    endpoint = _governing(tables.study, rows[0].source)
    seen = {subject.usubjid for subject in members(tables, "full")} & {row.usubjid for row in rows}
    subjects = by_arm(tables.study, [s for s in members(tables, "full") if s.usubjid in seen], "full")
    best: dict[str, list[ResponseRow]] = {}
    courses: dict[str, list[Course]] = {}
    for arm, people in subjects.items():
        handled = [_handled(tables, endpoint, use, s, [r for r in rows if r.usubjid == s.usubjid]) for s in people]
        best[arm] = [row for row, _ in handled]
        courses[arm] = [course for _, course in handled]
    confidence = float(tables.study.analysis.confidence)
    arms = tuple(_arm(arm, found, confidence) for arm, found in best.items())
    return ResponseResult(
        definition=use.definition,
        version=rows[0].version,
        label=rows[0].param,
        by=use.by,
        by_label=encounter.label,
        arms=arms,
        individuals=tuple(_individual(tables, arm, row) for arm, found in best.items() for row in found),
        comparisons=_comparisons(tables.study, {arm.arm: arm for arm in arms}, confidence),
        times=describe_response_times(courses, tables.study, reference),
    )


def _governing(study: Study, source: str) -> Endpoint:
    """The endpoint whose estimand a response follows: that of the same protein, else the primary one."""
    primary = find_endpoint(study, study.analysis.primary.endpoint)
    return next((endpoint for endpoint in (primary, *study.endpoints) if endpoint.concept == source), primary)


def _handled(tables: Tables, endpoint: Endpoint, use: ResponseUse, subject: SubjectRow, rows: Rows) -> tuple[ResponseRow, Course]:
    """The best response of one participant as the estimand takes it, and the course of visits that it may use."""
    visits, best = [row for row in rows if row.avisit != BEST], next(row for row in rows if row.avisit == BEST)
    planned, decisive = planned_days(tables.study), deciding_event(tables, endpoint, use.by, subject)
    if decisive is None:
        return best, Course(subject=subject, planned=planned, rows=visits, failed=None)
    event, strategy = decisive
    before = [row for row in visits if row.adt is not None and row.adt < event.astdt]
    if strategy == "composite":
        failed = replace(best, avalc="none", avisitn=0, adt=event.astdt, reason=about_event("response_failed", event))
        return failed, Course(subject=subject, planned=planned, rows=before, failed=event)
    return _best_before(best, before, event), Course(subject=subject, planned=planned, rows=before, failed=None)


def _best_before(best: ResponseRow, before: Rows, event: IntercurrentRow) -> ResponseRow:
    found = min(before, key=lambda row: (ORDER.index(row.avalc), row.avisitn), default=None)
    if found is None:
        return replace(best, avalc=UNDETERMINED, avisitn=0, adt=None, reason=about_event("missing_set_aside", event))
    return replace(best, avalc=found.avalc, avisitn=found.avisitn, adt=found.adt, reason=found.reason)


def _arm(arm: str, rows: Rows, confidence: float) -> ArmResponse:
    found = [row.avalc for row in rows]
    complete, partial, whole = found.count("complete"), found.count("partial"), len(rows)
    either = complete + partial
    return ArmResponse(
        arm=arm,
        participants=whole,
        complete=complete,
        partial=partial,
        undecided=found.count(UNDETERMINED),
        complete_interval=clopper_pearson(complete, whole, confidence),
        any_interval=clopper_pearson(either, whole, confidence),
        complete_mid_p=mid_p_interval(complete, whole, confidence),
        any_mid_p=mid_p_interval(either, whole, confidence),
        complete_posterior=posterior(complete, whole, probability=confidence),
        any_posterior=posterior(either, whole, probability=confidence),
        reliability=(reliability.of_clopper_pearson(whole, confidence), reliability.of_mid_p(whole, confidence)) if whole else (),
    )


def _comparisons(study: Study, arms: Mapping[str, ArmResponse], confidence: float) -> tuple[ResponseComparison, ...]:
    """Boschloo's test, the exact interval of the difference and the posterior chance, for complete and for any response."""
    compared = compared_arms(study)
    if len(compared) == 1 or any(arms[arm].participants == 0 for arm in compared):
        return ()
    first, second = (arms[arm] for arm in compared)
    alpha, sizes = float(study.analysis.primary.alpha), (first.participants, second.participants)
    found = []
    for response, label, count in (("complete", COMPLETE, _complete), ("any", EITHER, _either)):
        table = (count(first), sizes[0], count(second), sizes[1])
        found.append(
            ResponseComparison(
                response="complete" if response == "complete" else "any",
                label=label,
                compared=(compared[0], compared[1]),
                difference=exact_difference(*table, confidence),
                test=boschloo(*table),
                belief=first_exceeds_second(*table),
                reliability=reliability.with_design(
                    reliability.of_boschloo(*sizes, alpha, confidence), study, "boschloo", "risk_difference"
                ),
            )
        )
    return tuple(found)


def _complete(arm: ArmResponse) -> int:
    return arm.complete


def _either(arm: ArmResponse) -> int:
    return arm.complete + arm.partial


def _individual(tables: Tables, arm: str, row: ResponseRow) -> IndividualResponse:
    visit = tables.study.encounters[row.avisitn - 1].id if row.avisitn else ""
    return IndividualResponse(participant=row.usubjid, arm=arm, best=row.avalc, encounter=visit, reason=row.reason)
