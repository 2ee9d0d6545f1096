"""When a response came and whether it lasted: cumulative incidence with competing failure, and time to relapse among responders.

A time is known to the visit that showed it, so it is the planned day of that visit. Somebody still without response is cut
off at the last visit that could be judged. With so few participants a curve is a short staircase: its share at one day with an
interval is given, and no median that the next participant would move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from trialwright.analysis import reliability
from trialwright.analysis.methods.aalen_johansen import aalen_johansen, incidence_log_log
from trialwright.analysis.methods.allocation_lists import ReferenceSet
from trialwright.analysis.methods.follow_up import read_follow_up
from trialwright.analysis.methods.kaplan_meier import kaplan_meier, survival_exact
from trialwright.analysis.methods.log_rank import log_rank_over_lists
from trialwright.analysis.methods.result import Interval, NotEstimable, Test, not_estimable
from trialwright.analysis.results import ArmResponseTimes, Reliability, ResponseTimes
from trialwright.analysis.values import compared_arms, experimental_arm
from trialwright.datasets.adice import IntercurrentRow, dose_encounter
from trialwright.datasets.adrs import UNDETERMINED, ResponseRow
from trialwright.datasets.adsl import SubjectRow
from trialwright.study.model import Study

RESPONSES = ("complete", "partial")
CUT_OFF, RESPONDED, FAILED = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class Course:
    """One participant's visits in order, and the event that counts as failure, if any; `rows` end before it.

    Units: `planned` days from allocation, by the number of the visit.
    """

    subject: SubjectRow
    planned: Mapping[int, int]
    rows: Sequence[ResponseRow]
    failed: IntercurrentRow | None

    def to_response(self) -> tuple[int, int]:
        """Days from allocation to the first response, to failure, or to the last visit that could be judged; and which it was."""
        first = next((row for row in self.rows if row.avalc in RESPONSES), None)
        if first is not None:
            return self._days(first), RESPONDED
        if self.failed is not None:
            return max(0, self.failed.ady - 1), FAILED
        judged = [row for row in self.rows if row.avalc != UNDETERMINED]
        return (self._days(judged[-1]) if judged else 0), CUT_OFF

    def to_relapse(self) -> tuple[int, int] | None:
        """Days from the first response to the first visit without one, or to failure; None for whoever never responded."""
        first = next((place for place, row in enumerate(self.rows) if row.avalc in RESPONSES), None)
        if first is None:
            return None
        start, later = self._days(self.rows[first]), [row for row in self.rows[first + 1 :] if row.avalc != UNDETERMINED]
        lost = next((row for row in later if row.avalc not in RESPONSES), None)
        if lost is not None:
            return self._days(lost) - start, 1
        if self.failed is not None:
            return max(0, self.failed.ady - 1 - start), 1
        return (self._days(later[-1]) - start if later else 0), CUT_OFF

    def _days(self, row: ResponseRow) -> int:
        return self.planned[row.avisitn]


def planned_days(study: Study) -> Mapping[int, int]:
    """The planned day of each visit from allocation, by its number; from the planned day of the dose where it counts from that."""
    dose = dose_encounter(study, experimental_arm(study)).target
    start = {"screening": timedelta(0), "allocation": timedelta(0), "infusion": dose}
    return {number: (start[e.anchor] + e.target).days for number, e in enumerate(study.encounters, start=1)}


def describe_response_times(courses: Mapping[str, Sequence[Course]], study: Study, reference: ReferenceSet | None) -> ResponseTimes:
    """Times by arm. `reference` has the lists over the participants of the compared arms in the order of allocation."""
    arms = tuple(_arm(arm, people, study) for arm, people in courses.items())
    if reference is None:
        return ResponseTimes(arms=arms, test=None)
    people = sorted((one for arm in compared_arms(study) for one in courses[arm]), key=lambda one: one.subject.slot or 0)
    return ResponseTimes(arms=arms, test=_test(people, reference))


def _arm(arm: str, people: Sequence[Course], study: Study) -> ArmResponseTimes:
    confidence = float(study.analysis.confidence)
    ends = [one.to_response() for one in people]
    relapses = [found for one in people if (found := one.to_relapse()) is not None]
    incidence, day = _incidence(ends, confidence)
    lasting, relapse_day = _lasting(relapses, confidence)
    errs: tuple[Reliability, ...] = ()
    if isinstance(incidence, Interval):
        unmeasured = reliability.unmeasured_coverage(len(people), confidence)
        errs = reliability.with_design((unmeasured,), study, "incidence_log_log")
    errs += (reliability.of_survival(len(relapses), confidence),) if isinstance(lasting, Interval) else ()
    return ArmResponseTimes(
        arm=arm,
        participants=len(people),
        responded=sum(cause == RESPONDED for _, cause in ends),
        competing=sum(cause == FAILED for _, cause in ends),
        day=day,
        incidence=incidence,
        relapsed=sum(cause > CUT_OFF for _, cause in relapses),
        relapse_day=relapse_day,
        without_relapse=lasting,
        reliability=errs,
    )


def _incidence(ends: Sequence[tuple[int, int]], confidence: float) -> tuple[Interval | NotEstimable, int]:
    follow_up = read_follow_up([float(day) for day, _ in ends], [cause for _, cause in ends])
    if isinstance(follow_up, NotEstimable):
        return follow_up, 0
    return incidence_log_log(aalen_johansen(follow_up, RESPONDED), follow_up.last, confidence), int(follow_up.last)


def _lasting(relapses: Sequence[tuple[int, int]], confidence: float) -> tuple[Interval | NotEstimable, int]:
    if not any(day for day, _ in relapses):
        nobody = not_estimable(
            "Nobody with a response was seen again after it, so nothing is known of relapse.",
            "هیچ‌یک از پاسخ‌دهندگان پس از پاسخ دوباره دیده نشده و دربارهٔ عود چیزی دانسته نیست.",
        )
        return nobody, 0
    follow_up = read_follow_up([float(day) for day, _ in relapses], [cause for _, cause in relapses])
    if isinstance(follow_up, NotEstimable):
        return follow_up, 0
    return survival_exact(kaplan_meier(follow_up), follow_up.last, confidence), int(follow_up.last)


def _test(people: Sequence[Course], reference: ReferenceSet) -> Test | NotEstimable:
    """Times to response; failure cuts off, as it does for the hazard of response."""
    ends = [one.to_response() for one in people]
    follow_up = read_follow_up([float(day) for day, _ in ends], [int(cause == RESPONDED) for _, cause in ends])
    if isinstance(follow_up, NotEstimable):
        return follow_up
    found = log_rank_over_lists(follow_up, reference)
    return found if isinstance(found, NotEstimable) else found.test
