"""Eligibility criteria out of prose: one criterion a sentence, a rule where the words can be read with certainty, else a yes or no.

Certain are an age and a sex that stand in fields of their own, pregnancy and breast-feeding by name, and one named measurement of
the library with a comparison, a number and its unit, and nothing else beside it. Every other criterion is the investigator's to
judge.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trialwright.registry import Record
from trialwright.study.draft.library import collectables
from trialwright.study.draft.match import find_match, plain
from trialwright.study.draft.questions import Asked, Question
from trialwright.terms.digits import ascii_digits
from trialwright.terms.sentences import Text
from trialwright.terms.units import UnitError, find_unit

_HEADING = re.compile(
    r"(?:^|(?<=[.;\n]))\s*(?:key |main |major )?"
    r"(?P<kind>inclusion|exclusion|eligibility|criteria for entrance|entry|معیارهای ورود|معیارهای خروج|شرایط ورود|شرایط عدم ورود)"
    r"(?: criteria)?(?: to the study)?(?: include| are)?\s*[:：]",
    re.IGNORECASE,
)
_OUT = ("exclusion", "معیارهای خروج", "شرایط عدم ورود")
_BULLET = re.compile(r"^\s*(?:[*•\-–]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:(?<=^)|(?<=[\s;,.]))\(?(\d{1,2})[.)、]\s*(?=\D)")
_BREAK = re.compile(r"<br\s*/?>|\r\n?|\n")
_COMMA = re.compile(r",\s+(?![^()]*\))")
_AGE = re.compile(r"\b(?:age|aged|ages|years|year|old|older)\b|سن\b|سال", re.IGNORECASE)
_COMPARED = re.compile(
    r"(?P<words>.*?)\s*(?P<sign>>=|=>|≥|<=|=<|≤|>|<|\bmore than\b|\bgreater than\b|\babove\b|\bover\b|\bless than\b|\bbelow\b|"
    r"\bunder\b|\bat least\b|\bat most\b)\s*(?:or equal to\s*)?(?P<number>\d+(?:\.\d+)?)\s*"
    r"(?P<unit>[^\s,;()]*(?: ?1\.73 ?m[2²])?)\s*\.?",
    re.IGNORECASE,
)
_SIGNS = {
    ">=": ">=", "=>": ">=", "≥": ">=", "at least": ">=", ">": ">", "more than": ">", "greater than": ">", "above": ">", "over": ">",
    "<=": "<=", "=<": "<=", "≤": "<=", "at most": "<=", "<": "<", "less than": "<", "below": "<", "under": "<",
}  # fmt: skip  # a table reads better in rows
_PREGNANT = frozenset(
    [
        "pregnancy",
        "pregnant",
        "or",
        "and",
        "breastfeeding",
        "breast",
        "feeding",
        "lactating",
        "lactation",
        "nursing",
        "women",
        "females",
        "بارداری",
        "شیردهی",
        "یا",
        "و",
        "زنان",
        "باردار",
        "شیرده",
    ]
)
_YEARS = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")
_IN_YEARS = {
    "y": Decimal(1),
    "m": Decimal(1) / 12,
    "w": Decimal(7) / Decimal("365.25"),
    "d": 1 / Decimal("365.25"),
    "h": Decimal(0),
}
_MOST = 80
_CRITERION_KEYS = frozenset({"id", "kind", "text", "rule", "items", "from", "assumed"})
_ITEM_KEYS = frozenset({"id", "label", "concept"})


@dataclass(frozen=True, kw_only=True)
class JudgedItem:
    """An item of the eligibility form that a criterion rests on; without another concept it is the investigator's judgement."""

    id: str
    label: Text
    concept: str = "judgement"


@dataclass(frozen=True, kw_only=True)
class DraftCriterion:
    id: str
    kind: str
    text: Text
    rule: str
    items: tuple[JudgedItem, ...] = ()
    record: str = ""
    assumed: str = ""
    asked: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ages:
    """Units: years; `below` is the first age that is too old."""

    low: Decimal | None
    high: Decimal | None
    asked: tuple[Question, ...]


