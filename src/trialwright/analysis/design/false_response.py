"""Responders though nothing works: selection, variation from day to day, drift, miscollected urine."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from trialwright.analysis.design.evidence import FalseResponses
from trialwright.analysis.design.figures import Bars
from trialwright.analysis.design.page import Number, NumberTable, Statement, number
from trialwright.analysis.design.sizes import Sizes
from trialwright.analysis.design.wording import decimal, of_hundred, percent, say, whole
from trialwright.analysis.methods.proportion import binomial_tail
from trialwright.study.model import PublishedDocument, Study
from trialwright.terms.sentences import Text

_COUNT = re.compile(r"\((\d+) of (\d+)\)")


@dataclass(frozen=True, kw_only=True)
class PublishedResponse:
    """Responders that a document about this trial prints: complete and partial, of so many."""

    title: str
    complete: int
    partial: int
    of: int


def false_responses(sizes: Sizes, found: Sequence[FalseResponses], published: PublishedResponse | None) -> Statement | None:
    """None where nothing was simulated."""
    if not found:
        return None
    low, high = min(found, key=_any), max(found, key=_any)
    facts = {"low": percent(low.any_response), "high": percent(high.any_response)}
    numbers: list[Number] = []
    plain = say("false.plain", **facts)
    if published:
        numbers += _published_numbers(published, high)
        plain = _joined(plain, _published_words(published, high))
    else:
        at_least_one = binomial_tail(1, sizes.treated, high.any_response)
        plain = _joined(plain, say("false.plain.one", n=whole(sizes.treated), chance=percent(at_least_one)))
    return Statement(
        id="no_effect",
        title=say("false.title"),
        plain=plain,
        numbers=tuple(numbers),
        method=say(
            "false.method",
            people=whole(found[0].people),
            definition=found[0].definition,
            by=found[0].by,
            error=percent(_largest_error(found), 2),
        ),
        source="simulation.toml of this study; Naresh 2012 (PMID 22591781); Christopher-Stine, J Rheumatol 2004;31:1557",
        lay=say("false.lay", high=of_hundred(high.any_response)),
        figure=Bars(
            title=say("false.figure", definition=found[0].definition),
            x_label=say("axis.responders"),
            rows=tuple((_setting(one), one.any_response) for one in found),
            inner=tuple(one.complete for one in found),
            inner_label=say("false.inner"),
            outer_label=say("false.outer"),
            x_scale="percent",
        ),
        tables=(
            _by_setting(found),
            _by_participants(sizes, low, high),
        ),
    )


def published_response(study: Study) -> PublishedResponse | None:
    """The first document of this study that prints complete and partial responders of its participants."""
    return next((found for document in study.published if (found := _read(document)) is not None), None)


def _read(document: PublishedDocument) -> PublishedResponse | None:
    counts = {fact.element: _COUNT.search(fact.value) for fact in document.facts}
    complete, partial = counts.get("response_complete"), counts.get("response_partial")
    if not complete or not partial or complete[2] != partial[2]:
        return None
    return PublishedResponse(title=document.title, complete=int(complete[1]), partial=int(partial[1]), of=int(complete[2]))


def _any(one: FalseResponses) -> float:
    return one.any_response


def _setting(one: FalseResponses) -> Text:
    return say(f"false.setting.{one.collected}", drift=decimal(one.drift_sd, 2))


def _by_setting(found: Sequence[FalseResponses]) -> NumberTable:
    return NumberTable(
        title=say("false.table"),
        columns=(say("false.complete"), say("false.partial"), say("false.any")),
        kinds=("percent", "percent", "percent"),
        rows=tuple((_setting(one), (one.complete, one.partial, one.any_response)) for one in found),
    )


def _largest_error(found: Sequence[FalseResponses]) -> float:
    return max(sqrt(one.any_response * (1 - one.any_response) / one.people) for one in found)


def _published_numbers(published: PublishedResponse, worst: FalseResponses) -> list[Number]:
    responders = published.complete + published.partial
    facts = {"x": whole(responders), "of": whole(published.of), "complete": whole(published.complete)}
    return [
        number(say("false.chance.any", **facts), binomial_tail(responders, published.of, worst.any_response), "p"),
        number(say("false.chance.complete", **facts), binomial_tail(published.complete, published.of, worst.complete), "p"),
    ]


def _published_words(published: PublishedResponse, worst: FalseResponses) -> Text:
    responders = published.complete + published.partial
    chance = binomial_tail(responders, published.of, worst.any_response)
    return say(
        "false.plain.published",
        title=published.title,
        x=whole(responders),
        of=whole(published.of),
        chance=percent(chance, 2 if chance < 0.01 else 0),
    )


def _by_participants(sizes: Sizes, low: FalseResponses, high: FalseResponses) -> NumberTable:
    """The chance of false responders by how many are treated, in the mildest and in the worst setting."""
    counts = [n for n in (sizes.treated - 2, sizes.treated, sizes.treated + 10) if n > 0]
    rows = []
    for n in counts:
        half = -(-n // 2)
        chances = [binomial_tail(x, n, one.any_response) for x in (1, half) for one in (low, high)]
        rows.append((say("size.one", n=whole(n)), tuple(chances)))
    columns = tuple(say(f"false.column.{many}", setting=_setting(one)) for many in ("one", "half") for one in (low, high))
    return NumberTable(title=say("part.change"), columns=columns, kinds=("percent",) * 4, rows=tuple(rows))


def _joined(first: Text, second: Text) -> Text:
    return Text(en=f"{first.en} {second.en}", fa=f"{first.fa} {second.fa}")
