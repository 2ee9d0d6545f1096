"""A REDCap data dictionary as forms: nothing is lost in silence, nobody's identity comes in, and rules say what REDCap said."""

import csv
import io
import string
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialwright.exchange.errors import ExchangeError
from trialwright.exchange.identities import asks_identity
from trialwright.exchange.redcap.branching import Known, UncertainError, translate
from trialwright.exchange.redcap.read import Dictionary, read_dictionary
from trialwright.study.facts import Choice
from trialwright.study.model import Form, Text
from trialwright.study.read import read_study
from trialwright.study.rules import compile_rule

STUDY = Path(__file__).parents[2] / "studies" / "IRCT2016090729747N1"
HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_SHORT = ("variable", "form", "section", "type", "label", "choices", "note", "validation", "low", "high", "identifier", "branching")
COLUMNS = (*_SHORT, "required", "alignment", "number", "matrix", "ranking", "annotation")


def dictionary(*fields: dict[str, str], header: tuple[str, ...] = HEADER) -> bytes:
    """An invented dictionary: a record id, then the fields given, each by our short column names."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    for one in ({"variable": "record_id", "label": "Record ID"}, *fields):
        whole = {"form": "visit", "type": "text", "label": one["variable"]} | one
        writer.writerow([whole.get(column, "") for column in COLUMNS])
    return out.getvalue().encode()


def read(*fields: dict[str, str]) -> Dictionary:
    return read_dictionary(dictionary(*fields))


def only_form(found: Dictionary) -> Form:
    (form,) = found.written.forms
    return form


@pytest.mark.parametrize(
    ("field", "kind", "decimals"),
    [
        ({"validation": "integer"}, "integer", 0),
        ({"validation": "number_2dp"}, "decimal", 2),
        ({"validation": "number_1dp_comma_decimal"}, "decimal", 1),
        ({"validation": "number"}, "decimal", 4),
        ({"validation": "date_dmy"}, "date", 0),
        ({"validation": "datetime_seconds_ymd"}, "datetime", 0),
        ({"validation": "time"}, "text", 0),
        ({"type": "notes"}, "text", 0),
        ({"type": "yesno"}, "boolean", 0),
        ({"type": "truefalse"}, "boolean", 0),
        ({"type": "slider", "choices": "None | Worst"}, "integer", 0),
        ({"type": "dropdown", "choices": "1, Yes | 2, No"}, "choice", 0),
        ({"type": "radio", "choices": "a, Yes"}, "choice", 0),
    ],
)
def test_a_field_becomes_an_item_of_its_kind(field: dict[str, str], kind: str, decimals: int) -> None:
    (item,) = only_form(read({"variable": "q"} | field)).items
    assert (item.concept.kind, item.concept.decimals) == (kind, decimals)


@pytest.mark.parametrize("kind", ["calc", "descriptive", "file", "sql", "hologram"])
def test_what_has_no_home_is_left_out_and_said(kind: str) -> None:
    found = read({"variable": "q", "type": kind, "choices": "[a]+1"}, {"variable": "stays"})
    assert [item.id for item in only_form(found).items] == ["stays"]
    assert [one.place for one in found.remarks if one.kind == "left_out"][1:] == ["visit.q (line 3)"]


@pytest.mark.parametrize(
    "field",
    [
        {"variable": "who", "label": "First name"},
        {"variable": "q", "label": "تلفن همراه"},
        {"variable": "q", "label": "کد ملی بیمار"},
        {"variable": "dob", "label": "Born on", "validation": "date_ymd"},
        {"variable": "q", "label": "Contact", "validation": "email"},
        {"variable": "q", "label": "Ward number", "identifier": "y"},
    ],
)
def test_who_a_person_is_never_becomes_an_item(field: dict[str, str]) -> None:
    found = read(field, {"variable": "stays"})
    assert [item.id for item in only_form(found).items] == ["stays"]
    assert [one.kind for one in found.remarks].count("refused") == 1


def test_names_of_things_are_not_names_of_people() -> None:
    assert not asks_identity("drug", "Name of the drug")
    assert not asks_identity("email_sent", "Was the reminder sent?")
    assert asks_identity("x", "Patient name")


def test_a_checkbox_is_one_yes_or_no_for_each_choice() -> None:
    form = only_form(read({"variable": "race", "type": "checkbox", "label": "Race", "choices": "1, A | 99, Other"}))
    assert [(i.id, i.label.en, i.concept.kind) for i in form.items] == [
        ("race_1", "Race: A", "boolean"),
        ("race_99", "Race: Other", "boolean"),
    ]


def test_limits_are_soft_as_they_are_in_redcap() -> None:
    found = read({"variable": "weight_kg", "validation": "number_1dp", "low": "30", "high": "150.5"})
    (check,) = only_form(found).checks
    assert (check.rule, check.severity) == ("weight_kg >= 30.0 && weight_kg <= 150.5", "soft")
    assert not any(one.reason.en.startswith("This limit") for one in found.remarks)


def test_a_limit_that_is_a_day_becomes_a_question_in_the_list() -> None:
    found = read({"variable": "seen", "validation": "date_ymd", "low": "2020-01-01"})
    assert only_form(found).checks == ()
    assert any(one.kind == "question" and "2020-01-01" in one.words for one in found.remarks)


def test_headings_matrices_notes_and_annotations_are_kept_as_words() -> None:
    found = read({"variable": "q1", "section": "Vital <b>signs</b>", "matrix": "m1", "note": "in kg", "annotation": "@HIDDEN"})
    text = found.written.files["forms/visit.toml"]
    assert "# Vital signs · m1\n[[item]]" in text
    (item,) = only_form(found).items
    assert item.help == Text(en="in kg", fa="in kg")
    assert item.basis.record == "REDCap q1; annotation: @HIDDEN"


@pytest.mark.parametrize("column", COLUMNS[2:])
@pytest.mark.parametrize("words", ["\x01\x7f\u202e", "1, {a} | 2, it's", '"""\n[[item]]', "<b", "9" * 60])
def test_odd_words_in_any_column_still_give_files_that_are_read(column: str, words: str) -> None:
    found = read({"variable": "q", "type": "radio", "choices": "1, A"} | {column: words}, {"variable": "stays"})
    assert "stays" in {item.id for item in only_form(found).items}


