"""Addresses of the layers slice."""

from django.urls import path

from blueprint.layers import views

app_name = "layers"
urlpatterns = [
    path("", views.layer_list, name="list"),
]
