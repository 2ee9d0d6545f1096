"""`trialwright analyse RUN`: the analysis of a run by its own plan."""

from trialwright.analysis.analyse import analyse
from trialwright.analysis.plain_json import plain
from trialwright.analysis.text import render_results_text
from trialwright.cli.asked import SEED, make_parser, open_run, print_json, print_text
from trialwright.conduct.queries import find_collected


def run(arguments: list[str]) -> int:
    parser = make_parser("analyse", "Analyse a run by the plan of its definition.", example="run --json")
    parser.add_argument("run", metavar="RUN", help="a folder that rehearse wrote, or FOLDER#ID")
    parser.add_argument("--seed", type=SEED, default=1, help="for a test whose reference set is too large to count (default 1)")
    asked = parser.parse_args(arguments)
    home, trial = open_run(asked.run)
    results = analyse(
        trial.study, find_collected(trial), rng_seed=asked.seed, block_sizes=trial.block_sizes(), procedure=trial.procedure()
    )
    head = trial.ledger.head()
    home.close()
    if asked.json:
        print_json({"origin": head.origin, "head": str(head), "results": plain(results)})
    else:
        if head.origin == "rehearsal":
            print("REHEARSAL: invented participants. Nothing here happened.\n")
        print_text(render_results_text(results))
        print(f"\nledger {head}")
    return 0
