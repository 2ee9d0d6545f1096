"""`trialwright convert FILE --out DIR` takes over what another builder made; `convert STUDY --to usdm --out FILE` hands a study on.

What did not arrive as it stood is printed on the error stream; it stands in `remarks.txt` beside the files too, or in the object of
`--json`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trialwright.cli.asked import find_study_named, make_parser, print_json
from trialwright.cli.faults import UsageError
from trialwright.cli.new_folder import new_folder, refuse_filled, write_new_file

if TYPE_CHECKING:
    from trialwright.exchange.remarks import Remark

_HEADINGS = {
    "refused": "refused: it may not be carried",
    "left_out": "left out: no home here",
    "question": "for a person to decide",
    "changed": "arrived in another shape",
    "extension": "kept in extension attributes",
}


def run(arguments: list[str]) -> int:
    parser = make_parser(
        "convert",
        "Take over forms or a study of another builder (REDCap data dictionary, ODM 1.3 or 2.0, USDM 4), or write a study as USDM.",
        example="dictionary.csv --out forms\n  trialwright convert STUDY --to usdm --out study.json",
    )
    parser.add_argument("what", metavar="FILE|STUDY", help="a file of another builder; with --to, a study folder or its id")
    parser.add_argument("--to", choices=("usdm",), help="write a study in this form")
    parser.add_argument("--out", required=True, type=Path, metavar="PATH", help="a new folder; with --to, a new file")
    asked = parser.parse_args(arguments)
    if asked.to:
        return _write_usdm(asked.what, asked.out, as_json=asked.json)
    return _read(Path(asked.what), asked.out, as_json=asked.json)


def _write_usdm(name: str, out: Path, *, as_json: bool) -> int:
    from trialwright.exchange.usdm.write import write_usdm

    written = write_usdm(find_study_named(name))
    write_new_file(out, written.text)
    _say({"file": str(out), "format_of": "usdm"}, f"{out}: USDM 4.0.0", written.remarks, as_json=as_json)
    return 0


def _read(path: Path, out: Path, *, as_json: bool) -> int:
    from trialwright.exchange.foreign import LARGEST_BYTES, read_foreign

    refuse_filled(out)
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give a file of another builder, or --to usdm to write a study.")
    if path.stat().st_size > LARGEST_BYTES:
        raise UsageError(f"{path} has {path.stat().st_size // 1024**2} MB; at most {LARGEST_BYTES // 1024**2} MB are read.")
    foreign = read_foreign(path.read_bytes(), name=str(path))
    with new_folder(out) as folder:
        for name, text in ({**foreign.files, "remarks.txt": _as_text(foreign.remarks) + "\n"}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    forms = sum("forms/" in name for name in foreign.files)
    where = f"`trialwright study {out}` prints it" if foreign.is_study else "copy it into protocol/<version>/ of a study"
    summary = f"{out}: {forms} form(s) from {foreign.form}; {where}"
    _say({"folder": str(out), "format_of": foreign.form, "files": sorted(foreign.files)}, summary, foreign.remarks, as_json=as_json)
    return 0


def _say(facts: dict[str, object], summary: str, remarks: "Sequence[Remark]", *, as_json: bool) -> None:
    from trialwright.exchange.remarks import remarks_as_json

    if as_json:
        print_json({**facts, "remarks": remarks_as_json(remarks)})
        return
    print(summary)
    print(_as_text(remarks), file=sys.stderr)


def _as_text(remarks: "Sequence[Remark]") -> str:
    lines = []
    for kind, heading in _HEADINGS.items():
        found = [one for one in remarks if one.kind == kind]
        lines += ["", f"{heading} ({len(found)})"] if found else []
        lines += [f"  {one.place}: {one.words + ' · ' if one.words else ''}{one.reason.en}" for one in found]
    return "\n".join(lines).strip() or "Everything arrived as it stood."
