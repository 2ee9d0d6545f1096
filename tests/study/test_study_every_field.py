"""Every field of every file of both trials, deleted, misspelt, given another type and pointed at nothing: the error names the file,
the line and the remedy, or the field is listed here with the reason why the study is still a study."""

from typing import Any

import pytest
from broken_trials import Path, Values, broken, dump, field_of, fields, kind_of, line_of
from study_trials import BOTH, own_files

from trialwright.study.errors import StudyError
from trialwright.study.read import read_study

OTHER_ROOM = "simulation.toml is plain data to this room; `simulate` reads it and knows its parameters"
BASIS = {"from", "assumed", "question", "answer"}
MAY_BE_LEFT_OUT = {
    "screening that holds as long as it takes, once": {"schedule.screening", "schedule.screening.repeats"},
    "nobody is blinded, or every arm has the encounter": {"study.allocation.blinded_roles", "schedule.encounter.arms"},
    "a form looks back as far as it says itself": {"schedule.encounter.recall"},
    "no age limit": {"study.minimum_age_years", "study.maximum_age_years"},
    "a dose without a cap on weight": {"study.intervention.dose.maximum_weight_kg"},
    "a regimen is described as far as it is known": {
        *("study.intervention.regimen", "study.intervention.regimen.drug", "study.intervention.regimen.drug.taper"),
        *("study.intervention.regimen.change", "study.intervention.regimen.change.intercurrent_event"),
        "study.intervention.regimen.rescue",
    },
    "no strata, no earlier treatment, no washout": {
        *("study.stratum", "eligibility.prior_therapy", "eligibility.prior_therapy.minimum_months", "eligibility.washout"),
        *("eligibility.washout.criterion", "eligibility.washout.at_least"),
    },
    "defaults of the analysis, as printed": {"analysis.confidence", "analysis.primary.two_sided", "analysis.response"},
    "no Persian summary: the English one stands": {"endpoints.estimand.summary_fa", "endpoints.endpoint.estimand.summary_fa"},
    "no intercurrent event concerns it": {
        *("endpoints.estimand.intercurrent_events", "endpoints.endpoint.estimand.intercurrent_events"),
        *("endpoints.endpoint.estimand", "endpoints.endpoint.estimand.summary", "endpoints.endpoint.estimand.analysis_set"),
        "endpoints.estimand.summary",
    },
    "the library's terms, or the trial's alone": {"safety.library_terms", "safety.terms"},
    "an adult's own consent": {"consent.guardian_below_age"},
    "a form that any of the usual roles may fill": {"form.roles"},
    "an item's label may be its concept's": {"form.item.label"},
    "a document without facts that could be read": {"published.fact"},
    "numbers and times are compared by the program": {"published.fact.verdict", "published.fact.because"},
    "a limit on one side, for any age": {"laboratory.range.high", "laboratory.range.to_age_years"},
    "a laboratory whose limits come with each report": {"laboratory.range"},
    "a rule without declared cases, or a case that knows less: `--prove` judges both": {"eligibility.criterion.proof"},
    "plain words may be added one by one": {"study.plain.what", "study.plain.who", "study.plain.what_happens", "study.plain.risks"},
}
LEFT_OUT = {field for some in MAY_BE_LEFT_OUT.values() for field in some}
NAMED_BY_THE_TRIAL = {"study.allocation.ratio", "study.plain", "eligibility.criterion.proof.given"}
"""Tables whose keys are the trial's own ids, or words that a page asks for: a misspelt one is another id."""
REFERENCES = {
    *("study.arm.interventions", "schedule.encounter.epoch", "schedule.encounter.arms", "schedule.encounter.forms"),
    *("schedule.library_forms", "endpoints.endpoint.outcome", "endpoints.endpoint.concept", "endpoints.endpoint.encounters"),
    *("endpoints.endpoint.baseline.encounters", "endpoints.endpoint.unit", "endpoints.estimand.intercurrent_events"),
    *("endpoints.endpoint.estimand.intercurrent_events", "analysis.primary.endpoint", "analysis.primary.encounter"),
    *("analysis.response.definition", "analysis.response.by", "safety.special_interest", "form.item.concept"),
    *("eligibility.prior_therapy.form", "eligibility.prior_therapy.drug", "eligibility.prior_therapy.dose"),
    *("eligibility.prior_therapy.months", "eligibility.prior_therapy.response", "eligibility.prior_therapy.criterion"),
    *("eligibility.washout.criterion", "study.intervention.regimen.change.intercurrent_event", "eligibility.criterion.rule"),
    *("study.intervention.regimen.rescue.intercurrent_event", "study.stratum.levels.rule", "laboratory.range.concept"),
    *("laboratory.range.unit", "safety_reference.expected.term", "laboratory.id", "consent.version", "safety_reference.version"),
}


