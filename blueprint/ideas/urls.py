"""Addresses of ideas."""

from django.urls import path

from blueprint.ideas import views

app_name = "ideas"
urlpatterns = [
    path("", views.idea_list, name="list"),
    path("new", views.new, name="new"),
    path("<int:idea_id>/", views.idea, name="idea"),
    path("<int:idea_id>/redraw", views.redraw, name="redraw"),
    path("<int:idea_id>/ask", views.ask, name="ask"),
    path("<int:idea_id>/answer/<int:opinion_id>", views.answer, name="answer"),
    path("<int:idea_id>/meet/<int:condition_id>", views.meet, name="meet"),
    path("<int:idea_id>/<slug:act>", views.end, name="end"),
]
