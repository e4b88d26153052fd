"""Maps domain errors to answers, refuses unreadable requests, and names each request in the log."""

import logging
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from portal.core.errors import DomainError
from portal.core.http import error_response, is_api

logger = logging.getLogger("portal.request")


class RequestIdMiddleware:
    """Give each request a short number that stands in the log and on the page of an unexpected error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class PlainTextMiddleware:
    """Refuse what no text of ours can hold: the database takes no NUL character, and nobody types one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # a cookie is not typed either: one of these is not ours, so the visitor is simply not signed in
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        texts = [request.path, unquote(request.META.get("QUERY_STRING", "")), request.headers.get("Authorization", "")]
        # what machines send is read, and refused, by the parsers of the API
        if request.method == "POST" and not is_api(request):
            texts += _typed(request)
        if any("\0" in text for text in texts):
            raise BadRequest


def _typed(request: HttpRequest) -> list[str]:
    try:
        return [text for name, values in request.POST.lists() for text in (name, *values)]
    except UnreadablePostError:  # the visitor has left; the check against forged forms, which comes next, says so
        return []


class DomainErrorMiddleware:
    """Turn a DomainError that a view let through into its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        logger.info("refused", extra={"code": exception.code, "path": request.path})
        return error_response(request, exception)
