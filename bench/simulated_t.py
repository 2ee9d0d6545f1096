"""Two-arm t trials and whole lupus trials a second.

Counted for a t trial: drawing by Philox in double precision, the statistic, the decision by its critical value; nothing is kept.
By summary statistics: under normal data the difference of means and the pooled variance are drawn from their own laws, which gives
the t statistic its exact law. From values: every one of the 20 is drawn. A whole lupus trial is everything that `simulate` does: 20
courses over 10 visits, three endpoints, five methods each, responses, events.

Others on such a machine: rpact 3.3.4 simulates means from summary statistics at 87,000 a second, R's loop over t.test at 12,000.
"""

from pathlib import Path

from printed.figure import print_alone, print_limit, timed

from trialwright.simulate.blocks import BLOCK, simulate_block
from trialwright.simulate.plan import read_plan
from trialwright.simulate.scenario import read_scenario
from trialwright.simulate.t_trials import simulate_t_trials
from trialwright.simulate.truth import find_truth
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[1] / "studies"
TRIALS, LEAST_A_SECOND = 4_000_000, 1_000_000


def main() -> None:
    simulate_t_trials(10, 10, effect=0.0, trials=1000, seed=1)  # libraries are loaded once
    for workers in (1, 2):
        took = timed(lambda w=workers: simulate_t_trials(10, 10, effect=0.5, trials=TRIALS, seed=1, workers=w), times=3)
        name = f"t trials a second by summary statistics, 10 against 10, {workers} worker{'s' * (workers > 1)}"
        print_limit(name, TRIALS / took, "/s", LEAST_A_SECOND, least=True)
    few = TRIALS // 4
    took = timed(lambda: simulate_t_trials(10, 10, effect=0.5, trials=few, seed=1, workers=2, values=True), times=3)
    print_alone("  the same from 20 drawn values, 2 workers", few / took, "/s")
    plan = read_plan(load_study(STUDIES / "IRCT2016090729747N1"))
    scenario = read_scenario(plan.study)
    truth = find_truth(plan, scenario, "as_collected")
    simulate_block(plan, scenario, "as_collected", 0, 8, 1, truth)
    took = timed(lambda: simulate_block(plan, scenario, "as_collected", 0, BLOCK, 1, truth), times=3)
    print_alone("whole lupus trials a second, one core", BLOCK / took, "/s")


if __name__ == "__main__":
    main()
