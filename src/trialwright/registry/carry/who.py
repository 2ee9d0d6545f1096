"""WHO's XML of one trial (`<trials><trial><main>`), as primary registries send it to WHO's search portal.

WHO's data set has one date of enrolment, no end of recruitment, no masked groups and no history; an outcome is one text. Lists and
lengths are data: `who.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from trialwright.registry.carry.carried import Carried
from trialwright.registry.carry.concepts import ages, chosen, criteria, organisations, people
from trialwright.registry.carry.source import Source
from trialwright.registry.carry.who_sheet import Sheet
from trialwright.registry.carry.xml_text import add, printed
from trialwright.registry.record import Field, Outcome

ID = "ictrp"
NAME = "WHO's XML of one trial"

_NUMBERED = re.compile(r"Intervention \d{1,2}:")
_LISTS = Path(__file__).with_name("who.toml")
_DESIGN = (
    ("Randomization", "design.allocation", "allocation"),
    ("Blinding", "design.masking", "masking"),
    ("Placebo", "design.placebo", "placebo"),
    ("Assignment", "design.model", "model"),
    ("Purpose", "design.purpose", ""),
    ("Randomization description", "design.allocation_description", ""),
    ("Blinding description", "design.masking_description", ""),
)
_CONTACT = (
    ("firstname", "person"),
    ("middlename", "middle_name"),
    ("lastname", "family_name"),
    ("address", "address.street"),
    ("city", "address.city"),
    ("country1", "address.country"),
    ("zip", "address.postal_code"),
    ("telephone", "phone"),
    ("email", "email"),
    ("affiliation", "organisation"),
)


@cache
def load_lists() -> Mapping[str, Any]:
    """Load the closed lists and lengths once."""
    return tomllib.loads(_LISTS.read_text(encoding="utf-8"))


def write(source: Source) -> Carried:
    """Write the record as one trial of WHO's data set."""
    root = etree.Element("trials")
    trial = add(root, "trial")
    sheet = Sheet(source=source, limits=load_lists()["limits"])
    main = add(trial, "main")
    words: dict[str, str] = {}
    for part in (_main_identity, _main_dates, _main_design, _main_subject, _main_results):
        part(sheet, words)
    for name in load_lists()["order"]["main"]:
        add(main, name, words.get(name))
    for build in (_contacts, _countries, _criteria, _codes, _outcomes, _sponsors, _ids, _support, _ethics):
        build(sheet, trial)
    source.imply_kinds()
    for name, label in load_lists()["required"].items():
        if not words.get(name):
            source.lacks(f"main/{name}", label)
    source.leave_rest()
    return Carried(form=ID, data=printed(root), kept=tuple(source.kept), remarks=tuple(source.remarks))


def _main_identity(sheet: Sheet, words: dict[str, str]) -> None:
    source = sheet.source
    words["trial_id"] = sheet.same(source.take("ids.registry"))
    words["utrn"] = sheet.same(source.take("ids.universal"))
    words["reg_name"] = sheet.same(source.take("document.registry")) or source.record.registry
    words["url"] = sheet.same(source.take("document.address"))
    first = next(iter(organisations(source)), None)
    if first is not None:
        words["primary_sponsor"] = sheet.kept_or_moved(first, first.text, to="primary_sponsor", kept=first.key == "sponsors.1.name")
    for name, key in (
        ("public_title", "titles.public"),
        ("scientific_title", "titles.scientific"),
        ("acronym", "titles.acronym"),
        ("scientific_acronym", "titles.scientific_acronym"),
    ):
        words[name] = sheet.same(source.take(key))


def _main_dates(sheet: Sheet, words: dict[str, str]) -> None:
    source = sheet.source
    words["date_registration"] = sheet.day(source.take("dates.registration"))
    happened, planned = source.take("dates.actual_start"), source.take("dates.expected_start")
    if happened is not None and planned is not None:
        source.say("left_out", "actual_stands", planned)
        planned = None
    words["date_enrolment"] = sheet.day(planned) or sheet.day(happened, to="date_enrolment")
    words["type_enrolment"] = "actual" if happened and words["date_enrolment"] else "anticipated" if words["date_enrolment"] else ""
    status = source.take("status.recruitment")
    word = chosen(source, status, load_lists()["status"]) if status else None
    alike = status is not None and status.value in load_lists()["said_alike"]["status"]
    if status is not None and word:
        words["recruitment_status"] = word
        if alike:
            source.keep(status)
        else:
            source.say("moved", "wider", status, word=word)


def _main_design(sheet: Sheet, words: dict[str, str]) -> None:
    source = sheet.source
    words["study_type"] = sheet.same(source.take("design.study_type"))
    words["phase"] = sheet.joined(source.every("design.phase"), "/", to="phase")
    size = source.take("design.sample_size.target")
    words["target_size"] = sheet.same(size)
    whole = source.take("design.design")
    if whole is not None:
        words["study_design"] = sheet.same(whole)
        for _, key, _ in _DESIGN:
            source.keep(*source.every(key))
        return
    told = [f"{label}: {said}" for label, key, table in _DESIGN if (said := _design_word(sheet, key, table))]
    words["study_design"] = ", ".join(told)