def test_a_field_shown_in_a_case_must_be_empty_in_every_other_case() -> None:
    found = read(
        {"variable": "female", "type": "yesno"},
        {"variable": "weeks", "validation": "integer", "branching": "[female] = '1'", "required": "y"},
    )
    form = only_form(found)
    only, needed = form.checks
    names = {item.id: item.concept.kind for item in form.items}
    # worked by hand: a value where it is not asked breaks the first, none where it is asked breaks the second
    assert compile_rule(only.rule, names).evaluate({"female": False, "weeks": 12}).outcome == "false"
    assert compile_rule(only.rule, names).evaluate({"female": True, "weeks": 12}).outcome == "true"
    assert compile_rule(only.rule, names).evaluate({"female": False}).outcome == "true"
    assert compile_rule(needed.rule, names).evaluate({"female": True}).outcome == "false"
    assert compile_rule(needed.rule, names).evaluate({"female": False}).outcome == "true"
    item = form.item("weeks")
    assert item is not None
    assert not item.required


def test_a_condition_that_is_not_certain_stays_in_its_words() -> None:
    logic = "datediff([visit_1][seen], 'today', 'd') > 3"
    found = read({"variable": "late", "type": "yesno", "branching": logic})
    (item,) = only_form(found).items
    assert logic in item.basis.question
    assert any(one.kind == "question" and one.words == logic for one in found.remarks)


KNOWN = {
    "sex": Known(id="sex_2", kind="choice", choices=tuple(Choice(code=c, label=Text(en=c, fa=c)) for c in ("1", "2"))),
    "score": Known(id="score", kind="choice", choices=tuple(Choice(code=c, label=Text(en=c, fa=c)) for c in ("0", "1", "2"))),
    "age": Known(id="age", kind="integer"),
    "ill": Known(id="ill", kind="boolean"),
    "race(3)": Known(id="race_3", kind="boolean"),
    "note": Known(id="note", kind="text"),
}


@pytest.mark.parametrize(
    ("logic", "rule"),
    [
        ("[sex] = '1'", "sex_2 == '1'"),
        ('[sex] <> "2"', "sex_2 != '2'"),
        ("[age]>=18", "age >= 18.0"),
        ("18 < [age]", "age > 18.0"),
        ("[ill] = '1'", "ill"),
        ("[ill] = 0", "!ill"),
        ("[ill] != 1", "!ill"),
        ("[race(3)] = '1'", "race_3"),
        ("[note] = ''", "!known(note)"),
        ("[age] <> ''", "known(age)"),
        ("[score] > 0", "(score == '1' || score == '2')"),
        ("[sex]='1' and [age]>18 or [ill]='1'", "sex_2 == '1' && age > 18.0 || ill"),
        ("[sex]='1' AND ([age]>18 OR [ill]='1')", "sex_2 == '1' && (age > 18.0 || ill)"),
        ("not([ill] = '1')", "!((ill))"),
    ],
)
def test_branching_logic_is_said_in_cel(logic: str, rule: str) -> None:
    found = translate(logic, KNOWN)
    assert found.rule == rule
    kinds = {one.id: one.kind for one in KNOWN.values()}
    assert set(compile_rule(found.rule, kinds).names) <= set(found.items)


