"""Strict JSON: a name used twice, a number that is none, nesting without end and bytes that are no UTF-8 are refused in words."""

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from trialwright.exchange.errors import ExchangeError, refuse

LARGEST_BYTES = 50 * 1024 * 1024
DEEPEST = 200
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_HALF = re.compile(rb"\\\\u[dD][89a-fA-F]")
_LONGEST_NUMBER = 40


def read_json(content: bytes, *, name: str) -> Any:
    """Read a JSON document. Raises: ExchangeError."""
    if len(content) > LARGEST_BYTES:
        raise refuse("too_large", file=name, found=len(content) // 1024 // 1024, expected=LARGEST_BYTES // 1024 // 1024)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("not_utf8", file=name, byte=error.start) from None
    if _depth(content) > DEEPEST:
        raise refuse("json_deep", file=name, expected=DEEPEST)
    try:
        found = json.loads(
            text, object_pairs_hook=_unique(name), parse_constant=_no_number(name), parse_float=Decimal, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise refuse("json", file=name, line=error.lineno, column=error.colno, found=error.msg) from None
    except (ValueError, ArithmeticError) as error:
        if isinstance(error, ExchangeError):
            raise
        raise refuse("json", file=name, line=1, column=1, found=error) from None
    if _HALF.search(content):
        _refuse_halves(found, name)
    return found


def _refuse_halves(found: Any, name: str) -> None:
    """Half of a character, written as an escape, is a text that no file can hold."""
    try:
        json.dumps(found, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        raise refuse("json_half", file=name) from None


def _depth(content: bytes) -> int:
    """How deep the brackets go, strings left aside: the reader of the library would run out of stack instead of saying so."""
    depth = deepest = 0
    for mark in re.findall(rb"[\[\]{}]", _STRING.sub(b"", content)):
        depth += 1 if mark in (b"[", b"{") else -1
        deepest = max(deepest, depth)
    return deepest


def _unique(name: str) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise refuse("json_twice", file=name, key=key)
            found[key] = value
        return found

    return build


def _no_number(name: str) -> Any:
    def stop(word: str) -> NoReturn:
        raise refuse("json", file=name, line=1, column=1, found=f"{word} is no number")

    return stop


def _whole(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)
