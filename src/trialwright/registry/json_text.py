"""Strict JSON, read into leaves that know their place in the text.

The library's reader keeps the last of two equal names, takes NaN for a number and forgets where a value stood.
Here a second name, a number that is none, a broken character and a nesting without end are refused with words,
and every leaf has the offsets of its characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # the strict string reader of the library, in C
from typing import Literal, NamedTuple

from trialwright.registry.text import RecordError

DEEPEST = 64
MOST_LEAVES = 100_000
LONGEST_VALUE = 1_000_000
LONGEST_PATHS = 40_000_000
"""Characters of all paths together: a long name above many values would be written out for each of them."""
LONGEST_NUMBER = 30
MOST_DIGITS = 18

Kind = Literal["string", "number", "true", "false", "null", "empty"]

_NEXT = re.compile(r"[ \t\r\n]*([{}\[\],:\"]|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)?")
_WORDS: dict[str, Kind] = {"true": "true", "false": "false", "null": "null"}
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_scan: Callable[[str, int, bool], tuple[str, int]] = scanstring


class Leaf(NamedTuple):
    """A value that holds no other: its path, the path without numbers, the numbers (from 1), and its place.

    `text` is a string's meaning, or a number as printed; an empty object or list is a leaf too.
    """

    path: str
    pattern: str
    numbers: tuple[int, ...]
    kind: Kind
    text: str
    start: int
    end: int


@dataclass(kw_only=True, slots=True)
class _Reader:
    text: str
    name: str
    leaves: list[Leaf] = field(default_factory=list)
    path_letters: int = 0


def read_leaves(text: str, *, name: str) -> list[Leaf]:
    """Give the leaves of a JSON text in its order.

    Raises: RecordError for what is not JSON, a name used twice in one object, NaN or Infinity, a number of more than
    18 digits or beyond every measure, a lone half of a character, NUL, more than 64 levels, 100,000 values or a million
    characters in one.
    """
    reader = _Reader(text=text, name=name or "the file")
    at = _value(reader, 0, "", "", (), 0)
    mark, start, _ = _mark(reader, at)
    if mark or start < len(text):
        raise _refused(reader, "record.json_invalid", start, "something follows after the end of the JSON value")
    return reader.leaves


def _mark(reader: _Reader, at: int) -> tuple[str, int, int]:
    found = _NEXT.match(reader.text, at)
    assert found is not None
    return (found[1], found.start(1), found.end()) if found[1] else ("", found.end(), found.end())


def _value(reader: _Reader, at: int, path: str, pattern: str, numbers: tuple[int, ...], depth: int) -> int:
    mark, start, end = _mark(reader, at)
    reader.path_letters += len(path)
    if reader.path_letters > LONGEST_PATHS:
        raise _refused(reader, "record.json_too_many", start, "the names above the values are longer than those of any record")
    if mark == '"':
        words, end = _string(reader, start)
        reader.leaves.append(Leaf(path, pattern, numbers, "string", words, start + 1, end - 1))
    elif mark in ("{", "["):
        if depth >= DEEPEST:
            raise _refused(reader, "record.json_depth", start, f"the values are nested more than {DEEPEST} levels deep")
        container = _object if mark == "{" else _list
        end = container(reader, start, path, pattern, numbers, depth + 1)
    elif mark in _WORDS:
        reader.leaves.append(Leaf(path, pattern, numbers, _WORDS[mark], mark, start, end))
    elif mark[:1] in tuple("-0123456789"):
        _check_number(reader, mark, start, end)
        reader.leaves.append(Leaf(path, pattern, numbers, "number", mark, start, end))
    else:
        raise _no_value(reader, start)
    if len(reader.leaves) > MOST_LEAVES:
        raise _refused(
            reader, "record.json_too_many", start, f"there are more than {MOST_LEAVES:,} values; one record was expected"
        )
    return end


def _object(reader: _Reader, at: int, path: str, pattern: str, numbers: tuple[int, ...], depth: int) -> int:
    start, seen, begin, prefix = at, set[str](), path and path + ".", pattern and pattern + "."
    mark, at, end = _mark(reader, at + 1)
    while mark != "}" or seen:
        if mark != '"':
            raise _refused(reader, "record.json_invalid", at, 'a name in quotes or "}" was expected')
        key, end = _string(reader, at)
        if key in seen:
            raise _refused(reader, "record.json_duplicate", at, f'the name "{key[:60]}" stands twice in one object')
        seen.add(key)
        mark, at, end = _mark(reader, end)
        if mark != ":":
            raise _refused(reader, "record.json_invalid", at, 'a ":" was expected')
        end = _value(reader, end, begin + key, prefix + key, numbers, depth)
        mark, at, end = _mark(reader, end)
        if mark == "}":
            return end
        if mark != ",":
            raise _refused(reader, "record.json_invalid", at, 'a "," or "}" was expected')
        mark, at, _ = _mark(reader, end)
    reader.leaves.append(Leaf(path, pattern, numbers, "empty", "", start, end))
    return end


def _list(reader: _Reader, at: int, path: str, pattern: str, numbers: tuple[int, ...], depth: int) -> int:
    start, inside, count = at, pattern + "[]", 0
    mark, _, end = _mark(reader, at + 1)
    if mark == "]":
        reader.leaves.append(Leaf(path, pattern, numbers, "empty", "", start, end))
        return end
    at += 1
    while True:
        count += 1
        end = _value(reader, at, f"{path}[{count}]", inside, (*numbers, count), depth)
        mark, start, at = _mark(reader, end)
        if mark == "]":
            return at
        if mark != ",":
            raise _refused(reader, "record.json_invalid", start, 'a "," or "]" was expected')


def _string(reader: _Reader, start: int) -> tuple[str, int]:
    try:
        words, end = _scan(reader.text, start + 1, True)  # the library's own argument: strict
    except JSONDecodeError as error:
        raise _refused(reader, "record.json_invalid", start, f"a text in quotes is broken ({error.msg})") from None
    if len(words) > LONGEST_VALUE:
        raise _refused(reader, "record.json_too_many", start, f"a text has more than {LONGEST_VALUE:,} characters; no record has")
    if _UNFIT.search(words):
        raise _refused(reader, "record.json_character", start, "a text holds NUL or half of a character")
    return words, end


def _check_number(reader: _Reader, mark: str, start: int, end: int) -> None:
    following = reader.text[end : end + 1]
    if following.isalnum() or following in tuple("._+-"):
        raise _no_value(reader, start)
    whole = mark.lstrip("-").isdecimal()
    if len(mark) > LONGEST_NUMBER or (whole and len(mark.lstrip("-")) > MOST_DIGITS) or abs(float(mark)) > 1e300:
        raise _refused(reader, "record.json_number", start, f"the number {mark[:12]}… is too large to be a value of a trial")


def _no_value(reader: _Reader, start: int) -> RecordError:
    found = reader.text[start : start + 12].split("\n")[0]
    if found.lstrip("-").startswith(("NaN", "Infinity")):
        return _refused(reader, "record.json_number", start, f"{found.split(',')[0].strip(' }]')} is not a number of JSON")
    return _refused(reader, "record.json_invalid", start, f'"{found}" is not a value' if found else "the text ends too early")


def _refused(reader: _Reader, code: str, at: int, found: str) -> RecordError:
    line = reader.text.count("\n", 0, at) + 1
    english = f"{reader.name}, line {line}: {found}. Take the JSON from the registry again, unchanged."
    return RecordError(code, english, f"{reader.name}، سطر {line}: {_PERSIAN[code]} فایل JSON را بی‌تغییر دوباره از سامانه بگیرید.")


_PERSIAN = {
    "record.json_invalid": "این متن JSON درستی نیست.",
    "record.json_duplicate": "یک نام دو بار در یک شیء آمده است.",
    "record.json_number": "یک عدد، عدد مجاز JSON نیست یا بیش از اندازه بزرگ است.",
    "record.json_character": "متنی نویسهٔ ناقص یا NUL دارد.",
    "record.json_depth": "لایه‌های تودرتو بیش از اندازه است.",
    "record.json_too_many": "شمار مقدارها بیش از یک ثبت کارآزمایی است.",
}
