"""Registered against rehearsed (or conducted) and reported, element by element."""

from collections.abc import Mapping
from dataclasses import replace

from trialwright.analysis.forensics.published import examine_published
from trialwright.compare.comparison import Cell, Comparison, Document, Implied, Row, Verdict
from trialwright.compare.elements import Element, elements_of, quote
from trialwright.datasets.collected import Collected
from trialwright.registry import Record, read_record
from trialwright.study.model import PublishedDocument, PublishedFact, Study
from trialwright.terms.sentences import Text

NOT_HELD = Text(
    en="Conduct of the real trial: not held. A rehearsal with invented people stands in its own marked column.",
    fa="اجرای کارآزمایی واقعی: در دست نیست. تمرین با افراد ساختگی ستون جداگانه و نشان‌دار خود را دارد.",
)
HELD = Text(en="Conducted here.", fa="در همین سامانه اجرا شده است.")
NOT_REGISTERED = Text(en="Reported, though the record has no such outcome.", fa="گزارش شده، هرچند در ثبت چنین پیامدی نیست.")


class ComparisonError(ValueError):
    """There is nothing to compare with; the message says what is missing."""


def compare(study: Study, *, collected: Collected | None = None, origin: str = "") -> Comparison:
    """Compare the newest registered record with a run (if given) and with every published document.

    Raises: ComparisonError when the study has no registered record, RecordError when it cannot be read.
    """
    if not study.records:
        raise ComparisonError(f"{study.id} has no registered record; put the registry's text into registered/.")
    name = max(study.records)
    record = read_record(study.records[name], name=name)
    elements = elements_of(study, record)
    implied = implied_by(study)
    rows = tuple(_row(element, study, record, collected, implied) for element in elements)
    named = {fact for element in elements for fact in element.facts}
    return Comparison(
        study=study.id,
        record=name,
        registered_on=_date_of(record),
        conduct=HELD if origin == "live" else NOT_HELD,
        origin=origin,
        documents=tuple(
            Document(id=d.id, title=d.title, citation=d.citation, evidence=d.evidence, read=d.read) for d in study.published
        ),
        rows=rows,
        also_reported=tuple(
            (d.id, fact.element, fact.value, fact.sentence)
            for d in study.published
            for fact in d.facts
            if fact.element not in named
        ),
        also_implied=tuple((d, element, found) for (d, element), found in implied.items() if element not in named),
    )


def implied_by(study: Study) -> Mapping[tuple[str, str], tuple[Implied, ...]]:
    """What the published numbers imply, by document and element."""
    found: dict[tuple[str, str], tuple[Implied, ...]] = {}
    for one in examine_published(study):
        implied = Implied(plain=one.implication.plain, working=one.implication.working)
        found[one.document, one.element] = (*found.get((one.document, one.element), ()), implied)
    return found


def as_written(text: str) -> Text:
    """A source's own words: they are the same on every page."""
    return Text(en=text, fa=text)


def _row(
    element: Element,
    study: Study,
    record: Record,
    collected: Collected | None,
    implied: Mapping[tuple[str, str], tuple[Implied, ...]],
) -> Row:
    registered = _registered(element, record)
    return Row(
        element=element.id,
        label=element.label,
        registered=registered,
        rehearsed=Cell(value=element.conducted(study, collected), sentence="") if collected else None,
        reported=tuple(
            replace(
                _reported(element, document, registered, record),
                implied=tuple(one for fact in element.facts for one in implied.get((document.id, fact), ())),
            )
            for document in study.published
        ),
    )


def _registered(element: Element, record: Record) -> Cell | None:
    for path in element.paths:
        field = record.get(path)
        if field is not None and field.text:
            return Cell(value=as_written(quote(field.text, element.patterns)), sentence=f"{path}, line {field.span.line}")
    return None


def _reported(element: Element, document: PublishedDocument, registered: Cell | None, record: Record) -> Cell:
    facts = [fact for fact in document.facts if fact.element in element.facts]
    if not facts:
        return Cell(value=as_written(""), sentence="", verdict=_silence(document))
    verdict, because = _judge(element, facts, registered)
    return Cell(
        value=as_written("; ".join(fact.value for fact in facts)),
        sentence="; ".join(f.sentence for f in facts),
        verdict=verdict,
        because=because,
    )


def _silence(document: PublishedDocument) -> Verdict:
    """What a document's silence means: only a full text that was read supports "not reported"."""
    if document.read == "not_obtained":
        return "source_not_obtained"
    return "not_reported" if document.read == "full_text" else "not_in_source_read"


def _judge(element: Element, facts: list[PublishedFact], registered: Cell | None) -> tuple[Verdict, Text | None]:
    if registered is None:
        because = facts[0].because
        return "differs", as_written(because) if because else NOT_REGISTERED
    ours, theirs = element.key(registered.value.en), element.key(facts[0].value)
    if ours is not None and theirs is not None:
        return ("same" if ours == theirs else "differs"), None
    fact = facts[0]
    if not fact.verdict:
        raise ComparisonError(
            f"published/{fact.element}: {fact.value!r} cannot be compared by a program with {registered.value.en!r}; "
            'give `verdict = "same"` or "differs" with `because`.'
        )
    return fact.verdict, as_written(fact.because)


def _date_of(record: Record) -> str:
    """The registration date as the record writes it; "" where the record has none."""
    field = record.get("dates.registration")
    return field.text if field is not None and field.text else ""
