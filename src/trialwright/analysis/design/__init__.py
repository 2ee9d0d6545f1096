"""What a design can and cannot show, from its definition alone: plain words first, then the numbers, the method and its source.

Nothing here needs a participant. A page for five says that no p below .05 can come out; a page for ten against ten says how large
an effect must be to be seen, how well an open-label recruiter guesses the next arm, and which harms no result can exclude. What a
simulation knows is handed in as `Evidence`; without it the page says so.
"""

from datetime import timedelta

from trialwright.analysis.design.blood import blood, planned_day
from trialwright.analysis.design.evidence import Evidence, FalseResponses, Simulated
from trialwright.analysis.design.false_response import false_responses, published_response
from trialwright.analysis.design.guessability import guessing
from trialwright.analysis.design.harm import nothing_seen, pausing
from trialwright.analysis.design.page import DesignPage, Number, Statement, shown
from trialwright.analysis.design.power_of_plan import planned_test, two_proportions
from trialwright.analysis.design.precision import event_rate, mean_width, response_rate
from trialwright.analysis.design.sizes import DesignError, Sizes, planned_sizes
from trialwright.analysis.design.smallest import no_control, smallest_p
from trialwright.analysis.design.text import render_design_text
from trialwright.analysis.design.wording import percent, say
from trialwright.study.model import Study
from trialwright.terms.sentences import Text

__all__ = [
    "DesignError",
    "DesignPage",
    "Evidence",
    "FalseResponses",
    "Number",
    "Simulated",
    "Statement",
    "design",
    "planned_sizes",
    "render_design_text",
    "shown",
]

_DAYS_A_YEAR = 365.25


def design(study: Study, *, n: int | None = None, dropout: float = 0.0, evidence: Evidence | None = None) -> DesignPage:
    """Everything that can be said of this design before anyone is enrolled.

    `n` participants in every arm in place of the planned number; `dropout` the share who will have no value at the primary visit.
    Raises: DesignError where such a design cannot be.
    """
    sizes = planned_sizes(study, n=n, dropout=dropout)
    found = evidence or Evidence()
    logarithmic = study.analysis.primary.transform == "log"
    statements = (
        smallest_p(sizes),
        None if sizes.control else no_control(),
        planned_test(sizes, logarithmic=logarithmic, evidence=found),
        two_proportions(sizes),
        response_rate(sizes),
        mean_width(sizes, logarithmic=logarithmic),
        event_rate(sizes, follow_up_years(study)),
        false_responses(sizes, found.responses, published_response(study)),
        nothing_seen(sizes),
        guessing(sizes),
        pausing(sizes),
        blood(study),
    )
    return DesignPage(
        study=study.id,
        protocol_version=study.version,
        title=study.title,
        arms=tuple((arm.id, arm.label, arm.planned if n is None else n) for arm in study.arms),
        statements=tuple(one for one in statements if one is not None),
        asked=_asked(sizes, n, dropout),
        digest=study.digest,
    )


def follow_up_years(study: Study) -> float:
    """From allocation to the last planned visit."""
    last = max((planned_day(study, encounter) for encounter in study.encounters), default=0.0)
    return max(last, 0.0) * timedelta(days=1) / timedelta(days=_DAYS_A_YEAR)


def _asked(sizes: Sizes, n: int | None, dropout: float) -> Text | None:
    """How the page differs from the definition; None where it does not."""
    if n is None and not dropout:
        return None
    if not dropout:
        return say("asked.n", size=sizes.words)
    return say("asked.dropout", size=sizes.words, share=percent(dropout))
