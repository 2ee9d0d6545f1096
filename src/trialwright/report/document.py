"""A report as a tree that knows no file format: sections of paragraphs, lists, tables and figures.

Every text in it is in one language and already safe to set in either direction: what must not be reversed stands between Unicode
isolates. The renderers (`html`, `pdf`) decide how it looks and never what it says.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Language = Literal["en", "fa"]
TagKind = Literal["record", "assumed", "open", "own", "given", "partly", "gap", "aside"]


@dataclass(frozen=True, kw_only=True)
class Link:
    """Words that lead to another place: `#id` in this document, or `file.html#id` in the folder it is written to."""

    text: str
    to: str


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A word or two that classify what stands beside them; never colour alone."""

    text: str
    kind: TagKind


@dataclass(frozen=True, kw_only=True)
class Code:
    """A rule, a variable or an id, in fixed width and from left to right."""

    text: str


@dataclass(frozen=True, kw_only=True)
class English:
    """Words quoted from an English definition, whatever the document's language."""

    text: str


Words: TypeAlias = "str | tuple[str | Link | Tag | Code | English, ...]"
"""A text, or the parts of one; the part `"\\n"` ends a line."""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """`key` is the answer of a section, `warning` must not be overlooked.

    `note` is small print, `lead` is small print that belongs to what follows it.
    """

    text: str
    kind: Literal["plain", "key", "lead", "note", "warning"] = "plain"


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list; `language` differs from the document's where the words are quoted from an English definition."""

    items: tuple[str, ...]
    language: Language


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Names with their values; a value with `code` is a hash, a command or a version and is set in fixed width."""

    rows: tuple[tuple[str, str], ...]
    code: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """`width` is its share of the line; a number column is set at its end, an `english` one from left to right."""

    label: str
    kind: Literal["text", "number", "english"] = "text"
    width: float = 1


@dataclass(frozen=True, kw_only=True)
class Table:
    """Shapes: rows (rows, columns); row_ids (rows), or none where no link leads to a row. The first `heads` columns head their row.

    One that `stacks` shows each row as a block where the screen is narrow, for cells that hold sentences.

    Raises: ValueError for a row of another width, or ids for other rows.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    notes: tuple[str, ...] = ()
    heads: int = 1
    small: bool = False
    row_ids: tuple[str, ...] = ()
    stacks: bool = False

    def __post_init__(self) -> None:
        if self.row_ids and len(self.row_ids) != len(self.rows):
            raise ValueError(f"Table {self.id} has {len(self.rows)} rows and {len(self.row_ids)} ids for them.")
        if wrong := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"Table {self.id} has {len(self.columns)} columns and a row of {len(wrong[0])}: {wrong[0]}.")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A drawing with its title and its content in words for whoever cannot see it."""

    id: str
    title: str
    description: str
    svg: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence with what it rests on, each in a line of small print below it."""

    id: str
    text: Words
    basis: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """`page` begins a page of its own on paper."""

    id: str
    title: str
    blocks: "tuple[Block, ...]"
    page: bool = False


Block: TypeAlias = Paragraph | Bullets | Facts | Table | Figure | Statement | Section


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report. `mark` is the sentence on every page of a rehearsal, empty for a live trial; `foot` is the ledger head.

    `words` are the few that a renderer sets itself (contents, page).
    """

    language: Language
    kind: str
    title: str
    registry_number: str
    mark: str
    foot: str
    facts: Facts
    sections: tuple[Section, ...]
    words: dict[str, str]
