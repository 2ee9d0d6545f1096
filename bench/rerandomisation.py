"""Ten against ten: every one of the 184,756 allocations listed, and the comparison refitted for each."""

import numpy as np
from printed.figure import print_alone, print_limit, timed

from trialwright.analysis.methods import refit
from trialwright.analysis.methods.rerandomisation import rerandomisation_test
from trialwright.analysis.methods.rerandomisation_refit import refit_test
from trialwright.analysis.methods.sequential_lists import procedure_lists
from trialwright.study.allocation_procedures import MaximalProcedure, PermutedBlocks

LIMIT_S = 1.0
FOUR = PermutedBlocks(sizes=(4, 4))


def main() -> None:
    rng = np.random.default_rng(1)
    arm = [1, 0, 0, 1] * 5
    baseline = rng.normal(size=20)
    outcome = 0.6 * baseline - 0.5 * np.array(arm) + rng.normal(size=20)
    one_block, maximal = PermutedBlocks(sizes=(20,)), MaximalProcedure(slots=20, largest_lead=3)
    everything = procedure_lists(arm, one_block, rng=rng)
    named = {"classical t": refit.STUDENT_T, "HC2 t": refit.HC2_T, "HC2 t with its df": refit.HC2_P, "HC3 t": refit.HC3_T}
    for name, statistic in named.items():
        refit_test(outcome[:8], baseline[:8], procedure_lists(arm[:8], FOUR, rng=rng), statistic)  # libraries are loaded once

        def count(statistic: refit.RefitStatistic = statistic) -> None:
            reference = procedure_lists(arm, one_block, rng=rng)
            statistic.prepare(reference.lists, outcome, baseline).at(0.0)

        print_limit(f"184,756 allocations listed and refitted, {name}", timed(count), "s", LIMIT_S)
    print_alone("  the lists alone", timed(lambda: procedure_lists(arm, one_block, rng=rng)), "s")
    print_alone("  the refits alone, HC3", timed(lambda: refit.HC3_T.prepare(everything.lists, outcome, baseline).at(0.0)), "s")
    print_alone("  test and closed interval, classical t", timed(lambda: rerandomisation_test(outcome, baseline, everything)), "s")
    print_alone("  test and interval by bisection, HC3", timed(lambda: refit_test(outcome, baseline, everything, refit.HC3_T)), "s")
    print_alone("107,616 lists of a maximal procedure of 3", timed(lambda: procedure_lists(arm, maximal, rng=rng)), "s")


if __name__ == "__main__":
    main()