def _design_word(sheet: Sheet, key: str, table: str) -> str:
    one = sheet.source.take(key)
    if one is None:
        return ""
    word = chosen(sheet.source, one, load_lists()[table]) if table else " ".join(one.text.split())
    plain = word is not None and word != "Other" and (bool(table) or "," not in word)
    return sheet.kept_or_moved(one, word, to="study_design", kept=plain) if word else ""


def _main_subject(sheet: Sheet, words: dict[str, str]) -> None:
    source = sheet.source
    record = source.record
    conditions = [one for item in record.items("conditions") if (one := source.take(f"{item}.description")) is not None]
    words["hc_freetext"] = sheet.joined(conditions, "; ", to="hc_freetext", kept=not any(";" in one.text for one in conditions))
    arms = [_arm(sheet, item) for item in record.items("arms")]
    told = [one for one in arms if one]
    given = [one for item in record.items("interventions") if (one := source.take(f"{item}.description")) is not None]
    if told:
        words["i_freetext"] = " ".join(f"Intervention {number}: {one}" for number, one in enumerate(told, start=1))
        for one in given:
            source.say("left_out", "no_counterpart", one)
    else:
        words["i_freetext"] = sheet.joined(given, "; ", to="i_freetext", kept=len(given) <= 1)
    sheet.measure("main/hc_freetext", words["hc_freetext"], conditions)
    sheet.measure("main/i_freetext", words["i_freetext"], [*given, *record.all("arms")])


def _arm(sheet: Sheet, item: str) -> str:
    label, told = sheet.source.take(f"{item}.label"), sheet.source.take(f"{item}.description")
    fields = [one for one in (label, told) if one is not None]
    alone = label is None and told is not None and not _NUMBERED.search(told.text)
    return sheet.joined(fields, ": ", to="i_freetext", kept=alone)


def _main_results(sheet: Sheet, words: dict[str, str]) -> None:
    source = sheet.source
    words["results_actual_enrolment"] = sheet.same(source.take("design.sample_size.actual"))
    words["results_date_completed"] = sheet.day(source.take("dates.completion"))
    words["results_url_link"] = sheet.same(source.take("results.address"))
    words["results_date_posted"] = sheet.day(source.first("results.posted", "dates.results.posted"), to="results_date_posted")
    words["results_IPD_plan"] = sheet.same(source.take("sharing.participant_data"))
    words["results_IPD_description"] = sheet.same(source.take("sharing.details"))


def _contacts(sheet: Sheet, trial: Any) -> None:
    inside = add(trial, "contacts")
    for kind, role in (("public", "general"), ("scientific", "scientific")):
        for card in people(sheet.source, role):
            fields = [(name, sheet.source.take(f"{card}.{part}")) for name, part in _CONTACT]
            if any(one is not None for _, one in fields):
                contact = add(inside, "contact")
                add(contact, "type", kind)
                for name, one in fields:
                    add(contact, name, sheet.moved(one, to=f"contact/{name}"))


def _countries(sheet: Sheet, trial: Any) -> None:
    source, inside = sheet.source, add(trial, "countries")
    named = [one for item in source.record.items("countries") if (one := source.take(item)) is not None]
    for one in named:
        add(inside, "country2", sheet.same(one))
    seen: set[str] = {one.text for one in named}
    for item in source.record.items("centers"):
        place = source.take(f"{item}.address.country")
        if place is not None and sheet.moved(place, to="countries/country2") not in seen:
            seen.add(place.text)
            add(inside, "country2", place.text)


def _criteria(sheet: Sheet, trial: Any) -> None:
    source, inside = sheet.source, add(trial, "criteria")
    told = criteria(source)
    if len(told.fields) == 1 and told.exclusion and told.inclusion:
        source.say("moved", "parted", told.fields[0])
    else:
        source.keep(*told.fields)
    add(inside, "inclusion_criteria", told.inclusion)
    limits = ages(source)
    for name, key, limit in (("agemin", "eligibility.age_from", limits.low), ("agemax", "eligibility.age_to", limits.high)):
        own = next((one for one in limits.fields if one.key == key), None)
        add(inside, name, sheet.same(own) if own else ("no limit" if limit == "" else limit or ""))
    for one in limits.fields:
        if one.key == "eligibility.age":
            source.say("moved", "moved", one, to="criteria/agemin, agemax")
    sex = source.take("eligibility.sex")
    word = chosen(source, sex, load_lists()["gender"]) if sex else None
    add(inside, "gender", sheet.kept_or_moved(sex, word, to="gender", kept=True) if sex and word else "")
    add(inside, "exclusion_criteria", told.exclusion)
    sheet.measure("criteria/inclusion_criteria", told.inclusion, told.fields)
    sheet.measure("criteria/exclusion_criteria", told.exclusion, told.fields)


