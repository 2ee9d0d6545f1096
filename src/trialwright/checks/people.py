"""Checks over people, organisations, addresses, codes and the sharing plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

from trialwright.checks.findings import Evidence, check, place
from trialwright.checks.reading import has_value, narrative, said
from trialwright.checks.specification import load_terms
from trialwright.registry import Field, Record, State
from trialwright.terms.digits import ascii_digits

_MAIL = re.compile(r"[^\s@/,;]{1,64}@[^\s@/,;]{1,190}\.[A-Za-z]{2,24}")
_ICD10 = re.compile(r"[A-TV-Z]\d{2}(?:\.[\dX]\d{0,3})?(?:-[A-TV-Z]?\d{2}(?:\.\d)?)?", re.IGNORECASE)
_POSTAL_CODE = re.compile(r"[13-9]{5}\d{5}", re.ASCII)
_NOTHING = (State.EMPTY, State.SAYS_EMPTY)
_ROLES = ("general", "scientific", "updating")
_MOST_NAMES, _FEWEST_DIGITS = 60, 7
_ALIKE, _ALIKE_WORD = 0.88, 0.75
_SHORT = re.compile(r"\(([A-Z][A-Za-z]{1,5})\)")
_ABBREVIATED = re.compile(r"(?P<long>[A-Za-z][A-Za-z -]{6,60}?)\s*\((?P<short>[A-Z][A-Za-z]{1,5})\)")
_CUT = range(99, 102)
_NUMBER = re.compile(r"\.(1[34]\d\d)\.")
_COUNTRY_CODES = {"iran": "98"}
_STOP_WORDS = "and with other the for not due of involvement unspecified severe system organ disease"
_STOP = frozenset(_STOP_WORDS.split())


@check(
    code="contact.phone",
    severity="warning",
    rule="A phone number can be dialled from abroad: country code and 7 to 15 digits.",
    source="ITU-T E.164; WHO TRDS 1.3.1 items 7 and 8",
)
def phone(record: Record, today: date) -> Iterator[Evidence]:
    """Too few digits, or a country code of another country than the contact's."""
    for one in record.fields:
        if not one.private or one.state is not State.VALUE or one.key.rpartition(".")[2] not in ("phone", "fax"):
            continue
        digits = re.sub(r"\D", "", ascii_digits(one.text))
        if len(digits.lstrip("0")) < _FEWEST_DIGITS:
            yield Evidence(places=(place(one),), facts={"count": len(digits)})
        elif one.text.strip().startswith("+") and _is_elsewhere(record, digits):
            yield Evidence(places=(place(one),), facts={"code": f"+{digits[:2]}"}, variant="country")


@check(
    code="contact.email",
    severity="warning",
    rule="An e-mail field holds one address that mail can be sent to.",
    source="WHO TRDS 1.3.1 items 7 and 8; RFC 5322",
)
def email(record: Record, today: date) -> Iterator[Evidence]:
    """Two addresses glued together, or none."""
    for one in record.fields:
        if one.key.rpartition(".")[2] != "email" or one.state is not State.VALUE:
            continue
        found = _MAIL.findall(one.text)
        if len(found) > 1:
            yield Evidence(places=(place(one),), facts={"count": len(found)})
        elif not found or found[0] != one.text:
            yield Evidence(places=(place(one),), variant="not_one")


@check(
    code="contact.postal_code",
    severity="note",
    rule="An Iranian postal code has ten digits and none of its first five is 0 or 2.",
    source="Iran Post, ten-digit postal codes; public descriptions of the code: 0 and 2 are not used in the first five digits",
)
def postal_code(record: Record, today: date) -> Iterator[Evidence]:
    """A code of an Iranian record in another form: it may be a phone number, so it is kept private."""
    if record.registry != "IRCT":
        return
    for one in record.fields:
        if one.key.endswith("address.postal_code") and has_value(one):
            digits = re.sub(r"[\s-]", "", ascii_digits(one.text))
            if not _POSTAL_CODE.fullmatch(digits):
                yield Evidence(places=(replace(place(one), private=True),), facts={"count": len(digits)})


