"""Addresses of certificates; the short one is printed in the QR code."""

from django.urls import path

from approvals.certificates import views

app_name = "certificates"
urlpatterns = [
    path("v/", views.enter_code, name="enter_code"),
    path("v/<str:code>", views.verify, name="verify"),
    path("certificates/project/<str:code>", views.of_project, name="of_project"),
    path("certificates/<str:number>", views.detail, name="detail"),
    path("certificates/<str:number>/hand-over", views.hand_over, name="hand_over"),
    path("certificates/<str:number>/correct", views.correct, name="correct"),
    path("certificates/<str:number>/revoke", views.revoke, name="revoke"),
]
