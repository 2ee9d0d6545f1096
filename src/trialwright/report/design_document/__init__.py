"""The page of a design as a document: one HTML file, one PDF, and the pieces that a site stores and shows.

Every figure is one SVG, drawn here once: on the screen it takes the page's colours, on paper it is the same drawing.
"""

from trialwright.report.design_document.evidence import gather_evidence
from trialwright.report.design_document.store import stored_design
from trialwright.report.design_document.write import write_design

__all__ = ["gather_evidence", "stored_design", "write_design"]
