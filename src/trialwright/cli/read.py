"""`trialwright read FILE`: a registry record as a tree of fields; the format is detected and every byte is accounted for."""

from pathlib import Path

from trialwright.cli.asked import make_parser, print_json, print_text
from trialwright.registry import Record, read_file
from trialwright.registry.record import record_as_json


def run(arguments: list[str]) -> int:
    parser = make_parser("read", "Read a registry record as a tree of fields, losslessly.", example="record.txt --json")
    parser.add_argument("file", metavar="FILE", type=Path)
    asked = parser.parse_args(arguments)
    record = read_file(asked.file)
    if asked.json:
        print_json(record_as_json(record))
    else:
        print_text(_as_text(record))
    return 0


def _as_text(record: Record) -> str:
    lines = [f"{record.name}: {record.form}, {record.identifier or 'no registry number in it'}"]
    for field in record.fields:
        shown = {"value": " ".join(field.raw.split()), "empty": "(nothing)", "says_empty": '(the word "empty")'}[field.state.value]
        lines.append(f"{field.span.line:>5}  {field.path:<44} {shown if len(shown) < 160 else shown[:157] + '...'}")
    if record.unknown:
        lines.append(f"{len(record.unknown)} lines were kept without being understood.")
    return "\n".join(lines)
