"""USDM objects as they are made: ids, instance types, codes, and the extension that keeps what has no home.

Whatever a part of our definition says and no attribute of its object can hold is written as TOML into one extension attribute of
that object, in the words of the study's own files, and remarked.
"""

import html
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from trialwright.exchange.remarks import Remark, remark
from trialwright.study.draft.write import write_table

Object = dict[str, Any]
REST = "urn:trialwright:usdm:rest"
FILE = "urn:trialwright:usdm:file:"
CONCEPTS = "urn:trialwright:concepts"
CHOICES = "urn:trialwright:choices"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
UNSTATED = "not stated"
_TERMS = Path(__file__).with_name("terms.toml")


@cache
def terms() -> Mapping[str, Any]:
    return tomllib.loads(_TERMS.read_text(encoding="utf-8"))


def to_html(words: str) -> str:
    """Words as the paragraph that USDM expects of a text."""
    return f"<p>{html.escape(words, quote=False)}</p>"


def take(row: dict[str, Any], *path: str) -> Any:
    """Take a value out of a table, and the tables that it leaves empty; None where it is not there."""
    if len(path) == 1:
        return row.pop(path[0], None)
    inner = row.get(path[0])
    if not isinstance(inner, dict):
        return None
    value = take(inner, *path[1:])
    if not inner:
        del row[path[0]]
    return value


def _named(key: str, value: Any) -> str:
    """The key as a person would name it: of a label whose English has a home, only the Persian is left."""
    return f"{key}.fa" if isinstance(value, dict) and list(value) == ["fa"] else key


class Objects:
    """Makes the objects of one document and remembers what had no home."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._homeless: Counter[tuple[str, str]] = Counter()

    def make(self, kind: str, name: str = "", /, rest: Mapping[str, Any] | None = None, **attributes: Any) -> Object:
        """One object of a class; None is no value. `rest` is what is left of our part, after what has a home was taken out."""
        made: Object = {"id": self.id(kind, name)}
        made |= {key: value for key, value in attributes.items() if value is not None}
        if rest:
            made["extensionAttributes"] = [self.extension(REST, write_table(rest))]
            self._homeless.update((kind, _named(key, value)) for key, value in rest.items())
        return made | {"instanceType": kind}

    def id(self, kind: str, name: str = "") -> str:
        """The id of an object: its class with our id, or with the next number."""
        if name:
            return f"{kind}_{name}"
        self._numbers[kind] += 1
        return f"{kind}_{self._numbers[kind]}"

    def extension(self, url: str, text: str) -> Object:
        return self.make("ExtensionAttribute", url=url, valueString=text)

    def term(self, group: str, word: str) -> Object:
        """A CDISC term by our word for it."""
        code, decode = terms()[group][word]
        return self.code(code, decode, system=terms()["system"], version=terms()["version"])

    def code(self, code: str, decode: str, *, system: str, version: str) -> Object:
        return self.make("Code", code=code, codeSystem=system, codeSystemVersion=version, decode=decode)

    def alias(self, code: Object, *others: Object) -> Object:
        return self.make("AliasCode", standardCode=code, standardCodeAliases=list(others) or None)

    def quantity(self, value: Any, unit: Object | None = None) -> Object:
        number = float(value)
        return self.make("Quantity", value=number, unit=self.alias(unit) if unit else None)

    def remarks(self) -> tuple[Remark, ...]:
        """What went into extensions, by class and key, each with how often."""
        return tuple(
            remark("extension", "usdm", kind, key, times=count, owner=kind) for (kind, key), count in sorted(self._homeless.items())
        )
