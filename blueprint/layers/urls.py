"""Addresses of the layers slice."""

from django.urls import path

from blueprint.layers import views

app_name = "layers"
urlpatterns = [
    path("layers/", views.layer_list, name="list"),
    path("blueprint/tiles/<int:edition_id>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
]
