"""Addresses of the layers slice."""

from django.urls import path

from blueprint.layers import keeping, views

app_name = "layers"
urlpatterns = [
    path("layers/", views.layer_list, name="list"),
    path("layers/imports/", keeping.imports, name="imports"),
    path("layers/imports/<int:import_id>/", keeping.import_job, name="import"),
    path("layers/imports/<int:import_id>/state/", keeping.import_state, name="import_state"),
    path("layers/editions/<int:edition_id>/", keeping.draft, name="draft"),
    path("layers/editions/<int:edition_id>/publish/", keeping.publish, name="publish"),
    path("blueprint/tiles/<int:edition_id>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
]
