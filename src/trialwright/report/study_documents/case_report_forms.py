"""The annotated case report form: each form a page, each item with the answer it takes and its names in the data."""

from collections.abc import Iterator
from datetime import timedelta

from trialwright.measures import catalogue
from trialwright.measures.errors import MeasureError
from trialwright.report.document import Block, Code, Column, Document, English, Facts, Paragraph, Section, Table
from trialwright.report.study_documents.items import annotation_words, answer_words, in_lines, item_words
from trialwright.report.study_documents.synopsis import document
from trialwright.report.study_documents.told import Part, Told
from trialwright.study.model import Derivation, Form, Study

_SHOWN_INPUTS = 8
COLUMNS = ("form", "row", "id", "label_en", "label_fa", "answer", "unit", "concept", "cdash", "sdtm", "loinc", "rule", "of")


def case_report_forms(told: Told) -> Document:
    """Build the annotated forms in one language."""
    how = Paragraph(text=told.say("crf.how"), kind="note")
    forms = tuple(_form(told, form) for form in told.study.forms.values())
    return document(told, "case_report_forms", (Section(id="how", title=told.say("section.how"), blocks=(how,)), *forms))


def case_report_form_table(study: Study) -> Iterator[tuple[str, ...]]:
    """The rows of the CSV: items, then the form's checks with message and effect, then what is computed from it."""
    for form in study.forms.values():
        for item in form.items:
            concept = item.concept
            names = (concept.id, concept.cdash, concept.sdtm, concept.loinc)
            yield (form.id, "item", item.id, item.label.en, item.label.fa, concept.kind, concept.unit, *names, "", "")
        for check in form.checks:
            words = (check.message.en, check.message.fa, check.severity)
            yield (form.id, "check", check.id, *words, "", "", "", "", "", check.rule, " ".join(check.items))
        for one in (one for one in study.derivations if one.form == form.id):
            inputs = " ".join(dict.fromkeys(one.inputs.values()))
            yield (form.id, "derived", one.id, one.label.en, one.label.fa, "decimal", one.unit, *("",) * 4, one.measure, inputs)


def _form(told: Told, form: Form) -> Section:
    derived = tuple(one for one in told.study.derivations if one.form == form.id)
    blocks: list[Block] = [_facts(told, form), *_basis(told, form), _items(told, form)]
    if form.checks:
        blocks.append(_checks(told, form))
    if derived:
        blocks.append(_derived(told, form, derived))
    return Section(id=f"form-{form.id}", title=told.text(form.label), blocks=tuple(blocks), page=True)


def _facts(told: Told, form: Form) -> Facts:
    """Who fills it in, when, how often, and what is judged before the rest opens."""
    wording = told.wording
    due = told.encounters(e.id for e in told.study.encounters if form.id in e.forms)
    repeats = told.say("form.many", rule=told.say(f"rule.{form.repeat_rule}")) if form.repeats else told.say("form.once")
    rows = [
        (told.say("form.roles"), wording.listed([wording.name("role", role) for role in form.roles])),
        (told.say("form.due"), due or told.say("form.unplanned")),
        (told.say("form.repeats"), repeats),
    ]
    if form.collection:
        labels = {item.id: told.text(item.label) for item in form.items}
        jug = form.collection
        inputs = wording.listed([labels[one] for one in (jug.volume, jug.hours, jug.creatinine)])
        opens = wording.listed([labels.get(one, wording.code(one)) for one in jug.opens])
        rows.append((told.say("form.collection"), told.say("form.collection_rule", inputs=inputs, opens=opens)))
    if form.recall:
        days = wording.code(f"{form.recall / timedelta(days=1):g}")
        rows.append((told.say("form.recall"), told.say("form.recall_days", days=days)))
    return Facts(rows=tuple(rows))


def _basis(told: Told, form: Form) -> tuple[Block, ...]:
    """What the form as a whole rests on, and where it is written."""
    return told.statement("form", f"form {form.id}", told.say("form.rests"))


def _items(told: Told, form: Form) -> Table:
    return Table(
        id=f"items-{form.id}",
        title=told.say("table.items", form=told.text(form.label)),
        columns=(
            Column(label=told.say("column.item"), width=2.6),
            Column(label=told.say("column.answer"), width=2.2),
            Column(label=told.say("column.annotation"), width=2),
        ),
        rows=tuple((item_words(told, item), answer_words(told, item), annotation_words(told, item)) for item in form.items),
        row_ids=tuple(f"item-{form.id}-{item.id}" for item in form.items),
        stacks=True,
    )


def _checks(told: Told, form: Form) -> Table:
    return Table(
        id=f"checks-{form.id}",
        title=told.say("table.checks", form=told.text(form.label)),
        columns=(
            Column(label=told.say("column.check"), width=3),
            Column(label=told.say("column.message"), width=3),
            Column(label=told.say("column.severity"), width=1),
        ),
        rows=tuple(
            (
                (Code(text=check.rule), *((("\n"), English(text=check.source)) if check.source else ())),
                told.text(check.message),
                told.say(f"severity.{check.severity}"),
            )
            for check in form.checks
        ),
        row_ids=tuple(f"check-{form.id}-{check.id}" for check in form.checks),
        stacks=True,
        heads=0,
    )


def _derived(told: Told, form: Form, derived: tuple[Derivation, ...]) -> Table:
    return Table(
        id=f"derived-{form.id}",
        title=told.say("table.derived", form=told.text(form.label)),
        columns=(
            Column(label=told.say("column.result"), width=2),
            Column(label=told.say("column.inputs"), width=2),
            Column(label=told.say("column.measure"), width=3),
        ),
        rows=tuple((_result(told, one), _inputs(told, form, one), _measure(told, one)) for one in derived),
        row_ids=tuple(f"derived-{one.id}" for one in derived),
        stacks=True,
    )


def _result(told: Told, one: Derivation) -> tuple[Part, ...]:
    unit, decimals = told.wording.unit(one.unit), told.wording.code(one.decimals)
    precision = told.say("measure.decimals", unit=unit, n=decimals) if unit else told.say("measure.plain_decimals", n=decimals)
    return (told.text(one.label), "\n", Code(text=one.id), "\n", precision)


def _inputs(told: Told, form: Form, one: Derivation) -> tuple[Part, ...]:
    names = tuple(dict.fromkeys(one.inputs.values()))
    if len(names) > _SHOWN_INPUTS:
        return (told.say("measure.many", n=told.wording.count(len(names)), form=told.text(form.label)),)
    return in_lines([(Code(text=name),) for name in names])


def _measure(told: Told, one: Derivation) -> tuple[Part, ...]:
    """The formula by its name and version with its source; a rule that chooses between formulas is shown by its id."""
    try:
        measure = catalogue.find_measure(one.measure)
    except MeasureError:
        return (Code(text=one.measure), *_assumed(one))
    named = told.say("measure.formula", label=told.text(measure.label), version=told.wording.code(measure.version))
    return (named, "\n", Code(text=measure.id), "\n", English(text=measure.source), *_assumed(one))


def _assumed(one: Derivation) -> tuple[Part, ...]:
    return ("\n", English(text=one.basis.assumed)) if one.basis.assumed else ()
