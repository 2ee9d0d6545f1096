"""The protocol as the definition says it, and the documents that were made from it."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from trialwright.study.model import Study, Text
from trialwright.web.access import Desk, study_page
from trialwright.web.layout.render import render_page
from trialwright.web.stored import stored_documents

_TYPES = {".html": "text/html; charset=utf-8", ".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8"}


@study_page(sees="study")
@require_safe
def protocol(request: HttpRequest, desk: Desk) -> HttpResponse:
    study = desk.trial.study
    asked = dict.fromkeys(form for encounter in study.encounters for form in encounter.forms)
    return render_page(
        request,
        "protocol/protocol.html",
        forms=tuple(study.forms[form] for form in asked),
        questions=study.open_questions(),
        assumptions=study.assumptions(),
        measured=_measured(study),
        documents=_first_document(study),
    )


@study_page(sees="study")
@require_safe
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "base-uri": [NONE], "frame-ancestors": [NONE], "form-action": [NONE]})
def definition_file(request: HttpRequest, desk: Desk, document: str) -> HttpResponse:
    """One stored document, by a name that is among the stored ones; its style is its own and nothing in it runs."""
    path = stored_documents(settings.TRIALWRIGHT_HOME, desk.trial.study.id).get(document)
    if path is None or path.suffix not in _TYPES:
        raise Http404
    return HttpResponse(path.read_bytes(), content_type=_TYPES[path.suffix])


def _first_document(study: Study) -> str:
    """The list of documents in the page's language; empty where none were made."""
    ending = "-index-fa.html" if (get_language() or "en") == "fa" else "-index.html"
    return next((name for name in stored_documents(settings.TRIALWRIGHT_HOME, study.id) if name.endswith(ending)), "")


def _measured(study: Study) -> dict[str, Text]:
    """What an endpoint's concept is called: the item or the derivation of that id."""
    items = {item.id: item.label for form in study.forms.values() for item in form.items}
    return items | {derivation.id: derivation.label for derivation in study.derivations}
