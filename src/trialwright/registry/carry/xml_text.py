"""Elements of an XML document as the writers build them: no empty ones by accident, no character that XML cannot hold."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def add(parent: Any, name: str, words: str | None = None) -> Any:
    """Add an element with its words; characters that XML cannot hold are left out of them."""
    element = etree.SubElement(parent, name)
    if words:
        element.text = _UNFIT.sub("", words)
    return element


def add_if(parent: Any, name: str, words: str) -> None:
    """Add an element only where there are words."""
    if words:
        add(parent, name, words)


def add_block(parent: Any, name: str, words: str) -> None:
    """Add an element whose words stand in a text block of their own."""
    if words:
        add(add(parent, name), "textblock", words)


def is_unfit(words: str) -> bool:
    """Say whether words hold a character that XML cannot."""
    return bool(_UNFIT.search(words))


def printed(root: Any) -> bytes:
    """Give the document as bytes, indented, in UTF-8."""
    etree.indent(root, space="  ")
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return found + b"\n"
