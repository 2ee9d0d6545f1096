"""TOML as the folders of trials are written: flat, one table a concept, keys in the order in which they are read."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

_HOUR = timedelta(hours=1)


def write_table(values: Mapping[str, Any], header: str = "", *, is_list: bool = False) -> str:
    """One table with its header; values that are missing or empty are left out."""
    lines = [f"[[{header}]]" if is_list else f"[{header}]"] if header else []
    lines += [f"{key} = {write_value(value)}" for key, value in values.items() if not _is_empty(value)]
    return "\n".join(lines) + "\n"


def write_tables(header: str, rows: Iterable[Mapping[str, Any]], *, below: str = "") -> str:
    """A list of tables; a value under the key `below` becomes a table of its own after its row."""
    parts = []
    for row in rows:
        parts.append(write_table({key: value for key, value in row.items() if key != below}, header, is_list=True))
        if row.get(below):
            parts.append(write_table(row[below], f"{header}.{below}"))
    return "\n".join(parts)


def write_value(value: Any) -> str:
    """One value: texts in quotes, a time as hours or days, tables and lists on one line."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return _time(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {write_value(one)}" for key, one in value.items() if not _is_empty(one))
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(write_value(one) for one in value)}]"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "a").replace("-", "a").isalnum() else json.dumps(name)


def _time(value: timedelta) -> str:
    days = value / timedelta(days=1)
    return f'"{days:g} d"' if days == int(days) else f'"{value / _HOUR:g} h"'


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | Mapping) and not value)
