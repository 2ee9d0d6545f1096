"""A fuzzer over the one door to all forms: whatever the bytes, a record that is written again as the same bytes, or a refusal.

Run as a script with atheris's own arguments; it starts from the invented trial in every form that is text.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["trialwright.registry"]):
    from trialwright.registry import RecordError, find_damage, read_record, record_as_json, write_record

from tests.registry import twins


def test_one(data: bytes) -> None:
    """Read, write and look over one input."""
    if data.lstrip().startswith(b"%PDF"):
        return  # another process reads it: too slow to fuzz here
    try:
        record = read_record(data, name="fuzzed")
    except RecordError:
        return
    if write_record(record) != data:
        raise AssertionError("the bytes changed")
    if len({one.path for one in record.fields}) != len(record.fields):
        raise AssertionError("two fields have one path")
    list(find_damage(record))
    record_as_json(record)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(twins.TEXTS.values()):
            (Path(folder) / str(number)).write_bytes(data)
        atheris.Setup([*sys.argv, folder], test_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
