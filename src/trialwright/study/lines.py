"""Lines of a definition printed for a terminal."""

from collections.abc import Iterator
from textwrap import fill

WIDTH = 110


def titled(text: str) -> Iterator[str]:
    yield ""
    yield text
    yield "-" * len(text)


def wrapped(text: str, indent: str = "  ") -> Iterator[str]:
    yield from fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + ("    " if indent else "")).splitlines()
