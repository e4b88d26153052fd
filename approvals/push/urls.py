"""Addresses of deliveries."""

from django.urls import path

from approvals.push import views

app_name = "push"
urlpatterns = [
    path("", views.received, name="received"),
    path("mine", views.mine, name="mine"),
    path("failures", views.failures, name="failures"),
    path("<int:delivery_id>/acknowledge", views.acknowledge, name="acknowledge"),
    path("<int:delivery_id>/resend", views.resend, name="resend"),
]
