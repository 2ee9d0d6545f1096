from django.urls import path

from trialwright.web.protocol import views

urlpatterns = [
    path("studies/<study>/protocol/", views.protocol, name="protocol"),
    path("studies/<study>/protocol/documents/<document>", views.definition_file, name="definition-file"),
]
