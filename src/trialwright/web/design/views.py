"""The stored page of a design: whole for whoever works in the study, in everyday words for everyone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from trialwright.web.access import Desk, public_page, study_page
from trialwright.web.layout.render import render_page
from trialwright.web.stored import read_design_page
from trialwright.web.trials import find_trial


@study_page(sees="study")
@require_safe
def design(request: HttpRequest, desk: Desk) -> HttpResponse:
    study = desk.trial.study
    page = read_design_page(settings.TRIALWRIGHT_HOME, study.id, get_language() or "en", audience="study")
    return render_page(request, "design/design.html", about=study, page=page)


@public_page
@require_safe
def trial_design(request: HttpRequest, study: str) -> HttpResponse:
    found = find_trial(study)
    if found is None:
        raise Http404
    page = read_design_page(settings.TRIALWRIGHT_HOME, study, get_language() or "en", audience="everyone")
    return render_page(request, "design/design.html", about=found.study, page=page)
