"""What printed medians of the same few participants imply about single participants.

With an odd number the median is one participant's own value, at least half of the others on either side. Two medians of the same
participants, before and after, do not give the median change, but with an odd number they force one participant to have been on the
upper side before and on the lower side after.
"""

from dataclasses import dataclass
from decimal import Decimal

from trialwright.analysis.forensics.printed import Printed, check_participants


@dataclass(frozen=True, kw_only=True)
class MedianPair:
    """Of two medians: at least `both` participants went from `before` or more to `after` or less, a fall of `fall` or more."""

    half: int
    both: int
    fall: Decimal


def is_whole_median(median: Printed, participants: int) -> bool:
    """Whether whole-number values can have this median: whole for an odd number of participants, whole or a half for an even."""
    check_participants(participants)
    doubled = median.value * (1 if participants % 2 else 2)
    return doubled == doubled.to_integral_value()


def falls_behind(before: Printed, after: Printed, participants: int) -> MedianPair:
    """What two medians of the same participants force: (n + 1) / 2 stand on each side, so one at least on both (n odd)."""
    check_participants(participants)
    half = (participants + 1) // 2
    return MedianPair(half=half, both=max(0, 2 * half - participants), fall=before.value - after.value)
