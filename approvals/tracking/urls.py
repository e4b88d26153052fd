from django.urls import path

from approvals.tracking.views import mandates, projects, public, registration, units, withdrawal

app_name = "tracking"
urlpatterns = [
    path("projects/", projects.projects, name="projects"),
    path("projects/register/", registration.register, name="register"),
    path("projects/register/flow/", registration.flow_preview, name="flow_preview"),
    path("projects/<int:project_id>/waiting/", projects.waiting_for_code, name="waiting_for_code"),
    path("projects/<str:code>/", projects.project, name="project"),
    path("projects/<str:code>/items/", projects.item_list, name="items"),
    path("projects/<str:code>/facts/", projects.facts, name="facts"),
    path("projects/<str:code>/apply/<str:stage>/", projects.apply, name="apply"),
    path("projects/<str:code>/flow/", projects.override_flow, name="override_flow"),
    path("projects/<str:code>/mandates/", mandates.mandates, name="mandates"),
    path("projects/<str:code>/mandates/<int:user_id>/withdraw/", mandates.withdraw_mandate, name="withdraw_mandate"),
    path("projects/<str:code>/divide/", units.divide, name="divide"),
    path("projects/<str:code>/merge/", units.merge, name="merge"),
    path("projects/<int:project_id>/withdraw/", withdrawal.withdraw, name="withdraw"),
    path("projects/<str:code>/qr.svg", public.qr_picture, name="qr"),
    path("x/", public.progress_search, name="progress"),
    path("x/<str:code>/", public.progress, name="progress_of"),
    path("x/<str:code>", public.progress),
    path("published/", public.published, name="published"),
    path("search/", projects.search, name="search"),
]
