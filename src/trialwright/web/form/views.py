"""Fill in a form, check it while typing, judge a collection, ask about a value, sign. Each view sends one command.

What was typed is in the answer to every request that does not save it: a refusal, a question at a value, a judgement.
"""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from trialwright.conduct import commands as cm
from trialwright.conduct.decision import Refusal
from trialwright.web.access import Desk, study_command, study_page
from trialwright.web.commands import foresee, submit
from trialwright.web.fields import FieldError
from trialwright.web.form.page import REFUSED, form_address, render_sheet
from trialwright.web.form.problems import Problems, place_reasons
from trialwright.web.form.proposed import take_proposed
from trialwright.web.form.sheet import Sheet, open_sheet
from trialwright.web.form.typed import Typed, build_command, typed_from_post, typed_from_saved
from trialwright.web.participant.views import STEP_TAKEN

SAVED = "form-saved"


@study_page(sees="participants")
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, desk: Desk, participant: str, encounter: str, form: str, repeat: int = 1) -> HttpResponse:
    """Show a form, or save it whole."""
    sheet = open_sheet(desk, participant, encounter, form, repeat)
    if request.method != "POST":
        was_saved = any(message.extra_tags == SAVED for message in messages.get_messages(request))
        return render_sheet(request, sheet, typed_from_saved(sheet), Problems(), was_saved=was_saved)
    if not (desk.may_command(cm.RecordForm) and sheet.is_mine):
        raise PermissionDenied
    typed = typed_from_post(sheet, request.POST)
    problems = _save(request, sheet, typed)
    if problems is not None:
        return render_sheet(request, open_sheet(desk, participant, encounter, form, repeat), typed, problems, status=REFUSED)
    return _onwards(request, desk, sheet)


@study_command(cm.RecordForm)
@require_POST
def check(request: HttpRequest, desk: Desk, participant: str, encounter: str, form: str, repeat: int = 1) -> HttpResponse:
    """What the machine would say of what stands in the fields now; nothing is kept."""
    sheet = open_sheet(desk, participant, encounter, form, repeat)
    if not sheet.is_mine:
        raise PermissionDenied
    typed = typed_from_post(sheet, request.POST)
    return render_sheet(request, sheet, typed, _foreseen(sheet, typed), is_check=True)


@study_command(cm.RecordForm)
@require_POST
def take(request: HttpRequest, desk: Desk, participant: str, encounter: str, form: str, repeat: int = 1) -> HttpResponse:
    """Fill the empty fields with what results propose; the person looks at them and saves."""
    sheet = open_sheet(desk, participant, encounter, form, repeat)
    if not sheet.is_mine:
        raise PermissionDenied
    return render_sheet(request, sheet, take_proposed(sheet, typed_from_post(sheet, request.POST)), Problems(), is_taken=True)


@study_command(cm.JudgeCollection)
@require_POST
def judge(request: HttpRequest, desk: Desk, participant: str, encounter: str, form: str, repeat: int = 1) -> HttpResponse:
    """Judge a collection; what else was typed stays in its fields."""
    sheet = open_sheet(desk, participant, encounter, form, repeat)
    if sheet.form.collection is None or not sheet.is_mine:
        raise Http404
    command = cm.JudgeCollection(
        **_where(sheet),
        judgement=request.POST.get("judgement", ""),  # type: ignore[arg-type]  # the machine names what it may be
        reason=request.POST.get("judgement_reason", ""),
    )
    if command.judgement not in {"complete", "incomplete", "accepted_with_reason"}:
        raise Http404
    return _beside(request, sheet, command)


@study_command(cm.SignForm)
@require_POST
def sign(request: HttpRequest, desk: Desk, participant: str, encounter: str, form: str, repeat: int = 1) -> HttpResponse:
    """Sign the version that was read."""
    sheet = open_sheet(desk, participant, encounter, form, repeat)
    version = request.POST.get("signed_version", "")
    read = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    done = submit(request, desk, cm.SignForm(**_where(sheet), meaning=request.POST.get("meaning", ""), read_version=read))
    if isinstance(done, Refusal):
        problems = place_reasons(sheet.form, done.reasons)
        return render_sheet(request, sheet, typed_from_saved(sheet), problems, status=REFUSED)
    return redirect(form_address(sheet, "form"))


