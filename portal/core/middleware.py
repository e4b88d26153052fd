"""Maps domain errors to answers, and names each request in the log."""

import logging
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.core.errors import DomainError
from portal.core.http import error_response

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
