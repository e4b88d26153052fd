"""Addresses of the catalogue slice."""

from django.urls import path

from projects.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("", views.home, name="home"),
    path("guides/", views.guides, name="guides"),
    path("guides/<str:item>/", views.guide, name="guide"),
]
