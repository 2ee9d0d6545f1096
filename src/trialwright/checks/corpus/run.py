"""A corpus is read once, in order, by one process; parts of it are checked by as many as there are.

The engine is joblib's: local processes by default, or whatever `joblib.parallel_config` has named around the call (threads, a Dask
or Ray cluster). Parts come back in the order of the corpus, so counts and files are the same bytes for any number of jobs.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from datetime import date
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path

from trialwright.checks.corpus.tally import Item, Part, Tally, check_part
from trialwright.registry import read_rows

CHUNK = 100
_ROUND = 8
_SELDOM = 100_000


def tally_corpus(paths: Iterable[Path], *, today: date, jobs: int | None = 1) -> Tally:
    """Run every check on every record of the files and count; `jobs` None is what the engine around the call says."""
    total = Tally()
    for part in survey_corpus(paths, today=today, jobs=jobs, with_rows=False):
        total.add(part.tally)
    return total


def survey_corpus(paths: Iterable[Path], *, today: date, jobs: int | None = 1, with_rows: bool = True) -> Iterator[Part]:
    """Give the parts of a corpus after their checks, in order. A corpus of one part needs no engine;
    without joblib there is one process."""
    chunks = _chunks(one for path in paths for one in read_rows(path))
    first = list(islice(chunks, 2))
    every = chain(first, chunks)
    if jobs == 1 or len(first) < 2 or find_spec("joblib") is None:
        yield from (_check(chunk, today, with_rows) for chunk in every)
        return
    from joblib import Parallel, delayed  # an engine only where the corpus is large
    from joblib.parallel import get_active_backend

    calls = (delayed(_check)(chunk, today, with_rows) for chunk in every)
    backend, _ = get_active_backend()
    if backend.supports_return_generator:
        yield from Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)(calls)
        return
    engine = Parallel(n_jobs=jobs)
    while batch := list(islice(calls, _ROUND * max(1, engine.n_jobs if engine.n_jobs > 0 else _ROUND))):
        yield from engine(batch)


def _check(chunk: list[Item], today: date, with_rows: bool) -> Part:
    """Check a part; cycles are looked for rarely, because a record makes many objects and no cycle."""
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, 50, 50)
    try:
        return check_part(chunk, today=today, with_rows=with_rows)
    finally:
        gc.set_threshold(*before)


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    every = iter(items)
    while chunk := list(islice(every, CHUNK)):
        yield chunk
