"""Addresses of the reminders."""

from django.urls import path

from approvals.reminders import views

app_name = "reminders"

urlpatterns = [
    path("", views.reminders, name="reminders"),
]