def read_ages(record: Record, asked: Asked) -> Ages:
    """The limits of age, where the record has them. A record without a field for them is asked, with none as the proposal."""
    read = {edge: _years(record.words(f"eligibility.age_{edge}")) for edge in ("from", "to")}
    together = ascii_digits(record.words("eligibility.age")).replace("*", "")
    if together:
        found = {edge: pattern.search(together) for edge, pattern in _AGE_EDGES.items()}
        read = {edge: _years(" ".join(part for part in one.groups() if part)) if one else None for edge, one in found.items()}
    silent = not (record.get("eligibility.age_from") or record.get("eligibility.age_to") or record.get("eligibility.age"))
    questions = tuple(
        asked.ask(
            f"{name}_age_years",
            "number",
            f"{name}_age",
            place=f"eligibility.age_{edge}",
            proposal=read[edge],
            is_gap=silent,
            is_safe=False,
        )
        for name, edge in (("minimum", "from"), ("maximum", "to"))
    )
    low, high = (None if one.value is None else Decimal(one.value) for one in questions)
    return Ages(low=low, high=high, asked=questions)


_AGE_EDGES = {
    "from": re.compile(r"(?:\bfrom|\bat least|\bover|از(?: سن)?)\s*(\d+)\s*([a-z]*)|(\d+)()\s*(?:-|–|to)\s*\d", re.IGNORECASE),
    "to": re.compile(r"(?:\bto|\bup to|\bunder|تا(?: سن)?|\d\s*[-–])\s*(\d+)\s*([a-z]*)", re.IGNORECASE),
}


def read_criteria(record: Record, ages: Ages, condition: Text, asked: Asked) -> tuple[DraftCriterion, ...]:
    """Every criterion of the record; the answer `criteria` replaces them all. Raises: StudyError for one that cannot be used."""
    sentences = tuple(_sentences(record))
    question = asked.ask(
        "criteria", "criteria", "criteria_none", place="eligibility.text", proposal=None, is_gap=not sentences, is_safe=False
    )
    if question.is_answered:
        return tuple(_answered(row, index, question, asked) for index, row in enumerate(question.answer))
    found = [*_of_fields(record, ages), *_of_sentences(sentences, ages)]
    if not sentences:
        found.append(_of_condition(condition, question))
    return tuple(found)


def _of_fields(record: Record, ages: Ages) -> Iterator[DraftCriterion]:
    """Age and sex as the record's own fields give them."""
    if ages.low is not None or ages.high is not None:
        yield _age_criterion(ages)
    sex = record.get("eligibility.sex")
    if sex is not None and sex.value in ("female", "male"):
        code, words = ("F", Text(en="Female", fa="زن")) if sex.value == "female" else ("M", Text(en="Male", fa="مرد"))
        yield DraftCriterion(id="sex", kind="inclusion", text=words, rule=f"sex == '{code}'", record="eligibility.sex")


def _age_criterion(ages: Ages) -> DraftCriterion:
    low, high = ages.low, ages.high
    sides = [f"age_years >= {_double(low)}"] if low is not None else []
    sides += [f"age_years < {_double(high + 1)}"] if high is not None else []
    if low is not None and high is not None:
        words = Text(en=f"Age {low} to {high} years", fa=f"سن {low} تا {high} سال")
    elif low is not None:
        words = Text(en=f"Age of at least {low} years", fa=f"سن دست‌کم {low} سال")
    else:
        words = Text(en=f"Age of at most {high} years", fa=f"سن حداکثر {high} سال")
    assumed = "Age in completed years at screening: the oldest age includes the year until the next birthday" if high else ""
    return DraftCriterion(
        id="age", kind="inclusion", text=words, rule=" && ".join(sides), record="eligibility.age", assumed=assumed, asked=ages.asked
    )


def _of_sentences(sentences: tuple[tuple[str, str], ...], ages: Ages) -> Iterator[DraftCriterion]:
    counts = {"inclusion": 0, "exclusion": 0}
    for kind, words in sentences:
        if _is_age_alone(words) and (ages.low is not None or ages.high is not None):
            continue
        counts[kind] += 1
        yield _read(f"{kind}_{counts[kind]}", kind, words)


