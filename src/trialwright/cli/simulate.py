"""`trialwright simulate STUDY --trials N --seed S`: size, power and coverage of every method, as arrays."""

import re
import sys
from pathlib import Path
from time import monotonic

from trialwright.analysis.plain_json import to_json
from trialwright.cli.asked import SEED, find_study_named, make_parser, print_json, print_text, whole_number
from trialwright.cli.faults import UsageError
from trialwright.simulate.operating import simulate
from trialwright.simulate.text import render_operating_text

MOST_TRIALS, MOST_WORKERS = 100_000_000, 1024


def run(arguments: list[str]) -> int:
    parser = make_parser(
        "simulate",
        "Simulate many trials of this design: size, power and coverage with their Monte Carlo error.",
        example="IRCT2016090729747N1 --trials 1000 --seed 1",
    )
    parser.add_argument("study", metavar="STUDY", help="a study folder, or an id under ./studies")
    parser.add_argument("--trials", type=whole_number(1, MOST_TRIALS), default=1000, help="simulated trials (default 1000)")
    parser.add_argument("--seed", type=SEED, default=1, help="the same seed gives the same bits (default 1)")
    parser.add_argument("--scenario", default=None, help="a scenario of simulation.toml (default: all)")
    parser.add_argument(
        "--shard", default=None, metavar="i/N", help="only this part of the work; `trialwright merge` joins the parts"
    )
    parser.add_argument(
        "--workers", type=whole_number(1, MOST_WORKERS), default=1, help="processes at a time (default 1); the bits are the same"
    )
    parser.add_argument(
        "--out", type=Path, default=None, metavar="DIR", help="keep finished blocks here; the same command goes on after a stop"
    )
    parser.add_argument("--progress", action="store_true", help="say how much is done and how long is left, also into a file")
    asked = parser.parse_args(arguments)
    found = simulate(
        find_study_named(asked.study),
        trials=asked.trials,
        seed=asked.seed,
        scenario=asked.scenario,
        shard=_shard(asked.shard),
        workers=asked.workers,
        out=asked.out,
        progress=Meter() if asked.progress or sys.stderr.isatty() else None,
    )
    if asked.json:
        print_json(to_json(found))
    else:
        print_text(render_operating_text(found))
    return 0


class Meter:
    """Says on the error stream how many blocks are done and how long the rest will take, at most once a second."""

    def __init__(self) -> None:
        self._began = self._said = monotonic()
        self._before: int | None = None

    def __call__(self, done: int, of: int) -> None:
        now = monotonic()
        if self._before is None:
            self._before = done - 1 if done == 1 else done  # blocks found in the folder took no time
        if done < of and now - self._said < 1:
            return
        self._said = now
        computed = done - self._before
        left = _time_left((now - self._began) / computed * (of - done)) if computed else ""
        on_screen = sys.stderr.isatty()
        start, end = ("\r\x1b[K", "\n" if done == of else "") if on_screen else ("", "\n")
        print(f"{start}trialwright simulate: {done} of {of} blocks{left}", end=end, file=sys.stderr, flush=True)


def _time_left(seconds: float) -> str:
    if seconds < 1:
        return ""
    if seconds < 100:
        return f", {seconds:.0f} s left"
    return f", {seconds / 60:.0f} min left" if seconds < 6000 else f", {seconds / 3600:.1f} h left"


def _shard(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"--shard {text!r} is no part; write 1/4 for the first of four.")
    return int(found[1]), int(found[2])
