"""Addresses of runs and their reports."""

from django.urls import path

from blueprint.reports import views

app_name = "reports"
urlpatterns = [
    path("<int:run_id>/", views.run, name="run"),
    path("<int:run_id>/repeat", views.repeat, name="repeat"),
    path("<int:run_id>/picture.svg", views.picture, name="picture"),
    path("<int:run_id>/order", views.order, name="order"),
    path("<int:run_id>/state", views.state, name="state"),
    path("<int:run_id>/report.pdf", views.paper, name="paper"),
    path("project/<str:code>/panel", views.panel, name="panel"),
]