def _read(name: str, kind: str, words: str) -> DraftCriterion:
    text = Text(en=words, fa=words)
    if rule := _pregnancy(words) or _measurement(words):
        return DraftCriterion(
            id=name, kind=kind, text=text, rule=rule, record="eligibility.text", assumed="The words read as a rule"
        )
    item = JudgedItem(id=name, label=text)
    return DraftCriterion(id=name, kind=kind, text=text, rule=name, items=(item,), record="eligibility.text")


def _pregnancy(words: str) -> str:
    said = set(plain(words).split())
    if not said or said - _PREGNANT or not said & {"pregnancy", "pregnant", "بارداری", "باردار"}:
        return ""
    nursing = said & {"breastfeeding", "breast", "lactating", "lactation", "nursing", "شیردهی", "شیرده"}
    return "pregnancy_test == 'positive'" + (" || lactating" if nursing else "")


def _measurement(words: str) -> str:
    """One measurement of the library, compared with one number in its own unit, with nothing left over."""
    compared = _COMPARED.fullmatch(" ".join(ascii_digits(words).split()))
    match = find_match(compared["words"]) if compared else None
    if compared is None or match is None or not match.is_whole or len(match.measures) != 1:
        return ""
    measure = collectables()[match.measures[0]]
    try:
        same = find_unit(compared["unit"]).code == measure.unit if compared["unit"] else measure.unit in ("", "{score}")
    except UnitError:
        return ""
    return f"{measure.id} {_SIGNS[compared['sign'].lower()]} {_double(Decimal(compared['number']))}" if same else ""


def _is_age_alone(words: str) -> bool:
    return (
        len(words) < 70
        and bool(_AGE.search(words))
        and bool(re.search(r"\d", ascii_digits(words)))
        and not (set(re.findall(r"[a-z]+", words.lower())) - _AGE_WORDS)
    )


_AGE_WORDS = frozenset(
    [
        "male",
        "males",
        "female",
        "females",
        "or",
        "and",
        "both",
        "men",
        "women",
        "adults",
        "adult",
        "patients",
        "patient",
        "subjects",
        "participants",
        "age",
        "aged",
        "ages",
        "years",
        "year",
        "old",
        "older",
        "of",
        "to",
        "between",
        "at",
        "least",
        "than",
        "more",
        "from",
        "the",
        "with",
        "is",
        "in",
        "over",
        "under",
        "younger",
        "less",
        "equal",
        "sexes",
        "genders",
    ]
)


def _of_condition(condition: Text, question: Question) -> DraftCriterion:
    text = Text(en=f"Has the condition of the trial: {condition.en}", fa=f"بیماری موضوع کارآزمایی را دارد: {condition.fa}")
    return DraftCriterion(
        id="condition_present",
        kind="inclusion",
        text=text,
        rule="condition_present",
        items=(JudgedItem(id="condition_present", label=text),),
        assumed="The record holds no criteria; the condition alone stands for them until the question is answered",
        asked=(question,),
    )


def _sentences(record: Record) -> Iterator[tuple[str, str]]:
    """Each criterion of the prose with its kind, in order."""
    seen: set[tuple[str, str]] = set()
    parts = [("inclusion", record.words("eligibility.text")), ("exclusion", record.words("eligibility.exclusion"))]
    for usual, text in parts:
        for kind, block in _blocks(usual, _BREAK.sub("\n", text)):
            for words in _split(block):
                if len(words) > 2 and (kind, words) not in seen and len(seen) < _MOST:
                    seen.add((kind, words))
                    yield kind, words


def _blocks(usual: str, text: str) -> Iterator[tuple[str, str]]:
    kind, at = usual, 0
    for heading in _HEADING.finditer(text):
        yield kind, text[at : heading.start()]
        kind = "exclusion" if heading["kind"].lower().startswith(_OUT) else "inclusion"
        at = heading.end()
    yield kind, text[at:]


