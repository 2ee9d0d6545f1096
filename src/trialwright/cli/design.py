"""`trialwright design STUDY`: what this design can and cannot show."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from trialwright.cli.asked import find_study_named, make_parser, print_json, print_text, whole_number
from trialwright.cli.faults import UsageError
from trialwright.cli.new_folder import new_files

if TYPE_CHECKING:
    from trialwright.report.document import Language

LANGUAGES: "dict[str, tuple[Language, ...]]" = {"en": ("en",), "fa": ("fa",), "both": ("en", "fa")}
MOST_PARTICIPANTS = 200


def run(arguments: list[str]) -> int:
    parser = make_parser(
        "design",
        "Say in plain words what this design can and cannot show, with the numbers beside.",
        example="NCT02382874 --n 12 --dropout 0.1 --out pages",
    )
    parser.add_argument("study", metavar="STUDY", help="a study folder, or an id under ./studies")
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="en", help="English, Persian or both (default en)")
    parser.add_argument("--n", type=whole_number(1, MOST_PARTICIPANTS), help="participants in each arm (default: as planned)")
    parser.add_argument("--dropout", type=_share, default=0.0, help="share without a value at the primary visit (default 0)")
    parser.add_argument("--no-simulation", action="store_true", help="leave out what only a simulation knows; quicker")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write HTML and PDF into this folder")
    asked = parser.parse_args(arguments)
    if asked.language == "both" and not asked.out:
        raise UsageError("--language both is for files; give --out DIR, or choose en or fa.")
    from trialwright.analysis.design import design, render_design_text
    from trialwright.analysis.plain_json import to_json
    from trialwright.report.design_document import gather_evidence, write_design

    study = find_study_named(asked.study)
    evidence = None if asked.no_simulation else gather_evidence(study, n=asked.n)
    page = design(study, n=asked.n, dropout=asked.dropout, evidence=evidence)
    if asked.out:
        with new_files(asked.out) as folder:
            names = [path.name for path in write_design(page, folder, languages=LANGUAGES[asked.language])]
        print_text("\n".join(str(asked.out / name) for name in names))
    elif asked.json:
        print_json(to_json(page))
    else:
        print_text(render_design_text(page, asked.language))
    return 0


def _share(text: str) -> float:
    """The type of an option that takes a share: 0.2 or 20%."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 0.9:
        raise argparse.ArgumentTypeError(f"{text!r} is no share of participants; write 0.2 or 20%, at most 0.9")
    return share
