from django.urls import path

from trialwright.conduct import commands as cm
from trialwright.web.form import views

_BASE = "studies/<study>/participants/<participant>/visits/<encounter>/<form>/"
_REPEAT = f"{_BASE}<int:repeat>/"
urlpatterns = [
    path(_REPEAT, views.form, name="form"),
    path(_BASE, views.form, name="form"),
    path(f"{_REPEAT}check/", views.check, name="check-form"),
    path(f"{_REPEAT}take/", views.take, name="form-take"),
    path(f"{_REPEAT}judge/", views.judge, name="judge"),
    path(f"{_REPEAT}sign/", views.sign, name="form-sign"),
    path(f"{_REPEAT}ask/<at>/", views.ask(cm.OpenQuery), name="form-ask"),
    path(f"{_REPEAT}answer/<at>/", views.ask(cm.AnswerQuery), name="form-answer"),
    path(f"{_REPEAT}close/<at>/", views.ask(cm.CloseQuery), name="form-close"),
]
