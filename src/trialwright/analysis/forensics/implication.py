"""What a printed number implies, in words with the working, so that a reader can check it with a pencil.

The sentences stand beside published facts in comparisons and reports. Their tone is that of arithmetic: it fits, or it does not and
may be of another number of participants or another test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trialwright.analysis.forensics.means import spreads_behind, totals_behind
from trialwright.analysis.forensics.medians import falls_behind, is_whole_median
from trialwright.analysis.forensics.percentages import counts_behind
from trialwright.analysis.forensics.printed import Printed
from trialwright.analysis.forensics.rank_p_values import (
    MOST_TIED_PAIRS,
    SignedRankReading,
    rank_sum_readings,
    signed_rank_readings,
)
from trialwright.analysis.methods.proportion import zero_of_n
from trialwright.analysis.methods.result import NotEstimable
from trialwright.terms.sentences import Text, fill, read_sentences

Kind = Literal["percentage", "mean", "median", "medians", "signed_rank_p", "rank_sum_p", "nothing_seen"]
Verdict = Literal["fits", "does_not_fit", "implies"]
_SENTENCES = read_sentences(Path(__file__).with_name("sentences.toml"))


@dataclass(frozen=True, kw_only=True)
class Implication:
    """What one printed number says at this number of participants.

    `verdict` is "fits" or "does_not_fit" where the number itself is in question, "implies" where it says more than it prints;
    `plain` is the sentence, `working` the calculation behind it.
    """

    kind: Kind
    printed: str
    participants: int
    verdict: Verdict
    plain: Text
    working: Text


def percentage_implies(percentage: Printed, participants: int) -> Implication:
    """The count behind a printed percentage."""
    counts, n = counts_behind(percentage, participants), participants
    nearest = min(range(n + 1), key=lambda count: abs(100 * count / n - float(percentage.value)))
    facts = {"printed": percentage.text, "n": n, "count": nearest, "share": 100 * nearest / n}
    listed = _listed([_say("count_of", count=count, n=n) for count in counts])
    shares = _listed([_say("percentage_working", count=count, n=n, share=100 * count / n) for count in counts or (nearest,)])
    plain = (
        fill(_joined_gap("percentage_fits", "counts", listed), printed=percentage.text)
        if counts
        else _say("percentage_does_not_fit", **facts)
    )
    return Implication(
        kind="percentage",
        printed=percentage.text,
        participants=n,
        verdict="fits" if counts else "does_not_fit",
        plain=plain,
        working=shares,
    )


def mean_implies(mean: Printed, participants: int, deviation: Printed | None = None) -> Implication:
    """The total behind a printed mean of whole numbers, and whether the standard deviation fits it."""
    n, totals = participants, totals_behind(mean, participants)
    spreads = spreads_behind(mean, deviation, n) if deviation else ()
    squares = sorted(spread.squares for spread in spreads)
    fits = bool(spreads) if deviation else bool(totals)
    printed = f"{mean.text} (SD {deviation.text})" if deviation else mean.text
    between = _say("squares", least=squares[0], most=squares[-1]) if squares else Text(en="", fa="")
    plain = _say("mean_fits" if fits else "mean_does_not_fit", n=n, printed=printed, totals=", ".join(map(str, totals)))
    working = _joined_gap("mean_working", "squares", between)
    return Implication(
        kind="mean",
        printed=printed,
        participants=n,
        verdict="fits" if fits else "does_not_fit",
        plain=plain,
        working=fill(working, n=n, low=mean.low, high=mean.high, least=mean.low * n, most=mean.high * n),
    )


def median_implies(median: Printed, participants: int) -> Implication:
    """What a printed median of whole numbers says: with an odd number it is somebody's own value."""
    n, half = participants, (participants + 1) // 2
    whole, parity = is_whole_median(median, n), "odd" if n % 2 else "even"
    return Implication(
        kind="median",
        printed=median.text,
        participants=n,
        verdict="implies" if whole else "does_not_fit",
        plain=_say(f"median_{parity}" if whole else "median_does_not_fit", printed=median.text, n=n, half=half),
        working=_say(f"median_working_{parity}", n=n, half=half, next=half + 1),
    )


