"""USDM 4 JSON as a study definition.

What our writer made comes back as the same study. A document of others comes back as a draft that loads and asks: USDM's
endpoint is a sentence, its criteria are words, its arms have no numbers. An object that was changed since we wrote it wins over
what we kept beside it; whatever is not read at all is counted and remarked.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trialwright.exchange.definition import definition_files, study_tables
from trialwright.exchange.errors import refuse
from trialwright.exchange.json_text import read_json
from trialwright.exchange.remarks import Remark, remark
from trialwright.exchange.usdm.complete import complete_tables
from trialwright.exchange.usdm.nodes import Node, Reading
from trialwright.exchange.usdm.objects import FILE
from trialwright.exchange.usdm.read_tables import native_tables
from trialwright.study.errors import StudyError
from trialwright.study.model import Study
from trialwright.study.read import read_study


@dataclass(frozen=True, kw_only=True)
class ReadUsdm:
    """The study, and what did not arrive as it stood. `study.files` are the files of its folder."""

    study: Study
    remarks: tuple[Remark, ...]


def read_usdm(content: bytes, *, name: str = "usdm.json", records: Mapping[str, bytes] | None = None) -> ReadUsdm:
    """Read a document. `records` are registered records, which no document holds. Raises: ExchangeError, StudyError."""
    document = read_json(content, name=name)
    if not isinstance(document, dict) or not isinstance(document.get("study"), dict):
        raise refuse("usdm_shape", file=name)
    if not str(document.get("usdmVersion", "")).startswith("4."):
        raise refuse("usdm_version", file=name, found=document.get("usdmVersion", "none"))
    reading = Reading()
    reading.index(document["study"])
    study = Node(document["study"], reading)
    version, design, remarks = _choose(study, name)
    tables = _complete(version, design, study, name)
    rebuilt = read_study(definition_files(tables), records=records)
    kept = _kept(study, records)
    if kept is not None and study_tables(kept) == study_tables(rebuilt):
        return ReadUsdm(study=kept, remarks=())
    if kept is not None:
        remarks += [remark("changed", "usdm_edited", area) for area in _differences(kept, rebuilt)]
    remarks += [remark("question", "usdm_open", name, times=len(rebuilt.open_questions()))] if kept is None else []
    unread = reading.unread(document["study"])
    remarks += [remark("left_out", "usdm_attribute", key, times=count) for key, count in sorted(unread.items())]
    return ReadUsdm(study=rebuilt, remarks=tuple(remarks))


def _choose(study: Node, name: str) -> tuple[Node, Node, list[Remark]]:
    """The first version and its first design; others are remarked."""
    versions = study.many("versions")
    designs = versions[0].many("studyDesigns") if versions else []
    if not designs:
        raise refuse("usdm_no_design", file=name)
    design = designs[0]
    for key in ("arms", "encounters", "eligibilityCriteria", "objectives"):
        if not design.many(key):
            raise refuse("usdm_lacks", file=name, key=key)
    if not any(one.many("endpoints") for one in design.many("objectives")):
        raise refuse("usdm_lacks", file=name, key="endpoints")
    others = [*versions[1:], *designs[1:]]
    return versions[0], design, [remark("left_out", "usdm_second", one.id, one.kind) for one in others]


def _complete(version: Node, design: Node, study: Node, name: str) -> dict[str, Any]:
    timelines = design.many("scheduleTimelines")
    main = next((one for one in timelines if one.is_true("mainTimeline")), Node(None, design.reading))
    try:
        return complete_tables(native_tables(version, design, study), main)
    except tomllib.TOMLDecodeError as error:
        raise refuse("usdm_extension", file=name, found=error) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if not version.reading.extended:
            raise  # without an extension of ours every value was asked for by its kind
        raise refuse("usdm_extension", file=name, found=f"{type(error).__name__}: {error}") from None


def _kept(study: Node, records: Mapping[str, bytes] | None) -> Study | None:
    """The study of the files that went along, when our writer made the document and they still are a study."""
    extensions = study.many("extensionAttributes")
    files = {one.text("url").removeprefix(FILE): one.text("valueString") for one in extensions if one.text("url").startswith(FILE)}
    if not files or any(".." in path.split("/") for path in files):
        return None
    try:
        return read_study(files, records=records)
    except StudyError:
        return None


def _differences(kept: Study, rebuilt: Study) -> list[str]:
    """The areas of the definition that are not as our writer left them."""
    before, after = study_tables(kept), study_tables(rebuilt)
    return [area for area in {**before, **after} if before.get(area) != after.get(area)]
