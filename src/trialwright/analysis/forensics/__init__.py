"""What a printed number implies: counts behind percentages, totals behind means, participants behind medians and p values.

With nine participants a report gives away more than it says: 33.3 % is three of nine, and P = .008 leaves few patterns of change.
The functions say what fits, what cannot be, and show the working. They judge arithmetic, never people: a number that does not fit
may be a misprint, another denominator or another test.
"""
