"""Pages of the archive: a project's tree of documents, one document, the check of its content."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.core import nav
from portal.core.actor import Actor
from portal.core.http import actor_of, blob_response, is_htmx
from projects.archive import queries
from projects.registry import policies as registry_policies
from projects.registry import queries as registry
from projects.registry.models import Project

DOWNLOAD = "download"


@login_required
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """Show a project's documents by stage and material, as far as the reader may open them."""
    actor = actor_of(request)
    found = registry.project(code, actor=actor)
    page = {
        "project": found,
        "branches": queries.tree(found, actor=actor),
        "layout": _layout(actor, found),
        "is_party": registry_policies.is_party(actor, found),
    }
    return render(request, "archive/project.html", page)


@login_required
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send a document's file, inside the page where the browser can show it; `?download=1` as an attachment."""
    found = queries.document(document_id, actor=actor_of(request))
    return blob_response(found.blob, name=found.file_name, inline=DOWNLOAD not in request.GET)


@login_required
@require_safe
def digest(request: HttpRequest, document_id: int) -> HttpResponse:
    """Read a file again and say whether it still is what was filed."""
    actor = actor_of(request)
    found = queries.document(document_id, actor=actor)
    template = "archive/_digest.html" if is_htmx(request) else "archive/digest.html"
    page = {"document": found, "state": queries.digest_of(found), "layout": _layout(actor, found.project)}
    return render(request, template, page)


def _layout(actor: Actor, project: Project) -> str:
    """Name the layout of the work place from which the reader comes."""
    if registry_policies.is_party(actor, project):
        return "layouts/applicant.html"
    places = [place for place in nav.home_layouts(actor) if place != "applicant"]
    return f"layouts/{places[0]}.html" if places else "layouts/public.html"
