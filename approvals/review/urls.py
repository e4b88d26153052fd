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
    path("cases/<int:case_id>/extension", views.ask_extension, name="ask_extension"),
    path("cases/<int:case_id>/extension/decide", views.decide_extension, name="decide_extension"),
    path("cases/<int:case_id>/correction", views.ask_correction, name="ask_correction"),
    path("cases/<int:case_id>/correction/confirm", views.confirm_correction, name="confirm_correction"),
    path("cases/<int:case_id>/tolerance/confirm", views.confirm_tolerance, name="confirm_tolerance"),
    path("cases/<int:case_id>/commitment/check", views.check_commitment, name="check_commitment"),
    path("cases/<int:case_id>/revoke", views.revoke, name="revoke"),
    path("cases/<int:case_id>/reopen", views.reopen, name="reopen"),
    path("cases/<int:case_id>/urge", views.urge, name="urge"),
    path("cases/<int:case_id>/mine", views.mine, name="mine"),
    path("cases/<int:case_id>/mine/correction", views.supply_correction, name="supply_correction"),
    path("cases/<int:case_id>/mine/tolerance", views.supply_tolerance, name="supply_tolerance"),
    path("cases/<int:case_id>/mine/commitment", views.sign, name="sign"),
    path("cases/<int:case_id>/mine/give-back", views.give_back, name="give_back"),
    path("tasks/<int:task_id>/complete", views.complete, name="complete"),
    path("tasks/<int:task_id>/claim", views.claim, name="claim"),
    path("tasks/<int:task_id>/hand-back", views.hand_back, name="hand_back"),
    path("tasks/<int:task_id>/draft", views.draft, name="draft"),
    path("tasks/<int:task_id>/checks", views.mark, name="mark"),
    path("tasks/<int:task_id>/assign", views.assign, name="assign"),
    path("tasks/<int:task_id>/take-back", views.take_back, name="take_back"),
    path("assignment", views.assignment, name="assignment"),
    path("stages", views.stages, name="stages"),
    path("stages/<int:run_id>", views.stage, name="stage"),
    path("projects/<int:project_id>/time", views.project_time, name="project_time"),
]
