"""Many records at once: how often each finding occurs, with its interval, by registry and year of registration.

A rate counts records that have the finding at least once among the records that the check can speak of: a trial that is
not randomised cannot fail to describe its allocation. Each row of each file counts; a trial in two files counts twice.
Findings are written as they come and only counts are kept, so memory does not grow with the corpus.
"""

from trialwright.checks.corpus.rates import Rate, find_rates, tally_as_json, wilson_interval
from trialwright.checks.corpus.run import survey_corpus, tally_corpus
from trialwright.checks.corpus.tally import Part, Tally, check_part
from trialwright.checks.corpus.write import write_survey

__all__ = [
    "Part",
    "Rate",
    "Tally",
    "check_part",
    "find_rates",
    "survey_corpus",
    "tally_as_json",
    "tally_corpus",
    "wilson_interval",
    "write_survey",
]
