"""The files of the drafted protocol version: study, schedule, eligibility, endpoints, analysis, safety, and a consent form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import gcd
from pathlib import Path
from typing import Any

from trialwright.registry import Record
from trialwright.study.draft.criteria import Ages, DraftCriterion
from trialwright.study.draft.forms import Forms
from trialwright.study.draft.outcomes import Measured, Registered
from trialwright.study.draft.people import DraftArm, People, dose_table
from trialwright.study.draft.questions import Asked, Question, basis
from trialwright.study.draft.visits import Visit, visit_of
from trialwright.study.draft.write import write_table, write_tables
from trialwright.study.errors import StudyError
from trialwright.terms.sentences import Text, fill, read_sentences

_TEXTS = Path(__file__).with_name("texts.toml")
_DAY = timedelta(days=1)
_ACUTE = timedelta(days=3)
_DIRECTIONS = {"down": "lower_is_better", "up": "higher_is_better", "none": "none"}
_EVENTS = ("treatment_stopped", "death")


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What the trial is called. `day` is a date of the record on which a first version may stand."""

    id: str
    registry: str
    prefix: str
    title: Text
    short_title: Text
    condition: Text
    day: date
    asked: tuple[Question, ...]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything that was read from the record, before it is written."""

    record: Record
    identity: Identity
    people: People
    ages: Ages
    criteria: tuple[DraftCriterion, ...]
    outcomes: tuple[Registered, ...]
    visits: tuple[Visit, ...]
    forms: Forms
    start: tuple[Question, ...]
    asked: Asked

    @property
    def measured(self) -> tuple[Measured, ...]:
        return tuple(one for outcome in self.outcomes if not outcome.dropped for one in outcome.measured if not one.is_text)

    @property
    def counts_from(self) -> str:
        """The anchor of the visits after treatment: allocation, or the infusion of a cell product."""
        return str(self.start[0].value) if self.start else "allocation"

    @property
    def treatment_day(self) -> timedelta:
        """From allocation to the day on which treatment is planned."""
        return timedelta(days=int(self.start[1].value)) if self.start else timedelta(0)


def write_study(parts: Parts) -> str:
    """study.toml."""
    identity, people = parts.identity, parts.people
    head = {
        "id": identity.id,
        "registry": identity.registry,
        "prefix": identity.prefix,
        "rehearsal_only": True,
        "sample_size": people.sample_size,
        "permits": _permits(parts),
        "minimum_age_years": parts.ages.low,
        "maximum_age_years": parts.ages.high,
    }
    titles = {"title": identity.title, "short_title": identity.short_title, "condition": identity.condition}
    return "\n".join(
        [
            write_table(head),
            *(write_table(vars(text), name) for name, text in titles.items()),
            write_tables("arm", [_arm(arm, people) for arm in people.arms]),
            write_tables("intervention", [_intervention(arm) for arm in people.arms], below="dose"),
            write_table(_allocation(parts), "allocation"),
            *(write_table(vars(text), f"plain.{name}") for name, text in _plain(parts).items()),
        ]
    )


def write_schedule(parts: Parts) -> str:
    """schedule.toml: screening, baseline, the start of treatment and every visit after it."""
    epochs = [{"id": name, "label": vars(_text(f"epoch.{name}"))} for name in ("screening", "baseline", "treatment", "follow_up")]
    encounters = [_screening(parts), _baseline(parts), _start(parts), *(_visit(parts, visit) for visit in parts.visits)]
    return "\n".join(
        [
            write_table({"library_forms": list(parts.forms.library)}),
            write_tables("epoch", epochs),
            write_tables("encounter", encounters),
        ]
    )


def write_eligibility(parts: Parts) -> str:
    """eligibility.toml."""
    rows = [
        {
            "id": one.id,
            "kind": one.kind,
            "text": vars(one.text),
            "rule": one.rule,
            **basis(one.asked, record=one.record, assumed=one.assumed),
        }
        for one in parts.criteria
    ]
    head = "# `rule` is true when the words hold of the person: every inclusion must hold and no exclusion may.\n"
    return head + write_tables("criterion", rows)


def write_endpoints(parts: Parts) -> str:
    """endpoints.toml. Raises: StudyError where no outcome can be analysed."""
    if not parts.measured:
        raise StudyError(
            file="questions.toml",
            found="no outcome is left that can be analysed",
            todo="Answer one with a number, yes_no or a choice.",
        )
    outcomes = [
        {"id": one.id, "level": one.level, "text": one.text, "time_frame": one.time_frame, "dropped": one.dropped}
        for one in parts.outcomes
    ]
    events = [
        {
            "id": name,
            "label": vars(_text(f"event.{name}")),
            "strategy": "composite" if name == "death" else "treatment_policy",
            "assumed": _text(f"event.{name}.assumed").en,
        }
        for name in _EVENTS
    ]
    endpoints = [
        _endpoint(parts, outcome, one)
        for outcome in parts.outcomes
        if not outcome.dropped
        for one in outcome.measured
        if not one.is_text
    ]
    return "\n".join(
        [
            write_tables("outcome", outcomes),
            write_tables("intercurrent_event", events),
            write_tables("endpoint", endpoints, below="estimand"),
        ]
    )


def write_analysis(parts: Parts) -> str:
    """analysis.toml: one endpoint at one visit; which ones is asked where the record leaves a choice."""
    primary = [
        one.endpoint
        for outcome in parts.outcomes
        if outcome.level == "primary"
        for one in outcome.measured
        if one in parts.measured
    ] or [one.endpoint for one in parts.measured]
    chosen = parts.asked.ask(
        "primary_endpoint",
        "choice",
        "primary_endpoint",
        place="outcomes.primary",
        proposal=primary[0],
        is_gap=len(primary) > 1,
        choices=tuple(one.endpoint for one in parts.measured),
    )
    endpoint = next(one for one in parts.measured if one.endpoint == chosen.value)
    encounters = _encounters(parts, endpoint)
    when = parts.asked.ask(
        "primary_encounter",
        "choice",
        "primary_encounter",
        place="outcomes.primary.1.timepoint",
        proposal=encounters[-1],
        is_gap=len(encounters) > 1,
        choices=tuple(encounters),
    )
    single = parts.people.method == "single_arm"
    table = {
        "endpoint": chosen.value,
        "encounter": when.value,
        "method": "signed_rank" if single else "rerandomisation",
        "transform": "log" if endpoint.change == "ratio" else "none",
        "alpha": 0.05,
        "two_sided": True,
        **basis((chosen, when), assumed=_text("analysis.single" if single else "analysis.random").en),
    }
    return write_table({"confidence": 0.95}) + "\n" + write_table(table, "primary")


def write_safety(parts: Parts) -> str:
    """safety.toml: every adverse event, in every trial."""
    hours = parts.asked.ask(
        "serious_report_hours", "whole_number", "serious_report_hours", place="record", proposal=None, is_safe=False
    )
    head = {
        "ctcae_version": "5.0",
        "library_terms": True,
        "terms": [],
        "special_interest": [],
        "serious_report_hours": hours.value,
        **basis((hours,), assumed="All adverse events, graded by CTCAE 5.0, one version for the whole trial"),
    }
    return write_table(head)


def write_consent(parts: Parts) -> str:
    """consent.toml: a plain text of ours, because no record holds a consent form."""
    question = parts.asked.ask("consent_text", "text", "consent_text", place="ethics", proposal="as_drafted")
    head = {
        "version": "1.0",
        "label": vars(_text("consent.label")),
        "approved_on": parts.identity.day,
        "guardian_below_age": 18,
        **basis((question,), assumed="The text is ours: the record holds no consent form. The date is one of the record"),
    }
    text = _text("consent.text")
    facts = {"title": parts.identity.title.en, "title_fa": parts.identity.title.fa}
    if question.is_answered and question.answer != "as_drafted":
        return write_table(head) + "\n" + write_table({"en": question.answer, "fa": question.answer}, "text")
    return write_table(head) + "\n" + write_table(vars(fill(text, **facts)), "text")


def _text(code: str) -> Text:
    return read_sentences(_TEXTS)[code]


def _permits(parts: Parts) -> list[str]:
    record = parts.record
    types = {record.words(f"{path}.type").upper() for path in record.items("interventions")}
    if parts.people.gives_cells:
        return ["clinical_trial_authorisation", "cell_processing_facility"]
    return ["clinical_trial_authorisation"] if types & {"DRUG", "BIOLOGICAL", "DEVICE", "COMBINATION_PRODUCT", "GENETIC"} else []


def _arm(arm: DraftArm, people: People) -> dict[str, Any]:
    return {
        "id": arm.id,
        "label": vars(arm.label),
        "kind": arm.kind,
        "planned": arm.planned,
        "interventions": [f"{arm.id}_treatment"],
        **basis(arm.asked, record=arm.place, assumed=arm.assumed),
    }


def _intervention(arm: DraftArm) -> dict[str, Any]:
    given = {
        "id": f"{arm.id}_treatment",
        "label": vars(arm.label),
        "kind": "cell_product" if arm.cells_per_kg is not None else "background",
        "description": vars(arm.treatment),
        "from": arm.place,
        "assumed": "Dose, route and duration stand in the description as the record words them",
    }
    if arm.cells_per_kg is None:
        return given
    dose = {**dose_table(arm)} | basis(arm.dose_asked, record=arm.place, assumed="The limits of the bedside gate are ours")
    return given | {"dose": dose}


def _allocation(parts: Parts) -> dict[str, Any]:
    """With the questions that belong to no single fact of their own, so that none is lost."""
    people = parts.people
    asked = (*people.asked, *parts.identity.asked, *parts.ages.asked)
    return {
        "method": people.method,
        "ratio": _ratio(people.arms),
        "blinded_roles": ["assessor"] if people.blinded else None,
        **basis(asked, record="design.allocation", assumed=people.assumed),
    }


def _ratio(arms: Iterable[DraftArm]) -> Mapping[str, int]:
    """The planned sizes in lowest terms, which alone fills them exactly; sizes without a common divisor are one block."""
    sizes = {arm.id: arm.planned for arm in arms}
    common = gcd(*sizes.values())
    return {arm: size // common for arm, size in sizes.items()}


def _plain(parts: Parts) -> Mapping[str, Text]:
    identity, people = parts.identity, parts.people
    facts = {
        "condition": identity.condition.en,
        "condition_fa": identity.condition.fa,
        "title": identity.title.en,
        "title_fa": identity.title.fa,
        "size": people.sample_size,
        "arms": ", ".join(arm.label.en for arm in people.arms),
        "arms_fa": "، ".join(arm.label.fa for arm in people.arms),
    }
    happens = "plain.what_happens.random" if len(people.arms) > 1 else "plain.what_happens.single"
    codes = {"what": "plain.what", "who": "plain.who", "what_happens": happens, "risks": "plain.risks"}
    return {name: fill(_text(code), **facts) for name, code in codes.items()}


def _encounter(parts: Parts, name: str, label: Text, epoch: str, anchor: str, **times: Any) -> dict[str, Any]:
    return {
        "id": name,
        "label": vars(label),
        "epoch": epoch,
        "anchor": anchor,
        "target": times.get("target", timedelta(0)),
        "before": times.get("before", timedelta(0)),
        "after": times.get("after", timedelta(0)),
        "forms": list(parts.forms.at[name]),
    }


def _is_acute(parts: Parts) -> bool:
    return parts.visits[0].offset < _ACUTE and not parts.people.gives_cells


def _screening(parts: Parts) -> dict[str, Any]:
    after = timedelta(0) if _is_acute(parts) else 3 * _DAY
    found = _encounter(parts, "screening", _text("epoch.screening"), "screening", "screening", after=after)
    return found | {"assumed": "The record has no screening visit; what is measured here qualifies the person and is no baseline"}


def _baseline(parts: Parts) -> dict[str, Any]:
    times = {"target": _DAY, "after": 2 * _DAY} if _is_acute(parts) else {"target": 7 * _DAY, "before": 2 * _DAY, "after": 7 * _DAY}
    found = _encounter(parts, "baseline", _text("epoch.baseline"), "baseline", "screening", **times)
    return found | {"assumed": "Measured before anybody can know the arm"}


def _start(parts: Parts) -> dict[str, Any]:
    if not parts.people.gives_cells:
        found = _encounter(parts, "treatment_start", _text("encounter.treatment_start"), "treatment", "allocation")
        return found | {"assumed": "Treatment begins on the day of allocation"}
    room = parts.visits[0].offset - parts.visits[0].before - _DAY
    after = min(14 * _DAY, (room // _DAY) * _DAY) if parts.counts_from == "allocation" else 14 * _DAY
    times = {"target": parts.treatment_day, "before": min(7 * _DAY, parts.treatment_day), "after": max(after, timedelta(0))}
    found = _encounter(parts, "infusion", _text("encounter.infusion"), "treatment", "allocation", **times)
    arms = [arm.id for arm in parts.people.arms if arm.cells_per_kg is not None]
    restricted = {"arms": arms} if len(arms) < len(parts.people.arms) else {}
    return found | restricted | basis(parts.start, assumed="Expansion and release of the product take weeks")


def _visit(parts: Parts, visit: Visit) -> dict[str, Any]:
    from_allocation = parts.counts_from == "allocation"
    target = visit.offset + (parts.treatment_day if from_allocation else timedelta(0))
    times = {"target": target, "before": visit.before, "after": visit.after}
    found = _encounter(parts, visit.id, visit.label, "follow_up", parts.counts_from, **times)
    answered = ", ".join(one.id for one in parts.outcomes if any(p in visit.points for m in one.measured for p in m.points.points))
    window = f"{visit.before / _DAY:g} day(s)" if visit.offset >= _DAY else f"{visit.before / timedelta(hours=1):g} hour(s)"
    return found | basis(visit.asked, record=answered, assumed=f"Window {window} either side")


def _encounters(parts: Parts, one: Measured) -> list[str]:
    places = visit_of(parts.visits)
    return list(dict.fromkeys(places[point].id for point in one.points.points))


def _endpoint(parts: Parts, outcome: Registered, one: Measured) -> dict[str, Any]:
    return {
        "id": one.endpoint,
        "level": outcome.level,
        "outcome": outcome.id,
        "label": vars(one.label),
        "concept": one.concept,
        "unit": one.unit,
        "decimals": one.decimals,
        "encounters": _encounters(parts, one),
        "baseline": {"encounters": ["baseline"], "rule": "last"} if one.baseline else None,
        "change": one.change if one.baseline else "none",
        "direction": _DIRECTIONS[one.improves],
        **basis(outcome.asked, record=outcome.id, assumed=outcome.assumed),
        "estimand": _estimand(parts, one),
    }


def _estimand(parts: Parts, one: Measured) -> dict[str, Any]:
    kind = "share" if one.kind == "yes_no" else "single" if len(parts.people.arms) == 1 else "compared"
    summary = _text(f"summary.{kind}")
    return {"analysis_set": "full", "summary": summary.en, "summary_fa": summary.fa, "intercurrent_events": list(_EVENTS)}
