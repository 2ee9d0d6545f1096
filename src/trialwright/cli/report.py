"""`trialwright report RUN --out DIR`: the report of a run as HTML and PDF, in English, Persian or both."""

from pathlib import Path
from typing import TYPE_CHECKING

from trialwright import __version__
from trialwright.cli.asked import SEED, make_parser, open_run, print_json
from trialwright.cli.new_folder import new_files

if TYPE_CHECKING:
    from trialwright.report.document import Language

LANGUAGES: "dict[str, tuple[Language, ...]]" = {"en": ("en",), "fa": ("fa",), "both": ("en", "fa")}


def run(arguments: list[str]) -> int:
    parser = make_parser("report", "Write the report of a run, as HTML and PDF.", example="run --out reports --language both")
    parser.add_argument("run", metavar="RUN", help="a folder that rehearse wrote, or FOLDER#ID")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder for the files")
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="en", help="English, Persian or both (default en)")
    parser.add_argument("--seed", type=SEED, default=1, help="for a test whose reference set is too large to count (default 1)")
    asked = parser.parse_args(arguments)
    from trialwright.analysis.analyse import analyse
    from trialwright.conduct.queries import find_collected
    from trialwright.report.material import Material
    from trialwright.report.write import write_report

    home, trial = open_run(asked.run)
    study, collected, head = trial.study, find_collected(trial), trial.ledger.head()
    block_sizes, procedure = trial.block_sizes(), trial.procedure()
    home.close()
    results = analyse(study, collected, rng_seed=asked.seed, block_sizes=block_sizes, procedure=procedure)
    software = f"trialwright {__version__}"
    material = Material(study=study, collected=collected, results=results, head=head, software=software)
    with new_files(asked.out) as folder:
        names = [path.name for path in write_report(material, folder, languages=LANGUAGES[asked.language])]
    written = [asked.out / name for name in names]
    if asked.json:
        print_json({"origin": head.origin, "head": str(head), "files": [str(path) for path in written]})
    else:
        for path in written:
            print(path)
    return 0
