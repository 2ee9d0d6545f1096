"""Tables as CSV that any program reads: UTF-8, comma, CRLF (RFC 4180), a header line, and nothing that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guard_formula(text: str) -> str:
    """Keep a spreadsheet from running a text: an apostrophe before what begins like a formula and is no number."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def csv_text(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a whole table as text; numbers, also negative ones, are never touched."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([guard_formula(cell) for cell in row] for row in rows)
    return out.getvalue()
