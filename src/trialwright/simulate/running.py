"""Running the blocks of a simulation: any number of workers, kept as they finish, gone on with after an interruption.

With a folder each block is a small file, written whole by whoever computed it. A killed process loses the blocks it was at and no
other; the next call with the same folder computes what is missing. Bits do not depend on who computed what, or when.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trialwright.simulate.blocks import Tally, simulate_block
from trialwright.simulate.plan import Plan
from trialwright.simulate.scenario import Scenario, ScenarioError
from trialwright.simulate.truth import Truth

Progress = Callable[[int, int], None]
"""Told after each block: how many are done, of how many."""
HEAD = "run.json"


@dataclass(frozen=True, kw_only=True)
class Job:
    """One block of one scenario, collected in one way."""

    scenario: Scenario
    collection: str
    block: int
    trials: int
    truth: Truth

    @property
    def file(self) -> str:
        return f"{self.scenario.name}.{self.collection}.{self.block:06d}.json"


@dataclass(frozen=True, kw_only=True)
class Store:
    """A folder of finished blocks of one run. `head` says which run: it must be that of the folder."""

    folder: Path
    head: Mapping[str, Any]

    def open(self) -> None:
        """Make the folder, or find the same run in it.

        Raises: ScenarioError where the folder holds another run, or something else.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / HEAD
        if not path.exists():
            if any(self.folder.iterdir()):
                raise ScenarioError(f"{self.folder} is not empty and holds no simulation ({HEAD}); give an empty or a new folder.")
            _write(path, dict(self.head))
            return
        found = _read(path)
        differing = [name for name, value in self.head.items() if found.get(name) != value]
        if differing:
            named = ", ".join(f"{name} {found.get(name)!r}" for name in differing)
            raise ScenarioError(f"{self.folder} holds another run ({named}); give the same options as before, or a new folder.")

    def tally(self, job: Job) -> Tally | None:
        """What was kept of a block; None where it is still to be done."""
        path = self.folder / job.file
        return read_tally(_read(path)) if path.exists() else None

    def keep(self, job: Job, tally: Tally) -> None:
        _write(self.folder / job.file, asdict(tally))


def run_jobs(
    plan: Plan,
    jobs: Sequence[Job],
    seed: int,
    *,
    workers: int | None = 1,
    store: Store | None = None,
    progress: Progress | None = None,
) -> list[Tally]:
    """Every block's tally, in no particular order. `workers` None takes the engine that `joblib.parallel_config` sets.

    Raises: ScenarioError where a worker was killed; with a store the same call goes on.
    """
    if store is not None:
        store.open()
    kept = [tally for job in jobs if store is not None and (tally := store.tally(job)) is not None]
    known = {(t.scenario, t.collection, t.block) for t in kept}
    left = [job for job in jobs if (job.scenario.name, job.collection, job.block) not in known]
    if progress is not None and kept:
        progress(len(kept), len(jobs))
    for tally in _computed(plan, left, seed, workers, store):
        kept.append(tally)
        if progress is not None:
            progress(len(kept), len(jobs))
    return kept


def read_tally(parsed: Mapping[str, Any]) -> Tally:
    return Tally(**{name: parsed[name] for name in Tally.__dataclass_fields__})


def _computed(plan: Plan, jobs: Sequence[Job], seed: int, workers: int | None, store: Store | None) -> Iterator[Tally]:
    if workers == 1 or not jobs:
        yield from (_compute(plan, job, seed, store) for job in jobs)
        return
    from joblib import Parallel, delayed  # an engine only where one is asked for
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        yield from Parallel(n_jobs=workers, return_as="generator_unordered")(
            delayed(_compute)(plan, job, seed, store) for job in jobs
        )
    except TerminatedWorkerError:
        where = f"run the same command again: {store.folder} keeps every finished block" if store else "give --out to keep blocks"
        raise ScenarioError(f"A worker process was killed (often for want of memory); {where}.") from None


def _compute(plan: Plan, job: Job, seed: int, store: Store | None) -> Tally:
    tally = simulate_block(plan, job.scenario, job.collection, job.block, job.trials, seed, job.truth)
    if store is not None:
        store.keep(job, tally)
    return tally


def _write(path: Path, content: Mapping[str, Any]) -> None:
    """Write whole or not at all: a reader never sees half a block."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ScenarioError(f"{path} is no finished block ({error}); delete it and run again.") from None
    if not isinstance(found, dict):
        raise ScenarioError(f"{path} is no finished block; delete it and run again.")
    return found
