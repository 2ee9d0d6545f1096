"""The upload XML of ClinicalTrials.gov's registration system (PRS), for a record that is still to be registered there.

What the system sets itself (the NCT number, the days of submission) has no place in an upload. Lists are data: `prs.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from trialwright.registry.carry.carried import Carried, remark
from trialwright.registry.carry.ctgov import pieces_for_ctgov
from trialwright.registry.carry.pieces import Pieces, plain_key
from trialwright.registry.carry.source import Source
from trialwright.registry.carry.xml_text import add, add_block, add_if, is_unfit, printed

ID = "prs"
NAME = "the upload XML of ClinicalTrials.gov's registration system (PRS)"

_WORDS = Path(__file__).with_name("prs.toml")
_YES_NO = {"true": "Yes", "false": "No"}


@cache
def load_words() -> Mapping[str, Mapping[str, str]]:
    """Load the words of the upload once."""
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def write(source: Source) -> Carried:
    """Write the record as one study of an upload."""
    pieces = pieces_for_ctgov(source)
    root = etree.Element("study_collection")
    study = add(root, "clinical_study")
    for part in (_identify, _sponsor, _describe, _date, _design, _outcomes, _arms, _eligibility, _people, _sharing):
        part(study, pieces)
    _remark_on_the_rest(pieces)
    return Carried(form=ID, data=printed(root), kept=tuple(source.kept), remarks=tuple(source.remarks))


def _identify(study: Any, pieces: Pieces) -> None:
    ids = add(study, "id_info")
    add_if(ids, "org_study_id", pieces.get("ids.organisation.number"))
    for item in pieces.items("ids.secondary"):
        one = add(ids, "secondary_id")
        add_if(one, "id", pieces.get(f"{item}.number"))
        add_if(one, "id_type", _word(pieces, "id_type", f"{item}.type"))
        add_if(one, "id_domain", pieces.get(f"{item}.registry"))
    add_if(study, "brief_title", pieces.get("titles.public"))
    add_if(study, "acronym", pieces.get("titles.acronym"))
    add_if(study, "official_title", pieces.get("titles.scientific"))


def _sponsor(study: Any, pieces: Pieces) -> None:
    sponsors = add(study, "sponsors")
    if pieces.has("sponsors.1.name"):
        add(add(sponsors, "lead_sponsor"), "agency", pieces.get("sponsors.1.name"))
    for item in pieces.items("collaborators"):
        add(add(sponsors, "collaborator"), "agency", pieces.get(f"{item}.name"))
    oversight = add(study, "oversight_info")
    for name, key in (
        ("has_dmc", "oversight.monitoring_committee"),
        ("fda_regulated_drug", "oversight.fda_drug"),
        ("fda_regulated_device", "oversight.fda_device"),
    ):
        add_if(oversight, name, _YES_NO.get(pieces.get(key), ""))


def _describe(study: Any, pieces: Pieces) -> None:
    add_block(study, "brief_summary", pieces.get("summary.text"))
    add_block(study, "detailed_description", pieces.get("summary.detail"))
    add_if(study, "overall_status", _word(pieces, "status", "status.recruitment"))
    add_if(study, "why_stopped", pieces.get("status.why_stopped"))


def _date(study: Any, pieces: Pieces) -> None:
    add_if(study, "verification_date", pieces.get("dates.verified")[:7])
    for name, actual, expected in (
        ("start_date", "dates.actual_start", "dates.expected_start"),
        ("primary_compl_date", "dates.actual_primary_completion", "dates.expected_primary_completion"),
        ("last_follow_up_date", "dates.completion", "dates.expected_completion"),
    ):
        happened = pieces.get(actual)
        day = happened or pieces.get(expected)
        add_if(study, name, day)
        add_if(study, f"{name}_type", ("Actual" if happened else "Anticipated") if day else "")


def _design(study: Any, pieces: Pieces) -> None:
    design = add(study, "study_design")
    add_if(design, "study_type", _word(pieces, "study_type", "design.study_type"))
    inside = add(design, "interventional_design")
    add_if(inside, "interventional_subtype", _word(pieces, "purpose", "design.purpose"))
    add_if(inside, "phase", load_words()["phase"].get("/".join(pieces.every("design.phase")), ""))
    add_if(inside, "assignment", _word(pieces, "assignment", "design.model"))
    add_block(inside, "model_description", pieces.get("design.model_description"))
    add_if(inside, "allocation", _word(pieces, "allocation", "design.allocation"))
    if pieces.get("design.masking"):
        add(inside, "no_masking", "Yes" if pieces.get("design.masking") == "NONE" else "No")
    for word in pieces.every("design.masked_groups"):
        add(inside, load_words()["masked"][word], "Yes")
    add_block(inside, "masking_description", pieces.get("design.masking_description"))
    add_if(inside, "number_of_arms", str(len(pieces.items("arms")) or ""))


def _outcomes(study: Any, pieces: Pieces) -> None:
    for level in ("primary", "secondary", "other"):
        for item in pieces.items(f"outcomes.{level}"):
            one = add(study, f"{level}_outcome")
            add_if(one, "outcome_measure", pieces.get(f"{item}.title"))
            add_if(one, "outcome_time_frame", pieces.get(f"{item}.timepoint"))
            add_block(one, "outcome_description", pieces.get(f"{item}.description"))
    for item in pieces.items("conditions"):
        add_if(study, "condition", pieces.get(f"{item}.description"))
    for item in pieces.items("keywords"):
        add_if(study, "keyword", pieces.get(item))
    reached = pieces.get("design.sample_size.actual")
    size = reached or pieces.get("design.sample_size.target")
    add_if(study, "enrollment", size)
    add_if(study, "enrollment_type", ("Actual" if reached else "Anticipated") if size else "")


def _arms(study: Any, pieces: Pieces) -> None:
    for item in pieces.items("arms"):
        arm = add(study, "arm_group")
        add_if(arm, "arm_group_label", pieces.get(f"{item}.label"))
        add_if(arm, "arm_type", _word(pieces, "arm_type", f"{item}.category"))
        add_block(arm, "arm_group_description", pieces.get(f"{item}.description"))
    for item in pieces.items("interventions"):
        one = add(study, "intervention")
        add_if(one, "intervention_type", _word(pieces, "intervention_type", f"{item}.type"))
        add_if(one, "intervention_name", pieces.get(f"{item}.name"))
        add_block(one, "intervention_description", pieces.get(f"{item}.description"))
        for other in pieces.items(f"{item}.other_names"):
            add_if(one, "intervention_other_name", pieces.get(other))
        for arm_key in pieces.items(f"{item}.arms"):
            add_if(one, "arm_group_label", pieces.get(arm_key))


def _eligibility(study: Any, pieces: Pieces) -> None:
    inside = add(study, "eligibility")
    add_block(inside, "criteria", pieces.get("eligibility.text"))
    add_if(inside, "healthy_volunteers", _YES_NO.get(pieces.get("eligibility.healthy_volunteers"), ""))
    add_if(inside, "gender", _word(pieces, "gender", "eligibility.sex"))
    add_if(inside, "gender_based", _YES_NO.get(pieces.get("eligibility.gender_based"), ""))
    add_block(inside, "gender_description", pieces.get("eligibility.gender_description"))
    for name, key in (("minimum_age", "eligibility.age_from"), ("maximum_age", "eligibility.age_to")):
        add_if(inside, name, pieces.get(key) or ("N/A" if key in pieces.unlimited else ""))


def _people(study: Any, pieces: Pieces) -> None:
    for item in pieces.items("contacts.scientific"):
        one = add(study, "overall_official")
        add_if(one, "last_name", pieces.get(f"{item}.person"))
        add_if(one, "role", pieces.get(f"{item}.role").replace("_", " ").title())
        add_if(one, "affiliation", pieces.get(f"{item}.organisation"))
    for name, item in zip(("overall_contact", "overall_contact_backup"), pieces.items("contacts.general"), strict=False):
        one = add(study, name)
        for element, part in (("last_name", "person"), ("phone", "phone"), ("phone_ext", "phone_extension"), ("email", "email")):
            add_if(one, element, pieces.get(f"{item}.{part}"))
    for item in pieces.items("centers"):
        place = add(study, "location")
        facility = add(place, "facility")
        add_if(facility, "name", pieces.get(f"{item}.name"))
        address = add(facility, "address")
        for element, part in (("city", "city"), ("state", "province"), ("zip", "postal_code"), ("country", "country")):
            add_if(address, element, pieces.get(f"{item}.address.{part}"))
        add_if(place, "status", _word(pieces, "status", f"{item}.status"))


def _sharing(study: Any, pieces: Pieces) -> None:
    if not pieces.has("sharing"):
        return
    inside = add(study, "ipd_sharing_statement")
    add_if(inside, "sharing_ipd", _word(pieces, "sharing", "sharing.participant_data"))
    add_block(inside, "ipd_description", pieces.get("sharing.details"))
    for word in pieces.every("sharing.documents"):
        name = load_words()["document"].get(word)
        if name:
            add(inside, name, "true")
    add_block(inside, "ipd_time_frame", pieces.get("sharing.when"))
    add_block(inside, "ipd_access_criteria", pieces.get("sharing.criteria"))
    add_if(inside, "ipd_url", pieces.get("sharing.from_where"))


def _word(pieces: Pieces, table: str, key: str) -> str:
    """Give the upload's word for a value of the public interface; one that it lacks is listed as left out."""
    word = pieces.get(key)
    found = load_words()[table].get(word, "")
    if word and not found:
        allowed = ", ".join(load_words()[table].values())
        pieces.source.remarks.append(remark("left_out", "no_such_value", key=key, words=word, facts={"allowed": allowed}))
    return found


def _remark_on_the_rest(pieces: Pieces) -> None:
    """List what the public interface has and the upload did not ask for, and what XML cannot hold."""
    source = pieces.source
    for key, many in pieces.words.items():
        if key not in pieces.read:
            source.remarks.append(remark("left_out", "no_counterpart", key=key, words=many[0][:200]))
        elif any(is_unfit(words) for words in many):
            source.remarks.append(remark("left_out", "control_characters", key=key))
    read = {plain_key(key) for key in pieces.words if key in pieces.read}
    unread = {plain_key(key) for key in pieces.words} - read
    source.kept = [path for path in source.kept if plain_key(path.partition("#")[0]) not in unread]
