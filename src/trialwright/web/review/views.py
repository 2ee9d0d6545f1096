"""Two pages: one for a record that somebody brings, one for the record of a trial that is held here."""

from allauth.core.ratelimit import consume
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from trialwright.registry import NAMES_OF_FORMS
from trialwright.web.access import public_page
from trialwright.web.layout.render import render_page
from trialwright.web.review.apart import ReviewError, make_review_apart, review_of_registered
from trialwright.web.review.upload import InMemory, check_size, most_megabytes, read_dropped
from trialwright.web.stored import read_records
from trialwright.web.trials import find_trial

FILE_NAME = "review.html"


@public_page
@csrf_exempt  # the size is looked at before the form is read; `_review` below asks for the token as every form does
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """The form, and what came of it."""
    if request.method != "POST":
        return _form(request)
    try:
        check_size(request)
        _check_rate(request)
        request.upload_handlers = [InMemory(request)]
        return _review(request)
    except ReviewError as error:
        return _form(request, refusal=_(str(error)), status=error.status)


@csrf_protect
def _review(request: HttpRequest) -> HttpResponse:
    dropped = read_dropped(request)
    keeps = request.POST.get("as") == "file"
    made = make_review_apart(
        dropped.data,
        name=dropped.name or _("the pasted text"),
        language=_language(),
        today=timezone.localtime().date(),
        shows_contacts="contacts" in request.POST,
        whole_page=keeps,
    )
    if keeps:
        headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return HttpResponse(made, content_type="text/html; charset=utf-8", headers=headers)
    return render_page(request, "review/review.html", fragment=made, about=None)


@public_page
@require_safe
def trial_review(request: HttpRequest, study: str) -> HttpResponse:
    """The review of the newest record of a trial that is held here."""
    found = find_trial(study)
    records = (found.study.records or read_records(settings.TRIALWRIGHT_HOME, study)) if found else {}
    if found is None or not records:
        raise Http404
    name = max(records)
    try:
        made = review_of_registered(records[name], name.rpartition("/")[2], _language(), timezone.localtime().date())
    except ReviewError as error:
        return _form(request, refusal=_(str(error)), status=error.status)
    return render_page(request, "review/review.html", fragment=made, about=found.study)


def _check_rate(request: HttpRequest) -> None:
    if not consume(request, action="review"):
        raise ReviewError(_("Many reviews were asked for from here. Try again in a minute."), status=429)


def _form(request: HttpRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    return render_page(
        request, "review/form.html", refusal=refusal, forms=NAMES_OF_FORMS, most=most_megabytes(request), status=status
    )


def _language() -> str:
    return (get_language() or "en")[:2]
