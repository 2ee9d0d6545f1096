"""The rules of a study tried at their boundaries, and held to what is declared beside them.

A rule's `proof` is written by whoever knows what it should say: `{ given = { sledai_2k = 8 }, expect = "false" }`. Those cases must
come out as declared; and a declared set is only worth something if it would notice a slip, so each comparison is tried with its
neighbour (`>` for `>=`) and must then break a declared case. The cases just inside, on, just outside and missing are generated
as well and shown for reading; the engine's answer there is held against exact decimal arithmetic.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from trialwright.study.agreement import criterion_choices, criterion_names, screening_forms
from trialwright.study.boundaries import Boundary, Comparison, Names, boundaries, plain_comparisons, slips
from trialwright.study.facts import Proof
from trialwright.study.forms import check_names, item_choices
from trialwright.study.model import Form, ItemKind, Study
from trialwright.study.rules import Outcome, Rule, Value, compile_rule

AGE_STEP = Decimal("0.01")
Origin = Literal["declared", "generated"]


@dataclass(frozen=True, kw_only=True)
class StudyRule:
    """A rule of the study with where it belongs, what it may read, and its declared cases."""

    kind: Literal["criterion", "check", "stratum"]
    id: str
    text: str
    proof: tuple[Proof, ...]
    kinds: Mapping[str, ItemKind]
    names: Names

    def compiled(self, text: str | None = None) -> Rule:
        return compile_rule(self.text if text is None else text, self.kinds, self.names.choices)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case of a rule and how it came out; `expected` is "" where nothing is declared and nothing can be reckoned."""

    rule: StudyRule
    origin: Origin
    about: str
    given: Mapping[str, Value]
    expected: Outcome | Literal[""]
    found: Outcome

    @property
    def is_right(self) -> bool:
        return self.expected in ("", self.found)


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A comparison whose neighbour would go unnoticed: no declared case stands on the boundary."""

    rule: StudyRule
    comparison: str
    would_be: str


@dataclass(frozen=True, kw_only=True)
class Proofs:
    """Every case of every rule, and the slips that no declared case would notice."""

    cases: tuple[Case, ...]
    unnoticed: tuple[Slip, ...]

    @property
    def hold(self) -> bool:
        return all(case.is_right for case in self.cases) and not self.unnoticed


def prove_rules(study: Study) -> Proofs:
    """Try every criterion, edit check and stratum level of a study."""
    rules = tuple(study_rules(study))
    cases = [case for rule in rules for case in (*_declared(rule), *_generated(rule))]
    return Proofs(
        cases=tuple(cases),
        unnoticed=tuple(slip for rule in rules for slip in _unnoticed(rule)),
    )


def study_rules(study: Study) -> Iterator[StudyRule]:
    """List the rules of a study: criteria, strata, then the edit checks form by form."""
    kinds, forms = criterion_names(study), screening_forms(study)
    steps = _steps(study, forms)
    names = Names(kinds=kinds, steps=steps, choices=criterion_choices(study))
    for criterion in study.criteria:
        yield StudyRule(kind="criterion", id=criterion.id, text=criterion.rule, proof=criterion.proof, kinds=kinds, names=names)
    for stratum in study.strata:
        for level in stratum.levels:
            level_id = f"{stratum.id}.{level.id}"
            yield StudyRule(kind="stratum", id=level_id, text=level.rule, proof=level.proof, kinds=kinds, names=names)
    for form in study.forms.values():
        own = check_names(form)
        seen = Names(kinds=own, steps=_steps(study, (form,)), choices=item_choices(form) | {"sex": ("F", "M")})
        for check in form.checks:
            yield StudyRule(kind="check", id=f"{form.id}.{check.id}", text=check.rule, proof=check.proof, kinds=own, names=seen)


def _steps(study: Study, forms: tuple[Form, ...]) -> dict[str, Decimal]:
    """One unit of the last decimal of each number that a rule over these forms may read."""
    ids = {form.id for form in forms}
    decimals = {item.id: item.concept.decimals for form in forms for item in form.items}
    decimals |= {derivation.id: derivation.decimals for derivation in study.derivations if derivation.form in ids}
    return {name: Decimal(1).scaleb(-places) for name, places in decimals.items()} | {"age_years": AGE_STEP}


def _declared(rule: StudyRule) -> Iterator[Case]:
    compiled = rule.compiled()
    for proof in rule.proof:
        found = compiled.evaluate(proof.given).outcome
        yield Case(rule=rule, origin="declared", about="", given=proof.given, expected=proof.expect, found=found)


def _generated(rule: StudyRule) -> Iterator[Case]:
    compiled = rule.compiled()
    for comparison in plain_comparisons(rule.text):
        around = boundaries(compiled, comparison, rule.names)
        yield from _around(rule, compiled, around)
        if around:
            without = {name: value for name, value in around[1].given.items() if name != comparison.left}
            yield _case(rule, compiled, f"{comparison.text}: missing", without, "undecided")
    if not slips(rule.text):
        yield from _answers(rule, compiled)


def _around(rule: StudyRule, compiled: Rule, around: tuple[Boundary, ...]) -> Iterator[Case]:
    """Below, on and above; the rule must change exactly where exact decimals say that the comparison does."""
    by_truth: dict[bool, Outcome] = {}
    for boundary in around:
        comparison = boundary.comparison
        left, right = boundary.given[comparison.left], _right(comparison, boundary.given)
        truth = comparison.holds(Decimal(str(left)), right)
        expected = by_truth.setdefault(truth, compiled.evaluate(boundary.given).outcome)
        yield _case(rule, compiled, f"{comparison.text}: {boundary.place}", boundary.given, expected)


def _right(comparison: Comparison, given: Mapping[str, Value]) -> Decimal:
    return comparison.bound if comparison.bound is not None else Decimal(str(given[comparison.right]))


def _answers(rule: StudyRule, compiled: Rule) -> Iterator[Case]:
    """A rule over answers and codes: each answer in turn while the others are missing, and nothing known at all."""
    for name in compiled.names:
        answers: tuple[Value, ...] = rule.names.choices.get(name, (False, True))
        for answer in answers:
            given = {name: answer}
            yield _case(rule, compiled, f"{name} is {str(answer).lower()}", given, "")
    yield _case(rule, compiled, "nothing known", {}, "undecided" if compiled.names else "")


def _case(rule: StudyRule, compiled: Rule, about: str, given: Mapping[str, Value], expected: Outcome | Literal[""]) -> Case:
    found = compiled.evaluate(given).outcome
    return Case(rule=rule, origin="generated", about=about, given=given, expected=expected, found=found)


def _unnoticed(rule: StudyRule) -> Iterator[Slip]:
    """Each comparison whose neighbour no declared case would tell from it."""
    for clause, would_be in slips(rule.text):
        slipped = rule.compiled(would_be)
        if all(slipped.evaluate(proof.given).outcome == proof.expect for proof in rule.proof):
            yield Slip(rule=rule, comparison=clause, would_be=would_be)
