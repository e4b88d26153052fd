"""The review for machines."""

from django.urls import path

from approvals.review.api import acts, views

app_name = "review-api"
urlpatterns = [
    path("applications", views.ApplicationsView.as_view(), name="open"),
    path("applications/<int:application_id>/accept", views.AcceptView.as_view(), name="accept"),
    path("applications/<int:application_id>/withdraw", views.WithdrawView.as_view(), name="withdraw"),
    path("tasks", views.TasksView.as_view(), name="tasks"),
    path("tasks/<int:task_id>/complete", views.CompleteView.as_view(), name="complete"),
    path("cases/<int:case_id>", views.CaseView.as_view(), name="case"),
    path("cases/<int:case_id>/holds", acts.HoldsView.as_view(), name="hold"),
    path("cases/<int:case_id>/holds/<int:hold_id>/release", acts.ReleaseView.as_view(), name="release"),
    path("cases/<int:case_id>/extension", acts.ExtensionView.as_view(), name="ask_extension"),
    path("cases/<int:case_id>/extension/decide", acts.ExtensionVerdictView.as_view(), name="decide_extension"),
    path("cases/<int:case_id>/revoke", acts.RevokeView.as_view(), name="revoke"),
    path("cases/<int:case_id>/reopen", acts.ReopenView.as_view(), name="reopen"),
]
