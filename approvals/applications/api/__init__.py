"""Applications for machines, under /api/v1/."""

from django.urls import path

from approvals.applications.api.serializers import ApplicationSerializer
from approvals.applications.api.views import (
    ApplicationView,
    CorrectView,
    FormView,
    MaterialsView,
    RefuseView,
    SubmitView,
    plain,
)

__all__ = ["ApplicationSerializer", "plain", "urlpatterns"]

app_name = "applications-api"
urlpatterns = [
    path("applications/<int:application_id>", ApplicationView.as_view(), name="application"),
    path("applications/<int:application_id>/form", FormView.as_view(), name="form"),
    path("applications/<int:application_id>/materials", MaterialsView.as_view(), name="materials"),
    path("applications/<int:application_id>/submit", SubmitView.as_view(), name="submit"),
    path("applications/<int:application_id>/correct", CorrectView.as_view(), name="correct"),
    path("applications/<int:application_id>/refuse", RefuseView.as_view(), name="refuse"),
]
