"""What few treated participants say about harms: what seeing none leaves open, and when a pausing rule would stop."""

from trialwright.analysis.design.figures import Curve, Curves
from trialwright.analysis.design.page import NumberTable, Statement, number
from trialwright.analysis.design.sizes import Sizes, changed
from trialwright.analysis.design.wording import decimal, of_hundred, percent, say, whole
from trialwright.analysis.methods.monitoring import characteristics
from trialwright.analysis.methods.pause_rule import PauseRule, pause_boundary, pause_probability
from trialwright.analysis.methods.proportion import zero_of_n
from trialwright.analysis.methods.result import NotEstimable
from trialwright.terms.sentences import Text

EXAMPLE_RULE = PauseRule(prior_events=0.4, prior_none=1.6, limit=0.2, threshold=0.7)
LATER_RULE = PauseRule(prior_events=0.6, prior_none=1.4, limit=0.3, threshold=0.8)
"""The rule of Thall and Simon's kind that pauses later: P(rate > 30 %) > .80 with Beta(.6, 1.4)."""
TRUE_RATES = (0.05, 0.2, 0.4)
DRAWN_BEYOND = 15
_STEPS = 40


def nothing_seen(sizes: Sizes) -> Statement:
    n = sizes.treated
    one, two = _excluded(n)
    facts = {"n": whole(n), "one": percent(one), "two": percent(two)}
    counts = [float(k) for k in range(3, n + DRAWN_BEYOND + 1)]
    return Statement(
        id="nothing_seen",
        title=say("nothing.title"),
        plain=say("nothing.plain", **facts),
        numbers=(number(say("nothing.one"), one, "percent"), number(say("nothing.two"), two, "percent")),
        method=say("nothing.method"),
        source="Hanley and Lippman-Hand, JAMA 1983;249:1743",
        lay=say("nothing.lay", n=whole(n), rate=of_hundred(two)),
        figure=Curves(
            title=say("nothing.figure"),
            x_label=say("axis.treated"),
            y_label=say("axis.not_excluded"),
            curves=(
                Curve(label=say("nothing.curve.two"), points=tuple((k, _excluded(int(k))[1]) for k in counts), dots=True),
                Curve(label=say("nothing.curve.one"), points=tuple((k, _excluded(int(k))[0]) for k in counts), dots=True),
            ),
            y_scale="percent",
            here=n,
        ),
        tables=(
            changed(
                sizes,
                (say("nothing.one"), say("nothing.two")),
                ("percent", "percent"),
                lambda one: _excluded(one.treated),
                with_dropout=False,
            ),
        ),
    )


def pausing(sizes: Sizes) -> Statement:
    n = sizes.treated
    boundary = pause_boundary(EXAMPLE_RULE, n)
    wrongly, rightly = pause_probability(boundary, TRUE_RATES[0]), pause_probability(boundary, TRUE_RATES[-1])
    facts = {
        "wrongly": percent(wrongly),
        "rightly": percent(rightly),
        "low": percent(TRUE_RATES[0]),
        "high": percent(TRUE_RATES[-1]),
    }
    return Statement(
        id="pausing",
        title=say("pausing.title"),
        plain=say("pausing.plain", limit=percent(EXAMPLE_RULE.limit), **facts),
        numbers=(),
        method=say("pausing.method", rule=_rule_words(EXAMPLE_RULE), later=_rule_words(LATER_RULE)),
        source="Thall and Simon, Biometrics 1994;50:337",
        figure=Curves(
            title=say("pausing.figure"),
            x_label=say("axis.true_harm"),
            y_label=say("axis.pauses"),
            curves=tuple(
                Curve(label=say("pausing.curve", rule=_rule_words(rule)), points=_pausing_curve(rule, n))
                for rule in (EXAMPLE_RULE, LATER_RULE)
            ),
            x_scale="percent",
            y_scale="percent",
        ),
        tables=(
            _boundaries(n),
            _by_rate(n),
            changed(
                sizes,
                tuple(say("pausing.chance", rate=percent(rate)) for rate in TRUE_RATES),
                ("percent", "percent", "percent"),
                lambda one: tuple(pause_probability(pause_boundary(EXAMPLE_RULE, one.treated), rate) for rate in TRUE_RATES),
                with_dropout=False,
            ),
        ),
    )


def _by_rate(n: int) -> NumberTable:
    """What either rule does at each true rate: how often it pauses, and how many are treated by then."""
    boundaries = [pause_boundary(rule, n) for rule in (EXAMPLE_RULE, LATER_RULE)]
    rows = []
    for rate in TRUE_RATES:
        found = [characteristics(boundary, rate) for boundary in boundaries]
        rows.append(
            (say("pausing.rate", rate=percent(rate)), tuple(x for one in found for x in (one.stops, one.expected_participants)))
        )
    columns = tuple(say(f"pausing.{rule}.{what}") for rule in ("first", "second") for what in ("pauses", "treated"))
    return NumberTable(
        title=say("pausing.table"), columns=columns, kinds=("percent", "count", "percent", "count"), rows=tuple(rows)
    )


def _boundaries(n: int) -> NumberTable:
    """After each participant, the number of events that pauses by either rule; none where no number does."""
    found = [pause_boundary(rule, n) for rule in (EXAMPLE_RULE, LATER_RULE)]
    rows = tuple((say("pausing.after", i=whole(i)), limits) for i, limits in enumerate(zip(*found, strict=True), start=1))
    columns = (say("pausing.first"), say("pausing.second"))
    return NumberTable(title=say("pausing.boundary"), columns=columns, kinds=("count", "count"), rows=rows)


def _excluded(n: int) -> tuple[float, float]:
    """The largest rate that no event in n leaves open, one- and two-sided 95 %."""
    found = zero_of_n(n)
    return (1.0, 1.0) if isinstance(found, NotEstimable) else (found.one_sided, found.two_sided)


def _pausing_curve(rule: PauseRule, n: int) -> tuple[tuple[float, float], ...]:
    boundary = pause_boundary(rule, n)
    return tuple((k / _STEPS, pause_probability(boundary, k / _STEPS)) for k in range(_STEPS + 1))


def _rule_words(rule: PauseRule) -> Text:
    return say(
        "pausing.rule",
        limit=percent(rule.limit),
        threshold=decimal(rule.threshold, 2),
        events=decimal(rule.prior_events, 1),
        none=decimal(rule.prior_none, 1),
    )
