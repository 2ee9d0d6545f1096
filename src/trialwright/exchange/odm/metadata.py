"""The definitions of one MetaDataVersion by their OIDs, and its forms as both versions of ODM write them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from trialwright.exchange.errors import refuse
from trialwright.exchange.odm.xml_text import LANG, child, children
from trialwright.exchange.plain_text import plain
from trialwright.terms.sentences import Text

_DEFINITIONS = ("StudyEventDef", "FormDef", "ItemGroupDef", "ItemDef", "CodeList", "ConditionDef", "StudyEventGroupDef")
_DEEPEST = 20


@dataclass(frozen=True, kw_only=True)
class AskedItem:
    """An ItemRef in its form: the definition that it points to, the heading above it, and whether its group repeats."""

    ref: etree._Element
    definition: etree._Element
    group: etree._Element
    repeats: bool


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """`defs` are the definitions by kind and OID; `units` the symbols of measurement units by OID."""

    version: etree._Element
    defs: Mapping[str, Mapping[str, etree._Element]]
    units: Mapping[str, str]

    def find(self, kind: str, oid: str | None) -> etree._Element | None:
        return self.defs[kind].get(oid or "")

    def forms(self) -> list[etree._Element]:
        """FormDefs of 1.3; in 2.0 the item groups of the type Form, or those that no other group refers to."""
        if self.defs["FormDef"]:
            return list(self.defs["FormDef"].values())
        groups = self.defs["ItemGroupDef"]
        inner = {ref.get("ItemGroupOID") for one in groups.values() for ref in children(one, "ItemGroupRef")}
        named = [one for one in groups.values() if one.get("Type") == "Form"]
        return named or [one for oid, one in groups.items() if oid not in inner]

    def items(self, form: etree._Element) -> Iterator[AskedItem]:
        """The items of a form in order; a group within a group is gone through, a broken reference is left aside."""
        yield from self._items(form, repeats=False, depth=0)

    def _items(self, group: etree._Element, *, repeats: bool, depth: int) -> Iterator[AskedItem]:
        for ref in group:
            kind = etree.QName(ref).localname if isinstance(ref.tag, str) else ""
            if kind == "ItemRef" and (found := self.find("ItemDef", ref.get("ItemOID"))) is not None:
                yield AskedItem(ref=ref, definition=found, group=group, repeats=repeats)
            inner = self.find("ItemGroupDef", ref.get("ItemGroupOID")) if kind == "ItemGroupRef" else None
            if inner is not None and depth < _DEEPEST:
                yield from self._items(inner, repeats=repeats or _repeats(inner), depth=depth + 1)

    def events(self) -> list[etree._Element]:
        """The study events in the protocol's order."""
        protocol = child(self.version, "Protocol")
        refs = list(children(protocol, "StudyEventRef"))
        for group in children(protocol, "StudyEventGroupRef"):
            found = self.find("StudyEventGroupDef", group.get("StudyEventGroupOID"))
            refs += children(found, "StudyEventRef")
        ordered = sorted(refs, key=lambda ref: int(number) if (number := ref.get("OrderNumber", "")).isdecimal() else 0)
        found = [self.find("StudyEventDef", ref.get("StudyEventOID")) for ref in ordered]
        return [one for one in found if one is not None]


def read_metadata(root: etree._Element, *, name: str) -> tuple[Metadata, int]:
    """Read the last MetaDataVersion of the first study; the number of others is given. Raises: ExchangeError."""
    study = child(root, "Study")
    versions = list(children(root, "Study", "MetaDataVersion"))
    if study is None or not versions:
        raise refuse("odm_no_metadata", file=name)
    chosen = list(children(study, "MetaDataVersion"))[-1:] or versions[-1:]
    defs = {kind: _by_oid(chosen[0], kind, name) for kind in _DEFINITIONS}
    units = {
        one.get("OID", ""): symbol.strip()
        for one in children(study, "BasicDefinitions", "MeasurementUnit")
        if (symbol := text_in(child(one, "Symbol"), "en") or one.get("Name", ""))
    }
    return Metadata(version=chosen[0], defs=defs, units=units), len(versions) - 1


def _by_oid(version: etree._Element, kind: str, name: str) -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for one in children(version, kind):
        oid = one.get("OID", "")
        if not oid or oid in found:
            raise refuse("odm_oid", file=name, line=one.sourceline or 0, kind=kind, oid=oid or "(none)")
        found[oid] = one
    return found


def _repeats(group: etree._Element) -> bool:
    return group.get("Repeating", "No") not in ("No", "")


def repeats(element: etree._Element) -> bool:
    """Whether a form or a group may be filled in several times."""
    return _repeats(element)


def text_in(element: etree._Element | None, language: str) -> str:
    """The words in a language: TranslatedText of that language, or the one without a language, or the element's own words."""
    if element is None:
        return ""
    texts = list(children(element, "TranslatedText"))
    if not texts:
        return plain(element.text or "")
    fitting = [one for one in texts if (one.get(LANG) or "").lower().startswith(language)]
    unmarked = [one for one in texts if not one.get(LANG)]
    chosen = (fitting or (unmarked if language == "en" else []))[:1]
    return plain("".join(str(part) for part in chosen[0].itertext())) if chosen else ""


def label_of(element: etree._Element, *places: str, otherwise: str = "") -> tuple[Text, bool]:
    """The label in both languages from the first place that has words, and whether it is there in both."""
    for place in places:
        holder = child(element, place)
        english, persian = text_in(holder, "en"), text_in(holder, "fa")
        other = next(
            (words for one in children(holder, "TranslatedText") if (words := plain("".join(map(str, one.itertext()))))), ""
        )
        if english or persian or other:
            return Text(en=english or persian or other, fa=persian or english or other), bool(english and persian)
    words = plain(element.get("Name") or "") or otherwise
    return Text(en=words, fa=words), False
