from django.urls import path

from approvals.tracking import views

app_name = "tracking"
urlpatterns = [
    path("projects/", views.projects, name="projects"),
    path("projects/register/", views.register, name="register"),
    path("projects/register/flow/", views.flow_preview, name="flow_preview"),
    path("projects/<int:project_id>/waiting/", views.waiting_for_code, name="waiting_for_code"),
    path("projects/<str:code>/", views.project, name="project"),
    path("projects/<str:code>/items/", views.item_list, name="items"),
    path("projects/<str:code>/facts/", views.facts, name="facts"),
    path("projects/<str:code>/apply/<str:stage>/", views.apply, name="apply"),
    path("projects/<str:code>/flow/", views.override_flow, name="override_flow"),
    path("projects/<str:code>/qr.svg", views.qr_picture, name="qr"),
    path("x/", views.progress_search, name="progress"),
    path("x/<str:code>/", views.progress, name="progress_of"),
    path("x/<str:code>", views.progress),
    path("published/", views.published, name="published"),
    path("search/", views.search, name="search"),
]
