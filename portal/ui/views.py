"""Pages that belong to no business slice: home per role, help, style guide, error pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from portal.core.errors import NotFound
from portal.core.http import actor_of
from portal.ui import home as work_place
from portal.ui import styleguide as samples


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
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: signed in, but this is not his."""
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, in the same words whether the thing is absent or must not be known."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database for anything; the number leads to the line in the log."""
    number = getattr(request, "request_id", "")
    return HttpResponse(render_to_string("errors/500.html", {"number": number}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page was open too long or came from elsewhere."""
    return render(request, "errors/csrf.html", status=403)
