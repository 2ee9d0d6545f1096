"""How well an open-label recruiter guesses the next arm, scheme by scheme, without this trial's own parameters."""

from collections.abc import Sequence
from fractions import Fraction

from trialwright.analysis.design.figures import Bars
from trialwright.analysis.design.page import NumberTable, Statement
from trialwright.analysis.design.sizes import Sizes, changed
from trialwright.analysis.design.wording import percent, say, whole
from trialwright.analysis.methods.guessing import (
    Guessing,
    guess_big_stick,
    guess_blocks,
    guess_fair_coin,
    guess_maximal_procedure,
    guess_minimisation,
    guess_random_blocks,
)
from trialwright.study.allocation_procedures import Minimisation
from trialwright.terms.sentences import Text

MOST_MINIMISED = 40
"""Above so many participants the courses of a minimisation are too many to count here."""
EXAMPLE_MINIMISATION = Minimisation(arms=2, preferred=Fraction(4, 5), weights=(Fraction(1), Fraction(1)))
_LEVELS = (("low", "young"), ("high", "old"), ("low", "old"), ("high", "young"))


def guessing(sizes: Sizes) -> Statement | None:
    """None in one arm, or in arms of different size, for which the schemes here are not made."""
    slots = sizes.total
    if not sizes.control or sizes.treated != sizes.control:
        return None
    schemes = _schemes(slots)
    rights = [found.right for _, found in schemes]
    worst, best = max(rights), min(rights[:-1])
    return Statement(
        id="guessing",
        title=say("guessing.title"),
        plain=say("guessing.plain", best=percent(best), worst=percent(worst)),
        numbers=(),
        method=say("guessing.method", slots=whole(slots)),
        source="Blackwell and Hodges, Ann Math Stat 1957;28:449; Berger, Ivanova and Deloria Knoll, Stat Med 2003;22:3017; "
        "Pocock and Simon, Biometrics 1975;31:103",
        figure=Bars(
            title=say("guessing.figure"),
            x_label=say("axis.guessed"),
            rows=tuple((label, found.right) for label, found in schemes),
            x_scale="percent",
            levels=((0.5, say("axis.by_chance")),),
        ),
        tables=(
            _by_scheme(schemes),
            changed(
                sizes,
                tuple(say(f"guessing.column.{name}") for name in ("blocks", "big_stick", "maximal")),
                ("percent",) * 3,
                lambda one: (
                    guess_blocks(4, one.total).right,
                    guess_big_stick(3, one.total).right,
                    guess_maximal_procedure(3, one.total).right,
                ),
                with_dropout=False,
            ),
        ),
    )


def _schemes(slots: int) -> list[tuple[Text, Guessing]]:
    """The schemes offered, with usual parameters, from the most to the least that are told; the coin is last."""
    three, all_slots = whole(3), whole(slots)
    found = [(say("guessing.blocks", size=whole(size)), guess_blocks(size, slots)) for size in (2, 4, 6) if slots >= size]
    found += [
        (say("guessing.random", sizes=say(f"guessing.sizes.{name}")), guess_random_blocks(sizes, slots))
        for name, sizes in (("small", (2, 4, 6)), ("large", (4, 6, 8)))
    ]
    found += [
        (say("guessing.big_stick", lead=three), guess_big_stick(3, slots)),
        (say("guessing.maximal", lead=three), guess_maximal_procedure(3, slots)),
        (say("guessing.one_block", slots=all_slots), guess_blocks(slots, slots)),
    ]
    if slots <= MOST_MINIMISED:
        profiles = [_LEVELS[slot % len(_LEVELS)] for slot in range(slots)]
        minimised = guess_minimisation(EXAMPLE_MINIMISATION, profiles)
        found.append((say("guessing.minimisation.levels"), minimised.knowing_levels))
        found.append((say("guessing.minimisation.counting"), minimised.counting_arms))
    return [*found, (say("guessing.coin"), guess_fair_coin(slots))]


def _by_scheme(schemes: Sequence[tuple[Text, Guessing]]) -> NumberTable:
    return NumberTable(
        title=say("guessing.table"),
        columns=(say("guessing.right"), say("guessing.certain")),
        kinds=("percent", "count"),
        rows=tuple((label, (found.right, found.certain)) for label, found in schemes),
    )
