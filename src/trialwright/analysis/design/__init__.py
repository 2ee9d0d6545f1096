"""What a design can and cannot show, from its definition alone: plain words first, then the numbers, the method and its source.

Nothing here needs a participant. A page for five says that no p below .05 can come out; a page for ten against ten says how large
an effect must be to be seen, how well an open-label recruiter guesses the next arm, and which harms no result can exclude.
"""

from collections.abc import Sequence

from trialwright.analysis.design.comparison import detectable, no_control, smallest_p_one_arm, smallest_p_two_arms, two_proportions
from trialwright.analysis.design.guessability import guessing
from trialwright.analysis.design.page import DesignPage, Number, Statement, render_design_text, shown
from trialwright.analysis.design.treated import nothing_seen, pausing, responders
from trialwright.study.model import Arm, Study

__all__ = ["DesignPage", "Number", "Statement", "design", "render_design_text", "shown"]

MOST_ENUMERATED = 15
"""Above so many in an arm, the tables of two proportions are not counted one by one: that page is about small trials."""


def design(study: Study) -> DesignPage:
    """Everything that can be said of this design before anyone is enrolled."""
    sizes = [arm.planned for arm in study.arms]
    alpha = float(study.analysis.primary.alpha)
    if len(sizes) == 1:
        statements = [smallest_p_one_arm(sizes[0], alpha), no_control()]
    else:
        first, second = _two(study.arms)
        statements = [smallest_p_two_arms(first, second), detectable(study, first, second, alpha)]
        if max(first, second) <= MOST_ENUMERATED:
            statements += [two_proportions(first, second, alpha)]
            statements += [guessing(first + second)] if first == second else []
    treated = next(arm.planned for arm in study.arms if arm.kind == "experimental")
    statements += [responders(treated), nothing_seen(treated), pausing(treated)]
    return DesignPage(
        study=study.id,
        protocol_version=study.protocol_version,
        title=study.title,
        arms=tuple((arm.id, arm.label, arm.planned) for arm in study.arms),
        statements=tuple(statements),
    )


def _two(arms: Sequence[Arm]) -> tuple[int, int]:
    experimental = sum(arm.planned for arm in arms if arm.kind == "experimental")
    return experimental, sum(arm.planned for arm in arms) - experimental
