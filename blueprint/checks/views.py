"""Answers to whoever is still drawing."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from blueprint.checks import instant, loading, policies
from blueprint.layers import frames
from portal.core.http import actor_of


@require_POST
def look(request: HttpRequest) -> JsonResponse:
    """Check a boundary at once, GeoJSON in the body, and keep nothing; masked layers are left out of the answer.

    :raises NotAllowed: the visitor is not signed in
    """
    policies.require(policies.can_look(actor_of(request)))
    said = instant.look(request.body, frame=frames.frame(), definitions=loading.definitions())
    return JsonResponse(said, status=422 if "error" in said else 200)
