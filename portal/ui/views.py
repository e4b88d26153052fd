"""Pages that belong to no business slice: home per role, help, style guide, error pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from portal.core.errors import DomainError, NotAllowed, NotFound
from portal.core.http import actor_of, error_response, is_api
from portal.ui import home as work_place
from portal.ui import styleguide as samples


class Garbled(DomainError):
    """An address or a body that cannot be read at all."""

    code = "bad_request"
    http_status = 400
    message = _("这个请求读不了。请核对地址、内容和大小。")


class Broken(DomainError):
    """Something unexpected; nothing of it is told."""

    code = "server_error"
    http_status = 500
    message = _("系统出错了。已保存的内容还在，请过几分钟再试。")


def home(request: HttpRequest, layout: str | None = None) -> HttpResponse:
    """Send a person to the first page of his work place; a visitor to the public home page.

    :raises NotFound: the actor has nothing to do in the layout asked for
    """
    first = work_place.first_page(actor_of(request), layout)
    if first is not None:
        return redirect(first)
    if layout is not None:
        raise NotFound
    return redirect("/")


def help_page(request: HttpRequest) -> HttpResponse:
    """Explain how a project goes and how days are counted."""
    return render(request, "ui/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what the portal does for people who cannot see or point."""
    return render(request, "ui/accessibility.html")


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in its states, with fictitious content."""
    return render(request, "ui/styleguide.html", samples.content())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: the address or the form was garbled."""
    if is_api(request):
        return error_response(request, Garbled())
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: signed in, but this is not his."""
    if is_api(request):
        return error_response(request, NotAllowed())
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, in the same words whether the thing is absent or must not be known."""
    if is_api(request):
        return error_response(request, NotFound())
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database for anything; the number leads to the line in the log."""
    if is_api(request):
        return error_response(request, Broken())
    number = getattr(request, "request_id", "")
    return HttpResponse(render_to_string("errors/500.html", {"number": number}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page was open too long or came from elsewhere."""
    return render(request, "errors/csrf.html", status=403)
