"""Addresses of the review."""

from django.urls import path

from approvals.review import views

app_name = "review"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("done", views.done, name="done"),
    path("cases/<int:case_id>", views.case, name="case"),
    path("cases/<int:case_id>/holds", views.hold, name="hold"),
    path("cases/<int:case_id>/holds/<int:hold_id>/release", views.release, name="release"),
    path("tasks/<int:task_id>/complete", views.complete, name="complete"),
    path("tasks/<int:task_id>/claim", views.claim, name="claim"),
    path("tasks/<int:task_id>/hand-back", views.hand_back, name="hand_back"),
    path("tasks/<int:task_id>/draft", views.draft, name="draft"),
    path("tasks/<int:task_id>/checks", views.mark, name="mark"),
    path("stages", views.stages, name="stages"),
    path("stages/<int:run_id>", views.stage, name="stage"),
]
