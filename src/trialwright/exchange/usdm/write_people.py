"""Criteria: their words are items of the study version, the criteria of the design point to them."""

from typing import Any

from trialwright.exchange.usdm.objects import Object, Objects, take, to_html


def write_criterion_items(rows: list[dict[str, Any]], objects: Objects) -> list[Object]:
    """The words of the criteria, taken out of their tables."""
    return [
        objects.make("EligibilityCriterionItem", row["id"], name=row["id"], text=to_html(take(row, "text", "en"))) for row in rows
    ]


def write_criteria(rows: list[dict[str, Any]], objects: Objects) -> list[Object]:
    """The criteria in their order; the rule, its cases and the Persian words have no home."""
    made = []
    for number, row in enumerate(rows, start=1):
        name, kind = take(row, "id"), take(row, "kind")
        made.append(
            objects.make(
                "EligibilityCriterion",
                name,
                rest=row,
                name=name,
                identifier=f"{number:02d}",
                category=objects.term("criterion", kind),
                criterionItemId=f"EligibilityCriterionItem_{name}",
            )
        )
    return link(made)


def link(objects: list[Object]) -> list[Object]:
    """Say the order of a list in its objects; the ends say that nothing comes before or after, as rules look for that."""
    ids = [None, *(one["id"] for one in objects), None]
    for one, (before, after) in zip(objects, zip(ids, ids[2:], strict=False), strict=True):
        one["previousId"], one["nextId"] = before, after
    return objects
