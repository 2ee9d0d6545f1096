from django.urls import path

from trialwright.web.review import views

urlpatterns = [
    path("review/", views.review, name="review"),
    path("trials/<study>/review/", views.trial_review, name="trial-review"),
]
