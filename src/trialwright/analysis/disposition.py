"""The CONSORT flow and the analysis sets, counted from the subject-level dataset."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import get_args

from trialwright.analysis.results import ArmFlow, Disposition, SetCount
from trialwright.analysis.tables import FLAG_OF_SET, Tables, by_arm, find_endpoint, members
from trialwright.datasets.adsl import SubjectRow
from trialwright.study.model import Arm, Estimand
from trialwright.terms.sentences import Text

SETS = {
    "full": (
        Text(en="Full analysis set", fa="مجموعهٔ تحلیل کامل"),
        Text(
            en="Everyone allocated, in the arm of the allocation, infused or not.",
            fa="همهٔ تخصیص‌یافتگان، در بازوی تخصیص، چه سلول گرفته باشند چه نه.",
        ),
    ),
    "per_protocol": (
        Text(en="Per-protocol set", fa="مجموعهٔ مطابق پروتکل"),
        Text(
            en="Those of the full set who received the treatment of their arm and no other, at a dose within tolerance, and "
            "have a value "
            "of the primary endpoint at its visit.",
            fa="کسانی از مجموعهٔ کامل که درمان بازوی خود و نه درمان دیگری را با دوز در حد رواداری گرفته‌اند و پیامد اصلی‌شان "
            "در ویزیت "
            "تعیین‌شده مقدار دارد.",
        ),
    ),
    "safety": (
        Text(en="Safety set", fa="مجموعهٔ ایمنی"),
        Text(
            en="Everyone who received what an arm gives, in the arm of what was received.",
            fa="همهٔ کسانی که درمان یک بازو را دریافت کرده‌اند، در بازوی درمانِ دریافت‌شده.",
        ),
    ),
}
WITHOUT_PRODUCT = {
    "full": Text(
        en="Everyone allocated, in the arm of the allocation, treated or not.",
        fa="همهٔ تخصیص‌یافتگان، در بازوی تخصیص، چه درمان شده باشند چه نه.",
    ),
    "per_protocol": Text(
        en="Those of the full set who have a value of the primary endpoint at its visit.",
        fa="کسانی از مجموعهٔ کامل که پیامد اصلی‌شان در ویزیت تعیین‌شده مقدار دارد.",
    ),
}
"""The definitions of a trial that gives no cell product, where no dose is measured."""
OUTSIDE_SAFETY = Text(en="allocated to cells and never infused", fa="تخصیص‌یافته به بازوی سلول و بدون تزریق")


def count_disposition(tables: Tables) -> Disposition:
    """Who was screened, allocated, treated, withdrawn and analysed."""
    subjects, plan = tables.subjects, tables.study.analysis.primary
    endpoint = find_endpoint(tables.study, plan.endpoint)
    rows = tables.counting.get((endpoint.concept, plan.encounter), {})
    without_baseline = endpoint.baseline is None
    observed = {p for p, row in rows.items() if row.aval is not None and (without_baseline or row.base is not None)}
    allocated = [s for s in subjects if s.randfl == "Y"]
    failures = [s for s in subjects if s.eosstt == "SCREEN FAILURE"]
    arms = by_arm(tables.study, allocated, "full")
    return Disposition(
        screened=len(subjects),
        consented=sum(s.enrlfl == "Y" for s in subjects),
        screen_failures=len(failures),
        screen_failure_reasons=_counted(s.dcsreas for s in failures),
        allocated=len(allocated),
        arms=tuple(_flow(arm, arms[arm.id], observed) for arm in tables.study.arms),
    )


def count_sets(tables: Tables) -> tuple[SetCount, ...]:
    """Each analysis set that an estimand can name, with those of the allocated who are outside it and why."""
    names: tuple[str, ...] = get_args(Estimand.__annotations__["analysis_set"])
    return tuple(_set(tables, name) for name in names)


def _flow(arm: Arm, subjects: tuple[SubjectRow, ...], observed: set[str]) -> ArmFlow:
    received = sum(s.trt01a == arm.id for s in subjects)
    gone = [s for s in subjects if s.eosstt == "DISCONTINUED"]
    return ArmFlow(
        arm=arm.id,
        label=arm.label,
        allocated=len(subjects),
        received=received,
        not_received=len(subjects) - received,
        withdrawn=len(gone),
        withdrawal_reasons=_counted(s.dcsreas for s in gone),
        completed=sum(s.eosstt == "COMPLETED" for s in subjects),
        ongoing=sum(s.eosstt == "ONGOING" for s in subjects),
        analysed=sum(s.usubjid in observed for s in subjects),
    )


def _counted(reasons: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(reason or "not stated" for reason in reasons).items()))


def _set(tables: Tables, name: str) -> SetCount:
    label, definition = SETS[name]
    if not any(tables.study.cell_product(arm.id) for arm in tables.study.arms):
        definition = WITHOUT_PRODUCT.get(name, definition)
    inside = members(tables, name)
    outside = [s for s in tables.subjects if s.randfl == "Y" and getattr(s, FLAG_OF_SET[name]) != "Y"]
    return SetCount(
        id=name,
        label=label,
        definition=definition,
        by_arm={arm: len(rows) for arm, rows in by_arm(tables.study, inside, name).items()},
        outside=tuple((s.usubjid, s.pprotexc if name == "per_protocol" and s.pprotexc else OUTSIDE_SAFETY) for s in outside),
    )
