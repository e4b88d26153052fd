"""Pages and tiles of the blueprint's layers."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from blueprint.layers import frames, maps, queries, spot, tiles, tree
from blueprint.layers.policies import layout_of
from blueprint.layers.states import Audience
from portal.core import clock
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.http import actor_of
from portal.ui.lights import Light

#: how a finding weighs, and the light that shows it
SEVERITIES = (("stop", Light.LATE), ("review", Light.DUE), ("info", Light.WAIT))
#: a layer may become masked, or be for fewer people: what caches keep is asked about again, and mostly answered by 304
_TILES_KEPT = 3600


@require_safe
def layer_list(request: HttpRequest) -> HttpResponse:
    """List the layers by topic; `?q=` searches names and codes."""
    text = request.GET.get("q", "").strip()[:60]
    return render(request, "layers/list.html", {"text": text, "list": queries.layer_list(text=text)})


@require_safe
def blueprint(request: HttpRequest) -> HttpResponse:
    """Show the one blueprint; `?place=` tells what lies at a place, `?q=` where something is."""
    actor = actor_of(request)
    found = tree.tree(actor)
    compared = [(line, older, newer) for line in found.lines for older, newer in line.pairs]
    return render(
        request,
        "layers/map.html",
        {
            "layout": layout_of(actor),
            "tree": found,
            "compared": compared,
            "map": maps.whole(actor, found),
            "today": clock.today(),
            "projects_url": _address_of("supervision:points") if actor.may_somehow("dashboard.view") else "",
            "tones": tuple(Light),
            "look_url": _address_of("checks:look") if not actor.is_anonymous else "",
            "severities": SEVERITIES,
            "hand_url": _address_of("siting:bring", code="CODE") if _may_bring(actor) else "",
            "idea_url": _address_of("ideas:new") if actor.may("idea.open") else "",
            "figures": {name: request.GET.get(name, "")[:12] for name in ("height", "density", "far")},
            **_answer(request),
        },
    )


def _may_bring(actor: Actor) -> bool:
    """Tell whether an actor brings boundaries of projects at all; siting decides of which."""
    return actor.may_own("application.draft") or actor.citywide("application.enter_paper")


def _address_of(name: str, **arguments: str) -> str:
    """Return an address of a slice above, which joins by its name; empty where it is not there."""
    try:
        return reverse(name, kwargs=arguments)
    except NoReverseMatch:
        return ""


@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """Answer what lies at a place, or where something is, as a piece of the blueprint's page."""
    return render(request, "layers/_answer.html", _answer(request))


def _answer(request: HttpRequest) -> dict[str, Any]:
    """Return the spot or the places asked for; a place that cannot be read is said at its field."""
    actor, frame = actor_of(request), frames.frame()
    place_text = request.GET.get("place", "").strip()[:60]
    text = request.GET.get("q", "").strip()[:60]
    place = spot.read_place(place_text, frame) if place_text else None
    return {
        "place_text": place_text,
        "place_unread": bool(place_text) and place is None,
        "text": text,
        "spot": spot.at(actor, place, frame) if place else None,
        "places": spot.places(actor, text, frame) if text else None,
    }


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
    if edition.layer.audience == Audience.PUBLIC and not edition.is_draft:
        response["Cache-Control"] = f"public, max-age={_TILES_KEPT}, must-revalidate"
    else:
        # not for whoever signs in next at the same machine
        response["Cache-Control"] = f"private, max-age={_TILES_KEPT}, must-revalidate"
        patch_vary_headers(response, ["Cookie"])
    return response
