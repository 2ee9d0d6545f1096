"""The schemas that editors use accept both trials and refuse what the reader refuses in a single file."""

import datetime
import json
import tomllib
from functools import cache
from typing import Any

import pytest
from broken_trials import Path, Values, broken_values, field_of, fields, kind_of
from jsonschema import Draft202012Validator
from study_trials import BOTH, own_files

from trialwright.study.schema import schemas

KINDS = sorted(schemas())
NAMED_BY_THE_TRIAL = {"study.plain", "study.allocation.ratio", "eligibility.criterion.proof.given"}


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schemas()[kind])


def faults(kind: str, values: Values) -> list[str]:
    return [error.message for error in validator(kind).iter_errors(json.loads(json.dumps(values, default=_written)))]


def _written(value: object) -> str:
    assert isinstance(value, datetime.date)
    return value.isoformat()


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_itself_valid(kind: str) -> None:
    Draft202012Validator.check_schema(schemas()[kind])


@pytest.mark.parametrize("study_id", BOTH)
def test_every_file_of_both_trials_fits_its_schema(study_id: str) -> None:
    files = own_files(study_id)
    assert {file: faults(kind_of(file), tomllib.loads(text)) for file, text in files.items()} == {file: [] for file in files}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"simulation", "concepts"}))
def test_a_misspelt_key_or_a_wrong_kind_does_not_fit(kind: str) -> None:
    asked = [place for place in fields() if kind_of(place[1]) == kind]
    assert asked
    for study_id, file, path in asked:
        if f"{kind}.{field_of(path[:-1])}" in NAMED_BY_THE_TRIAL:
            continue
        for change in (_misspell, _mistype):
            values = broken_values(study_id, file, path, change)
            assert faults(kind, values), (change.__name__, file, path)


def _misspell(table: Values, key: Any) -> None:
    table[f"{key}x"] = table.pop(key)


def _mistype(table: Values, key: Any) -> None:
    table[key] = 17 if isinstance(table[key], str | dict) else "wrong"


def test_a_required_key_is_required_in_the_schema_too() -> None:
    place: tuple[str, str, Path] = next(p for p in fields() if kind_of(p[1]) == "schedule" and field_of(p[2]) == "encounter.anchor")
    values = broken_values(*place, lambda table, key: table.__delitem__(key))
    assert any("'anchor' is a required property" in fault for fault in faults("schedule", values))


def test_the_library_fits_too() -> None:
    from trialwright.study.concepts import CONCEPTS_FILE, library_forms, library_text
    from trialwright.study.forms import library_form_file

    assert faults("concepts", tomllib.loads(library_text(CONCEPTS_FILE, {}) or "")) == []
    for form in library_forms():
        assert faults("form", tomllib.loads(library_text(library_form_file(form), {}) or "")) == [], form
