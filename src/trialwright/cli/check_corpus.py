"""`trialwright check --corpus PATH... [--out DIR]`: counts and rates over many records, findings as tables, a page of rates."""

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from trialwright.cli.asked import print_json, print_text
from trialwright.cli.faults import UsageError
from trialwright.cli.new_folder import new_folder

if TYPE_CHECKING:
    from trialwright.checks.corpus import Tally

_SHOWN_REFUSALS = 20
_GROUPED = "dates.registered_after_start"


def check_corpus(asked: Namespace, today: date) -> int:
    """Check every record of the files and folders; exit code 2 only where not one could be read."""
    from trialwright.checks.corpus import tally_as_json, tally_corpus, write_survey

    paths = [Path(one) for one in asked.record]
    files = [file for path in paths for file in _files_in(path)]
    with _engine(asked.engine):
        jobs = asked.jobs or os.cpu_count() or 1
        if asked.out:
            with new_folder(asked.out) as folder:
                counted = write_survey(files, folder, today=today, jobs=jobs)
        else:
            counted = tally_corpus(files, today=today, jobs=jobs)
    written = sorted(asked.out.iterdir()) if asked.out else []
    if asked.json:
        print_json({"corpus": [str(path) for path in paths], "files": [str(path) for path in written], **tally_as_json(counted)})
    else:
        print_text("\n".join([*_as_lines(counted), *_written_as_lines(written)]))
    return 0 if counted.records else 2


@contextmanager
def _engine(name: str | None) -> Iterator[None]:
    """Run the block on an engine of joblib's. Raises: UsageError where there is none of that name."""
    if name is None:
        yield
        return
    if find_spec("joblib") is None:
        raise UsageError(f"--engine {name} needs joblib; install trialwright[analysis], or leave the option out.")
    from joblib import parallel_config

    try:
        engine = parallel_config(backend=name)
    except (ValueError, ImportError) as error:
        raise UsageError(
            f"--engine {name}: {error}. Use loky, threading or multiprocessing, or an engine that is set up here."
        ) from error
    with engine:
        yield


def _files_in(path: Path) -> list[Path]:
    """A file itself, or all files under a folder that are not hidden, in the order of their names."""
    if not path.is_dir():
        path.stat()  # its own sentence where it cannot be found
        return [path]
    return sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))


def _as_lines(counted: "Tally") -> list[str]:
    from trialwright.checks.corpus import find_rates

    lines = [f"{counted.records.total()} records read, {counted.refused} refused."]
    lines += [f"  refused: {one}" for one in counted.refusals[:_SHOWN_REFUSALS]]
    lines += ["", "records with the finding, of those the check speaks of, with the 95 % interval (Wilson)"]
    for one in find_rates(counted):
        interval = f"{100 * one.low:.1f} to {100 * one.high:.1f} %"
        lines.append(f"  {one.code:<36} {one.records:>7} of {one.of:>7}  {100 * one.share:5.1f} %  ({interval})")
    if counted.damage:
        lines += ["", "damage on the way (values are kept as they came)"]
        lines += [f"  {code:<36} {count:>7}" for code, count in counted.damage.most_common()]
    for by in ("registry", "year"):
        lines += ["", f"registered after the start, by {by}"]
        for one in find_rates(counted, by=by):
            if one.code == _GROUPED:
                name = one.registry if by == "registry" else one.year
                lines.append(f"  {name:<36} {one.records:>7} of {one.of:>7}  {100 * one.share:5.1f} %")
    return lines


def _written_as_lines(written: list[Path]) -> list[str]:
    if not written:
        return []
    parquet = any(path.suffix == ".parquet" for path in written)
    missing = [] if parquet else ["findings.parquet was not written: it needs polars; install trialwright[analysis]."]
    return ["", *map(str, written), *missing]
