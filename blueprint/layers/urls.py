"""Addresses of the layers slice: pages, tiles, and the service for GIS clients."""

from django.urls import path

from blueprint.layers import keeping, ogc, views

app_name = "layers"
urlpatterns = [
    path("layers/", views.layer_list, name="list"),
    path("layers/imports/", keeping.imports, name="imports"),
    path("layers/imports/<int:import_id>/", keeping.import_job, name="import"),
    path("layers/imports/<int:import_id>/state/", keeping.import_state, name="import_state"),
    path("layers/editions/<int:edition_id>/", keeping.draft, name="draft"),
    path("layers/editions/<int:edition_id>/publish/", keeping.publish, name="publish"),
    path("blueprint/", views.blueprint, name="map"),
    path("blueprint/answer", views.answer, name="answer"),
    path("blueprint/tiles/<int:edition_id>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
    path("ogc/", ogc.Landing.as_view(), name="ogc"),
    path("ogc/conformance", ogc.Conformance.as_view(), name="ogc_conformance"),
    path("ogc/collections", ogc.Collections.as_view(), name="ogc_collections"),
    path("ogc/collections/<str:code>", ogc.Collection.as_view(), name="ogc_collection"),
    path("ogc/collections/<str:code>/items", ogc.Items.as_view(), name="ogc_items"),
    path("ogc/collections/<str:code>/items/<int:feature_id>", ogc.Item.as_view(), name="ogc_item"),
]
