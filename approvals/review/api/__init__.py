"""The review for machines."""

from django.urls import path

from approvals.review.api import views

app_name = "review-api"
urlpatterns = [
    path("applications", views.ApplicationsView.as_view(), name="open"),
    path("applications/<int:application_id>/accept", views.AcceptView.as_view(), name="accept"),
    path("applications/<int:application_id>/withdraw", views.WithdrawView.as_view(), name="withdraw"),
    path("tasks", views.TasksView.as_view(), name="tasks"),
    path("tasks/<int:task_id>/complete", views.CompleteView.as_view(), name="complete"),
    path("cases/<int:case_id>", views.CaseView.as_view(), name="case"),
]
