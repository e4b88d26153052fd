"""A clock that stands still for the server: requests come on threads of their own, each with its own context."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.core import clock
from tests.conftest import NOON


class StillClockMiddleware:
    """Answer every request at the moment of the tests, so that no page depends on the calendar on the wall."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with clock.frozen(NOON):
            return self.get_response(request)
