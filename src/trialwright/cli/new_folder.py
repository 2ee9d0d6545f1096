"""Files that are whole or not there: what a command writes gets its name when it is finished.

Until then it lies in a hidden folder `.NAME.unfinished` beside it, which goes away with a fault or an interruption; after a power
cut it says itself what it is, and the next attempt clears it away.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trialwright.cli.faults import UsageError


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write into; when the block ends well, what is in it stands at `out`.

    Raises: UsageError when `out` is a file or holds something; OSError when it cannot be made.
    """
    refuse_filled(out)
    with new_files(out) as folder:
        yield folder


@contextmanager
def new_files(out: Path) -> Iterator[Path]:
    """The same for files that may stand beside others in `out`; none of those is overwritten.

    Raises: UsageError when a file of the same name is there; OSError when the folder cannot be made.
    """
    made = _make_missing(out.absolute().parent)
    unfinished = (out if out.exists() else out.absolute().parent) / f".{out.name or out.resolve().name}.unfinished"
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        yield unfinished
        _put_in_place(unfinished, out)
    except BaseException as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        _name_asked_for(error, unfinished, out)
        raise


def write_new_file(out: Path, text: str) -> None:
    """Write one file that is whole or not there; none is overwritten.

    Raises: UsageError when something of that name is there; OSError when it cannot be written.
    """
    if out.exists():
        raise UsageError(f"{out} is there already and is never overwritten; give another name.")
    with new_files(out.parent) as folder:
        (folder / out.name).write_text(text, encoding="utf-8")


def refuse_filled(out: Path) -> None:
    """Raises: UsageError when `out` is a file, or a folder with something in it that is not an attempt that broke off."""
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; give a new folder.")
    if out.is_dir() and any(path.name != f".{out.resolve().name}.unfinished" for path in out.iterdir()):
        raise UsageError(f"{out} is there and not empty; give a new folder, nothing is overwritten.")


def _name_asked_for(error: BaseException, unfinished: Path, out: Path) -> None:
    """Let the fault name the folder that was asked for; the one that was written into is gone."""
    if isinstance(error, OSError) and (error.filename is None or str(error.filename).startswith(str(unfinished))):
        error.filename = str(out)
    elif error.args and isinstance(error.args[0], str):
        error.args = (error.args[0].replace(str(unfinished), str(out)), *error.args[1:])


def _make_missing(folder: Path) -> list[Path]:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _put_in_place(unfinished: Path, out: Path) -> None:
    if not out.exists():
        unfinished.rename(out)
        return
    written = sorted(unfinished.iterdir())
    for path in written:
        if (out / path.name).exists():
            raise UsageError(f"{out / path.name} is there already and is never overwritten; give another folder.")
    for path in written:
        path.rename(out / path.name)
    unfinished.rmdir()
