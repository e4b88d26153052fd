"""What every endpoint for machines shares: errors as problem+json, cursor pages, the actor."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as drf_exception_handler

from portal.core import actor as actors
from portal.core.errors import DomainError, InvalidInput, NotAllowed, NotFound
from portal.core.http import PROBLEM, problem


class Page(CursorPagination):
    """{"results": [...], "next": address or null}: no counts, no page numbers."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = "-id"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return the rows of the page asked for.

        :raises exceptions.NotFound: the cursor is none that a page gave out
        """
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:
            raise exceptions.NotFound(self.invalid_cursor_message) from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": {"type": ["string", "null"], "format": "uri"}},
        }


class MachineView(APIView):
    """A view for machines: signed in by token, policies asked of `actor`."""

    permission_classes = [IsAuthenticated]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        request.actor = actors.for_user(request.user)  # type: ignore[attr-defined]


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every expected error as application/problem+json with the same codes as the pages."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = NotAllowed()
    elif isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        error = InvalidInput(fields=fields)
    if isinstance(error, DomainError):
        return Response(problem(error), status=error.http_status, content_type=PROBLEM)
    response = drf_exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        response.data = {
            "type": f"urn:problem:{error.default_code}",
            "title": str(error.detail) if not isinstance(error.detail, dict | list) else _("请求有误。"),
            "status": response.status_code,
            "code": error.default_code,
        }
        response.content_type = PROBLEM
    return response
