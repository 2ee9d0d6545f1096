"""A study as USDM 4.0 JSON.

Arms, epochs, encounters with their timing, activities, concepts, criteria, objectives, endpoints, estimands and interventions
have their home in USDM; rules, units of derivation, analysis, allocation, safety and everything in Persian have not, and go to
extensions. The texts of the study's own files go along, so that a reader of ours gives back the same build, seals included, as
long as nobody changed an object in between. The registered record does not: it holds people's phones and addresses, and stays in
the study folder.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from trialwright import __version__
from trialwright.exchange.definition import study_tables
from trialwright.exchange.remarks import Remark, remark
from trialwright.exchange.usdm.conformance import check_conformance
from trialwright.exchange.usdm.objects import FILE, Object, Objects, take, terms
from trialwright.exchange.usdm.write_capture import write_activities, write_concepts
from trialwright.exchange.usdm.write_design import write_design, write_interventions
from trialwright.exchange.usdm.write_people import write_criterion_items
from trialwright.registry import Record, RecordError, read_record
from trialwright.study.model import Study

USDM_VERSION = "4.0.0"
_ELSEWHERE = ("plain", "stratum", "safety", "consent", "safety_reference", "laboratory", "published", "simulation", "analysis")
_ALSO_ELSEWHERE = ("screening", "prior_therapy", "washout")


@dataclass(frozen=True, kw_only=True)
class WrittenUsdm:
    """The document, its text, and what had no home in USDM."""

    document: Mapping[str, Any]
    text: str
    remarks: tuple[Remark, ...]


def write_usdm(study: Study) -> WrittenUsdm:
    """Write a study as USDM. Raises: ConformanceError where an object would not be USDM's, which is a fault of the writer."""
    objects, tables = Objects(), deepcopy(study_tables(study))
    document = {
        "study": _study(study, tables, objects),
        "usdmVersion": USDM_VERSION,
        "systemName": "Trialwright",
        "systemVersion": __version__,
    }
    check_conformance(document)
    kept = tuple(remark("left_out", "usdm_record", name) for name in study.records)
    return WrittenUsdm(
        document=document,
        text=json.dumps(document, ensure_ascii=False, indent=1) + "\n",
        remarks=(*objects.remarks(), *kept),
    )


def _study(study: Study, tables: dict[str, Any], objects: Objects) -> Object:
    files = [objects.extension(FILE + path, text) for path, text in study.files.items()]
    made = objects.make(
        "Study",
        name=study.id,
        label=study.short_title.en,
        versions=[_version(study, tables, objects)],
        documentedBy=[_document(study, objects)],
    )
    return made | {"extensionAttributes": files}


def _document(study: Study, objects: Objects) -> Object:
    version = objects.make(
        "StudyDefinitionDocumentVersion",
        study.protocol_version,
        status=objects.term("fixed", "draft" if study.rehearsal_only else "final"),
        version=study.protocol_version,
    )
    return objects.make(
        "StudyDefinitionDocument",
        "protocol",
        name="protocol",
        label="Protocol",
        type=objects.term("fixed", "protocol"),
        templateName="Trialwright",
        language=objects.code("en", "English", system="ISO 639-1", version=_unversioned()),
        versions=[version],
    )


def _unversioned() -> str:
    return "2002"  # the edition of ISO 639-1


def _version(study: Study, tables: dict[str, Any], objects: Objects) -> Object:
    head = tables["study"]
    organizations, identifiers, roles = _organizations(study, objects)
    titles = [
        objects.make("StudyTitle", "official", type=objects.term("fixed", "official_title"), text=take(head, "title", "en")),
        objects.make("StudyTitle", "brief", type=objects.term("fixed", "brief_title"), text=take(head, "short_title", "en")),
    ]
    items = write_criterion_items(tables["criterion"], objects)
    interventions = write_interventions(tables["intervention"], objects)
    design = write_design(study, tables, objects, write_activities(tables["form"], objects))
    concepts = write_concepts(tables["concept"], objects)
    masked = _masked_roles(tables, objects, design["id"])
    take(head, "id")
    rest = {"head": head} | {key: tables[key] for key in (*_ELSEWHERE, *_ALSO_ELSEWHERE) if tables.get(key)}
    rest |= {"allocation": tables["allocation"]} if tables["allocation"] else {}
    return objects.make(
        "StudyVersion",
        study.protocol_version,
        rest=rest,
        versionIdentifier=study.protocol_version,
        rationale=next((text.en for text in study.plain.values()), study.title.en),
        documentVersionIds=[f"StudyDefinitionDocumentVersion_{study.protocol_version}"],
        studyIdentifiers=identifiers,
        titles=titles,
        studyDesigns=[design],
        eligibilityCriterionItems=items,
        studyInterventions=interventions,
        biomedicalConcepts=concepts,
        organizations=organizations,
        roles=[*roles, *masked],
    )


def _organizations(study: Study, objects: Objects) -> tuple[list[Object], list[Object], list[Object]]:
    """The registry with its number; and the sponsor, where a record names one, which then holds the trial's own number."""
    registry = objects.make(
        "Organization",
        "registry",
        name=study.registry,
        identifier=study.registry,
        identifierScheme="registry",
        type=objects.term("fixed", "registry"),
    )
    identifiers = [objects.make("StudyIdentifier", "registry", text=study.id, scopeId=registry["id"])]
    name = _sponsor(study)
    if not name:
        return [registry], identifiers, []
    sponsor = objects.make(
        "Organization",
        "sponsor",
        name=name,
        identifier=name,
        identifierScheme="name in the registered record",
        type=objects.term("fixed", "academic"),
    )
    role = objects.make(
        "StudyRole",
        "sponsor",
        name="sponsor",
        label="Sponsor",
        code=objects.term("fixed", "sponsor"),
        organizationIds=[sponsor["id"]],
        appliesToIds=[f"StudyVersion_{study.protocol_version}"],
    )
    identifiers.append(objects.make("StudyIdentifier", "sponsor", text=study.prefix, scopeId=sponsor["id"]))
    return [registry, sponsor], identifiers, [role]


def _sponsor(study: Study) -> str:
    for name, content in study.records.items():
        record = _record(content, name)
        found = next((field.raw for field in record.fields if field.path == "sponsors.1.name"), "") if record else ""
        if found.strip():
            return " ".join(found.split())
    return ""


def _record(content: bytes, name: str) -> Record | None:
    try:
        return read_record(content, name=name)
    except RecordError:
        return None


def _masked_roles(tables: dict[str, Any], objects: Objects, design: str) -> list[Object]:
    """The roles that do not know the arm; one that USDM has no code for stays in the allocation's extension."""
    allocation = tables["allocation"]
    known = [role for role in allocation.get("blinded_roles", ()) if role in terms()["role"]]
    rest = [role for role in allocation.pop("blinded_roles", ()) if role not in known]
    if rest:
        allocation["blinded_roles"] = rest
    return [
        objects.make(
            "StudyRole",
            f"masked_{role}",
            name=f"masked_{role}",
            label=terms()["role"][role][1],
            code=objects.term("role", role),
            appliesToIds=[design],
            masking=objects.make("Masking", role, text="Does not know the arm", isMasked=True),
        )
        for role in known
    ]