@check(
    code="contact.two_affiliations",
    severity="note",
    rule="One person stands under one organisation, or the record says that there are two.",
    source="WHO TRDS 1.3.1 items 5 to 8; read within one record",
)
def two_affiliations(record: Record, today: date) -> Iterator[Evidence]:
    """The same person with two organisations."""
    seen: dict[str, tuple[Field, Field]] = {}
    for block, name in (("registrant", "name"), *((f"contacts.{one}", "person") for one in _ROLES)):
        person, organisation = record.get(f"{block}.{name}"), record.get(f"{block}.organisation")
        if person is None or organisation is None or not has_value(person) or not has_value(organisation):
            continue
        key = re.sub(r"\W", "", person.text.casefold())
        first, other = seen.setdefault(key, (person, organisation))
        if re.sub(r"\W", "", other.text.casefold()) != re.sub(r"\W", "", organisation.text.casefold()):
            facts = {"person": person.text, "first": other.text, "second": organisation.text}
            yield Evidence(places=(place(first), place(other), place(organisation)), facts=facts)


@check(
    code="contact.responsible_missing",
    severity="warning",
    rule="Each centre and sponsor names the person who answers for it.",
    source="WHO TRDS 1.3.1 items 5, 7 and 8; ICH E6(R3), investigator and sponsor",
)
def responsible_missing(record: Record, today: date) -> Iterator[Evidence]:
    """A centre or sponsor whose responsible person is printed as a label and not filled; its address is named with it."""
    for item in (*record.items("centers"), *record.items("sponsors")):
        person, name, street = (record.get(f"{item}.{key}") for key in ("person", "name", "address.street"))
        if person is not None and person.state in _NOTHING:
            shown = name or person
            no_street = street is not None and street.state in _NOTHING
            places = (place(shown), place(person), *((place(street),) if street is not None and no_street else ()))
            yield Evidence(places=places, facts={"name": shown.text}, variant="address" if no_street else "")


_TOLD_WHOLE = ("titles", "summary", "outcomes", "arms", "eligibility")
_DOTS = ("...", "…")


@check(
    code="record.value_cut",
    severity="warning",
    rule="A value is stored whole.",
    source="Print form of IRCT: positions are cut at about 100 characters",
)
def value_cut(record: Record, today: date) -> Iterator[Evidence]:
    """A value of 99 to 101 characters that ends within a word, or one that ends in dots where its rest was left out."""
    dotted = [
        one for prefix in _TOLD_WHOLE for one in said(record, prefix) if one.text.endswith(_DOTS) and not one.text.endswith("....")
    ]
    if dotted:
        facts = {"words": dotted[0].text[-60:], "count": len(dotted)}
        yield Evidence(places=tuple(map(place, dotted)), facts=facts, variant="dots")
    cut = [one for one in (record.fields if record.registry == "IRCT" else ()) if _is_cut(record, one)]
    if cut:
        labels = ", ".join(f"{one.label} ({len(one.text)})" for one in cut)
        yield Evidence(places=tuple(map(place, cut)), facts={"labels": labels})


@check(
    code="record.names_differ",
    severity="note",
    rule="One organisation has one spelling, so that its trials can be found.",
    source="WHO TRDS 1.3.1 items 4 to 6; read within one record",
)
def names_differ(record: Record, today: date) -> Iterator[Evidence]:
    """Two names of organisations that differ by a letter or two."""
    keys = ("name", "organisation", "title")
    fields = [one for one in _organisations(record) if one.key.rpartition(".")[2] in keys]
    names = {" ".join(one.text.casefold().split()): one for one in reversed(fields)}
    for first, second in combinations(list(names)[:_MOST_NAMES], 2):
        if _one_slip(first, second):
            facts = {"first": names[first].text, "second": names[second].text}
            yield Evidence(places=(place(names[first]), place(names[second])), facts=facts)


@check(
    code="record.term_misspelt",
    severity="note",
    rule="A disease is spelt so that a search finds the record.",
    source="Names of diseases with their abbreviations in specification.toml, after MeSH",
)
def term_misspelt(record: Record, today: date) -> Iterator[Evidence]:
    """The name before an abbreviation in parentheses, nearly but not quite the name that it stands for."""
    for one in (*narrative(record), *said(record, "conditions")):
        known = any(short in load_terms() for short in _SHORT.findall(one.text))
        for found in _ABBREVIATED.finditer(one.text) if known else ():
            name = load_terms().get(found["short"])
            words = " ".join(found["long"].split()[-len(name.split()) - 1 :]) if name else ""
            if name and _nearly(words, name):
                yield Evidence(
                    places=(place(one, found.group()),), facts={"found": words, "name": name}, wording=f"{name} ({found['short']})"
                )
                return


