"""Rules proved: what is declared beside a rule must notice a slip in it."""

from decimal import Decimal

import pytest
from study_trials import BOTH, FSGS, LUPUS, changed, trial

from trialwright.study.boundaries import boundaries, plain_comparisons, slips
from trialwright.study.errors import StudyError
from trialwright.study.prove import Proofs, prove_rules, study_rules
from trialwright.study.prove_printed import describe_proofs, render_proofs
from trialwright.study.read import read_study

ELIGIBILITY = "protocol/1.0/eligibility.toml"


def proofs(study_id: str, old: str = "", new: str = "") -> Proofs:
    return prove_rules(read_study(changed(study_id, ELIGIBILITY, old, new)) if old else trial(study_id))


@pytest.mark.parametrize("study_id", BOTH)
def test_every_declared_case_of_the_shipped_trials_holds_and_no_slip_is_unnoticed(study_id: str) -> None:
    proved = proofs(study_id)
    assert proved.hold, render_proofs(proved)
    assert sum(case.origin == "declared" for case in proved.cases) > 15


@pytest.mark.parametrize("study_id", BOTH)
def test_every_rule_of_the_study_is_tried(study_id: str) -> None:
    study = trial(study_id)
    tried = {(case.rule.kind, case.rule.id) for case in proofs(study_id).cases}
    checks = {f"{form.id}.{check.id}" for form in study.forms.values() for check in form.checks}
    assert {rule_id for kind, rule_id in tried if kind == "criterion"} == {criterion.id for criterion in study.criteria}
    assert {rule_id for kind, rule_id in tried if kind == "check"} == checks


SLIPS = [
    (LUPUS, 'rule = "sledai_2k > 8.0"', 'rule = "sledai_2k >= 8.0"'),
    (LUPUS, 'rule = "protein_24h > 1.0"', 'rule = "protein_24h >= 1.0"'),
    (LUPUS, "prior_months >= 3.0", "prior_months > 3.0"),
    (LUPUS, "gfr < 15.0", "gfr <= 15.0"),
    (LUPUS, "prior_months >= 3.0 &&", "prior_months >= 3.0 ||"),
    (FSGS, "age_years >= 2.0", "age_years > 2.0"),
    (FSGS, "age_years < 15.0", "age_years < 14.0"),
    (FSGS, 'rule = "gfr >= 25.0"', 'rule = "gfr > 25.0"'),
]


@pytest.mark.parametrize(("study_id", "right", "slipped"), SLIPS)
def test_a_slip_in_a_rule_breaks_a_declared_case(study_id: str, right: str, slipped: str) -> None:
    proved = proofs(study_id, right, slipped)
    assert not proved.hold
    assert any(case.origin == "declared" and not case.is_right for case in proved.cases)
    assert "WRONG: expected" in render_proofs(proved)


def test_a_rule_without_a_case_on_its_boundary_is_named() -> None:
    line = next(row for row in trial(LUPUS).files[ELIGIBILITY].splitlines() if row.startswith("proof") and "sledai_2k" in row)
    proved = proofs(LUPUS, line + "\n", "")
    assert not proved.hold
    (slip,) = proved.unnoticed
    assert (slip.rule.id, slip.comparison, slip.would_be) == ("sledai_above_8", "sledai_2k > 8.0", "sledai_2k >= 8.0")
    assert "no declared case on its boundary" in render_proofs(proved)
    assert describe_proofs(proved)["unnoticed"] == [
        {"rule": "sledai_above_8", "comparison": "sledai_2k > 8.0", "would_be": "sledai_2k >= 8.0"}
    ]


def test_the_boundaries_of_a_part_are_tried_where_the_rule_turns_on_it() -> None:
    rule = next(r for r in study_rules(trial(LUPUS)) if r.id == "organ_failure")
    (comparison,) = plain_comparisons(rule.text)
    around = boundaries(rule.compiled(), comparison, rule.names)
    assert [(b.place, b.given) for b in around] == [
        ("just below", {"organ_failure": False, "gfr": Decimal(14)}),
        ("on", {"organ_failure": False, "gfr": Decimal(15)}),
        ("just above", {"organ_failure": False, "gfr": Decimal(16)}),
    ]


def test_what_a_rule_computes_is_no_plain_comparison_and_its_slips_are_known() -> None:
    rule = "a >= 3.0 * b && c < 2.0 || name == 'x > 1.0'"
    assert [c.text for c in plain_comparisons(rule)] == ["c < 2.0"]
    assert [clause for clause, _ in slips(rule)] == ["a >= 3.0 * b", "c < 2.0"]
    assert slips(rule)[0][1].startswith("a > 3.0 * b")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("given = { sledai_2k = 8 }", "given = { sledai = 8 }", 'no name in this rule "sledai". Did you mean "sledai_2k"?'),
        ("given = { sledai_2k = 8 }", "given = { sledai_2k = true }", "expected a number"),
        ("given = { sledai_2k = 8 }", 'given = { sledai_2k = "8" }', "expected a number"),
        ('expect = "false" }, { given = { sledai', 'expect = "no" }, { given = { sledai', "one of true, false, undecided"),
    ],
)
def test_a_declared_case_that_cannot_be_is_refused_at_its_line(old: str, new: str, words: str) -> None:
    with pytest.raises(StudyError) as caught:
        read_study(changed(LUPUS, ELIGIBILITY, old, new))
    assert words in str(caught.value)
    written = changed(LUPUS, ELIGIBILITY, old, new)[ELIGIBILITY].splitlines()
    assert new in written[caught.value.line - 1]