def name_of(place: tuple[str, str, Path]) -> str:
    return f"{kind_of(place[1])}.{field_of(place[2])}"


KNOWN_HERE = [place for place in fields() if kind_of(place[1]) != "simulation"]
EVERY = pytest.mark.parametrize("place", KNOWN_HERE, ids=name_of)


def refusal(files: dict[str, str]) -> StudyError | None:
    try:
        read_study(files)
    except StudyError as raised:
        error = raised
    else:
        return None
    assert error.file in files or error.file.startswith("library/"), error
    assert error.line >= 1, error
    assert error.todo.endswith((".", "?", "]]")), error
    return error


@pytest.mark.parametrize("study_id", BOTH)
def test_a_file_written_again_key_by_key_is_the_same_study(study_id: str) -> None:
    import tomllib

    files = own_files(study_id)
    again = read_study({file: dump(tomllib.loads(text)) for file, text in files.items()})
    study = read_study(files)
    assert (again.endpoints, again.encounters, again.forms, again.interventions) == (
        study.endpoints,
        study.encounters,
        study.forms,
        study.interventions,
    )


def test_nothing_is_excused_that_is_not_there() -> None:
    there = {name_of(place) for place in fields()}
    assert there >= LEFT_OUT
    assert there >= REFERENCES
    assert len(there) > 200


@EVERY
def test_deleted(place: tuple[str, str, Path]) -> None:
    study_id, file, path = place

    def delete(table: Values, key: Any) -> None:
        del table[key]

    files = broken(study_id, file, path, delete)
    error = refusal(files)
    if path[-1] in BASIS or name_of(place) in LEFT_OUT or name_of(place).startswith("eligibility.criterion.proof.given."):
        return  # its absence may still leave something else unanswered, which is then named
    assert error is not None, name_of(place)
    if error.file == file and "is missing" in error.found and name_of(place) != "endpoints.estimand":
        assert f"`{path[-1]}`" in error.found, error


@EVERY
def test_misspelt(place: tuple[str, str, Path]) -> None:
    study_id, file, path = place

    def misspell(table: Values, key: Any) -> None:
        items = [(f"{name}x" if name == key else name, value) for name, value in table.items()]
        table.clear()
        table.update(items)

    files = broken(study_id, file, path, misspell)
    error = refusal(files)
    if f"{kind_of(file)}.{field_of(path[:-1])}" in NAMED_BY_THE_TRIAL:
        return
    assert error is not None, name_of(place)
    assert (error.file, error.line) == (file, line_of(files, file, (*path[:-1], f"{path[-1]}x"))), error
    assert error.found == "unknown key", error
    assert error.todo == f'Did you mean "{path[-1]}"?', error


@EVERY
def test_of_another_type(place: tuple[str, str, Path]) -> None:
    study_id, file, path = place

    def mistype(table: Values, key: Any) -> None:
        table[key] = 17 if isinstance(table[key], str | dict) else "wrong"

    files = broken(study_id, file, path, mistype)
    error = refusal(files)
    assert error is not None, name_of(place)
    wanted = line_of(files, file, path) if any(f"{path[-1]} = " in line for line in files[file].splitlines()) else 0
    assert error.file == file, error
    assert error.line == wanted, error


@EVERY
def test_pointed_at_nothing(place: tuple[str, str, Path]) -> None:
    study_id, file, path = place

    def point(table: Values, key: Any) -> None:
        table[key] = "no_such_thing" if isinstance(table[key], str) else ["no_such_thing", *table[key][1:]]

    if name_of(place) not in REFERENCES:
        return  # numbers, dates and words point at nothing
    files = broken(study_id, file, path, point)
    error = refusal(files)
    assert error is not None, name_of(place)
    assert (error.file, error.line) == (file, line_of(files, file, path)), error


def test_a_near_miss_is_named() -> None:
    study_id = BOTH[0]
    file = "protocol/1.0/endpoints.toml"
    files = own_files(study_id)
    error = refusal({**files, file: files[file].replace('"month_9", "month_12"]', '"month_9", "month_21"]', 1)})
    assert error is not None
    assert error.todo in {'Did you mean "month_2"?', 'Did you mean "month_1"?', 'Did you mean "month_12"?'}
