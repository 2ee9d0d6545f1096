"""Eligibility computed from screening values: each criterion with its outcome, its inputs, and what stands against inclusion."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialwright.conduct.current import CurrentValues, current_values
from trialwright.conduct.decision import Reason, reason
from trialwright.conduct.events import CriterionJudged
from trialwright.conduct.sentences import all_of, phrase, word
from trialwright.conduct.states import ParticipantState
from trialwright.study.model import Criterion, ItemKind, Study
from trialwright.study.rules import Value, compile_rule
from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One criterion for one person. `outcome` is "met" when the person may be included as far as this criterion goes."""

    criterion: Criterion
    outcome: Literal["met", "not_met", "undecided"]
    inputs: dict[str, str]
    missing: tuple[str, ...]

    def event(self) -> CriterionJudged:
        return CriterionJudged(criterion=self.criterion.id, outcome=self.outcome, inputs=self.inputs)

    def reason_against(self, study: Study) -> Reason | None:
        """Why this criterion stands against inclusion, None when it is met."""
        rule, words = f"criterion.{self.criterion.id}", self.criterion.text
        if self.outcome == "met":
            return None
        if self.outcome == "undecided":
            missing = all_of(name_of(study, name) for name in self.missing)
            return reason("criterion.undecided", of=rule, criterion=words, missing=missing)
        values = all_of(phrase("item_value", item=name_of(study, name), value=value) for name, value in self.inputs.items())
        return reason(f"criterion.{self.criterion.kind}", of=rule, criterion=words, values=values)


def judge_criteria(study: Study, participant: ParticipantState, today: date) -> tuple[Judgement, ...]:
    """Judge every criterion on the values collected at the encounters before treatment, the newest value of each name counting."""
    known = screening_values(study, current_values(study, participant), today)
    kinds = rule_names(study)
    return tuple(_judge(criterion, known, kinds) for criterion in study.criteria)


def screening_values(study: Study, values: CurrentValues, today: date) -> dict[str, Value]:
    """Every name's value from the first epoch, a later encounter replacing an earlier one only where it has a value."""
    first = [encounter for encounter in study.encounters if encounter.epoch == study.epochs[0].id]
    known: dict[str, Value] = {"age_years": values.age_years(today), "sex": values.once("sex")}
    for encounter in first:
        for form in encounter.forms:
            found = {item.id: values.at(encounter.id, form, item.id) for item in study.forms[form].items}
            known |= {item: value for item, value in found.items() if value is not None}
    for derivation in study.derivations:
        by_encounter = values.derived(derivation.id)
        for encounter in first:
            if encounter.id in by_encounter:
                known[derivation.id] = by_encounter[encounter.id]
    return known


def rule_names(study: Study) -> dict[str, ItemKind]:
    """The names that criteria may read, with their kinds: items, derivations, age and sex."""
    names: dict[str, ItemKind] = {item.id: item.concept.kind for form in study.forms.values() for item in form.items}
    names |= {derivation.id: "decimal" for derivation in study.derivations}
    return names | {"age_years": "decimal", "sex": "choice"}


def _judge(criterion: Criterion, known: dict[str, Value], kinds: dict[str, ItemKind]) -> Judgement:
    rule = compile_rule(criterion.rule, kinds)
    verdict = rule.evaluate(known)
    inputs = {name: str(known[name]) for name in rule.names if known.get(name) is not None}
    if verdict.outcome == "undecided":
        return Judgement(criterion=criterion, outcome="undecided", inputs=inputs, missing=verdict.missing)
    included = verdict.holds == (criterion.kind == "inclusion")
    return Judgement(criterion=criterion, outcome="met" if included else "not_met", inputs=inputs, missing=())


def name_of(study: Study, name: str) -> Text:
    """The label of a name that a rule reads: a derivation, an item, or age and sex."""
    derivation = next((d.label for d in study.derivations if d.id == name), None)
    items = (item.label for form in study.forms.values() for item in form.items if item.id == name)
    return derivation or next(items, None) or word("value", name)
