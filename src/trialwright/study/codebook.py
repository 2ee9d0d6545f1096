"""The codebook of a definition: one row an item of a form, in the columns that exports and documents share."""

from collections.abc import Iterator

from trialwright.study.model import Study

CODEBOOK = ("form", "item", "label_en", "label_fa", "kind", "unit", "decimals", "low", "high", "choices", "loinc", "cdash", "sdtm")


def codebook_rows(study: Study) -> Iterator[tuple[str, ...]]:
    """One row an item of a form, in the columns of `CODEBOOK`, in the order of the forms."""
    for form in study.forms.values():
        for item in form.items:
            concept = item.concept
            yield (
                form.id,
                item.id,
                item.label.en,
                item.label.fa,
                concept.kind,
                concept.unit,
                str(concept.decimals) if concept.kind == "decimal" else "",
                "" if concept.low is None else str(concept.low),
                "" if concept.high is None else str(concept.high),
                "; ".join(f"{choice.code} = {choice.label.en}" for choice in concept.choices),
                concept.loinc,
                concept.cdash,
                concept.sdtm,
            )
