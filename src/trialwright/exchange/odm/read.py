"""An ODM study's metadata as forms, concepts and a first schedule; clinical data in the file are not read.

ODM names visits and their order; days and windows are not in it, so the schedule asks for them. A condition is code in a language
of its own, so its words stand beside the item as a question. A group that repeats within a form becomes a form that repeats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from trialwright.exchange.foreign_forms import ForeignForm, ForeignItem, WrittenForms, make_id, write_forms
from trialwright.exchange.identities import asks_identity
from trialwright.exchange.odm.items import checks_of, is_binary, shape_of
from trialwright.exchange.odm.metadata import AskedItem, Metadata, label_of, read_metadata, repeats, text_in
from trialwright.exchange.odm.schedule import write_first_schedule
from trialwright.exchange.odm.xml_text import child, children, read_xml
from trialwright.exchange.plain_text import plain
from trialwright.exchange.remarks import Remark, remark
from trialwright.exchange.wording import say


@dataclass(frozen=True, kw_only=True)
class OdmStudy:
    """What the metadata give: the forms as files, a schedule.toml where events are there, and what did not arrive as it stood."""

    version: str
    written: WrittenForms
    schedule: str
    remarks: tuple[Remark, ...]

    @property
    def files(self) -> Mapping[str, str]:
        return {**self.written.files, **({"schedule.toml": self.schedule} if self.schedule else {})}


@dataclass(kw_only=True)
class _Reading:
    metadata: Metadata
    forms: dict[tuple[str, str], ForeignForm] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    bilingual: int = 0
    parts: dict[str, list[str]] = field(default_factory=dict)


def read_odm(content: bytes, *, name: str = "odm.xml") -> OdmStudy:
    """Read the metadata. Raises: ExchangeError where the file as a whole cannot be read."""
    root, version = read_xml(content, name=name)
    metadata, others = read_metadata(root, name=name)
    reading = _Reading(metadata=metadata)
    for form in metadata.forms():
        _read_form(form, reading)
    written = write_forms(reading.forms.values())
    planned = {form.id for form in written.forms}
    forms = {oid: [one for one in ids if one in planned] for oid, ids in reading.parts.items()}
    schedule, remarks = write_first_schedule(metadata, forms)
    reading.remarks += remarks
    if others:
        reading.remarks.append(remark("left_out", "odm_versions", name, str(others)))
    if any(True for _ in children(root, "ClinicalData")):
        reading.remarks.append(remark("left_out", "odm_data", name))
    if not reading.bilingual:
        reading.remarks.append(remark("changed", "one_language", name))
    return OdmStudy(version=version, written=written, schedule=schedule, remarks=tuple(reading.remarks))


def _read_form(form: etree._Element, reading: _Reading) -> None:
    oid = form.get("OID", "")
    heading = ""
    for asked in reading.metadata.items(form):
        group = asked.group.get("OID", "") if asked.repeats and not repeats(form) else ""
        target = _target(form, group, asked, reading)
        label, _ = label_of(asked.group, "Description")
        is_new = asked.group is not form and label.en != heading
        heading = label.en
        _read_item(asked, target, heading if is_new else "", f"{oid}.{asked.definition.get('OID', '')}", reading)


def _target(form: etree._Element, group: str, asked: AskedItem, reading: _Reading) -> ForeignForm:
    """The form that an item goes to: its own, or that of its repeating group."""
    key = (form.get("OID", ""), group)
    if key not in reading.forms:
        source = asked.group if group else form
        label, both_languages = label_of(source, "Description", otherwise=key[0])
        reading.bilingual += both_languages
        made = make_id(source.get("Name") or source.get("OID", ""), {one.id for one in reading.forms.values()}, "form")
        reading.forms[key] = ForeignForm(id=made, label=label, repeats=bool(group) or repeats(form))
        reading.parts.setdefault(key[0], []).append(made)
        if group:
            reading.remarks.append(remark("changed", "odm_group", f"{key[0]}.{group}", label.en, id=made))
    return reading.forms[key]


def _read_item(asked: AskedItem, form: ForeignForm, heading: str, place: str, reading: _Reading) -> None:
    definition = asked.definition
    name = definition.get("Name") or definition.get("OID", "")
    label, both_languages = label_of(definition, "Question", "Prompt", "Description", otherwise=definition.get("OID", ""))
    if asks_identity(name, f"{label.en} {label.fa}"):
        reading.remarks.append(remark("refused", "identity", place, label.en))
        return
    if is_binary(definition):
        reading.remarks.append(remark("left_out", "odm_binary", place, label.en))
        return
    reading.bilingual += both_languages
    shape = shape_of(definition, reading.metadata, place)
    reading.remarks += shape.remarks
    item = ForeignItem(
        id=make_id(name, reading.taken),
        label=label,
        kind=shape.kind,
        source=f"ODM {definition.get('OID', '')}",
        unit=shape.unit,
        decimals=shape.decimals,
        choices=shape.choices,
        required=asked.ref.get("Mandatory", "No") == "Yes" and not asked.ref.get("CollectionExceptionConditionOID"),
        heading=heading,
        cdash=_alias(definition, "CDASH"),
        sdtm=_alias(definition, "SDTM"),
    )
    reading.taken.add(item.id)
    if item.id != name:
        reading.remarks.append(remark("changed", "name", place, name, ids=item.id))
    checks, remarks = checks_of(definition, item, place)
    form.checks += checks
    reading.remarks += remarks
    form.items.append(_with_condition(item, asked, place, reading))


def _alias(definition: etree._Element, context: str) -> str:
    """The variable of CDASH or SDTM that the item stands for."""
    found = (one for one in children(definition, "Alias") if one.get("Context", "").upper() == context)
    return next((plain(one.get("Name", "")) for one in found), "")


def _with_condition(item: ForeignItem, asked: AskedItem, place: str, reading: _Reading) -> ForeignItem:
    oid = asked.ref.get("CollectionExceptionConditionOID")
    if not oid:
        return item
    condition = reading.metadata.find("ConditionDef", oid)
    expression = child(condition, "FormalExpression")
    code = child(expression, "Code") if child(expression, "Code") is not None else expression
    spoken = text_in(child(condition, "Description"), "en")
    written = plain(code.text or "") if code is not None else ""
    words = " · ".join(one for one in (spoken, written) if one) or oid
    reading.remarks.append(remark("question", "odm_condition", place, words))
    return replace(item, question=say("ask_condition", condition=words).en)