@check(
    code="sponsor.primary_unclear",
    severity="note",
    rule="One primary sponsor takes responsibility; others are secondary.",
    source="WHO TRDS 1.3.1 items 5 and 6; ICH E6(R3), sponsor",
)
def primary_unclear(record: Record, today: date) -> Iterator[Evidence]:
    """Several sponsors, and none is called the primary one."""
    names = [one for one in (record.get(f"{item}.name") for item in record.items("sponsors")) if one is not None]
    if len(names) > 1:
        yield Evidence(places=tuple(map(place, names)), facts={"count": len(names)})


@check(
    code="funding.unstated",
    severity="note",
    rule="The share and the kind of each source of money are given.",
    source="WHO TRDS 1.3.1 item 4; ICMJE, disclosure of support",
)
def funding_unstated(record: Record, today: date) -> Iterator[Evidence]:
    """Sector and origin of every funding source left empty."""
    asked = ("sector", "origin", "organisation_type", "proportion")
    found = [one for one in record.all("sponsors") if one.key.rpartition(".")[2] in asked]
    if found and not any(has_value(one) for one in found):
        yield Evidence(places=tuple(map(place, found[:4])), facts={"count": len(record.items("sponsors"))})


@check(
    code="sharing.empty",
    severity="warning",
    rule="A record says whether participants' data will be shared, and how.",
    source="ICMJE data sharing statement (trials from 2019); WHO TRDS 1.3.1 item 24",
)
def sharing_empty(record: Record, today: date) -> Iterator[Evidence]:
    """Every line of the sharing plan is empty."""
    fields = record.all("sharing")
    if fields and not said(record, "sharing"):
        wording = "Deidentified Individual Participant Data Set (IPD): Undecided - It is not yet known if there will be a plan"
        yield Evidence(places=tuple(map(place, fields)), facts={"count": len(fields)}, wording=wording)


@check(
    code="ethics.year_differs",
    severity="warning",
    rule="The year inside an Iranian ethics reference is the Jalali year of its approval.",
    source="As seen in references such as IR.ACECR.REC.1395.3: institution, REC, Jalali year, number (no official text read)",
)
def ethics_year_differs(record: Record, today: date) -> Iterator[Evidence]:
    """A reference of one year with an approval of another."""
    for item in record.items("ethics"):
        reference, approval = record.get(f"{item}.reference"), record.get(f"{item}.approval_date")
        found = _NUMBER.search(reference.text) if reference else None
        if reference and found and approval and approval.date and approval.date.precision == "day":
            year = approval.date.in_jalali().year
            if year != int(found[1]):
                facts = {"reference": found[1], "approved": year}
                yield Evidence(places=(place(reference), place(approval)), facts=facts)


@check(
    code="ethics.incomplete",
    severity="warning",
    rule="An ethics approval has a date and a reference that can be looked up.",
    source="WHO TRDS 1.3.1 item 21, ethics review: status, date of approval, name and contact of the committee",
)
def ethics_incomplete(record: Record, today: date) -> Iterator[Evidence]:
    """A committee with its date of approval or its reference printed empty."""
    for item in record.items("ethics"):
        name, *asked = (record.get(f"{item}.{key}") for key in ("name", "approval_date", "reference"))
        empty = [one for one in asked if one is not None and one.state in _NOTHING]
        if empty:
            facts = {"labels": ", ".join(one.label or one.key for one in empty)}
            yield Evidence(places=(*((place(name),) if name else ()), *map(place, empty)), facts=facts)


@check(
    code="ethics.elsewhere",
    severity="note",
    rule="The committee that approves is responsible for the place where participants are treated, or says so.",
    source="ICH E6(R3), ethics committee; Iran's national guideline on research ethics committees",
)
def ethics_elsewhere(record: Record, today: date) -> Iterator[Evidence]:
    """Every committee sits in another city than every centre."""
    committees = said(record, "ethics")
    cities = [one for one in committees if one.key.endswith("address.city")]
    centres = [one for one in said(record, "centers") if one.key.endswith("address.city")]
    if cities and centres and not {_city(one) for one in cities} & {_city(one) for one in centres}:
        facts = {"committee": cities[0].text, "centre": centres[0].text}
        yield Evidence(places=(place(cities[0]), place(centres[0])), facts=facts)


