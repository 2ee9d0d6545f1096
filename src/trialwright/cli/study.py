"""`trialwright study STUDY`: the definition as it was read, or the place and remedy of the first fault in it.

Its options look at the same definition in other ways: two versions compared, the rules proved, one endpoint in words, a version
sealed, its documents (synopsis, annotated forms, codebook, checklists); the schemas that an editor needs; and the shared library of
concepts.
"""

import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from trialwright.cli.asked import find_study_named, make_parser, print_json, print_text
from trialwright.cli.faults import UsageError

LOOKS = ("diff", "prove", "endpoint", "seal", "schema", "concepts", "documents")


def run(arguments: list[str]) -> int:
    parser = make_parser(
        "study",
        "Validate a study and print arms, schedule of activities, endpoints and open questions.",
        example="IRCT2016090729747N1",
    )
    parser.add_argument("study", metavar="STUDY", nargs="?", help="a study folder, or an id under ./studies")
    parser.add_argument("--diff", nargs=2, metavar=("OLD", "NEW"), help="what changed between two versions, and what follows")
    parser.add_argument("--prove", action="store_true", help="try every rule at its boundaries; 1 if a declared case fails")
    parser.add_argument("--endpoint", metavar="ID", help="one endpoint as protocol, analysis plan and registry say it")
    parser.add_argument("--seal", action="store_true", help="seal the newest version, so that later edits are refused")
    parser.add_argument("--schema", action="store_true", help="the JSON Schemas of the files, for an editor")
    parser.add_argument("--concepts", action="store_true", help="the shared library of concepts, in the columns of CDISC COSMoS")
    out = "with --schema: one file a kind into this folder; with --concepts: the library as this CSV file"
    parser.add_argument("--out", metavar="PATH", type=Path, help=out)
    what = "synopsis, annotated forms, codebook and checklists into this folder, linked to the record"
    parser.add_argument("--documents", metavar="DIR", type=Path, help=what)
    parser.add_argument("--language", choices=("en", "fa"), default="en", help="the language of sentences")
    asked = parser.parse_args(arguments)
    chosen = [name for name in LOOKS if getattr(asked, name)]
    if len(chosen) > 1:
        raise UsageError(f"--{chosen[0]} and --{chosen[1]} do not go together; ask for one.")
    if asked.out and not (asked.schema or asked.concepts):
        raise UsageError("--out goes with --schema or --concepts.")
    if asked.schema:
        return _schema(asked)
    if asked.concepts:
        return _concepts(asked)
    if asked.study is None:
        raise UsageError("Name a study: a folder, or an id under ./studies.")
    return _LOOKS[chosen[0]](asked) if chosen else _whole(asked)


def _whole(asked: Namespace) -> int:
    from trialwright.study.describe import describe_study
    from trialwright.study.printed import render_study_text

    study = find_study_named(asked.study)
    if asked.json:
        print_json(describe_study(study))
    else:
        print_text(render_study_text(study, language=asked.language))
    return 0


def _diff(asked: Namespace) -> int:
    from trialwright.study.folder import find_study, load_study
    from trialwright.study.versions import compare_versions
    from trialwright.study.versions_printed import describe_comparison, render_comparison

    folder = find_study(asked.study)
    old, new = (load_study(folder, version) for version in asked.diff)
    comparison = compare_versions(old, new)
    if asked.json:
        print_json(describe_comparison(comparison))
    else:
        print_text(render_comparison(comparison, language=asked.language))
    return 0


def _prove(asked: Namespace) -> int:
    from trialwright.study.prove import prove_rules
    from trialwright.study.prove_printed import describe_proofs, render_proofs

    proofs = prove_rules(find_study_named(asked.study))
    if asked.json:
        print_json(describe_proofs(proofs))
    else:
        print_text(render_proofs(proofs))
    return 0 if proofs.hold else 1


def _endpoint(asked: Namespace) -> int:
    from dataclasses import asdict

    from trialwright.study.estimands import estimand_words, render_endpoint, render_registry_outcome

    study = find_study_named(asked.study)
    endpoint = next((one for one in study.endpoints if one.id == asked.endpoint), None)
    if endpoint is None:
        raise UsageError(f"{study.id} has no endpoint {asked.endpoint}; it has {', '.join(one.id for one in study.endpoints)}.")
    registry = render_registry_outcome(endpoint, study)
    protocol, plan = render_endpoint(endpoint, study), render_endpoint(endpoint, study, "analysis_plan")
    if asked.json:
        said = {"protocol": asdict(protocol), "analysis_plan": asdict(plan), "registry": asdict(registry)}
        print_json({"endpoint": endpoint.id, **said, "estimand": asdict(estimand_words(endpoint, study))})
        return 0
    said_in = {
        "Protocol": protocol,
        "Analysis plan": plan,
        "Registry, title": registry.title,
        "Registry, time": registry.time_frame,
    }
    print_text("\n\n".join(f"{where}\n  {text.in_language(asked.language)}" for where, text in said_in.items()))
    return 0


def _seal(asked: Namespace) -> int:
    from trialwright.study.folder import find_study, seal_study

    study, path = seal_study(find_study(asked.study))
    if asked.json:
        print_json({"study": study.id, "version": study.version, "seal": str(path)})
    else:
        print_text(f"{study.id} {study.version} is sealed: {path}")
    return 0


def _documents(asked: Namespace) -> int:
    from trialwright.cli.new_folder import new_files
    from trialwright.report.study_documents.write import write_study_documents

    study = find_study_named(asked.study)
    with new_files(asked.documents) as folder:
        names = [path.name for path in write_study_documents(study, folder, language=asked.language)]
    written = [str(asked.documents / name) for name in names]
    if asked.json:
        print_json({"study": study.id, "version": study.version, "files": written})
    else:
        print_text("\n".join(written))
    return 0


def _schema(asked: Namespace) -> int:
    from trialwright.study.schema import schemas

    made = schemas()
    if asked.out is None:
        print_json({"schemas": made})
        return 0
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, schema in made.items():
        (asked.out / f"{name}.schema.json").write_text(json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if asked.json:
        print_json({"files": [str(asked.out / f"{name}.schema.json") for name in made]})
    else:
        print_text(f"{len(made)} schemas in {asked.out}. In a TOML file: #:schema {asked.out}/study.schema.json")
    return 0


def _concepts(asked: Namespace) -> int:
    """Print the library, or write it as CSV in UTF-8 with a mark, so that a spreadsheet reads the Persian labels."""
    import csv

    from trialwright.study.cosmos import COLUMNS, cosmos_rows, described_concepts, render_concepts

    rows = list(cosmos_rows())
    if asked.out is None:
        if asked.json:
            print_json({"columns": list(COLUMNS), "rows": rows})
        else:
            print_text(render_concepts(described_concepts()))
        return 0
    with asked.out.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    if asked.json:
        print_json({"file": str(asked.out), "rows": len(rows)})
    else:
        print_text(f"{len(rows)} rows in {asked.out}, in the columns of CDISC COSMoS and ours.")
    return 0


_LOOKS: dict[str, Callable[[Namespace], int]] = {
    "diff": _diff,
    "prove": _prove,
    "endpoint": _endpoint,
    "seal": _seal,
    "documents": _documents,
}
