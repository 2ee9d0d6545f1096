"""The other endpoints, each at one time point: that of the primary analysis where the endpoint has it, else its last.

What an endpoint is decides how it is compared: a score by order alone (Brunner-Munzel, pairs won), any other value of two arms by
re-randomisation and by ranks, a ratio to baseline on the log scale; one arm by its exact signed-rank test and by sign flips. All
are descriptive: nothing is adjusted for their number, and each says how often it errs.
"""

from collections.abc import Sequence

import numpy as np

from trialwright.analysis.handling import refused_stratum
from trialwright.analysis.methods.result import NotEstimable
from trialwright.analysis.one_arm import BY_SIGNED_RANKS, describe_change
from trialwright.analysis.primary import shown_supports
from trialwright.analysis.results import Secondary, Support
from trialwright.analysis.tables import Tables
from trialwright.analysis.two_arms import Drawn, by_order, by_ranks, compare_arms, reference_lists
from trialwright.analysis.values import Values, collect_values, compared_arms, notes_of
from trialwright.study.model import Endpoint, Study
from trialwright.study.stratification import UsedList
from trialwright.terms.sentences import Text

RERANDOMISED = Text(
    en="Re-randomisation over the trial's own allocation, adjusted for baseline where there is one",
    fa="بازتصادفی‌سازی روی تخصیص خود کارآزمایی، تعدیل‌شده برای مقدار پایه اگر باشد",
)
STRATUM = Text(en="Principal stratum", fa="لایهٔ اصلی")


def analyse_secondary(
    tables: Tables, *, rng: np.random.Generator, block_sizes: Sequence[int] | None, procedure: UsedList | None = None
) -> tuple[Secondary, ...]:
    """Every endpoint but the primary one, in the order of the definition; those of which nobody has a value are left out."""
    drawn: Drawn = block_sizes if procedure is None else procedure
    found = (_secondary(tables, endpoint, rng, drawn) for endpoint in _others(tables.study))
    return tuple(one for one in found if one is not None)


def _others(study: Study) -> list[Endpoint]:
    return [endpoint for endpoint in study.endpoints if endpoint.id != study.analysis.primary.endpoint]


def _secondary(tables: Tables, endpoint: Endpoint, rng: np.random.Generator, drawn: Drawn) -> Secondary | None:
    primary = tables.study.analysis.primary.encounter
    encounter = tables.study.encounter(primary if primary in endpoint.encounters else endpoint.encounters[-1])
    if encounter is None:
        return None
    values = collect_values(tables, endpoint, encounter.id, logged=endpoint.change == "ratio")
    if not any(row.value is not None or row.fate == "worst" for row in values.individuals):
        return None
    analyses = _analyses(tables, values, rng, drawn)
    return Secondary(
        endpoint=endpoint.id,
        label=endpoint.label,
        encounter=encounter.id,
        encounter_label=encounter.label,
        analysis_set=endpoint.estimand.analysis_set,
        effect_scale=values.scale,
        unit=values.unit,
        compared=compared_arms(tables.study),
        analyses=shown_supports(analyses, values, tables.study),
        individuals=values.individuals,
        notes=notes_of(values),
        has_baseline=values.has_baseline,
    )


def _analyses(tables: Tables, values: Values, rng: np.random.Generator, drawn: Drawn) -> tuple[Support, ...]:
    refused: NotEstimable | None = refused_stratum(tables.study, values.endpoint)
    if refused:
        return (Support(id="principal_stratum", label=STRATUM, estimate=refused, test=None),)
    if values.arms == 1:
        return _one(values)
    if is_score(values.endpoint):
        return (*by_order(values), by_ranks(values))
    if values.endpoint.estimand.analysis_set != "full":
        return (by_ranks(values),)  # arms as received were drawn by nobody, so no list speaks for them
    reference = reference_lists(values.treated, values.participants, tables.study, drawn, rng)
    found = compare_arms(values, reference, known=drawn is not None)
    first = Support(
        id="rerandomisation", label=RERANDOMISED, estimate=found.estimate, test=found.test, reliability=found.reliability
    )
    return (first, *(support for support in found.supports if support.id == "rank_sum"))


def _one(values: Values) -> tuple[Support, ...]:
    found = describe_change(values)
    first = Support(
        id="signed_rank",
        label=BY_SIGNED_RANKS,
        estimate=found.estimate,
        test=found.test,
        reliability=found.reliability,
        notes=found.notes,
    )
    return (first, *(support for support in found.supports if support.id != "signed_rank_pratt"))


def is_score(endpoint: Endpoint) -> bool:
    """Whether an endpoint's values are points of a score, of which the order is trusted and the distance is not."""
    return endpoint.unit == "{score}"
