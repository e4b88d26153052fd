"""Addresses of whole-city runs and their patches."""

from django.urls import path

from blueprint.citywide import views

app_name = "citywide"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("<int:run_id>/", views.run, name="run"),
    path("<int:run_id>/progress", views.progress, name="progress"),
    path("<int:run_id>/stop", views.stop, name="stop"),
    path("<int:run_id>/patches.<slug:file_format>", views.export, name="export"),
    path("patches/<int:patch_id>/", views.patch, name="patch"),
    path("patches/<int:patch_id>/assign", views.assign, name="assign"),
    path("patches/<int:patch_id>/<slug:act>", views.settle, name="settle"),
]
