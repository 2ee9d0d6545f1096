"""The JSON of ClinicalTrials.gov (API v2), written from a record of any registry.

The places are those the reader knows (`registry/ctgov_json.toml`), so what is written here is read back under the same keys.
"""

from __future__ import annotations

import json
from typing import Any

from trialwright.registry.carry.carried import Carried
from trialwright.registry.carry.ctgov import load_lists, member_of, members_by_key, pieces_for_ctgov
from trialwright.registry.carry.pieces import Pieces, numbers_of, template
from trialwright.registry.carry.source import Source

ID = "ctgov"
NAME = "the JSON of ClinicalTrials.gov (API v2)"

_TRUTHS = {"true": True, "false": False}
_ACTUAL = ("dates.actual_start", "dates.actual_primary_completion", "dates.completion", "design.sample_size.actual")


def write(source: Source) -> Carried:
    """Write the record as one JSON object with its protocol section."""
    pieces = pieces_for_ctgov(source)
    tree: dict[Any, Any] = {}
    order = {pattern: at for at, (pattern, _) in enumerate(members_by_key().values())}
    rows = [row for key in pieces.words for row in _rows(pieces, key)]
    for pattern, numbers, value in sorted(rows, key=lambda row: (order.get(row[0], 0), row[1])):
        _insert(tree, pattern, numbers, value)
    text = json.dumps(_as_lists(tree), ensure_ascii=False, indent=2) + "\n"
    return Carried(form=ID, data=text.encode("utf-8"), kept=tuple(source.kept), remarks=tuple(source.remarks))


def _rows(pieces: Pieces, key: str) -> list[tuple[str, tuple[int, ...], object]]:
    found = member_of(key)
    assert found is not None
    pattern, member = found
    rows: list[tuple[str, tuple[int, ...], object]] = []
    for position, words in enumerate(pieces.words[key], start=1):
        numbers = numbers_of(key) if "N" in member.key.split(".") else ((position,) if "[]" in pattern else ())
        rows.append((pattern, _fitting(numbers, pattern), _value(key, words)))
    if member.actual:
        kind = "ACTUAL" if key in _ACTUAL else "ESTIMATED"
        rows.append((f"{pattern.rpartition('.')[0]}.type", (), kind))
    return rows


def _fitting(numbers: tuple[int, ...], pattern: str) -> tuple[int, ...]:
    """Keep as many numbers as the place has lists: the lead sponsor is one and has none."""
    return numbers[: pattern.count("[]")]


def _value(key: str, words: str) -> object:
    lists = load_lists()
    if template(key) in lists["booleans"]["keys"]:
        return _TRUTHS[words]
    if template(key) in lists["numbers"]["keys"]:
        return float(words)
    return int(words) if key.startswith("design.sample_size.") and words.isdecimal() else words


def _insert(tree: dict[Any, Any], pattern: str, numbers: tuple[int, ...], value: object) -> None:
    """Put a value into a tree in which a list is a dictionary by number."""
    steps: list[object] = []
    left = list(numbers)
    for name in pattern.split("."):
        steps.append(name.removesuffix("[]"))
        if name.endswith("[]"):
            steps.append(left.pop(0))
    for step in steps[:-1]:
        tree = tree.setdefault(step, {})
    tree[steps[-1]] = value


def _as_lists(tree: object) -> object:
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(one, int) for one in tree):
        return [_as_lists(tree[number]) for number in sorted(tree)]
    return {name: _as_lists(value) for name, value in tree.items()}
