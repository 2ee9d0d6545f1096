"""Strict XML, read into leaves that know their place in the text.

A reader that expands what a document type names can be made to read other files or to fill the memory. Here a document type
may list elements and nothing else, only the five entities of XML and characters by number are read, and every leaf has the
offsets of its characters, so that the record's tokens are the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from trialwright.registry.text import RecordError

DEEPEST = 64
MOST_LEAVES = 50_000
MOST_MARKS = 300_000
MOST_DECLARATIONS = 2_000
LONGEST_VALUE = 1_000_000

_NAME = r"[A-Za-z_:][\w:.\-]{0,199}"
_ATTRIBUTE = re.compile(rf"\s+({_NAME})\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_OPEN = re.compile(rf"<({_NAME})")
_CLOSE = re.compile(rf"</({_NAME})\s*>")
_END = re.compile(r"\s*(/?>)")
_DECLARED = re.compile(r"<!(?:ELEMENT|ATTLIST)\s[^<>\[\]]*>|<!--(?:(?!--).)*-->|\s+", re.DOTALL)
_DOCTYPE = re.compile(rf"<!DOCTYPE\s+{_NAME}\s*(\[)?")
_ENCODING = re.compile(r"encoding\s*=\s*[\"']([^\"']{0,40})[\"']")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(\w{1,40}));|&")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class XmlLeaf(NamedTuple):
    """A text that holds no element, or an attribute: its path, the path without numbers, and its place.

    `numbers` are those of every element on the way (from 1, among its namesakes); an attribute's name begins with "@".
    """

    path: str
    pattern: str
    numbers: tuple[int, ...]
    text: str
    start: int
    end: int


@dataclass(kw_only=True, slots=True)
class _Element:
    name: str
    path: str
    pattern: str
    numbers: tuple[int, ...]
    counts: dict[str, int] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    start: int = -1
    end: int = -1
    has_elements: bool = False


@dataclass(kw_only=True, slots=True)
class _Reader:
    text: str
    name: str
    open: list[_Element] = field(default_factory=list)
    leaves: list[XmlLeaf] = field(default_factory=list)
    root: str = ""
    marks: int = 0


def read_xml(text: str, *, name: str) -> tuple[str, list[XmlLeaf]]:
    """Give the name of the outermost element and the leaves of an XML text in its order.

    Raises: RecordError for what is not well-formed, a document type that does more than list elements, an entity that XML
    does not define, a control character, another encoding than UTF-8, more than 64 levels or 50,000 values, a value of more than
    a million characters.
    """
    reader = _Reader(text=text, name=name or "the file")
    unfit = _UNFIT.search(text)
    if unfit:
        raise _refused(reader, "xml_character", unfit.start(), f"the control character U+{ord(unfit.group()):04X} stands there")
    at = _read_prolog(reader)
    while at < len(text):
        at = _read_text(reader, at) if text[at] != "<" else _read_markup(reader, at)
    if reader.open:
        raise _refused(reader, "xml_invalid", len(text), f"the text ends and <{reader.open[-1].name}> is still open")
    if not reader.root:
        raise _refused(reader, "xml_invalid", 0, "there is no element")
    return reader.root, reader.leaves


def xml_pattern(pattern: str) -> str:
    """Give a pattern without the outermost element: how the lists of elements name a place."""
    return pattern.partition("/")[2]


def _read_prolog(reader: _Reader) -> int:
    text = reader.text
    at = len(text) - len(text.lstrip())
    if text.startswith("<?xml", at):
        end = _find(reader, "?>", at)
        said = _ENCODING.search(text, at, end)
        if said and said[1].casefold() not in ("utf-8", "utf8", "us-ascii"):
            raise _refused(reader, "xml_invalid", at, f"it says that its encoding is {said[1]}; UTF-8 is read")
        at = end
    return at


def _read_markup(reader: _Reader, at: int) -> int:
    text = reader.text
    reader.marks += 1
    if reader.marks > MOST_MARKS:
        raise _refused(reader, "xml_too_many", at, f"there are more than {MOST_MARKS:,} marks; one record was expected")
    following = text[at + 1 : at + 2]
    if following == "/":
        return _read_close(reader, at)
    if following not in ("!", "?"):
        return _read_open(reader, at)
    if text.startswith("<!--", at):
        return _find(reader, "-->", at + 4)
    if text.startswith("<![CDATA[", at):
        return _read_cdata(reader, at)
    if text.startswith("<!DOCTYPE", at) and not reader.root:
        return _read_document_type(reader, at)
    if following == "?":
        return _find(reader, "?>", at)
    raise _refused(reader, "xml_invalid", at, f'"{text[at : at + 12]}" is not expected here')


def _read_document_type(reader: _Reader, at: int) -> int:
    """Pass a document type that lists elements: the registry prints one. Any other could name files or multiply itself."""
    found = _DOCTYPE.match(reader.text, at)
    end = found.end() if found else at
    if found and found[1]:
        for _ in range(MOST_DECLARATIONS):
            one = _DECLARED.match(reader.text, end)
            if one is None:
                break
            end = one.end()
        closed = re.compile(r"\]\s*>").match(reader.text, end)
    else:
        closed = re.compile(r"\s*>").match(reader.text, end)
    if not found or not closed:
        raise _refused(
            reader, "xml_document_type", at, "its document type (DTD) does more than list elements, which no record needs"
        )
    return closed.end()


def _read_open(reader: _Reader, at: int) -> int:
    found = _OPEN.match(reader.text, at)
    if not found or (reader.root and not reader.open):
        raise _refused(reader, "xml_invalid", at, f'"{reader.text[at : at + 12]}" is not expected here')
    element = _element(reader, found[1], at)
    at = found.end()
    names: set[str] = set()
    while (one := _ATTRIBUTE.match(reader.text, at)) is not None:
        if one[1] in names:
            raise _refused(reader, "xml_invalid", at, f'the attribute "{one[1]}" stands twice')
        names.add(one[1])
        start, end = one.start(2) + 1, one.end(2) - 1
        _leaf(
            reader,
            f"{element.path}/@{one[1]}",
            f"{element.pattern}/@{one[1]}",
            element.numbers,
            _decoded(reader, start, end),
            start,
            end,
        )
        at = one.end()
    closed = _END.match(reader.text, at)
    if not closed:
        raise _refused(reader, "xml_invalid", at, f"the mark <{element.name}> is not closed")
    reader.open.append(element)
    if closed[1] == "/>":
        _finish(reader, closed.end())
    return closed.end()


def _element(reader: _Reader, name: str, at: int) -> _Element:
    if len(reader.open) >= DEEPEST:
        raise _refused(reader, "xml_depth", at, f"the elements are nested more than {DEEPEST} levels deep")
    if not reader.open:
        reader.root = name
        return _Element(name=name, path=name, pattern=name, numbers=())
    around = reader.open[-1]
    around.has_elements = True
    number = around.counts[name] = around.counts.get(name, 0) + 1
    shown = f"{around.path}/{name}" if number == 1 else f"{around.path}/{name}[{number}]"
    return _Element(name=name, path=shown, pattern=f"{around.pattern}/{name}", numbers=(*around.numbers, number))


def _read_close(reader: _Reader, at: int) -> int:
    found = _CLOSE.match(reader.text, at)
    if not found or not reader.open or reader.open[-1].name != found[1]:
        expected = f"</{reader.open[-1].name}>" if reader.open else "the end"
        raise _refused(reader, "xml_invalid", at, f'"{reader.text[at : at + 20]}" stands where {expected} was expected')
    _finish(reader, found.start())
    return found.end()


def _finish(reader: _Reader, at: int) -> None:
    element = reader.open.pop()
    words = "".join(element.parts)
    if element.has_elements and not words.strip():
        return
    start, end = (element.start, element.end) if element.start >= 0 else (at, at)
    _leaf(reader, element.path, element.pattern, element.numbers, words, start, end)


def _read_text(reader: _Reader, at: int) -> int:
    end = reader.text.find("<", at)
    end = len(reader.text) if end < 0 else end
    _add_text(reader, _decoded(reader, at, end), at, end)
    return end


def _read_cdata(reader: _Reader, at: int) -> int:
    end = _find(reader, "]]>", at)
    if end - at > LONGEST_VALUE:
        raise _refused(reader, "xml_too_many", at, f"a value has more than {LONGEST_VALUE:,} characters; no record has")
    _add_text(reader, reader.text[at + 9 : end - 3], at + 9, end - 3)
    return end


def _add_text(reader: _Reader, words: str, start: int, end: int) -> None:
    if not reader.open:
        if words.strip():
            raise _refused(reader, "xml_invalid", start, "there is text outside the outermost element")
        return
    element = reader.open[-1]
    element.parts.append(words)
    if words.strip() or not element.has_elements:
        element.start, element.end = (start if element.start < 0 else element.start), end


def _leaf(reader: _Reader, path: str, pattern: str, numbers: tuple[int, ...], text: str, start: int, end: int) -> None:
    reader.leaves.append(XmlLeaf(path, pattern, numbers, text, start, end))
    if len(reader.leaves) > MOST_LEAVES:
        raise _refused(reader, "xml_too_many", start, f"there are more than {MOST_LEAVES:,} values; one record was expected")


def _decoded(reader: _Reader, start: int, end: int) -> str:
    if end - start > LONGEST_VALUE:
        raise _refused(reader, "xml_too_many", start, f"a value has more than {LONGEST_VALUE:,} characters; no record has")
    words = reader.text[start:end]
    return _REFERENCE.sub(lambda found: _character(reader, found, start), words) if "&" in words else words


def _character(reader: _Reader, found: re.Match[str], start: int) -> str:
    digits, hexadecimal, name = found.groups()
    code = int(digits) if digits else int(hexadecimal, 16) if hexadecimal else 0
    known = _ENTITIES.get(name or "") or (chr(code) if 0 < code < 0x110000 else "")
    if not known or _UNFIT.search(known):
        raise _refused(reader, "xml_character", start + found.start(), f'"{found.group()[:20]}" is no character of XML')
    return known


def _find(reader: _Reader, mark: str, at: int) -> int:
    found = reader.text.find(mark, at)
    if found < 0:
        raise _refused(reader, "xml_invalid", at, f'"{reader.text[at : at + 9]}" is not closed by "{mark}"')
    return found + len(mark)


def _refused(reader: _Reader, code: str, at: int, found: str) -> RecordError:
    line = reader.text.count("\n", 0, at) + 1
    english = (
        f"{reader.name}, line {line}: {found.splitlines()[0] if found else ''}. Take the XML from the registry again, unchanged."
    )
    persian = f"{reader.name}، سطر {line}: {_PERSIAN[code]} فایل XML را بی‌تغییر دوباره از سامانه بگیرید."
    return RecordError(f"record.{code}", english, persian)


_PERSIAN = {
    "xml_invalid": "این متن XML درستی نیست.",
    "xml_character": "نویسه‌ای دارد که در XML مجاز نیست.",
    "xml_document_type": "تعریف نوع سند (DTD) آن بیش از فهرست عنصرهاست.",
    "xml_depth": "لایه‌های تودرتو بیش از اندازه است.",
    "xml_too_many": "شمار مقدارها بیش از یک ثبت کارآزمایی است.",
}
