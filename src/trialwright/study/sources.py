"""The files of one protocol version, sorted by what they are and parsed: before anything in them is understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from trialwright.study.errors import StudyError
from trialwright.study.tables import Table, parse_table, suggest

PROTOCOL_FILES = ("study", "schedule", "eligibility", "endpoints", "analysis", "simulation", "safety")
OPTIONAL_FILES = ("concepts",)
_PROTOCOL = re.compile(r"protocol/([^/]+)/(?:([a-z_]+)|forms/([A-Za-z0-9_-]+))\.toml")
_CONSENT = re.compile(r"consent/([^/]+)/consent\.toml")
_SAFETY_REFERENCE = re.compile(r"safety_reference/([^/]+)/safety_reference\.toml")
_LABORATORY = re.compile(r"laboratories/([^/]+)\.toml")
_PUBLISHED = re.compile(r"published/[^/]+\.toml")


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The parsed files of one version; what is approved on its own comes with the name of its folder or file."""

    version: str
    tables: Mapping[str, Table]
    forms: tuple[Table, ...]
    consents: tuple[tuple[str, Table], ...]
    safety_references: tuple[tuple[str, Table], ...]
    laboratories: tuple[tuple[str, Table], ...]
    published: tuple[Table, ...]


def sort_files(files: Mapping[str, str]) -> Sources:
    """Sort path -> text by the paths. Raises: StudyError for a path that is no part of a definition, or a missing file."""
    parsed = {path: parse_table(path, text) for path, text in sorted(files.items()) if _is_part(path)}
    protocol = [(found, table) for path, table in parsed.items() if (found := _PROTOCOL.fullmatch(path))]
    version = _the_version({found.group(1) for found, _ in protocol})
    tables = {found.group(2): table for found, table in protocol if found.group(2)}
    _check_protocol_files(tables, version)
    return Sources(
        version=version,
        tables=tables,
        forms=tuple(table for found, table in protocol if found.group(3)),
        consents=_named(_CONSENT, parsed),
        safety_references=_named(_SAFETY_REFERENCE, parsed),
        laboratories=_named(_LABORATORY, parsed),
        published=tuple(table for path, table in parsed.items() if _PUBLISHED.fullmatch(path)),
    )


def _is_part(path: str) -> bool:
    if path.startswith("library/"):
        return False  # read where it is asked for
    if any(pattern.fullmatch(path) for pattern in (_PROTOCOL, _CONSENT, _SAFETY_REFERENCE, _LABORATORY, _PUBLISHED)):
        return True
    raise StudyError(file=path, found="a file that is no part of a study definition", todo="Remove it or correct its name.")


def _named(pattern: re.Pattern[str], parsed: Mapping[str, Table]) -> tuple[tuple[str, Table], ...]:
    return tuple((found.group(1), table) for path, table in parsed.items() if (found := pattern.fullmatch(path)))


def _the_version(versions: set[str]) -> str:
    if len(versions) != 1:
        shown = ", ".join(sorted(versions)) or "none"
        raise StudyError(
            file="protocol", found=f"protocol versions: {shown}", expected="exactly one", todo="Give the files of one version."
        )
    return versions.pop()


def _check_protocol_files(tables: Mapping[str, Table], version: str) -> None:
    known = (*PROTOCOL_FILES, *OPTIONAL_FILES)
    for name in tables:
        if name not in known:
            todo = suggest(name, set(known) - set(tables), "Rename or remove it", known)
            raise StudyError(file=f"protocol/{version}/{name}.toml", found="no part of a protocol has this name", todo=todo)
    for name in PROTOCOL_FILES:
        if name not in tables:
            todo = "Add it; an example is in any study folder."
            raise StudyError(file=f"protocol/{version}/{name}.toml", found="the file is missing", todo=todo)
