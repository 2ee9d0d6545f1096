"""The bytes of a definition: what an approval keeps, what a build's digest names, and the way back."""

import json
from collections.abc import Mapping

from trialwright.study.digest import FORMAT, files_bytes
from trialwright.study.errors import StudyError
from trialwright.study.model import Study
from trialwright.study.read import read_study


def study_bytes(study: Study) -> bytes:
    """Give the canonical bytes of a study's files, the shared library's included; `Study.digest` is their SHA-256."""
    return files_bytes(study.files)


def study_from_bytes(content: bytes, *, records: Mapping[str, bytes] | None = None) -> Study:
    """Rebuild a study from `study_bytes`. Raises: StudyError when the bytes are of another shape."""
    try:
        parsed = json.loads(content)
        files = {str(path): str(text) for path, text in parsed["files"].items()}
        known = parsed["format"] == FORMAT
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StudyError(
            file="definition", found="these bytes are not a study definition", todo="Use what study_bytes gave."
        ) from None
    if not known:
        raise StudyError(file="definition", found=f"format {parsed['format']}", expected=str(FORMAT), todo="Upgrade the program.")
    return read_study(files, records=records)
