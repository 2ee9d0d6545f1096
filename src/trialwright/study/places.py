"""Where a key stands in a TOML text, so that an error can name the line.

The values are read by `tomllib`, which keeps no lines; only when something is wrong is the text parsed again, by tree-sitter.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

Path = tuple[str | int, ...]


def find_line(text: str, path: Path) -> int:
    """Give the line (from 1) of the key at `path`, or of the nearest table that exists around it."""
    lines = _lines(text)
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def print_path(path: Path) -> str:
    """Print ("endpoint", 1, "unit") as `endpoint[2].unit`: tables of a list are counted from 1, as a reader counts them."""
    printed = ""
    for step in path:
        printed += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if printed else step
    return printed


@lru_cache(maxsize=64)
def _lines(text: str) -> dict[Path, int]:
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode()).root_node
    lines: dict[Path, int] = {}
    for path, row in _walk(root):
        lines.setdefault(path, row + 1)
    return lines


def _walk(root: "Node") -> Iterator[tuple[Path, int]]:
    counts: dict[Path, int] = {}
    for child in root.children:
        if child.type == "pair":
            yield from _pair(child, ())
        elif child.type in {"table", "table_array_element"}:
            path = _header(child, counts)
            yield path, child.start_point.row
            if child.type == "table_array_element":
                yield path[:-1], child.start_point.row
            for pair in child.children:
                if pair.type == "pair":
                    yield from _pair(pair, path)


def _header(table: "Node", counts: dict[Path, int]) -> Path:
    """Give the full path of a table's header; a list of tables opened before means its last element."""
    path: Path = ()
    keys = _keys(next(c for c in table.children if c.type in {"bare_key", "dotted_key", "quoted_key"}))
    for key in keys[:-1]:
        path = (*path, key)
        path = (*path, counts[path] - 1) if path in counts else path
    path = (*path, keys[-1])
    if table.type == "table":
        return path
    counts[path] = counts.get(path, 0) + 1
    return (*path, counts[path] - 1)


def _pair(pair: "Node", prefix: Path) -> Iterator[tuple[Path, int]]:
    path = (*prefix, *_keys(pair.children[0]))
    yield path, pair.start_point.row
    yield from _inside(pair.children[-1], path)


def _inside(value: "Node", path: Path) -> Iterator[tuple[Path, int]]:
    if value.type == "inline_table":
        for pair in value.children:
            if pair.type == "pair":
                yield from _pair(pair, path)
    elif value.type == "array":
        elements = [c for c in value.children if c.is_named and c.type != "comment"]
        for index, element in enumerate(elements):
            yield (*path, index), element.start_point.row
            yield from _inside(element, (*path, index))


def _keys(node: "Node") -> list[str]:
    if node.type == "dotted_key":
        return [key for child in node.children if child.is_named for key in _keys(child)]
    return [(node.text or b"").decode().strip("\"'")]
