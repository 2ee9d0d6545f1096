"""Draw the page of a form."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from trialwright.conduct import commands as cm
from trialwright.conduct.current import current_values
from trialwright.web.commands import new_command_id, sent_command_id
from trialwright.web.form.echo import draw_window, echo_date
from trialwright.web.form.jugs import build_panel
from trialwright.web.form.problems import Problems
from trialwright.web.form.rows import build_rows
from trialwright.web.form.saves import Merged, merge, read_saves
from trialwright.web.form.sheet import Sheet
from trialwright.web.form.typed import Typed
from trialwright.web.form.why import find_reasons_asked
from trialwright.web.labels import label
from trialwright.web.layout.render import render_page
from trialwright.web.people import person_name

REFUSED = 422
_TEMPLATE = "form/form.html"


def render_sheet(
    request: HttpRequest,
    sheet: Sheet,
    typed: Typed,
    problems: Problems,
    *,
    status: int = 200,
    was_saved: bool = False,
    is_check: bool = False,
    is_new_command: bool = False,
    is_taken: bool = False,
) -> HttpResponse:
    """Draw the form with what is typed in it. After a conflict both values stand at the field."""
    saves = read_saves(sheet) if sheet.version > 1 or typed.read_version < sheet.version else ()
    merged = Merged(typed=typed, theirs={}) if is_check else merge(sheet, typed, saves)
    rows, before = build_rows(sheet, merged.typed, problems, saves, merged.theirs)
    keeps_id = not is_new_command and not was_saved
    return render_page(
        request,
        _TEMPLATE,
        status=status,
        sheet=sheet,
        typed=merged.typed,
        rows=rows,
        before=before,
        problems=problems,
        echo=echo_date(sheet, merged.typed.collected_on),
        bar=draw_window(sheet),
        panel=build_panel(sheet),
        asked=find_reasons_asked(sheet),
        person=_person(sheet),
        who=person_name,
        filled_by=_(", ").join(label(role, "role") for role in sheet.form.roles),
        may_ask=sheet.may(cm.OpenQuery) and sheet.saved is not None,
        may_answer=sheet.may(cm.AnswerQuery),
        may_close=sheet.may(cm.CloseQuery),
        may_sign=_may_sign(sheet),
        was_saved=was_saved,
        is_taken=is_taken,
        proposed=sum(1 for row in rows if row.proposed),
        is_refused=status == REFUSED,
        read_version=sheet.version,
        draft_key=f"{request.user.username}/{sheet.study.id}/{sheet.state.id}/{sheet.encounter.id}/{sheet.form.id}/{sheet.repeat}",
        address=lambda name, **more: form_address(sheet, name, **more),
        command_id=(sent_command_id(request) if keeps_id else "") or new_command_id(),
    )


def form_address(sheet: Sheet, name: str, **changed: object) -> str:
    """The address of this form's page, or of a step on it; `changed` names another form, repeat or query."""
    here = {
        "study": sheet.study.id,
        "participant": sheet.state.id,
        "encounter": sheet.encounter.id,
        "form": sheet.form.id,
        "repeat": 1 if "form" in changed else sheet.repeat,
    }
    return reverse(name, kwargs=here | changed)


def _may_sign(sheet: Sheet) -> bool:
    saved = sheet.saved
    return (
        saved is not None
        and not saved.is_signed
        and sheet.may(cm.SignForm)
        and (sheet.is_mine or sheet.desk.role == "investigator")
    )


def _person(sheet: Sheet) -> dict[str, object]:
    """Sex and age beside the heading, for those who may read the forms that they come from."""
    if not sheet.desk.may_see("forms"):
        return {}
    values = current_values(sheet.study, sheet.state)
    age, sex = values.age_years(sheet.now.date()), values.once("sex")
    if not sex or age is None:
        return {}
    asked = (item.concept for form in sheet.study.forms.values() for item in form.items if item.id == "sex")
    named = next((choice.label for concept in asked for choice in concept.choices if choice.code == sex), None)
    return {"sex": named, "age": int(age)} if named else {}
