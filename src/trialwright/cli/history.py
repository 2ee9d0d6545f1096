"""`trialwright history OLD NEW [NEWER...]`: versions of a record compared by meaning, in the order of their own dates."""

import json
from datetime import date
from pathlib import Path

from trialwright.checks.findings import Place
from trialwright.checks.history import Change, History, change_as_json, compare_history
from trialwright.cli.asked import day, make_parser, print_json, print_text
from trialwright.cli.faults import UsageError
from trialwright.registry import read_file

_WHEN = {"yes": "after enrolment began", "no": "before enrolment began", "not_known": "whether enrolment had begun is not known"}


def run(arguments: list[str]) -> int:
    summary = "Compare two or more versions of a record by meaning: what changed, whom it concerns, and when."
    parser = make_parser("history", summary, example="2017-06-03.txt 2019-02-10.txt")
    parser.add_argument(
        "records", metavar="RECORD", type=Path, nargs="+", help="versions; ordered by their own dates if they have them"
    )
    parser.add_argument("--today", type=day, metavar="DAY", help="compare as of this day (default: today)")
    asked = parser.parse_args(arguments)
    if len(asked.records) < 2:
        raise UsageError("one version was named; name two or more versions of the record.")
    today = asked.today or date.today()  # noqa: DTZ011  # the user's own day
    found = compare_history([read_file(path) for path in asked.records], today=today)
    if asked.json:
        print_json(_as_json(found))
    else:
        print_text(_as_text(found))
    return 0


def _as_json(found: History) -> dict[str, object]:
    return {
        "versions": [one.name for one in found.versions],
        "ordered_by": "dates" if found.dated else "arguments",
        "steps": [
            {"old": step.old.name, "new": step.new.name, "changes": [change_as_json(one) for one in step.changes]}
            for step in found.steps
        ],
    }


def _as_text(found: History) -> str:
    lines = [] if found.dated else ["The versions do not all say when they were made; they stand as they were named."]
    for step in found.steps:
        if step.old.identifier and step.new.identifier and step.old.identifier != step.new.identifier:
            lines.append(f"Two registry numbers: {step.old.identifier} and {step.new.identifier}.")
        lines += [f"{step.old.name} → {step.new.name}: {_counted(step.changes)}"]
        for one in step.changes:
            lines += _lines_of(one)
        lines.append("")
    return "\n".join(lines)


def _lines_of(change: Change) -> list[str]:
    lines = ["", f"{change.kind}: {change.message.en}  [{change.code}]"]
    for sign, place in _places(change):
        lines.append(f"    {sign} {place.path} (line {place.line}): {json.dumps(place.text, ensure_ascii=False)}")
    lines.append(f"    {_WHEN[change.after_enrolment]}; concerns: {', '.join(change.affects)}")
    lines.append(f"    rule: {change.rule.en} ({change.source})")
    return lines


def _counted(changes: tuple[Change, ...]) -> str:
    if not changes:
        return "no change"
    kinds = ("substantive", "clarifying", "editorial")
    return ", ".join(f"{count} {kind}" for kind in kinds if (count := sum(one.kind == kind for one in changes)))


def _places(change: Change) -> list[tuple[str, Place]]:
    return [*(("-", one) for one in change.before), *(("+", one) for one in change.after)]
