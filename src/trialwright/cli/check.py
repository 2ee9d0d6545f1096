"""`trialwright check FILE|STUDY`: what a record lacks or contradicts. Exit code 1 when there is an error or a warning.

`--out review.html` writes the review as an annotated copy of the record, one page to read, print and keep.
`check --corpus PATH...` reads many records, exports and folders of them, and gives counts and rates, with `--out DIR`
findings as tables and a page of rates in both languages; its exit code is 2 only where not one record could be read.
"""

import json
from argparse import Namespace
from datetime import date
from pathlib import Path

from trialwright.checks import Finding, completeness_as_json, completeness_as_text, find_findings, score_completeness
from trialwright.checks.findings import finding_as_json
from trialwright.cli.asked import Parser, day, make_parser, print_json, print_text, whole_number
from trialwright.cli.faults import UsageError
from trialwright.cli.new_folder import write_new_file
from trialwright.registry import Record, read_file

_MARKS = {"error": "ERROR", "warning": "warning", "note": "note"}


def run(arguments: list[str]) -> int:
    asked = _parser().parse_args(arguments)
    today = asked.today or date.today()  # noqa: DTZ011  # the user's own day
    if asked.corpus:
        from trialwright.cli.check_corpus import check_corpus

        return check_corpus(asked, today)
    if len(asked.record) > 1:
        raise UsageError(f"{len(asked.record)} records were named; name one, or add --corpus for rates over all of them.")
    record = _find_record(asked.record[0])
    findings = find_findings(record, today=today)
    if asked.out:
        _write_review(record, findings, asked, today)
    if asked.json:
        scores = completeness_as_json(score_completeness(record))
        print_json({"record": record.name, "findings": [finding_as_json(finding) for finding in findings], "completeness": scores})
    elif asked.out:
        print_text(f"{asked.out}: {len(findings)} findings")
    else:
        print_text(f"{_as_text(record, findings)}\n\n{completeness_as_text(score_completeness(record))}")
    return 1 if any(finding.severity in ("error", "warning") for finding in findings) else 0


def _parser() -> Parser:
    parser = make_parser(
        "check", "Say what a registry record lacks or contradicts, with the words to fix it.", example="IRCT2016090729747N1"
    )
    what = "a record, or a study whose newest registered record is checked; with --corpus any number of files and folders"
    parser.add_argument("record", metavar="FILE|STUDY", nargs="+", help=what)
    parser.add_argument("--corpus", action="store_true", help="many records: counts and rates instead of single findings")
    parser.add_argument(
        "--jobs", type=whole_number(1, 256), default=0, metavar="N", help="processes for a corpus (default: all cores)"
    )
    parser.add_argument("--engine", metavar="NAME", help="joblib's backend for a corpus: loky (default), threading, dask, ...")
    parser.add_argument(
        "--out", type=Path, metavar="PATH", help="the review as an HTML file; with --corpus a new folder of findings and rates"
    )
    parser.add_argument("--language", choices=("en", "fa"), default="en", help="the language of the review (default en)")
    parser.add_argument(
        "--contacts", action="store_true", help="show phones and e-mail addresses in the review, for the registrant"
    )
    parser.add_argument("--today", type=day, metavar="DAY", help="check against this day (default: today)")
    return parser


def _write_review(record: Record, findings: tuple[Finding, ...], asked: Namespace, today: date) -> None:
    """Raises: UsageError for another form than the one that is written."""
    from trialwright.checks.review import make_review, render_page

    out = asked.out
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(
            f"{out}: a review is written as HTML; name it {out.with_suffix('.html').name}. A browser prints it to paper or PDF."
        )
    review = make_review(record, findings, today=today, shows_contacts=asked.contacts)
    write_new_file(out, render_page(review, asked.language))


def _find_record(named: str) -> Record:
    """The record in a file, or the newest that a study folder holds."""
    path = Path(named)
    if path.is_file():
        return read_file(path)
    if path.suffix == ".txt":
        path.stat()  # its own sentence where it cannot be found
    from trialwright.study.folder import find_study

    newest = _newest(find_study(named))
    return read_file(newest)


def _newest(folder: Path) -> Path:
    """The registered record with the latest day in its name; one without a day only where there is no other."""
    records = [path for path in (folder / "registered").glob("*") if path.is_file()]
    if not records:
        raise UsageError(f"{folder / 'registered'} holds no record; put one there as the registry gave it, or name a file.")
    return max(records, key=lambda path: (path.name[:1].isdigit(), path.name))


def _as_text(record: Record, findings: tuple[Finding, ...]) -> str:
    lines = [f"{record.name}: {len(findings)} findings"]
    for finding in findings:
        lines += ["", f"{_MARKS[finding.severity]}: {finding.message.en}  [{finding.code}]"]
        lines += [f"    {place.path} (line {place.line}): {json.dumps(place.text, ensure_ascii=False)}" for place in finding.places]
        lines += [f"    do: {finding.todo.en}", f"    rule: {finding.rule.en} ({finding.source})"]
        lines += [f"    wording: {finding.wording}"] if finding.wording else []
    return "\n".join(lines)
