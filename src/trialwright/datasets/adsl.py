"""ADSL: one row a screened person, with arm, dates, analysis sets and how the study ended.

The sets, in words. Full: everyone allocated, in the arm of the allocation, infused or not. Safety: everyone who received what the
arm gives (in an arm without a cell product: everyone allocated to it), in the arm of what was received. Per protocol: of the full
set, those who received the arm's treatment and no other, at a dose inside the protocol's tolerance, and have a value of the
primary endpoint at its encounter (judged in `adlb`, so it is set there). A field is named as its CDISC variable in small letters.

Source: CDISC ADaM Implementation Guide 1.3, ADSL; ICH E9 section 5.2 (analysis sets).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from trialwright.datasets.adlb import LaboratoryRow, derive_adlb
from trialwright.datasets.collected import Collected, CollectedInfusion, CollectedParticipant
from trialwright.datasets.index import Index, age_years, baseline_date, build_index
from trialwright.study.model import Arm, Study
from trialwright.terms.sentences import Text

HALF_A_DIGIT = Decimal("0.05")  # million cells


@dataclass(frozen=True, kw_only=True)
class SubjectRow:
    """A row of ADSL. Units: age in completed years, `agex` in years to two decimals; `dosekg` million viable cells per kg.

    Flags are "Y" or "N". `trt01p` is the arm of the allocation, `trt01a` the arm of what was received; both are arm ids, empty
    where there is none.
    """

    usubjid: str
    siteid: str
    scrndt: date
    rficdt: date | None
    randdt: date | None
    slot: int | None
    arm: str
    trt01p: str
    trt01a: str
    trtsdtm: str
    dosekg: str
    enrlfl: str
    randfl: str
    fasfl: str
    saffl: str
    pprotfl: str
    pprotexc: Text | None
    age: int | None
    agex: Decimal | None
    sex: str
    eosstt: str
    eosdt: date | None
    dcsreas: str


def derive_adsl(
    collected: Collected, study: Study, *, laboratory: Sequence[LaboratoryRow] | None = None, index: Index | None = None
) -> tuple[SubjectRow, ...]:
    """One row for each screened person, in the order of screening numbers; `laboratory` and `index` spare deriving them again."""
    index = index or build_index(collected, study)
    primary = study.analysis.primary
    endpoint = next(e for e in study.endpoints if e.id == primary.endpoint)
    rows = laboratory if laboratory is not None else derive_adlb(collected, study, only=endpoint.concept)
    rows = [row for row in rows if row.paramcd == endpoint.concept]
    observed = {row.usubjid for row in rows if row.anl01fl == "Y" and row.avisit == primary.encounter and row.aval is not None}
    return tuple(_subject(index, study, participant, participant.id in observed) for participant in collected.participants)


def received_arm(study: Study, participant: CollectedParticipant, infused: bool) -> str:
    """The arm of what was received: an infusion makes it the cell arm, its absence an arm without a cell product."""
    if participant.arm is None:
        return ""
    if infused == (study.cell_product(participant.arm) is not None):
        return participant.arm
    return next((arm.id for arm in study.arms if (study.cell_product(arm.id) is not None) == infused), "")


def _subject(index: Index, study: Study, participant: CollectedParticipant, observed: bool) -> SubjectRow:
    infusions = index.infusions.get(participant.id, ())
    on = baseline_date(participant)
    age = age_years(index, participant.id, on)
    sex = index.once(participant.id, "sex")
    exclusion = _not_per_protocol(study, participant, infusions, observed)
    status, ended = _end(index, study, participant)
    return SubjectRow(
        usubjid=participant.id,
        siteid=participant.site,
        scrndt=participant.screened_on,
        rficdt=participant.consented_on,
        randdt=participant.allocated_at.date() if participant.allocated_at else None,
        slot=participant.slot,
        arm=participant.arm or "",
        trt01p=participant.arm or "",
        trt01a=received_arm(study, participant, bool(infusions)),
        trtsdtm=infusions[0].started_at.isoformat() if infusions else "",
        dosekg=infusions[0].dose_million_per_kg if infusions else "",
        enrlfl=_flag(participant.consented_on is not None),
        randfl=_flag(participant.allocated_at is not None),
        fasfl=_flag(participant.allocated_at is not None),
        saffl=_flag(_is_in_safety_set(study, participant, bool(infusions))),
        pprotfl=_flag(exclusion is None),
        pprotexc=exclusion,
        age=int(age) if age is not None else None,
        agex=age.quantize(Decimal("0.01")) if age is not None else None,
        sex=sex.parsed if sex else "",
        eosstt=status,
        eosdt=ended,
        dcsreas=participant.withdrawal_reason or participant.screen_failure,
    )


def _is_in_safety_set(study: Study, participant: CollectedParticipant, infused: bool) -> bool:
    if participant.allocated_at is None:
        return False
    return infused or (participant.arm is not None and study.cell_product(participant.arm) is None)


def _not_per_protocol(
    study: Study, participant: CollectedParticipant, infusions: tuple[CollectedInfusion, ...], observed: bool
) -> Text | None:
    """Why a participant is outside the per-protocol set, None where inside."""
    if participant.allocated_at is None or participant.arm is None:
        return Text(en="not allocated, or the arm is not revealed", fa="تخصیص نیافته یا بازو آشکار نشده است")
    product = study.cell_product(participant.arm)
    if product is None and infusions:
        return Text(en="received cells in an arm without them", fa="در بازوی بدون سلول، سلول دریافت کرد")
    if product is not None and not infusions:
        return Text(en="was never infused", fa="هرگز سلول دریافت نکرد")
    if product is not None and len(infusions) > 1:
        return Text(en="received more than one infusion", fa="بیش از یک نوبت سلول دریافت کرد")
    if product is not None and product.dose is not None and is_outside_tolerance(study.arm(participant.arm), study, infusions[0]):
        return Text(en="the dose was outside the tolerance of the protocol", fa="دوز خارج از رواداری پروتکل بود")
    if not observed:
        return Text(en="no value of the primary endpoint at its visit", fa="پیامد اصلی در ویزیت تعیین‌شده مقداری ندارد")
    return None


def is_outside_tolerance(arm: Arm, study: Study, infusion: CollectedInfusion) -> bool:
    """Whether the cells given differ from the planned dose by more than the tolerance.

    Cells are recorded to 0.1 million and the bedside judged the unrounded number, so half of the last digit is no deviation.
    """
    product = study.cell_product(arm.id)
    if product is None or product.dose is None or not infusion.weight_kg or not infusion.viable_cells_million:
        return False
    planned = product.dose.planned_million(Decimal(infusion.weight_kg))
    off = abs(Decimal(infusion.viable_cells_million) - planned) - HALF_A_DIGIT
    return off * 100 > planned * product.dose.tolerance_percent


def _end(index: Index, study: Study, participant: CollectedParticipant) -> tuple[str, date | None]:
    """EOSSTT and its day: completed means that something was recorded at the last planned encounter."""
    if participant.allocated_at is None:
        return ("SCREEN FAILURE" if participant.screen_failure else "NOT ALLOCATED"), participant.withdrawn_on
    last = [e for e in study.encounters if not e.arms or participant.arm in e.arms][-1]
    days = [
        value.collected_on
        for form in last.forms
        for entry in index.repeats(participant.id, last.id, form).values()
        for value in entry.values()
    ]
    if days:
        return "COMPLETED", max(days)
    return ("DISCONTINUED", participant.withdrawn_on) if participant.withdrawn_on else ("ONGOING", None)


def _flag(yes: bool) -> str:
    return "Y" if yes else "N"
