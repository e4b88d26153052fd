"""Addresses of joint work."""

from django.urls import path

from approvals.joint import views

app_name = "joint"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("asked", views.asked, name="asked"),
    path("sessions", views.sessions, name="sessions"),
    path("mine", views.mine, name="mine"),
    # questions
    path("cases/<int:case_id>/panel", views.case_panel, name="case_panel"),
    path("cases/<int:case_id>/ask", views.ask_about_case, name="ask_about_case"),
    path("stages/<int:run_id>/panel", views.stage_panel, name="stage_panel"),
    path("stages/<int:run_id>/ask", views.ask_about_stage, name="ask_about_stage"),
    path("requests/<int:request_id>", views.request, name="request"),
    path("requests/<int:request_id>/reply", views.reply, name="reply"),
    path("requests/<int:request_id>/ask", views.ask_further, name="ask_further"),
    path("requests/<int:request_id>/supplement", views.supplement, name="supplement"),
    path("requests/<int:request_id>/urge", views.urge, name="urge"),
    path("consultations/<int:consultation_id>", views.consultation, name="consultation"),
    path("consultations/<int:consultation_id>/close", views.close, name="close"),
    path("replies/<int:reply_id>/file", views.reply_file, name="reply_file"),
    # sessions
    path("stages/<int:run_id>/call", views.call, name="call"),
    path("sessions/<int:session_id>", views.session, name="session"),
    path("sessions/<int:session_id>/record", views.record, name="record"),
    path("sessions/<int:session_id>/points", views.raise_point, name="raise_point"),
    path("sessions/<int:session_id>/list", views.send_list, name="send_list"),
    path("sessions/<int:session_id>/recheck", views.begin_recheck, name="begin_recheck"),
    path("sessions/<int:session_id>/results", views.give_result, name="give_result"),
    path("sessions/<int:session_id>/conclude", views.conclude, name="conclude"),
    path("sessions/<int:session_id>/cancel", views.cancel, name="cancel"),
    path("participants/<int:participant_id>/answer", views.answer, name="answer"),
    path("participants/<int:participant_id>/sign-in", views.sign_in, name="sign_in"),
    path("participants/<int:participant_id>/opinion", views.opine, name="opine"),
    path("points/<int:point_id>/report", views.report_mended, name="report_mended"),
    path("points/<int:point_id>/judge", views.judge_point, name="judge_point"),
    path("points/<int:point_id>/waive", views.waive_point, name="waive_point"),
    path("points/<int:point_id>/file", views.point_file, name="point_file"),
    path("steps/<int:step_id>/file", views.step_file, name="step_file"),
    path("results/<int:result_id>/file", views.result_file, name="result_file"),
]
