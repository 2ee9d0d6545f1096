"""The sections of the synopsis by their numbers in the template, and which part of a definition fills each."""

from collections.abc import Callable, Mapping

from trialwright.report.document import Block
from trialwright.report.study_documents import schedule, sections_conduct, sections_design, sections_results
from trialwright.report.study_documents.told import Told

SECTIONS: Mapping[str, Callable[[Told], tuple[Block, ...]]] = {
    "1.1.1": sections_results.objectives,
    "1.1.2": sections_design.overall,
    "1.2": sections_design.schema,
    "1.3": schedule.activities,
    "2.1": sections_design.purpose,
    "2.2": sections_design.risks,
    "3.1": sections_results.primary,
    "3.2": sections_results.secondary,
    "3.3": sections_results.exploratory,
    "4.1": sections_design.description,
    "5.1": sections_conduct.population,
    "5.2": sections_conduct.inclusion,
    "5.3": sections_conduct.exclusion,
    "5.6": sections_conduct.screening,
    "6.1": sections_conduct.products,
    "6.3": sections_conduct.administration,
    "6.6": sections_conduct.handling,
    "6.7": sections_design.assignment,
    "6.9": sections_conduct.background,
    "6.10": sections_conduct.concomitant,
    "9.2": sections_conduct.safety,
    "10.2": sections_results.analysis_sets,
    "10.4": sections_results.primary_analysis,
    "10.8": sections_results.other_analyses,
    "10.11": sections_results.sample_size,
    "11.1": sections_conduct.permits,
    "11.3": sections_conduct.consent,
    "12.1": sections_conduct.laboratories,
}
"""Sections of the template that a definition can fill, in the template's order."""
