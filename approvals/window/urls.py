from django.urls import path

from approvals.window import views

app_name = "window"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("correcting/", views.correcting, name="correcting"),
    path("paper/", views.paper, name="paper"),
    path("paper/<int:project_id>/", views.paper_project, name="paper_project"),
    path("handover/", views.handover, name="handover"),
    path("handover/<int:certificate_id>/", views.hand_over, name="hand_over"),
    path("<int:application_id>/", views.console, name="console"),
    path("<int:application_id>/slots/<int:slot_id>/", views.check_slot, name="check_slot"),
    path("<int:application_id>/slots/", views.check_all, name="check_all"),
    path("<int:application_id>/fields/", views.check_field, name="check_field"),
    path("<int:application_id>/correct/", views.correct, name="correct"),
    path("<int:application_id>/accept/", views.accept, name="accept"),
    path("<int:application_id>/reject/", views.reject, name="reject"),
    path("<int:application_id>/not-required/", views.not_required, name="not_required"),
]
