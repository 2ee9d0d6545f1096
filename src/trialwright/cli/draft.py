"""`trialwright draft RECORD --out DIR [--answers FILE]`: a first study definition from a registry record, with its questions."""

import sys
from decimal import Decimal
from pathlib import Path

from trialwright.cli.asked import make_parser, print_json
from trialwright.cli.faults import UsageError
from trialwright.cli.new_folder import new_folder, refuse_filled
from trialwright.registry import Record, RecordError, read_file, read_many
from trialwright.study.draft import Draft, Question, draft_study

_EXPORTS = (".xml", ".csv", ".xlsx")


def run(arguments: list[str]) -> int:
    parser = make_parser(
        "draft",
        "Draft a study from a registry record: valid at once, a question for every gap.",
        example="record.json --out studies/mine",
    )
    parser.add_argument("record", metavar="RECORD", help="a registry record; of an export with many trials, FILE#NUMBER")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="a new folder for the study")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="answers to the questions, as questions.toml asks for them")
    asked = parser.parse_args(arguments)
    refuse_filled(asked.out)
    record, content, suffix = _read(asked.record)
    answers = _text(asked.answers) if asked.answers else ""
    draft = draft_study(record, content, suffix=suffix, answers=answers, answers_file=str(asked.answers or ""))
    with new_folder(asked.out) as folder:
        _write(draft, folder)
    if asked.json:
        print_json(_as_json(draft, asked.out))
    else:
        _print(draft, asked.out)
    return 0


def _read(named: str) -> tuple[Record, bytes, str]:
    """The record, the bytes that are kept of it, and the ending of their file's name. Raises: UsageError, RecordError."""
    file, _, number = named.partition("#") if not Path(named).exists() else (named, "", "")
    path = Path(file)
    if number:
        return _row(path, number)
    try:
        return read_file(path), path.read_bytes(), path.suffix or ".txt"
    except RecordError:
        if path.suffix.lower() not in _EXPORTS:
            raise
        return _row(path, "")


def _row(path: Path, number: str) -> tuple[Record, bytes, str]:
    """A trial of an export, whose own text is kept: the file holds other trials too."""
    found = _of_export(path, number)
    return found, found.text.encode("utf-8"), ".txt"


def _of_export(path: Path, number: str) -> Record:
    """One trial of an export: the one with this number, or the only one there."""
    path.stat()  # its own sentence where it cannot be found
    first: Record | None = None
    for one in read_many(path):
        if isinstance(one, RecordError):
            continue
        if number and one.identifier == number:
            return one
        if not number and first is not None:
            raise UsageError(f"{path} holds more than one trial; name one: {path}#NUMBER.")
        first = first or one
    if first is None or number:
        raise UsageError(f"{path} holds no trial{f' with the number {number}' if number else ' that could be read'}.")
    return first


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8.") from None


def _write(draft: Draft, folder: Path) -> None:
    for name, text in draft.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    name, content = draft.record
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def _as_json(draft: Draft, out: Path) -> dict[str, object]:
    study = draft.study
    return {
        "study": study.id,
        "folder": str(out),
        "arms": [{"id": arm.id, "planned": arm.planned} for arm in study.arms],
        "endpoints": [endpoint.id for endpoint in study.endpoints],
        "questions": [_question(one) for one in draft.questions],
    }


def _question(one: Question) -> dict[str, object]:
    return {
        "id": one.id,
        "text": {"en": one.text.en, "fa": one.text.fa},
        "place": one.place,
        "kind": one.kind,
        "choices": list(one.choices),
        "proposal": _as_number(one.proposal),
        "is_safe": one.is_safe,
        "is_open": one.is_open,
    }


def _as_number(value: object) -> object:
    """A decimal as a JSON number, so that a program may hand it back as it stands."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def _print(draft: Draft, out: Path) -> None:
    study = draft.study
    arms = ", ".join(f"{arm.label.en} ({arm.planned})" for arm in study.arms)
    counts = {"criteria": study.criteria, "endpoints": study.endpoints, "visits": study.encounters, "forms": study.forms}
    print(f"{study.id}: {study.short_title.en}")
    print(f"  arms: {arms}")
    print(f"  {', '.join(f'{len(found)} {name}' for name, found in counts.items())}")
    print(f"  {len(draft.open)} open questions, in {out / 'questions.toml'}:")
    for one in draft.open:
        print(f"    {one.id}: {one.text.en}")
    print(
        f"Next: fill in {out / 'questions.toml'} and draft again with --answers; or look at it: trialwright study {out}",
        file=sys.stderr,
    )
