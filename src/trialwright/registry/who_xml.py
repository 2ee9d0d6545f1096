"""One trial in the XML of WHO's data set (`<trials><trial><main>`), as the Iranian registry gives it for each of its trials.

It holds what WHO asks for: secondary outcomes, ethics and funders, which the portal's export leaves out, and not the dates of
recruitment's end, the masked groups, the documents shared or the history, which the registry's own page has. The document type
at its head lists the elements; one that did more would be refused.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trialwright.registry.record import Record
from trialwright.registry.text import empty_answer, unknown_form
from trialwright.registry.xml_form import Elements, finish, load_elements, read_fields
from trialwright.registry.xml_text import read_xml, xml_pattern

ID = "who-xml"
NAME = "the XML of WHO's data set for one trial, as the Iranian registry gives it"


def recognises(text: str) -> bool:
    """Say whether a text is in this form: XML with trials that have a main part."""
    head = text[:20_000]
    return text.lstrip()[:1] == "<" and "<trials" in head and ("<main" in head or "DOCTYPE trials" in head)


def read(text: str, *, name: str, byte_order_mark: bool = False) -> Record:
    """Read a text in this form. Raises: RecordError where it is not strict XML, or holds no trial or several."""
    _, leaves = read_xml(text, name=name)
    trials = {leaf.numbers[0] for leaf in leaves if xml_pattern(leaf.pattern).startswith(("trial/", "Triall/"))}
    if not any(leaf.text.strip() for leaf in leaves if leaf.numbers and not leaf.path.startswith("trials/@")):
        raise empty_answer(name)
    if len(trials) > 1:
        raise unknown_form(name, f"holds {len(trials)} trials; one record was expected", "Save each trial as a file of its own.")
    fields = read_fields(text, leaves, load_list())
    said = {one.key: one.text for one in reversed(fields) if one.text}
    registry = "IRCT" if said.get("ids.registry", "").startswith("IRCT") else said.get("document.registry", "WHO")
    return finish(text, fields, name=name, form=ID, registry=registry, byte_order_mark=byte_order_mark)


@cache
def load_list() -> Elements:
    """Load the list of elements once."""
    return load_elements(Path(__file__).with_name("who_xml.toml"))
