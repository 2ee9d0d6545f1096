"""The terminal door. Each command is a module of this room; only the one that was asked for is loaded.

Exit codes: 0 fine; 1 `check` found an error or a warning, or a command was refused; 2 wrong use or unreadable input; 70 a fault of
the program itself; 130 and 143 stopped from outside. An error is one sentence that names the place and the remedy;
`TRIALWRIGHT_DEBUG=1` shows its traceback.
"""

import gc
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence

COMMANDS = {
    "read": "a registry record as a tree of fields, losslessly",
    "write": "a record in another registry's form, with what could not be carried over",
    "check": "what a record or a study lacks or contradicts",
    "draft": "a first study definition from a registry record, with its questions",
    "history": "versions of a record compared by meaning",
    "study": "a trial's definition: arms, schedule, endpoints, open questions",
    "design": "what this design can and cannot show",
    "simulate": "size and power of the primary comparison over many simulated trials",
    "merge": "the parts of a simulation as one run",
    "rehearse": "run a trial with invented people through the real rules",
    "analyse": "the analysis of a run",
    "report": "the report of a run, as HTML and PDF",
    "compare": "registered, conducted and reported, element by element",
    "convert": "forms and studies of other builders taken over, a study written as USDM",
    "export": "the collected values with a codebook",
    "verify": "whether a run's ledger is whole",
    "backup": "ledger, identities and attachments into one archive",
    "restore": "a backup into a new folder",
    "measures": "the formulas, and computing with them",
    "serve": "open the site",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. `argv` is without the program's name; without it this is the program itself."""
    if argv is None:
        _set_up_process()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_overview())
        return 0 if arguments else 2
    if arguments[0] == "--version":
        from trialwright import __version__

        print(f"trialwright {__version__}")
        return 0
    if arguments[0] not in COMMANDS:
        print(f"trialwright: {_unknown(arguments[0])}", file=sys.stderr)
        return 2
    return _run(arguments[0], arguments[1:])


def _run(name: str, arguments: list[str]) -> int:
    from trialwright.cli.faults import StoppedError, say, say_fault

    try:
        code: int = importlib.import_module(f"trialwright.cli.{name}").run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return 0
    except (KeyboardInterrupt, StoppedError) as error:
        say(name, "stopped; what was half done was cleared away.")
        return 130 if isinstance(error, KeyboardInterrupt) else 143
    except Exception as error:  # the one place where every fault becomes a sentence
        code = say_fault(name, error)
        _close_output()
    return code


def _set_up_process() -> None:
    """Texts are UTF-8 whatever the terminal's locale, and a polite request to end lets a command clear up.

    A command lives for seconds: cycles are looked for rarely, which saves a tenth of the time where many rows are made.
    """
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    signal.signal(signal.SIGTERM, _stop)


def _stop(_number: int, _frame: object) -> None:
    from trialwright.cli.faults import StoppedError

    raise StoppedError


def _close_output() -> None:
    """Leave nothing to be written at exit: a reader that went away, or a full disk, would be met a second time."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    todo = f"did you mean {near[0]!r}?" if near else f"the commands are: {', '.join(COMMANDS)}."
    return f"there is no command {name!r}; {todo}"


def _overview() -> str:
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()]
    return "\n".join(
        [
            "usage: trialwright COMMAND ...",
            "",
            *lines,
            "",
            "`trialwright COMMAND --help` says more. --json on a command prints one object.",
        ]
    )