def _codes(sheet: Sheet, trial: Any) -> None:
    source = sheet.source
    items = {block: source.record.items(block) for block in ("conditions", "arms", "interventions", "keywords")}
    codes = [source.take(f"{item}.icd10") for item in items["conditions"]]
    _listed(sheet, trial, "health_condition_code", "hc_code", codes)
    described = [source.take(f"{item}.icd10_description") for item in items["conditions"]]
    words = [source.take(item) for item in items["keywords"]]
    _moved_list(sheet, trial, "health_condition_keyword", "hc_keyword", [*described, *words])
    categories = [source.take(f"{item}.category") for item in items["arms"]]
    _listed(sheet, trial, "intervention_code", "i_code", categories)
    names = [source.take(f"{item}.name") for item in items["interventions"]]
    _moved_list(sheet, trial, "intervention_keyword", "i_keyword", names)


def _listed(sheet: Sheet, trial: Any, around: str, name: str, fields: list[Field | None]) -> None:
    """Write one element a field, an empty one where an item has none, so that the numbers stay."""
    inside = add(trial, around)
    for one in fields or [None]:
        add(inside, name, sheet.same(one))


def _moved_list(sheet: Sheet, trial: Any, around: str, name: str, fields: list[Field | None]) -> None:
    inside = add(trial, around)
    said = [one for one in fields if one is not None]
    for one in said:
        add(inside, name, sheet.moved(one, to=f"{around}/{name}"))
    if not said:
        add(inside, name)


def _outcomes(sheet: Sheet, trial: Any) -> None:
    for level, around, name in (("primary", "primary_outcome", "prim_outcome"), ("secondary", "secondary_outcome", "sec_outcome")):
        inside = add(trial, around)
        for outcome in (one for one in sheet.source.record.outcomes if one.level == level):
            add(inside, name, _outcome(sheet, outcome, f"{around}/{name}"))
    for outcome in sheet.source.record.outcomes:
        if outcome.level is None:
            for one in outcome.fields:
                sheet.source.take(one.key)
                sheet.source.say("left_out", "level_not_told", one)


def _outcome(sheet: Sheet, outcome: Outcome, to: str) -> str:
    """Write "what / Timepoint: when / Method of measurement: how", a line each; the labels are those of the registries."""
    source = sheet.source
    title, told, when, how = (source.take(f"{outcome.path}.{part}") for part in ("title", "description", "timepoint", "method"))
    fields = [one for one in (title, told, when, how) if one is not None]
    labelled = not any("Timepoint:" in one.text or "Method of measurement:" in one.text for one in fields)
    exact = labelled and not any(one.text.endswith(";") or one.text.startswith("Primary outcome:") for one in fields)
    first = sheet.joined([one for one in (title, told) if one is not None], ". ", to=to, kept=exact)
    lines = [
        first,
        f"Timepoint: {when.text if when else ''}".rstrip(),
        f"Method of measurement: {how.text if how else ''}".rstrip(),
    ]
    for one in (when, how):
        if one is not None:
            sheet.kept_or_moved(one, one.text, to=to, kept=exact)
    text = "\n".join(lines if when or how else lines[:1])
    sheet.measure(to, text, fields)
    return text


def _sponsors(sheet: Sheet, trial: Any) -> None:
    inside = add(trial, "secondary_sponsor")
    for position, one in enumerate(organisations(sheet.source)[1:], start=1):
        kept = one.key == f"collaborators.{position}.name"
        add(inside, "sponsor_name", sheet.kept_or_moved(one, one.text, to="secondary_sponsor/sponsor_name", kept=kept))


def _ids(sheet: Sheet, trial: Any) -> None:
    inside = add(trial, "secondary_ids")
    for item in sheet.source.record.items("ids.secondary"):
        number = sheet.source.take(f"{item}.number")
        if number is not None:
            one = add(inside, "secondary_id")
            add(one, "sec_id", sheet.same(number))
            add(one, "issuing_authority", sheet.same(sheet.source.take(f"{item}.registry")))


def _support(sheet: Sheet, trial: Any) -> None:
    source, inside = sheet.source, add(trial, "source_support")
    for one in source.every("funding.source"):
        add(inside, "source_name", sheet.same(one))
    for item in source.record.items("sponsors"):
        named = source.take(f"{item}.funding.title")
        if named is not None:
            add(inside, "source_name", sheet.moved(named, to="source_support/source_name"))


def _ethics(sheet: Sheet, trial: Any) -> None:
    source, inside = sheet.source, add(trial, "ethics_reviews")
    for item in source.record.items("ethics"):
        one = add(inside, "ethics_review")
        add(one, "status", sheet.same(source.take(f"{item}.status")))
        add(one, "approval_date", sheet.day(source.take(f"{item}.approval_date")))
        for name, part in (("contact_name", "name"), ("contact_address", "address.street"), ("contact_phone", "phone")):
            add(one, name, sheet.same(source.take(f"{item}.{part}")))
        add(one, "contact_email", sheet.same(source.take(f"{item}.email")))
