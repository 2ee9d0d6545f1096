"""The analysis of one trial: from what was collected, with arms revealed, to results that every report is printed from.

No page that serves the conduct of a trial may import this: whoever compares arms while a trial runs can steer it.
"""

from collections.abc import Sequence

from numpy.random import Generator, Philox

from trialwright.analysis.disposition import count_disposition, count_sets
from trialwright.analysis.endpoints import describe_endpoint
from trialwright.analysis.handling import describe_events, unseen_notes
from trialwright.analysis.missing import list_missing
from trialwright.analysis.primary import analyse_primary
from trialwright.analysis.responses import describe_responses
from trialwright.analysis.results import Results
from trialwright.analysis.safety import describe_safety
from trialwright.analysis.secondary import analyse_secondary
from trialwright.analysis.tables import Tables, derive_tables
from trialwright.datasets.collected import Collected
from trialwright.study.model import Study
from trialwright.study.stratification import MinimisedList, StratifiedLists, UsedList
from trialwright.terms.sentences import Text


def analyse(
    study: Study,
    collected: Collected,
    *,
    rng_seed: int,
    block_sizes: Sequence[int] | None = None,
    procedure: UsedList | None = None,
) -> Results:
    """Analyse a trial by its own plan.

    `block_sizes`, or the `procedure` that drew the list otherwise, come from the custodian's list after lock, the sizes in the
    order of the slots; without either the re-randomisation test cannot be over the trial's own procedure, and its definition says
    so. `rng_seed` matters only where the lists are too many to count.
    """
    tables = derive_tables(collected, study)
    rng = Generator(Philox(key=rng_seed))
    days = [value.collected_on for value in collected.values]
    return Results(
        study=study.id,
        protocol_version=study.protocol_version,
        digest=study.digest,
        data_until=max(days, default=None),
        arms={arm.id: arm.label for arm in study.arms},
        disposition=count_disposition(tables),
        sets=count_sets(tables),
        primary=analyse_primary(tables, rng=rng, block_sizes=block_sizes, procedure=procedure),
        secondary=analyse_secondary(tables, rng=rng, block_sizes=block_sizes, procedure=procedure),
        endpoints=tuple(describe_endpoint(tables, endpoint) for endpoint in study.endpoints),
        responses=describe_responses(tables, rng=rng, drawn=block_sizes if procedure is None else procedure),
        safety=describe_safety(tables),
        intercurrent=describe_events(tables),
        missing=list_missing(tables),
        notes=(*_notes(tables), *_misplaced(procedure)),
    )


def _notes(tables: Tables) -> tuple[Text, ...]:
    """What a reader of any printed result must know about how it was made."""
    version = tables.study.safety.ctcae_version
    notes = [
        Text(
            en="Missing values are listed with their reason. None was imputed.",
            fa="مقادیر ناموجود با دلیل فهرست شده‌اند. هیچ مقداری جایگزین نشده است.",
        ),
        Text(
            en=f"Adverse events are graded by CTCAE {version}, one version for the whole trial.",
            fa=f"عوارض نامطلوب با CTCAE {version} درجه‌بندی شده‌اند؛ یک ویرایش برای تمام کارآزمایی.",
        ),
        Text(
            en="There is one primary analysis. All other comparisons are descriptive: their p values and intervals are not "
            "adjusted for their "
            "number.",
            fa="تنها یک تحلیل اصلی وجود دارد. مقایسه‌های دیگر توصیفی‌اند و p و بازه‌های آن‌ها برای تعدادشان تعدیل نشده است.",
        ),
    ]
    incomplete = sum(row.missing is not None and row.missing.code == "incomplete_collection" for row in tables.laboratory)
    if incomplete:
        notes.append(_collection_note())
    return (*notes, *unseen_notes(tables.study))


def _misplaced(used: UsedList | None) -> tuple[Text, ...]:
    """Whoever was allocated in a stratum that a later correction contradicts: counted where allocation put them, and named."""
    found = used.misplaced if isinstance(used, StratifiedLists | MinimisedList) else ()
    none = Text(en="none of the levels", fa="هیچ‌یک از سطح‌ها")
    return tuple(
        Text(
            en=f"{one.participant} was allocated as {one.stratum.en}: {one.allocated.en}; on corrected values it is "
            f"{(one.now or none).en}. Nobody is moved: the tests count the participant where allocation did.",
            fa=f"{one.participant} در «{one.stratum.fa}: {one.allocated.fa}» تخصیص یافت؛ با مقدارهای اصلاح‌شده: "
            f"{(one.now or none).fa}. کسی جابه‌جا نمی‌شود: آزمون‌ها او را همان‌جا می‌شمارند که تخصیص شمرده است.",
        )
        for one in found
    )


def _collection_note() -> Text:
    return Text(
        en="A 24-hour collection counts only where it was judged complete before its protein was seen; incomplete ones are "
        "kept in the data "
        "and do not enter these results.",
        fa="جمع‌آوری ۲۴ ساعته فقط وقتی به حساب می‌آید که پیش از دیدن پروتئین کامل دانسته شده باشد؛ موارد ناقص در داده‌ها "
        "می‌مانند و در این نتایج "
        "وارد نمی‌شوند.",
    )
