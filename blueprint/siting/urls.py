"""Addresses of the siting slice."""

from django.urls import path

from blueprint.siting.views import entering, reading

app_name = "siting"
urlpatterns = [
    path("<str:code>/", reading.site, name="site"),
    path("<str:code>/bring/", entering.bring, name="bring"),
    path("<str:code>/use/", entering.use, name="use"),
    path("<str:code>/discard/", entering.discard, name="discard"),
    path("<str:code>/recompute/", entering.recompute, name="recompute"),
    path("<str:code>/panel/", reading.panel, name="panel"),
    path("<str:code>/picture.svg", reading.picture, name="picture"),
    path("<str:code>/versions/", reading.versions, name="versions"),
    path("<str:code>/versions/<int:version>/points/", reading.points, name="points"),
    path("<str:code>/versions/<int:version>/<str:file_format>/", reading.export, name="export"),
]