@check(
    code="condition.code_differs",
    severity="warning",
    rule="The code of a condition has the form of ICD-10, and its description speaks of the same condition.",
    source="WHO ICD-10; WHO TRDS 1.3.1 item 12",
)
def code_differs(record: Record, today: date) -> Iterator[Evidence]:
    """A code that is no ICD-10 code, or a description that shares no word with the condition."""
    for item in record.items("conditions"):
        code, told = record.get(f"{item}.icd10"), record.get(f"{item}.icd10_description")
        condition = record.get(f"{item}.description")
        if code and has_value(code) and not _ICD10.fullmatch(code.text):
            yield Evidence(places=(place(code),), facts={"code": code.text})
        elif code and told and condition and has_value(told) and has_value(condition) and not _akin(told, condition):
            facts = {"condition": condition.text, "told": told.text}
            yield Evidence(places=(place(condition), place(code), place(told)), facts=facts, variant="other")


def _is_elsewhere(record: Record, digits: str) -> bool:
    countries = {one.text.casefold() for one in record.fields if one.key.rpartition(".")[2] == "country" and one.text}
    wanted = {code for name, code in _COUNTRY_CODES.items() if any(one.startswith(name) for one in countries)}
    return len(countries) == 1 and bool(wanted) and not any(digits.startswith(code) for code in wanted)


def _is_cut(record: Record, one: Field) -> bool:
    last = one.text.split()[-1:] or [""]
    is_short = one.key.rpartition(".")[2] in ("position", "name", "organisation", "title")
    return is_short and len(one.text) in _CUT and last[0].isalpha() and not _ends_a_word(record, last[0])


def _ends_a_word(record: Record, last: str) -> bool:
    return len(re.findall(rf"\b{re.escape(last)}\b", record.text)) > 1


def _organisations(record: Record) -> tuple[Field, ...]:
    return tuple(one for prefix in ("registrant", "sponsors", "contacts", "centers") for one in said(record, prefix))


def _one_slip(first: str, second: str) -> bool:
    if abs(len(first) - len(second)) > 2 or min(len(first), len(second)) < 12:
        return False
    if re.findall(r"\d+", first) != re.findall(r"\d+", second) or not (first + second).isascii():
        return False
    same = sum(block.size for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks())
    letters = [re.sub(r"\W", "", one) for one in (first, second)]
    return letters[0] != letters[1] and max(len(first), len(second)) - same <= 2


def _nearly(words: str, name: str) -> bool:
    """Say whether the last words are the name with a letter or a space wrong; exactly the name, in any plural, is right."""
    written, right = words.casefold().split(), name.casefold().split()
    if right == written[-len(right) :] or "".join(right) in "".join(written):
        return False
    if len(written) >= len(right):
        pairs = list(zip(written[-len(right) :], right, strict=True))
        if all(SequenceMatcher(None, *pair, autojunk=False).ratio() >= _ALIKE_WORD for pair in pairs):
            return not all(one.rstrip("s") == other.rstrip("s") for one, other in pairs)
    apart = len(written) != len(right)
    return (
        apart
        and SequenceMatcher(None, "".join(written)[-len("".join(right)) - 2 :], "".join(right), autojunk=False).ratio() > _ALIKE
    )


def _city(one: Field) -> str:
    return one.text.casefold().strip()


def _akin(one: Field, other: Field) -> bool:
    first, second = (
        {word[:5] for word in re.findall(r"[a-z]{4,}", words.text.casefold()) if word not in _STOP} for words in (one, other)
    )
    return bool(first & second) or not first or not second


PEOPLE_CHECKS = (
    phone,
    email,
    postal_code,
    two_affiliations,
    responsible_missing,
    value_cut,
    names_differ,
    term_misspelt,
    primary_unclear,
    funding_unstated,
    sharing_empty,
    ethics_year_differs,
    ethics_incomplete,
    ethics_elsewhere,
    code_differs,
)
