"""The smallest p value that the planned comparison can give, whatever the treatment does; and what a missing control arm costs."""

from trialwright.analysis.design.figures import Curve, Curves
from trialwright.analysis.design.page import Statement, number
from trialwright.analysis.design.sizes import Sizes, changed
from trialwright.analysis.design.wording import p_value, say, whole
from trialwright.analysis.methods.attainable import smallest_block_p, smallest_rank_sum_p, smallest_signed_rank_p

DRAWN_BEYOND = 10
BLOCKS = (2, 4)


def smallest_p(sizes: Sizes) -> Statement:
    return _two_arms(sizes) if sizes.control else _one_arm(sizes)


def no_control() -> Statement:
    return Statement(
        id="no_control",
        title=say("no_control.title"),
        plain=say("no_control.plain"),
        numbers=(),
        method=say("no_control.method"),
        source="ICH E10, section 2.5 (choice of control group)",
        lay=say("no_control.lay"),
    )


def _one_arm(sizes: Sizes) -> Statement:
    n, alpha = sizes.observed[0], p_value(sizes.alpha)
    smallest = _signed_rank(sizes)
    needed = next(k for k in range(1, 100) if smallest_signed_rank_p(k) <= sizes.alpha)
    hopeless = smallest is None or smallest > sizes.alpha
    facts = {"n": whole(n), "alpha": alpha, "p": p_value(smallest or 1.0), "needed": whole(needed)}
    counts = range(2, max(n, needed) + DRAWN_BEYOND // 2 + 1)
    return Statement(
        id="smallest_p",
        title=say("smallest.title"),
        plain=say("smallest.one.hopeless" if hopeless else "smallest.one.possible", **facts),
        numbers=(
            number(say("smallest.one.number", **facts), smallest, "p"),
            number(say("smallest.one.needed", **facts), needed, "count"),
        ),
        method=say("smallest.one.method"),
        source="Wilcoxon, Biometrics Bulletin 1945;1:80",
        lay=say("smallest.lay") if hopeless else None,
        figure=Curves(
            title=say("smallest.figure"),
            x_label=say("axis.participants"),
            y_label=say("axis.smallest_p"),
            curves=(
                Curve(label=say("smallest.curve.one"), points=tuple((k, smallest_signed_rank_p(k)) for k in counts), dots=True),
            ),
            logarithmic=True,
            level=(sizes.alpha, say("axis.level", alpha=alpha)),
            here=n,
        ),
        tables=(changed(sizes, (say("column.smallest_p"),), ("p",), lambda one: (_signed_rank(one),)),),
    )


def _two_arms(sizes: Sizes) -> Statement:
    first, second = sizes.observed
    smallest = _rank_sum(sizes)
    hopeless = smallest is None or smallest > sizes.alpha
    facts = {"first": whole(first), "second": whole(second), "alpha": p_value(sizes.alpha), "p": p_value(smallest or 1.0)}
    numbers = [number(say("smallest.without_blocks"), smallest, "p")]
    numbers += [
        number(say("smallest.in_blocks", size=whole(size)), in_blocks, "p")
        for size in BLOCKS
        if (in_blocks := _blocks(first, second, size)) is not None
    ]
    return Statement(
        id="smallest_p",
        title=say("smallest.title"),
        plain=say("smallest.two.hopeless" if hopeless else "smallest.two.possible", **facts),
        numbers=tuple(numbers),
        method=say("smallest.two.method"),
        source="Edgington and Onghena, Randomization Tests, 4th ed. 2007",
        lay=say("smallest.lay") if hopeless else None,
        figure=_two_arm_figure(sizes, first) if first == second else None,
        tables=(
            changed(
                sizes,
                (say("smallest.without_blocks"), say("smallest.in_blocks", size=whole(4))),
                ("p", "p"),
                lambda one: (_rank_sum(one), _blocks(*one.observed, 4)),
            ),
        ),
    )


def _two_arm_figure(sizes: Sizes, n: int) -> Curves:
    counts = range(2, n + DRAWN_BEYOND + 1)
    schemes = [(say("smallest.without_blocks"), [(float(k), smallest_rank_sum_p(k, k)) for k in counts])]
    for size in BLOCKS:
        found = [(float(k), p) for k in counts if (p := _blocks(k, k, size)) is not None]
        schemes.append((say("smallest.in_blocks", size=whole(size)), found))
    return Curves(
        title=say("smallest.figure"),
        x_label=say("axis.participants_each"),
        y_label=say("axis.smallest_p"),
        curves=tuple(Curve(label=label, points=tuple(points), dots=True) for label, points in schemes),
        logarithmic=True,
        level=(sizes.alpha, say("axis.level", alpha=p_value(sizes.alpha))),
        here=n,
    )


def _signed_rank(sizes: Sizes) -> float | None:
    n = sizes.observed[0]
    return smallest_signed_rank_p(n) if n else None


def _rank_sum(sizes: Sizes) -> float | None:
    first, second = sizes.observed
    return smallest_rank_sum_p(first, second) if first and second else None


def _blocks(first: int, second: int, size: int) -> float | None:
    """None where complete blocks of this size do not fill the arms."""
    total = first + second
    return smallest_block_p([size] * (total // size)) if first == second and total and total % size == 0 else None
