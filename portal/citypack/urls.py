"""Addresses of the citypack slice."""

from django.urls import path

from portal.citypack import views

app_name = "citypack"
urlpatterns = [
    path("", views.versions, name="versions"),
]
