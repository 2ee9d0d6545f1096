"""Responders: several published definitions on the same people, so that the choice of one cannot make the result."""

from collections.abc import Sequence

from trialwright.analysis.methods.beta_binomial import Belief
from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.results import Reliability, Results
from trialwright.report.document import Block, Paragraph, Section
from trialwright.report.material import Material
from trialwright.report.sections.primary import reliability
from trialwright.report.tables.responders import responders, undecided
from trialwright.report.tables.response_comparisons import response_comparisons
from trialwright.report.tables.response_times import response_times
from trialwright.report.wording import Wording


def responses(material: Material, wording: Wording) -> Section:
    results = material.results
    blocks: list[Block] = [Paragraph(text=wording.say("responses.note"))]
    if results.responses:
        blocks += _answers(results, wording)
    else:
        blocks.append(Paragraph(text=wording.say("responses.none")))
    left_open = undecided(results, wording)
    blocks.append(left_open if left_open is not None else Paragraph(text=wording.say("responses.all_decided")))
    blocks += _times(results, wording) if results.responses else []
    return Section(id="responses", title=wording.say("section.responses"), blocks=tuple(blocks))


def _answers(results: Results, wording: Wording) -> list[Block]:
    """The counts with their intervals, the rates compared, and how often each method errs."""
    blocks: list[Block] = [responders(results, wording)]
    arms = [arm for found in results.responses for arm in found.arms]
    blocks += reliability(_once([one for arm in arms for one in arm.reliability]), wording)
    beliefs = [arm.any_posterior for arm in arms if not isinstance(arm.any_posterior, NotEstimable)]
    if beliefs and len(results.arms) == 1:
        blocks += [Paragraph(text=wording.text(belief.statement)) for belief in dict.fromkeys(beliefs)]
    compared = response_comparisons(results, wording)
    if compared is None:
        return blocks
    comparisons = [one for found in results.responses for one in found.comparisons]
    tests = [one.test for one in comparisons if isinstance(one.test, Test)]
    intervals = [one.difference for one in comparisons if isinstance(one.difference, Interval)]
    said = dict.fromkeys([*(test.p.definition for test in tests), *(interval.definition for interval in intervals)])
    blocks += [compared, *(Paragraph(text=wording.text(one), kind="note") for one in said)]
    blocks += [Paragraph(text=wording.text(belief.statement), kind="note") for belief in _beliefs(results)]
    return [*blocks, *reliability(_once([one for found in comparisons for one in found.reliability]), wording)]


def _beliefs(results: Results) -> list[Belief]:
    found = [one.belief for result in results.responses for one in result.comparisons]
    return list(dict.fromkeys(belief for belief in found if not isinstance(belief, NotEstimable)))


def _times(results: Results, wording: Wording) -> list[Block]:
    """When responses came; the arms' times compared where there are two."""
    blocks: list[Block] = [response_times(results, wording)]
    for found in results.responses:
        if isinstance(found.times.test, Test):
            p = wording.p(found.times.test.p.value)
            definition = wording.text(found.times.test.p.definition)
            words = wording.say("responses.times_p", definition=wording.text(found.label), p=p, words=definition)
            blocks.append(Paragraph(text=words, kind="note"))
    errs = [one for found in results.responses for arm in found.times.arms for one in arm.reliability]
    intervals = [i for found in results.responses for arm in found.times.arms for i in (arm.incidence, arm.without_relapse)]
    said = dict.fromkeys(i.definition for i in intervals if isinstance(i, Interval))
    return [*blocks, *(Paragraph(text=wording.text(one), kind="note") for one in said), *reliability(_once(errs), wording)]


def _once(found: Sequence[Reliability]) -> list[Reliability]:
    return list(dict.fromkeys(found))
