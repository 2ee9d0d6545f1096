"""Checks over eligibility: said once or twice, said alike, said so that it can be decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.population import oppose
from trialwright.checks.reading import has_value, is_export, said, summaries, words_of
from trialwright.checks.vocabulary import GFR
from trialwright.registry import Field, Record

_LIST = re.compile(
    r"(?P<kind>inclusion|entrance|entry|exclusion)(?: and exclusion)?(?: criteria)?(?: to (?:the )?study)?(?: also)?[, ]*"
    r"(?:for entrance to the study)?\s*(?::|includ\w*|involv\w*|are\b)\s*(?P<items>[^\n]*)",
    re.IGNORECASE,
)
_KIND = re.compile(r"\bcriteria\b|\binclusion\b|\bexclusion\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")
_PARENTHESES = re.compile(r"\([^()]{0,400}\)")
_STOP_WORDS = """
a an and any as at be by for from had has have in is it more less of on or other over patients so than that the
their to under was were who with without study criteria forth etc include includes including
"""
_STOP = frozenset(_STOP_WORDS.split())
_MOST_CRITERIA, _MOST_ITEMS = 200, 2000
_VAGUE = re.compile(r"\band so (?:forth|on)\b|\betc\b\.?|\band other (?:conditions|diseases|problems)\b|و غیره", re.IGNORECASE)
_ORGAN_FAILURE = re.compile(
    r"\b(?:failures?|insufficiency|dysfunction|disorders?) of (?:the )?(?P<organ>kidneys?|liver)\b"
    r"|\b(?P<other>renal|kidney|hepatic|liver) (?:failure|insufficiency|dysfunction)\b",
    re.IGNORECASE,
)
_SAME_ORGAN = {
    "kidney": re.compile(r"\bnephr\w+|\bkidney|\brenal|\bglomerul\w+|\bfsgs\b", re.IGNORECASE),
    "liver": re.compile(r"\bhepat\w+|\bliver|\bcirrho\w+", re.IGNORECASE),
}
_NAMES = {"renal": "kidney", "kidneys": "kidney", "hepatic": "liver"}
_PREGNANCY = re.compile(r"pregnan|gestation|lactat|breast-?feed|باردار|شیرده", re.IGNORECASE)
_EXAMPLES = re.compile(
    r"(?:\([^()]*|\b(?:such as|e\.g\.|including|includes?|for example|like|namely)\b[^.;\n]*(?:\n[^.;\n-]*)?)\Z", re.IGNORECASE
)
_PRODUCT = re.compile(
    r"\b(?:drugs?|tablets?|capsules?|mg|inject\w*|infus\w*|oral\w*|vaccine|cells?|plasma|syrup|dose)\b", re.IGNORECASE
)
_ABRIDGED = re.compile(r"\bmay apply\b|\bkey (?:inclusion|exclusion)\b|\bmain (?:inclusion|exclusion)\b", re.IGNORECASE)
_PRIOR = re.compile(
    r"\b(?:resistant|refractory|unresponsive|failed)\b[^.;]{0,160}\b(?:conventional|standard|routine|usual)\b", re.IGNORECASE
)
_DRUG = re.compile(
    r"cyclophosphamid|mycophenol|azathioprin|predniso|rituximab|tacrolimus|ciclosporin|cyclosporin|methotrexat|steroid",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class _Criterion:
    field: Field
    words: str
    stems: frozenset[str]


@check(
    code="criteria.in_one_place_only",
    severity="error",
    rule="A criterion stands wherever the record lists criteria, with the same meaning.",
    source="WHO TRDS 1.3.1 item 14; SPIRIT 2025 item 14a, eligibility criteria",
)
def in_one_place_only(record: Record, today: date) -> Iterator[Evidence]:
    """A criterion of the summary that the criteria field does not have, or the other way round."""
    told = record.get("eligibility.text")
    listed = [one for one in summaries(record) if _KIND.search(one.text)]
    if told is None or not has_value(told) or not listed:
        return
    for one in listed:
        for criterion in islice(_criteria(one), _MOST_CRITERIA):
            if _is_lost(criterion, told.text):
                yield _lost(criterion, told, "criteria field")
    for criterion in islice(_criteria(told), _MOST_CRITERIA):
        if _is_lost(criterion, words_of(listed)):
            yield _lost(criterion, listed[0], "summary")


@check(
    code="criteria.vague",
    severity="warning",
    rule="A criterion can be decided the same way by two people.",
    source="SPIRIT 2025 item 14a, eligibility criteria; CONSORT 2010 4a",
)
def vague(record: Record, today: date) -> Iterator[Evidence]:
    """A list that ends in "and so forth"."""
    for one in (*summaries(record), *record.all("eligibility.text")):
        for found in _VAGUE.finditer(one.text):
            sentence = _sentence_at(one.text, found.start())
            listed = _KIND.search(sentence) or one.key == "eligibility.text"
            if listed and not _EXAMPLES.search(one.text[max(0, found.start() - 250) : found.start()]):
                yield Evidence(places=(place(one, sentence),), facts={"words": found.group()})
                break


@check(
    code="criteria.organ_without_threshold",
    severity="warning",
    rule="Where the disease and an exclusion are of the same organ, a number divides them.",
    source="SPIRIT 2025 item 14a, eligibility criteria; the exclusion would otherwise exclude the disease under study",
)
def organ_without_threshold(record: Record, today: date) -> Iterator[Evidence]:
    """Failure of the organ that is ill, excluded without a threshold."""
    told = record.get("eligibility.text")
    illnesses = said(record, "conditions") or tuple(one for one in (record.get("titles.scientific"),) if one is not None)
    found = _ORGAN_FAILURE.search(told.text) if told else None
    if told is None or found is None or any(oppose.look(record, today)):
        return
    word = (found["organ"] or found["other"]).casefold()
    organ = _NAMES.get(word, word)
    after = told.text[found.end() : found.end() + 60].partition(",")[0]
    ill = next((one for one in illnesses if _SAME_ORGAN[organ].search(one.text)), None)
    if ill is not None and not re.search(r"\d", after):
        yield Evidence(places=(place(told, found.group()), place(ill)), facts={"words": found.group()})


@check(
    code="criteria.age_open",
    severity="note",
    rule="An age range fits the measures: equations and thresholds are made for adults or for children.",
    source="CKD-EPI 2021 was fitted from 18 years (N Engl J Med 2021;385:1737); CKiD U25 from 1 to 25 years",
)
def age_open(record: Record, today: date) -> Iterator[Evidence]:
    """No age limit, and an outcome whose formula depends on age."""
    age = record.get("eligibility.age")
    found = [one for one in record.outcomes if GFR.search(one.text)]
    if age and found and re.search(r"\bno (?:age )?limit", age.text, re.IGNORECASE):
        yield Evidence(places=(place(age), *(place(one.title) for one in found)), facts={"title": found[0].title.text})


@check(
    code="criteria.pregnancy",
    severity="warning",
    rule="Pregnancy is decided on where women take part, and is no criterion where only men do.",
    source="WHO TRDS 1.3.1 item 14; ICH M3(R2), women of childbearing potential",
)
def pregnancy(record: Record, today: date) -> Iterator[Evidence]:
    """Women may take part and receive a product without a word on pregnancy; or men only, with one."""
    sex, told = record.get("eligibility.sex"), record.get("eligibility.text")
    if sex is None or told is None or not has_value(told):
        return
    if _ABRIDGED.search(told.text) or (is_export(record) and not has_value(record.get("eligibility.exclusion"))):
        return
    spoken = _PREGNANCY.search(words_of((told, *said(record, "eligibility.exclusion"), *summaries(record))))
    if sex.value == "male" and spoken:
        yield Evidence(places=(place(sex), place(told)), variant="men")
    elif (
        sex.value in ("both", "female")
        and not spoken
        and _gives_product(record)
        and re.search(r"treatment", record.words("design.purpose"), re.IGNORECASE)
    ):
        yield Evidence(places=(place(sex), place(told)))


@check(
    code="criteria.prior_treatment_unnamed",
    severity="note",
    rule="Resistance to treatment names the drugs, doses and time that failed.",
    source="SPIRIT 2025 item 14a, eligibility criteria; KDIGO 2024 lupus nephritis guideline, unsatisfactory response",
)
def prior_treatment_unnamed(record: Record, today: date) -> Iterator[Evidence]:
    """Resistant to standard treatment, and no drug named."""
    told = record.get("eligibility.text")
    found = _PRIOR.search(told.text) if told else None
    if told and found and not _DRUG.search(told.text):
        yield Evidence(places=(place(told, found.group()),), facts={"words": found.group()})


def _sentence_at(text: str, at: int) -> str:
    begin = max(text.rfind(mark, 0, at) + len(mark) for mark in (". ", "\n"))
    ends = [end for mark in (". ", "\n") if (end := text.find(mark, at)) >= 0]
    return text[begin : min(ends, default=len(text)) + (0 if not ends else 1)].strip()


def _gives_product(record: Record) -> bool:
    """Say whether a product is given. Where a form tells the type of each intervention, behaviour and devices are none."""
    types = [one.text for one in said(record, "interventions") if one.key.endswith(".type")]
    given = words_of((*said(record, "interventions"), *(arm.description for arm in record.arms)))
    if not types:
        return not is_export(record) or bool(_PRODUCT.search(given))
    return any(re.match(r"drug|biological|combination|genetic|radiation", one, re.IGNORECASE) for one in types)


def _criteria(one: Field) -> Iterator[_Criterion]:
    for sentence in _SENTENCE.split(one.text):
        found = _LIST.search(sentence)
        if not found:
            continue
        items = re.split(r"[,;]|\band (?=so forth)", _PARENTHESES.sub("", _unnested(found["items"])))
        for item in items:
            words = _VAGUE.sub("", item).strip(" .")
            stems = _stems(words)
            if stems:
                yield _Criterion(field=one, words=words, stems=stems)


def _unnested(items: str) -> str:
    inner = _LIST.search(items)
    return inner["items"] if inner and inner.start() < 5 else items


def _stems(words: str) -> frozenset[str]:
    found = re.findall(r"[a-z]{3,}", words.casefold())
    return frozenset(word for word in found if word not in _STOP)


def _is_lost(criterion: _Criterion, other: str) -> bool:
    known = _known(other)
    kept = sum(any(_alike(stem, word) for word in known) for stem in criterion.stems)
    return kept * 2 < len(criterion.stems) or not _phrase_is_near(criterion, other)


def _alike(one: str, other: str) -> bool:
    shared = min(len(one), len(other))
    return one == other or (shared >= 4 and one[: max(4, shared - 2)] == other[: max(4, shared - 2)])


@lru_cache(maxsize=64)
def _known(text: str) -> frozenset[str]:
    return _stems(text)


def _phrase_is_near(criterion: _Criterion, other: str) -> bool:
    """Say whether half of the words stand together in one item of the other text."""
    return any(
        sum(any(_alike(stem, word) for word in item) for stem in criterion.stems) * 2 >= len(criterion.stems)
        for item in _items(other)
    )


@lru_cache(maxsize=64)
def _items(text: str) -> tuple[frozenset[str], ...]:
    distinct = dict.fromkeys(_stems(item) for item in re.split(r"[,;.]", _PARENTHESES.sub("", text)))
    return tuple(distinct)[:_MOST_ITEMS]


def _lost(criterion: _Criterion, other: Field, where: str) -> Evidence:
    variant = "" if where == "criteria field" else "summary"
    places = (place(criterion.field, criterion.words), place(other, _list_of(other)))
    return Evidence(
        places=places,
        facts={"words": criterion.words},
        variant=variant,
        severity=None if variant == "" else "warning",
    )


def _list_of(other: Field) -> str | None:
    """The sentence of a text that lists criteria, to be shown in place of the whole text."""
    return next((one for one in _SENTENCE.split(other.text) if _LIST.search(one)), None)


CRITERIA_CHECKS = (
    in_one_place_only,
    vague,
    organ_without_threshold,
    age_open,
    pregnancy,
    prior_treatment_unnamed,
)
