"""Addresses of the checks slice."""

from django.urls import path

from blueprint.checks import views

app_name = "checks"
urlpatterns = [
    path("look/", views.look, name="look"),
]
