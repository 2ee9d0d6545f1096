"""Study folders on disk: finding one by its id, and reading one version."""

from difflib import get_close_matches
from pathlib import Path

from trialwright.study.builds import SEAL, check_seal, seal_text
from trialwright.study.errors import StudyError
from trialwright.study.model import Study
from trialwright.study.read import read_study


def find_study(name_or_path: str | Path, *, under: Path = Path("studies")) -> Path:
    """Give the folder of a study named by its path or by its id under `under`.

    Raises: StudyError when there is none, with the studies that exist.
    """
    for folder in (Path(name_or_path), under / name_or_path):
        if (folder / "protocol").is_dir():
            return folder
    known = sorted(path.parent.name for path in under.glob("*/protocol")) if under.is_dir() else []
    for name in known:
        if name.lower() == str(name_or_path).lower():
            return under / name
    near = get_close_matches(str(name_or_path), known, n=1)
    todo = f'Did you mean "{near[0]}"?' if near else f"Studies here: {', '.join(known) or 'none'}."
    raise StudyError(
        file=str(name_or_path), found="no study of this name", expected=f"a folder, or an id under {under}/", todo=todo
    )


def protocol_versions(folder: Path) -> tuple[str, ...]:
    """Give the protocol versions of a folder, oldest first (1.9 before 1.10)."""
    names = [path.name for path in (folder / "protocol").iterdir() if path.is_dir()] if (folder / "protocol").is_dir() else []
    return tuple(sorted(names, key=_version_key))


def load_study(folder: Path, version: str | None = None) -> Study:
    """Read one protocol version, the newest by default, with what is approved on its own, publications and registered records.

    A version that is sealed is held to its seal. Raises: StudyError for a missing version, an unreadable file, a wrong definition,
    or files that are not those that were sealed.
    """
    study, chosen = _read_version(folder, version)
    if (chosen / SEAL).is_file():
        check_seal(study, _read_text(chosen / SEAL, folder))
    return study


def seal_study(folder: Path) -> tuple[Study, Path]:
    """Seal the newest version, or its next build, and give the study and the seal's path.

    The files of the shared library that it uses are kept beside it, so that a later library changes nothing in it.
    Raises: StudyError where the version cannot be read, or differs from an earlier seal in what only an amendment may change.
    """
    study, chosen = _read_version(folder, None)
    seal = chosen / SEAL
    text = seal_text(study, _read_text(seal, folder) if seal.is_file() else "")
    for name, content in study.files.items():
        if name.startswith("library/"):
            (chosen / name).parent.mkdir(parents=True, exist_ok=True)
            (chosen / name).write_text(content, encoding="utf-8")
    seal.write_text(text, encoding="utf-8")
    return study, seal


def _read_version(folder: Path, version: str | None) -> tuple[Study, Path]:
    versions = protocol_versions(folder)
    if not versions or (version is not None and version not in versions):
        found = f"no protocol version {version}" if version else "no protocol version"
        raise StudyError(file=str(folder), found=found, todo=f"Versions here: {', '.join(versions) or 'none'}.")
    chosen = folder / "protocol" / (version or versions[-1])
    paths = [
        *(path for path in chosen.glob("*.toml") if path.name != SEAL),
        *chosen.glob("forms/*.toml"),
        *folder.glob("consent/*/*.toml"),
        *folder.glob("safety_reference/*/*.toml"),
        *folder.glob("laboratories/*.toml"),
        *folder.glob("published/*.toml"),
    ]
    files = {path.relative_to(folder).as_posix(): _read_text(path, folder) for path in paths}
    files |= {path.relative_to(chosen).as_posix(): _read_text(path, folder) for path in chosen.glob("library/**/*.toml")}
    records = {
        path.relative_to(folder).as_posix(): _read_bytes(path, folder) for path in folder.glob("registered/*") if path.is_file()
    }
    return read_study(files, records=records), chosen


def _version_key(name: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in name.split("."))


def _read_bytes(path: Path, folder: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        name = path.relative_to(folder).as_posix()
        raise StudyError(
            file=name, found=f"cannot be read ({error.strerror})", todo="Check the file and its permissions."
        ) from None


def _read_text(path: Path, folder: Path) -> str:
    try:
        return _read_bytes(path, folder).decode("utf-8")
    except UnicodeDecodeError as error:
        name = path.relative_to(folder).as_posix()
        raise StudyError(file=name, found=f"byte {error.start} is not UTF-8", todo="Save the file as UTF-8.") from None
