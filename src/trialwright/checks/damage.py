"""A check over traces of damage: what an export or a spreadsheet did to a value, and what it may have been."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from trialwright.checks.findings import Evidence, Severity, check, place
from trialwright.registry import Damage, Record, find_damage
from trialwright.terms.sentences import Text

_OF_THE_EXPORT = frozenset({"flag_inverted", "day_invented"})
"""True of every row of an export, so no finding about one record; readers of exports and their rates show them."""

_A_FINDING_OF_ITS_OWN = frozenset({"text_cut"})
"""Said by `record.value_cut`."""

_SEVERITIES: dict[str, Severity] = {"phase_is_date": "warning", "calendar_twice": "error", "dates_differ": "warning"}


@check(
    code="record.damaged",
    severity="note",
    rule="A value is the one that was registered; an export or a spreadsheet has not changed it.",
    source="WHO ICTRP public exports of March to May 2020: phases as dates, a date of 2641, the inverted flag",
)
def damaged(record: Record, today: date) -> Iterator[Evidence]:
    """A trace of known damage. What is proposed is shown; nothing in the record is changed."""
    for one in find_damage(record):
        if _is_trifle(one) or one.code in _OF_THE_EXPORT | _A_FINDING_OF_ITS_OWN:
            continue
        shown = one.fields[0]
        unknown = Text(en="unknown; ask the registry", fa="نامعلوم؛ از سامانهٔ ثبت بپرسید")
        yield Evidence(
            places=tuple(map(place, one.fields)),
            facts={"label": shown.label or shown.key, "found": shown.text[:120], "proposal": one.proposal or unknown},
            variant=one.code,
            severity=_SEVERITIES.get(one.code),
            wording=one.proposal,
        )


def _is_trifle(one: Damage) -> bool:
    """Say whether nothing is lost: a bullet or a degree sign misread, or one group that is the total."""
    if one.code == "letters_misread":
        return not any(letter.isalpha() and letter not in "ªº" and not letter.isascii() for letter in one.proposal or "")
    return one.code == "size_by_group" and len(re.findall(r":\s*\d+", one.fields[0].text)) < 2


DAMAGE_CHECKS = (damaged,)
