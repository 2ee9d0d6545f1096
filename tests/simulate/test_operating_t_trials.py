"""Two-arm t trials: the size is the level, the power is that of the noncentral t, and both ways of drawing agree."""

from math import sqrt

import pytest
from scipy.stats import nct, t

from trialwright.simulate.scenario import ScenarioError
from trialwright.simulate.t_trials import simulate_t_trials


@pytest.mark.parametrize("values", [False, True])
@pytest.mark.parametrize(("first", "second", "effect"), [(10, 10, 0.0), (10, 10, 1.2), (5, 9, 0.8), (2, 2, 3.0)])
def test_size_and_power_are_those_of_the_noncentral_t(first, second, effect, values):
    """Power by another program: scipy's noncentral t, two-sided at 5 %."""
    found = simulate_t_trials(first, second, effect=effect, trials=60_000, seed=8, values=values)
    df, shift = first + second - 2, effect / sqrt(1 / first + 1 / second)
    critical = t.ppf(0.975, df)
    power = nct.sf(critical, df, shift) + nct.cdf(-critical, df, shift) if effect else 0.05
    assert found.critical == pytest.approx(critical)
    assert abs(found.share - power) < 4 * sqrt(power * (1 - power) / 60_000)
    assert found.monte_carlo_error == pytest.approx(sqrt(found.share * (1 - found.share) / 60_000))


def test_any_number_of_workers_counts_the_same():
    once, twice = (simulate_t_trials(10, 10, effect=0.5, trials=130_000, seed=3, workers=workers) for workers in (1, 3))
    assert once == twice
    assert once != simulate_t_trials(10, 10, effect=0.5, trials=130_000, seed=4)


@pytest.mark.parametrize(("first", "second", "trials"), [(1, 1, 10), (0, 5, 10), (5, 5, 0)])
def test_what_cannot_be_compared_is_said(first, second, trials):
    with pytest.raises(ScenarioError, match="give both arms"):
        simulate_t_trials(first, second, effect=0.0, trials=trials, seed=1)
