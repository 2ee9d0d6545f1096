"""A file of another builder, whatever it is: REDCap's data dictionary, ODM or USDM, told by its first words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trialwright.exchange.errors import refuse
from trialwright.exchange.odm.read import read_odm
from trialwright.exchange.redcap.read import read_dictionary
from trialwright.exchange.redcap.rows import is_dictionary
from trialwright.exchange.remarks import Remark
from trialwright.exchange.usdm.read import read_usdm

LARGEST_BYTES = 50 * 1024 * 1024
_HEAD = 4096


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """What was read: files by path, and what did not arrive as it stood.

    USDM gives the files of a whole study folder; REDCap and ODM give forms, concepts and perhaps a schedule, which belong into the
    folder of a protocol version.
    """

    form: Literal["redcap", "odm", "usdm"]
    files: Mapping[str, str]
    remarks: tuple[Remark, ...]

    @property
    def is_study(self) -> bool:
        return self.form == "usdm"


def read_foreign(content: bytes, *, name: str) -> Foreign:
    """Read a file of another builder. Raises: ExchangeError where it is none of them, cannot be read, or holds nothing to use."""
    head = content[:_HEAD].decode("utf-8", errors="replace").removeprefix("\ufeff").lstrip()
    if head.startswith("{"):
        usdm = read_usdm(content, name=name)
        files = {path: text for path, text in usdm.study.files.items() if not path.startswith("library/")}
        return Foreign(form="usdm", files=files | _own_library(usdm.study.files), remarks=usdm.remarks)
    if head.startswith("<") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        odm = read_odm(content, name=name)
        return _forms("odm", odm.files, odm.remarks, name)
    if is_dictionary(head):
        dictionary = read_dictionary(content, name=name)
        return _forms("redcap", dictionary.written.files, dictionary.remarks, name)
    raise refuse("unknown_format", file=name)


def _forms(form: Literal["redcap", "odm"], files: Mapping[str, str], remarks: tuple[Remark, ...], name: str) -> Foreign:
    if not any(path.startswith("forms/") for path in files):
        reasons = "; ".join(dict.fromkeys(one.reason.en for one in remarks if one.kind in ("refused", "left_out")))
        raise refuse("nothing", file=name, reasons=reasons or "no items")
    return Foreign(form=form, files=files, remarks=remarks)


def _own_library(files: Mapping[str, str]) -> dict[str, str]:
    """The files of the shared library that the study came with, where the library of this program says something else."""
    from trialwright.study.concepts import library_text

    version = next(path.split("/")[1] for path in files if path.startswith("protocol/"))
    other = {path: text for path, text in files.items() if path.startswith("library/") and library_text(path, {}) != text}
    return {f"protocol/{version}/{path}": text for path, text in other.items()}
