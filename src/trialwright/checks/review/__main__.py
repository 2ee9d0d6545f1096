"""One review in a process of its own: a record on the standard input, markup on the standard output.

The site hands over what a stranger dropped. Whatever that file does to a reader, it does it here, where memory and time are
limited, nothing is written, and no secret of the installation is in the environment. A refusal is JSON with exit code 2.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from datetime import date

from trialwright.checks import find_findings
from trialwright.checks.review import make_review, render_fragment, render_page
from trialwright.registry import RecordError, read_record

MEMORY_BYTES = 1_500_000_000
SECONDS = 20


def main() -> int:
    """Read, check and write one review."""
    parser = argparse.ArgumentParser(prog="python -m trialwright.checks.review")
    parser.add_argument("--name", default="")
    parser.add_argument("--language", choices=("en", "fa"), default="en")
    parser.add_argument("--today", type=date.fromisoformat, required=True)
    parser.add_argument("--contacts", action="store_true")
    parser.add_argument("--page", action="store_true")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        record = read_record(sys.stdin.buffer.read(), name=asked.name)
    except RecordError as error:
        sys.stdout.write(json.dumps({"en": error.text.en, "fa": error.text.fa}))
        return 2
    findings = find_findings(record, today=asked.today)
    review = make_review(record, findings, today=asked.today, shows_contacts=asked.contacts)
    render = render_page if asked.page else render_fragment
    sys.stdout.buffer.write(render(review, asked.language).encode("utf-8"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
