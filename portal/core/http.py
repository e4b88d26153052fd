"""From domain errors to answers: a page or a fragment for people, problem+json for machines."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from portal.core import files
from portal.core.actor import Actor
from portal.core.errors import DomainError
from portal.core.models import StoredBlob

PROBLEM = "application/problem+json"

_READABLE = {"ensure_ascii": False}
# of a key of the database; what is longer is no number of ours, and from 4300 digits on none that Python reads
_MOST_DIGITS = 18


def actor_of(request: Any) -> Actor:
    """Return who sends the request: set by the accounts middleware, or by the API's authentication."""
    actor: Actor = request.actor
    return actor


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asked for a fragment."""
    return request.headers.get("HX-Request") == "true"


def is_api(request: HttpRequest) -> bool:
    """Tell whether a machine asks: it gets problem+json where a person gets a page."""
    return request.path.startswith("/api/")


def whole_number(text: str) -> int | None:
    """Read the id or the version that a form or an address names; None for what no row of ours can have."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None


def problem(error: DomainError) -> dict[str, Any]:
    """Return an error as the members of RFC 9457."""
    return {
        "type": f"urn:problem:{error.code}",
        "title": str(error.message),
        "status": error.http_status,
        "code": error.code,
        **({"fields": {key: _plain(value) for key, value in error.fields.items()}} if error.fields else {}),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | dict):
        return value
    return str(value)


def error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer an expected refusal in the form the caller understands."""
    if is_api(request):
        return JsonResponse(problem(error), status=error.http_status, content_type=PROBLEM, json_dumps_params=_READABLE)
    template = "errors/_domain.html" if is_htmx(request) else "errors/domain.html"
    return render(request, template, {"error": error}, status=error.http_status)


def pdf_response(content: bytes, *, name: str) -> HttpResponse:
    """Send a paper to print that is made on the spot and kept nowhere."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def blob_response(blob: StoredBlob, *, name: str, inline: bool) -> HttpResponseBase:
    """Send a kept file; the caller has asked the policy. Unknown formats are never shown inside a page."""
    response = FileResponse(files.open_blob(blob.sha256), content_type=blob.content_type)
    show = inline and blob.format in files.INLINE_FORMATS
    disposition = content_disposition_header(not show, name)
    if disposition:
        response["Content-Disposition"] = disposition
    response["Content-Length"] = str(blob.size_bytes)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    response["X-Frame-Options"] = "SAMEORIGIN"  # the viewer shows it in a frame of our own page
    response["Cache-Control"] = "private, no-store"
    return response
