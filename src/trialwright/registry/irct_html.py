"""The page of a trial in the Iranian Registry of Clinical Trials (IRCT), as the browser saves it; English and Persian.

Headings are `h3`, labels `dt`, values `dd`; items lie in `div.subsection`, people and addresses in `div.contact-card`, and a
block without items says so in `div.empty-section`. A word that looks like a label is a value where it stands in a value's
place, which the print cannot tell. What stands around the record (menus, scripts) is kept as unknown or as markup.
Source: public code that reads these pages; no saved page could be obtained.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from trialwright.registry.builder import Builder, Meaning
from trialwright.registry.irct_form import FormReader, has_headings, is_ordinal, names_registry
from trialwright.registry.record import Record
from trialwright.registry.text import LONGEST_PAGE, RecordError, empty_answer
from trialwright.registry.words import plain_words

ID = "irct-html"
NAME = "the page of the Iranian registry (IRCT) in HTML"
DEEPEST = 200
MOST_PIECES = 50_000
MOST_TAGS = 60_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_CLASS = re.compile(r"\bclass\s*=\s*[\"']?([^\"'>]{1,200})")
_BREAK = re.compile(r"<\s*(?:br|/div|/li)\b[^<>]*>", re.IGNORECASE)
_PARAGRAPH = re.compile(r"</p\b[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")
_UNREAD = frozenset({"script", "style", "noscript", "svg", "template"})
_VOID = frozenset({"br", "img", "input", "hr", "meta", "link", "wbr", "col", "source"})
_INLINE = frozenset({"a", "b", "i", "em", "u", "sup", "sub", "small", "font", "mark", "abbr", "bdi", "bdo", "br", "wbr"})
_ROLES = {"dt": "label", "dd": "value", "strong": "strong"} | {f"h{size}": "heading" for size in range(1, 7)}
_CLASSES = {
    "page-header": "title",
    "empty-section": "empty",
    "contact-card": "card",
    "contact-value": "value",
    "subsection": "item",
}


@dataclass(kw_only=True)
class _Page:
    text: str
    name: str
    reader: FormReader
    open: list[tuple[str, str]] = field(default_factory=list)
    start: int = -1
    end: int = -1
    item: int = 0
    pieces: int = 0
    tags: int = 0


def recognises(text: str) -> bool:
    """Say whether a text is in this form: a page that names the registry and has two of its headings."""
    head = text.lstrip()[:1000].casefold()
    if not head.startswith("<") or ("<html" not in head and "<!doctype html" not in head) or len(text) > LONGEST_PAGE:
        return False
    return names_registry(text) and has_headings(html.unescape(piece) for piece in _ANY_TAG.split(text))


def read(text: str, *, name: str, byte_order_mark: bool = False) -> Record:
    """Read a page. Raises: RecordError where elements lie deeper than on any page, or nothing of a trial is said."""
    page = _Page(text=text, name=name or "the page", reader=FormReader(Builder(text, decode=decode)))
    at = 0
    while (start := text.find("<", at)) >= 0:
        _words(page, at, start)
        at = _markup(page, start)
    _words(page, at, len(text))
    _flush(page)
    record = page.reader.builder.finish(name=name, form=ID, registry="IRCT", byte_order_mark=byte_order_mark)
    if not any(one.text for one in record.fields if not one.key.startswith(("unknown", "document."))):
        raise empty_answer(name)
    return record


def decode(piece: str) -> str:
    """Give what a piece of a page says: without marks, with its characters, a line for each line that it shows."""
    if "<" in piece:
        piece = _ANY_TAG.sub("", _BREAK.sub("\n", _PARAGRAPH.sub("\n\n", piece)))
    return html.unescape(piece) if "&" in piece else piece


def _words(page: _Page, start: int, end: int) -> None:
    words = page.text[start:end]
    if words.strip():
        page.start = start + len(words) - len(words.lstrip()) if page.start < 0 else page.start
        page.end = start + len(words.rstrip())


def _markup(page: _Page, at: int) -> int:
    if page.text.startswith("<!--", at):
        end = page.text.find("-->", at)
        return end + 3 if end >= 0 else len(page.text)
    found = _TAG.match(page.text, at)
    if found is None:
        end = page.text.find(">", at) if page.text.startswith(("<!", "<?"), at) else at
        _words(page, at, at + 1) if end == at else None
        return end + 1 if end >= 0 else len(page.text)
    page.tags += 1
    if page.tags > MOST_TAGS:
        raise _too_many(page, f"{MOST_TAGS:,} marks")
    tag = found[2].casefold()
    if tag in _UNREAD and not found[1]:
        _flush(page)
        closed = re.compile(f"</{tag}[^<>]*>", re.IGNORECASE).search(page.text, found.end())
        return closed.end() if closed else len(page.text)
    if tag not in _INLINE:
        _flush(page)
        _close(page, tag) if found[1] else _open(page, tag, found[3])
    return found.end()


def _open(page: _Page, tag: str, attributes: str) -> None:
    if tag in _VOID or attributes.endswith("/"):
        return
    if tag in ("dt", "dd") and page.open and page.open[-1][0] in ("dt", "dd"):
        _close(page, page.open[-1][0])
    if len(page.open) >= DEEPEST:
        raise RecordError(
            "record.html_depth",
            f"{page.name}: the page's elements are nested more than {DEEPEST} levels deep. Save the page again.",
            f"{page.name}: لایه‌های تودرتوی صفحه بیش از اندازه است. صفحه را دوباره ذخیره کنید.",
        )
    classes = _CLASS.search(attributes)
    role = next((_CLASSES[one] for one in (classes[1].split() if classes else ()) if one in _CLASSES), _ROLES.get(tag, ""))
    page.open.append((tag, role))
    block = page.reader.block
    if role == "item" and block is not None and block.numbered:
        page.reader.builder.close()
        page.item += 1
        page.reader.ordinal = page.item


def _close(page: _Page, tag: str) -> None:
    if tag not in (one for one, _ in page.open):
        return
    while page.open:
        closed, role = page.open.pop()
        if role in ("value", "card", "empty"):
            page.reader.builder.close()
        if closed == tag:
            return


def _flush(page: _Page) -> None:
    start, end = page.start, page.end
    page.start = page.end = -1
    if start < 0:
        return
    page.pieces += 1
    if page.pieces > MOST_PIECES:
        raise _too_many(page, f"{MOST_PIECES:,} pieces of text")
    _piece(page, start, end, decode(page.text[start:end]).strip())


def _too_many(page: _Page, what: str) -> RecordError:
    return RecordError(
        "record.html_too_many",
        f"{page.name}: the page has more than {what}; one record was expected. Save the trial's own page.",
        f"{page.name}: صفحه بیش از اندازه بزرگ است؛ صفحهٔ خود کارآزمایی را ذخیره کنید.",
    )


def _piece(page: _Page, start: int, end: int, words: str) -> None:
    reader = page.reader
    roles = [role for _, role in page.open if role]
    place = next((role for role in reversed(roles) if role != "strong" and role != "item"), "")
    if "title" in roles and reader.block is None:
        reader.builder.add(Meaning(key="document.title", type="text"), "document.title", start, end)
    elif place == "heading":
        _heading(page, start, end, words)
    elif place == "label" or (place == "card" and roles[-1] == "strong"):
        _label(page, start, end, words)
    elif place == "empty":
        reader.read_words(start, end, words)
    elif _is_inline(reader, words):
        _label(page, start, end, words)
    elif reader.builder.is_open() and (place == "value" or reader.builder.waits()):
        reader.builder.fill(start, end)
    elif plain_words(words) in reader.form.furniture:
        reader.heading(start, end)
    else:
        reader.builder.unknown(start, end)


def _is_inline(reader: FormReader, words: str) -> bool:
    if not words.endswith(":") or reader.block is None:
        return False
    block = reader.block_with(plain_words(words))
    return block is not None and plain_words(words) in block.inline


def _heading(page: _Page, start: int, end: int, words: str) -> None:
    reader = page.reader
    if reader.block is not None and reader.block.numbered and is_ordinal(words):
        reader.number(start, end, words)
        page.item = reader.ordinal
    elif plain_words(words) in reader.form.blocks:
        reader.open_block(reader.form.blocks[plain_words(words)], start, end)
        page.item = 0
    elif reader.block_with(plain_words(words)) is not None or plain_words(words) in reader.form.furniture:
        reader.heading(start, end)
    else:
        reader.builder.unknown(start, end)


def _label(page: _Page, start: int, end: int, words: str) -> None:
    shown = end - 1 if page.text[end - 1] == ":" else end
    if not page.reader.read_structure(start, shown, words, ""):
        page.reader.builder.unknown(start, end)
