from django.urls import path

from approvals.supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("cases/", views.cases, name="cases"),
    path("late/", views.late, name="late"),
    path("projects/", views.projects, name="projects"),
    path("points.geojson", views.points, name="points"),
    path("stalled/", views.stalled, name="stalled"),
]
