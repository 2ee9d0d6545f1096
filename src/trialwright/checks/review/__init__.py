"""A review as a person reads it: the record's own text with numbers in it, and beside it what each number says.

The command line writes it as one page to keep and print; the site shows the same between its own head and foot.
"""

from trialwright.checks.review.annotated import anchor_of
from trialwright.checks.review.build import make_review
from trialwright.checks.review.model import Review
from trialwright.checks.review.render import STYLE, Language, render_fragment, render_page

__all__ = ["STYLE", "Language", "Review", "anchor_of", "make_review", "render_fragment", "render_page"]
