"""Pages that were computed elsewhere and are only shown here: the strip of a study, and what its design can show.

Whoever prepares an installation (the set-up of a rehearsal, a nightly job) writes `HOME/site/stored/STUDY/strip.json` and
`design.json`; the site's pages cannot import the rooms that make them. A text is a string, or {"en": ..., "fa": ...}.

strip.json: {"format": 1, "note": TEXT, "documents": [{"id", "title": TEXT, "read": TEXT}],
             "rows": [{"element": TEXT, "registered": CELL, "conducted": CELL, "reported": [CELL + {"document": id}]}]}
CELL:       {"text": TEXT, "mark": MARK, "sentence": TEXT (why, in our words), "source": TEXT (the words of the source)};
            the last two may be ""
design.json: {"format": 1, "sentences": [TEXT], "pages": {LANGUAGE: {"lead", "statements": [STATEMENT], "everyone": [STATEMENT]}}}
STATEMENT:  {"id", "title", "html"}: made by our own templates, which escape every text; "everyone" is in everyday words
documents/: synopsis, annotated forms, codebook and checklists of the definition, in both languages, linked to each other
registered/: the record's files as the registry gave them, byte for byte, for the public page
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from trialwright.study.model import Text
from trialwright.web.place import site_folder

MARKS = ("same", "differs", "more", "ongoing", "not_in_source", "not_obtained", "not_held", "none")


@dataclass(frozen=True, kw_only=True)
class StripCell:
    """What one column says of an element. `document` is set in the reported column alone."""

    text: Text
    mark: str
    sentence: Text
    source: Text
    document: str = ""


@dataclass(frozen=True, kw_only=True)
class StripRow:
    element: Text
    registered: StripCell
    conducted: StripCell
    reported: tuple[StripCell, ...]


@dataclass(frozen=True, kw_only=True)
class StripDocument:
    id: str
    title: Text
    read: Text


@dataclass(frozen=True, kw_only=True)
class Strip:
    note: Text
    documents: tuple[StripDocument, ...]
    rows: tuple[StripRow, ...]


@dataclass(frozen=True, kw_only=True)
class DesignStatement:
    """`html` is markup of our own, without the heading."""

    id: str
    title: str
    html: Markup


@dataclass(frozen=True, kw_only=True)
class DesignPage:
    lead: str
    statements: tuple[DesignStatement, ...]


class StoredPageError(ValueError):
    """A stored page that is not in the shape above; the message names the file and the place."""


def stored_folder(home: Path, study: str) -> Path:
    """Give the folder of a study's stored pages; whoever writes them makes it."""
    return site_folder(home) / "stored" / study


def read_strip(home: Path, study: str) -> Strip | None:
    """Read the strip of a study, None where it was not computed yet.

    Raises: StoredPageError naming the place that is not as expected.
    """
    path = stored_folder(home, study) / "strip.json"
    return _read(path, _strip)


def read_design(home: Path, study: str) -> tuple[Text, ...]:
    """Read what the design can and cannot show, as sentences; empty where it was not computed yet."""
    path = stored_folder(home, study) / "design.json"
    return _read(path, lambda raw: tuple(_text(one) for one in raw["sentences"])) or ()


def read_design_page(home: Path, study: str, language: str, *, audience: Literal["study", "everyone"]) -> DesignPage | None:
    """Read the page of a design in a language, None where it was not computed yet."""
    path = stored_folder(home, study) / "design.json"
    return _read(path, lambda raw: _design_page(raw, "fa" if language.startswith("fa") else "en", audience))


def strip_to_show(home: Path, study: str) -> Strip | None:
    """Read the strip for a page: one of a wrong shape is reported in the log and not shown, the rest of the page is."""
    try:
        return read_strip(home, study)
    except StoredPageError as error:
        logging.getLogger(__name__).warning("%s: %s", study, error)
        return None


def read_records(home: Path, study: str) -> dict[str, bytes]:
    """Read the registered records of a study by file name; none where none was stored."""
    folder = stored_folder(home, study) / "registered"
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*")) if path.is_file()}


def stored_documents(home: Path, study: str) -> dict[str, Path]:
    """Give the documents of a study's definition by file name; none where none was made."""
    folder = stored_folder(home, study) / "documents"
    return {path.name: path for path in sorted(folder.glob("*")) if path.is_file()}


def _read(path: Path, build: Any) -> Any:
    try:
        raw = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise StoredPageError(f"{path.name} is not JSON: {error}. Compute it again.") from None
    if not isinstance(raw, dict) or raw.get("format") != 1:
        raise StoredPageError(f"{path.name} has format {raw.get('format') if isinstance(raw, dict) else raw!r}; expected 1.")
    try:
        return build(raw)
    except (KeyError, TypeError) as error:
        raise StoredPageError(f"{path.name}: {error!r} is missing or of the wrong kind. Compute it again.") from None


def _design_page(raw: dict[str, Any], language: str, audience: str) -> DesignPage | None:
    page = raw.get("pages", {}).get(language)
    if page is None:
        return None
    stored = page["everyone" if audience == "everyone" else "statements"]
    return DesignPage(
        lead=page["lead"],
        statements=tuple(
            DesignStatement(id=one["id"], title=one["title"], html=Markup(one["html"]))  # noqa: S704  # see STATEMENT above
            for one in stored
        ),
    )


def _strip(raw: dict[str, Any]) -> Strip:
    return Strip(
        note=_text(raw.get("note", "")),
        documents=tuple(
            StripDocument(id=one["id"], title=_text(one["title"]), read=_text(one.get("read", ""))) for one in raw["documents"]
        ),
        rows=tuple(_row(row) for row in raw["rows"]),
    )


def _row(raw: dict[str, Any]) -> StripRow:
    return StripRow(
        element=_text(raw["element"]),
        registered=_cell(raw["registered"]),
        conducted=_cell(raw["conducted"]),
        reported=tuple(_cell(one) for one in raw["reported"]),
    )


def _cell(raw: dict[str, Any]) -> StripCell:
    mark = raw.get("mark", "none")
    if mark not in MARKS:
        raise StoredPageError(f'The strip has the mark "{mark}"; expected one of {", ".join(MARKS)}.')
    return StripCell(
        text=_text(raw["text"]),
        mark=mark,
        sentence=_text(raw.get("sentence", "")),
        source=_text(raw.get("source", "")),
        document=raw.get("document", ""),
    )


def _text(raw: object) -> Text:
    if isinstance(raw, str):
        return Text(en=raw, fa=raw)
    if isinstance(raw, dict):
        return Text(en=raw["en"], fa=raw["fa"])
    raise TypeError(raw)
