"""Pages and tiles of the blueprint's layers."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from blueprint.layers import queries, tiles
from blueprint.layers.states import Audience
from portal.core.errors import NotFound
from portal.core.http import actor_of

_YEAR = 365 * 24 * 3600
_DAY = 24 * 3600


@require_safe
def layer_list(request: HttpRequest) -> HttpResponse:
    """List the layers by topic; `?q=` searches names and codes."""
    text = request.GET.get("q", "").strip()[:60]
    return render(request, "layers/list.html", {"text": text, "list": queries.layer_list(text=text)})


@require_safe
def tile(request: HttpRequest, edition_id: int, z: int, x: int, y: int) -> HttpResponse:
    """Send a vector tile of an edition; 204 where it has nothing.

    :raises NotFound: no such tile, or the edition is not for this actor
    """
    if not tiles.exists(z, x, y):
        raise NotFound
    edition = queries.edition_for(actor_of(request), edition_id)
    mark = tiles.etag(edition)
    if mark in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        content = tiles.tile(edition, z, x, y)
        response = HttpResponse(content, content_type=tiles.CONTENT_TYPE) if content else HttpResponse(status=204)
    response["ETag"] = mark
    if edition.layer.audience == Audience.PUBLIC:
        response["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    else:
        # Not longer than a working day, and not for whoever signs in next at the same machine.
        response["Cache-Control"] = f"private, max-age={_DAY}"
        patch_vary_headers(response, ["Cookie"])
    return response
