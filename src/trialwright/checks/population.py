"""Checks over who takes part: said alike in titles, criteria and arms, and said so that it can be decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import CHILDREN, has_value, is_export, narrative, said, summaries, words_of
from trialwright.registry import Field, Record

_QUALIFIERS = r"severe(?:ly)?|refractory|resistant|advanced|active|acute|chronic|recurrent|relaps\w+|mild|moderate|early|new-onset"
_HARD = re.compile(r"\b(?P<word>severe|refractory|resistant|advanced|relapsing)\b", re.IGNORECASE)
_SAID_OTHERWISE = {
    "refractory": re.compile(r"resist|refract|unrespons|fail|no response|non-?respon", re.IGNORECASE),
    "resistant": re.compile(r"resist|refract|unrespons|fail|no response|non-?respon|suscept|culture|antibiog", re.IGNORECASE),
    "severe": re.compile(
        r"sever|grade|class\b|stage|score of|score [<>≥≤]|saturation|spo2|respiratory rate|\bicu\b|ventilat|pao2", re.IGNORECASE
    ),
    "advanced": re.compile(r"advanced|stage|grade|metasta|class\b", re.IGNORECASE),
    "relapsing": re.compile(r"relaps|recur", re.IGNORECASE),
}
_WHO = r"patients|children|participants|subjects|people|adults|women|men"
_ENROLLED = re.compile(
    rf"\b(?P<n>\d{{1,5}}) (?P<before>(?:(?:{_QUALIFIERS}|and|or|,)\s+)*)(?:\w+ ){{0,2}}?(?:{_WHO})"
    rf"(?:\s+with\s+(?P<after>(?:(?:{_QUALIFIERS}|and|or|to)\s*,?\s+)*)(?P<illness>[\w()-]+(?: [\w()-]+)?))?",
    re.IGNORECASE,
)
_TREATED = re.compile(
    rf"\b(?:{_WHO})\s+with\s+(?P<after>(?:(?:{_QUALIFIERS}|and|or|to)\s*,?\s+)*)(?P<illness>[\w()-]+(?: [\w()-]+)?)", re.IGNORECASE
)
_LESS_FUNCTION = re.compile(
    r"\b(?P<words>(?:decreas\w*|declin\w*|reduc\w*|impair\w*|loss)\s+(?:in |of |the )*"
    r"(?P<organ>renal|kidney|hepatic|liver|cardiac|heart|lung|pulmonary)\s+function)\b",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"\b(?:(?:failures?|insufficiency|dysfunction) of (?:the )?(?P<organ>kidneys?|liver|heart|lungs?)"
    r"|(?P<other>renal|kidney|hepatic|liver|cardiac|heart|respiratory) (?:failure|insufficiency|dysfunction))\b"
    r"(?P<after>[^,;.\n]{0,60})",
    re.IGNORECASE,
)
_ORGAN = {
    "renal": "kidney",
    "kidney": "kidney",
    "kidneys": "kidney",
    "hepatic": "liver",
    "liver": "liver",
    "cardiac": "heart",
    "heart": "heart",
    "lung": "lung",
    "lungs": "lung",
    "pulmonary": "lung",
    "respiratory": "lung",
}
_AMOUNT = re.compile(
    r"\b(?P<words>(?:decreas\w*|increas\w*|elevat\w*|abnormal|impaired|reduced|high|low) (?:in |of |the |level of )*"
    r"(?:renal function|kidney function|liver function|cardiac function|blood pressure|protein\w*(?: urine)?|creatinine|urea"
    r"|h(?:a?emoglobin)|platelets?|liver enzymes|blood glucose|potassium))\b(?P<after>[^,;.\n]{0,90})",
    re.IGNORECASE,
)
_AGES = re.compile(
    r"\b(?:aged?|ages?|age range)\b\D{0,25}?(?P<low>\d{1,2})\s*(?:years? ?(?:old)? ?)?(?:to|-|–|and|until)\s*(?P<high>\d{2,3})\b"
    r"(?!\s*(?:months?|weeks?|days?))",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?P<n>\d{1,3})\s*(?P<unit>years?|y\b|months?|days?|weeks?)?", re.IGNORECASE)
_OF_TISSUE = re.compile(
    r"\blupus nephritis\b|\bglomerulo(?:nephritis|sclerosis)\b|\biga nephropathy\b|\bmembranous nephropathy\b|\bfsgs\b",
    re.IGNORECASE,
)
_HISTOLOGY = re.compile(r"biops|histolog|patholog|\bclass (?:[ivx]+|[1-6])\b|\bisn/rps\b", re.IGNORECASE)
_OPERATION = re.compile(r"surg|operati", re.IGNORECASE)
_NO_LIMIT = 100
_DONOR = re.compile(r"\bdonors?\b", re.IGNORECASE)
_AGE_SAID = re.compile(r"\b\d+\s*(?:to|-|–)\s*\d+\s*(?:years?|months?)|\bage[ds]?\b|years? old", re.IGNORECASE)


@check(
    code="criteria.oppose",
    severity="error",
    rule="No participant can meet a criterion that lets in and one that keeps out for the same finding.",
    source="WHO TRDS 1.3.1 item 14; logic: without a number, reduced function and failure of one organ are one finding",
)
def oppose(record: Record, today: date) -> Iterator[Evidence]:
    """Less function of an organ is asked for, and failure of the same organ excludes, with no number between them."""
    texts = (*said(record, "eligibility"), *summaries(record))
    lets_in = [(one, found) for one in texts if (found := _LESS_FUNCTION.search(one.text)) and not _is_excluded(one, found)]
    if not lets_in:
        return
    keeps_out = [(one, found) for one in texts for found in _FAILURE.finditer(one.text) if not re.search(r"\d", found["after"])]
    for one, found in lets_in[:1]:
        organ = _ORGAN[found["organ"].casefold()]
        other = next((pair for pair in keeps_out if _ORGAN[(pair[1]["organ"] or pair[1]["other"]).casefold()] == organ), None)
        if other:
            words = other[1].group()[: len(other[1].group()) - len(other[1]["after"])]
            facts = {"wanted": found["words"], "excluded": words}
            yield Evidence(places=(place(one, found["words"]), place(other[0], words)), facts=facts)


@check(
    code="criteria.amount_missing",
    severity="warning",
    rule="A criterion on something that is measured has its number and its unit.",
    source="SPIRIT 2025 item 14a, eligibility criteria; two people must decide it alike",
)
def amount_missing(record: Record, today: date) -> Iterator[Evidence]:
    """ "Decrease in renal function", and no number in the same criterion."""
    if is_export(record):
        return
    for one in (*said(record, "eligibility"), *(text for text in summaries(record) if re.search(r"\bcriteria\b", text.text))):
        for found in _AMOUNT.finditer(one.text):
            begins = max(one.text.rfind(mark, 0, found.start()) for mark in ",;.\n:")
            if not re.search(r"\d", one.text[begins + 1 : found.start()] + found["after"]) and _is_criterion(one, found.start()):
                yield Evidence(places=(place(one, found["words"]),), facts={"words": found["words"]})
                break


@check(
    code="criteria.qualifier_undefined",
    severity="note",
    rule="A word that narrows the population in the title, such as severe, is defined in the criteria.",
    source="SPIRIT 2025 items 1a and 14a, title and eligibility criteria",
)
def qualifier_undefined(record: Record, today: date) -> Iterator[Evidence]:
    """Severe, refractory or the like in the title or the condition, and nothing in the criteria that says what it is."""
    criteria = words_of((*said(record, "eligibility"), *(one for one in summaries(record) if "criteria" in one.text)))
    if is_export(record) or (not criteria and record.get("eligibility.text") is not None):
        return
    named = [one for one in (*narrative(record)[:3], *said(record, "conditions")) if _HARD.search(one.text)]
    for one in named:
        for found in _HARD.finditer(one.text):
            word = found["word"].casefold()
            if not _SAID_OTHERWISE[word].search(criteria):
                yield Evidence(places=(place(one, found.group()),), facts={"word": found.group()})
                return


@check(
    code="criteria.population_differs",
    severity="note",
    rule="Wherever the record says who is enrolled, it is the same population.",
    source="WHO TRDS 1.3.1 items 12, 13 and 14, read together",
)
def population_differs(record: Record, today: date) -> Iterator[Evidence]:
    """The title or one sentence enrols refractory patients, another sentence or arm patients without that word."""
    if is_export(record):
        return
    texts = (*said(record, "conditions"), *narrative(record))
    narrow = next(((one, found) for one in texts if (found := _HARD.search(one.text))), None)
    if narrow is None:
        return
    for one in (*narrative(record), *(arm.description for arm in record.arms)):
        pattern = _TREATED if one.key.startswith("arms") else _ENROLLED
        for found in pattern.finditer(one.text):
            words = found.groupdict()
            if (
                words["illness"]
                and not re.search(_QUALIFIERS, found.group(), re.IGNORECASE)
                and _is_told(words["illness"], narrow[0])
            ):
                facts = {"narrow": _around(narrow[0], narrow[1]), "wide": found.group()}
                yield Evidence(places=(place(narrow[0], facts["narrow"]), place(one, found.group())), facts=facts)
                return


@check(
    code="criteria.age_differs",
    severity="error",
    rule="The age range of the criteria is the age range of its own field.",
    source="WHO TRDS 1.3.1 item 14, read together with the age limits",
)
def age_differs(record: Record, today: date) -> Iterator[Evidence]:
    """An age range in the criteria that the fields of lowest and highest age contradict."""
    told = record.get("eligibility.text")
    lowest, highest, shown = _limits(record)
    found = _AGES.search(told.text) if told is not None else None
    if told is None or found is None or not shown or _DONOR.search(told.text[max(0, found.start() - 60) : found.end()]):
        return
    low, high = int(found["low"]), int(found["high"])
    if lowest is None or highest is None or highest >= _NO_LIMIT or len(_AGES.findall(told.text)) > 1:
        return
    if abs(lowest - low) > 1 or abs(highest - high) > 1:
        facts = {"told": found.group(), "field": " / ".join(one.text for one in shown)}
        yield Evidence(places=(place(told, found.group()), *map(place, shown)), facts=facts)


@check(
    code="criteria.age_unsaid",
    severity="note",
    rule="A record that speaks of children says from which age to which they take part.",
    source="WHO TRDS 1.3.1 item 14, age limits; ICH E11(R1), age groups",
)
def age_unsaid(record: Record, today: date) -> Iterator[Evidence]:
    """Children in the narrative and no age anywhere."""
    if is_export(record):
        return
    young = next(((one, found) for one in narrative(record) if (found := CHILDREN.search(one.text))), None)
    has_age = any(has_value(record.get(key)) for key in ("eligibility.age", "eligibility.age_from", "eligibility.age_to"))
    if young and not has_age and not _AGE_SAID.search(words_of((*narrative(record), *said(record, "eligibility")))):
        yield Evidence(places=(place(young[0], young[1].group()),), facts={"words": young[1].group()})


@check(
    code="titles.condition_differs",
    severity="note",
    rule="The public title names the condition that is studied, in words the public knows.",
    source="WHO TRDS 1.3.1 items 9, 10 and 12, read together",
)
def condition_differs(record: Record, today: date) -> Iterator[Evidence]:
    """The scientific title names the registered condition, the public title another or a wider one."""
    public, scientific = record.get("titles.public"), record.get("titles.scientific")
    conditions = said(record, "conditions")
    if public is None or scientific is None or not conditions or is_export(record):
        return
    words = {word[:6] for one in conditions for word in re.findall(r"[a-z]{5,}", one.text.casefold())} - {"patien", "diseas"}
    in_public, in_scientific = ({word for word in words if word in one.text.casefold()} for one in (public, scientific))
    initials = {"".join(word[0] for word in re.findall(r"[a-z]+", one.text.casefold())) for one in conditions}
    spelt = set(re.findall(r"[a-z]+", public.text.casefold()))
    short = tuple(one.casefold() for one in re.findall(r"\b[A-Z]{2,6}\b", public.text))
    operated = all(_OPERATION.search(one.text) for one in (public, *conditions[:1]))
    if words and in_scientific and not in_public and not initials & spelt and not operated and not _is_shortened(conditions, short):
        facts = {"public": public.text, "condition": conditions[0].text}
        yield Evidence(places=(place(public), place(conditions[0])), facts=facts)


@check(
    code="criteria.histology_unsaid",
    severity="note",
    rule="A disease that is defined by tissue says whether a biopsy is asked for, how recent, and which class.",
    source="KDIGO 2024 lupus nephritis and KDIGO 2021 glomerular diseases guidelines, kidney biopsy",
)
def histology_unsaid(record: Record, today: date) -> Iterator[Evidence]:
    """A glomerular disease as condition, criteria in the record, and no biopsy, class or histology in them."""
    told = record.get("eligibility.text")
    ill = next(((one, found) for one in said(record, "conditions") if (found := _OF_TISSUE.search(one.text))), None)
    if told is None or not has_value(told) or is_export(record) or ill is None:
        return
    if not _HISTOLOGY.search(words_of((*said(record, "eligibility"), *narrative(record)))):
        yield Evidence(places=(place(ill[0], ill[1].group()), place(told)), facts={"words": ill[1].group()})


def _is_shortened(conditions: tuple[Field, ...], short: tuple[str, ...]) -> bool:
    """Say whether capitals of the public title end in the initials of a condition: the MD of AMD."""
    names = [re.findall(r"[a-z]+", one.text.casefold()) for one in conditions if one.key.endswith(".description")]
    return any(one.endswith(first[0] + second[0]) for words in names for first, second in pairwise(words) for one in short)


def _is_excluded(one: Field, found: re.Match[str]) -> bool:
    """Say whether the words stand in a list of exclusions."""
    before = one.text[: found.start()].casefold()
    return before.rfind("exclu") > max(before.rfind("inclu"), before.rfind("entrance"))


def _is_criterion(one: Field, at: int) -> bool:
    """Say whether a place is inside a list that lets in; what keeps out may be judged."""
    before = one.text[:at].casefold()
    lists = max(before.rfind("inclusion"), before.rfind("criteria"), before.rfind("entrance"))
    return lists >= 0 and before.rfind("exclu") < lists and at - lists < 1500


def _is_told(illness: str, narrow: Field) -> bool:
    words = re.findall(r"[a-z]{4,}", illness.casefold())
    return any(word[:6] in narrow.text.casefold() for word in words)


def _around(one: Field, found: re.Match[str]) -> str:
    """The qualifier with the words after it, up to the next stop."""
    return re.split(r"[.,;\n]| who | in comparison| with ", one.text[found.start() : found.start() + 70], maxsplit=1)[0].strip()


def _limits(record: Record) -> tuple[int | None, int | None, tuple[Field, ...]]:
    """Give the lowest and the highest age in years, where fields of their own say them."""
    both = record.get("eligibility.age")
    if both is not None and has_value(both):
        numbers = re.findall(r"(\d{1,3})\s*years?", both.text)
        pair = (int(numbers[0]), int(numbers[1])) if len(numbers) > 1 else (None, None)
        return (*pair, (both,))
    fields = [one for one in map(record.get, ("eligibility.age_from", "eligibility.age_to")) if one is not None and has_value(one)]
    years = {one.key: _in_years(one) for one in fields}
    return years.get("eligibility.age_from"), years.get("eligibility.age_to"), tuple(fields)


def _in_years(one: Field) -> int | None:
    found = _YEARS.match(one.text)
    is_years = found is not None and (found["unit"] or "").casefold().startswith("y")
    return int(found["n"]) if found is not None and is_years else None


POPULATION_CHECKS = (
    histology_unsaid,
    oppose,
    amount_missing,
    qualifier_undefined,
    population_differs,
    age_differs,
    age_unsaid,
    condition_differs,
)