def ask(command: type[cm.Command]) -> Callable[..., HttpResponse]:
    """Make the view that opens, answers or closes a query at a value. `at` is the item, or the number of the query."""

    @study_command(command)
    @require_POST
    def query(
        request: HttpRequest, desk: Desk, participant: str, encounter: str, form: str, at: str, repeat: int = 1
    ) -> HttpResponse:
        sheet = open_sheet(desk, participant, encounter, form, repeat)
        text = request.POST.get(f"query-{at}", "")
        if command is cm.OpenQuery:
            return _beside(request, sheet, cm.OpenQuery(**_where(sheet), item=at, text=text))
        number = int(at) if at.isascii() and at.isdigit() and len(at) < 9 else 0
        person = {"site": sheet.state.site, "participant": sheet.state.id}
        made = cm.AnswerQuery if command is cm.AnswerQuery else cm.CloseQuery
        return _beside(request, sheet, made(**person, number=number, text=text))

    return query


def _where(sheet: Sheet) -> dict[str, object]:
    return {
        "site": sheet.state.site,
        "participant": sheet.state.id,
        "encounter": sheet.encounter.id,
        "form": sheet.form.id,
        "repeat": sheet.repeat,
    }


def _save(request: HttpRequest, sheet: Sheet, typed: Typed) -> Problems | None:
    """Send the form; None when it is kept, else what stands in the way."""
    try:
        command = build_command(sheet, typed)
    except FieldError as error:
        return Problems(date_error=str(error))
    done = submit(request, sheet.desk, command)
    return place_reasons(sheet.form, done.reasons) if isinstance(done, Refusal) else None


def _foreseen(sheet: Sheet, typed: Typed) -> Problems:
    try:
        decision = foresee(sheet.desk, build_command(sheet, typed), now=sheet.now)
    except FieldError as error:
        return Problems(date_error=str(error) if typed.collected_on else "")
    return place_reasons(sheet.form, decision.reasons) if isinstance(decision, Refusal) else Problems()


def _beside(request: HttpRequest, sheet: Sheet, command: cm.ParticipantCommand) -> HttpResponse:
    """Send a command that is not the save, and show the form with everything that was typed."""
    done = submit(request, sheet.desk, command)
    refused = isinstance(done, Refusal)
    problems = place_reasons(sheet.form, done.reasons) if isinstance(done, Refusal) else Problems()
    after = open_sheet(sheet.desk, sheet.state.id, sheet.encounter.id, sheet.form.id, sheet.repeat)
    typed = _typed_beside(after, request.POST)
    return render_sheet(request, after, typed, problems, status=REFUSED if refused else 200, is_new_command=not refused)


def _typed_beside(sheet: Sheet, sent: Mapping[str, str]) -> Typed:
    """Only those who fill the form in sent its fields along."""
    return typed_from_post(sheet, sent) if sheet.may_save and "collected_on" in sent else typed_from_saved(sheet)


def _onwards(request: HttpRequest, desk: Desk, sheet: Sheet) -> HttpResponse:
    """Back to the form; with "save and next" to the next form of the visit that waits for this role, else to the participant."""
    after = open_sheet(desk, sheet.state.id, sheet.encounter.id, sheet.form.id, sheet.repeat)
    waits_for_judgement = any(after.is_closed(item) for item in after.form.items)
    if "next" not in request.POST or waits_for_judgement:
        messages.success(request, after.form.id, extra_tags=SAVED)
        return redirect(form_address(after, "form"))
    for following in after.following_forms():
        messages.success(request, following, extra_tags=SAVED)
        return redirect(form_address(after, "form", form=following))
    messages.success(request, after.form.id, extra_tags=STEP_TAKEN)
    return redirect("participant", study=after.study.id, participant=after.state.id)
