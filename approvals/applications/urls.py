from django.urls import path

from approvals.applications import views

app_name = "applications"
urlpatterns = [
    path("<int:application_id>/", views.application, name="application"),
    path("<int:application_id>/form/", views.form, name="form"),
    path("<int:application_id>/save/", views.save, name="save"),
    path("<int:application_id>/check/", views.check, name="check"),
    path("<int:application_id>/submit/", views.submit, name="submit"),
    path("<int:application_id>/materials/", views.material_add, name="material_add"),
    path("<int:application_id>/materials/<int:slot_file_id>/", views.material, name="material"),
    path("<int:application_id>/materials/<int:slot_file_id>/remove/", views.material_remove, name="material_remove"),
    path("<int:application_id>/notices/<int:notice_id>/", views.notice, name="notice"),
    path("<int:application_id>/notices/<int:notice_id>/pdf/", views.notice_pdf, name="notice_pdf"),
]
