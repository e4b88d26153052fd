"""The site of a project for machines: GeoJSON out, GeoJSON or a file in."""

from __future__ import annotations

import json
from typing import Any

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from blueprint.geometry import degrees
from blueprint.layers import frames
from blueprint.siting import boundaries, ground, policies, queries
from blueprint.siting import operations as siting
from blueprint.siting.boundaries import Boundary, BoundaryRefused
from blueprint.siting.derive import geojson
from blueprint.siting.models import SiteVersion
from blueprint.siting.states import SiteOrigin
from portal.core import clock
from portal.core.actor import Actor
from portal.core.api import MachineView
from portal.core.errors import InvalidInput, NotAllowed
from portal.core.http import whole_number
from projects.registry import queries as projects
from projects.registry.models import Project

BOUNDARY = "boundary"

Region = inline_serializer(
    "SiteRegion", {"code": serializers.CharField(), "name": serializers.CharField(), "share": serializers.FloatField()}
)
SiteProperties = inline_serializer(
    "SiteProperties",
    {
        "project_code": serializers.CharField(allow_null=True),
        "version": serializers.IntegerField(),
        "origin": serializers.ChoiceField(SiteOrigin.choices),
        "area_m2": serializers.FloatField(help_text="planar, in the work CRS"),
        "declared_m2": serializers.FloatField(allow_null=True),
        "work_crs": serializers.CharField(),
        "source_crs": serializers.CharField(),
        "repairs": serializers.ListField(child=serializers.DictField()),
        "repair_words": serializers.ListField(child=serializers.CharField()),
        "regions": serializers.ListField(child=Region),
        "facts": serializers.DictField(help_text="what the boundary says: field id -> value, null where a layer lacks"),
        "editions": serializers.DictField(help_text="layer -> edition the facts were read from"),
        "outdated_layers": serializers.ListField(
            child=serializers.CharField(), help_text="layers with a newer edition; a recount is asked for, never silent"
        ),
        "note": serializers.CharField(),
        "entered_at": serializers.DateTimeField(),
        "entered_by": serializers.CharField(),
    },
)
SiteOut = inline_serializer(
    "Site",
    {
        "type": serializers.ChoiceField(["Feature"]),
        "geometry": serializers.DictField(help_text="GeoJSON in degrees of CGCS2000, longitude first"),
        "properties": SiteProperties,
    },
)


class SiteIn(serializers.Serializer[Any]):
    """A boundary: GeoJSON, or (as multipart) a file."""

    boundary = serializers.DictField(
        required=False, help_text="GeoJSON; degrees of CGCS2000 unless a crs member says otherwise"
    )
    file = serializers.FileField(
        required=False, allow_empty_file=True, help_text="GeoJSON、SHP（zip）、DXF 或界址点 txt"
    )
    crs = serializers.CharField(required=False, allow_blank=True, default="", max_length=40, help_text="EPSG:4526")
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class ProjectSite(MachineView):
    """Read the boundary of a project; bring the next one."""

    @extend_schema(operation_id="project_site", responses={200: SiteOut}, parameters=[OpenApiParameter("version", int)])
    def get(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        project = projects.project(code, actor=actor)
        rows = SiteVersion.objects.of_project(project.pk).newest_first()
        if "version" in request.query_params:
            rows = rows.filter(number=whole_number(request.query_params["version"]) or 0)
        version = rows.first()
        if version is None:
            raise siting.NoSite
        return Response(_site(project, version))

    @extend_schema(operation_id="project_site_enter", request=SiteIn, responses={201: SiteOut})
    def post(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        project = projects.project(code, actor=actor)
        if not project.is_over and not policies.can_enter(actor, project):
            raise NotAllowed  # before anything is read
        given = SiteIn(data=request.data)
        given.is_valid(raise_exception=True)
        version = siting.enter_version(
            project_id=project.pk,
            boundary=_boundary(given.validated_data),
            actor=actor,
            at=clock.now(),
            note=given.validated_data["note"],
        )
        version.refresh_from_db()
        return Response(_site(project, version), status=201)


class ProjectSiteRecount(MachineView):
    """Read the current boundary against the newest editions of the layers."""

    @extend_schema(operation_id="project_site_recount", request=None, responses={200: SiteOut})
    def post(self, request: Request, code: str) -> Response:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        project = projects.project(code, actor=actor)
        siting.recompute(project_id=project.pk, actor=actor, at=clock.now())
        return Response(_site(project, SiteVersion.objects.of_project(project.pk).newest_first()[0]))


def _boundary(data: dict[str, Any]) -> Boundary:
    """Read what was sent.

    :raises BoundaryRefused: with a code of the contract
    :raises InvalidInput: neither or both were sent
    """
    frame = frames.frame()
    if ("file" in data) == (BOUNDARY in data):
        raise InvalidInput(fields={BOUNDARY: _("请写 boundary（GeoJSON），或以 multipart 上传 file，二者选一。")})
    if "file" in data:
        return boundaries.from_upload(data["file"], frame=frame, crs=data["crs"])
    try:
        return boundaries.from_geojson(json.dumps(data[BOUNDARY]), frame=frame)
    except BoundaryRefused as fault:
        raise BoundaryRefused(fault.message, code=fault.code, fields={BOUNDARY: fault.message}) from fault


def _site(project: Project, version: SiteVersion) -> dict[str, Any]:
    figures = queries.figures_of(version, ground.rules())
    derivation = queries.last_derivation(version)
    return {
        "type": "Feature",
        "geometry": geojson(degrees.to_degrees(figures.shape, version.work_crs)),
        "properties": {
            "project_code": project.code,
            "version": version.number,
            "origin": version.origin,
            "area_m2": round(version.area_m2, 2),
            "declared_m2": version.declared_m2,
            "work_crs": f"EPSG:{version.work_crs}",
            "source_crs": version.source_crs,
            "repairs": version.repairs,
            "repair_words": list(figures.repairs),
            "regions": derivation.regions if derivation else [],
            "facts": derivation.values if derivation else {},
            "editions": {layer: used["name"] for layer, used in derivation.editions.items()} if derivation else {},
            "outdated_layers": [row.layer for row in queries.moved_on(project, derivation)],
            "note": version.note,
            "entered_at": version.entered_at,
            "entered_by": version.entered_by,
        },
    }


urlpatterns = [
    path("projects/<str:code>/site", ProjectSite.as_view(), name="project_site"),
    path("projects/<str:code>/site/recount", ProjectSiteRecount.as_view(), name="project_site_recount"),
]
