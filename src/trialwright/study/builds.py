"""Builds and seals: an approved version is never edited, and a build of it changes labels, checks and help only.

A seal is `seal.toml` beside the files of a protocol version, written by `trialwright study STUDY --seal`. It holds the digest of
every build, and of what is fixed in every fact, so that whoever reads the folder later is told by name what was changed in it.
What is approved on its own, publications and simulation parameters are not under it.
"""

from collections.abc import Mapping
from typing import Any

from trialwright.study.digest import files_digest
from trialwright.study.errors import StudyError
from trialwright.study.model import Study
from trialwright.study.named_facts import named_facts
from trialwright.study.tables import Table, parse_table
from trialwright.study.versions import find_changes

SEAL = "seal.toml"


def check_build(sealed: Study, build: Study) -> None:
    """Refuse a build that changes what only an amendment may change.

    Raises: StudyError at the first such fact, by name, with its line in the build's files.
    """
    for change in find_changes(sealed, build):
        if change.fixed:
            name = f"{change.area} {change.id}".rstrip()
            facts = named_facts(build) if change.kind != "removed" else named_facts(sealed)
            what = (
                f": {change.field} was {shown(change.before)}, is {shown(change.after)}" if change.field else f" is {change.kind}"
            )
            raise _not_in_a_build(build, name, what, facts[name].place(build, change.field))


def protocol_digest(study: Study) -> str:
    """Give the digest of what a seal is over: the files of the protocol version and of the library that it uses."""
    sealed = ("library/", f"protocol/{study.protocol_version}/")
    kept = {path: text for path, text in study.files.items() if path.startswith(sealed) and not path.endswith("/simulation.toml")}
    return files_digest(kept)


def seal_text(study: Study, earlier: str = "") -> str:
    """Write the seal of a version, with the builds that an earlier seal holds. Raises: StudyError where it refuses this build."""
    builds: dict[int, str] = {}
    if earlier:
        check_seal(study, earlier, sealing=True)
        builds = dict(_builds(parse_table(_seal_file(study), earlier)))
    builds[study.build] = protocol_digest(study)
    lines = [
        "# Written by `trialwright study STUDY --seal`. What is fixed changes only by amendment: a new folder under protocol/.",
        f'version = "{study.protocol_version}"',
        "",
    ]
    for number, digest in sorted(builds.items()):
        lines += ["[[build]]", f"number = {number}", f'digest = "{digest}"', ""]
    lines += ["[fixed]", *(f'"{name}" = "{fact.digest}"' for name, fact in named_facts(study).items())]
    return "\n".join(lines) + "\n"


def check_seal(study: Study, seal: str, *, sealing: bool = False) -> None:
    """Hold the files of a version to its seal; `sealing` allows a build that the seal does not hold yet.

    Raises: StudyError naming the fact that was changed, or the build whose files were edited.
    """
    table = parse_table(_seal_file(study), seal)
    if table.read("version", str) != study.protocol_version:
        raise table.error("version", found="the seal of another version", todo="Put it back into its own folder.")
    _check_fixed(study, table.read("fixed", Mapping[str, str]))
    builds, digest = dict(_builds(table)), protocol_digest(study)
    if builds.get(study.build, digest) != digest:
        found = f"{study.version} is sealed as {builds[study.build][:12]}; these files are {digest[:12]}"
        todo = f"Put the files back, or give `build = {max(builds) + 1}` and seal it."
        raise StudyError(file=f"protocol/{study.protocol_version}/study.toml", line=1, found=found, todo=todo)
    if study.build not in builds and not sealing:
        found = f"build {study.build} is not sealed"
        todo = f"Seal it with `trialwright study {study.id} --seal`."
        raise StudyError(file=f"protocol/{study.protocol_version}/study.toml", line=1, found=found, todo=todo)


def shown(value: Any) -> str:
    """Show a value of a fact in a sentence."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return str(value["en"]) if set(value) == {"en", "fa"} else ", ".join(f"{k} {shown(v)}" for k, v in value.items())
    return ", ".join(map(shown, value)) or "none" if isinstance(value, list) else str(value)


def _check_fixed(study: Study, sealed: Mapping[str, str]) -> None:
    facts = named_facts(study)
    for name, fact in facts.items():
        if fact.area != "check" and sealed.get(name) != fact.digest:
            what = " is added" if name not in sealed else " is changed"
            raise _not_in_a_build(study, name, what, fact.place(study, "id"))
    for name in sealed:
        if name not in facts and not name.startswith("check "):
            raise _not_in_a_build(study, name, " is removed", (f"protocol/{study.protocol_version}/study.toml", 1, ""))


def _not_in_a_build(study: Study, name: str, what: str, place: tuple[str, int, str]) -> StudyError:
    file, line, path = place
    todo = f"Put it back, or make it an amendment: a new folder beside protocol/{study.protocol_version}."
    found = f"{name}{what}; a build may change labels, checks and help only"
    return StudyError(file=file, line=line, path=path, found=found, todo=todo)


def _builds(table: Table) -> tuple[tuple[int, str], ...]:
    return tuple((row.read("number", int), row.read("digest", str)) for row in table.tables("build"))


def _seal_file(study: Study) -> str:
    return f"protocol/{study.protocol_version}/{SEAL}"
