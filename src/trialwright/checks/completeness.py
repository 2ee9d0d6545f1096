"""The items of the WHO Trial Registration Data Set that a record lacks.

Source: WHO Trial Registration Data Set, version 1.3.1, 24 items. Secondary identifiers (3), secondary
sponsors (6) and results (23) may rightly be absent and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from trialwright.checks.findings import Evidence, Place, check
from trialwright.checks.reading import is_export, said
from trialwright.registry import Record
from trialwright.terms.sentences import Text

_SHARING_ASKED = 2019


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item of the data set: its number, its name, and the keys that answer it."""

    number: int
    name: Text
    keys: tuple[str, ...]


TRDS_ITEMS = (
    Item(number=1, name=Text(en="registry number", fa="شمارهٔ ثبت"), keys=("ids.registry",)),
    Item(number=2, name=Text(en="date of registration", fa="تاریخ ثبت"), keys=("dates.registration",)),
    Item(number=4, name=Text(en="source of support", fa="منبع مالی"), keys=("funding", "sponsors")),
    Item(number=5, name=Text(en="primary sponsor", fa="حامی اصلی"), keys=("sponsors",)),
    Item(number=7, name=Text(en="public contact", fa="تماس عمومی"), keys=("contacts.general",)),
    Item(number=8, name=Text(en="scientific contact", fa="تماس علمی"), keys=("contacts.scientific",)),
    Item(number=9, name=Text(en="public title", fa="عنوان عمومی"), keys=("titles.public",)),
    Item(number=10, name=Text(en="scientific title", fa="عنوان علمی"), keys=("titles.scientific",)),
    Item(
        number=11,
        name=Text(en="countries of recruitment", fa="کشورهای محل جذب"),
        keys=("centers", "registrant.country", "countries"),
    ),
    Item(number=12, name=Text(en="condition studied", fa="بیماری مورد مطالعه"), keys=("conditions",)),
    Item(number=13, name=Text(en="interventions", fa="مداخله‌ها"), keys=("arms", "interventions")),
    Item(number=14, name=Text(en="eligibility criteria", fa="معیارهای ورود و خروج"), keys=("eligibility.text",)),
    Item(number=15, name=Text(en="study type", fa="نوع مطالعه"), keys=("design.study_type", "design.allocation")),
    Item(
        number=16,
        name=Text(en="date of first enrolment", fa="تاریخ جذب نخستین شرکت‌کننده"),
        keys=("dates.actual_start", "dates.expected_start"),
    ),
    Item(number=17, name=Text(en="sample size", fa="حجم نمونه"), keys=("design.sample_size.target", "design.sample_size.actual")),
    Item(number=18, name=Text(en="recruitment status", fa="وضعیت جذب"), keys=("status.recruitment",)),
    Item(
        number=19,
        name=Text(en="primary outcome", fa="پیامد اولیه"),
        keys=("outcomes.primary", "outcomes.listed"),
    ),
    Item(
        number=20,
        name=Text(en="secondary outcomes", fa="پیامدهای ثانویه"),
        keys=("outcomes.secondary", "outcomes.listed"),
    ),
    Item(number=21, name=Text(en="ethics review", fa="تأیید اخلاق"), keys=("ethics",)),
    Item(
        number=22,
        name=Text(en="completion date", fa="تاریخ پایان کارآزمایی"),
        keys=("dates.completion", "dates.expected_completion"),
    ),
    Item(number=24, name=Text(en="data sharing statement", fa="برنامهٔ اشتراک داده‌ها"), keys=("sharing",)),
)


@check(
    code="record.items_missing",
    severity="warning",
    rule="A record answers every item of the Trial Registration Data Set that applies to it.",
    source="WHO Trial Registration Data Set 1.3.1",
)
def items_missing(record: Record, today: date) -> Iterator[Evidence]:
    """The items without an answer. A note where the form has no place for any of them."""
    apart = _not_asked(record)
    missing = [item for item in find_missing_items(record) if item.number not in apart and not _is_told_elsewhere(item, record)]
    if not missing or is_export(record):
        return
    shown = [one for item in missing for key in item.keys for one in record.all(key)[:1]]
    places = tuple(_place(one.path, one.label or one.key, one.span.line, one.span.start) for one in shown)
    first = record.fields[0]
    here = places or (_place(first.path, "(whole record)", first.span.line, first.span.start),)
    names = [f"{item.number} {item.name.en}" for item in missing]
    names_fa = [f"{item.number} {item.name.fa}" for item in missing]
    facts = {"count": len(missing), "items": Text(en="; ".join(names), fa="؛ ".join(names_fa))}
    yield Evidence(places=here, facts=facts, severity=None if shown else "note")


def find_missing_items(record: Record) -> tuple[Item, ...]:
    """Give the items that no field of the record answers."""
    return tuple(item for item in TRDS_ITEMS if not any(said(record, key) for key in item.keys))


def _is_told_elsewhere(item: Item, record: Record) -> bool:
    """Completion date and sharing plan printed empty have checks of their own."""
    return item.number in (22, 24) and any(record.all(key) for key in item.keys)


def _not_asked(record: Record) -> frozenset[int]:
    """Items that a form has no place for: their absence says nothing of the record.

    ClinicalTrials.gov does not publish the ethics review, takes contacts away once a trial no longer recruits, and
    has asked for a sharing plan since 2015, which editors require of trials that start from 2019. WHO's public export
    has no column for funding, the scientific contact, secondary outcomes, ethics, completion and sharing.
    """
    if is_export(record):
        return frozenset({4, 8, 20, 21, 22, 24})
    if record.form != "ctgov-json":
        return frozenset()
    status, start = record.get("status.recruitment"), record.start
    closed = {7, 8} if status is None or status.value not in ("recruiting", "pending") else set()
    early = {24} if start is None or start.date is None or start.date.latest.year < _SHARING_ASKED else set()
    return frozenset({21} | closed | early)


def _place(path: str, text: str, line: int, start: int) -> Place:
    return Place(path=path, text=text, line=line, start=start, end=start)


COMPLETENESS_CHECKS = (items_missing,)
