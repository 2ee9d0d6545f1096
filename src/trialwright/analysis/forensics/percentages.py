"""Which counts a printed percentage can stand for, and of how many participants.

Source: Brown and Heathers, Soc Psychol Personal Sci 2017;8:363 (granularity), applied to counts.
"""

from decimal import Decimal

from trialwright.analysis.forensics.printed import Printed, check_participants


def counts_behind(percentage: Printed, participants: int) -> tuple[int, ...]:
    """The numbers of participants that are printed as this percentage of so many; empty where there is none."""
    check_participants(participants)
    return tuple(count for count in range(participants + 1) if percentage.fits(Decimal(100 * count) / participants))


def denominators_behind(percentage: Printed, most: int) -> tuple[int, ...]:
    """The numbers of participants, up to `most`, of which some count is printed as this percentage."""
    return tuple(n for n in range(1, most + 1) if counts_behind(percentage, n))
