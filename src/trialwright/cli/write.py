"""`trialwright write FILE --to irct|ctgov|prs|ictrp`: a record in another registry's form, and what did not arrive as it stood.

The document goes to the output or to `--out`; the remarks (left out, moved, too long, missing) go to the error stream, so that
the document stays clean, or into the one object of `--json`.
"""

import sys
from pathlib import Path

from trialwright.cli.asked import make_parser, print_json
from trialwright.cli.faults import UsageError
from trialwright.registry import read_file
from trialwright.registry.carry import TARGETS, Carried, carried_as_json, carry

_HEADINGS = {
    "left_out": "left out",
    "missing": "asked for, not in the record",
    "too_long": "too long or seen cut",
    "imprecise": "less exact than asked",
    "moved": "stands elsewhere",
}


def run(arguments: list[str]) -> int:
    summary = "Write a registry record in another registry's form, and say what could not be carried over."
    parser = make_parser("write", summary, example="record.txt --to ctgov --out record.json")
    parser.add_argument("file", metavar="FILE", type=Path)
    forms = "; ".join(f"{name}: {target.NAME}" for name, target in TARGETS.items())
    parser.add_argument("--to", required=True, choices=tuple(TARGETS), help=forms)
    parser.add_argument("--out", metavar="FILE", type=Path, help="a new file for the document (default: the output)")
    parser.add_argument("--public", action="store_true", help="leave out persons' phones and e-mails")
    asked = parser.parse_args(arguments)
    if asked.out is not None and asked.out.exists():
        raise UsageError(f"{asked.out} exists already; give a new file, nothing is written over.")
    carried = carry(read_file(asked.file), asked.to, public=asked.public)
    if asked.out is not None:
        _write_whole(asked.out, carried.data)
    if asked.json:
        document = {"out": str(asked.out)} if asked.out is not None else {"document": carried.text}
        print_json({"file": str(asked.file), **carried_as_json(carried), **document})
        return 0
    if asked.out is None:
        sys.stdout.write(carried.text)
    print(_as_text(carried), file=sys.stderr)
    return 0


def _write_whole(path: Path, data: bytes) -> None:
    """Write a new file, or leave none where the disk does not take it."""
    try:
        path.write_bytes(data)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _as_text(carried: Carried) -> str:
    lines = [f"{len(carried.kept)} values are as they were; {len(carried.left_out)} were left out."]
    for kind, heading in _HEADINGS.items():
        found = [one for one in carried.remarks if one.kind == kind]
        lines += ["", f"{heading} ({len(found)})"] if found else []
        lines += [f"  {one.key}: {one.words + ' · ' if one.words else ''}{one.reason.en}" for one in found]
    return "\n".join(lines)
