"""Addresses of the archive slice."""

from django.urls import path

from projects.archive import views

app_name = "archive"
urlpatterns = [
    path("projects/<str:code>/", views.project, name="project"),
    path("documents/<int:document_id>/", views.document, name="document"),
    path("documents/<int:document_id>/digest/", views.digest, name="digest"),
]