def medians_imply(before: Printed, after: Printed, participants: int) -> Implication:
    """What two medians of the same participants force, and that their difference is not the median change."""
    pair, n = falls_behind(before, after, participants), participants
    code = "medians_force" if pair.both and pair.fall > 0 else "medians_force_nothing"
    return Implication(
        kind="medians",
        printed=f"{before.text}, {after.text}",
        participants=n,
        verdict="implies",
        plain=_say(code, before=before.text, after=after.text, n=n, both=pair.both, fall=pair.fall),
        working=_say("medians_working", half=pair.half, n=n, both=2 * pair.half - n),
    )


def signed_rank_p_implies(p: Printed, participants: int) -> Implication:
    """How many of the pairs a printed p value leaves free to have changed the other way, if it is a signed-rank p."""
    n, readings = participants, signed_rank_readings(p, participants)
    plainly = [reading for reading in readings if not reading.ties]
    return Implication(
        kind="signed_rank_p",
        printed=p.text,
        participants=n,
        verdict="implies" if readings else "does_not_fit",
        plain=_say(
            _signed_rank_code(bool(plainly), bool(readings), n),
            printed=p.text,
            n=n,
            untied=_in_one_direction(plainly, n),
            tied=_in_one_direction(readings, n),
        ),
        working=_listed([_signed_rank_reading(reading, n) for reading in plainly]) if plainly else _say("no_reading"),
    )


def rank_sum_p_implies(p: Printed, first: int, second: int) -> Implication:
    """In how many pairs a printed p value lets the first group be the higher, if it is a rank-sum p without ties."""
    plainly = [reading for reading in rank_sum_readings(p, first, second) if not reading.ties]
    sums = ", ".join(f"{u:g}" for u in sorted({reading.u for reading in plainly}))
    readings = [_joined_gap("rank_sum_reading", "form", _SENTENCES[r.form]) for r in plainly]
    return Implication(
        kind="rank_sum_p",
        printed=p.text,
        participants=first + second,
        verdict="implies" if plainly else "does_not_fit",
        plain=_say(
            "rank_sum_fits" if plainly else "rank_sum_does_not_fit",
            printed=p.text,
            n=first,
            m=second,
            pairs=first * second,
            sums=sums,
        ),
        working=_listed([fill(text, u=r.u, p=r.p) for text, r in zip(readings, plainly, strict=True)])
        if plainly
        else _say("no_reading"),
    )


def nothing_seen_implies(printed: str, participants: int) -> Implication | NotEstimable:
    """What "no event" leaves open among so many participants."""
    found = zero_of_n(participants)
    if isinstance(found, NotEstimable):
        return found
    return Implication(
        kind="nothing_seen",
        printed=printed,
        participants=participants,
        verdict="implies",
        plain=_say("nothing_seen", n=participants, two_sided=found.two_sided, one_sided=found.one_sided),
        working=_say("nothing_seen_working", n=participants),
    )


def _signed_rank_code(untied: bool, any_reading: bool, participants: int) -> str:
    if not any_reading:
        return "signed_rank_does_not_fit"
    if participants > MOST_TIED_PAIRS:
        return "signed_rank_untied"
    return "signed_rank_fits" if untied else "signed_rank_only_tied"


def _in_one_direction(readings: Sequence[SignedRankReading], participants: int) -> int:
    """The fewest participants that changed in the main direction under any of the readings."""
    return min((participants - reading.unchanged - reading.most_against for reading in readings), default=0)


def _signed_rank_reading(reading: SignedRankReading, participants: int) -> Text:
    return fill(
        _joined_gap("signed_rank_reading", "form", _SENTENCES[reading.form]),
        changed=participants - reading.unchanged,
        rank_sum=reading.rank_sum,
        p=reading.p,
    )


def _say(code: str, **facts: object) -> Text:
    return fill(_SENTENCES[code], **facts)


def _joined_gap(code: str, gap: str, words: Text) -> Text:
    """The sentence with one gap filled by words of its own language, the others left open."""
    sentence = _SENTENCES[code]
    return Text(en=sentence.en.replace(f"{{{gap}}}", words.en), fa=sentence.fa.replace(f"{{{gap}}}", words.fa))


def _listed(texts: Sequence[Text]) -> Text:
    return Text(en="; ".join(text.en for text in texts), fa="؛ ".join(text.fa for text in texts))
