"""All collected values as CSV, with a codebook that explains every item: the archive that needs no software of ours to be read.

One file a kind of row, UTF-8, comma, CRLF (RFC 4180), a header line; names begin with REHEARSAL where the people are invented. Text
that a spreadsheet would run as a formula gets a leading apostrophe; numbers, also negative ones, are never touched.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from trialwright.datasets.collected import Collected
from trialwright.ledger.entry import Head
from trialwright.study.codebook import CODEBOOK, codebook_rows
from trialwright.study.model import Study
from trialwright.terms.csv_text import guard_formula

TABLES = ("participants", "values", "collections", "infusions", "adverse_events", "deviations")


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written: file name to number of rows."""

    folder: Path
    rows: Mapping[str, int]


def write_csv(collected: Collected, study: Study, folder: Path, *, head: Head) -> Exported:
    """Write every table and the codebook into a new or empty folder.

    Raises: FileExistsError when the folder holds something; OSError when it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "it is not empty; give a new folder", str(folder))
    mark = "REHEARSAL_" if head.origin == "rehearsal" else ""
    rows: dict[str, int] = {}
    for table in TABLES:
        found = getattr(collected, table)
        rows[f"{mark}{table}.csv"] = _write(folder / f"{mark}{table}.csv", _names(table), (_plain(row) for row in found))
    rows[f"{mark}codebook.csv"] = _write(folder / f"{mark}codebook.csv", CODEBOOK, codebook_rows(study))
    (folder / f"{mark}README.txt").write_text(_readme(study, head, rows), encoding="utf-8")
    return Exported(folder=folder, rows=rows)


def _names(table: str) -> tuple[str, ...]:
    row = get_args(get_type_hints(Collected)[table])[0]
    return tuple(field.name for field in fields(row))


def _plain(row: Any) -> tuple[str, ...]:
    return tuple(_text(getattr(row, field.name)) for field in fields(row))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _write(path: Path, names: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in rows:
            writer.writerow([guard_formula(cell) for cell in row])
            count += 1
    return count


def _readme(study: Study, head: Head, rows: Mapping[str, int]) -> str:
    first = "REHEARSAL: invented participants. Nothing here happened.\n\n" if head.origin == "rehearsal" else ""
    listed = "\n".join(f"{name}: {count} rows" for name, count in rows.items())
    return (
        f"{first}{study.id}, protocol {study.protocol_version}\nledger {head}\n\n{listed}\n\n"
        "values.csv holds every value in force: `raw` as typed with its unit, `parsed` in the unit of the codebook,\n"
        "`missing_code` where there is none, `position` in the ledger. Earlier values are in the ledger itself.\n"
    )
