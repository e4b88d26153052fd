"""Public pages of the blueprint's layers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from blueprint.layers import queries


@require_safe
def layer_list(request: HttpRequest) -> HttpResponse:
    """List the layers by topic; `?q=` searches names and codes."""
    text = request.GET.get("q", "").strip()[:60]
    return render(request, "layers/list.html", {"text": text, "list": queries.layer_list(text=text)})
