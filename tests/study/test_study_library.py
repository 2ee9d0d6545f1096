"""The shared library: concepts and forms."""

from pathlib import Path

import pytest

import trialwright.study.concepts as room
from trialwright.study.concepts import CONCEPTS_FILE, library_text, read_concepts
from trialwright.study.errors import StudyError
from trialwright.study.forms import read_form
from trialwright.study.tables import parse_table

LIBRARY = Path(room.__file__).with_name("library")
CONCEPTS = library_text(CONCEPTS_FILE, {}) or ""


def luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def test_every_loinc_code_has_a_right_check_digit() -> None:
    codes = {concept.id: concept.loinc for concept in read_concepts(CONCEPTS).values() if concept.loinc}
    assert len(codes) > 25
    assert [name for name, code in codes.items() if not luhn(code.replace("-", ""))] == []


def test_every_concept_says_where_it_goes_in_cdisc() -> None:
    for concept in read_concepts(CONCEPTS).values():
        assert concept.cdash, concept.id
        assert concept.sdtm[2] == ".", concept.id


@pytest.mark.parametrize("path", sorted((LIBRARY / "forms").glob("*.toml")), ids=lambda p: p.stem)
def test_every_shared_form_reads_on_its_own(path: Path) -> None:
    form = read_form(parse_table(f"library/forms/{path.name}", path.read_text(encoding="utf-8")), {}, read_concepts(CONCEPTS)).form
    assert form.id == path.stem


def test_sledai_has_24_items_that_weigh_105_in_the_measure() -> None:
    """Gladman 2002: 24 items, highest score 105."""
    from trialwright.measures.lupus.sledai_2k import read_items

    path = LIBRARY / "forms/sledai.toml"
    form = read_form(parse_table("library/forms/sledai.toml", path.read_text(encoding="utf-8")), {}, read_concepts(CONCEPTS))
    derivation = next(d for d in form.derivations if d.id == "sledai_2k")
    weights = {item.id: item.weight for item in read_items()}
    assert set(derivation.inputs) == set(weights)
    causes = {proposal.cause for proposal in form.form.proposals}
    assert list(derivation.inputs.values()) == [item.id for item in form.form.items if item.id not in causes]
    assert sum(weights[name] for name in derivation.inputs) == 105


def test_a_form_can_take_a_shared_one_with_changes() -> None:
    text = """
    use = "vitals"
    without = ["oxygen_saturation", "temperature"]
    assumed = "Shorter for children"

    [[item]]
    id = "height"
    concept = "height"
    required = false
    """
    form = read_form(parse_table("protocol/1.0/forms/vitals.toml", text), {}, read_concepts(CONCEPTS)).form
    assert form.item("temperature") is None
    assert {check.id for check in form.checks} == {"pressure_order"}  # the check on fever went with its item
    height = form.item("height")
    assert height is not None
    assert not height.required
    assert form.basis.assumed == "Shorter for children"
    assert "nurse" in form.roles


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('unit = "kg"', 'unit = "stone"', 'unit "stone"'),
        ('choices = "sex"', 'choices = "gender"', 'no code list "gender"'),
        ("low = 5\nhigh = 250", "low = 500\nhigh = 250", "low 500 is not below high 250"),
        (
            'label = { en = "Weight", fa = "وزن" }\nkind = "decimal"',
            'label = { en = "Weight", fa = "وزن" }\nkind = "choice"',
            "choices for a choice",
        ),
        ("[concept.weight]", "[concept.Weight]", "small letters"),
    ],
)
def test_a_wrong_concept_is_refused_with_its_line(old: str, new: str, words: str) -> None:
    assert old in CONCEPTS
    with pytest.raises(StudyError, match=r"library/concepts\.toml:[0-9]+:") as caught:
        read_concepts(CONCEPTS.replace(old, new, 1))
    assert words in str(caught.value)
