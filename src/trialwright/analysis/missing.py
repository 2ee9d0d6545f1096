"""Every planned value that is not there, or that an estimand sets aside, with its reason. None is imputed."""

from trialwright.analysis.handling import handled_individual
from trialwright.analysis.results import Individual, MissingValue
from trialwright.analysis.tables import Tables, arm_of, members
from trialwright.datasets.adlb import BASELINE_VISIT
from trialwright.datasets.adsl import SubjectRow
from trialwright.datasets.missing import NO_BASELINE, NOT_RECORDED
from trialwright.study.model import Endpoint


def list_missing(tables: Tables) -> tuple[MissingValue, ...]:
    """For the members of each endpoint's analysis set: baseline first, then its encounters."""
    found: list[MissingValue] = []
    for endpoint in tables.study.endpoints:
        for subject in members(tables, endpoint.estimand.analysis_set):
            if endpoint.baseline is not None and subject.usubjid not in tables.baselines.get(endpoint.concept, {}):
                found.append(_missing(tables, endpoint, BASELINE_VISIT, subject, None))
            for visit in endpoint.encounters:
                seen = handled_individual(tables, endpoint, visit, subject)
                if seen.value is None:
                    found.append(_missing(tables, endpoint, visit, subject, seen))
    return tuple(found)


def _missing(tables: Tables, endpoint: Endpoint, visit: str, subject: SubjectRow, seen: Individual | None) -> MissingValue:
    row = tables.counting.get((endpoint.concept, visit), {}).get(subject.usubjid)
    known = row.missing if row is not None and row.missing is not None else NO_BASELINE if seen is None else NOT_RECORDED
    handled = seen is not None and seen.fate != "as_collected"
    return MissingValue(
        endpoint=endpoint.id,
        encounter=visit,
        participant=subject.usubjid,
        arm=arm_of(subject, endpoint.estimand.analysis_set),
        code=seen.fate if seen is not None and handled else known.code,
        reason=seen.missing if seen is not None and handled and seen.missing is not None else known.reason,
    )
