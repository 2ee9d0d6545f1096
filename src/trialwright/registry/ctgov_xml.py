"""A ClinicalTrials.gov record in the classic XML (`<clinical_study>`), which older downloads and many tools still hold.

The protocol part is read into the same keys as the JSON of the same registry; posted results are kept under keys of their
own. A month stays a month. The tokens of a record are the file, so it is written again as the same bytes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trialwright.registry.record import Record
from trialwright.registry.text import unknown_form
from trialwright.registry.xml_form import Elements, finish, load_elements, read_fields
from trialwright.registry.xml_text import read_xml

ID = "ctgov-xml"
NAME = "the classic XML of ClinicalTrials.gov"


def recognises(text: str) -> bool:
    """Say whether a text is in this form: XML of one clinical study."""
    return text.lstrip()[:1] == "<" and "<clinical_study" in text[:20_000] and "<study_collection" not in text[:20_000]


def read(text: str, *, name: str, byte_order_mark: bool = False) -> Record:
    """Read a text in this form. Raises: RecordError where it is not strict XML or no clinical study."""
    root, leaves = read_xml(text, name=name)
    fields = read_fields(text, leaves, load_list())
    if root != "clinical_study" or not any(one.key in ("ids.registry", "titles.public", "titles.scientific") for one in fields):
        raise unknown_form(name, "is XML in which there is no study of ClinicalTrials.gov", "Take it from the registry again.")
    return finish(text, fields, name=name, form=ID, registry="ClinicalTrials.gov", byte_order_mark=byte_order_mark)


@cache
def load_list() -> Elements:
    """Load the list of elements once."""
    return load_elements(Path(__file__).with_name("ctgov_xml.toml"))
