"""Results and design pages as plain JSON: field names as in the dataclasses, Decimals and days as text, sentences as {en, fa}.

`NotEstimable` becomes {"not_estimable": {en, fa}}, so that a reader who looks for a number finds the reason and no zero.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any

from trialwright.analysis.methods.result import NotEstimable

FORMAT = 1


def to_json(results: Any) -> dict[str, Any]:
    """One object with "format": 1, ready for `json.dumps`."""
    return {"format": FORMAT, **plain(results)}


def plain(value: Any) -> Any:
    """The value as dictionaries, lists, strings, numbers, booleans and None."""
    if isinstance(value, NotEstimable):
        return {"not_estimable": plain(value.reason)}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in value]
    if isinstance(value, (Decimal, date)):
        return str(value)
    if isinstance(value, float) and not isfinite(value):
        return None  # JSON has no infinity; the limit beside an infinite ratio says what is known
    return value
