from django.urls import path

from trialwright.web.design import views

urlpatterns = [
    path("studies/<study>/design/", views.design, name="design"),
    path("trials/<study>/design/", views.trial_design, name="trial-design"),
]
