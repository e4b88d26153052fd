"""The blueprint for GIS clients: OGC API - Features 1.0, part 1 (core, GeoJSON) and part 2 (reference systems).

A layer is a collection, its features are those of the current edition, or of the one named by `edition`. Signed in by
token or by session; without either, the public layers are there. The same visibility as tiles and pages.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blueprint.layers import collections, frames, queries
from blueprint.layers.models import Edition
from portal.core import actor as actors
from portal.core.errors import InvalidInput

CONFORMS_TO = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
]
_GEOJSON = "application/geo+json"


class OgcView(APIView):
    """Whoever asks is somebody: by token, by session, or a visitor."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        request.actor = actors.for_user(request.user)  # type: ignore[attr-defined]

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a parameter that cannot be read with 400, as the standard wants it."""
        response = super().handle_exception(exc)
        if isinstance(exc, InvalidInput):
            response.status_code = 400
        return response

    def answer(self, request: Request, content: Any, *, content_type: str = "application/json") -> HttpResponse:
        """Return JSON that no shared cache keeps where it depends on who asks."""
        response = JsonResponse(content, content_type=content_type, json_dumps_params={"ensure_ascii": False})
        response["Cache-Control"] = "no-cache" if request.actor.is_anonymous else "private, no-cache"  # type: ignore[attr-defined]
        response["Vary"] = "Authorization, Cookie"
        return response


@extend_schema(exclude=True)
class Landing(OgcView):
    """Where a client begins."""

    def get(self, request: Request) -> HttpResponse:
        """Return the links to everything else."""
        return self.answer(
            request,
            {
                "title": collections.title(),
                "description": collections.description(),
                "links": [
                    link(request, "layers:ogc", "self"),
                    link(request, "schema", "service-desc", "application/vnd.oai.openapi+json;version=3.1"),
                    link(request, "layers:ogc_conformance", "conformance"),
                    link(request, "layers:ogc_collections", "data"),
                ],
            },
        )


@extend_schema(exclude=True)
class Conformance(OgcView):
    """What the service can do."""

    def get(self, request: Request) -> HttpResponse:
        """Return the classes of the standard that are met."""
        return self.answer(request, {"conformsTo": CONFORMS_TO})


@extend_schema(exclude=True)
class Collections(OgcView):
    """The layers that have a published edition and that the actor may see."""

    def get(self, request: Request) -> HttpResponse:
        """Return all of them; a client shows them as a list."""
        editions = queries.current_editions(request.actor)  # type: ignore[attr-defined]
        return self.answer(
            request,
            {
                "links": [link(request, "layers:ogc_collections", "self")],
                "crs": collections.crs_list(frames.frame()),
                "collections": [described(request, edition) for edition in editions],
            },
        )


@extend_schema(exclude=True)
class Collection(OgcView):
    """One layer."""

    def get(self, request: Request, code: str) -> HttpResponse:
        """Return its name, extent and reference systems."""
        return self.answer(request, described(request, chosen(request, code)))


@extend_schema(exclude=True)
class Items(OgcView):
    """The features of a layer."""

    def get(self, request: Request, code: str) -> HttpResponse:
        """Return a page of features, within a bbox if one is given, with the address of the next page."""
        frame = frames.frame()
        edition = chosen(request, code)
        asked = collections.asked(request.query_params, frame)
        page = collections.page(edition, asked)
        links = [
            {"href": request.build_absolute_uri(), "rel": "self", "type": _GEOJSON},
            link(request, "layers:ogc_collection", "collection", args=[code]),
        ]
        if page.after is not None:
            query = request.query_params.copy()
            query["after"] = str(page.after)
            href = f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"
            links.append({"href": href, "rel": "next", "type": _GEOJSON})
        content: dict[str, Any] = {
            "type": "FeatureCollection",
            "features": page.features,
            "links": links,
            "numberReturned": len(page.features),
        }
        if page.matched is not None:
            content["numberMatched"] = page.matched
        response = self.answer(request, content, content_type=_GEOJSON)
        response["Content-Crs"] = f"<{asked.crs}>"
        return response


@extend_schema(exclude=True)
class Item(OgcView):
    """One feature."""

    def get(self, request: Request, code: str, feature_id: int) -> HttpResponse:
        """Return it whole."""
        asked = collections.asked(request.query_params, frames.frame())
        feature = collections.one(chosen(request, code), feature_id, asked)
        feature["links"] = [link(request, "layers:ogc_collection", "collection", args=[code])]
        response = self.answer(request, feature, content_type=_GEOJSON)
        response["Content-Crs"] = f"<{asked.crs}>"
        return response


def chosen(request: Request, code: str) -> Edition:
    """Return the edition asked for: the current one, or the one that `edition` names.

    :raises NotFound: there is none that the actor may see
    """
    return queries.edition_of(request.actor, code, name=request.query_params.get("edition", ""))  # type: ignore[attr-defined]


def described(request: Request, edition: Edition) -> dict[str, Any]:
    """Return a layer as a collection."""
    content = collections.described(edition, frames.frame())
    content["links"] = [
        link(request, "layers:ogc_collection", "self", args=[edition.layer_id]),
        link(request, "layers:ogc_items", "items", _GEOJSON, args=[edition.layer_id]),
    ]
    return content


def link(
    request: Request, name: str, rel: str, content_type: str = "application/json", args: list[str] | None = None
) -> dict[str, str]:
    """Return a link to another part of the service."""
    return {"href": request.build_absolute_uri(reverse(name, args=args)), "rel": rel, "type": content_type}
