"""Registry records: read into fields without loss, and printed again as the same bytes."""

from trialwright.registry.damage import Damage, find_damage
from trialwright.registry.files import read_file, read_many, read_rows
from trialwright.registry.forms import ALL_FORMS, NAMES_OF_FORMS, read_record, write_record
from trialwright.registry.ictrp import Row, read_row
from trialwright.registry.record import (
    Arm,
    Field,
    Level,
    Outcome,
    Record,
    Span,
    State,
    Token,
    TypedValue,
    record_as_json,
)
from trialwright.registry.text import RecordError

__all__ = [
    "ALL_FORMS",
    "NAMES_OF_FORMS",
    "Arm",
    "Damage",
    "Field",
    "Level",
    "Outcome",
    "Record",
    "RecordError",
    "Row",
    "Span",
    "State",
    "Token",
    "TypedValue",
    "find_damage",
    "read_file",
    "read_many",
    "read_record",
    "read_row",
    "read_rows",
    "record_as_json",
    "write_record",
]
