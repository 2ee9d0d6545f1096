"""A comparison for the terminal, and as a plain object."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from trialwright.compare.comparison import VERDICT_WORDS, Cell, Comparison, Implied, Row

_MARKS = {"same": "=", "differs": "≠"}


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """What `compare --json` prints."""
    return asdict(comparison)


def render_comparison_text(comparison: Comparison) -> str:
    """Element by element, each cell with the words it rests on."""
    lines = [
        f"{comparison.study}: registered, conducted, reported",
        f"record {comparison.record} ({comparison.registered_on or 'no registration date in it'})",
        comparison.conduct.en,
    ]
    lines += [f"{d.title}: {d.read} read. {d.evidence}. {d.citation}" for d in comparison.documents]
    for row in comparison.rows:
        lines += ["", row.label.en, *_cells(comparison, row)]
    if comparison.also_reported:
        lines += ["", "Also reported, without a registered counterpart:"]
        implied = {(document, element): found for document, element, found in comparison.also_implied}
        for document, element, value, _ in comparison.also_reported:
            lines.append(f"  {document}: {element.replace('_', ' ')}: {value}")
            lines += _implied(implied.get((document, element), ()))
    return "\n".join(lines)


def _cells(comparison: Comparison, row: Row) -> list[str]:
    registered = f"{row.registered.value.en}  [{row.registered.sentence}]" if row.registered else "not in the record"
    lines = [f"  registered   {registered}"]
    if row.rehearsed:
        name = "conducted" if comparison.origin == "live" else "rehearsed"
        lines.append(f"  {name}    {row.rehearsed.value.en}")
    for document, cell in zip(comparison.documents, row.reported, strict=True):
        lines.append(f"  {document.id}: {_cell(cell)}")
        lines += _implied(cell.implied)
    return lines


def _implied(found: Sequence[Implied]) -> list[str]:
    """What the printed numbers imply, each with its calculation."""
    return [f"    this implies: {one.plain.en}  [{one.working.en}]" for one in found]


def _cell(cell: Cell) -> str:
    assert cell.verdict is not None
    words = VERDICT_WORDS[cell.verdict].en
    if not cell.value.en:
        return words
    because = f" ({cell.because.en})" if cell.because else ""
    return f"{_MARKS.get(cell.verdict, '')} {words}: {cell.value.en}  [{cell.sentence}]{because}"