def _split(block: str) -> list[str]:
    """Bullets or numbers where there are any, else lines, semicolons, and at last the commas of a short list."""
    lines = [line for line in block.split("\n") if line.strip()]
    if sum(bool(_BULLET.match(line)) for line in lines) > 1:
        parts = _bullets(lines)
    elif len(_NUMBERED.findall(block)) > 1:
        parts = _NUMBERED.sub("\n", " ".join(lines)).split("\n")
    elif len(lines) > 1 or ";" in block:
        parts = [part for line in lines for part in line.split(";")]
    else:
        parts = _COMMA.split(block)
    return [cleaned for part in parts if (cleaned := _clean(part))]


def _bullets(lines: list[str]) -> list[str]:
    """One part a bullet; lines without one, and bullets below one, belong to the bullet before them."""
    parts: list[str] = []
    margin = min((len(line) - len(line.lstrip()) for line in lines if _BULLET.match(line)), default=0)
    for line in lines:
        is_first = bool(_BULLET.match(line)) and len(line) - len(line.lstrip()) <= margin
        if is_first or not parts:
            parts.append(_BULLET.sub("", line))
        else:
            parts[-1] += f" {line.strip()}"
    return parts


def _clean(part: str) -> str:
    words = " ".join(_BULLET.sub("", part).replace("\\", "").split()).strip(" .;,،؛")
    return "" if words.endswith(":") and len(words) < 60 else words


def _years(text: str) -> Decimal | None:
    found = _YEARS.search(ascii_digits(text))
    if not found or "no limit" in text.lower():
        return None
    factor = _IN_YEARS.get(found[2][:1].lower() or "y", Decimal(1))
    value = (Decimal(found[1]) * factor).quantize(Decimal("0.01")).normalize()
    return value if 0 < value < 120 else None


def _double(number: Decimal) -> str:
    written = f"{number.normalize():f}"
    return written if "." in written else f"{written}.0"


def _answered(row: Any, index: int, question: Question, asked: Asked) -> DraftCriterion:
    place = (question.id, index)
    if not isinstance(row, dict):
        raise asked.error(*place, found="no table", todo='Write { id = "...", kind = "inclusion", text = {...}, rule = "..." }.')
    _only(row, _CRITERION_KEYS, place, asked)
    for key in ("id", "kind", "text", "rule"):
        if key not in row:
            raise asked.error(*place, found=f"`{key}` is missing", todo=f"Add `{key}`.")
    text = _text(row["text"], (*place, "text"), asked)
    items = tuple(_item(one, (*place, "items", n), asked) for n, one in enumerate(row.get("items", ())))
    return DraftCriterion(
        id=str(row["id"]),
        kind=str(row["kind"]),
        text=text,
        rule=str(row["rule"]),
        items=items,
        record=str(row.get("from", "")),
        assumed=str(row.get("assumed", "")),
        asked=(question,),
    )


def _item(row: Any, place: tuple[str | int, ...], asked: Asked) -> JudgedItem:
    if not isinstance(row, dict) or "id" not in row or "label" not in row:
        raise asked.error(str(place[0]), *place[1:], found="an item without `id` and `label`", todo="Give both.")
    _only(row, _ITEM_KEYS, place, asked)
    label = _text(row["label"], (*place, "label"), asked)
    return JudgedItem(id=str(row["id"]), label=label, concept=str(row.get("concept", "judgement")))


def _text(value: Any, place: tuple[str | int, ...], asked: Asked) -> Text:
    if not isinstance(value, dict) or set(value) != {"en", "fa"}:
        raise asked.error(str(place[0]), *place[1:], found="no text in both languages", todo='Write { en = "...", fa = "..." }.')
    return Text(en=str(value["en"]), fa=str(value["fa"]))


def _only(row: Mapping[str, Any], known: frozenset[str], place: tuple[str | int, ...], asked: Asked) -> None:
    for key in row:
        if key not in known:
            found, expected = f'unknown key "{key}"', ", ".join(sorted(known))
            raise asked.error(str(place[0]), *place[1:], found=found, expected=expected, todo="Correct the spelling.")
