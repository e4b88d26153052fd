"""Answers to whoever is still drawing."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from blueprint.checks import instant, loading, policies
from blueprint.layers import frames
from portal.core.errors import InvalidInput
from portal.core.http import actor_of

FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})


@require_POST
def look(request: HttpRequest) -> JsonResponse:
    """Check a boundary at once, GeoJSON in the body, and keep nothing; masked layers are left out of the answer.

    :raises NotAllowed: the visitor is not signed in
    :raises InvalidInput: the body is a form, which cannot be a boundary
    """
    policies.require(policies.can_look(actor_of(request)))
    if request.content_type in FORMS:
        # a form was read by the check of its token already, and is no longer there
        raise InvalidInput(_("请把红线作为 GeoJSON 发送（application/geo+json）。"))
    said = instant.look(request.body, frame=frames.frame(), definitions=loading.definitions())
    return JsonResponse(said, status=422 if "error" in said else 200)
