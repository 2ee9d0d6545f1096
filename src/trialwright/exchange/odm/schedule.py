"""The scheduled events of an ODM protocol as a first schedule.toml: their order and forms are theirs, the days are ours to ask
for.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from trialwright.exchange.foreign_forms import make_id
from trialwright.exchange.odm.metadata import Metadata, label_of, repeats
from trialwright.exchange.odm.xml_text import children
from trialwright.exchange.remarks import Remark, remark
from trialwright.exchange.wording import say
from trialwright.study.draft.write import write_tables

_WEEK = timedelta(days=7)


def write_first_schedule(metadata: Metadata, forms: Mapping[str, list[str]]) -> tuple[str, list[Remark]]:
    """The text of schedule.toml, nothing where no event is planned; and remarks. `forms` are our ids by the OID of ODM's form."""
    remarks: list[Remark] = []
    rows: list[dict[str, Any]] = []
    for event in metadata.events():
        place = event.get("OID", "")
        label, _ = label_of(event, "Description", otherwise=place)
        if event.get("Type", "Scheduled") != "Scheduled" or repeats(event):
            remarks.append(remark("left_out", "odm_event", place, label.en))
            continue
        refs = (*children(event, "FormRef"), *children(event, "ItemGroupRef"))
        planned = [one for ref in refs for one in forms.get(ref.get("FormOID") or ref.get("ItemGroupOID") or "", [])]
        name = make_id(event.get("Name") or place, {row["id"] for row in rows}, "visit")
        rows.append(_encounter(name, vars(label), list(dict.fromkeys(planned)), len(rows)))
    asked = {form for row in rows for form in row["forms"]}
    remarks += [remark("question", "odm_unplanned", one) for ids in forms.values() for one in ids if one not in asked]
    if not rows:
        return "", remarks
    remarks.append(remark("question", "odm_days", "schedule.toml"))
    return "\n".join([write_tables("epoch", _epochs(rows)), write_tables("encounter", rows)]), remarks


def _encounter(name: str, label: dict[str, str], forms: list[str], number: int) -> dict[str, Any]:
    """The first visit is screening; the others stand a week apart until somebody says when they are."""
    return {
        "id": name,
        "label": label,
        "epoch": "screening" if number == 0 else "follow_up",
        "anchor": "screening" if number == 0 else "allocation",
        "target": _WEEK * max(number - 1, 0),
        "before": timedelta(0),
        "after": timedelta(days=3),
        "forms": forms,
        "from": "ODM: order of StudyEventRef",
        "question": say("ask_day").en,
    }


def _epochs(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    labels = {"screening": say("epoch_screening"), "follow_up": say("epoch_follow_up")}
    return [{"id": name, "label": vars(labels[name])} for name in dict.fromkeys(row["epoch"] for row in rows)]
