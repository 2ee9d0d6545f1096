"""What the shared library can collect: every item and derivation by its id, with the form that holds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trialwright.study.concepts import CONCEPTS_FILE, library_text, read_concepts
from trialwright.study.forms import ReadForm, library_form_file, read_form
from trialwright.study.tables import parse_table
from trialwright.terms.sentences import Text

_FORMS = Path(__file__).parent.parent / "library" / "forms"


@dataclass(frozen=True, kw_only=True)
class Collectable:
    """An item or derivation of a library form. `needs` are other forms that the form's derivations read, at the same encounter;
    `once` are those that they read from anywhere."""

    id: str
    form: str
    label: Text
    kind: str
    unit: str
    decimals: int
    choices: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    once: tuple[str, ...] = ()


@cache
def collectables() -> dict[str, Collectable]:
    """Every item and derivation of every library form, by id."""
    forms = _library_forms()
    owner = {item.id: form.form.id for form in forms for item in form.form.items}
    return {one.id: one for form in forms for one in _of_form(form, owner)}


@cache
def concept_ids() -> frozenset[str]:
    """The ids of the library's concepts, which a trial cannot give another meaning."""
    return frozenset(read_concepts(library_text(CONCEPTS_FILE, {}) or ""))


@cache
def _library_forms() -> tuple[ReadForm, ...]:
    concepts = read_concepts(library_text(CONCEPTS_FILE, {}) or "")
    names = sorted(path.stem for path in _FORMS.glob("*.toml"))
    texts = ((library_form_file(name), library_text(library_form_file(name), {}) or "") for name in names)
    return tuple(read_form(parse_table(file, text), {}, concepts) for file, text in texts)


def _of_form(form: ReadForm, owner: dict[str, str]) -> Iterator[Collectable]:
    own = {item.id for item in form.form.items}
    read = [name for derivation in form.derivations for name in derivation.inputs.values()]
    needs = tuple(dict.fromkeys(owner[name] for name in read if name in owner and name not in own))
    asked_once = [name.partition(".")[0] for name in read if "." in name]
    once = tuple(dict.fromkeys([*asked_once, *(["demographics"] if "age_years" in read else [])]))
    for item in form.form.items:
        concept = item.concept
        codes = tuple(choice.code for choice in concept.choices)
        yield Collectable(
            id=item.id,
            form=form.form.id,
            label=item.label,
            kind=concept.kind,
            unit=concept.unit,
            decimals=concept.decimals,
            choices=codes,
            needs=needs,
            once=once,
        )
    for derivation in form.derivations:
        yield Collectable(
            id=derivation.id,
            form=form.form.id,
            label=derivation.label,
            kind="decimal",
            unit=derivation.unit,
            decimals=derivation.decimals,
            needs=needs,
            once=once,
        )