@pytest.mark.parametrize(
    "logic",
    [
        "[visit_1][sex] = '1'",
        "[elsewhere] = '1'",
        "[sex] = '3'",
        "[note] > 'a'",
        "[age] = 'old'",
        "[age] + 1 > 3",
        "round([age], 1) = 3",
        "[sex] = '1' and",
        "([sex] = '1'",
        "[sex]",
        "",
        "[note] = 'it\\'s'",
        "[ill] > 0",
        "(" * 40 + "[ill] = '1'" + ")" * 40,
    ],
)
def test_anything_else_is_not_guessed(logic: str) -> None:
    with pytest.raises(UncertainError):
        translate(logic, KNOWN)


_LABEL = st.text(alphabet=string.ascii_letters + "ابپ ,()'", min_size=1, max_size=20).filter(lambda s: s.strip(" ,'()"))
_CHOICES = st.dictionaries(st.from_regex(r"[0-9A-Za-z]{1,4}", fullmatch=True), _LABEL, min_size=1, max_size=6)
_FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["notes", "yesno", "slider", "radio", "checkbox", "dropdown", "text"]),
        st.sampled_from(["visit", "Lab 2", "پیگیری"]),
        _LABEL,
        _CHOICES,
        st.sampled_from(["", "y"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(_FIELDS)
def test_every_field_arrives_with_its_choices(fields: list[tuple[str, str, str, dict[str, str], str]]) -> None:
    rows = [
        {
            "variable": f"field_{number}",
            "form": form,
            "type": kind,
            "label": label,
            "choices": " | ".join(f"{code}, {words}" for code, words in choices.items()) if kind != "text" else "",
            "required": required,
        }
        for number, (kind, form, label, choices, required) in enumerate(fields)
    ]
    found = read(*rows)
    refused = {one.place.split(".")[1].split(" ")[0] for one in found.remarks if one.kind == "refused"}
    items = {item.id: item for form in found.written.forms for item in form.items}
    kept = [(f"field_{n}", field) for n, field in enumerate(fields) if f"field_{n}" not in refused]
    assert len(items) == sum(len(field[3]) if field[0] == "checkbox" else 1 for _, field in kept)
    for name, (kind, _, _, choices, required) in kept:
        if kind in ("radio", "dropdown"):
            said = {choice.code: choice.label.en for choice in items[name].concept.choices}
            assert said == {code: " ".join(words.split()) for code, words in choices.items()}
        if kind != "checkbox":
            assert items[name].required == (required == "y")


def test_the_files_are_accepted_when_they_are_merged_into_a_study() -> None:
    found = read(
        {"variable": "sex", "type": "radio", "choices": "1, F | 2, M"}, {"variable": "ward_weight", "validation": "number_1dp"}
    )
    paths = [path for pattern in ("protocol/1.0/**/*.toml", "consent/*/*.toml") for path in STUDY.glob(pattern)]
    files = {path.relative_to(STUDY).as_posix(): path.read_text("utf-8") for path in paths}
    files |= {f"protocol/1.0/{path}": text for path, text in found.written.files.items()}
    schedule = files["protocol/1.0/schedule.toml"]
    files["protocol/1.0/schedule.toml"] = schedule.replace('\nforms = ["demographics"', '\nforms = ["visit", "demographics"', 1)
    study = read_study(files)
    assert [item.id for item in study.forms["visit"].items] == ["sex_2", "ward_weight"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "variable / field name"),
        (b"a,b\n1,2\n", "is missing"),
        (dictionary()[:-20], "cells where the header"),
        (dictionary({"variable": "x"}).replace(b"\r\nx,", b'\r\n"x,'), "not CSV"),
        (dictionary({"variable": "x"}, {"variable": "x"}), "already, in line 3"),
        (dictionary({"variable": "x", "form": ""}), "without its name, form or type"),
        (dictionary({"variable": "x"}).replace(b"Field Label", b"Form Name"), "two columns"),
        (dictionary({"variable": "x"}) + b"\xff", "not UTF-8"),
        (dictionary({"variable": "x\x00"}), "NUL"),
        (",".join(HEADER).encode().replace(b"Choices, Calculations, OR", b"Choices OR") + b"\n", "no fields"),
    ],
)
def test_a_broken_dictionary_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(ExchangeError) as refusal:
        read_dictionary(content)
    assert says in refusal.value.sentence
    assert refusal.value.fa != refusal.value.sentence


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_damage_ends_in_anything_but_a_refusal(noise: bytes, place: int) -> None:
    whole = dictionary({"variable": "x", "type": "radio", "choices": "1, A"}, {"variable": "y", "branching": "[x]='1'"})
    with suppress(ExchangeError):
        found = read_dictionary(whole[:place] + noise + whole[place:])
        assert {one.kind for one in found.remarks} >= {"question", "changed"}
