"""The shared library: biomedical concepts, and forms that trials have in common.

A trial's own folder may carry `library/...` files (an approval keeps them, so that a ledger replays whatever the library becomes);
otherwise those of this package are read.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from trialwright.study.model import Choice, Concept
from trialwright.study.tables import ID, Table, build, parse_table, suggest
from trialwright.terms.units import is_known_unit

CONCEPTS_FILE = "library/concepts.toml"
ADVERSE_EVENTS_FILE = "library/adverse_events.toml"
_LIBRARY = Path(__file__).with_name("library")


def library_text(file: str, files: Mapping[str, str]) -> str | None:
    """Give the text of a `library/...` file: the one handed in, else the package's; None when neither has it."""
    return files[file] if file in files else _packaged(file)


@lru_cache(maxsize=1)
def library_forms() -> tuple[str, ...]:
    """Give the ids of the packaged forms."""
    return tuple(sorted(path.stem for path in (_LIBRARY / "forms").glob("*.toml")))


@lru_cache(maxsize=64)
def _packaged(file: str) -> str | None:
    path = _LIBRARY / file.removeprefix("library/")
    return path.read_text(encoding="utf-8") if path.is_file() else None


@lru_cache(maxsize=8)
def read_concepts(text: str, file: str = CONCEPTS_FILE) -> Mapping[str, Concept]:
    """Read a concepts file. Raises: StudyError with file and line."""
    whole = parse_table(file, text)
    whole.only({"code_list", "concept"})
    lists = {name: _code_list(table) for name, table in whole.named_tables("code_list")}
    return {name: _concept(name, table, lists) for name, table in whole.named_tables("concept")}


def with_own_concepts(library: Mapping[str, Concept], own: Table | None) -> Mapping[str, Concept]:
    """Add a trial's own concepts; an id of the library keeps its meaning in every trial. Raises: StudyError."""
    if own is None:
        return library
    added = read_concepts(own.text, own.file)
    for name in added:
        if name in library:
            raise own.error(
                "concept", name, found=f'"{name}" is a concept of the library', todo="Use that one, or take another id."
            )
    return {**library, **added}


def _code_list(table: Table) -> tuple[Choice, ...]:
    table.only({"choices"})
    choices: tuple[Choice, ...] = table.read("choices", tuple[Choice, ...])
    return choices


def _concept(name: str, table: Table, lists: Mapping[str, tuple[Choice, ...]]) -> Concept:
    choices: tuple[Choice, ...] = ()
    if "choices" in table.values:
        wanted = table.read("choices", str)
        if wanted not in lists:
            raise table.error("choices", found=f'no code list "{wanted}"', todo=suggest(wanted, lists, "Correct it"))
        choices = lists[wanted]
    concept = build(Concept, table, given={"id": name, "choices": choices}, also={"choices"})
    _check(concept, table)
    return concept


def _check(concept: Concept, table: Table) -> None:
    if not ID.fullmatch(concept.id):
        raise table.error(found=f'id "{concept.id}"', expected="small letters, digits and _", todo="Rename the table.")
    if (concept.kind == "choice") != bool(concept.choices):
        raise table.error(
            "kind", found=f"kind {concept.kind}", expected="choices for a choice, and only there", todo="Add or remove `choices`."
        )
    if concept.unit and not is_known_unit(concept.unit):
        raise table.error(
            "unit", found=f'unit "{concept.unit}"', expected="a UCUM code of the table of units", todo="Correct it or add it there."
        )
    if concept.low is not None and concept.high is not None and concept.low >= concept.high:
        raise table.error("low", found=f"low {concept.low} is not below high {concept.high}", todo="Exchange or correct them.")
