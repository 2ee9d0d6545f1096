"""The primary analysis at its one named time point, as the analysis plan of the study asks for it.

Two arms: the later value adjusted for baseline (both logged where the plan says so), tested by re-randomisation over the trial's
own allocation and estimated with the interval of the same test. One arm: the exact signed-rank test of the change from baseline
with the Hodges-Lehmann interval. Logged values come back as ratios. Values are those that the estimand takes; missing ones stay
missing, and the participants are listed with the reason. An endpoint without a baseline is compared as it is; with more than two
arms the first experimental one is compared with the first control, over the slots that went to these two.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trialwright.analysis.handling import refused_stratum
from trialwright.analysis.methods.result import Interval, not_estimable
from trialwright.analysis.one_arm import describe_change
from trialwright.analysis.reliability import with_design
from trialwright.analysis.results import Primary, Support
from trialwright.analysis.tables import Tables, find_endpoint
from trialwright.analysis.two_arms import Drawn, Found, compare_arms, reference_lists
from trialwright.analysis.values import Values, collect_values, compared_arms, notes_of, on_scale
from trialwright.study.model import Study
from trialwright.study.stratification import UsedList


def analyse_primary(
    tables: Tables, *, rng: np.random.Generator, block_sizes: Sequence[int] | None, procedure: UsedList | None = None
) -> Primary:
    """Run the primary analysis of the plan. `block_sizes` or `procedure` are those of the custodian's list; None where not held."""
    study, plan = tables.study, tables.study.analysis.primary
    endpoint, encounter = find_endpoint(study, plan.endpoint), study.encounter(plan.encounter)
    if encounter is None:
        raise ValueError(f"The primary analysis names the encounter {plan.encounter!r}, which the schedule does not have.")
    values = collect_values(tables, endpoint, encounter.id, logged=plan.transform == "log")
    found = _found(tables, values, rng, block_sizes if procedure is None else procedure)
    return Primary(
        endpoint=endpoint.id,
        label=endpoint.label,
        encounter=encounter.id,
        encounter_label=encounter.label,
        method=plan.method,
        transform=plan.transform,
        alpha=float(plan.alpha),
        analysis_set=endpoint.estimand.analysis_set,
        effect_scale=values.scale,
        unit=values.unit,
        compared=compared_arms(study),
        estimate=on_scale(found.estimate, values),
        test=found.test,
        supports=shown_supports(found.supports, values, study),
        individuals=values.individuals,
        notes=(*notes_of(values), *found.notes),
        has_baseline=values.has_baseline,
        reliability=with_design(found.reliability, study, plan.method, endpoint=endpoint.id),
    )


def shown_supports(supports: Sequence[Support], values: Values, study: Study) -> tuple[Support, ...]:
    """Supports with their estimates on the scale that is printed, and with what was measured of them at this design."""
    return tuple(
        replace(
            one,
            estimate=on_scale(one.estimate, values) if isinstance(one.estimate, Interval) and not one.scale else one.estimate,
            reliability=with_design(one.reliability, study, one.id, endpoint=values.endpoint.id),
        )
        for one in supports
    )


def _found(tables: Tables, values: Values, rng: np.random.Generator, drawn: Drawn) -> Found:
    if refused := refused_stratum(tables.study, values.endpoint):
        return Found(estimate=refused, test=refused)
    if tables.study.analysis.primary.method != "rerandomisation":
        return describe_change(values)
    if not values.treated:
        nobody = not_estimable("Nobody has been allocated yet.", "هنوز کسی تخصیص نیافته است.")
        return Found(estimate=nobody, test=nobody)
    reference = reference_lists(values.treated, values.participants, tables.study, drawn, rng)
    return compare_arms(values, reference, known=drawn is not None)
