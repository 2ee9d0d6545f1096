"""How often a method errs is printed beside its result: counted at these participants, and as measured at the design."""

from math import comb

import pytest

from trialwright.analysis import reliability
from trialwright.analysis.methods.result import not_estimable
from trialwright.analysis.operating import Measured, OperatingRow
from trialwright.terms.sentences import Text

NO_INTERVAL = not_estimable("No interval.", "بازه‌ای نیست.")
STORED = OperatingRow(
    method="brunner_munzel",
    endpoint="",
    alpha=0.05,
    confidence=0.95,
    size=Measured(value=0.048, error=0.001, trials=40_000),
    coverage=Measured(value=0.931, error=None, trials=None),
    not_estimable=0.0,
    situation=Text(en="ten against ten", fa="ده در برابر ده"),
)


def test_what_was_measured_at_the_design_stands_in_place_of_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    found = reliability.of_permutation(0.05, 20, 0.95, has_interval=True)
    assert [one.kind for one in found] == ["by_construction", "not_measured"]
    monkeypatch.setattr(reliability, "operating_of", lambda method, study, endpoint: STORED)
    told = reliability.with_design(found, None, "brunner_munzel")  # type: ignore[arg-type]  # the study is only handed on
    assert [(one.what, one.kind, one.found) for one in told] == [
        ("size", "by_construction", None),
        ("size", "simulated", 0.048),
        ("coverage", "counted", 0.931),
    ]
    assert "4.8% ± 0.1%" in told[1].statement.en
    assert "ده در برابر ده" in told[2].statement.fa


def test_without_a_measurement_it_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reliability, "operating_of", lambda method, study, endpoint: None)
    found = reliability.of_permutation(0.05, 20, 0.95, has_interval=True)
    assert reliability.with_design(found, None, "x") == found  # type: ignore[arg-type]  # the study is only handed on
    assert "has not been measured" in found[1].statement.en


def test_a_signed_rank_test_of_six_rejects_in_two_of_64() -> None:
    """Six pairs have 64 sign patterns; all up and all down are the only ones within 5 %: 2/64 = 3.125 %."""
    size, *_ = reliability.of_signed_rank(6, NO_INTERVAL, 0.05)
    assert size.found == 2 / 64


def test_a_mann_whitney_test_of_four_against_four_rejects_in_two_of_70() -> None:
    size, *_ = reliability.of_rank_sum(4, 4, NO_INTERVAL, 0.05)
    assert size.found == pytest.approx(2 / comb(8, 4))


def test_the_exact_interval_of_one_participant_is_right_in_97_5_percent_at_worst() -> None:
    """One of one excludes rates under .025 and none of one those above .975: beside these limits it holds with chance .975."""
    found = reliability.of_clopper_pearson(1, 0.95)
    assert found.found == pytest.approx(0.975, abs=1e-6)
    assert "97.5%" in found.statement.en
