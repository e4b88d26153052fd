"""Addresses of the clock."""

from django.urls import path

from approvals.deadlines import views

app_name = "deadlines"

urlpatterns = [
    path("<int:timer_id>/", views.ledger, name="ledger"),
]
